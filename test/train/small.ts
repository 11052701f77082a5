/** Small models with dyadic weights, away from ties and kinks, for every method and kind of input. */

import { type Backend, rowOf, type Table, tableOf } from '../../src/train/backend/backend.ts';
import { bits } from '../../src/train/backend/random.ts';
import { type Method, objectiveOf } from '../../src/train/methods/method.ts';
import { arraysOf, type Weights, weightsOf } from '../../src/train/model/weights.ts';
import { type BatchLoss, lossOf, type Work, workOf } from '../../src/train/model/work.ts';
import type { Numbers } from './exactLoss.ts';

export const METHODS: readonly Method[] = [
  { kind: 'relu', l1: 0.375 },
  { kind: 'jumprelu', l0: 0.25, bandwidth: 1.5, threshold: 0 },
  { kind: 'topk', k: 2 },
  { kind: 'topk', k: 1, auxiliary: { k: 2, weight: 0.5, deadAfter: 10 } },
  { kind: 'batchtopk', k: 2 },
  { kind: 'matryoshka', k: 3, prefixes: [3, 6] },
  { kind: 'gated', l1: 0.125 },
];

/** An autoencoder, a transcoder and a crosscoder of two sources: what differs is inputs and targets; and an autoencoder that reads x - b_d. */
export const VARIANTS = ['sae', 'transcoder', 'crosscoder', 'sae, b_d subtracted'] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Small {
  readonly method: Method;
  readonly x: number[][];
  readonly r: number[][];
  readonly weights: Numbers;
  readonly dead: readonly boolean[];
  /** The encoder reads x - b_d. */
  readonly subtracts?: boolean;
}

const [INPUTS, NEURONS] = [4, 6];

export function small(method: Method, variant: Variant, seed: number): Small {
  let counter = 0;
  // Multiples of 1/64 in (-2, 2), never 0: odd numerators.
  const draw = (): number => ((bits(seed, 77, counter++) % 128) * 2 - 127) / 64;
  const matrix = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
  const np = variant === 'crosscoder' ? 6 : 3;
  const nr = variant === 'crosscoder' ? 6 : variant === 'transcoder' ? 5 : 3;
  const x = matrix(INPUTS, np);
  return {
    method,
    x,
    r: variant === 'transcoder' ? matrix(INPUTS, nr) : x,
    weights: {
      we: matrix(NEURONS, np),
      wd: matrix(NEURONS, nr),
      be: matrix(1, NEURONS),
      bd: matrix(1, nr),
      ...(method.kind === 'jumprelu' && { theta: matrix(1, NEURONS).map((row) => row.map(Math.abs)) }),
      ...(method.kind === 'gated' && {
        magnitude: [new Array<number>(NEURONS).fill(0)],
        magnitudeBias: matrix(1, NEURONS),
      }),
    },
    dead: Array.from({ length: NEURONS }, (_, i) => i % 2 === 0),
    subtracts: variant === 'sae, b_d subtracted',
  };
}

function fill(table: Table, rows: readonly (readonly number[])[]): void {
  rows.forEach((row, i) => {
    table.data.set(row, i * table.stride);
  });
}

export function workFor(backend: Backend, s: Small): Work {
  const shape = { np: s.x[0]!.length, nr: s.r[0]!.length, nq: s.weights.we!.length };
  const weights = weightsOf(backend, shape, s.method.kind);
  const work = workOf(backend, shape, s.x.length, weights, weightsOf(backend, shape, s.method.kind), s.subtracts);
  fill(work.x, s.x);
  fill(work.r, s.r);
  fill(weights.we, s.weights.we!);
  fill(weights.wd, s.weights.wd!);
  for (const [name, array] of arraysOf(weights)) {
    if (name !== 'we' && name !== 'wd') array.set(s.weights[name]![0]!);
  }
  work.dead.set(s.dead.map(Number));
  backend.push(work.x.data, work.r.data, work.dead, ...arraysOf(weights).values());
  return work;
}

