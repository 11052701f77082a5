/** A line chart with a logarithmic vertical axis, as SVG. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 400, 70, 110, 40, 50];
const COLOURS = ['#1b6ca8', '#c0392b', '#27864a', '#8e5ea2', '#b9770e', '#444444'];

export function plot(title: string, horizontal: string, vertical: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  const powers = all.map(([, y]) => Math.log10(Math.max(y, 1e-3)));
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  const atX = (x: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (x - x0)) / (x1 - x0 || 1);
  const atY = (power: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (power - y0)) / (y1 - y0 || 1);
  const text = (x: number, y: number, words: string, anchor = 'middle', more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more}>${words}</text>`;
  const marks: string[] = [];
  for (let power = y0; power <= y1; power++) {
    const y = atY(power).toFixed(1);
    marks.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="#ddd"/>`);
    marks.push(text(LEFT - 6, Number(y) + 4, power >= -1 && power <= 5 ? `${10 ** power}` : `1e${power}`, 'end'));
  }
  for (const x of [...new Set(xs)].sort((a, b) => a - b)) marks.push(text(atX(x), HEIGHT - BOTTOM + 18, `${x}`));
  const drawn = lines.map(({ name, points }, k) => {
    const colour = COLOURS[k % COLOURS.length];
    const at = points.map(([x, y]) => [atX(x).toFixed(1), atY(Math.log10(Math.max(y, 1e-3))).toFixed(1)] as const);
    const [lastX = '0', lastY = '0'] = at.at(-1) ?? [];
    const dots = at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`).join('');
    const path = `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${at.map((p) => p.join()).join(' ')}"/>`;
    return `${path}${dots}${text(Number(lastX) + 8, Number(lastY) + 4, name, 'start', ` fill="${colour}"`)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(WIDTH / 2, 22, title, 'middle', ' font-size="15"'),
    ...marks,
    ...drawn,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, horizontal),
    text(16, HEIGHT / 2, vertical, 'middle', ` transform="rotate(-90 16 ${HEIGHT / 2})"`),
    '</svg>',
    '',
  ].join('\n');
}
