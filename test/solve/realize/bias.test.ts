/**
 * With a bias for each neuron: sets of points that a half-space cuts off. Another solver's answers (glpk.js), and numbers of linear dichotomies
 * that nobody here made: Cover 1965; OEIS A000609 (threshold functions of n variables), A114146 (of an n x n grid).
 */
import GLPK, { type LP } from 'glpk.js/node';
import { describe, expect, test } from 'vitest';
import { countDocument } from '../../../src/commands/patterns/text.ts';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { certify } from '../../../src/library/certify.ts';
import { InputError } from '../../../src/library/error.ts';
import { type InstanceDocument, instanceFrom, withBias } from '../../../src/library/instance.ts';
import { patterns } from '../../../src/library/patterns.ts';
import { realize } from '../../../src/library/realize.ts';
import { countWithoutListing } from '../../../src/solve/patterns/countProof.ts';

const glpk = await GLPK();

/** Maximize t with e.w + b >= t for `on` and e.w + b <= -t for `off`, entries of e within [-1, 1]. */
function margin(on: readonly number[][], off: readonly number[][], dimension: number): number {
  const names = [...Array.from({ length: dimension }, (_, k) => `e${k}`), 'b'];
  const row = (w: readonly number[], sign: number, name: string): LP['subjectTo'][number] => ({
    name,
    vars: [...[...w, 1].map((coef, k) => ({ name: names[k]!, coef: sign * coef })), { name: 't', coef: -1 }],
    bnds: { type: glpk.GLP_LO, lb: 0, ub: 0 },
  });
  const lp: LP = {
    name: 'margin',
    objective: { direction: glpk.GLP_MAX, name: 't', vars: [{ name: 't', coef: 1 }] },
    subjectTo: [...on.map((w, k) => row(w, 1, `on${k}`)), ...off.map((w, k) => row(w, -1, `off${k}`))],
    bounds: [
      ...names.map((name) => ({ name, type: name === 'b' ? glpk.GLP_FR : glpk.GLP_DB, lb: -1, ub: 1 })),
      { name: 't', type: glpk.GLP_DB, lb: -1, ub: 1 },
    ],
  };
  return glpk.solve(lp, { msglev: glpk.GLP_MSG_OFF, presol: false }).result.z;
}

/** A small linear congruential generator, so that the instances are the same everywhere. */
function* integers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield ((state >>> 16) % 19) - 9;
  }
}

/** The input 0 is one as any other here, so the points are inputs. */
const given = (points: readonly (readonly number[])[]): InstanceDocument => ({
  format: 'dictum/instance@2',
  name: 'points',
  subject: 'inputs',
  encoderBias: 'free',
  features: points.map((wp, d) => ({ label: `${d + 1}`, wp })),
  activation: { kind: 'relu' },
  neurons: 1,
});

describe('realizability', () => {
  test.each([
    [8, 2],
    [12, 4],
    [30, 7],
    [40, 19],
  ])('of %i points in dimension %i agrees with glpk where its margin is clear, on 125 sets', (n, p) => {
    const random = integers(n * 1000 + p);
    const clear = { yes: 0, no: 0 };
    for (let run = 0; run < 125; run++) {
      const w = Array.from({ length: n }, () => Array.from({ length: p }, () => random.next().value));
      if (new Set(w.map(String)).size < n) continue;
      // Half of the sets are those that some row and bias show: of 30 at random in dimension 8 next to none can be separated.
      const e = Array.from({ length: p }, () => random.next().value);
      const b = 5 * random.next().value;
      const chosen = w.map((row) =>
        run % 2 ? random.next().value > 0 : row.reduce((z, x, k) => z + x * e[k]!, b) > 0,
      );
      const [on, off] = [w.filter((_, d) => chosen[d]), w.filter((_, d) => !chosen[d])];
      const t = margin(on, off, p);
      const set = chosen.flatMap((is, d) => (is ? [d + 1] : []));
      const answer = realize(given(w), { pattern: [set] });
      if (t > 1e-6) {
        clear.yes++;
        expect(answer.verdict).toBe('realizable');
      } else if (t < 1e-9) {
        clear.no++;
        expect(answer.verdict).toBe('not-realizable');
      }
    }
    expect(clear.yes).toBeGreaterThan(20);
    if (n > 2 * p + 4) expect(clear.no).toBeGreaterThan(10);
  });

  test('a row has its bias last, and the answer says that there is one', () => {
    const line = { ...given([[1], [2], [3]]) };
    expect(realize(line, { pattern: [[3]] })).toMatchObject({ with: ['encoder-bias', 'inputs'], realizable: true });
    expect(realize(line, { pattern: [[2]] })).toMatchObject({
      verdict: 'not-realizable',
      farkas: { on: [{ feature: 2, weight: '1' }], off: [{ feature: 1 }, { feature: 3 }] },
      sentence: expect.stringMatching(/^with an encoder bias .*: \{2\} is not realizable: w_2 = 1\/2 w_1 \+ 1\/2 w_3$/),
    });
  });
});

