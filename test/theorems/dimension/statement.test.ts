import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationOf, readInstance } from '../../../src/kernel/model/instance.ts';
import { evaluate } from '../../../src/kernel/model/model.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { jacobian } from '../../../theorems/dimension/statement.ts';
import { smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, node } from '../../kernel/read.ts';
import { codeOf, decided } from '../decided.ts';

describe('T4-dimension', () => {
  it.each([
    // 3 (2 + 2) - 2 * 2, then 3 rescalings.
    ['repaired', 'ground-truth', 'holds', 'dimension 8 (12 parameters, rank 4; n n_r = 4), 5 beyond the 3 rescalings'],
    [
      'repaired',
      'opposite-pairs',
      'holds',
      'dimension 10 (16 parameters, rank 6; n n_r = 6), 6 beyond the 4 rescalings',
    ],
    ['paper', 'opposite-pairs', 'holds', '(16 parameters, rank 6; n n_r = 6), 6 beyond the 4 rescalings'],
    ['repaired', 'one-code', 'not-applicable', 'rank sigma(W_E W_p) = 1 < 2 = n'],
    ['repaired', 'kink', 'not-applicable', '4 pre-activations at a kink'],
    ['paper', 'silent', 'holds', '(4 parameters, rank 0; n n_r = 1), 2 beyond the 2 rescalings'],
    ['repaired', 'silent', 'not-applicable', '= 0 < 1 = n'],
  ] as const)('%s on %s: %s', (reading, name, verdict, fact) => {
    const outcome = decided('T4-dimension', reading, name);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });

  it('without independent codes the Jacobian may have a smaller rank', () => {
    expect(decided('T4-dimension', 'repaired', 'silent', 'independent-codes')).toMatchObject({ verdict: 'refuted' });
  });

  it('the Jacobian is minus the derivative of the residuals', () => {
    let compared = 0;
    const identity = fc.constantFrom<Record<string, unknown>>({ kind: 'identity' }, { kind: 'jumprelu', theta: '1/2' });
    fc.assert(
      fc.property(smallCase(identity), ({ plain, at }) => {
        const m = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
        const here = configurationOf(m);
        const way = (rows: readonly Vector[]): Vector[] =>
          rows.map((row, i) => Vector.ints(row.num.map((_, k) => BigInt(((i + 2 * k) % 3) - 1))));
        const move = { we: way(here.we), wd: way(here.wd) };
        const slopes = evaluate(m, [here, move]).residuals.flatMap((rho) =>
          (rho[1] as Vector).entries().map((x) => `${x.negated()}`),
        );
        // Gates aside, a curve may leave the active sets at a threshold: then the germ has other sets, and is skipped.
        const same = JSON.stringify(evaluate(m, [here, move]).active) === JSON.stringify(evaluate(m, [here]).active);
        const flat = Vector.of([
          ...move.we.flatMap((row) => row.entries()),
          ...move.wd.flatMap((row) => row.entries()),
        ]);
        if (same) compared++;
        if (same) expect(jacobian(m, [...m.features.keys()]).map((row) => `${row.dot(flat)}`)).toEqual(slopes);
      }),
      { numRuns: 120, seed: 17 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  it('a changed configuration is refused', () => {
    const { certificate } = decided('T4-dimension', 'repaired', 'opposite-pairs');
    const instance = (d: Record<string, unknown>) => d.instance as { we: string[][]; wd: string[][] };
    expect(codeOf(certificate, (d) => (instance(d).we[0]![0] = '3'))).toBe('does-not-hold');
    expect(codeOf(certificate, (d) => (instance(d).wd[0]![0] = '0'))).toBe('does-not-hold');
    expect(codeOf(certificate, (d) => (d.verdict = 'refuted'))).toBe('does-not-hold');
  });
});
