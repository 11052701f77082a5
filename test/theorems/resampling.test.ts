import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationOf, readInstance } from '../../src/kernel/instance.ts';
import { approximateLoss } from '../../src/kernel/model.ts';
import { Vector } from '../../src/kernel/vector.ts';
import { decrease } from '../../theorems/resampling/statement.ts';
import { integer, smallCase } from '../kernel/arbitraries.ts';
import { configurationDocument, document, node, q } from '../kernel/read.ts';
import { codeOf, decided } from './decided.ts';

describe('A2', () => {
  it('the paper: toward the worst reconstructed feature', () => {
    expect(decided('A2', 'paper', 'example-3-5')).toMatchObject({
      verdict: 'holds',
      facts: 'v = w_1 lowers L~ by 1/2',
    });
    expect(decided('A2', 'paper', 'cancelling')).toMatchObject({ verdict: 'refuted', facts: 'v = w_1 lowers L~ by 0' });
  });

  it('some row works, with the decrease of the formula', () => {
    expect(decided('A2', 'repaired', 'example-3-5').facts).toContain('v = (1, 0) lowers L~ by 1/2');
    expect(decided('A2', 'repaired', 'cancelling').facts).toContain('v = (1, -2) lowers L~ by 1');
    expect(decided('A2', 'repaired', 'opposite').verdict).toBe('holds');
  });

  it('not on one ray: nothing tells the two features apart', () => {
    expect(decided('A2', 'repaired', 'line')).toMatchObject({
      verdict: 'not-applicable',
      facts: 'feature 2 has the ray of another',
    });
    expect(decided('A2', 'repaired', 'lossless').verdict).toBe('not-applicable');
  });

  it('no column of the dead neuron does better than the formula, and the best one meets it', () => {
    const relu = fc.constant<Record<string, unknown>>({ kind: 'relu' });
    fc.assert(
      fc.property(
        smallCase(relu),
        fc.array(integer(3), { minLength: 3, maxLength: 3 }),
        fc.array(integer(2), { minLength: 2, maxLength: 2 }),
        ({ plain, at }, list, column) => {
          const wide = { ...plain, neurons: plain.neurons + 1 };
          const zero = (rows: number[][]): number[] => (rows[0] ?? []).map(() => 0);
          const m = readInstance(
            node({
              ...document(wide),
              ...configurationDocument({ e: [...at.e, zero(at.e)], u: [...at.u, zero(at.u)] }),
            }),
          );
          const from = configurationOf(m);
          const v = Vector.ints(list.slice(0, m.np).map(BigInt));
          const bound = approximateLoss(m, from).minus(decrease(m, v));
          for (const s of ['1', '1/2', '-1', '1/3']) {
            const u = Vector.ints(column.slice(0, m.nr).map(BigInt)).times(q(s));
            const there = { we: from.we.with(-1, v), wd: from.wd.with(-1, u) };
            expect(approximateLoss(m, there).compare(bound)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });

  type Parts = Record<string, unknown>;
  const proof = (d: Parts): { we: string[][]; wd: string[][] } =>
    (d.witness as { conclusion: { we: string[][]; wd: string[][] } }).conclusion;
  const { certificate } = decided('A2', 'repaired', 'example-3-5');
  it.each<[string, (document: Parts) => void, string]>([
    ['a live neuron changed', (d) => (proof(d).we[0]![0] = '2'), 'does-not-hold'],
    ['its column changed', (d) => (proof(d).wd[0]![0] = '2'), 'does-not-hold'],
    ['the column not the best', (d) => (proof(d).wd[0]![1] = '1/3'), 'does-not-hold'],
    ['a row that lowers nothing', (d) => (proof(d).we[1] = ['-1', '-1']), 'does-not-hold'],
    ['no dead neuron', (d) => ((d.instance as { we: string[][] }).we[1] = ['1', '1']), 'does-not-hold'],
  ])('%s', (_, change, code) => {
    expect(codeOf(certificate, change)).toBe(code);
  });
});
