/** An answer of `dictum realize`: the one that the kernel has replayed, or an open question; as `dictum/realize@1`. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { realizationDocument, replayed } from '../../solve/decide/replayed.ts';
import type { Realization } from '../../solve/realize/answer.ts';
import { Undecided } from '../../terminal/problem.ts';

/** The answer, accepted by the kernel. */
export function checked(m: Instance, pattern: Pattern, found: Realization): Realization {
  const outcome = replayed(m, pattern, found);
  if ('why' in outcome) throw new Undecided(outcome.why);
  return outcome.answer;
}

/** `dictum/realize@1`, schemas/realize.schema.json. `gates`: the sets are those that gates are open on. */
export const answerDocument = (m: Instance, answer: Realization): object => ({
  format: 'dictum/realize@1',
  ...realizationDocument(m, answer),
});
