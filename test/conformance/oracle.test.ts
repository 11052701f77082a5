import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { documents, type Quantity, written } from '../../conformance/oracle.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { plainBackend } from '../../src/train/backend/plain.ts';
import { wasmBackend } from '../../src/train/backend/wasm.ts';
import type { Method } from '../../src/train/methods/method.ts';
import { objectiveOf } from '../../src/train/methods/method.ts';
import { detectionWatch } from '../../src/train/metrics/detection.ts';
import { measureModel } from '../../src/train/metrics/metrics.ts';
import { weightsOf } from '../../src/train/model/weights.ts';
import { resample } from '../../src/train/run/resample.ts';
import type { Numbers } from '../train/exactLoss.ts';
import { difference, LIMIT } from '../train/exactSmall.ts';
import { computed, workFor } from '../train/small.ts';

const folder = fileURLToPath(new URL('../../conformance/', import.meta.url));
const all = documents();
const path = (name: string): string => join(folder, 'cases', `${name}.json`);

test('the committed documents are those that the definitions give', () => {
  for (const document of all) expect(readFileSync(path(document.name), 'utf8')).toBe(written(document));
});

test('they fit the schema, and a changed one does not', () => {
  const schema = new URL('../../schemas/conformance.schema.json', import.meta.url);
  const fits = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
    JSON.parse(readFileSync(schema, 'utf8')),
  );
  for (const document of all) expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
  const [first] = all;
  expect(fits({ ...first, quantities: [{ ...first!.quantities[0], value: 0.5 }] })).toBe(false);
  expect(fits({ ...first, model: { ...first!.model, subtracts: undefined } })).toBe(false);
});

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
if (!python) console.warn('python3 (3.11 or later) is missing: the oracle is not derived a second time');

describe.skipIf(!python)('a second derivation, in fractions', () => {
  const check = (files: readonly string[]) =>
    spawnSync('python3', [join(folder, 'check.py'), ...files], { encoding: 'utf8' });

  test('agrees with every value', () => {
    const { stdout, status } = check(all.map(({ name }) => path(name)));
    const count = all.reduce((sum, { quantities }) => sum + quantities.length, 0);
    expect(stdout).toBe(`${count} values, 0 differ\n`);
    expect(status).toBe(0);
  });

  test('finds a change of any one value by a billionth', () => {
    const at = mkdtempSync(join(tmpdir(), 'oracle-'));
    const wanted: string[] = [];
    for (const document of all) {
      // One document with every value changed: each has to be named.
      const changed = { ...document, quantities: document.quantities.map((q) => ({ ...q, value: nudged(q.value) })) };
      const file = join(at, `${document.name}.json`);
      writeFileSync(file, JSON.stringify(changed));
      wanted.push(...document.quantities.map(({ name }) => `${file}: ${name} differs`));
    }
    const { stdout, status } = check(all.map(({ name }) => join(at, `${name}.json`)));
    rmSync(at, { recursive: true });
    expect(stdout.trim().split('\n').slice(0, -1)).toEqual(wanted);
    expect(status).toBe(1);
  });
});

