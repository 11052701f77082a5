/** Proof candidates: a solver may be wrong, so what it proposes is tried on the kernel's own rules. */

import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { isTooMuch } from '../../kernel/numbers/work.ts';
import type { Evidence, Fact } from '../../kernel/proof/fact.ts';
import { type Context, type Goal, judge, not, prove } from '../../kernel/proof/goal.ts';
import type { Document } from './document.ts';
import { RULES } from './rules.ts';

/** What a proof that the kernel accepts establishes. Throws the refusal of another. */
function factsOf(goal: Goal, proof: Document, instance: Instance): readonly Fact[] {
  const context: Context = { instance, rules: RULES, facts: [] };
  prove(goal, new Node(parseJson(JSON.stringify(proof))), context);
  return context.facts;
}

/** By rule `capacity`: how many neurons pass and how many the pattern has, for a pattern that breaks it. */
export function overCapacity(instance: Instance, pattern: Pattern): Evidence {
  const goal = not(judge({ predicate: 'realizable', pattern }));
  return factsOf(goal, { rule: 'capacity' }, instance)[0] as Evidence;
}

/** What a proof of a goal establishes, or why the kernel refuses it. */
export function established(
  goal: Goal,
  proof: Document,
  instance: Instance,
): { readonly facts: readonly Fact[] } | { readonly refused: Rejection } {
  try {
    return { facts: factsOf(goal, proof, instance) };
  } catch (thrown) {
    // The work of the whole search is spent: no reason against this proof.
    if (thrown instanceof Rejection && !isTooMuch(thrown)) return { refused: thrown };
    throw thrown;
  }
}

/** Why the kernel refuses `proof` as a proof of `goal`, or undefined if it accepts it. */
export function refusal(goal: Goal, proof: Document, instance: Instance): Rejection | undefined {
  const outcome = established(goal, proof, instance);
  return 'refused' in outcome ? outcome.refused : undefined;
}
