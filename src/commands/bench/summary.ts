/** What a bench shows: means and spreads over seeds, beside the paper's figures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { largestOf, smallestOf } from '../../solve/linear/extremes.ts';
import { packageRoot } from '../../terminal/package.ts';
import { TAUS } from '../../train/metrics/similarity.ts';
import type { TrainResult } from '../../train/run/result.ts';
import type { Arm } from './presets.ts';

export interface Spread {
  readonly mean: number;
  /** Standard deviation over the seeds (of the sample). */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

export interface BenchRow {
  readonly method: string;
  readonly anchored: boolean;
  readonly condition: string;
  readonly runs: number;
  /** Best match of each feature, anchored ones counted: mean of the cosines and share above the larger tau. */
  readonly decoder: { readonly mean: Spread; readonly recovered: Spread };
  readonly encoder: { readonly mean: Spread; readonly recovered: Spread };
  /** Best raw |<e, w>|: what scaling can raise. */
  readonly raw: { readonly mean: Spread; readonly recovered: Spread };
  /** Mean best cosines over the features that are not anchored, nor would be in the arm it is compared with. */
  readonly others: { readonly encoder: Spread; readonly decoder: Spread };
  readonly loss: Spread;
  readonly fvu: Spread;
  readonly l0: Spread;
  readonly dead: Spread;
  readonly seconds: Spread;
  /** Of hierarchical data: the share of inputs with a child active on which the parent's neuron is silent and the child's is not. */
  readonly absorbed?: Spread;
  readonly paper?: { readonly gtRecoveryPercent: string; readonly meanBestMatch: string };
}

function spread(values: readonly number[]): Spread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(square / (values.length - 1)) : 0;
  return { mean, deviation, least: smallestOf(values), most: largestOf(values) };
}

export function benchRow(arm: Arm, results: readonly TrainResult[]): BenchRow {
  const over = (of: (result: TrainResult) => number): Spread => spread(results.map(of));
  const others = (by: 'encoder' | 'decoder'): Spread =>
    over(({ metrics }) => {
      const matches = metrics.bestMatches?.[by].slice(arm.anchors) ?? [];
      return matches.reduce((sum, value) => sum + value, 0) / Math.max(1, matches.length);
    });
  const recovery = (by: string, similarity: string) => {
    const find = (result: TrainResult) =>
      result.metrics.recovery?.find(
        (r) => r.by === by && r.similarity === similarity && r.anchors === 'in' && r.match === 'best',
      );
    const tau = TAUS.length - 1;
    return { mean: over((r) => find(r)?.mean ?? 0), recovered: over((r) => find(r)?.recovered[tau] ?? 0) };
  };
  const figures = paperFigures(arm);
  const absorbed = results.flatMap(({ metrics }) => metrics.absorption?.rate ?? []);
  return {
    method: arm.method,
    anchored: arm.anchored,
    condition: arm.condition,
    runs: results.length,
    decoder: recovery('decoder', 'cosine'),
    encoder: recovery('encoder', 'cosine'),
    raw: recovery('encoder', 'raw'),
    others: { encoder: others('encoder'), decoder: others('decoder') },
    loss: over((r) => r.records.at(-1)?.loss ?? 0),
    // Targets of the bench vary.
    fvu: over((r) => r.metrics.usage.fvu ?? Number.NaN),
    l0: over((r) => r.metrics.usage.l0),
    dead: over((r) => r.metrics.usage.dead),
    seconds: over((r) => r.seconds),
    ...(absorbed.length === results.length && { absorbed: spread(absorbed) }),
    ...(figures && { paper: figures }),
  };
}

interface PaperTables {
  readonly tables: readonly {
    readonly id: string;
    readonly rows: readonly (readonly [string, boolean, string, string, string])[];
  }[];
}

/** docs/paper-figures.json; table 4 calls its method "SAE". */
function paperFigures({ table, method, anchored, condition }: Arm): BenchRow['paper'] {
  if (table === undefined) return undefined;
  const { tables } = JSON.parse(readFileSync(join(packageRoot(), 'docs', 'paper-figures.json'), 'utf8')) as PaperTables;
  const row = tables
    .find(({ id }) => id === table)
    ?.rows.find((r) => (r[0] === method || r[0] === 'SAE') && r[1] === anchored && r[2] === condition);
  return row && { gtRecoveryPercent: row[3], meanBestMatch: row[4] };
}

/** One line per run. */
export function benchCsv(arms: readonly (readonly [Arm, readonly TrainResult[]])[]): string {
  const recovered = TAUS.map((tau) => `recovered>${tau}`).join();
  const head = `method,anchored,condition,seed,by,similarity,match,anchors,mean,${recovered},loss,fvu,l0,dead,absorbed,seconds`;
  const lines = arms.flatMap(([arm, results]) =>
    results.flatMap(({ config, metrics, records, seconds }) =>
      (metrics.recovery ?? []).map((r) =>
        [
          arm.method,
          arm.anchored,
          arm.condition,
          config.seed,
          r.by,
          r.similarity,
          r.match,
          r.anchors,
          r.mean,
          ...r.recovered,
          records.at(-1)?.loss ?? '',
          metrics.usage.fvu ?? '',
          metrics.usage.l0,
          metrics.usage.dead,
          metrics.absorption?.rate ?? '',
          seconds,
        ].join(','),
      ),
    ),
  );
  return `${[head, ...lines].join('\n')}\n`;
}
