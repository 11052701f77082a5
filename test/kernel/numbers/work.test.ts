import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/kernel/certificate.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { bounded, keep, MOST_WORDS, room, spend, words } from '../../../src/kernel/numbers/work.ts';
import { all, computed, not, some } from '../../../src/kernel/proof/goal.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { resealed, type Value } from '../../theorems/mutate.ts';
import { said } from '../said.ts';

const replay = (document: Value) => check(resealed(document), CLAIMS, sha256);
const code = (result: unknown): string => (result instanceof Rejection ? result.code : 'accepted');
const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
};

const certificate = (claim: string, reading: string, instance: Value, witness: Value, verdict = 'holds'): Value => ({
  format: 'dictum/certificate@1',
  claim,
  reading,
  instance,
  verdict,
  witness,
});

describe('the bound on the work of a check', () => {
  test('counts 64-bit words', () => {
    expect([0n, 1n, -1n, 2n ** 64n - 1n, 1n - 2n ** 64n].map(words)).toEqual([1, 1, 1, 1, 1]);
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 64n, max: 2n ** 2000n }), (x) => {
        const least = Math.ceil(x.toString(2).length / 64);
        for (const size of [words(x), words(-x)]) {
          expect(size).toBeGreaterThanOrEqual(least);
          expect(size).toBeLessThanOrEqual(least + 1);
        }
      }),
    );
  });

  test('ends what costs more, and only while a check runs', () => {
    expect(bounded(() => spend(10), 10)).toBeUndefined();
    expect(code(caught(() => bounded(() => spend(11), 10)))).toBe('too-much-work');
    spend(10 ** 15);
    const half = Rational.of(1n, 2n);
    const squares = (steps: number): Rational => {
      let x = half;
      for (let k = 0; k < steps; k++) x = x.times(x);
      return x;
    };
    expect(bounded(() => squares(10), 200_000).den).toBe(2n ** 1024n);
    expect(code(caught(() => bounded(() => squares(40), 10_000_000)))).toBe('too-much-work');
    const long = Vector.ints(new Array<bigint>(100).fill(3n ** 5000n), 2n ** 9000n);
    expect(code(caught(() => bounded(() => long.dot(long), 1_000_000)))).toBe('too-much-work');
    expect(squares(12).den).toBe(2n ** 4096n);
  });

  test('a matrix of four thousand squared entries behind a short file', () => {
    const neurons = 4000;
    const instance = {
      format: 'dictum/instance@1',
      name: 'wide',
      features: [{ label: '1', wp: ['1'] }],
      activation: { kind: 'relu' },
      neurons,
      pattern: Array.from({ length: neurons }, () => [1]),
      we: Array.from({ length: neurons }, () => ['1']),
      wd: [Array.from({ length: neurons }, () => '1')],
    };
    const witness = { hypotheses: { 'in-region': 'compute' }, conclusion: ['compute', 'compute', 'compute'] };
    expect(code(replay(certificate('T2', 'repaired', instance, witness)))).toBe('too-much-work');
  });

  test('one set of thirty thousand features, each of which could be split off', () => {
    const n = 30_000;
    const instance = {
      format: 'dictum/instance@1',
      name: 'one set',
      features: Array.from({ length: n }, (_, d) => ({ label: `${d}`, wp: ['1'] })),
      activation: { kind: 'jumprelu', theta: '1' },
      neurons: 1,
      pattern: [Array.from({ length: n }, (_, d) => d + 1)],
    };
    const hypotheses = {
      'unit-norm': 'compute',
      'has-parent': 'compute',
      realizable: { rule: 'realizes', we: [['2']] },
    };
    const witness = { hypotheses, conclusion: [] };
    expect(code(replay(certificate('T8', 'paper', instance, witness)))).toBe('too-much-work');
  });
});

