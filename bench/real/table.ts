/** From the results of the sweeps: a row a run, tables of means and spread over seeds, and pictures. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { linePlot, type Plot } from '../../src/terminal/linePlot.ts';
import type { Rows } from '../../src/train/backend/backend.ts';
import { activationSource, readTensor } from '../../src/train/data/activations.ts';
import type { TrainResult } from '../../src/train/run/result.ts';
import type { StepRecord } from '../../src/train/run/training.ts';
import { curveOf, given, innerOf, ofRows, type Part, partOf, spreadOf, together } from './recovery.ts';
import { ANCHORED, fileOf, rowsOf, type StudyName } from './studies.ts';

interface Job {
  readonly study: StudyName;
  /** Of the variant. */
  readonly name: string;
  readonly seed: number;
  readonly result: Pick<TrainResult, 'config' | 'metrics'>;
  /** Where its checkpoint and its log are. */
  readonly folder: string;
}

/** What a sweep has done so far. */
export function readJobs(folder: string): Omit<Job, 'study'>[] {
  return linesOf<{ job: string; input: string; options: { seed: number }; result?: Job['result'] }>(
    join(folder, 'sweep', 'results.jsonl'),
  ).flatMap(({ job, input, options, result }) => {
    const [name, seed] = [input.replace(/\.json$/, ''), options.seed];
    return result ? [{ name, seed, result, folder: join(folder, 'sweep', 'runs', job) }] : [];
  });
}

const linesOf = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** What is known of the classes of a study before any training. */
interface Classes {
  readonly count: number;
  readonly means: readonly Float64Array[];
  readonly rows: Rows;
  readonly inner: ReadonlySet<number>;
}

function classesOf(study: StudyName, data: string): Classes {
  const file = (name: string): string => fileOf(study, data, name);
  const tensor = (name: string): ReturnType<typeof readTensor> => readTensor(readFileSync(file(name)), name);
  const names = readFileSync(file('classes.txt'), 'utf8').trimEnd().split('\n');
  const files = { inputs: tensor(rowsOf(study)), labels: tensor('classes.npy') };
  const about = { kind: 'activations', inputs: 'rows.npy', labels: 'classes.npy', normalize: false } as const;
  const inner = study.startsWith('minilm')
    ? innerOf(readFileSync(file('hierarchy.csv'), 'utf8'), names)
    : new Set<number>();
  // At full size the last label is "none of these".
  const means = (activationSource(files, about, 1).truth?.wr ?? []).slice(0, names.length);
  const [length = 0, columns = 0] = files.inputs.shape;
  const rows = { rows: length, columns, stride: columns, data: Float32Array.from(files.inputs.values) };
  return { count: names.length, means, rows, inner };
}

type Row = Record<string, string | number>;

const columnsOf = (prefix: string, { classes, mean, above }: Part): Row => ({
  [`${prefix} classes`]: classes,
  [`${prefix} mean`]: mean,
  [`${prefix} >0.9`]: above[0],
  [`${prefix} >0.95`]: above[1],
});

/** Anchored classes, the others, and these beside anchors that were added without training; with a hierarchy, inner and lowest. */
function recoveryOf({ study, result }: Job, { count, means, inner }: Classes): Row {
  const { decoder = [], encoder = [] } = result.metrics.bestMatches ?? {};
  const anchors = ANCHORED[study];
  const all = decoder.slice(0, count);
  const beside = together(all, given(means, anchors));
  const of = (values: readonly number[], keep: (d: number) => boolean): Part =>
    partOf(values.filter((_, d) => d < count && keep(d)));
  return {
    ...columnsOf('all', partOf(all)),
    ...columnsOf(
      'first',
      of(all, (d) => d < anchors),
    ),
    ...columnsOf(
      'others',
      of(all, (d) => d >= anchors),
    ),
    ...columnsOf(
      'others, anchors beside',
      of(beside, (d) => d >= anchors),
    ),
    ...columnsOf(
      'others by encoder',
      of(encoder, (d) => d >= anchors),
    ),
    ...(inner.size > 0 && {
      ...columnsOf(
        'others, inner',
        of(all, (d) => d >= anchors && inner.has(d)),
      ),
      ...columnsOf(
        'others, lowest',
        of(all, (d) => d >= anchors && !inner.has(d)),
      ),
    }),
  };
}

