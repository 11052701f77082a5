/** The search itself, on claims made up so that the answer is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationOf } from '../../../src/kernel/model/instance.ts';
import { computed, judge } from '../../../src/kernel/proof/goal.ts';
import * as given from '../../../src/kernel/proof/hypotheses.ts';
import { AS_STATED, cellsOf } from '../../../src/solve/search/cell.ts';
import { searching } from '../../../src/solve/search/search.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { said } from '../../kernel/said.ts';
import { claimOf, replayed, searchClaim } from './searchIn.ts';

const fewFeatures = (most: number) =>
  claimOf((m) => computed(m.features.length <= most, said(`n = ${m.features.length}`)));

describe('a search', () => {
  it.each([1, 2, 3])('finds the planted failure at n = %i + 1, and shrinks it to that', (most) => {
    const claim = fewFeatures(most);
    const result = searchClaim(claim);
    expect(result.counterexample?.size.slice(0, 3)).toEqual([most + 1, 1, 1]);
    expect(replayed(result, new Map([['X', claim]])).verdict).toBe('refuted');
  });

  it('finds nothing where nothing fails, and accepts as many as it was asked for', () => {
    const result = searchClaim(fewFeatures(4), { runs: 5000 });
    expect(result.counterexample).toBeUndefined();
    expect(result.accepted).toBe(5000);
    const { sigma = {} } = result.coverage;
    expect(Object.keys(sigma)).toHaveLength(7);
    expect(Object.values(sigma).reduce((a, b) => a + b, 0)).toBe(5000);
  });

  it('counts as accepted only instances on which the dropped hypothesis fails', () => {
    const claim = claimOf(() => computed(true, said('always')), [given.unitNorm]);
    const whole = searchClaim(claim);
    const without = searchClaim(claim, {}, 'unit-norm');
    expect(whole.outside).toEqual({});
    expect(whole.accepted).toBe(whole.drawn);
    expect(without.outside['unit-norm']).toBe(without.drawn - without.accepted);
    expect(without.accepted).toBeGreaterThan(0);
  });

  it('calls a hypothesis needed only where it fails: a claim that is false anyway does not count', () => {
    // False where n >= 2, whatever the lengths; without unit-norm the counterexample has another length.
    const claim = claimOf((m) => computed(m.features.length < 2, said('n < 2')), [given.unitNorm]);
    const { instance, dropped } = replayed(searchClaim(claim, {}, 'unit-norm'), new Map([['X', claim]]));
    expect(dropped).toBe('unit-norm');
    expect(given.unitNorm.goal(instance)).toMatchObject({ holds: false });
  });

  it('says so where hypotheses on sigma exclude each other, and draws nothing', () => {
    const claim = claimOf(
      () => computed(false, said('never')),
      [given.activationIs(['relu']), given.activationIs(['topk'])],
    );
    expect(searchClaim(claim)).toMatchObject({ empty: true, drawn: 0 });
  });

  it('counts what it cannot decide, and does not take it for true', () => {
    const nothing = judge({ predicate: 'exists', what: 'nothing', such: () => computed(false, said('no')) });
    const result = searchClaim(claimOf(() => nothing));
    expect(result.undecided).toBe(result.accepted);
    expect(result.accepted).toBeGreaterThan(0);
  });

  it('reports a statement that throws as a bug, and goes on', () => {
    const claim = claimOf((m) => {
      if (m.np === 1) throw new RangeError('planted');
      return computed(m.features.length < 2, said('n < 2'));
    });
    const result = searchClaim(claim);
    expect(result.bug).toBe('RangeError: planted');
    expect(result.broken).toBeGreaterThan(0);
    expect(result.counterexample?.size.slice(0, 3)).toEqual([2, 2, 1]);
  });

  it('has no counterexample on an instance with a tie', () => {
    // Every configuration of two equal rows ties under Top-1: the kernel refuses to say what is active.
    const claim = claimOf(
      (m) => computed(configurationOf(m).we.length < 2, said('one neuron')),
      [given.activationIs(['topk'])],
    );
    const result = searchClaim(claim);
    expect(replayed(result, new Map([['X', claim]])).instance.neurons).toBe(2);
  });

  it('is the same for the same seed, and for another seed another', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const run = (s: number) => JSON.stringify(searchClaim(fewFeatures(4), { runs: 100, seed: s }));
        expect(run(seed)).toBe(run(seed));
        expect(run(seed)).not.toBe(run(seed + 1));
      }),
      { numRuns: 5, seed: 3 },
    );
  });

  it('ends after the block under way when told to, with what it has', () => {
    const { result, column } = interrupted();
    expect(column).toBe(AS_STATED);
    expect(result.drawn).toBe(result.sweep.drawn);
    expect(result.accepted).toBeGreaterThan(0);
  });
});

function interrupted() {
  const cell = cellsOf(fewFeatures(4))[0]!;
  const steps = searching(cell, { runs: 1000, seed: 0, sha256, proposals: {} });
  steps.next();
  const step = steps.next(true);
  if (!step.done) throw new Error('it went on');
  return { result: step.value, column: cell.column };
}
