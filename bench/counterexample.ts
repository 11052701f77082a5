/**
 * Draws the README's picture: the smallest instance on which "some sub-concept can be split off" (claim T8) is false.
 * All numbers come from the committed certificate; every sign in the picture is decided in rational arithmetic.
 *
 *     npx tsx bench/counterexample.ts > docs/counterexample.svg
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Rational } from '../src/kernel/numbers/rational.ts';
import { Vector } from '../src/kernel/numbers/vector.ts';

const CERTIFICATE = new URL('../certificates/T8/search--paper--positive-threshold.json', import.meta.url);

/** Rows that show, in this order, the parent's set and what becomes of it when feature 2 is to leave. */
const PARENT = ['2', '-1'];
const ATTEMPT = ['-1', '2'];

const [WIDTH, HEIGHT, RADIUS] = [760, 372, 105];
const STYLE = `
  .card { fill: #ffffff; stroke: #d0d7de }
  .text { fill: #1f2328 }
  .quiet { fill: #59636e }
  .axis { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 5 4 }
  .plane { fill: #0969da; fill-opacity: 0.13 }
  .on { stroke: #0969da; fill: #0969da }
  .off { stroke: #818b98; fill: #818b98 }
  .bad { stroke: #cf222e; fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    .text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .axis { stroke: #9198a1 }
    .plane { fill: #4493f8; fill-opacity: 0.2 }
    .on { stroke: #4493f8; fill: #4493f8 }
    .off { stroke: #9198a1; fill: #9198a1 }
    .bad { stroke: #f85149; fill: #f85149 }
  }`;

function fail(message: string): never {
  throw new Error(message);
}

interface Panel {
  readonly centre: readonly [x: number, y: number];
  readonly title: string;
  readonly row: Vector;
  /** The features that should be on the positive side; others that are there are drawn as a fault. */
  readonly wanted: readonly number[];
  readonly below: string;
}

const px = (x: number): string => `${Math.round(10 * x) / 10}`;
const float = (r: Rational): number => Number(r.num) / Number(r.den);
const rational = (text: string): Rational => Rational.parse(text) ?? fail(`${text} is no rational`);
const vector = (entries: readonly string[]): Vector => Vector.of(entries.map(rational));
/** w with the number as a subscript. */
const symbol = (d: number): string => `w${String.fromCodePoint(0x2080 + d)}`;
const text = (x: number, y: number, words: string, style: string): string =>
  `<text x="${px(x)}" y="${px(y)}" ${style}>${words}</text>`;

/** An arrow from the centre, its head inside the unit circle's edge. */
function arrow([x, y]: readonly [number, number], w: Vector, kind: string): string {
  const [dx, dy] = w.entries().map(float) as [number, number];
  const tip = [x + RADIUS * dx, y - RADIUS * dy] as const;
  const back = [x + 0.88 * RADIUS * dx, y - 0.88 * RADIUS * dy] as const;
  const side = [0.045 * RADIUS * dy, 0.045 * RADIUS * dx] as const;
  const head = [tip, [back[0] + side[0], back[1] + side[1]], [back[0] - side[0], back[1] - side[1]]];
  const points = head.map((p) => p.map((v) => px(v ?? 0)).join(',')).join(' ');
  return `<g class="${kind}"><line x1="${x}" y1="${y}" x2="${px(back[0])}" y2="${px(back[1])}" stroke-width="3"/><polygon points="${points}" stroke="none"/></g>`;
}

function panel({ centre: [x, y], title, row, wanted, below }: Panel, directions: readonly Vector[]): string {
  const [ex, ey] = row.entries().map(float) as [number, number];
  const length = Math.hypot(ex, ey);
  const reach = 1.2 * RADIUS;
  // The border of the half-plane is orthogonal to the row; the half disc lies on the row's side.
  const [bx, by] = [(-reach * ey) / length, (-reach * ex) / length];
  const parts = [
    `<path class="plane" d="M ${px(x + bx)} ${px(y + by)} A ${px(reach)} ${px(reach)} 0 0 1 ${px(x - bx)} ${px(y - by)} Z"/>`,
    `<line class="axis" x1="${px(x + bx)}" y1="${px(y + by)}" x2="${px(x - bx)}" y2="${px(y - by)}"/>`,
    text(x, 34, title, 'class="text" text-anchor="middle" font-size="16" font-weight="600"'),
    ...directions.map((w, d) => {
      const active = row.dot(w).sign() > 0;
      const kind = !active ? 'off' : wanted.includes(d + 1) ? 'on' : 'bad';
      const [dx, dy] = w.entries().map(float) as [number, number];
      const name = `${symbol(d + 1)} = (${w.entries().join(', ')})`;
      const above = dx === 0;
      const at = [x + RADIUS * dx + (above ? 0 : 10), y - RADIUS * dy + (above ? -10 : 5)] as const;
      return (
        arrow([x, y], w, kind) +
        text(at[0], at[1], name, `class="text" text-anchor="${above ? 'middle' : 'start'}" font-size="14"`)
      );
    }),
    text(x, HEIGHT - 46, below, 'class="text" text-anchor="middle" font-size="14"'),
  ];
  return parts.join('\n');
}

/** `5 w_3 = 3 w_1 + 4 w_2`, from the Farkas vector; it is checked first. */
function relation(directions: readonly Vector[], on: readonly Term[], off: readonly Term[]): string {
  const total = (terms: readonly Term[]): Vector =>
    terms
      .map(({ feature, weight }) => (directions[feature - 1] as Vector).times(rational(weight)))
      .reduce((a, b) => a.plus(b));
  if (!total(on).equals(total(off))) fail('the Farkas vector of the certificate does not add up');
  const side = (terms: readonly Term[]): string =>
    terms.map(({ feature, weight }) => `${weight} ${symbol(feature)}`).join(' + ');
  return `${side(on)} = ${side(off)}`;
}

interface Term {
  readonly feature: number;
  readonly weight: string;
}

/** The picture, as SVG text. */
export function picture(): string {
  const { instance, witness } = JSON.parse(readFileSync(CERTIFICATE, 'utf8'));
  const directions: Vector[] = instance.features.map(({ wp }: { wp: string[] }) => vector(wp));
  const [{ on, off }] = witness.conclusion.proof;
  const parent: number[] = instance.pattern[0];
  const alone = on.map(({ feature }: Term) => feature);
  const left: Panel = {
    centre: [170, 180],
    title: `One neuron can carry {${parent.join(', ')}}`,
    row: vector(PARENT),
    wanted: parent,
    below: `The row e = (${PARENT.join(', ')}) is positive on just these.`,
  };
  const right: Panel = {
    centre: [535, 180],
    title: `No neuron can carry {${alone.join(', ')}} alone`,
    row: vector(ATTEMPT),
    wanted: alone,
    below: `Turn the row until ${symbol(2)} is out: ${symbol(1)} is in.`,
  };
  const why = `${relation(directions, on, off)}: a row that is positive on the left side is positive on a term of the right side.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif">`,
    `<title>Three directions in the plane; each half-plane that contains w3 contains w1 or w2</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8"/>`,
    panel(left, directions),
    panel(right, directions),
    text(WIDTH / 2, HEIGHT - 18, why, 'class="quiet" text-anchor="middle" font-size="14"'),
    '</svg>\n',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(picture());
