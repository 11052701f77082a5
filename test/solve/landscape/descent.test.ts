/**
 * Classes against gradient descent in floating point, which shares no code with the decision: from many perturbations of a minimum L~
 * returns to its value and never ends below it; from a saddle the certified way down leaves, and most perturbations do.
 */
import { expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { enclosures } from '../../../src/kernel/numbers/algebraic.ts';
import { approximation, type Point } from '../../../src/solve/landscape/criticalPoints.ts';
import { Landscape } from '../../../src/solve/landscape/decidePattern.ts';
import { toFloat } from '../../../src/solve/landscape/eigenvector.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { instance, q } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { drawn, KNOWN, known } from './cases.ts';

const PERTURBATIONS = amount(30, 200);

/** So far below a saddle a run has left it. */
const GONE = 1e-8;

interface Floats {
  readonly e: number[][];
  readonly u: number[][];
}
interface Model {
  readonly w: number[][];
  readonly r: number[][];
  readonly M: number[];
}

/** In units in which entries are at most 1: e and u stay what they are, and L~ becomes L~ / scale. */
function model(m: Instance): Model & { readonly scale: number } {
  const w = m.features.map((f) => f.wp.entries().map(toFloat));
  const r = m.features.map((f) => f.wr.entries().map(toFloat));
  const M = m.features.map((f) => toFloat(f.weight));
  const size = Math.max(1, ...w.flat().map(Math.abs), ...r.flat().map(Math.abs));
  const most = Math.max(...M);
  const divided = (rows: number[][]): number[][] => rows.map((row) => row.map((x) => x / size));
  return { w: divided(w), r: divided(r), M: M.map((x) => x / most), scale: size * size * most };
}

const inner = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

/** L~ for ReLU, and its gradients. */
function evaluate({ w, r, M }: Model, { e, u }: Floats): { loss: number; de: number[][]; du: number[][] } {
  const de = e.map((row) => row.map(() => 0));
  const du = u.map((column) => column.map(() => 0));
  let loss = 0;
  w.forEach((direction, d) => {
    const z = e.map((row) => Math.max(0, inner(row, direction)));
    const rho = r[d]!.map((x, k) => x - z.reduce((sum, value, i) => sum + value * u[i]![k]!, 0));
    loss += M[d]! * inner(rho, rho);
    z.forEach((value, i) => {
      if (value <= 0) return;
      const pull = -2 * M[d]! * inner(rho, u[i]!);
      for (const [k, x] of direction.entries()) de[i]![k]! += pull * x;
      for (const [k, x] of rho.entries()) du[i]![k]! -= 2 * M[d]! * value * x;
    });
  });
  return { loss, de, du };
}

/** Descent with a step that is halved where L~ would rise. */
function descend(at: Model, start: Floats, steps: number, until: number): number {
  let here = start;
  let rate = 0.02;
  let value = evaluate(at, here);
  for (let step = 0; step < steps && value.loss > until; step++) {
    const next = {
      e: here.e.map((row, i) => row.map((x, k) => x - rate * value.de[i]![k]!)),
      u: here.u.map((row, i) => row.map((x, k) => x - rate * value.du[i]![k]!)),
    };
    const there = evaluate(at, next);
    if (there.loss <= value.loss) {
      [here, value] = [next, there];
      rate = Math.min(1, rate * 1.1);
    } else {
      rate /= 2;
      if (rate < 1e-12) break;
    }
  }
  return value.loss;
}

/** The point in doubles, scaled so that the largest pre-activation of a live neuron is 1; dead neurons as the certificate has them. */
function floats(at: Model, point: Point, proof: { dead: { e: string[]; u: string[] }[] }): Floats {
  const near = approximation(point);
  const [e, u]: [number[][], number[][]] = [[], []];
  let [live, dead] = [0, 0];
  for (const set of point.pattern) {
    if (set.length === 0) {
      const { e: row, u: column } = proof.dead[dead++]!;
      const size = Math.max(1, ...row.map((x) => Math.abs(toFloat(q(x)))));
      e.push(row.map((x) => toFloat(q(x)) / size));
      u.push(column.map((x) => toFloat(q(x)) / Math.max(1, ...column.map((y) => Math.abs(toFloat(q(y)))))));
    } else {
      const row = enclosures(point.live[live]!.e, point.live[live]!.lambda, point.m.np).map(([x]) => toFloat(x));
      const size = Math.max(...set.map((d) => Math.abs(inner(row, at.w[d]!))));
      e.push(row.map((x) => x / size));
      u.push(near.u[live]!.entries().map((x) => toFloat(x) * size));
      live++;
    }
  }
  return { e, u };
}

function perturbed({ e, u }: Floats, size: number, random: () => number): Floats {
  const shake = (rows: number[][]): number[][] => rows.map((row) => row.map((x) => x + size * (2 * random() - 1)));
  return { e: shake(e), u: shake(u) };
}

/** The point moved by t along the certified way down. */
function moved(at: Model, { e, u }: Floats, down: Down, t: number): Floats {
  const i = down.neuron - 1;
  const v = down.v.map((x) => toFloat(q(x)));
  const size = Math.max(...at.w.map((w) => Math.abs(inner(v, w))));
  const shifted = { e: e.map((row) => [...row]), u: u.map((row) => [...row]) };
  shifted.e[i] = shifted.e[i]!.map((x, k) => x + (t * v[k]!) / size);
  if (down.u) {
    const column = down.u.map((x) => toFloat(q(x)));
    const length = Math.sqrt(inner(column, column));
    shifted.u[i] = shifted.u[i]!.map((x, k) => x + (t * column[k]!) / length);
  }
  return shifted;
}

interface Down {
  readonly neuron: number;
  readonly v: string[];
  readonly u?: string[];
}

const found = { 'local-minimum': 0, 'face-minimum': 0, saddle: 0, tried: 0, left: 0 };

/** The class that was confirmed; undefined where there is no critical point, or none of a settled class. */
function confirm(m: Instance, pattern: number[][], name: string): string | undefined {
  const answer = new Landscape(m).decide(pattern);
  if (answer.is !== 'critical' || answer.class === 'degenerate' || !answer.point) return undefined;
  const at = model(m);
  const start = floats(at, answer.point, answer.proof as never);
  const loss = toFloat(answer.loss[0]) / at.scale;
  expect(Math.abs(evaluate(at, start).loss - loss), name).toBeLessThan(1e-9);
  const random = randomNumbers(17);
  found[answer.class]++;
  if (answer.class === 'saddle') {
    const { down } = answer.proof as unknown as { down: Down };
    const gone = [0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-5].some(
      (t) => descend(at, moved(at, start, down, t), 3000, loss - GONE) <= loss - GONE,
    );
    expect(gone, `${name}: the certified way down`).toBe(true);
    for (let k = 0; k < PERTURBATIONS; k++) {
      found.tried++;
      if (descend(at, perturbed(start, 1e-2, random), 1000, loss - GONE) <= loss - GONE) found.left++;
    }
    return answer.class;
  }
  for (let k = 0; k < PERTURBATIONS; k++) {
    const shaken = perturbed(start, 1e-5, random);
    const before = evaluate(at, shaken).loss;
    const end = descend(at, shaken, 400, loss - 1e-6);
    expect(end, `${name}: below the minimum`).toBeGreaterThan(loss - 1e-10);
    expect(end - loss, `${name}: not back`).toBeLessThanOrEqual(Math.max(1e-8, (before - loss) / 10));
  }
  return answer.class;
}

test.each(KNOWN.map((one) => [one.name, one] as const))('%s', { timeout: 120_000 }, (name, one) => {
  const pattern = one.pattern.map((set) => set.map((d) => d - 1));
  expect(confirm(known(one), pattern, name) ?? null).toBe(one.class);
});

test('random patterns', { timeout: 240_000 }, () => {
  for (const [k, { set, ...plain }] of [...drawn(60, 11)].entries()) {
    const rest = plain.wp.flatMap((_, d) => (set.includes(d) ? [] : [[d]]));
    confirm(instance({ ...plain, neurons: 2 + rest.length }), [set, ...rest, []], `case ${k}`);
    confirm(instance({ ...plain, neurons: 1 }), [set], `case ${k} alone`);
  }
  console.log('confirmed by descent:', JSON.stringify(found));
  expect(Math.min(found['local-minimum'], found.saddle)).toBeGreaterThan(10);
  expect(found.left).toBeGreaterThan(found.tried / 2);
});
