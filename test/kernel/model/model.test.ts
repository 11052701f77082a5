import fc from 'fast-check';
import { derivative, parse } from 'mathjs';
import { describe, expect, test } from 'vitest';
import type { Pattern } from '../../../src/kernel/model/instance.ts';
import {
  approximateLoss,
  evaluate,
  gradients,
  patternShown,
  patternText,
  pencil,
  samePattern,
} from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { judge, prove } from '../../../src/kernel/proof/goal.ts';
import { RULES } from '../../../src/solve/proofs/rules.ts';
import { type Case, smallCase } from '../arbitraries.ts';
import { activeAt, add, exact, inner, lossAt, lossWithin, moved, type Point, point, type Row, ZERO } from '../naive.ts';
import { configuration, expectRejection, instance, node, q, vector } from '../read.ts';

/** The case with its active sets, where there is no tie. */
function decided({ plain, at }: Case) {
  const active = activeAt(exact(plain), point(at));
  fc.pre(active !== 'tie');
  const m = instance(plain);
  return { active: active as boolean[][], m, c: configuration(m, at), exact: exact(plain), at: point(at) };
}

/** A zero configuration but for one entry: a coordinate direction. */
function direction(at: Point, block: 'e' | 'u', i: number, k: number): Point {
  const zero = (rows: readonly Row[]): Row[] => rows.map((row) => row.map(() => ZERO));
  const by = { e: zero(at.e), u: zero(at.u) };
  by[block][i] = (by[block][i] as Row).map((x, j) => (j === k ? q(1) : x));
  return by;
}

test('pre-activations, active sets and loss agree with sums over single entries', () => {
  fc.assert(
    fc.property(smallCase(), (random) => {
      const { plain, at } = random;
      const m = instance(plain);
      const c = configuration(m, at);
      const expected = lossAt(exact(plain), point(at));
      if (expected === 'tie') return void expectRejection(() => approximateLoss(m, c), 'tie', '$');
      expect(approximateLoss(m, c)).toEqual(expected);
      expect(evaluate(m, [c]).active).toEqual(activeAt(exact(plain), point(at)));
    }),
    { numRuns: 400 },
  );
});

