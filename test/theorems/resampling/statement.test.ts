import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationOf, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { resampled } from '../../../theorems/resampling/statement.ts';
import { integer, smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, node, q } from '../../kernel/read.ts';
import { codeOf, decided } from '../decided.ts';

/** Undefined at a tie, and for a gated model in which no neuron is dead. */
function outcome<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Rejection) return undefined;
    throw thrown;
  }
}

describe('A2', () => {
  it('the paper: toward the worst reconstructed feature', () => {
    expect(decided('A2', 'paper', 'example-3-5')).toMatchObject({
      verdict: 'holds',
      facts: 'v = w_1 lowers L~ by 1/2',
    });
    expect(decided('A2', 'paper', 'cancelling')).toMatchObject({
      verdict: 'refuted',
      facts: 'v = w_1 does not lower L~',
    });
  });

  it('some row works, with the decrease of the formula', () => {
    expect(decided('A2', 'repaired', 'example-3-5').facts).toContain('v = (1, 0) lowers L~ by 1/2');
    expect(decided('A2', 'repaired', 'cancelling').facts).toContain('v = (1, -2) lowers L~ by 1');
    expect(decided('A2', 'repaired', 'opposite').verdict).toBe('holds');
  });

  it('not on one ray: nothing tells the two features apart', () => {
    expect(decided('A2', 'repaired', 'line')).toMatchObject({
      verdict: 'not-applicable',
      facts: 'distinct-rays fails: {2} is on the ray of another feature',
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
          const bound = approximateLoss(m, from).minus(resampled(m, v).decrease);
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

  it('of every activation, the column attains the decrease and no other does better, whoever the row displaces', () => {
    let displaced = 0;
    fc.assert(
      fc.property(
        smallCase(),
        fc.array(integer(3), { minLength: 3, maxLength: 3 }),
        fc.array(integer(2), { minLength: 2, maxLength: 2 }),
        ({ plain, at }, list, column) => {
          const m = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
          const from = configurationOf(m);
          const v = Vector.ints(list.slice(0, m.np).map(BigInt));
          const found = outcome(() => resampled(m, v));
          fc.pre(found !== undefined);
          const { at: best, decrease } = found!;
          const wide = { ...m, neurons: best.we.length };
          const least = approximateLoss(wide, best);
          expect(`${least}`).toBe(`${approximateLoss(m, from).minus(decrease)}`);
          const j = best.we.findIndex((row, i) => !row.equals(from.we[i] ?? Vector.zero(0)));
          for (const s of ['0', '1', '1/2', '-1', '1/3']) {
            const u = Vector.ints(column.slice(0, m.nr).map(BigInt)).times(q(s));
            const loss = approximateLoss(wide, { ...best, wd: best.wd.with(j, u) });
            if (j >= 0) expect(loss.compare(least)).toBeGreaterThanOrEqual(0);
          }
          const silent = best.wd.with(j < 0 ? 0 : j, Vector.zero(m.nr));
          if (j >= 0 && !approximateLoss(wide, { ...best, wd: silent }).equals(approximateLoss(m, from))) displaced++;
        },
      ),
      { numRuns: 600, seed: 11 },
    );
    // Rows that turn others off: the first sum of the decrease is not 0.
    expect(displaced).toBeGreaterThan(0);
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
