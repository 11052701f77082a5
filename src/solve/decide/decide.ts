/**
 * Decides a goal: true with a proof of it, false with a proof of its negation, or undecided with the reason. Quantifiers and
 * computed statements are settled here; judgements go to their deciders, helped by what the claim's witness proposes.
 */

import type { Subject } from '../../kernel/model/subject.ts';
import { type Goal, type Judgement, not } from '../../kernel/proof/goal.ts';
import type { Decision } from '../proofs/decision.ts';
import type { Document } from '../proofs/document.ts';
import type { Proposals } from './decision.ts';
import { decideJudgement } from './judgements.ts';

export function decide(goal: Goal, m: Subject, proposals: Proposals): Decision {
  switch (goal.kind) {
    case 'computed':
      return { truth: goal.holds, proof: 'compute' };
    case 'some': {
      const negated = decide(not(goal), m, proposals);
      return negated.truth === 'undecided' ? negated : { truth: !negated.truth, proof: negated.proof };
    }
    case 'all':
      return decideAll(goal.of, m, proposals);
    case 'judgement': {
      const decision = decideJudgement({ ...goal, truth: true } as Judgement, m, proposals, decide);
      return decision.truth === 'undecided' ? decision : { ...decision, truth: decision.truth === goal.truth };
    }
  }
}

/** Each part until one is false; what is undecided matters only if none is. */
function decideAll(parts: readonly Goal[], m: Subject, proposals: Proposals): Decision {
  const proofs: Document[] = [];
  let open: Decision | undefined;
  for (const [k, part] of parts.entries()) {
    const decision = decide(part, m, proposals);
    if (decision.truth === 'undecided') open ??= decision;
    else if (!decision.truth) return { truth: false, proof: { choose: k + 1, proof: decision.proof } };
    else proofs.push(decision.proof);
  }
  return open ?? { truth: true, proof: proofs };
}
