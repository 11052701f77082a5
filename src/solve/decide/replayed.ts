/** An answer of the solver on its way out: replayed through the kernel's rule, made legible, and written as `dictum/realize@1`. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import type { Fact } from '../../kernel/proof/fact.ts';
import { judge, not } from '../../kernel/proof/goal.ts';
import { type Beyond, beyond } from '../../kernel/proof/outside.ts';
import { BEYOND } from '../proofs/certificate.ts';
import { encoderDocument } from '../proofs/document.ts';
import { established } from '../proofs/replay.ts';
import type { Realization, Refutation, WeightedFeature, WeightedRow } from '../realize/answer.ts';

/** The answer with the fact that the kernel found in it, or why it cannot be given. */
export type Replayed = { readonly answer: Realization; readonly fact: Fact } | { readonly why: string };

/** The answer, accepted by the kernel; an answer that it refuses is a bug. */
export function replayed(m: Instance, pattern: Pattern, found: Realization): Replayed {
  const answer = found.realizable ? found : { ...found, refutation: legible(found.refutation) };
  const goal = judge({ predicate: 'realizable', pattern });
  const shown = answer.realizable
    ? established(goal, { rule: 'realizes', ...encoderDocument(answer.encoder) }, m)
    : established(not(goal), answer.refutation, m);
  if ('facts' in shown) return { answer, fact: shown.facts[0] as Fact };
  if (BEYOND.has(shown.refused.code)) return { why: 'the proof needs numbers longer than a certificate may have' };
  throw new Error(`the kernel refuses the solver's answer: ${shown.refused}`);
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

type Rows = readonly (readonly string[])[];

/** `dictum/realize@1` without its format: numbers as exact strings, features and neurons counted from 1. */
export type RealizationDocument = { readonly with?: readonly Beyond[] } & (
  | {
      readonly realizable: true;
      /** Of a gated model: the sets are those that gates are open on. */
      readonly gates?: true;
      /** Encoder rows, n_q x n_p; with a bias n_q x (n_p + 1), the last entry of each the neuron's bias. */
      readonly we: Rows;
      readonly gate?: Rows;
      readonly bias?: readonly string[];
    }
  | {
      readonly realizable: false;
      readonly gates?: true;
      /** The neuron that cannot show its set, of `farkas`. */
      readonly neuron?: number;
      /** sum_on weight w = sum_off weight w; or, jointly, rows that add up to 0 > 0. */
      readonly farkas?:
        | { readonly on: readonly WeightedFeature[]; readonly off: readonly WeightedFeature[] }
        | { readonly rows: readonly WeightedRow[] };
      /** More neurons are active than the activation lets pass. */
      readonly capacity?: 'exceeded';
    }
);

export function realizationDocument(m: Instance, answer: Realization): RealizationDocument {
  const also = beyond(m);
  const gates = {
    ...(m.activation.kind === 'gated' && ({ gates: true } as const)),
    ...(also.length > 0 && { with: also }),
  };
  if (answer.realizable) {
    const { we, gate, bias } = encoderDocument(answer.encoder) as { we: Rows; gate?: Rows; bias?: readonly string[] };
    return { realizable: true, ...gates, we, ...(gate && bias && { gate, bias }) };
  }
  const { refutation } = answer;
  switch (refutation.rule) {
    case 'farkas': {
      const { neuron, on, off } = refutation;
      return { realizable: false, ...gates, neuron, farkas: { on, off } };
    }
    case 'farkas-joint':
      return { realizable: false, ...gates, farkas: { rows: refutation.rows } };
    case 'capacity':
      return { realizable: false, ...gates, capacity: 'exceeded' };
  }
}