describe('gradients', () => {
  test('equal the derivatives mathjs finds, region fixed', () => {
    fc.assert(
      fc.property(smallCase(), (random) => {
        const { m, c, active } = decided(random);
        const { plain, at } = random;
        const z = (i: number, d: number): string => `(${plain.wp[d]!.map((w, k) => `(${w}) * e${i}_${k}`).join('+')})`;
        const residual = (d: number, j: number): string =>
          [`(${plain.wr[d]![j]})`, ...active.flatMap((row, i) => (row[d] ? [`${z(i, d)} * u${i}_${j}`] : []))].join(
            ' - ',
          );
        const terms = plain.wp.flatMap((_, d) =>
          plain.wr[d]!.map((_, j) => `${plain.weights[d]} * (${residual(d, j)})^2`),
        );
        const loss = parse(terms.join(' + '));
        const named = (block: 'e' | 'u'): [string, string | number][] =>
          at[block].flatMap((row, i) => row.map((x, k): [string, string | number] => [`${block}${i}_${k}`, x]));
        const scope = Object.fromEntries([...named('e'), ...named('u')]);
        // Small integers: mathjs is exact on them.
        const symbolic = (name: string): Rational => q(derivative(loss, name, { simplify: false }).evaluate(scope));
        const { we, wd } = gradients(m, c);
        expect(we.map((row) => row.entries())).toEqual(at.e.map((row, i) => row.map((_, k) => symbolic(`e${i}_${k}`))));
        expect(wd.map((row) => row.entries())).toEqual(at.u.map((row, i) => row.map((_, k) => symbolic(`u${i}_${k}`))));
      }),
      { numRuns: 60 },
    );
  });

  test('equal central differences, which are exact: on a region the loss is quadratic in each block', () => {
    fc.assert(
      fc.property(smallCase(), fc.constantFrom('1', '1/7', '100'), (random, step) => {
        const { m, c, active, exact: model, at } = decided(random);
        const h = q(step);
        const found = gradients(m, c);
        for (const [block, name] of [
          ['e', 'we'],
          ['u', 'wd'],
        ] as const) {
          at[block].forEach((row, i) => {
            row.forEach((_, k) => {
              const by = direction(at, block, i, k);
              const [up, down] = [h, h.negated()].map((t) => lossWithin(model, moved(at, by, t), active)) as [
                Rational,
                Rational,
              ];
              expect(found[name][i]!.at(k)).toEqual(up.minus(down).over(h.times(q(2))));
            });
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('slack is <residual, u> at each kink', () => {
    const m = instance({
      wp: [
        [1, 0],
        [0, 1],
      ],
      wr: [[1], [3]],
    });
    const { slack } = gradients(m, configuration(m, { e: [[1, 0]], u: [[2]] }));
    expect(slack).toEqual([q(6)]);
  });
});

describe('along curves', () => {
  test('the loss polynomial takes the value of the loss at every small t > 0', () => {
    let compared = 0;
    const terms = smallCase().chain((first) =>
      fc.tuple(fc.constant(first), fc.array(fc.nat(), { minLength: 24, maxLength: 24 })),
    );
    fc.assert(
      fc.property(terms, ([{ plain, at }, noise]) => {
        let next = 0;
        const noisy = (rows: readonly (readonly number[])[]): number[][] =>
          rows.map((row) => row.map(() => ((noise[next++ % 24] as number) % 5) - 2));
        const [first, second] = [0, 1].map(() => ({ e: noisy(at.e), u: noisy(at.u) }));
        const m = instance(plain);
        const start = configuration(m, at);
        const read = (by: typeof first) => ({ ...configuration(m, { ...at, ...by }) });
        // |z|, slopes and curvatures are below 20 and integers or halves apart: orders settle well before 1/1000.
        const t = q('1/1000');
        const model = exact(plain);
        const there = moved(moved(point(at), point(first!), t), point(second!), t.times(t));
        const expected = lossAt(model, there);
        if (expected === 'tie') return;
        compared++;
        const { loss } = evaluate(m, [start, read(first), read(second)]);
        expect(loss.reduceRight((value, x) => value.times(t).plus(x), ZERO)).toEqual(expected);
        expect(loss.length).toBeLessThanOrEqual(9);
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  test('E5 under ReLU: 1 - 2 t^2 + 2 t^4', () => {
    const m = instance({
      wp: [
        [1, 0],
        [0, 1],
      ],
      neurons: 2,
    });
    const start = configuration(m, {
      e: [
        [1, 1],
        [0, 0],
      ],
      u: [
        ['1/2', '1/2'],
        [0, 0],
      ],
    });
    const step = configuration(m, {
      e: [
        [0, 0],
        [1, -1],
      ],
      u: [
        [0, 0],
        [1, -1],
      ],
    });
    const { loss } = evaluate(m, [start, step]);
    expect(loss.slice(0, 5)).toEqual(vector(1, 0, -2, 0, 2).entries());
  });
});

describe('the pattern shown', () => {
  const wp = [[1], [-1]];
  test.each([
    ['relu', { kind: 'relu' }, [[1], [-1]], [[0], [1]]],
    ['jumprelu, at the threshold', { kind: 'jumprelu', theta: '1' }, [[1], [-2]], [[], [1]]],
    ['identity: the positive ones, though all are active', { kind: 'identity' }, [[1], [0]], [[0], []]],
    ['topk', { kind: 'topk', k: 1 }, [[1], [2]], [[], [0]]],
    ['topk-pure: negative ones too', { kind: 'topk-pure', k: 1 }, [[1], [2]], [[1], [0]]],
    ['batchtopk', { kind: 'batchtopk', k: 1 }, [[1], [2]], [[0], [0]]],
  ])('%s', (_, activation, we, expected) => {
    const m = instance({ wp, activation, neurons: 2 });
    expect(patternShown(m, configuration(m, { e: we, u: [[0], [0]] }))).toEqual(expected);
  });

  test('gated: where the gate is open and z positive, as Definition 3.1 has it; realizable are the sets gates are open on', () => {
    const m = instance({ wp, activation: { kind: 'gated' }, neurons: 1 });
    const at = configuration(m, { e: [[-5]], u: [[0]], gate: [[1]], bias: [0] });
    expect(patternShown(m, at)).toEqual([[]]);
    expect(patternShown(m, { ...at, we: at.we.map((e) => e.negated()) })).toEqual([[0]]);
    const opens = { rule: 'realizes', we: [['-5']], gate: [['1']], bias: ['0'] };
    const realizes = (pattern: Pattern) => () =>
      prove(judge({ predicate: 'realizable', pattern }), node(opens), { instance: m, rules: RULES, facts: [] });
    expect(realizes([[0]])).not.toThrow();
    expectRejection(realizes([[]]), 'wrong-pattern', '$.we');
  });

  test('gated without gates is no model: nothing is taken for closed', () => {
    const m = instance({ wp, activation: { kind: 'gated' }, neurons: 1 });
    expectRejection(() => patternShown(m, { we: [Vector.of([Rational.of(1n)])] }), 'missing-data', '$.instance');
  });

  test('same pattern, and its text', () => {
    expect(samePattern([[0, 1], []], [[0, 1], []])).toBe(true);
    for (const other of [[[0, 1]], [[0, 1], [], []], [[0], []], [[0, 2], []], [[], [0, 1]]]) {
      expect(samePattern([[0, 1], []], other)).toBe(false);
    }
    expect(patternText([[0, 1], []])).toBe('({1,2},{})');
  });
});

test('the pencil: e^T A e / e^T B e is what the best decoder saves', () => {
  fc.assert(
    fc.property(smallCase(fc.constant({ kind: 'identity' })), ({ plain, at }) => {
      const one = { ...plain, neurons: 1 };
      const m = instance(one);
      const { a, b, c } = pencil(
        m,
        plain.wp.map((_, d) => d),
      );
      const e = at.e[0]!.map(q);
      const apply = (rows: typeof a): Row => rows.map((row) => inner(row.entries(), e));
      const s = inner(e, apply(b));
      fc.pre(s.sign() > 0);
      const u = apply(c).map((x) => x.over(s));
      const { weights, wr } = exact(one);
      const whole = weights.reduce((total, w, d) => total.plus(w.times(inner(wr[d]!, wr[d]!))), ZERO);
      const best = { e: [e], u: [u] };
      const all = [plain.wp.map(() => true)];
      expect(lossWithin(exact(one), best, all)).toEqual(whole.minus(inner(e, apply(a)).over(s)));
      // And it is the best one: no other decoder does better.
      const worse = lossWithin(exact(one), { e: [e], u: [add(u, at.u[0]!.map(q))] }, all);
      expect(worse.compare(lossWithin(exact(one), best, all))).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 100 },
  );
});