interface Inspected {
  readonly latents: readonly { readonly kind: string }[];
  readonly absorption?: readonly { readonly verdict: string }[];
  readonly labels?: readonly { readonly best?: { readonly f1: number } }[];
}

/** What `dictum inspect` counts, where it was asked. */
function inspectedOf({ study, name, seed }: Job, out: string): Row {
  const file = resolve(out, study, `inspect-${name}-${seed}.json`);
  if (!existsSync(file)) return {};
  const { latents, absorption = [], labels = [] } = JSON.parse(readFileSync(file, 'utf8')) as Inspected;
  const pairs = (verdict: string): number => absorption.filter((pair) => pair.verdict === verdict).length;
  const kind = (word: string): number => latents.filter((latent) => latent.kind === word).length;
  const best = labels.flatMap((label) => label.best?.f1 ?? 0);
  return {
    ...(absorption.length > 0 && {
      absorbed: pairs('absorbed'),
      faded: pairs('faded'),
      kept: pairs('kept'),
      lost: pairs('lost'),
    }),
    ...(labels.length > 0 && { 'best F1 of a class': best.reduce((a, b) => a + b, 0) / best.length }),
    detects: kind('detects'),
    rare: kind('rare'),
    loses: kind('loses'),
    never: kind('never'),
  };
}

function rowOf(job: Job, classes: Classes | undefined, out: string): Row {
  const { config, metrics } = job.result;
  const { usage } = metrics;
  return {
    study: job.study,
    variant: job.name,
    seed: job.seed,
    rows: usage.inputs,
    latents: config.neurons,
    steps: config.steps,
    batch: config.batch,
    fvu: usage.fvu ?? Number.NaN,
    error: usage.error,
    l0: usage.l0,
    dead: usage.dead,
    dense: usage.dense,
    ...(classes && recoveryOf(job, classes)),
    ...inspectedOf(job, out),
  };
}

/** Mean over seeds, then the least and the most. */
function cell(rows: readonly Row[], column: string, percent = false): string {
  const found = rows.flatMap((row) => (row[column] === undefined ? [] : [Number(row[column])]));
  const { mean, least, most } = spreadOf(found);
  const text = (value: number): string => (percent ? (100 * value).toFixed(1) : value.toPrecision(3));
  return found.length === 0 ? '' : `${text(mean)} (${text(least)} .. ${text(most)})`;
}

const SHOWN: readonly (readonly [title: string, column: string, percent?: boolean])[] = [
  ['FVU', 'fvu'],
  ['error', 'error'],
  ['L0', 'l0'],
  ['dead, %', 'dead', true],
  ['anchored classes: mean', 'first mean'],
  ['> 0.95, %', 'first >0.95', true],
  ['other classes: mean', 'others mean'],
  ['> 0.9, %', 'others >0.9', true],
  ['> 0.95, %', 'others >0.95', true],
  ['others, untrained anchors beside: mean', 'others, anchors beside mean'],
  ['> 0.95, %', 'others, anchors beside >0.95', true],
  ['others, inner: mean', 'others, inner mean'],
  ['lowest: mean', 'others, lowest mean'],
  ['absorbed', 'absorbed'],
  ['faded', 'faded'],
  ['kept', 'kept'],
  ['lost', 'lost'],
  ['best F1 of a class', 'best F1 of a class'],
  ['detect', 'detects'],
  ['rare', 'rare'],
];

function markdownOf(rows: readonly Row[]): string {
  const shown = SHOWN.filter(([, column]) => rows.some((row) => row[column] !== undefined));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  return [
    line(['variant', 'seeds', ...shown.map(([title]) => title)]),
    line(['---', '---', ...shown.map(() => '---')]),
    ...variants.map((variant) => {
      const these = rows.filter((row) => row.variant === variant);
      const cells = shown.map(([, column, percent]) => cell(these, column, percent));
      return line([`${variant}`, `${these.length}`, ...cells]);
    }),
    '',
  ].join('\n');
}

const TITLES: Readonly<Record<StudyName, string>> = {
  minilm: 'MiniLM',
  'minilm-uncentred': 'MiniLM, not centred',
  magika: 'Magika',
  smol: 'SmolLM2, layer 15',
};

