/**
 * What an accepted proof promises, tried on the numbers: random instances, random proofs, and the naive model in place of
 * the kernel's. Each property counts its acceptances, so that it cannot pass by refusing everything.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { amount } from '../../thorough.ts';
import { array, type Case, grid, integer, smallCase } from '../arbitraries.ts';
import { activeAt, add, exact, inner, lossAt, moved, type Point, plainRows, point, type Row, ZERO } from '../naive.ts';
import {
  configuration,
  configurationDocument,
  instance,
  type Plain,
  type PlainConfiguration,
  q,
  type Rows,
  refused,
} from '../read.ts';
import { accept, partialMinimum } from './proofs.ts';

const judgement = (
  predicate: 'local-minimum' | 'global-minimum',
  truth: boolean,
  plain: Plain,
  at: PlainConfiguration,
): Judgement => ({
  kind: 'judgement',
  predicate,
  truth,
  at: configuration(instance(plain), at),
});
const matVec = (rows: readonly Row[], v: Row): Row => rows.map((row) => inner(row, v));
const sumOuter = (weights: Row, left: readonly Row[], right: readonly Row[]): Row[] =>
  (left[0] as Row).map((_, i) =>
    left.reduce(
      (total: Row, l, d) => add(total, right[d] as Row, (weights[d] as Rational).times(l[i] as Rational)),
      (right[0] as Row).map(() => ZERO),
    ),
  );

/** A, B, C of all features, per entry. */
function pencilOf(plain: Plain): { a: Row[]; b: Row[]; c: Row[] } {
  const { wp, wr, weights } = exact(plain);
  const c = sumOuter(weights, wr, wp);
  return {
    a: sumOuter(
      c.map(() => q(1)),
      c,
      c,
    ),
    b: sumOuter(weights, wp, wp),
    c,
  };
}

/** L D L^T of a symmetric matrix of size 1 or 2, as long as it is semidefinite; otherwise whatever comes out. */
function factor(matrix: readonly Row[]): object {
  const [a, b, , d] = matrix.flat() as [Rational, Rational?, Rational?, Rational?];
  if (!b || !d) return { l: [['1']], d: [`${a}`] };
  if (a.sign() === 0)
    return {
      l: [
        ['1', '0'],
        ['0', '1'],
      ],
      d: ['0', `${d}`],
    };
  return {
    l: [
      ['1', '0'],
      [`${b.over(a)}`, '1'],
    ],
    d: [`${a}`, `${d.minus(b.times(b).over(a))}`],
  };
}

/** One neuron on some features: rational eigenvectors exist where n_p = 1, and where n_r = 1 (then e = B^-1 c is the top one). */
const pencils = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom([1, 2], [2, 1], [1, 1], [2, 2]),
    fc.constantFrom<Record<string, unknown>>(
      { kind: 'relu' },
      { kind: 'identity' },
      { kind: 'jumprelu', theta: '1/2' },
      { kind: 'topk', k: 1 },
      { kind: 'batchtopk', k: 1 },
      { kind: 'topk-pure', k: 1 },
    ),
  )
  .chain(([n, [np, nr], activation]) =>
    fc.record({
      wp: array(
        array(integer(2), np!).filter((w) => w.some((x) => x !== 0)),
        n,
      ),
      wr: grid(integer(2), n, nr!),
      weights: array(fc.integer({ min: 1, max: 3 }), n),
      activation: fc.constant(activation),
      e: array(integer(2), np!),
      scale: fc.constantFrom(1, 2, 5),
    }),
  );

type Pencil = typeof pencils extends fc.Arbitrary<infer T> ? T : never;

/** An eigenvector where one is at hand, else the row as it is, with the best decoder and factors for its lambda. */
function candidate({
  e: row,
  scale,
  ...plain
}: Pencil): { plain: Plain; at: PlainConfiguration; definite: object } | undefined {
  const active = activeAt(exact(plain), { e: [row.map(q)], u: [] });
  if (active === 'tie' || active[0]!.every((on) => !on)) return undefined;
  const on = <T>(of: readonly T[]): T[] => of.filter((_, d) => active[0]![d]);
  const { a, b, c } = pencilOf({ wp: on(plain.wp), wr: on(plain.wr), weights: on(plain.weights) });
  let e: Row = row.map(q);
  const [p, r, , s] = b.flat() as [Rational, Rational, Rational, Rational];
  if (c.length === 1 && e.length === 2) {
    const det = p.times(s).minus(r.times(r));
    const [x, y] = c[0] as [Rational, Rational];
    if (det.sign() > 0) e = [s.times(x).minus(r.times(y)), p.times(y).minus(r.times(x))];
  }
  e = e.map((x) => x.times(q(scale)));
  const size = inner(e, matVec(b, e));
  if (size.sign() <= 0) return undefined;
  const lambda = inner(e, matVec(a, e)).over(size);
  const u = matVec(c, e).map((x) => x.over(size));
  const definite = factor(
    b.map((line, i) =>
      add(
        line.map((x) => x.times(lambda)),
        a[i] as Row,
        q(-1),
      ),
    ),
  );
  return { plain, at: { e: plainRows([e]), u: plainRows([u]) }, definite };
}

/** A point near this one with the same active sets, in that direction. */
function nearby(plain: Plain, at: Point, by: Point): Point | undefined {
  const here = JSON.stringify(activeAt(exact(plain), at));
  let t = q(1);
  for (let k = 0; k < 12; k++, t = t.times(q('1/4'))) {
    const there = moved(at, by, t);
    if (JSON.stringify(activeAt(exact(plain), there)) === here) return there;
  }
  return undefined;
}

