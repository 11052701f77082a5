/**
 * What accepted proofs about critical points say, looked up in floating point: an excluded pattern has no generalized eigenvector in
 * its cone on any face, a minimum is not left downhill, a saddle is. Proofs come from the solver, which is not trusted with a
 * verdict here: every assertion is about what the kernel accepted. Each property counts its acceptances.
 */
import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix, SVD, solve } from 'ml-matrix';
import { expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import {
  criticalRows,
  deadRow,
  type Point,
  pointDocument,
  type Row,
} from '../../../src/solve/landscape/criticalPoints.ts';
import { noStrictTrapProof } from '../../../src/solve/landscape/deadNeurons.ts';
import { analyseSet, facesDocument } from '../../../src/solve/landscape/faces.ts';
import { minimumProof } from '../../../src/solve/landscape/minimumProof.ts';
import { saddleProofs } from '../../../src/solve/landscape/saddleProof.ts';
import { amount } from '../../thorough.ts';
import { array, integer } from '../arbitraries.ts';
import { instance, type Plain, refused } from '../read.ts';
import {
  bestColumn,
  type FloatPoint,
  type Floats,
  float,
  floats,
  inner,
  loss,
  type PointData,
  pointOf,
  step,
} from './floats.ts';
import { accept, critical, mutations, zeroBased } from './proofs.ts';

const accepted = (goal: Judgement, proof: unknown, m: Instance): boolean => !refused(() => accept(goal, proof, m));

/** Parallel, equal, opposite and zero targets, weights of 0, and directions that coincide all turn up. */
const anyCase = fc.integer({ min: 1, max: 3 }).chain((np) =>
  fc.record({
    wp: array(
      array(integer(2), np).filter((w) => w.some((x) => x !== 0)),
      4,
    ),
    wr: array(array(integer(2), 2), 4),
    weights: array(fc.constantFrom(0, 1, 1, 2, 3), 4),
    owner: array(fc.constantFrom(0, 0, 0, 1, 1, 2, 3), 4),
  }),
);
/** One neuron and features in no set, in the plane: kinks with a price, and so minima on faces, are common. */
const faceCase = fc.record({
  wp: array(
    array(integer(4), 2).filter((w) => w.some((x) => x !== 0)),
    4,
  ),
  wr: array(array(integer(2), 2), 4),
  weights: array(fc.constantFrom(1, 2, 5), 4),
  owner: fc.constantFrom<number[]>([0, 0, 3, 3], [0, 0, 0, 3], [0, 0, 1, 3]),
});
const cases: fc.Arbitrary<Case> = fc.oneof<[fc.Arbitrary<Case>, fc.Arbitrary<Case>]>(anyCase, faceCase);
type Case = { wp: number[][]; wr: number[][]; weights: number[]; owner: number[] };

/** Three sets; features owned by 3 are in none. */
function read({ wp, wr, weights, owner }: Case): { plain: Plain; m: Instance; pattern: number[][]; at: Floats } {
  const plain: Plain = { wp, wr, weights, neurons: 3 };
  const pattern = [0, 1, 2].map((i) => owner.flatMap((o, d) => (o === i ? [d + 1] : [])));
  return { plain, m: instance(plain), pattern, at: floats(plain) };
}

const weighted = ({ weights }: Case, set: number[]): boolean => set.some((d) => weights[d - 1]! > 0);

/** Numbers in [-1, 1] from a fixed seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Rows of the cone of `set` (zero-based) that are critical, by eigenvectors on the span of every face and random mixtures. */
function floatRows({ w, r, M }: Floats, set: number[], next: () => number): number[][] {
  const np = w[0]!.length;
  const off = w.flatMap((_, d) => (set.includes(d) ? [] : [d]));
  const B = Matrix.zeros(np, np);
  const C = Matrix.zeros(r[0]!.length, np);
  for (const d of set) {
    B.add(Matrix.columnVector(w[d]!).mmul(Matrix.rowVector(w[d]!)).mul(M[d]!));
    C.add(Matrix.columnVector(r[d]!).mmul(Matrix.rowVector(w[d]!)).mul(M[d]!));
  }
  const A = C.transpose().mmul(C);
  const found: number[][] = [];
  const subsets = off.reduce<number[][]>((all, t) => all.concat(all.map((s) => s.concat(t))), [[]]);
  for (const tight of subsets.filter((t) => t.length < np)) {
    const rows = new Matrix([...tight.map((t) => w[t]!), w[0]!.map(() => 0)]);
    const svd = new SVD(rows.transpose().mmul(rows), { autoTranspose: true });
    const flat = svd.diagonal.flatMap((x, k) => (x < 1e-9 ? [k] : []));
    if (flat.length !== np - tight.length) continue;
    const N = svd.leftSingularVectors.subMatrixColumn(flat);
    const form = new EigenvalueDecomposition(N.transpose().mmul(B).mmul(N), { assumeSymmetric: true });
    const live = form.realEigenvalues.flatMap((x, k) => (x > 1e-9 ? [k] : []));
    const still = form.realEigenvalues.flatMap((x, k) => (x > 1e-9 ? [] : [k]));
    if (live.length === 0) continue;
    const Q = N.mmul(form.eigenvectorMatrix.subMatrixColumn(live)).mmul(
      Matrix.diag(live.map((k) => 1 / Math.sqrt(form.realEigenvalues[k]!))),
    );
    const Z = still.map((k) => N.mmul(form.eigenvectorMatrix.subMatrixColumn([k])).to1DArray());
    const pencil = new EigenvalueDecomposition(Q.transpose().mmul(A).mmul(Q), { assumeSymmetric: true });
    for (const lambda of pencil.realEigenvalues) {
      const same = pencil.realEigenvalues.flatMap((x, k) => (Math.abs(x - lambda) < 1e-7 ? [k] : []));
      const space = same.map((k) => Q.mmul(pencil.eigenvectorMatrix.subMatrixColumn([k])).to1DArray());
      for (let trial = 0; trial < (space.length + Z.length === 1 ? 2 : 60); trial++) {
        const factors = space.length === 1 ? [trial % 2 === 0 ? 1 : -1] : space.map(next);
        let e = space.reduce(
          (sum, x, k) => step(sum, x, factors[k]!),
          w[0]!.map(() => 0),
        );
        e = Z.reduce((sum, z) => step(sum, z, 3 * next()), e);
        if (set.some((d) => inner(e, w[d]!) < 1e-6) || off.some((d) => inner(e, w[d]!) > 1e-9)) continue;
        const column = Matrix.columnVector(e);
        const force = Matrix.sub(A.mmul(column), B.mmul(column).mul(lambda));
        const columns = new Matrix(tight.map((t) => w[t]!)).transpose();
        const mu = tight.length === 0 ? [] : solve(columns, force, true).to1DArray();
        const rest = tight.length === 0 ? force : Matrix.sub(force, columns.mmul(Matrix.columnVector(mu)));
        if (rest.norm() < 1e-7 && mu.every((x) => x > -1e-7)) found.push(e);
      }
    }
  }
  return found;
}

test('no-critical-point: no face of the cone has an eigenvector that turns up', () => {
  const count = { none: 0, found: 0 };
  fc.assert(
    fc.property(cases, integer(1e6), (drawn, seed) => {
      const { m, pattern, at } = read(drawn);
      const next = numbers(seed);
      pattern.forEach((set, i) => {
        if (!weighted(drawn, set)) return;
        const analysis = analyseSet(m, zeroBased([set])[0]!);
        const document = facesDocument(analysis, false);
        const rows = floatRows(at, zeroBased([set])[0]!, next);
        if (rows.length > 0) count.found++;
        if (!document) return;
        const proof = { rule: 'no-critical-point', neurons: [{ neuron: i + 1, faces: document.faces }] };
        if (!accepted(critical(false, pattern), proof, m)) return;
        count.none++;
        expect(rows).toEqual([]);
      });
    }),
    { numRuns: amount(100, 300), seed: 7 },
  );
  expect(count.none).toBeGreaterThan(amount(25, 100));
  expect(count.found).toBeGreaterThan(amount(12, 50));
});

/** Everything the solver proposes on the pattern, for every combination of critical rows. */
function proposals(m: Instance, pattern: number[][]): { minima: unknown[]; saddles: unknown[]; points: unknown[] } {
  const sets = zeroBased(pattern);
  const rows = sets.filter((set) => set.length > 0).map((set) => criticalRows(analyseSet(m, set)));
  const choices = rows
    .reduce<Row[][]>((all, list) => all.flatMap((a) => list.map((x) => [...a, x])), [[]])
    .slice(0, 12);
  const dead = deadRow(m);
  const points = choices.map((live): Point => ({ m, pattern: sets, live, dead: dead.e, deadKinks: dead.kinks }));
  return {
    minima: points.flatMap((p) => minimumProof(p) ?? []),
    saddles: points.flatMap((p) => [...saddleProofs(p)]),
    points: points.map((p) => ({ rule: 'critical-point', ...pointDocument(p, Vector.zero(m.nr)) })),
  };
}

/** The same predictions with rows of length 1: how near is near no longer depends on the scale. */
function scaled({ e, u }: FloatPoint): FloatPoint {
  const lengths = e.map((row) => Math.hypot(...row) || 1);
  return {
    e: e.map((row, i) => row.map((x) => x / lengths[i]!)),
    u: u.map((column, i) => column.map((x) => x * lengths[i]!)),
  };
}

/** A tenth of how far the nearest pre-activation that is not 0 is from its kink: beyond it another region begins. */
const room = ({ w }: Floats, { e }: FloatPoint): number =>
  Math.min(...e.flatMap((row) => w.map((d) => Math.abs(inner(row, d))).filter((z) => z > 1e-9))) / 10;

/**
 * The least loss met on the way down from points near. Steps are shorter than 1e-3, and than the way to the next kink, and go
 * down: no basin is jumped out of.
 */
function downhill(at: Floats, from: FloatPoint, next: () => number): number {
  const size = Math.min(1e-3, room(at, from));
  let least = loss(at, from);
  const plus = (point: FloatPoint, by: FloatPoint, t: number): FloatPoint => ({
    e: point.e.map((row, i) => step(row, by.e[i]!, t)),
    u: point.u.map((column, i) => step(column, by.u[i]!, t)),
  });
  for (let start = 0; start < 2; start++) {
    const shift = { e: from.e.map((row) => row.map(next)), u: from.u.map((column) => column.map(next)) };
    let point = plus(from, shift, size);
    for (let k = 0; k < 60; k++) {
      const down = { e: point.e.map((row) => row.map(() => 0)), u: point.u.map((column) => column.map(() => 0)) };
      at.w.forEach((direction, d) => {
        const z = point.e.map((row) => Math.max(0, inner(row, direction)));
        const rho = point.u.reduce((rest, column, i) => step(rest, column, -z[i]!), at.r[d]!);
        z.forEach((active, i) => {
          if (active === 0) return;
          down.u[i] = step(down.u[i]!, rho, at.M[d]! * active);
          down.e[i] = step(down.e[i]!, direction, at.M[d]! * inner(rho, point.u[i]!));
        });
      });
      const here = loss(at, point);
      let t = size / Math.max(1, Math.hypot(...down.e.flat(), ...down.u.flat()));
      while (t > 1e-12 && loss(at, plus(point, down, t)) >= here) t /= 4;
      if (t <= 1e-12) break;
      point = plus(point, down, t);
      least = Math.min(least, loss(at, point));
    }
  }
  return least;
}

test('minimum: nothing lower is met near it, along kinks or downhill', () => {
  const count = { minima: 0, faces: 0, irrational: 0 };
  fc.assert(
    fc.property(cases, integer(1e6), (drawn, seed) => {
      const { m, pattern, at } = read(drawn);
      if (!pattern.every((set) => set.length === 0 || weighted(drawn, set))) return;
      const next = numbers(seed);
      for (const proof of proposals(m, pattern).minima) {
        if (!accepted(critical(true, pattern, 'minimum'), proof, m)) continue;
        count.minima++;
        const data = proof as PointData;
        if (data.live.some(({ mu }) => mu.length > 0)) count.faces++;
        if (data.live.some(({ lambda }) => typeof lambda !== 'string')) count.irrational++;
        const here = scaled(pointOf(at, pattern, data));
        const value = loss(at, here);
        expect(downhill(at, here, next)).toBeGreaterThan(value - 1e-9 * (1 + value));
        for (let k = 0; k < 200; k++) {
          const [one, size] = [k % 4, Math.min(1e-4, room(at, here))];
          const shift = (x: number, i: number): number => (one === 3 || one === i ? x + size * next() : x);
          const near = {
            e: here.e.map((row, i) => row.map((x) => shift(x, i))),
            u: here.u.map((column, i) => column.map((x) => shift(x, i))),
          };
          expect(loss(at, near)).toBeGreaterThan(value - 1e-12 * (1 + value));
        }
      }
    }),
    {
      numRuns: amount(300, 1500),
      seed: 7,
      // Found by earlier runs: a zero target and directions whose float eigenvector overflows; a kink 0.0013 from a minimum.
      examples: [
        [
          {
            wp: [
              [-1, -2, 1],
              [2, 0, -2],
              [1, 1, 1],
              [-2, -2, 1],
            ],
            wr: [
              [1, 0],
              [0, -1],
              [1, -1],
              [-1, 0],
            ],
            weights: [1, 1, 2, 1],
            owner: [0, 1, 0, 1],
          },
          214712,
        ],
        [
          {
            wp: [
              [2, 2, 1],
              [1, 1, 0],
              [0, 2, -1],
              [0, 0, 1],
            ],
            wr: [
              [0, 2],
              [0, 1],
              [-1, -1],
              [0, 0],
            ],
            weights: [1, 1, 2, 1],
            owner: [0, 0, 0, 1],
          },
          0,
        ],
      ],
    },
  );
  expect(count.minima).toBeGreaterThan(amount(3, 20));
  expect(count.faces).toBeGreaterThan(1);
  expect(count.irrational).toBeGreaterThan(1);
});

interface Down {
  readonly way: string;
  readonly neuron: number;
  readonly v: string[];
  readonly u?: string[];
}

test('saddle: the way down that it names goes down', () => {
  const count = new Map<string, number>();
  fc.assert(
    fc.property(cases, (drawn) => {
      const { m, pattern, at } = read(drawn);
      if (!pattern.every((set) => set.length === 0 || weighted(drawn, set))) return;
      for (const proof of proposals(m, pattern).saddles) {
        if (!accepted(critical(true, pattern, 'saddle'), proof, m)) continue;
        const { down, ...data } = proof as PointData & { down: Down };
        count.set(down.way, (count.get(down.way) ?? 0) + 1);
        const here = pointOf(at, pattern, data);
        const i = down.neuron - 1;
        const v = down.v.map(float);
        const length = Math.hypot(...v);
        const losses = [1e-1, 1e-2, 1e-3, 1e-4].map((t) => {
          const e = step(here.e[i]!, v, t / length);
          const set = zeroBased(pattern)[i]!;
          // A bend wakes features of no set: the decoder is the best for those as well.
          const woken = at.w.flatMap((w, t) => (!pattern.flat().includes(t + 1) && inner(e, w) > 0 ? [t] : []));
          const u =
            down.way === 'turn' || down.way === 'bend'
              ? bestColumn(at, down.way === 'bend' ? [...set, ...woken] : set, e).u
              : down.way === 'wake'
                ? step(here.u[i]!, down.u!.map(float), t / length)
                : here.u[i]!;
          return loss(at, { e: here.e.with(i, e), u: here.u.with(i, u) });
        });
        // To first or second order: by more than rounding at some step.
        expect(Math.min(...losses)).toBeLessThan(loss(at, here) - 1e-13);
      }
    }),
    { numRuns: amount(100, 300), seed: 7 },
  );
  for (const way of ['turn', 'cross', 'wake']) expect([way, count.get(way) ?? 0]).not.toEqual([way, 0]);
});

test('critical-point: each block is best given the other, over the encoders that show the pattern', () => {
  const count = { points: 0, faces: 0 };
  fc.assert(
    fc.property(cases, integer(1e6), (drawn, seed) => {
      const { m, pattern, at } = read(drawn);
      if (!pattern.every((set) => set.length === 0 || weighted(drawn, set))) return;
      const next = numbers(seed);
      for (const proof of proposals(m, pattern).points) {
        if (!accepted(critical(true, pattern), proof, m)) continue;
        count.points++;
        const data = proof as PointData;
        if (data.live.some(({ mu }) => mu.length > 0)) count.faces++;
        const here = pointOf(at, pattern, data);
        const value = loss(at, here);
        here.e.forEach((row, i) => {
          const set = zeroBased(pattern)[i]!;
          at.w.forEach((w, d) => {
            if (set.includes(d)) expect(inner(row, w)).toBeGreaterThan(1e-9);
            else expect(inner(row, w)).toBeLessThan(1e-9);
          });
        });
        for (let k = 0; k < 60; k++) {
          const size = 10 ** -(k % 4);
          const columns = here.u.map((column) => column.map((x) => x + size * next()));
          expect(loss(at, { ...here, u: columns })).toBeGreaterThan(value - 1e-9 * (1 + value));
          const rows = here.e.map((row) => row.map((x) => x + size * next()));
          const shows = rows.every((row, i) =>
            at.w.every((w, d) => zeroBased(pattern)[i]!.includes(d) === inner(row, w) > 0),
          );
          if (shows) expect(loss(at, { ...here, e: rows })).toBeGreaterThan(value - 1e-9 * (1 + value));
        }
      }
    }),
    { numRuns: amount(166, 500), seed: 7 },
  );
  expect(count.points).toBeGreaterThan(amount(15, 60));
  expect(count.faces).toBeGreaterThan(3);
});

/** Minima of the live neurons alone, each with several columns for the dead ones: what a rule that forgets about waking accepts. */
function minimaWithDead(drawn: Case, pattern: number[][]): unknown[] {
  const { wp, wr, weights } = drawn;
  const live = pattern.filter((set) => set.length > 0);
  const e = deadRow(instance({ wp, wr, weights })).e.entries().map(String);
  return proposals(instance({ wp, wr, weights, neurons: live.length }), live).minima.flatMap((proof) =>
    [
      ['0', '0'],
      ['1', '0'],
      ['-1', '0'],
      ['0', '1'],
      ['0', '-1'],
    ].map((u) => ({
      ...(proof as PointData),
      dead: pattern.filter((set) => set.length === 0).map(() => ({ e, u })),
    })),
  );
}

test('no-strict-trap and a minimum without kinks of live neurons never both pass', () => {
  const count = { none: 0, minima: 0 };
  fc.assert(
    fc.property(cases, (drawn) => {
      const { m, pattern, at } = read(drawn);
      if (!pattern.every((set) => set.length === 0 || weighted(drawn, set))) return;
      const proof = noStrictTrapProof(m, zeroBased(pattern));
      const goal: Judgement = {
        kind: 'judgement',
        predicate: 'strict-trap',
        truth: false,
        pattern: zeroBased(pattern),
      };
      if (!proof || !accepted(goal, proof, m)) return;
      count.none++;
      for (const minimum of [...proposals(m, pattern).minima, ...minimaWithDead(drawn, pattern)]) {
        count.minima++;
        if (!accepted(critical(true, pattern, 'minimum'), minimum, m)) continue;
        const { e } = pointOf(at, pattern, minimum as PointData);
        const kinks = e.flatMap((row, i) =>
          pattern[i]!.length === 0 ? [] : at.w.filter((w) => Math.abs(inner(row, w)) < 1e-9),
        );
        expect(kinks.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: amount(166, 500), seed: 7 },
  );
  expect(count.none).toBeGreaterThan(amount(2, 10));
  expect(count.minima).toBeGreaterThan(amount(2, 10));
});

test('mutants of accepted minima that are accepted too are minima', () => {
  const count = { mutants: 0, accepted: 0 };
  fc.assert(
    fc.property(cases, integer(1e6), (drawn, seed) => {
      const { m, pattern, at } = read(drawn);
      if (!pattern.every((set) => set.length === 0 || weighted(drawn, set))) return;
      const next = numbers(seed);
      for (const proof of proposals(m, pattern).minima.slice(0, 1)) {
        if (!accepted(critical(true, pattern, 'minimum'), proof, m)) continue;
        for (const [, mutant] of mutations(proof)) {
          count.mutants++;
          if (!accepted(critical(true, pattern, 'minimum'), mutant, m)) continue;
          count.accepted++;
          const here = scaled(pointOf(at, pattern, mutant as PointData));
          const value = loss(at, here);
          expect(downhill(at, here, next)).toBeGreaterThan(value - 1e-9 * (1 + value));
        }
      }
    }),
    { numRuns: amount(133, 400), seed: 7 },
  );
  expect(count.mutants).toBeGreaterThan(amount(75, 300));
  expect(count.accepted).toBeGreaterThan(amount(12, 50));
});
