import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activation, Encoder, Pattern } from '../../../src/kernel/model/instance.ts';
import { patternShown } from '../../../src/kernel/model/model.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { type Matrix, Vector } from '../../../src/kernel/numbers/vector.ts';
import { realize, realizeSet } from '../../../src/solve/realize/realize.ts';
import { hasRealInput, realInputPath } from '../../realInput.ts';
import {
  decided,
  generator,
  instanceOf,
  ints,
  isRealizable,
  q,
  readWords,
  sample,
  vector,
  vectors,
} from '../support.ts';

const jump = (theta: string): Activation => ({ kind: 'jumprelu', theta: q(theta) });

const subsets = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, bits) => Array.from({ length: n }, (_, d) => d).filter((d) => (bits >> d) & 1));

describe('published numbers (theory, T8)', () => {
  const w = vectors('12/13 5/13', '12/13 -5/13', '-5/13 12/13', '-5/13 -12/13', '-7/25 24/25', '-7/25 -24/25');

  test('the hierarchy pattern is realizable, splitting {1} or {2} off is not', () => {
    expect(
      isRealizable(w, [
        [0, 1],
        [2, 4],
        [3, 5],
      ]),
    ).toBe(true);
    expect(isRealizable(w, [[0], [1], [2, 4], [3, 5]])).toBe(false);
    expect(isRealizable(w, [[1], [0], [2, 4], [3, 5]])).toBe(false);
    // w_1 = 169/119 w_2 + 120/119 w_3 is one refutation; the smallest instance has just four features.
    const answer = realizeSet(instanceOf(w.slice(0, 3)), [0]);
    expect(answer).toEqual({
      realizable: false,
      on: [{ feature: 1, weight: '119' }],
      off: [
        { feature: 2, weight: '169' },
        { feature: 3, weight: '120' },
      ],
    });
  });

  test('with a threshold each singleton of distinct unit directions is realizable', () => {
    for (const d of w.keys()) expect(isRealizable(w, [[d]], jump('1/2'))).toBe(true);
  });

  test('b = 5/6 (a + c): with a and c above a threshold b cannot stay below', () => {
    const abc = vectors('3/5 -4/5', '1 0', '3/5 4/5');
    expect(isRealizable(abc, [[0, 1, 2]], jump('1'))).toBe(true);
    expect(isRealizable(abc, [[0, 2]], jump('1'))).toBe(false);
    expect(isRealizable(abc, [[0, 1]], jump('1'))).toBe(true);
    const answer = realize(instanceOf(abc, jump('1')), [[0, 2]]);
    expect(answer).toMatchObject({ refutation: { rule: 'farkas', neuron: 1, off: [{ feature: 2, weight: '6' }] } });
  });
});

describe('degenerate directions', () => {
  test('repeated: both or none', () => {
    const w = vectors('1 0', '1 0', '0 1');
    expect(isRealizable(w, [[0, 1]])).toBe(true);
    expect(isRealizable(w, [[0]])).toBe(false);
    expect(isRealizable(w, [[0]], jump('2'))).toBe(false);
    expect(isRealizable(w, [[0]], { kind: 'gated' })).toBe(false);
  });

  test('opposite: not both, but one, or none', () => {
    const w = vectors('3/5 4/5', '-3/5 -4/5');
    expect(isRealizable(w, [[0, 1]])).toBe(false);
    expect(isRealizable(w, [[0]])).toBe(true);
    expect(isRealizable(w, [[]])).toBe(true);
    expect(isRealizable(w, [[0, 1]], { kind: 'gated' })).toBe(true);
  });

  test('multiples of one direction: told apart by a threshold and by a bias, not by ReLU', () => {
    const w = vectors('1 1', '2 2', '3 3');
    expect(isRealizable(w, [[2]])).toBe(false);
    expect(isRealizable(w, [[2]], jump('1'))).toBe(true);
    expect(isRealizable(w, [[1]], jump('1'))).toBe(false);
    expect(isRealizable(w, [[0]], jump('1'))).toBe(false);
    expect(isRealizable(w, [[0]], { kind: 'gated' })).toBe(true);
    expect(isRealizable(w, [[1]], { kind: 'gated' })).toBe(false);
  });

  test('dead neurons', () => {
    const w = vectors('1 0', '-1 1', '-1 -1');
    for (const activation of [
      { kind: 'relu' },
      { kind: 'identity' },
      { kind: 'gated' },
      jump('0'),
      jump('5'),
    ] as const) {
      expect(isRealizable(w, [[], []], activation)).toBe(true);
    }
  });

  test.each([3, 5, 8, 12, 15])('the ill-conditioned pair, N = 1e%i', (exponent) => {
    const N = 10n ** BigInt(exponent);
    const w = [Vector.ints([N, N - 1n]), Vector.ints([-N - 1n, -N])];
    for (const set of subsets(2)) expect(isRealizable(w, [set])).toBe(true);
  });
});