describe.skipIf(!python)('what libraries answered', () => {
  type Row = { case: string; quantity: string; agrees?: boolean };
  const answers = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as { library: string; rows: Row[] }[];

  test('is what the page shows, each difference with a reason', () => {
    const { stdout } = spawnSync('python3', [join(folder, 'run.py'), '--table', join(folder, 'results.json')], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').length).toBeGreaterThan(20);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(stdout);
    expect(stdout).not.toContain('not explained');
  });

  test('is about quantities of the oracle', () => {
    expect(new Set(answers.map(({ library }) => library)).size).toBe(4);
    for (const row of answers.flatMap(({ rows }) => rows))
      expect(documentOf(row.case).quantities.map(({ name }) => name)).toContain(row.quantity);
  });
});

/** The last number of a value a billionth larger. */
function nudged(value: Quantity['value']): Quantity['value'] {
  if (typeof value === 'string') return Rational.parse(value)!.plus(Rational.of(1n, 1_000_000_000n)).toString();
  if (Array.isArray(value)) return [...value.slice(0, -1), nudged(value.at(-1)!)];
  const last = Object.keys(value).at(-1)!;
  return { ...value, [last]: nudged((value as Record<string, Quantity['value']>)[last]!) };
}

const toNumber = (text: string): number => {
  const { num, den } = Rational.parse(text)!;
  return Number(num) / Number(den);
};
const documentOf = (name: string) => all.find((document) => document.name === name)!;
const answer = (name: string, quantity: string) => documentOf(name).quantities.find((q) => q.name === quantity)!.value;
const numberOf = (name: string, quantity: string): number => toNumber(answer(name, quantity) as string);
const rowsOf = (value: unknown): number[][] =>
  (value as (string | string[])[]).every((row) => typeof row === 'string')
    ? [(value as string[]).map(toNumber)]
    : (value as string[][]).map((row) => row.map(toNumber));

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

/** Ours do not subtract b_d from the input: b_e - <e, b_d> in place of b_e is the same model. */
const OURS: Readonly<Record<string, string>> = { r_mag: 'magnitude', b_mag: 'magnitudeBias' };
function ours(name: string, method: Method) {
  const { weights, inputs, subtracts, settings } = documentOf(name).model;
  const numbers: Record<string, number[][]> = {};
  for (const [key, value] of Object.entries(weights)) numbers[OURS[key] ?? key] = rowsOf(value);
  const bd = numbers.bd![0]!;
  const shifts = numbers.we!.map((e) => (subtracts ? dot(e, bd) : 0));
  const shifted = (row: number[]): number[] => row.map((x, i) => x - shifts[i]!);
  const x = inputs.map((row) => row.map(toNumber));
  const dead = numbers.we!.map((_, i) => settings.dead?.includes(i) ?? false);
  const { magnitudeBias } = numbers;
  const now = {
    ...numbers,
    be: numbers.be!.map(shifted),
    ...(magnitudeBias && { magnitudeBias: magnitudeBias.map(shifted) }),
  };
  return { method, x, r: x, weights: now as Numbers, dead };
}

/** The gradient of the oracle from ours: b_e of ours depends on e and b_d. */
function asTheOracle(name: string, gradient: Numbers): Numbers {
  const { weights, subtracts } = documentOf(name).model;
  const [we, bd] = [rowsOf(weights.we), rowsOf(weights.bd)[0]!];
  const of = (key: string): number[] => [...(gradient[key]?.[0] ?? we.map(() => 0))];
  const biases = of('be').map((x, i) => (subtracts ? x + of('magnitudeBias')[i]! : 0));
  // b_mag of ours is that of the oracle less exp(r_mag) <e, b_d>.
  const magnitude = gradient.magnitude?.map((row) =>
    row.map((x, i) => x - (subtracts ? of('magnitudeBias')[i]! * dot(we[i]!, bd) : 0)),
  );
  return {
    ...gradient,
    ...(magnitude && { magnitude }),
    we: gradient.we!.map((row, i) => row.map((x, k) => x - biases[i]! * bd[k]!)),
    bd: [of('bd').map((x, k) => x - we.reduce((sum, e, i) => sum + biases[i]! * e[k]!, 0))],
  };
}

const METHODS: readonly { name: string; loss: string; method: Method; factor?: number }[] = [
  { name: 'l1', loss: 'loss', method: { kind: 'relu', l1: 0.25 } },
  { name: 'topk', loss: 'loss', method: { kind: 'topk', k: 2 } },
  { name: 'auxk', loss: 'loss', method: { kind: 'topk', k: 1, auxiliary: { k: 2, weight: 1 / 32, deadAfter: 1 } } },
  { name: 'batchtopk', loss: 'loss', method: { kind: 'batchtopk', k: 1 } },
  { name: 'matryoshka', loss: 'loss_mean', method: { kind: 'matryoshka', k: 1, prefixes: [1, 4] } },
  { name: 'gated', loss: 'loss', method: { kind: 'gated', l1: 0.125 } },
  { name: 'jumprelu', loss: 'loss', method: { kind: 'jumprelu', l0: 0.5, bandwidth: 1.5, threshold: 0 } },
];

describe.each(METHODS)('our $name', ({ name, loss, method }) => {
  const s = ours(name, method);
  const gradientOf = (): Numbers =>
    Object.fromEntries(
      Object.entries(answer(name, `gradient of ${loss}`)).map(([key, value]) => [OURS[key] ?? key, rowsOf(value)]),
    );

  test.each([plainBackend, wasmBackend])('has the loss and the gradient of the oracle: %o', async (make) => {
    const found = await computed(make(), s);
    const wanted = numberOf(name, loss);
    expect(Math.abs(found.loss.total - wanted) / wanted).toBeLessThan(LIMIT);
    expect(difference(asTheOracle(name, found.gradient), gradientOf())).toBeLessThan(LIMIT);
  });

  test('is told apart from a mutated oracle', async () => {
    const { gradient } = await computed(plainBackend(), s);
    const right = gradientOf();
    for (const key of Object.keys(right)) {
      const wrong = { ...right, [key]: right[key]!.map((row) => row.map((x) => x + 0.01)) };
      expect(difference(asTheOracle(name, gradient), wrong), key).toBeGreaterThan(LIMIT);
    }
  });
});

test('our metrics are those of the oracle, in any batch', () => {
  const { x, weights } = ours('metrics', { kind: 'relu', l1: 0 });
  const shape = { np: 2, nr: 2, nq: 4 };
  const model = weightsOf(plainBackend(), shape, 'relu');
  for (const key of ['we', 'wd'] as const)
    weights[key]!.forEach((row, i) => {
      model[key].data.set(row, i * model[key].stride);
    });
  model.be.set(weights.be![0]!);
  const source = {
    np: 2,
    nr: 2,
    samples: x.length,
    fill(first: number, ...into: { rows: number; stride: number; data: Float32Array | Float64Array }[]) {
      for (const rows of into)
        for (let b = 0; b < rows.rows; b++) rows.data.set(x[(first + b) % x.length]!, b * rows.stride);
    },
  };
  for (const batch of [8, 4, 3, 1]) {
    const config = { batch, steps: 0 } as Parameters<typeof measureModel>[0];
    const { usage } = measureModel(config, { shape, method: { kind: 'relu', l1: 0 }, weights: model }, source);
    for (const [own, quantity] of [
      ['fvu', 'fvu'],
      ['error', 'mse'],
      ['l0', 'l0'],
      ['dead', 'dead'],
    ] as const) {
      expect(usage[own], `${own}, batches of ${batch}`).toBeCloseTo(numberOf('metrics', quantity), 12);
    }
  }
});

test('our detectors are those of the oracle', () => {
  const { truth } = documentOf('detection').model;
  const { x, weights } = ours('detection', { kind: 'relu', l1: 0 });
  const work = workFor(plainBackend(), ours('detection', { kind: 'relu', l1: 0 }));
  const objective = objectiveOf(work, { kind: 'relu', l1: 0 });
  objective.forward();
  const directions = rowsOf(truth!.directions).map((row) => Float64Array.from(row));
  const known = { wp: directions, wr: directions };
  const source = { np: 2, nr: 2, active: (s: number) => truth!.active[s]!, fill: () => undefined };
  const watch = detectionWatch(work.weights, known, source);
  watch.see(0, objective.active, work.r);
  const found = watch.result();
  expect(x).toHaveLength(8);
  expect(weights.we).toHaveLength(4);
  for (const key of ['precision', 'recall', 'f1', 'mcc', 'uniqueness', 'shrinkage'] as const)
    expect(found[key], key).toBeCloseTo(numberOf('detection', key), 6);
  expect(found.trueL0).toBe(numberOf('detection', 'true_l0'));
});

test('our resampling draws with the chances of the oracle and has its encoder rows; its directions are those of the errors', () => {
  const s = ours('resampling', { kind: 'relu', l1: 0 });
  const counts = s.x.map(() => 0);
  const [rows, directions] = [rowsOf(answer('resampling', 'encoder_rows')), rowsOf(answer('resampling', 'directions'))];
  const draws = 4000;
  let along = 0;
  for (let seed = 0; seed < draws; seed++) {
    const work = workFor(plainBackend(), s);
    const objective = objectiveOf(work, s.method);
    objective.forward();
    const moments = () => weightsOf(plainBackend(), work.shape, 'relu');
    resample(work, objective.residual, { neurons: [2], scale: 0.2 }, { m: moments(), v: moments() }, seed);
    const { we, wd, be } = work.weights;
    const row = [...we.data.subarray(2 * we.stride, 2 * we.stride + 2)];
    const drawn = rows.findIndex((wanted) => wanted.every((x, k) => Math.abs(x - row[k]!) < 1e-5));
    expect(drawn, `${row}`).toBeGreaterThanOrEqual(0);
    counts[drawn]!++;
    expect(be[2]).toBe(0);
    const u = [...wd.data.subarray(2 * wd.stride, 2 * wd.stride + 2)];
    if (u.every((x, k) => Math.abs(x - directions[drawn]![k]!) < 1e-5)) along++;
    const e = [
      ...objective.residual.data.subarray(drawn * objective.residual.stride, drawn * objective.residual.stride + 2),
    ];
    const size = Math.hypot(...e);
    u.forEach((x, k) => {
      expect(x).toBeCloseTo(e[k]! / size, 5);
    });
  }
  expect(along).toBeLessThan(draws);
  // Five standard deviations; the draws follow from their seeds.
  rowsOf(answer('resampling', 'chances'))[0]!.forEach((chance, b) => {
    expect(Math.abs(counts[b]! / draws - chance)).toBeLessThan(5 * Math.sqrt((chance * (1 - chance)) / draws));
  });
});