/** The share of not anchored classes with a best match above each tau; means over seeds, the least and the most. */
function recoveryPlot(study: StudyName, jobs: readonly Job[], { count, means }: Classes): Plot {
  const anchors = ANCHORED[study];
  const others = (values: readonly number[]): number[] => values.slice(anchors, count);
  const taus = Array.from({ length: 21 }, (_, k) => k / 20);
  const joined = (curves: readonly { x: number; y: number }[][]): Plot['series'][number]['points'] =>
    taus.map((x, k) => {
      const { mean, least, most } = spreadOf(curves.map((curve) => curve[k]?.y ?? 0));
      return { x, y: mean, low: least, high: most };
    });
  const decoders = (name: string): number[][] =>
    jobs.filter((job) => job.name === name).map(({ result }) => result.metrics.bestMatches?.decoder.slice() ?? []);
  const put = given(means, anchors);
  const [plain, anchored] = [decoders(`${study}-plain`), decoders(`${study}-anchored`)];
  const curves = (of: readonly number[][]): { x: number; y: number }[][] => of.map((v) => curveOf(others(v), taus));
  return {
    title: `${TITLES[study]}: the ${count - anchors} classes that are not anchored`,
    x: 'tau',
    y: 'share with a best match above tau',
    series: [
      { name: 'without anchors', points: joined(curves(plain)) },
      { name: 'with anchors', points: joined(curves(anchored)) },
      { name: 'without, anchors beside', points: joined(curves(plain.map((values) => together(values, put)))) },
      { name: 'anchors alone', points: joined(curves([put])) },
    ],
    note: `bars: least and most of ${plain.length} seeds`,
  };
}

/** Error during training, which is all of TopK's loss. */
function lossPlot(kind: string, jobs: readonly Job[]): Plot {
  const variants = [`smol-${kind}-plain`, `smol-${kind}-resampled`];
  const seeds = new Set(jobs.map(({ seed }) => seed)).size;
  return {
    title: `${TITLES.smol}, ${kind}`,
    x: 'step',
    y: 'error of a batch',
    series: variants.map((name) => {
      const logs = jobs
        .filter((job) => job.name === name)
        .map(({ folder }) => linesOf<StepRecord>(join(folder, 'log.jsonl')));
      const points = (logs[0] ?? []).map(({ step }, k) => {
        const { mean, least, most } = spreadOf(logs.map((log) => log[k]?.error ?? Number.NaN));
        return { x: step, y: mean, low: least, high: most };
      });
      return { name: name.endsWith('plain') ? 'as it is' : 'resampled once', points };
    }),
    note: `means since the point before; bars: least and most of ${seeds} seeds`,
  };
}

export interface Tables {
  /** A row a run. */
  readonly csv: string;
  readonly markdown: string;
  readonly pictures: readonly (readonly [name: string, svg: string])[];
}

export function tableOf(studies: readonly StudyName[], data: string, out: string): Tables {
  const all: Row[] = [];
  const parts: string[] = [];
  const pictures: [string, string][] = [];
  for (const study of studies) {
    const jobs = readJobs(resolve(out, study)).map((job) => ({ ...job, study }));
    const classes = study === 'smol' ? undefined : classesOf(study, data);
    const rows = jobs.map((job) => rowOf(job, classes, out));
    all.push(...rows);
    parts.push(`${study}\n\n${markdownOf(rows)}`);
    if (classes) {
      const near = partOf(given(classes.means, classes.count));
      const put = partOf(given(classes.means, ANCHORED[study]).slice(ANCHORED[study]));
      const rowsAlone = partOf(
        ofRows(classes.rows, jobs[0]?.result.config.neurons ?? 0, classes.means).slice(ANCHORED[study]),
      );
      const known = { 'nearest other class': near, 'others by anchors alone': put, 'others by rows alone': rowsAlone };
      parts.push(`${JSON.stringify(known, undefined, 2)}\n`);
      pictures.push([`real-${study}.svg`, linePlot(recoveryPlot(study, jobs, classes))]);
    } else {
      for (const kind of new Set(jobs.map(({ name }) => name.split('-')[1] ?? ''))) {
        pictures.push([`real-smol-${kind}.svg`, linePlot(lossPlot(kind, jobs))]);
      }
    }
  }
  const columns = [...new Set(all.flatMap((row) => Object.keys(row)))];
  const csvOf = (value: string | number | undefined): string => {
    const text = `${value ?? ''}`;
    return text.includes(',') ? `"${text}"` : text;
  };
  const csv = [columns, ...all.map((row) => columns.map((column) => row[column]))];
  return { csv: csv.map((line) => `${line.map(csvOf).join(',')}\n`).join(''), markdown: parts.join('\n'), pictures };
}
