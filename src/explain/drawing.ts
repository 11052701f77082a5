/**
 * Pictures of an argument, as SVG: directions in the plane with a row and its half-plane, one panel a neuron; a combination of directions, tip to
 * tail, that comes back to 0; and, where there are more than three dimensions, which neuron is active on which feature. Three dimensions are
 * seen from one corner, without half-planes. Doubles are enough for a picture; what is on which side was decided exactly.
 */

import { thresholdOf } from '../kernel/model/activation.ts';
import type { Instance, Pattern } from '../kernel/model/instance.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { largestOf, smallestOf } from '../solve/linear/extremes.ts';
import { nameText, setText } from '../words/names.ts';
import { type DrawnRow, type Figure, float, floats } from './step.ts';

export interface Drawing {
  /** One picture, or one for each neuron. */
  readonly svg: string;
  /** What is to be seen, in words. */
  readonly caption: string;
}

type Point = readonly [number, number];

const SIDE = 250;
const RADIUS = 86;
/** More panels or features than this are no picture any more. */
const MOST_PANELS = 6;
const MOST_FEATURES = 24;

const px = (x: number): string => `${Math.round(10 * x) / 10}`;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const short = (text: string): string => (text.length > 16 ? `${text.slice(0, 15)}…` : text);

/** To the plane of the picture: linear, so that sums stay sums. */
function flat(v: readonly number[]): Point {
  const [x = 0, y = 0, z] = v;
  if (z === undefined) return [x, y];
  return [0.87 * x - 0.5 * y, 0.29 * x + 0.5 * y + 0.81 * z];
}

/** The label, or w with the number as a subscript. */
function nameOf(m: Instance, d: number): string {
  const name = nameText(m.features, d + 1);
  if (name !== `${d + 1}`) return short(name);
  return `w${[...name].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join('')}`;
}

const length = ([x, y]: Point): number => Math.hypot(x, y);

function svg(width: number, height: number, title: string, parts: readonly string[], top = 0): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${px(top)} ${px(width)} ${px(height)}" width="${px(width)}" role="img" aria-label="${escaped(title)}">${parts.join('')}</svg>`;
}

/** From one point to another, the head inside; nothing for what is too short to see. */
function arrow([x, y]: Point, [tx, ty]: Point, kind: string, width = 2.2): string {
  const [dx, dy] = [tx - x, ty - y];
  const size = Math.hypot(dx, dy);
  if (size < 1) return `<circle class="${kind}" cx="${px(x)}" cy="${px(y)}" r="3"/>`;
  const head = Math.min(9, size / 2);
  const [ux, uy] = [dx / size, dy / size];
  const [bx, by] = [tx - head * ux, ty - head * uy];
  const side: Point = [-0.45 * head * uy, 0.45 * head * ux];
  const points = [
    [tx, ty],
    [bx + side[0], by + side[1]],
    [bx - side[0], by - side[1]],
  ];
  return `<g class="${kind}"><line x1="${px(x)}" y1="${px(y)}" x2="${px(bx)}" y2="${px(by)}" stroke-width="${width}"/><polygon points="${points.map((p) => p.map((c) => px(c ?? 0)).join(',')).join(' ')}" stroke="none"/></g>`;
}