/** Maximize t <= 1 with e.w + b >= t for `on` and e.w + b <= 0 for `off`, b given. */
function marginGiven(on: readonly number[][], off: readonly number[][], dimension: number, b: number): number {
  const names = Array.from({ length: dimension }, (_, k) => `e${k}`);
  const vars = (w: readonly number[]): LP['subjectTo'][number]['vars'] =>
    w.map((coef, k) => ({ name: names[k] ?? '', coef }));
  const lp: LP = {
    name: 'margin',
    objective: { direction: glpk.GLP_MAX, name: 't', vars: [{ name: 't', coef: 1 }] },
    subjectTo: [
      ...on.map((w, k) => ({
        name: `on${k}`,
        vars: [...vars(w), { name: 't', coef: -1 }],
        bnds: { type: glpk.GLP_LO, lb: -b, ub: 0 },
      })),
      ...off.map((w, k) => ({ name: `off${k}`, vars: vars(w), bnds: { type: glpk.GLP_UP, lb: 0, ub: -b } })),
    ],
    bounds: [
      ...names.map((name) => ({ name, type: glpk.GLP_DB, lb: -1e4, ub: 1e4 })),
      { name: 't', type: glpk.GLP_DB, lb: -1e4, ub: 1 },
    ],
  };
  const { status, z } = glpk.solve(lp, { msglev: glpk.GLP_MSG_OFF, presol: false }).result;
  return status === glpk.GLP_OPT ? z : -1;
}

describe('biases that are given', () => {
  test.each([1, -1, 3, -2])(
    '%d: a set can be shown iff it can with the input 0 on for b > 0 and off for b < 0; as glpk says of 125 sets',
    (b) => {
      const [n, p] = [7, 3];
      const random = integers(90 + b);
      const found = { yes: 0, no: 0 };
      for (let run = 0; run < 125; run++) {
        const w = Array.from({ length: n }, () => Array.from({ length: p }, () => random.next().value));
        if (new Set([...w.map(String), String(w[0]?.map(() => 0))]).size < n + 1) continue;
        const e = Array.from({ length: p }, () => random.next().value);
        const chosen = w.map((row) =>
          run % 2 ? random.next().value > 0 : row.reduce((z, x, k) => z + x * (e[k] ?? 0), b) > 0,
        );
        const set = chosen.flatMap((is, d) => (is ? [d + 1] : []));
        const answer = realize(given([...w, w[0]?.map(() => 0) ?? []]), { pattern: [b > 0 ? [...set, n + 1] : set] });
        const t = marginGiven(
          w.filter((_, d) => chosen[d]),
          w.filter((_, d) => !chosen[d]),
          p,
          b,
        );
        expect(answer.verdict).toBe(t > 1e-6 ? 'realizable' : 'not-realizable');
        found[t > 1e-6 ? 'yes' : 'no']++;
      }
      expect(Math.min(found.yes, found.no)).toBeGreaterThan(10);
    },
  );

  test('are refused in the format, and the hint says how to ask', () => {
    const document = { ...given([[1], [2]]), encoderBias: ['1/2'] } as never;
    expect(() => realize(document, { pattern: [[1]] })).toThrow(InputError);
  });
});

/** 2 sum_{k <= p} C(n - 1, k). */
function cover(n: number, p: number): number {
  let [sum, term] = [0, 1];
  for (let k = 0; k <= p; k++) {
    sum += term;
    term = (term * (n - 1 - k)) / (k + 1);
  }
  return 2 * sum;
}

const cube = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, x) => Array.from({ length: n }, (_, k) => (x >> k) & 1));
const grid = (n: number): number[][] => Array.from({ length: n * n }, (_, x) => [x % n, Math.floor(x / n)]);
/** On the moment curve no p + 1 points lie on a hyperplane. */
const curve = (n: number, p: number): number[][] =>
  Array.from({ length: n }, (_, x) => Array.from({ length: p }, (_, k) => (x + 1) ** (k + 1)));

