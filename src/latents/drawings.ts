/** The drawings of the page and its style. Colours follow the reader's light or dark; each drawing says in words what it shows. */
import { childrenOf } from '../inspect/hierarchy.ts';
import type { InspectResult } from '../inspect/request.ts';
import { atomName, percent } from './findings.ts';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const LIGHT =
  '--fg:#1a1a1a;--mut:#565b61;--line:#d5d9de;--soft:#eef0f2;--bg:#fff;--ac:#b3541e;--ok:#2a7047;--bl:#3f5fa8;--dim:#656b73;--edge:#8a9199';
const DARK =
  '--fg:#e6e7e9;--mut:#a7adb5;--line:#3a3f46;--soft:#2a2e33;--bg:#17191c;--ac:#e08a55;--ok:#6cc08f;--bl:#8fabe8;--dim:#9aa1a9;--edge:#767d86';
const PARTS = `h2{font-size:18px;margin:32px 0 6px;border-top:1px solid var(--line);padding-top:16px}p{margin:4px 0 12px;max-width:78ch}.mut{color:var(--mut)}code{font:13px ui-monospace,monospace;background:var(--soft);padding:1px 4px;border-radius:3px}a{color:var(--bl)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0;padding:0;list-style:none}.tiles li{border:1px solid var(--line);border-radius:6px;padding:9px 12px}.tiles b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.tiles span{color:var(--mut);font-size:13px;line-height:1.35;display:block}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;min-width:60%}th{text-align:left;font-weight:600;padding:4px 10px 4px 0;vertical-align:bottom}thead th{color:var(--mut);border-bottom:1px solid var(--line)}td{padding:4px 10px 4px 0;border-bottom:1px solid var(--soft);vertical-align:top}tbody th{border-bottom:1px solid var(--soft);vertical-align:top}.n{text-align:right}
.tag{display:inline-block;border-radius:3px;padding:0 6px;font-size:12.5px;border:1px solid currentColor}.bad{color:var(--ac)}.good{color:var(--ok)}.dim{color:var(--dim)}.plain{color:var(--mut)}.k1{color:var(--ac);font-weight:600}.k2{color:var(--bl);font-weight:600}.sub{display:block;font-size:12.5px;color:var(--mut);white-space:nowrap}
.f{padding-left:22px;margin:6px 0}.f li{margin:6px 0;max-width:84ch}summary{cursor:pointer;padding:3px 0}details{border-bottom:1px solid var(--soft)}.card{border:1px solid var(--line);border-radius:6px;padding:10px 14px;margin:4px 0 12px;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:4px 28px}.card div,.words div{display:grid;grid-template-columns:150px 1fr;gap:10px}dt{color:var(--mut)}dd{margin:0;overflow-wrap:anywhere}.words{margin:0;max-width:90ch}.words div{padding:3px 0}
@media(max-width:560px){.card div,.words div{grid-template-columns:1fr;gap:0}.words div,.card div{padding:3px 0}h1{font-size:20px}}
svg text{font:11px system-ui,sans-serif;fill:var(--fg)}svg{max-width:none}`;

/** Of the page that stands alone. */
export const STYLE: string = `:root{color-scheme:light dark;${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:0}main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:24px;margin:0 0 4px;overflow-wrap:anywhere}${PARTS}`;

/** The same for an element `.inspected` of another page. */
export const INNER_STYLE: string = `.inspected{${LIGHT}}@media(prefers-color-scheme:dark){.inspected{${DARK}}}.inspected{${PARTS}}`;

const BAR = 90;

/** Parts of 100%, what is below 0 left out; the numbers are said beside. */
export function shareBar([first, second]: readonly [number, number], said: string): string {
  const width = (x: number, room: number): number => Math.min(Math.max(0, x) * BAR, room);
  const a = width(first, BAR);
  const b = width(second, BAR - a);
  return `<svg width="${BAR}" height="12" role="img" aria-label="${escaped(said)}"><title>${escaped(said)}</title><rect width="${BAR}" height="10" fill="var(--soft)"/><rect width="${a.toFixed(1)}" height="10" fill="var(--ac)"/><rect x="${a.toFixed(1)}" width="${b.toFixed(1)}" height="10" fill="var(--bl)"/></svg>`;
}

const [CELL, LINE, LEFT, TOP] = [13, 11, 96, 78];
const [MOST_ROWS, MOST_COLUMNS] = [160, 160];

