/** Proof candidates: a solver may be wrong, so what it proposes is tried on the kernel's own rules. */

import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { isTooMuch } from '../../kernel/numbers/work.ts';
import { type Context, type Goal, prove } from '../../kernel/proof/goal.ts';
import { RULES } from '../../kernel/rules.ts';
import type { Document } from './document.ts';

/** Why the kernel refuses `proof` as a proof of `goal`, or undefined if it accepts it. */
export function refusal(goal: Goal, proof: Document, instance: Instance): Rejection | undefined {
  const context: Context = { instance, rules: RULES, facts: [] };
  try {
    prove(goal, new Node(parseJson(JSON.stringify(proof))), context);
    return undefined;
  } catch (thrown) {
    // The work of the whole search is spent: no reason against this proof.
    if (thrown instanceof Rejection && !isTooMuch(thrown)) return thrown;
    throw thrown;
  }
}
