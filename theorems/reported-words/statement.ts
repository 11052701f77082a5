/**
 * # B1-words What a sentence says of reported figures
 * **Statement.** A sentence about figures of tables ("gains of 2-6 points") as a comparison: the sum of the figures, each times a factor, is >= 0, > 0 or = 0. It can be true of numbers that round to those printed.
 * **Refutation.** Computing. The sum is linear in each figure, and each stands in it once: its least and its greatest value are at ends of the intervals.
 * **Not checked.** That the sentence means this comparison of these figures: `says` has its words, `terms` name the figures.
 * Producer: none.
 */

import { COMPARISON } from '../../src/kernel/model/comparison.ts';
import type { Comparison } from '../../src/kernel/model/subject.ts';
import { sum } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { computed, type Goal } from '../../src/kernel/proof/goal.ts';

function compared({ terms, relation }: Comparison): Goal {
  const ends = terms.map(({ printed: { low, high }, times }) => {
    const [a, b] = [low.times(times), high.times(times)];
    return times.sign() < 0 ? { least: b, most: a } : { least: a, most: b };
  });
  const [least, most] = [sum(ends.map((end) => end.least)), sum(ends.map((end) => end.most))];
  const holds = relation === '>' ? most.sign() > 0 : most.sign() >= 0 && (relation === '>=' || least.sign() <= 0);
  return computed(holds, { relation: 'compared', sum: [`${least}`, `${most}`], order: relation });
}

export const reportedWords: Claim<Comparison> = {
  id: 'B1-words',
  title: 'what a sentence says of reported figures can be true of them',
  about: COMPARISON,
  rules: [],
  readings: {
    ours: {
      says: 'the figures, each times its factor, add up as the sentence says, within rounding',
      hypotheses: [],
      conclusion: compared,
      assumes: ['the sentence means this comparison, of these figures'],
    },
  },
};
