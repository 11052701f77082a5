import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/kernel/model/instance.ts';
import {
  type Configuration,
  configurationOf,
  type Instance,
  patternOf,
  readInstance,
} from '../../../src/kernel/model/instance.ts';
import { approximateLoss, samePattern } from '../../../src/kernel/model/model.ts';
import { fixesActiveSets, regionPattern } from '../../../src/kernel/model/region.ts';
import type { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { combine, type Matrix, Vector } from '../../../src/kernel/numbers/vector.ts';
import { judge } from '../../../src/kernel/proof/goal.ts';
import { halfHessians } from '../../../theorems/biconvexity/statement.ts';
import { integer, smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, expectRejection, node, q } from '../../kernel/read.ts';
import { accept } from '../../kernel/rules/proofs.ts';
import { canonical, codeOf, decided } from '../decided.ts';

const REGIONS: readonly Region[] = ['threshold', 'positive', 'active'];

it('pure Top-1: loss 25/4 > 15/4 between 0 and 25/4', () => {
  const { verdict, facts } = decided('T2', 'paper', 'topk-pure');
  expect(verdict).toBe('refuted');
  expect(facts).toContain('L~ = 0 and 25/4, between them 25/4 > 15/4');
  expect(decided('T2', 'repaired', 'topk-pure-active').verdict).toBe('holds');
});

it.each(['relu', 'jumprelu', 'identity', 'top-1', 'batchtopk', 'gated'])(
  'holds as the paper reads it for %s',
  (name) => {
    expect(decided('T2', 'paper', name).verdict).toBe('holds');
  },
);

it('as the walkthrough reads it Top-1 fails where two pre-activations are positive', () => {
  expect(decided('T2', 'walkthrough', 'top-1-two-positive').verdict).toBe('refuted');
  expect(decided('T2', 'paper', 'top-1-two-positive').verdict).toBe('not-applicable');
});

const form = (matrix: Matrix, x: Vector): Rational => x.dot(combine(x.entries(), matrix, x.length));
const flat = (rows: Matrix): Vector => Vector.of(rows.flatMap((row) => row.entries()));

it('the Hessians are the second differences of L~', () => {
  const half = q('1/1000');
  for (const name of ['relu', 'jumprelu', 'identity', 'top-1', 'batchtopk', 'gated', 'topk-pure-active']) {
    const m = canonical('T2', name);
    const at = configurationOf(m);
    const step = (rows: Matrix): Matrix =>
      rows.map((row, i) => Vector.of(row.entries().map((_, k) => half.times(q(3 * i - 2 * k + 1)))));
    const moved = (by: Partial<Configuration>, sign: number): Configuration => ({
      ...at,
      we: at.we.map((row, i) => (by.we ? row.plus((by.we[i] as Vector).times(q(sign))) : row)),
      wd: at.wd.map((row, i) => (by.wd ? row.plus((by.wd[i] as Vector).times(q(sign))) : row)),
    });
    const second = (by: Partial<Configuration>): Rational =>
      approximateLoss(m, moved(by, 1))
        .plus(approximateLoss(m, moved(by, -1)))
        .minus(approximateLoss(m, at).times(q(2)));
    const { decoder, encoder } = halfHessians(m);
    const [we, wd] = [step(at.we), step(at.wd)];
    expect(`${second({ we })}`).toBe(`${form(encoder, flat(we)).times(q(2))}`);
    const rows = Array.from({ length: m.nr }, (_, r) => form(decoder, Vector.of(wd.map((u) => u.at(r)))));
    expect(`${second({ wd })}`).toBe(`${rows.reduce((a, b) => a.plus(b)).times(q(2))}`);
  }
});

/** Omega_P sampled: where the kernel says that the region fixes the active sets, no chord may refute it. */
it('no sampled chord refutes a region that the kernel accepts', () => {
  let chords = 0;
  fc.assert(
    fc.property(
      smallCase(),
      fc.array(fc.array(integer(4), { minLength: 9, maxLength: 9 }), { minLength: 6, maxLength: 6 }),
      ({ plain, at }, others) => {
        const m = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
        const here = configurationOf(m);
        const encoders = others.map((list) =>
          here.we.map((row, i) => Vector.ints(row.num.map((_, k) => BigInt(list[3 * i + k] as number)))),
        );
        for (const region of REGIONS) {
          for (const we of encoders) chords += chord(m, region, here, we) ? 1 : 0;
        }
      },
    ),
    { numRuns: 300, seed: 3 },
  );
  expect(chords).toBeGreaterThan(300);
});

function chord(m: Instance, region: Region, here: Configuration, we: Matrix): boolean {
  try {
    const pattern = regionPattern(m, here, region);
    const there = { ...here, we };
    if (!samePattern(regionPattern(m, there, region), pattern) || !fixesActiveSets(m, pattern, region)) return false;
    const half = q('1/2');
    const between = { ...here, we: here.we.map((row, i) => row.plus(we[i] as Vector).times(half)) };
    expect(regionPattern(m, between, region)).toEqual(pattern);
    const ends = approximateLoss(m, here).plus(approximateLoss(m, there)).times(half);
    expect(approximateLoss(m, between).compare(ends)).toBeLessThanOrEqual(0);
    return true;
  } catch (thrown) {
    if (thrown instanceof Rejection) return false;
    throw thrown;
  }
}

describe('changed certificates', () => {
  const pure = decided('T2', 'paper', 'topk-pure').certificate;
  const relu = decided('T2', 'paper', 'relu').certificate;
  const violation = (document: Record<string, unknown>): Record<string, unknown> =>
    (document.witness as { conclusion: { proof: Record<string, unknown> } }).conclusion.proof;
  const parts = (document: Record<string, unknown>): Record<string, unknown>[] =>
    (document.witness as { conclusion: Record<string, unknown>[] }).conclusion;

  it.each([
    ['the chord at its end', { at: '1' }, 'out-of-range'],
    ['the chord at its start', { at: '0' }, 'out-of-range'],
    ['a point of the chord with the same neuron', { at: '1/10' }, 'does-not-hold'],
    ['an end outside the region', { to: [['2'], ['-3/2']] }, 'wrong-pattern'],
    ['a start outside the region', { from: [['2'], ['-3/2']] }, 'wrong-pattern'],
    ['another decoder', { wd: [['0', '0']] }, 'does-not-hold'],
    ['a tie between the ends', { at: '1/2' }, 'tie'],
    ['the positive rule', { rule: 'fixed-active-sets' }, 'wrong-rule'],
  ])('%s', (_, change, code) => {
    expect(codeOf(pure, (document) => Object.assign(violation(document), change))).toBe(code);
  });

  it.each([
    ['no rule for one part', [0, { rule: 'ldl' }], 'wrong-rule'],
    ['data where none is needed', [0, { at: '1/2' }], 'unknown-key'],
    [
      'a negative pivot',
      [
        1,
        {
          definite: {
            l: [
              ['1', '0'],
              ['0', '1'],
            ],
            d: ['-1', '1'],
          },
        },
      ],
      'negative-pivot',
    ],
    [
      'factors of another matrix',
      [
        2,
        {
          definite: {
            l: [
              ['1', '0', '0', '0'],
              ['0', '1', '0', '0'],
              ['0', '0', '1', '0'],
              ['0', '0', '0', '1'],
            ],
            d: ['1', '1', '1', '1'],
          },
        },
      ],
      'wrong-factors',
    ],
  ] as const)('%s', (_, [k, change], code) => {
    expect(codeOf(relu, (document) => Object.assign(parts(document)[k] as object, change))).toBe(code);
  });

  it('the positive rule where the region leaves the active sets open', () => {
    const m = canonical('T2', 'topk-pure');
    const goal = judge({ predicate: 'biconvex', pattern: patternOf(m), region: 'positive' });
    expectRejection(() => accept(goal, { rule: 'fixed-active-sets' }, m), 'not-implied', '$');
  });
});
