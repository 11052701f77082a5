/** Four independent looks at what a certificate proves. Only the first decides; glpk.js and mathjs are loaded here and nowhere else. */
import type { Explanation } from '../../../explain/explanation.ts';
import type { Step } from '../../../explain/step.ts';
import { counted } from '../../../words/names.ts';
import { gradientLook } from './gradient.ts';
import type { Look } from './look.ts';
import { lpLook } from './lp.ts';
import { type Training, trainingLook } from './training.ts';

const rulesIn = (steps: readonly Step[]): number =>
  steps.reduce((count, { rule, steps: inner }) => count + (rule === undefined ? 0 : 1) + rulesIn(inner), 0);

export async function evidenceOf(
  { argument, subject, sentence }: Explanation,
  training: Training,
): Promise<readonly Look[]> {
  const m = subject.format === 'dictum/instance@1' ? subject : undefined;
  const steps = rulesIn(argument);
  const exact: Look = {
    look: 'exact',
    outcome: 'proved',
    says:
      steps > 0
        ? `the certificate replayed, ${counted(steps, 'rule')} applied`
        : 'the certificate replayed, by computing alone',
    lines: [sentence],
  };
  return [exact, await lpLook(m, argument), await gradientLook(m, argument), await trainingLook(m, argument, training)];
}
