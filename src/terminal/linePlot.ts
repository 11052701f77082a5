/** A plot of points joined by lines, with intervals where given, as an SVG text. */

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Said below the plot. */
  readonly note?: string;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 400, 60, 150, 40, 70];
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const round = (x: number): string => `${Math.round(x * 100) / 100}`;

/** Steps of 1, 2 or 5 times a power of ten, about five to the range. */
function ticks(low: number, high: number): number[] {
  const raw = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((k) => k * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

export function linePlot({ title, x, y, series, note }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const xs = all.map((p) => p.x);
  const ys = all.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]);
  const [x0, x1] = range(xs, [Infinity, -Infinity]);
  const [y0, y1] = range(ys, [0, 1e-9]);
  const across = (value: number): number => LEFT + ((value - x0) / (x1 - x0 || 1)) * (WIDTH - LEFT - RIGHT);
  const up = (value: number): number => HEIGHT - BOTTOM - ((value - y0) / (y1 - y0 || 1)) * (HEIGHT - TOP - BOTTOM);
  const label = (at: readonly [number, number], text: string, extra = ''): string =>
    `<text x="${round(at[0])}" y="${round(at[1])}" ${extra}>${escaped(text)}</text>`;
  const parts = [
    label([LEFT, 24], title, 'font-weight="bold"'),
    ...ticks(x0, x1).flatMap((t) => [
      `<line x1="${round(across(t))}" y1="${TOP}" x2="${round(across(t))}" y2="${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
      label([across(t), HEIGHT - BOTTOM + 16], `${Number(t.toPrecision(6))}`, 'text-anchor="middle"'),
    ]),
    ...ticks(y0, y1).flatMap((t) => [
      `<line x1="${LEFT}" y1="${round(up(t))}" x2="${WIDTH - RIGHT}" y2="${round(up(t))}" stroke="#ddd"/>`,
      label([LEFT - 6, up(t) + 4], `${Number(t.toPrecision(6))}`, 'text-anchor="end"'),
    ]),
    label([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36], x, 'text-anchor="middle"'),
    `<g transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${label([0, 0], y, 'text-anchor="middle"')}</g>`,
    ...(note === undefined ? [] : [label([LEFT, HEIGHT - 12], note, 'fill="#555" font-size="11"')]),
  ];
  series.forEach(({ name, points }, k) => {
    const colour = COLOURS[k % COLOURS.length];
    const path = points.map((p) => `${round(across(p.x))},${round(up(p.y))}`).join(' ');
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const p of points) {
      const at = round(across(p.x));
      if (p.low !== undefined && p.high !== undefined) {
        parts.push(
          `<line x1="${at}" y1="${round(up(p.low))}" x2="${at}" y2="${round(up(p.high))}" stroke="${colour}"/>`,
        );
      }
      parts.push(`<circle cx="${at}" cy="${round(up(p.y))}" r="3" fill="${colour}"/>`);
    }
    parts.push(label([WIDTH - RIGHT + 12, TOP + 16 * k + 8], name, `fill="${colour}"`));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`;
}

/** The least and the largest of the values and of `within`; there may be more than a call can have arguments. */
const range = (values: readonly number[], within: readonly [number, number]): readonly [number, number] =>
  values.reduce<readonly [number, number]>(([least, most], x) => [Math.min(least, x), Math.max(most, x)], within);
