/** What statements say excludes every configuration: never where one is found by those who do not look at it. */
import { expect, test } from 'vitest';
import { allCells } from '../../src/commands/audit/searching.ts';
import type { Instance } from '../../src/kernel/model/instance.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import type { Goal } from '../../src/kernel/proof/goal.ts';
import { decide } from '../../src/solve/decide/decide.ts';
import { wantedOf } from '../../src/solve/search/cell.ts';
import { drawInstance } from '../../src/solve/search/instances.ts';
import { samples } from '../../src/solve/search/samples.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { amount } from '../thorough.ts';
import { codeOf, decided } from './decided.ts';

const asked = (goal: Goal, m: Instance, claim: string): { excluded: boolean; found: boolean } | undefined => {
  if (goal.kind !== 'judgement' || goal.predicate !== 'exists' || !goal.unless) return undefined;
  const { unless, ...bare } = goal;
  return {
    excluded: decide(unless(), m, {}).truth === true,
    found: decide({ ...bare, truth: true }, m, proposalsFor(claim)).truth === true,
  };
};

test.each(['T4-nonidentifiable', 'A1', 'A1-true', 'A2'])('%s', (id) => {
  const seen = { excluded: 0, found: 0 };
  for (const cell of allCells().filter(({ claim, column }) => claim.id === id && column === 'as stated')) {
    const shape = { least: { n: 1, np: 1, nq: 1 }, most: { n: 4, np: 3, nq: 8 } };
    const drawn = samples(
      (draw) => {
        const of = (name: 'n' | 'np' | 'nq'): number => draw.int(shape.least[name], shape.most[name]);
        return drawInstance(draw, { ...wantedOf(cell), shape: { n: of('n'), np: of('np'), nq: of('nq') } });
      },
      1,
      amount(40, 1000),
    );
    for (const { instance: m } of drawn) {
      for (const goal of [cell.reading.conclusion, ...cell.required.map((h) => h.goal)]) {
        try {
          const answer = asked(goal(m), m, id);
          if (!answer) continue;
          expect(
            answer.excluded && answer.found,
            JSON.stringify(m, (_, x) => (typeof x === 'bigint' ? `${x}` : x)),
          ).toBe(false);
          if (answer.excluded) seen.excluded++;
          if (answer.found) seen.found++;
        } catch (thrown) {
          // Ties and missing gates: no such configuration has an answer.
          if (!(thrown instanceof Rejection)) throw thrown;
        }
      }
    }
  }
  expect(seen.excluded).toBeGreaterThan(amount(5, 10));
  expect(seen.found).toBeGreaterThan(amount(5, 10));
});

type Parts = Record<string, unknown>;
const { certificate } = decided('T4-nonidentifiable', 'paper', 'dense-plane');
const conclusion = (d: Parts): Parts => (d.witness as { conclusion: Parts }).conclusion;
const proof = (d: Parts): Parts => conclusion(d).proof as Parts;

test.each<[string, (d: Parts) => void, string]>([
  ['another reason', (d) => Object.assign(proof(d), { choose: 3, proof: 'compute' }), 'does-not-hold'],
  ['a reason that is none', (d) => Object.assign(proof(d), { choose: 9 }), 'out-of-range'],
  ['no proof', (d) => delete conclusion(d).proof, 'missing-key'],
  ['more than a proof', (d) => Object.assign(conclusion(d), { we: [] }), 'unknown-key'],
  [
    'a direction less, so that there is room',
    (d) => (d.instance as { features: Parts[] }).features.splice(4, 1),
    'does-not-hold',
  ],
  ['as a proof of existence', (d) => Object.assign(d, { verdict: 'holds' }), 'wrong-rule'],
])('no configuration, with %s', (_, change, code) => {
  expect(codeOf(certificate, change)).toBe(code);
});