const label = ([x, y]: Point, words: string, anchor: string, kind = 'ink'): string =>
  `<text class="${kind}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;

/** A label just outside the tip of an arrow from `from`. */
function tipLabel(from: Point, tip: Point, words: string): string {
  const size = length([tip[0] - from[0], tip[1] - from[1]]) || 1;
  const [ux, uy] = [(tip[0] - from[0]) / size, (tip[1] - from[1]) / size];
  const anchor = ux > 0.35 ? 'start' : ux < -0.35 ? 'end' : 'middle';
  return label([tip[0] + 6 * ux, tip[1] + 8 * uy + 4 + (Math.abs(ux) <= 0.35 ? 4 * Math.sign(uy) : 0)], words, anchor);
}

/** Half of the disc on the row's side of its border, which is orthogonal to it; with a threshold the border is not at 0. */
function halfPlane([x, y]: Point, [ex, ey]: Point, offset: number): string {
  const size = length([ex, ey]);
  const reach = 1.18 * RADIUS;
  const [ux, uy] = [ex / size, ey / size];
  const away = Math.max(-0.95 * reach, Math.min(0.95 * reach, offset));
  const half = Math.sqrt(reach * reach - away * away);
  const [cx, cy] = [x + away * ux, y - away * uy];
  const [ax, ay] = [cx - half * uy, cy - half * ux];
  const [bx, by] = [cx + half * uy, cy + half * ux];
  const large = away < 0 ? 1 : 0;
  return [
    `<path class="plane" d="M ${px(ax)} ${px(ay)} A ${px(reach)} ${px(reach)} 0 ${large} 1 ${px(bx)} ${px(by)} Z"/>`,
    `<line class="axis" x1="${px(ax)}" y1="${px(ay)}" x2="${px(bx)}" y2="${px(by)}"/>`,
  ].join('');
}

interface Scene {
  readonly m: Instance;
  readonly tips: readonly Point[];
  /** Of one unit, in the picture. */
  readonly unit: number;
}

function sceneOf(m: Instance): Scene {
  const tips = m.features.map(({ wp }) => flat(floats(wp)));
  return { m, tips, unit: RADIUS / largestOf(tips.map(length), 1e-9) };
}

/** One panel: all directions, and the row with its half-plane if there is one. */
function panel({ m, tips, unit }: Scene, centre: Point, drawn: DrawnRow | undefined): string {
  const [x, y] = centre;
  const row = drawn && m.np <= 2 ? flat(drawn.row) : undefined;
  const theta = float(thresholdOf(m));
  const seen = row && length(row) > 1e-12 ? row : undefined;
  const parts: string[] = [];
  if (seen) parts.push(halfPlane(centre, seen, (unit * theta) / length(seen)));
  parts.push(`<circle class="ink" cx="${px(x)}" cy="${px(y)}" r="2"/>`);
  m.features.forEach(({ wp }, d) => {
    const value = drawn ? floats(wp).reduce((sum, w, k) => sum + w * (drawn.row[k] ?? 0), 0) - theta : 1;
    const active = value > 1e-9;
    const wanted = drawn?.set.includes(d) ?? true;
    const kind = active === wanted ? (active ? 'on' : 'off') : 'bad';
    const tip = tips[d] ?? [0, 0];
    const end: Point = [x + unit * tip[0], y - unit * tip[1]];
    parts.push(arrow(centre, end, kind));
    // Directions that end in one point have one label.
    const here = tips.flatMap((other, k) => (Math.hypot(other[0] - tip[0], other[1] - tip[1]) * unit < 2 ? [k] : []));
    if (here[0] === d) parts.push(tipLabel(centre, end, short(here.map((k) => nameOf(m, k)).join(', '))));
  });
  if (seen) {
    const size = length(seen);
    const end: Point = [x + (0.62 * RADIUS * seen[0]) / size, y - (0.62 * RADIUS * seen[1]) / size];
    parts.push(arrow(centre, end, 'row', 1.6), tipLabel(centre, end, 'e'));
  }
  if (drawn)
    parts.push(
      label(
        [x, y + (m.np === 1 ? 72 : SIDE / 2 - 8)],
        `${drawn.title.replace('lambda', 'λ')}: ${short(
          setText(
            m.features,
            drawn.set.map((d) => d + 1),
          ),
        )}`,
        'middle',
        'quiet',
      ),
    );
  return parts.join('');
}

function rowsDrawing(m: Instance, rows: readonly DrawnRow[]): Drawing | undefined {
  if (m.np > 3 || m.features.length > MOST_FEATURES)
    return gridDrawing(
      m,
      rows.map(({ set }) => set),
      rows.map(({ title }) => title),
    );
  const shown = rows.slice(0, MOST_PANELS);
  const scene = sceneOf(m);
  const centre: Point = [SIDE / 2, SIDE / 2 - 4];
  const names = m.features.map((_, d) => nameOf(m, d)).join(', ');
  const planes = m.np <= 2 ? 'Shaded is where the row e is above the threshold; ' : 'Seen from one corner; ';
  const caption =
    shown.length === 0
      ? `The directions of ${names}.`
      : `${planes}blue are the features that the neuron is active on, as its set says, grey the others${m.np <= 2 ? ', red those on the wrong side' : ''}.${rows.length > shown.length ? ` ${shown.length} of ${rows.length} neurons.` : ''}`;
  const named = `directions of ${names}`;
  // On a line most of the panel would be empty, and so would half of it beside directions that all point one way.
  const ys = scene.tips.map(([, y]) => centre[1] - scene.unit * y);
  const [high, low] = [smallestOf(ys, centre[1]) - 26, largestOf(ys, centre[1]) + 26];
  const [height, top] = m.np === 1 ? [150, 50] : shown.length === 0 ? [low - high, high] : [SIDE, 0];
  const panels =
    shown.length === 0
      ? [svg(SIDE, height, named, [panel(scene, centre, undefined)], top)]
      : shown.map((row) =>
          svg(SIDE, height, `${named}, and the row of ${row.title}`, [panel(scene, centre, row)], top),
        );
  return { svg: panels.join(''), caption };
}

function chainName(m: Instance, feature: number, weight: number): string {
  const size = Math.abs(weight);
  return `${weight > 0 ? '' : '−'}${size === 1 ? '' : `${Number(size.toPrecision(4))} `}${nameOf(m, feature)}`;
}

/** Tip to tail: the terms one after the other, back to where they started. */
function chainDrawing(m: Instance, terms: Extract<Figure, { kind: 'chain' }>['terms']): Drawing | undefined {
  if (m.np > 3 || terms.length > MOST_FEATURES) return undefined;
  let at: Point = [0, 0];
  const steps = terms.map(({ feature, weight }) => {
    const [x, y] = flat(floats(m.features[feature]?.wp as Vector));
    const from = at;
    at = [from[0] + weight * x, from[1] + weight * y];
    return { from, to: at, feature, weight };
  });
  const all = [[0, 0] as Point, ...steps.map(({ to }) => to)];
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, right, low, high] = [smallestOf(xs), largestOf(xs), smallestOf(ys), largestOf(ys)];
  const [width, pad] = [420, 60];
  // Beside a vertical arrow its whole name has to fit: seven units a letter.
  const side = largestOf(
    steps.map(({ feature, weight }) => 24 + 7 * chainName(m, feature, weight).length),
    pad,
  );
  const scale = Math.min((width - 2 * side) / Math.max(1e-9, right - left), 220 / Math.max(1e-9, high - low));
  const height = Math.max(90, (high - low) * scale + 2 * pad);
  const place = ([x, y]: Point): Point => [
    width / 2 + (x - (left + right) / 2) * scale,
    height / 2 - (y - (low + high) / 2) * scale,
  ];
  // On a line there and back would hide each other.
  const flatLine = high - low < 1e-9;
  const parts = steps.flatMap(({ from, to, feature, weight }, k) => {
    const lift = flatLine ? (k - (steps.length - 1) / 2) * 16 : 0;
    const [a, b] = [place(from), place(to)].map(([x, y]): Point => [x, y + lift]) as [Point, Point];
    const kind = weight > 0 ? 'on' : 'bad';
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const long = Math.hypot(dx, dy) || 1;
    const middle: Point = [(a[0] + b[0]) / 2 + (12 * dy) / long, (a[1] + b[1]) / 2 - (12 * dx) / long + 4];
    const anchor = dy / long > 0.4 ? 'start' : dy / long < -0.4 ? 'end' : 'middle';
    return [arrow(a, b, kind), label(middle, chainName(m, feature, weight), anchor)];
  });
  const [x, y] = place([0, 0]);
  parts.push(`<circle class="ink" cx="${px(x)}" cy="${px(y)}" r="4"/>`, label([x, y + 20], '0', 'middle', 'quiet'));
  const back = terms.some(({ weight }) => weight < 0);
  return {
    svg: svg(width, height, 'directions, each times its weight, added tip to tail from 0 back to 0', parts),
    caption: back
      ? 'Tip to tail: from 0 along the features inside the set (blue), and back along those outside, taken away (red). The way ends where it began, so both sums are one vector.'
      : 'Tip to tail: the directions, each times its weight, lead from 0 back to 0.',
  };
}

/** Neurons down, features across; filled where the neuron is active. */
function gridDrawing(m: Instance, pattern: Pattern, titles: readonly string[] = []): Drawing | undefined {
  if (pattern.length === 0 || pattern.length > 16 || m.features.length > 40) return undefined;
  const [cell, left, top] = [18, 84, 74];
  const parts = m.features.map((_, d) => {
    const [x, y] = [left + cell * d + 12, top - 8];
    return `<text class="ink" x="${x}" y="${y}" transform="rotate(-50 ${x} ${y})">${escaped(short(nameText(m.features, d + 1)))}</text>`;
  });
  pattern.forEach((set, i) => {
    parts.push(label([left - 8, top + cell * i + 13], titles[i] ?? `neuron ${i + 1}`, 'end', 'quiet'));
    m.features.forEach((_, d) => {
      const kind = set.includes(d) ? 'on cell' : 'empty cell';
      parts.push(
        `<rect class="${kind}" x="${left + cell * d}" y="${top + cell * i}" width="${cell - 2}" height="${cell - 2}" rx="3"/>`,
      );
    });
  });
  return {
    svg: svg(
      left + cell * m.features.length + 60,
      top + cell * pattern.length + 8,
      'which neuron is active on which feature',
      parts,
    ),
    caption: `Filled: the neuron is active on the feature (${m.np} dimensions).`,
  };
}

export function drawing(m: Instance, figure: Figure): Drawing | undefined {
  return figure.kind === 'rows' ? rowsDrawing(m, figure.rows) : chainDrawing(m, figure.terms);
}

/** The instance by itself: its directions, or its pattern where they cannot be drawn. */
export function instanceDrawing(m: Instance): Drawing | undefined {
  const rows = (m.configuration?.we ?? []).map((row, i) => {
    const theta = thresholdOf(m);
    const set = m.features.flatMap(({ wp }, d) => (row.dot(wp).compare(theta) > 0 ? [d] : []));
    return { title: `neuron ${i + 1}`, row: floats(row), set };
  });
  if (m.np <= 3 && m.features.length <= MOST_FEATURES) return rowsDrawing(m, rows);
  return gridDrawing(m, m.pattern ?? rows.map(({ set }) => set));
}