interface Cell {
  readonly column: number;
  /** 0 to 1. */
  readonly depth: number;
  readonly dot: boolean;
}

/** Latents by columns, ordered by the first column that they are on in. */
export function heatMap(r: InspectResult): { svg: string; said: string } | undefined {
  const { columns, starts, cellsOf } = r.atoms.length > 0 ? atomColumns(r) : labelColumns(r);
  if (columns.length === 0) return undefined;
  const rows = r.latents
    .map(({ latent }) => ({ latent, cells: cellsOf(latent).filter(({ column }) => column < MOST_COLUMNS) }))
    .filter(({ cells }) => cells.some(({ dot, depth }) => !dot && depth >= 0.25))
    .map((row) => ({ ...row, first: deepest(row.cells) }))
    .sort((a, b) => a.first - b.first || a.latent - b.latent);
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, MOST_ROWS);
  const many = Math.min(columns.length, MOST_COLUMNS);
  const [width, height] = [LEFT + many * CELL + 60, TOP + shown.length * LINE + 6];
  const heads = columns.slice(0, many).flatMap((name, k) => {
    const x = LEFT + k * CELL;
    const line = starts.has(k)
      ? [`<line x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height}" stroke="var(--line)"/>`]
      : [];
    return starts.has(k) || r.atoms.length === 0
      ? [...line, `<text transform="translate(${x + 9},${TOP - 8}) rotate(-60)">${escaped(name.slice(0, 14))}</text>`]
      : line;
  });
  const lines = shown.flatMap(({ latent, cells }, at) => {
    const y = TOP + at * LINE;
    const best = r.latents[latent]?.best;
    const name = `#${latent}${best && best.f1 >= 0.5 ? ` ${r.labelNames[best.label]}` : ''}`;
    const absorbed = r.latents[latent]?.kind === 'absorbed';
    return [
      `<text x="${LEFT - 6}" y="${y + 9}" text-anchor="end" font-size="10">${escaped(name.slice(0, 16))}</text>`,
      ...cells.map(({ column, depth, dot }) => {
        const x = LEFT + column * CELL;
        if (dot) return `<circle cx="${x + CELL / 2}" cy="${y + LINE / 2}" r="1.6" fill="var(--mut)"/>`;
        const colour = absorbed ? 'var(--ac)' : 'var(--ok)';
        return `<rect x="${x + 0.5}" y="${y + 0.5}" width="${CELL - 1}" height="${LINE - 1}" fill="${colour}" fill-opacity="${(0.25 + 0.75 * depth).toFixed(2)}"><title>${escaped(`#${latent}, ${columns[column]}: ${percent(depth)}`)}</title></rect>`;
      }),
    ];
  });
  const said = `${shown.length < rows.length ? `The first ${shown.length} of ` : ''}${rows.length} latents that are on for some column${many < columns.length ? `, the first ${many} of ${columns.length} columns` : ''}.`;
  const words = shown.map(({ latent, cells }) => {
    const on = cells.filter(({ dot }) => !dot).map(({ column, depth }) => `${columns[column]} ${percent(depth)}`);
    return `<li>#${latent}: ${escaped(on.slice(0, 16).join(', '))}</li>`;
  });
  const svg = `<div class="wide" tabindex="0" role="region" aria-label="Map of latents and inputs"><svg width="${width}" height="${height}" role="img" aria-label="Map of ${shown.length} latents and ${many} columns; the list below says the same">${heads.join('')}${lines.join('')}</svg></div><details><summary>The same as a list</summary><ul>${words.join('')}</ul></details>`;
  return { svg, said };
}

/** Where the latent is deepest, the first among nearly equals. */
function deepest(cells: readonly Cell[]): number {
  const most = cells.reduce((best, { depth, dot }) => (dot ? best : Math.max(best, depth)), 0);
  return cells.find(({ depth, dot }) => !dot && depth >= 0.6 * most)?.column ?? 0;
}

interface Columns {
  readonly columns: readonly string[];
  /** Where a tree begins. */
  readonly starts: ReadonlySet<number>;
  readonly cellsOf: (latent: number) => readonly Cell[];
}

