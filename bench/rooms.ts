/** The rooms of the house and the arrows between them, from what dependency-cruiser found: ARCHITECTURE.md draws them. */

/** As dependency-cruiser reports it. */
export interface Module {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

/** `commands/check > kernel` */
export type Arrow = readonly [from: string, to: string];

/** Rooms that must be trusted, each for its own documents. */
const TRUSTED: ReadonlySet<string> = new Set(['kernel', 'landing/check', 'theorems: statements']);

/** The first pattern that fits names the room; files of none, tests say, are left out. */
const ROOMS: readonly (readonly [pattern: RegExp, room: string])[] = [
  [/^src\/landing\/check\//, 'landing/check'],
  [/^src\/commands\/check\.ts$/, 'commands/check'],
  [/^src\/library\/(check|error|names|sha256|text)\.ts$/, 'library/check'],
  [/^src\/(index\.ts$|browser\.ts$|library\/)/, 'library'],
  [/^src\/([^/]+)\//, '$1'],
  [/^theorems\/(witnesses\.ts$|[^/]+\/witness)/, 'theorems: witnesses'],
  [/^theorems\//, 'theorems: statements'],
];

function roomOf(file: string): string | undefined {
  const found = ROOMS.find(([pattern]) => pattern.test(file));
  return found && (file.match(found[0])?.[0] ?? '').replace(found[0], found[1]);
}

/** Every arrow between two rooms, types included, in alphabetical order. */
export function arrowsOf(modules: readonly Module[]): readonly Arrow[] {
  const found = new Map<string, Arrow>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (from !== undefined && to !== undefined && from !== to) found.set(`${from} > ${to}`, [from, to]);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrow]) => arrow);
}

export const arrowText = ([from, to]: Arrow): string => `${from} > ${to}`;

/** Rooms from the top down, so that every arrow points down; undefined where some arrows form a circle. */
export function floors(arrows: readonly Arrow[]): readonly string[] | undefined {
  const left = new Set(arrows.flat());
  const order: string[] = [];
  while (left.size > 0) {
    const top = [...left].filter((room) => !arrows.some(([from, to]) => to === room && left.has(from))).sort();
    if (top.length === 0) return undefined;
    for (const room of top) left.delete(room);
    order.push(...top);
  }
  return order;
}

/** Whether there is another way from one room to the other: such an arrow is drawn thin. */
function isImplied(arrows: readonly Arrow[], [from, to]: Arrow): boolean {
  const seen = new Set<string>();
  const open = arrows.flatMap(([a, b]) => (a === from && b !== to ? [b] : []));
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (room === to) return true;
    if (seen.has(room)) continue;
    seen.add(room);
    const at = room;
    open.push(...arrows.flatMap(([a, b]) => (a === at ? [b] : [])));
  }
  return false;
}

/** For graphviz. */
export function dotOf(arrows: readonly Arrow[]): string {
  const rooms = [...new Set(arrows.flat())].sort();
  return [
    'digraph house {',
    '  graph [rankdir=TB, bgcolor=transparent, nodesep=0.35, ranksep=0.55]',
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=13, height=0.4, margin="0.22,0.06"]',
    ...rooms.map((room) => `  "${room}" [class="room${TRUSTED.has(room) ? ' trusted' : ''}"]`),
    ...arrows.map(
      (arrow) => `  "${arrow[0]}" -> "${arrow[1]}" [class="arrow${isImplied(arrows, arrow) ? ' implied' : ''}"]`,
    ),
    '}',
  ].join('\n');
}

const STYLE = `
  .room path { fill: #ffffff; stroke: #59636e }
  .room.trusted path { fill: #ddf4ff; stroke: #0969da; stroke-width: 2 }
  .room text { fill: #1f2328; font-family: system-ui, sans-serif }
  .arrow path { fill: none; stroke: #59636e; stroke-width: 1.4 }
  .arrow polygon { fill: #59636e; stroke: #59636e }
  .arrow.implied { opacity: 0.4 }
  .arrow.implied path { stroke-width: 0.8 }
  @media (prefers-color-scheme: dark) {
    .room path { fill: #151b23; stroke: #9198a1 }
    .room.trusted path { fill: #0c2d6b; stroke: #4493f8 }
    .room text { fill: #f0f6fc }
    .arrow path { stroke: #9198a1 }
    .arrow polygon { fill: #9198a1; stroke: #9198a1 }
  }`;

/** What graphviz drew, in the colours of light and dark, with its arrows in writing. */
export function pictureOf(drawn: string, arrows: readonly Arrow[]): string {
  const body = drawn
    .slice(drawn.indexOf('<svg'))
    .replaceAll(/ (fill|stroke)="[^"]*"/g, '')
    .replaceAll(/<!--[^>]*-->\n?/g, '')
    .replaceAll(/<title>[^<]*<\/title>\n?/g, '')
    .replace(/ width="[^"]*" height="[^"]*"/, '');
  const title = '<title>Who may import whom: every arrow points down; what must be trusted is blue</title>';
  const data = arrows.map((arrow) => arrowText(arrow).replaceAll('>', '&gt;')).join('; ');
  return body.replace(/<svg([^>]*)>/, `<svg$1 role="img" data-arrows="${data}">\n${title}\n<style>${STYLE}\n</style>`);
}

/** The arrows that a picture has in writing. */
export const arrowsIn = (picture: string): readonly string[] =>
  (/ data-arrows="([^"]*)"/.exec(picture)?.[1] ?? '').replaceAll('&gt;', '>').split('; ');
