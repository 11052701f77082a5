/** Certified counts: the kernel accepts them, and no copy with one entry changed unless it says the same. */
import { describe, expect, test } from 'vitest';
import type { Activation, Instance } from '../../../src/kernel/model/instance.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { countProof } from '../../../src/solve/patterns/countProof.ts';
import type { Signs } from '../../../src/solve/patterns/region.ts';
import { accept, mutations } from '../../kernel/rules/proofs.ts';
import { braid, degenerate, enumerate, generic, instance, resonance, threshold } from './arrangements.ts';

const counted = (of: Signs): Judgement => ({ kind: 'judgement', predicate: 'counted', truth: true, of });

function codeOf(proof: unknown, m: Instance, of: Signs): string {
  try {
    accept(counted(of), proof, m);
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown.code;
    throw thrown;
  }
}

function proofOf(m: Instance, of: Signs): { rule: string; count: string; [key: string]: unknown } {
  const found = countProof(m, of);
  if ('why' in found) throw new Error(found.why);
  return found.proof as { rule: string; count: string };
}

const cases: [string, Instance, Signs, string, string][] = [
  ['resonance 4', instance(resonance(4)), 'chambers', '370', 'deletion-restriction'],
  ['resonance 4', instance(resonance(4)), 'sets', '370', 'deletion-restriction'],
  ['resonance 5', instance(resonance(5)), 'sets', '11292', 'deletion-restriction'],
  ['threshold 4', instance(threshold(4)), 'chambers', '1882', 'deletion-restriction'],
  ['braid 4', instance(braid(4)), 'sets', '24', 'deletion-restriction'],
  ['generic, spanning positively', instance(generic(9, 3, 5)), 'sets', '75', 'deletion-restriction'],
  ['opposite pair', instance([[1], [-1]]), 'sets', '3', 'deletion-restriction'],
  [
    'two opposite pairs',
    instance([
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]),
    'sets',
    '9',
    'pattern-tree',
  ],
  [
    'two opposite pairs',
    instance([
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]),
    'chambers',
    '4',
    'deletion-restriction',
  ],
];

describe('the kernel accepts the count', () => {
  test.each(cases)('%s', (_, m, of, count, rule) => {
    const proof = proofOf(m, of);
    expect(proof).toMatchObject({ rule, count });
    expect(accept(counted(of), proof, m).at(-1)).toMatchObject({ relation: 'counted', of, truth: true, count });
    const wrong = { ...proof, count: `${Number(count) + 1}` };
    expect(codeOf(wrong, m, of)).toBe('wrong-count');
  });

  const theta = Rational.of(3n, 2n);
  const activations: Activation[] = [
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'gated' },
    { kind: 'jumprelu', theta },
  ];
  test.each(activations)('what it accepts is what enumeration finds: $kind', (activation) => {
    for (let seed = 1; seed <= 12; seed++) {
      const m = instance(degenerate(7, 3, seed), activation);
      for (const of of ['sets', 'chambers'] as const) {
        const proof = proofOf(m, of);
        accept(counted(of), proof, m);
        expect(proof.count).toBe(`${enumerate(m, of).sets.length}`);
      }
    }
  });
});