function atomColumns(r: InspectResult): Columns {
  const cells = new Map<number, Cell[]>();
  const put = (latent: number, cell: Cell): void => {
    const own = cells.get(latent);
    if (own) own.push(cell);
    else cells.set(latent, [cell]);
  };
  const largest = new Map<number, number>();
  for (const { on } of r.atoms) {
    for (const { latent, activation } of on) largest.set(latent, Math.max(largest.get(latent) ?? 0, activation));
  }
  for (const [column, { on, some }] of r.atoms.entries()) {
    for (const { latent, activation } of on)
      put(latent, { column, depth: activation / (largest.get(latent) || 1), dot: false });
    for (const latent of some) put(latent, { column, depth: 0, dot: true });
  }
  return {
    columns: r.atoms.map((_, a) => atomName(r, a)),
    starts: new Set(r.atoms.flatMap(({ child }, a) => (child === undefined ? [a] : []))),
    cellsOf: (latent) => cells.get(latent) ?? [],
  };
}

function labelColumns(r: InspectResult): Columns {
  const children = childrenOf(r.hierarchy.pairs);
  const isChild = new Set(r.hierarchy.pairs.map(({ child }) => child));
  const roots = r.labelNames.flatMap((_, j) => (isChild.has(j) ? [] : [j]));
  const tree = (j: number): number[] => [j, ...(children.get(j) ?? []).flatMap(tree)];
  const order = roots.flatMap(tree);
  const n = r.labelNames.length;
  return {
    columns: order.map((j) => r.labelNames[j] ?? ''),
    starts: new Set(order.flatMap((j, k) => (isChild.has(j) ? [] : [k]))),
    cellsOf: (latent) =>
      order.flatMap((j, column) => {
        const depth = r.found[latent * n + j] ?? 0;
        return depth >= 0.1 ? [{ column, depth, dot: false }] : [];
      }),
  };
}

const [ROOM, HIGH, RADIUS, MOST_GROUPS, MOST_MEMBERS] = [150, 132, 15, 24, 10];

/** Each group as a ring with its links. */
export function groupsDrawing(r: InspectResult): string {
  const { groups, links } = r.groups;
  const drawn = groups.filter((group) => group.length <= MOST_MEMBERS).slice(0, MOST_GROUPS);
  const rings = drawn.map((group) => {
    const place = (k: number): readonly [number, number] => {
      const angle = (2 * Math.PI * k) / group.length - Math.PI / 2;
      return [ROOM / 2 + 50 * Math.cos(angle), HIGH / 2 + 44 * Math.sin(angle)];
    };
    const at = new Map(group.map((i, k) => [i, place(k)]));
    const edges = links.flatMap(({ latents: [a, b], share }) => {
      const [p, q] = [at.get(a), at.get(b)];
      return p && q
        ? [
            `<line x1="${p[0].toFixed(1)}" y1="${p[1].toFixed(1)}" x2="${q[0].toFixed(1)}" y2="${q[1].toFixed(1)}" stroke="var(--edge)" stroke-width="${(1 + 6 * share).toFixed(1)}"/>`,
          ]
        : [];
    });
    const nodes = group.map((i) => {
      const [x, y] = at.get(i) ?? [0, 0];
      const card = r.latents[i];
      const colour = card?.kind === 'absorbed' ? 'var(--ac)' : card?.kind === 'detects' ? 'var(--ok)' : 'var(--mut)';
      const name = card?.best && card.best.f1 >= 0.5 ? (r.labelNames[card.best.label] ?? '') : `#${i}`;
      return `<a href="#l${i}"><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${RADIUS}" fill="var(--bg)" stroke="${colour}" stroke-width="2"><title>#${i} ${escaped(name)}</title></circle><text x="${x.toFixed(1)}" y="${(y + 3.5).toFixed(1)}" text-anchor="middle" style="font-size:9.5px">${escaped(name.slice(0, 6))}</text></a>`;
    });
    const said = group.map((i) => `#${i}`).join(', ');
    return `<svg width="${ROOM}" height="${HIGH}" role="group" aria-label="Group ${said}">${edges.join('')}${nodes.join('')}</svg>`;
  });
  const lists = groups.map((group) => `<li>${group.map((i) => escaped(nameOf(r, i))).join(', ')}</li>`);
  const open = drawn.length < groups.length ? ' open' : '';
  return `<div>${rings.join('')}</div><details${open}><summary>The same as a list</summary><ul>${lists.slice(0, 60).join('')}</ul>${lists.length > 60 ? `<p>and ${lists.length - 60} more</p>` : ''}</details>`;
}

function nameOf(r: InspectResult, i: number): string {
  const best = r.latents[i]?.best;
  return best && best.f1 >= 0.5 ? `#${i} ${r.labelNames[best.label]}` : `#${i}`;
}
