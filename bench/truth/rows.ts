/** What the sweep found, a row a run, and how alike the runs of a model are. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel } from '../../src/commands/metrics/openModel.ts';
import { type Rows, rowOf } from '../../src/train/backend/backend.ts';
import { kernelsOf } from '../../src/train/backend/open.ts';
import type { SynthData, TrainConfig } from '../../src/train/config/config.ts';
import type { Source } from '../../src/train/data/source.ts';
import { synthSource } from '../../src/train/data/synth.ts';
import type { Metrics } from '../../src/train/metrics/metrics.ts';
import { pairwise } from '../../src/train/metrics/pairwise.ts';
import { mixing, OWN } from './mixing.ts';

export interface Run {
  readonly model: string;
  readonly seed: number;
  readonly values: Readonly<Record<string, number | null>>;
}

export interface Alike {
  readonly model: string;
  /** Seeds of the two. */
  readonly a: number;
  readonly b: number;
  readonly mcc: number | null;
  readonly signed: number | null;
  /** Without the rows that were anchored in both. */
  readonly rest: number | null;
}

interface Line {
  readonly job: string;
  readonly input: string;
  readonly options: { readonly seed: number };
  readonly result?: { readonly config: TrainConfig; readonly weights: string; readonly metrics: Metrics };
}

/** Samples that are counted for how often features fire. */
const COUNTED = 20_000;
/** Features that are anchored where some are; what anchoring does to others is measured without them, everywhere. */
const ANCHORED = 0.1;

export async function runsOf(folder: string): Promise<{ runs: Run[]; alike: Alike[] }> {
  const lines = linesOf(folder);
  const runs: Run[] = [];
  const decoders = new Map<string, { seed: number; wd: Rows; anchored: number }[]>();
  let world: World | undefined;
  for (const { job, input, options, result } of lines) {
    const file = join(folder, 'runs', job, 'checkpoint.safetensors');
    if (!result || !existsSync(file)) continue;
    const { config, metrics } = result;
    world ??= worldOf(config);
    const { wd } = (await openModel(file, {})).model.weights;
    const model = input.replace(/^.*\//, '').replace(/\.json$/, '');
    runs.push({ model, seed: options.seed, values: { ...valuesOf(metrics, world), ...mixed(wd, world) } });
    const known = decoders.get(model) ?? [];
    decoders.set(model, [...known, { seed: options.seed, wd, anchored: config.anchoring?.count ?? 0 }]);
  }
  const alike = [...decoders].flatMap(([model, seeds]) => {
    const rest = pairwise(seeds.map(({ wd, anchored }) => after(wd, anchored))).pairs;
    return pairwise(seeds.map(({ wd }) => wd)).pairs.map(({ a, b, mcc, signed }, k) => ({
      model,
      a: seeds[a]?.seed ?? 0,
      b: seeds[b]?.seed ?? 0,
      mcc,
      signed,
      rest: rest[k]?.mcc ?? null,
    }));
  });
  return { runs, alike };
}

function linesOf(folder: string): Line[] {
  const dictum = fileURLToPath(new URL('../../dist/src/commands/main.js', import.meta.url));
  const collect = [dictum, 'sweep', 'collect', join(folder, 'sweep.json'), '--out', folder];
  const { status, stderr } = spawnSync(process.execPath, collect, { encoding: 'utf8' });
  // 3: some are left.
  if (status !== 0 && status !== 3) throw new Error(stderr);
  const text = readFileSync(join(folder, 'results.jsonl'), 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
}

interface World {
  readonly truth: NonNullable<Source['truth']>;
  readonly fires: readonly number[];
  /** Of the models that the others are beside: so many features are looked at. */
  readonly latents: number;
}

function worldOf({ data, seed, neurons, backend }: TrainConfig): World {
  const { truth, active } = synthSource(kernelsOf(backend), data as SynthData, seed);
  if (!truth || !active) throw new Error('synthetic data have a truth');
  const fires = new Array<number>(truth.wr.length).fill(0);
  for (let s = 0; s < COUNTED; s++) for (const d of active(s)) fires[d] = (fires[d] as number) + 1 / COUNTED;
  const sum = (count: number): string =>
    fires
      .slice(0, count)
      .reduce((a, b) => a + b, 0)
      .toFixed(2);
  process.stderr.write(`features of a sample: ${sum(fires.length)}, of the first ${neurons}: ${sum(neurons)}\n`);
  return { truth, fires, latents: neurons };
}

function valuesOf({ usage, detection, absorption, bestMatches }: Metrics, { latents }: World): Run['values'] {
  const best = bestMatches?.decoder ?? [];
  const mean = (from: number): number => {
    const part = best.slice(from, latents);
    return part.reduce((a, b) => a + b, 0) / part.length;
  };
  return {
    fvu: usage.fvu,
    l0: usage.l0,
    dead: usage.dead,
    precision: detection?.precision ?? null,
    recall: detection?.recall ?? null,
    f1: detection?.f1 ?? null,
    mcc: detection?.mcc ?? null,
    uniqueness: detection?.uniqueness ?? null,
    shrinkage: detection?.shrinkage ?? null,
    absorption: absorption?.rate ?? null,
    frequent: mean(0),
    'frequent-rest': mean(Math.round(ANCHORED * latents)),
    'found-rest': best.slice(Math.round(ANCHORED * latents), latents).filter((cosine) => cosine >= OWN).length,
  };
}

function mixed(wd: Rows, { truth, fires }: World): Run['values'] {
  const { parents, alone, own, strangers } = mixing(wd, truth, fires);
  return {
    parents,
    'children-alone': alone.children,
    'mixed-alone': alone.mixed,
    'expected-alone': alone.expected,
    'children-own': own.children,
    'mixed-own': own.mixed,
    'mixed-strangers': strangers.mixed,
  };
}

/** All rows but the first `count`. */
function after(wd: Rows, count: number): Rows {
  const rows = Array.from({ length: wd.rows - count }, (_, i) => rowOf(wd, i + count));
  const data = Float64Array.from(rows.flatMap((row) => [...row]));
  return { rows: rows.length, columns: wd.columns, stride: wd.columns, data };
}

const shown = (value: number | null): string => (value === null ? '' : `${Number(value.toPrecision(6))}`);

export function runsCsv(runs: readonly Run[]): string {
  const keys = Object.keys(runs[0]?.values ?? {});
  const rows = runs.map(({ model, seed, values }) =>
    [model, seed, ...keys.map((key) => shown(values[key] ?? null))].join(','),
  );
  return `${[['model', 'seed', ...keys].join(','), ...rows].join('\n')}\n`;
}

export function alikeCsv(alike: readonly Alike[]): string {
  const rows = alike.map(({ model, a, b, mcc, signed, rest }) =>
    [model, a, b, shown(mcc), shown(signed), shown(rest)].join(','),
  );
  return `${['model,seed a,seed b,pw-mcc,signed,without anchored', ...rows].join('\n')}\n`;
}