const known: readonly (readonly [string, number[][], number])[] = [
  ['threshold functions of 1 variable', cube(1), 4],
  ['of 2 variables', cube(2), 14],
  ['of 3 variables', cube(3), 104],
  ['of 4 variables', cube(4), 1882],
  ['of a grid of 2 x 2', grid(2), 14],
  ['of 3 x 3', grid(3), 58],
  ['of 4 x 4', grid(4), 174],
  ['of 5 x 5', grid(5), 402],
  ['of 6 x 6', grid(6), 838],
  ...(
    [
      [5, 1],
      [5, 2],
      [8, 2],
      [7, 3],
      [9, 4],
      [4, 6],
    ] as const
  ).map(([n, p]) => [`of ${n} points in general position in dimension ${p}`, curve(n, p), cover(n, p)] as const),
];

describe('numbers of linear dichotomies', () => {
  test.each(known)('%s', (_, points, many) => {
    const found = patterns(given(points));
    expect(found).toMatchObject({ complete: true, found: many, chambers: many, with: ['encoder-bias', 'inputs'] });
    expect(new Set(found.sets.map(String)).size).toBe(many);
    // With a bias all are shown off the kinks.
    expect(countWithoutListing(instanceFrom(given(points)), 'sets').found).toBe(BigInt(many));
  });

  test('of 5 variables, without listing them', () => {
    expect(countWithoutListing(instanceFrom(given(cube(5))), 'sets').found).toBe(94572n);
  });

  test('certified', () => {
    const result = certify('R-count', given(grid(3)));
    expect(result).toMatchObject({ verdict: 'holds', with: ['encoder-bias', 'inputs'], facts: [{ count: '58' }] });
  });

  test('with a threshold for each neuron it is the same', () => {
    const activation = { kind: 'jumprelu', theta: ['2'] } as const;
    expect(patterns({ ...given(grid(3)), activation }).found).toBe(58);
  });

  test('not without the bias', () => {
    const { encoderBias: _, ...plain } = given(cube(2));
    // The ray of (0, 0) is none; (1, 0), (0, 1), (1, 1) have four half-planes with (1, 1) and ({1}), ({2}), {}.
    expect(patterns(plain).found).toBe(6);
  });
});

describe('the option', () => {
  const first: InstanceDocument = {
    format: 'dictum/instance@1',
    name: 'three',
    features: [
      { label: 'north', wp: [0, 1] },
      { label: 'east', wp: [1, 0] },
      { label: 'between', wp: ['4/5', '3/5'] },
    ],
    activation: { kind: 'relu' },
    neurons: 1,
  };
  test('gives an instance of the first format biases', () => {
    expect(realize(first, { pattern: [['between']] }).verdict).toBe('not-realizable');
    expect(realize(first, { pattern: [['between']], bias: 'none' }).verdict).toBe('not-realizable');
    expect(realize(first, { pattern: [['between']], bias: 'free' })).toMatchObject({
      verdict: 'realizable',
      with: ['encoder-bias'],
    });
    expect([patterns(first).found, patterns(first, { bias: 'free' }).found]).toEqual([6, 8]);
  });
  test('and takes them away', () => {
    const free: InstanceDocument = { ...first, format: 'dictum/instance@2', encoderBias: 'free' };
    expect(realize(free, { pattern: [['between']], bias: 'none' }).verdict).toBe('not-realizable');
  });
  test('of a configuration the biases are 0', () => {
    const at = { we: [[1, 0]], wd: [[1], [0]] };
    const m: Instance = withBias(instanceFrom({ ...first, ...at }), 'free');
    expect(m.configuration?.we.map(String)).toEqual(['(1, 0, 0)']);
    expect(() => withBias(m, 'none')).toThrow(InputError);
  });
  test.each([
    ['gates', { activation: { kind: 'gated' } }, 'unknown-word'],
    ['a distribution', { distribution: { joint: [] } }, 'unknown-key'],
    ['anchors', { anchors: [1] }, 'unknown-key'],
  ] as const)('not with %s', (_, more, code) => {
    const asked = () => certify('R', { ...first, ...more, pattern: [[3]] }, { bias: 'free' });
    expect(asked).toThrow(expect.objectContaining({ code }));
  });
  test('thresholds for neurons keep their number', () => {
    const m: InstanceDocument = {
      ...first,
      format: 'dictum/instance@2',
      activation: { kind: 'jumprelu', theta: ['1'] },
    };
    expect(realize(m, { pattern: [['between']] }).verdict).toBe('realizable');
    expect(() => realize(m, { pattern: [[1], [2]] })).toThrow(expect.objectContaining({ code: 'wrong-size' }));
  });
  test('counts say so as documents', () => {
    const result = { features: 1, dimension: 2, strict: false, gates: false, found: 2n, chambers: 2n };
    expect(countDocument({ ...result, with: ['encoder-bias'] })).toMatchObject({ with: ['encoder-bias'] });
    expect(countDocument(result)).not.toHaveProperty('with');
  });
});
