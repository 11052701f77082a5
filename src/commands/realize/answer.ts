/** An answer of the solver on its way out: replayed through the kernel's rule, made legible, and written as `dictum/realize@1`. */

import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { judge, not } from '../../kernel/proof/goal.ts';
import { BEYOND } from '../../solve/decide/certify.ts';
import { encoderDocument } from '../../solve/proofs/document.ts';
import { refusal } from '../../solve/proofs/replay.ts';
import type { Realization, Refutation, WeightedFeature } from '../../solve/realize/answer.ts';
import { Undecided } from '../../terminal/problem.ts';

/** The answer, accepted by the kernel; an answer that it refuses is a bug. */
export function checked(m: Instance, pattern: Pattern, found: Realization): Realization {
  const answer = found.realizable ? found : { ...found, refutation: legible(found.refutation) };
  const goal = judge({ predicate: 'realizable', pattern });
  const refused = answer.realizable
    ? refusal(goal, { rule: 'realizes', ...encoderDocument(answer.encoder) }, m)
    : refusal(not(goal), answer.refutation, m);
  if (refused && BEYOND.has(refused.code))
    throw new Undecided(`the proof needs numbers longer than a certificate may have`);
  if (refused) throw new Error(`the kernel refuses the solver's answer: ${refused}`);
  return answer;
}

/** Where one feature stands on the left, it stands there once: `w_1 = 169/119 w_2 + 120/119 w_3`. */
function legible(refutation: Refutation): Refutation {
  if (refutation.rule !== 'farkas' || refutation.on.length !== 1) return refutation;
  const divisor = rational(refutation.on[0]?.weight ?? '');
  const divided = (terms: readonly WeightedFeature[]): WeightedFeature[] =>
    terms.map(({ feature, weight }) => ({ feature, weight: `${rational(weight).over(divisor)}` }));
  return { ...refutation, on: divided(refutation.on), off: divided(refutation.off) };
}

function rational(text: string): Rational {
  // Not Rational.parse, which knows the format's limit on digits; the kernel's rule comes afterwards.
  const [num = '0', den = '1'] = text.split('/');
  return Rational.of(BigInt(num), BigInt(den));
}

/** `dictum/realize@1`, schemas/realize.schema.json. `gates`: the sets are those that gates are open on. */
export function answerDocument({ activation }: Instance, answer: Realization): object {
  const format = 'dictum/realize@1';
  const gates = activation.kind === 'gated' && { gates: true };
  if (answer.realizable) return { format, realizable: true, ...gates, ...encoderDocument(answer.encoder) };
  const { refutation } = answer;
  switch (refutation.rule) {
    case 'farkas':
      return {
        format,
        realizable: false,
        ...gates,
        neuron: refutation.neuron,
        farkas: { on: refutation.on, off: refutation.off },
      };
    case 'farkas-joint':
      return { format, realizable: false, farkas: { rows: refutation.rows } };
    case 'capacity':
      return { format, realizable: false, capacity: 'exceeded' };
  }
}
