/** Dots for seeds, a line of the picture a model, a panel a measure. */
import { arms, sizeOf } from './arms.ts';
import type { Alike, Run } from './rows.ts';
import { measure } from './summary.ts';

const PANELS = [
  { key: 'f1', title: 'F1 of latents as detectors', colour: '#1b6ca8' },
  { key: 'mcc', title: 'MCC with the true directions', colour: '#c0392b' },
  { key: 'pw-mcc', title: 'PW-MCC between seeds', colour: '#27864a' },
  { key: 'fvu', title: 'FVU (less is better)', colour: '#b9770e' },
] as const;
const [LEFT, WIDTH, GAP, TOP, ROW] = [190, 190, 26, 64, 18];

export function plotOf(runs: readonly Run[], alike: readonly Alike[]): string {
  const ran = new Set(runs.map(({ model }) => model));
  const groups = ['method', 'baseline', 'l0', 'width', 'anchoring', 'resampling'] as const;
  const of = sizeOf([...ran]);
  const lines = groups.flatMap((group) =>
    arms(of)
      .filter((arm) => arm.group === group && ran.has(arm.name))
      .map(({ name }, k) => ({ name, first: k === 0 })),
  );
  let y = TOP;
  const placed = lines.map(({ name, first }) => {
    y += first ? 1.6 * ROW : ROW;
    return { name, y };
  });
  const bottom = y + ROW;
  const text = (x: number, at: number, words: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${at.toFixed(1)}"${more}>${words}</text>`;
  const panels = PANELS.map(({ key, title, colour }, p) => {
    const from = LEFT + p * (WIDTH + GAP);
    const at = (value: number): number => from + WIDTH * Math.min(1, Math.max(0, value));
    const grid = [0, 0.25, 0.5, 0.75, 1].map(
      (value) =>
        `<line x1="${at(value)}" x2="${at(value)}" y1="${TOP}" y2="${bottom}" stroke="#ddd"/>${text(at(value), bottom + 14, `${value}`, ' text-anchor="middle" font-size="10"')}`,
    );
    const dots = placed.flatMap(({ name, y: row }) => {
      const spread = measure(name, key, runs, alike);
      if (!spread) return [];
      const bar = `<line x1="${at(spread.least).toFixed(1)}" x2="${at(spread.most).toFixed(1)}" y1="${row}" y2="${row}" stroke="${colour}" stroke-width="2"/>`;
      return [
        bar,
        ...spread.values.map(
          (value) => `<circle cx="${at(value).toFixed(1)}" cy="${row}" r="3.2" fill="${colour}" fill-opacity="0.65"/>`,
        ),
      ];
    });
    return [text(from, TOP - 10, title, ' font-weight="bold"'), ...grid, ...dots].join('\n');
  });
  const names = placed.map(({ name, y: row }) => text(LEFT - 10, row + 4, name, ' text-anchor="end"'));
  const width = LEFT + PANELS.length * (WIDTH + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${(bottom + 40).toFixed(0)}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="white"/>',
    text(
      LEFT,
      24,
      `SynthSAEBench${of === 'tenth' ? ' at a tenth of its size' : ''}: a dot a seed, or a pair of seeds`,
      ' font-size="15"',
    ),
    ...names,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}