test('top-eigenvalue: no rational point nearby has a smaller loss', () => {
  let [accepted, compared] = [0, 0];
  fc.assert(
    fc.property(pencils, array(array(integer(3), 5), 6), fc.boolean(), (random, noise, spoiled) => {
      const found = candidate(random);
      fc.pre(found !== undefined);
      const { plain, at, definite } = found!;
      // Half of the points are moved off the eigenvector or the best decoder: most of these must be refused.
      const placed = spoiled
        ? { ...at, u: at.u.map((row) => row.map((x, k) => `${q(x).plus(q(noise[0]![k]!).times(q('1/7')))}`)) }
        : at;
      const goal = judgement('local-minimum', true, plain, placed);
      if (refused(() => accept(goal, { rule: 'top-eigenvalue', definite: [definite] }, instance(plain)))) return;
      accepted++;
      const here = lossAt(exact(plain), point(placed)) as Rational;
      for (const [e0, e1, u0, u1] of noise as [number, number, number, number, number][]) {
        const by = {
          e: point(placed).e.map((row) => row.map((_, k) => q(k === 0 ? e0 : e1))),
          u: point(placed).u.map((row) => row.map((_, k) => q(k === 0 ? u0 : u1))),
        };
        const there = nearby(plain, point(placed), by);
        if (there) compared++;
        if (there) expect((lossAt(exact(plain), there) as Rational).compare(here)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: amount(200, 600), seed: 7 },
  );
  expect(accepted).toBeGreaterThan(amount(12, 60));
  expect(compared).toBeGreaterThan(amount(5 * 12, 5 * 60));
});

test('descent-curve: some rational t > 0 has a smaller loss', () => {
  let accepted = 0;
  const curves = smallCase().chain((from) =>
    fc.tuple(
      fc.constant(from),
      array(
        fc.record({
          e: grid(integer(2), from.at.e.length, from.at.e[0]!.length),
          u: grid(integer(2), from.at.u.length, from.at.u[0]!.length),
        }),
        2,
      ),
    ),
  );
  fc.assert(
    fc.property(curves, ([{ plain, at }, steps]: [Case, { e: number[][]; u: number[][] }[]]) => {
      const m = exact(plain);
      const here = lossAt(m, point(at));
      fc.pre(here !== 'tie');
      const documents = steps.map(configurationDocument);
      const proof = {
        rule: 'descent-curve',
        we: documents.map((step) => step.we),
        wd: documents.map((step) => step.wd),
      };
      if (refused(() => accept(judgement('local-minimum', false, plain, at), proof, instance(plain)))) return;
      accepted++;
      const lower = [3, 6, 9, 12, 15, 20].some((k) => {
        const t = Rational.of(1n, 2n ** BigInt(k));
        const there = lossAt(m, moved(moved(point(at), point(steps[0]!), t), point(steps[1]!), t.times(t)));
        return there !== 'tie' && there.compare(here as Rational) < 0;
      });
      expect(lower).toBe(true);
    }),
    { numRuns: amount(170, 500), seed: 7 },
  );
  expect(accepted).toBeGreaterThan(amount(12, 60));
});

test('partial-minimum: neither block alone improves on it, with the pattern kept', () => {
  let accepted = 0;
  const shown = (plain: Plain, at: Point): number[][] =>
    (activeAt(exact(plain), at) as boolean[][]).map((row) => row.flatMap((on, d) => (on ? [d + 1] : [])));
  fc.assert(
    fc.property(pencils, grid(integer(4), 8, 2), fc.boolean(), (random, noise, second) => {
      const found = candidate(random);
      fc.pre(found !== undefined);
      const { plain } = found!;
      // A second neuron that rests: it may be dead, or feed other features without effect.
      const at: PlainConfiguration = second
        ? {
            e: [...found!.at.e, noise[0]!.slice(0, random.e.length)],
            u: [...found!.at.u, found!.at.u[0]!.map(() => 0)],
          }
        : found!.at;
      const whole = { ...plain, neurons: at.e.length };
      if (activeAt(exact(whole), point(at)) === 'tie') return;
      const pattern = shown(whole, point(at));
      if (
        refused(() =>
          accept(
            partialMinimum(true, pattern),
            { rule: 'partial-minimum', ...configurationDocument(at) },
            instance(whole),
          ),
        )
      )
        return;
      accepted++;
      const here = lossAt(exact(whole), point(at)) as Rational;
      expect(here.sign()).toBe(1);
      for (const by of noise) {
        const wiggle = (rows: Rows): Row[] =>
          rows.map((row, i) => row.map((x, k) => q(x).plus(q(by[(i + k) % 2]!).times(q('1/4')))));
        const decoder = lossAt(exact(whole), { ...point(at), u: wiggle(at.u) }) as Rational;
        expect(decoder.compare(here)).toBeGreaterThanOrEqual(0);
        const moved = { ...point(at), e: wiggle(at.e) };
        if (activeAt(exact(whole), moved) === 'tie' || JSON.stringify(shown(whole, moved)) !== JSON.stringify(pattern))
          continue;
        expect((lossAt(exact(whole), moved) as Rational).compare(here)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: amount(200, 600), seed: 7 },
  );
  expect(accepted).toBeGreaterThan(amount(8, 40));
});
