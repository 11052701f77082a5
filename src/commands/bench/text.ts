/** The table of a bench, with the paper's figures beside ours. */

import { table } from '../../terminal/table.ts';
import type { BenchRow, Spread } from './summary.ts';

const spread = ({ mean, deviation }: Spread): string => `${mean.toFixed(3)} ±${deviation.toFixed(3)}`;
const percent = ({ mean, deviation }: Spread): string => `${(100 * mean).toFixed(1)} ±${(100 * deviation).toFixed(1)}`;

export function benchText(rows: readonly BenchRow[]): string {
  const hierarchical = rows.some((r) => r.absorbed);
  const head = [
    'method',
    'anchored',
    'condition',
    'dec cos',
    'dec rec%',
    'enc cos',
    'enc rec%',
    'raw enc',
    'loss',
    'FVU',
    'L0',
    'dead%',
    ...(hierarchical ? ['absorbed%'] : []),
    's',
    'paper rec%',
    'paper mean',
  ];
  const lines = rows.map((r) => [
    r.method,
    r.anchored ? 'yes' : 'no',
    r.condition,
    spread(r.decoder.mean),
    percent(r.decoder.recovered),
    spread(r.encoder.mean),
    percent(r.encoder.recovered),
    spread(r.raw.mean),
    r.loss.mean.toPrecision(4),
    r.fvu.mean.toFixed(4),
    r.l0.mean.toFixed(1),
    (100 * r.dead.mean).toFixed(1),
    ...(hierarchical ? [r.absorbed ? percent(r.absorbed) : ''] : []),
    r.seconds.mean.toFixed(0),
    r.paper?.gtRecoveryPercent ?? '',
    r.paper?.meanBestMatch ?? '',
  ]);
  return `${table([head, ...lines])}\n${conclusions(rows)}`;
}

/** Where an arm has a counterpart: is the difference larger than what the seeds spread? */
function conclusions(rows: readonly BenchRow[]): string {
  const lines: string[] = [];
  for (const row of rows) {
    const { method, condition } = row;
    const free = rows.find((r) => r.method === method && r.condition === condition && !r.anchored);
    if (row.anchored && free) {
      for (const by of ['encoder', 'decoder'] as const) {
        const what = `${method}${condition && ` ${condition}`}: anchoring, mean best ${by} cosine`;
        lines.push(`${what} ${compared(free[by].mean, row[by].mean, row.runs)}`);
        lines.push(`${what} of the features not anchored ${compared(free.others[by], row.others[by], row.runs)}`);
      }
    }
    const other = condition.endsWith('resampling') && condition.replace(/resampling$/, 'without');
    const without = rows.find((r) => r.method === method && r.condition === other);
    if (without) lines.push(`${method}, ${condition}: final loss ${compared(without.loss, row.loss, row.runs)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** By the ranges over the seeds: the plainest test that few seeds allow. */
function compared(before: Spread, after: Spread, seeds: number): string {
  const change = `${before.mean.toPrecision(4)} -> ${after.mean.toPrecision(4)}`;
  if (seeds < 2) return `${change}: one seed, which shows no spread`;
  if (after.least > before.most) return `${change}: raised, every seed above every seed without`;
  return after.most < before.least
    ? `${change}: lowered, every seed below every seed without`
    : `${change}: the seeds overlap`;
}