describe('long lists and deep trees', () => {
  test('goals of two hundred thousand parts, in arrays or one by one', () => {
    const part = computed(true, said('so'));
    const parts = new Array(200_000).fill(part);
    for (const of of [all, some]) {
      expect(not(not(of(parts)))).toEqual(of(parts));
      expect(of(part, [part, part], part)).toEqual({ kind: of === all ? 'all' : 'some', of: [part, part, part, part] });
    }
  });

  test('a table with a hundred and fifty thousand denominators is decided', () => {
    const instance = {
      format: 'dictum/report@1',
      name: 'long',
      source: 'nowhere',
      tau: '0.95',
      recovery: '50.00',
      mean: '0.5',
      denominators: Array.from({ length: 150_000 }, () => 3),
    };
    const hypotheses = { 'names-denominators': 'compute' };
    const refuted = { hypotheses, conclusion: Array.from({ length: 150_000 }, () => 'compute') };
    expect(code(replay(certificate('B1-count', 'ours', instance, refuted, 'refuted')))).toBe('accepted');
    const short = { hypotheses, conclusion: ['compute'] };
    expect(code(replay(certificate('B1-count', 'ours', instance, short, 'refuted')))).toBe('wrong-size');
  });

  test('a pattern tree thirty thousand features deep is walked, not run into the stack', () => {
    const n = 30_000;
    const instance = {
      format: 'dictum/instance@1',
      name: 'deep',
      features: Array.from({ length: n }, (_, d) => ({ label: `${d}`, wp: ['1'] })),
      activation: { kind: 'relu' },
      neurons: 1,
    };
    const term = (d: number) => [{ feature: d, weight: '1' }];
    // {} and all: whoever has one feature on and a later one off is excluded, deepest first.
    const farkas = [
      ...Array.from({ length: n - 1 }, (_, k) => ({ on: term(1), off: term(n - k) })),
      { on: term(2), off: term(1) },
    ];
    const tree = { rule: 'pattern-tree', count: '2', farkas, leaves: [['1'], ['0']] };
    const witness = { hypotheses: { activation: 'compute' }, conclusion: tree };
    const start = certificate('R-count', 'ours', instance, witness);
    expect(code(replay(start))).not.toBe('accepted');
    const few = 40;
    const small = { ...instance, features: instance.features.slice(0, few) };
    const leaves = [['1'], ...Array.from({ length: few - 1 }, (_, k) => k + 1)];
    const excluded = [
      ...Array.from({ length: few - 1 }, (_, k) => ({ on: term(1), off: term(few - k) })),
      ...Array.from({ length: few - 1 }, (_, k) => ({ on: term(k + 2), off: term(1) })),
    ];
    // Feature 1 off: then 2 on is excluded, 3 on is excluded, ..; at last the empty set.
    const rest = Array.from({ length: few - 1 }, (_, k) => few + k);
    const whole = { rule: 'pattern-tree', count: '2', farkas: excluded, leaves: [...leaves, ...rest, ['0']] };
    const accepted = certificate('R-count', 'ours', small, { ...witness, conclusion: whole });
    expect(code(replay(accepted))).toBe('accepted');
    for (const wrong of [
      { count: '3' },
      { leaves: [...leaves, ...rest] },
      { leaves: [...leaves, ...rest, ['0'], ['0']] },
    ]) {
      const changed = certificate('R-count', 'ours', small, { ...witness, conclusion: { ...whole, ...wrong } });
      expect(['wrong-count', 'missing-data', 'wrong-size']).toContain(code(replay(changed)));
    }
  });
});

describe('memory and long numbers', () => {
  test('a grid of pairs is refused before it is made', () => {
    const n = 12_000;
    const instance = {
      format: 'dictum/instance@1',
      name: 'grid',
      features: Array.from({ length: n }, (_, d) => ({ label: `${d}`, wp: ['1'] })),
      activation: { kind: 'relu' },
      neurons: n,
      we: Array.from({ length: n }, () => ['1']),
      wd: [new Array<string>(n).fill('1')],
    };
    expect(code(replay(certificate('T4', 'paper', instance, { hypotheses: {}, conclusion: 'compute' })))).toBe(
      'too-much-work',
    );
  });

  test('one long denominator among many entries is refused before each of them is written with it', () => {
    const length = 100_000;
    const long = Array.from({ length: 5 }, (_, k) => `1/${'7'.repeat(19_000 + k)}`);
    const wp = [...long, ...new Array<string>(length).fill('1')];
    const instance = {
      format: 'dictum/instance@1',
      name: 'long',
      features: [{ label: '1', wp }],
      activation: { kind: 'relu' },
      neurons: 1,
    };
    const witness = { fails: 'unit-norm', proof: 'compute' };
    expect(code(replay(certificate('T3', 'paper', instance, witness, 'not-applicable')))).toBe('too-much-work');
  });

  test('a table at one time, and what is read in all, are counted apart', () => {
    const half = MOST_WORDS / 2 + 1;
    const rooms = (): void => {
      room(half);
      room(half);
    };
    const kept = (): void => {
      keep(half);
      keep(half);
    };
    expect(bounded(rooms)).toBeUndefined();
    expect(code(caught(() => bounded(kept)))).toBe('too-much-work');
    expect(code(caught(() => bounded(() => room(MOST_WORDS + 1))))).toBe('too-much-work');
    expect([room(MOST_WORDS + 1), kept()]).toEqual([undefined, undefined]);
  });

  test('a check within a search has its own limit, and what it spends is the search\u2019s too', () => {
    const within = (limit: number): unknown =>
      caught(() =>
        bounded(() => {
          bounded(() => spend(80), 100);
          spend(10);
        }, limit),
      );
    expect(within(90)).toBeUndefined();
    expect(code(within(89))).toBe('too-much-work');
    // The outer one is spent, and the check goes on all the same.
    expect(bounded(() => bounded(() => 'checked', 100), 0)).toBe('checked');
    expect(code(caught(() => bounded(() => bounded(() => spend(101), 100), 1000)))).toBe('too-much-work');
  });

  test('gcds are charged: sums of fractions of ten thousand digits, each with another denominator', () => {
    const fraction = (k: number): Rational => Rational.of(1n, 3n ** 20_000n + BigInt(k));
    const total = (count: number): Rational =>
      Array.from({ length: count }, (_, k) => fraction(k)).reduce((sum, x) => sum.plus(x), Rational.of(0n));
    expect(bounded(() => total(2)).sign()).toBe(1);
    expect(code(caught(() => bounded(() => total(1000), 1_000_000_000)))).toBe('too-much-work');
  });
});