/** A tree for `of`, also where deletion and restriction would do: the first feature is doubled by its opposite. */
describe('trees', () => {
  const m = instance([
    [1, 0],
    [-1, 0],
    [1, 1],
    [2, 2],
    [-1, 2],
  ]);
  const proof = proofOf(m, 'sets');

  test('every mutant is refused, but for points and weights that serve as well', () => {
    expect(proof.rule).toBe('pattern-tree');
    const codes = new Map<string, number>();
    for (const [at, mutant] of mutations(proof)) {
      const code = codeOf(mutant, m, 'sets');
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // Another point of the same region, another vector that excludes the node, or one more that is not used.
      if (code === 'accepted') expect(at).toMatch(/^\.leaves\[\d+\](\[\d+\])?=|^\.farkas long$/);
    }
    for (const code of [
      'wrong-count',
      'wrong-pattern',
      'farkas-unequal',
      'missing-key',
      'missing-data',
      'wrong-size',
    ]) {
      expect([code, codes.get(code) ?? 0]).not.toEqual([code, 0]);
    }
  });

  test('a leaf or a vector in the wrong place', () => {
    const { leaves, farkas } = proof as unknown as {
      leaves: (number | string[])[];
      farkas: { on: object[]; off: object[] }[];
    };
    const points = leaves.flatMap((leaf, k) => (typeof leaf === 'number' ? [] : [k]));
    const numbers = leaves.flatMap((leaf, k) => (typeof leaf === 'number' ? [k] : []));
    const [first, second] = points as [number, number];
    const swapped = leaves.with(first, leaves[second]!).with(second, leaves[first]!);
    expect(codeOf({ ...proof, leaves: swapped }, m, 'sets')).toBe('wrong-pattern');
    const without = leaves.filter((_, k) => k !== numbers[0]);
    expect(['missing-data', 'not-implied', 'wrong-pattern']).toContain(
      codeOf({ ...proof, leaves: without }, m, 'sets'),
    );
    expect(codeOf({ ...proof, leaves: leaves.with(first, 1) }, m, 'sets')).toBe('not-implied');
    expect(codeOf({ ...proof, leaves: [...leaves, 1] }, m, 'sets')).toBe('wrong-size');
    const empty = farkas.with(0, { on: [], off: farkas[0]!.off });
    expect(codeOf({ ...proof, farkas: empty }, m, 'sets')).toBe('empty-farkas');
  });

  test('for chambers a point may be on no hyperplane, and `off` alone excludes', () => {
    const pair = instance([[1], [-1]]);
    const tree = {
      rule: 'pattern-tree',
      count: '2',
      farkas: [
        {
          on: [
            { feature: 1, weight: '1' },
            { feature: 2, weight: '1' },
          ],
          off: [],
        },
      ],
    };
    const none = {
      on: [],
      off: [
        { feature: 1, weight: '1' },
        { feature: 2, weight: '1' },
      ],
    };
    const both = { ...tree, farkas: [...tree.farkas, none] };
    expect(codeOf({ ...both, leaves: [1, ['1'], ['-1'], 2] }, pair, 'chambers')).toBe('accepted');
    expect(codeOf({ ...both, leaves: [1, ['1'], ['-1'], ['0']] }, pair, 'chambers')).toBe('at-a-kink');
    expect(codeOf({ ...both, leaves: [1, ['1'], ['-1'], 2] }, pair, 'sets')).toBe('empty-farkas');
    expect(codeOf({ ...tree, count: '3', leaves: [1, ['1'], ['-1'], ['0']] }, pair, 'sets')).toBe('accepted');
  });
});

describe('deletion and restriction', () => {
  const m = instance(resonance(3));
  const spanning = instance(generic(9, 3, 5));

  test('sets need a side, or a dependency in general position', () => {
    expect(codeOf({ rule: 'deletion-restriction', count: '32' }, m, 'sets')).toBe('missing-data');
    expect(codeOf({ rule: 'deletion-restriction', count: '32', side: ['1', '0', '0'] }, m, 'sets')).toBe(
      'not-positive',
    );
    expect(codeOf({ rule: 'deletion-restriction', count: '32', side: ['1', '1', '1'] }, m, 'chambers')).toBe(
      'wrong-side',
    );
    const proof = proofOf(spanning, 'sets') as { rule: string; count: string; dependency: string[] };
    expect(codeOf({ ...proof, dependency: proof.dependency.with(0, '0') }, spanning, 'sets')).toBe('not-positive');
    expect(codeOf({ ...proof, dependency: proof.dependency.map((x) => `${-Number(x)}`) }, spanning, 'sets')).toBe(
      'not-positive',
    );
    expect(codeOf({ ...proof, dependency: proof.dependency.with(0, '1/977') }, spanning, 'sets')).toBe(
      'farkas-unequal',
    );
    const pairs = instance([
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]);
    const all = { rule: 'deletion-restriction', count: '5', dependency: ['1', '1', '1', '1'] };
    expect(codeOf(all, pairs, 'sets')).toBe('does-not-hold');
  });

  test('it proves nothing else', () => {
    const proof = { rule: 'deletion-restriction', count: '32' };
    const other: Judgement = { kind: 'judgement', predicate: 'counted', truth: false, of: 'chambers' };
    expect(() => accept(other, proof, m)).toThrow();
  });

  test('an arrangement that would take too long is refused', () => {
    const large = instance(generic(300, 250, 1));
    expect(codeOf({ rule: 'deletion-restriction', count: '1' }, large, 'chambers')).toBe('too-much-work');
  });
});

test('where a list of points would be too long, that and the number of chambers is the reason', () => {
  // Opposite directions are on no common side; 22 independent lines have 2^22 chambers.
  const rows = Array.from({ length: 22 }, (_, i) => Array.from({ length: 22 }, (_, j) => (i === j ? 1 : 0)));
  const m = instance([...rows, ...rows.map((row) => row.map((x) => (x === 0 ? 0 : -x)))]);
  expect(countProof(m, 'sets')).toEqual({ why: expect.stringContaining('there are 4194304 chambers') });
  expect(proofOf(m, 'chambers')).toMatchObject({ rule: 'deletion-restriction', count: '4194304' });
});
