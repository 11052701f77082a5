/** One panel for each n_p: the certified share of traps, a band up to what is undecided, and 95% Wilson intervals at both edges. */

export interface Point {
  readonly np: number;
  /** n / n_p */
  readonly ratio: number;
  readonly trap: number;
  readonly none: number;
  readonly undecided: number;
}

/** The 95% Wilson score interval. */
export function wilson(hits: number, of: number): [number, number] {
  const [z, p] = [1.96, hits / of];
  const centre = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

const [WIDTH, HEIGHT, LEFT, TOP] = [200, 190, 44, 60];

export function transitionPlot(points: readonly Point[], note: string): string {
  const dimensions = [...new Set(points.map(({ np }) => np))];
  const panels = dimensions.map((np, k) =>
    panel(
      points.filter((point) => point.np === np),
      LEFT + k * (WIDTH + 24),
    ),
  );
  const width = LEFT + dimensions.length * (WIDTH + 24);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${TOP + HEIGHT + 70}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${LEFT}" y="22" font-weight="bold">Instances with a polysemantic partition that traps strictly: certified share, and what is undecided (band)</text>
${panels.join('\n')}
<text x="${LEFT}" y="${TOP + HEIGHT + 58}" fill="#555" font-size="11">${note}; bars: 95% Wilson intervals of traps, and of traps or undecided</text>
</svg>
`;
}

function panel(points: readonly Point[], x0: number): string {
  const at = (ratio: number): number => Math.round((x0 + ((ratio - 1) / 2) * WIDTH) * 10) / 10;
  const up = (share: number): number => Math.round((TOP + (1 - share) * HEIGHT) * 10) / 10;
  const rows = points.map(({ ratio, trap, none, undecided }) => {
    const of = trap + none + undecided;
    const [low, high] = [trap / of, (trap + undecided) / of];
    return { x: at(ratio), low, high, lower: wilson(trap, of), upper: wilson(trap + undecided, of) };
  });
  const path = (list: readonly (readonly [number, number])[]): string => list.map(([x, y]) => `${x},${y}`).join(' ');
  const below = rows.map(({ x, low }) => [x, up(low)] as const);
  const above = rows.map(({ x, high }) => [x, up(high)] as const).reverse();
  const bar = (x: number, [from, to]: readonly [number, number], colour: string): string =>
    `<line x1="${x}" y1="${up(from)}" x2="${x}" y2="${up(to)}" stroke="${colour}"/>`;
  return [
    `<text x="${x0}" y="${TOP - 10}">n_p = ${points[0]?.np}</text>`,
    ...[0, 0.5, 1].flatMap((share) => [
      `<line x1="${x0}" y1="${up(share)}" x2="${x0 + WIDTH}" y2="${up(share)}" stroke="#ddd"/>`,
      `<text x="${x0 - 6}" y="${up(share) + 4}" text-anchor="end" font-size="10">${share}</text>`,
    ]),
    ...[1, 1.5, 2, 2.5, 3].map(
      (ratio) => `<text x="${at(ratio)}" y="${TOP + HEIGHT + 16}" text-anchor="middle" font-size="10">${ratio}</text>`,
    ),
    `<text x="${x0 + WIDTH / 2}" y="${TOP + HEIGHT + 34}" text-anchor="middle">n / n_p</text>`,
    `<line x1="${at(2)}" y1="${TOP}" x2="${at(2)}" y2="${TOP + HEIGHT}" stroke="#999" stroke-dasharray="4 3"/>`,
    `<polygon points="${path([...below, ...above])}" fill="#e69f00" opacity="0.35"/>`,
    `<polyline points="${path(below)}" fill="none" stroke="#0072b2" stroke-width="2"/>`,
    ...rows.flatMap(({ x, low, lower, upper }) => [
      bar(x - 2, lower, '#0072b2'),
      bar(x + 2, upper, '#e69f00'),
      `<circle cx="${x}" cy="${up(low)}" r="3" fill="#0072b2"/>`,
    ]),
  ].join('\n');
}