/** Loss and gradients as lists of rows, without padding. */
export async function computed(backend: Backend, s: Small): Promise<{ loss: BatchLoss; gradient: Numbers }> {
  const work = workFor(backend, s);
  const objective = objectiveOf(work, s.method);
  objective.forward();
  objective.backward();
  const loss = await lossOf(work, objective);
  await backend.fetch(...arraysOf(work.gradient).values());
  return { loss, gradient: listed(work.gradient, s) };
}

function listed(weights: Weights, s: Small): Numbers {
  const numbers: Record<string, number[][]> = {};
  for (const [name, array] of arraysOf(weights)) {
    const like = s.weights[name]!;
    const stride = name === 'we' || name === 'wd' ? weights[name].stride : array.length;
    numbers[name] = like.map((row, i) => [...array.subarray(i * stride, i * stride + row.length)]);
  }
  return numbers;
}

/**
 * Several blocks in each direction, none of them whole. Pre-activations are exact in 32-bit floats, so that both sides agree on
 * which are above 0; of few bits, many of them are equal.
 */
export function wide(method: Method, few: boolean, nr = 29, nq = 301): Small {
  const [inputs, np] = [150, 37];
  let counter = 0;
  const draw = (): number => (few ? (bits(7, 3, counter++) % 5) - 2 : ((bits(7, 3, counter++) % 2047) - 1023) / 1024);
  const matrix = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
  return {
    method,
    x: matrix(inputs, np).map((row) => row.map((value) => Math.round(8 * value) / 8)),
    r: matrix(inputs, nr),
    weights: {
      we: matrix(nq, np),
      wd: matrix(nq, nr),
      be: matrix(1, nq),
      bd: matrix(1, nr),
      ...(method.kind === 'jumprelu' && { theta: matrix(1, nq).map((row) => row.map(Math.abs)) }),
      ...(method.kind === 'gated' && { magnitude: [new Array<number>(nq).fill(0)], magnitudeBias: matrix(1, nq) }),
    },
    dead: Array.from({ length: nq }, (_, i) => i % 3 === 0),
  };
}

/** For `wide`. */
export const WIDE: readonly Method[] = [
  { kind: 'relu', l1: 0.25 },
  { kind: 'jumprelu', l0: 0.25, bandwidth: 1.5, threshold: 0 },
  { kind: 'gated', l1: 0.125 },
  { kind: 'topk', k: 9, auxiliary: { k: 5, weight: 0.5, deadAfter: 10 } },
  { kind: 'topk', k: 300 },
  { kind: 'batchtopk', k: 7 },
  { kind: 'batchtopk', k: 280 },
  { kind: 'matryoshka', k: 11, prefixes: [20, 150, 301] },
];

/** What all updates of parameters leave, from the same numbers. */
export async function updated(backend: Backend): Promise<Numbers & { all: number[][] }> {
  const floats = (salt: number): Float32Array => {
    const array = backend.floats(80).map((_, k) => (bits(3, salt, k) % 257) / 64 - 2);
    const named = backend.floats(80);
    named.set(array);
    backend.push(named);
    return named;
  };
  const parameter = { at: floats(1), gradient: floats(2), m: floats(3), v: backend.floats(80) };
  for (let step = 1; step <= 3; step++) {
    backend.adam(parameter, { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, step });
  }
  backend.descend(parameter, 0.1, 0.5);
  const clamped = floats(4);
  backend.clamp(clamped);
  const [rows, wanted, gradient] = [tableOf(backend, 3, 5), tableOf(backend, 2, 5), tableOf(backend, 3, 5)];
  for (const table of [rows, wanted]) {
    for (let i = 0; i < table.rows; i++) rowOf(table, i).set([1, -2, i, 4, 0.5]);
    backend.push(table.data);
  }
  backend.normalize(rows);
  const sums = backend.sums(1);
  backend.attract(0.5, wanted, rows, gradient, { sums, at: 0 });
  backend.place(wanted, rows);
  await backend.fetch(parameter.at, parameter.m, parameter.v, clamped, rows.data, gradient.data, sums);
  const { at, m, v } = parameter;
  return { all: [at, m, v, clamped, rows.data, gradient.data, sums].map((array) => [...array]) };
}
