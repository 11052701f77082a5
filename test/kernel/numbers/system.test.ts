/** Multiples that add up to 0 > 0: never where there is a solution; and what a pattern asks of its rows is what the model shows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeUnits, kinks, thresholdOf } from '../../../src/kernel/model/activation.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import {
  absurd,
  brokenAt,
  type Inequality,
  RATIONALS,
  type System,
  sumsToZero,
} from '../../../src/kernel/numbers/system.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { inequality } from '../../../src/kernel/rules/realizability.ts';
import { instance } from '../read.ts';

const of = (n: number): Rational => Rational.of(BigInt(n));
const ints = (entries: readonly number[]): Vector => Vector.ints(entries.map(BigInt));
const at = { path: '$' };

const small = fc.integer({ min: -3, max: 3 });
const relation = fc.constantFrom<Inequality['relation'][]>('>', '=', '<=', '<', 'any');
const systems = fc.array(
  fc.record({ normal: fc.array(small, { minLength: 2, maxLength: 2 }), relation, bound: small }),
  { minLength: 1, maxLength: 4 },
);
const systemOf = (rows: readonly { normal: number[]; relation: Inequality['relation']; bound: number }[]): System =>
  rows.map(({ normal, relation, bound }) => ({ normal: ints(normal), relation, bound: of(bound) }));

const codeOf = (run: () => unknown): string => {
  try {
    return `${run()}`;
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown.code;
    throw thrown;
  }
};

/** Points of a fine grid that satisfy the system, by arithmetic on numbers. */
function solutions(rows: readonly { normal: number[]; relation: string; bound: number }[]): number[][] {
  const grid = Array.from({ length: 33 }, (_, k) => (k - 16) / 4);
  const holds = (x: number[]): boolean =>
    rows.every(({ normal, relation, bound }) => {
      const value = (normal[0] as number) * (x[0] as number) + (normal[1] as number) * (x[1] as number) - bound;
      return { '>': value > 0, '=': value === 0, '<=': value <= 0, '<': value < 0, any: true }[relation];
    });
  return grid.flatMap((a) => grid.map((b) => [a, b])).filter(holds);
}

test('no sum is accepted where there is a solution, and many are where there is none', () => {
  let accepted = 0;
  fc.assert(
    fc.property(systems, fc.array(small, { minLength: 4, maxLength: 4 }), (rows, c) => {
      const multipliers = ints(c.slice(0, rows.length));
      if (codeOf(() => sumsToZero(systemOf(rows), [multipliers], at)) !== 'true') return;
      accepted += 1;
      expect(solutions(rows)).toEqual([]);
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(15);
});

test('a point is a solution as arithmetic on numbers says', () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(systems, small, small, (rows, a, b) => {
      const holds = brokenAt(systemOf(rows), ints([a, b])) === -1;
      seen.add(holds);
      expect(holds).toBe(solutions(rows).some(([x, y]) => x === a && y === b));
    }),
    { numRuns: 300, seed: 2 },
  );
  expect(seen.size).toBe(2);
});

describe('what is refused', () => {
  const row = (normal: number[], relation: Inequality['relation'], bound = 0): Inequality => ({
    normal: ints(normal),
    relation,
    bound: of(bound),
  });
  const opposite = [row([1, 0], '>'), row([-1, 0], '>')];
  test.each<[string, System, number[], string]>([
    ['x > 0 > x', opposite, [1, 1], 'true'],
    ['the same, one of them weak', [row([1, 0], '>'), row([1, 0], '<=')], [1, -1], 'true'],
    ['two weak ones are no contradiction', [row([1, 0], '<='), row([-1, 0], '<=')], [-1, -1], 'false'],
    ['nothing', opposite, [0, 0], 'false'],
    ['a sign that turns the relation round', opposite, [-1, -1], 'wrong-side'],
    ['one of which nothing is known', [...opposite, row([0, 1], 'any')], [1, 1, 1], 'wrong-side'],
    ['an equation may be taken either way', [row([1, 0], '>'), row([1, 0], '=')], [1, -1], 'true'],
    ['something is left', opposite, [1, 2], 'farkas-unequal'],
    ['x > 1 and x <= 2', [row([1, 0], '>', 1), row([1, 0], '<=', 2)], [1, -1], 'farkas-threshold'],
    ['x > 2 and x <= 1', [row([1, 0], '>', 2), row([1, 0], '<=', 1)], [1, -1], 'true'],
    ['no inequality at all', [], [], 'false'],
  ])('%s', (_, system, c, said) => {
    expect(codeOf(() => sumsToZero(system, [ints(c)], at))).toBe(said);
    if (said === 'false') expect(codeOf(() => absurd(system, [ints(c)], at))).toBe('empty-farkas');
  });

  test('too few multipliers, and multipliers with lambda among rationals', () => {
    expect(codeOf(() => sumsToZero(opposite, [], at))).toBe('wrong-side');
    expect(codeOf(() => sumsToZero(opposite, [ints([1, 1]), ints([1, 1])], at))).toBe('wrong-side');
    expect(RATIONALS.isZero([ints([0]), ints([1])])).toBe(false);
  });
});

test.each(['relu', 'identity', 'jumprelu', 'gated'])(
  '%s: the rows of a pattern hold just where the model shows it',
  (kind) => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(
        fc.array(
          fc.array(small, { minLength: 2, maxLength: 2 }).filter((w) => w.some((x) => x !== 0)),
          { minLength: 3, maxLength: 3 },
        ),
        fc.array(small, { minLength: 3, maxLength: 3 }),
        (wp, x) => {
          const m = instance({ wp, activation: kind === 'jumprelu' ? { kind, theta: '3/2' } : { kind } });
          const point = ints(kind === 'gated' ? x : x.slice(0, 2));
          const z = wp.map((w) => {
            const value = (w[0] as number) * (x[0] as number) + (w[1] as number) * (x[1] as number);
            return [of(kind === 'gated' ? value + (x[2] as number) : value)];
          });
          // A gate is open, and the sign of an identity is positive, where ReLU passes.
          const activation = kind === 'jumprelu' ? m.activation : ({ kind: 'relu' } as const);
          const active = activeUnits(activation, [z])[0] as readonly boolean[];
          const rows = active.map((on, d) => inequality(m, d, on ? '>' : '<='));
          expect(brokenAt(rows, point)).toBe(-1);
          const turned = active.map((on, d) => inequality(m, d, on ? '<=' : '>'));
          expect(turned.every((row) => brokenAt([row], point) === 0)).toBe(true);
          const atKink = kinks(activation, [z], [active]).some(([, d]) => d === 0);
          expect(brokenAt([inequality(m, 0, '<')], point) === -1).toBe(!active[0] && !atKink);
          expect(thresholdOf(m).sign()).toBe(kind === 'jumprelu' ? 1 : 0);
          for (const on of active) seen.add(on);
        },
      ),
      { numRuns: 200, seed: 3 },
    );
    expect(seen.size).toBe(2);
  },
);
