/** Proof candidates: a solver may be wrong, so what it proposes is tried on the kernel's own rules. */
import { type Context, type Goal, prove } from '../kernel/goal.ts';
import type { Instance } from '../kernel/instance.ts';
import { parseJson } from '../kernel/json.ts';
import { Node } from '../kernel/node.ts';
import { Rejection } from '../kernel/rejection.ts';
import { RULES } from '../kernel/rules.ts';
import { isTooMuch } from '../kernel/work.ts';
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
