/** The cells of the matrix: which there are, and what each asks of its instances. */
import { describe, expect, it } from 'vitest';
import { allCells, unsearchedClaims } from '../../../src/commands/audit/searching.ts';
import { cellName, kindsOf, wantedOf } from '../../../src/solve/search/cell.ts';
import { shapes } from '../../../src/solve/search/search.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { cellNamed } from './searchIn.ts';

describe('cells', () => {
  it('have names that differ', () => {
    const names = allCells().map(cellName);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have one for every hypothesis of every reading that is searched', () => {
    const unsearched = new Set(unsearchedClaims().map((line) => line.split(':')[0]));
    for (const claim of CLAIMS.values()) {
      if (unsearched.has(claim.id)) continue;
      for (const [reading, { hypotheses }] of Object.entries(claim.readings)) {
        for (const { name } of hypotheses) expect(cellNamed(`${claim.id}/${reading}/${name}`).failing?.name).toBe(name);
      }
    }
  });

  it('leave a hypothesis out of the certificate only where the reading has it', () => {
    expect(cellNamed('T3/paper/targets-within-unit').dropped).toBeUndefined();
    expect(cellNamed('T3/repaired/targets-within-unit').dropped).toBe('targets-within-unit');
    expect(cellNamed('T3/paper/unit-norm').dropped).toBe('unit-norm');
  });

  it('tell what the claim is about', () => {
    expect(wantedOf(cellNamed('T3/paper/as stated')).parts).toEqual(new Set());
    expect(wantedOf(cellNamed('T8/paper/as stated')).parts).toEqual(new Set(['pattern']));
    expect(wantedOf(cellNamed('T4/paper/as stated')).parts).toEqual(new Set(['configuration']));
    expect(wantedOf(cellNamed('T1/paper/as stated')).parts).toEqual(new Set(['configuration', 'distribution']));
  });

  it('tell the kinds of sigma', () => {
    expect(kindsOf(cellNamed('T8/repaired/as stated'))).toEqual(['jumprelu']);
    // Without the hypothesis on sigma theta > 0 still asks for a threshold.
    expect(kindsOf(cellNamed('T8/repaired/activation'))).toEqual([]);
    expect(kindsOf(cellNamed('T3/repaired/activation'))).toEqual(['gated']);
    expect(kindsOf(cellNamed('T4/paper/as stated'))).toHaveLength(7);
  });

  it('keep shapes that a hypothesis on them excludes out, and only those', () => {
    const of = (name: string) => shapes(cellNamed(name).claim, wantedOf(cellNamed(name)));
    expect(of('T3/paper/as stated').every((s) => s.n >= 2 && s.nq >= s.n)).toBe(true);
    expect(of('T3/paper/two-features').every((s) => s.n === 1)).toBe(true);
    expect(of('T3/paper/enough-neurons').every((s) => s.nq < s.n)).toBe(true);
    expect(of('T4/paper/as stated')).toContainEqual({ n: 1, np: 1, nq: 1 });
  });

  it('refuses a cell that is not there', () => {
    expect(() => cellNamed('T3/paper/nonsense')).toThrow('no cell');
    expect(() => cellNamed('T99/paper/as stated')).toThrow('no cell');
  });
});