/** Directions in the plane that meet every cell of the arrangement of the lines <e, w_d> = 0, and 0. */
function planarEncoders(w: readonly (readonly [number, number])[]): [number, number][] {
  const rays = w.flatMap(([x, y]): [number, number][] => [
    [x, y],
    [-x, -y],
    [-y, x],
    [y, -x],
  ]);
  // Neighbouring boundary rays add up to a point between them; the w_d serve where all directions are parallel.
  return [[0, 0], ...rays, ...rays.flatMap(([x, y]) => rays.map(([s, t]): [number, number] => [x + s, y + t]))];
}

const key = (set: readonly number[]): string => set.join();

describe('an independent route: every cell of a planar arrangement', () => {
  const direction = fc
    .tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }))
    .filter(([x, y]) => x !== 0 || y !== 0);

  test('ReLU in two dimensions', () => {
    fc.assert(
      fc.property(fc.array(direction, { minLength: 1, maxLength: 5 }), (w) => {
        const shown = new Set(
          planarEncoders(w).map(([a, b]) =>
            key([...w.keys()].filter((d) => a * (w[d]?.[0] ?? 0) + b * (w[d]?.[1] ?? 0) > 0)),
          ),
        );
        for (const set of subsets(w.length)) expect(isRealizable(w.map(ints), [set])).toBe(shown.has(key(set)));
      }),
      { numRuns: 60 },
    );
  });

  test('a gate and a threshold on a line', () => {
    const points = fc.array(
      fc.integer({ min: -3, max: 3 }).filter((x) => x !== 0),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(points, (w) => {
        const lifted = w.map((x): [number, number] => [x, 1]);
        const encoders = planarEncoders(lifted);
        const shows = (a: number, b: number): string => key([...w.keys()].filter((d) => a * (w[d] ?? 0) + b > 0));
        const gates = new Set(encoders.map(([a, b]) => shows(a, b)));
        // A threshold is a bias below 0, scaled; the extra direction (0, 1) puts a boundary at bias 0.
        const below = planarEncoders([...lifted, [0, 1]]).filter(([, b]) => b < 0);
        const thresholds = new Set(below.map(([a, b]) => shows(a, b)));
        for (const set of subsets(w.length)) {
          const rows = w.map((x) => ints([x]));
          expect(isRealizable(rows, [set], { kind: 'gated' })).toBe(gates.has(key(set)));
          expect(isRealizable(rows, [set], jump('7/3'))).toBe(thresholds.has(key(set)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('competing neurons', () => {
  const kinds: Activation[] = [
    { kind: 'topk', k: 1 },
    { kind: 'topk', k: 2 },
    { kind: 'topk-pure', k: 1 },
    { kind: 'topk-pure', k: 2 },
    { kind: 'batchtopk', k: 1 },
    { kind: 'batchtopk', k: 2 },
  ];

  test.each(kinds)('$kind, k = $k: two neurons on a line, against every encoder that matters', (activation) => {
    // Cones of (e_1, e_2) are bounded by ratios of the w_d, +-1/2, +-1, +-2, so entries up to 6 meet each of them.
    for (const w of [[1], [1, -1], [1, 2], [1, -2, 2], [-1, -1, 2]]) {
      const instance = instanceOf(
        w.map((x) => ints([x])),
        activation,
        2,
      );
      const shown = new Set<string>();
      for (let a = -6; a <= 6; a++) {
        for (let b = -6; b <= 6; b++) {
          const pattern = patternOrTie(instance, { we: [ints([a]), ints([b])] });
          if (pattern) shown.add(JSON.stringify(pattern));
        }
      }
      for (const first of subsets(w.length)) {
        for (const second of subsets(w.length)) {
          const answer = decided(instance, [first, second]);
          expect([first, second, answer.realizable]).toEqual([
            first,
            second,
            shown.has(JSON.stringify([first, second])),
          ]);
        }
      }
    }
  });

  test('capacity is counted, the rest is refuted jointly', () => {
    const w = vectors('1 0', '0 1');
    const rule = (activation: Activation, pattern: Pattern): string =>
      decided(instanceOf(w, activation, pattern.length), pattern).rule;
    expect(rule({ kind: 'topk', k: 1 }, [[0], [0]])).toBe('capacity');
    expect(rule({ kind: 'topk-pure', k: 1 }, [[0], []])).toBe('capacity');
    expect(rule({ kind: 'topk-pure', k: 1 }, [[0], [1]])).toBe('realizes');
    expect(
      rule({ kind: 'topk-pure', k: 3 }, [
        [0, 1],
        [0, 1],
      ]),
    ).toBe('realizes');
    expect(rule({ kind: 'batchtopk', k: 1 }, [[0, 1], [0]])).toBe('capacity');
    expect(rule({ kind: 'batchtopk', k: 1 }, [[0, 1], []])).toBe('realizes');
    const twice = vectors('1 0', '2 0');
    expect(decided(instanceOf(twice, { kind: 'topk', k: 1 }, 2), [[0], [1]]).rule).toBe('farkas-joint');
    expect(decided(instanceOf(twice, { kind: 'batchtopk', k: 1 }, 2), [[0], [0]]).rule).toBe('farkas-joint');
    expect(decided(instanceOf(twice, { kind: 'batchtopk', k: 1 }, 2), [[1], [1]]).rule).toBe('realizes');
  });
});

/** The pattern an encoder shows, undefined if the kernel refuses a tie. */
function patternOrTie(instance: ReturnType<typeof instanceOf>, encoder: Encoder): Pattern | undefined {
  try {
    return patternShown(instance, encoder);
  } catch (thrown) {
    if (thrown instanceof Rejection && thrown.code === 'tie') return undefined;
    throw thrown;
  }
}

describe('every activation', () => {
  const activations: Activation[] = [
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'gated' },
    jump('0'),
    jump('3/2'),
    { kind: 'topk', k: 1 },
    { kind: 'topk', k: 2 },
    { kind: 'topk-pure', k: 2 },
    { kind: 'batchtopk', k: 1 },
  ];
  const nonzero = (np: number): fc.Arbitrary<number[]> =>
    fc
      .array(fc.integer({ min: -2, max: 2 }), { minLength: np, maxLength: np })
      .filter((row) => row.some((x) => x !== 0));
  const instances = fc
    .record({ np: fc.integer({ min: 1, max: 4 }), neurons: fc.integer({ min: 1, max: 3 }) })
    .chain(({ np, neurons }) =>
      fc.record({
        w: fc.array(nonzero(np), { minLength: 1, maxLength: 7 }).map((rows): Matrix => rows.map(ints)),
        encoder: fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: np, maxLength: np }), {
          minLength: neurons,
          maxLength: neurons,
        }),
        draws: fc.array(fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), {
          minLength: neurons,
          maxLength: neurons,
        }),
      }),
    );

  test.each(activations)(
    '$kind: what an encoder shows is realizable; any pattern is decided and replayed',
    (activation) => {
      let seen = 0;
      fc.assert(
        fc.property(instances, ({ w, encoder, draws }) => {
          const instance = instanceOf(w, activation, encoder.length);
          const we = encoder.map(ints);
          const gate = { rows: we, bias: Vector.zero(we.length) };
          const shown = patternOrTie(instance, activation.kind === 'gated' ? { we, gate } : { we });
          if (shown) seen++;
          if (shown) expect(decided(instance, shown).realizable).toBe(true);
          decided(
            instance,
            draws.map((row) => [...w.keys()].filter((d) => row[d])),
          );
        }),
        { numRuns: 150 },
      );
      expect(seen).toBeGreaterThan(50);
    },
  );

  test("a pattern with a set too many is the caller's mistake", () => {
    expect(() => realize(instanceOf([vector('1 0')]), [[0], []])).toThrow(RangeError);
  });
});

describe.skipIf(!hasRealInput())('word2vec, 1000 words in 300 dimensions', () => {
  const { labels, directions } = hasRealInput() ? readWords(realInputPath) : { labels: [], directions: [] };

  test('a family of words can be carried by one neuron', () => {
    for (const family of [
      ['son', 'wife', 'mother', 'father', 'brother'],
      ['two', 'three', 'four', 'five', 'seven'],
    ]) {
      const set = family.map((word) => labels.indexOf(word)).sort((a, b) => a - b);
      expect(isRealizable(directions, [set])).toBe(true);
    }
  });

  test('150 random words cannot, with ReLU or with a threshold', () => {
    const set = sample(generator(2512), directions.length, 150);
    expect(isRealizable(directions, [set])).toBe(false);
    expect(isRealizable(directions, [set], jump('1'))).toBe(false);
  });
});
