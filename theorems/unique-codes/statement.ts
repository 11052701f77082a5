/**
 * # HS-codes The spark condition
 * **Statement (Hillar and Sommer, IEEE Trans. Inf. Theory 61, 2015; arXiv 1106.3616).** Their spark condition (5) is that A a_1 = A a_2 for k-sparse a_1, a_2 only where a_1 = a_2; it is an "incoherence" among every 2k columns of A.
 * So it holds if and only if every 2k columns are independent; all of them, if there are fewer. A has the w_d as its columns, and k is that of Top-k.
 * **Proof.** Two such codes differ by a relation of 2k columns at most; and a relation of 2k columns is the difference of its first k terms and the others, with the sign turned.
 * **Refutation of `ours`.** A sparse autoencoder has codes >= 0 (Top-k after ReLU). These can be unique where 2k columns are dependent: a relation with more than k terms of one sign is no difference of two of them.
 * **Not checked.** That an encoder finds the code.
 * Producer: src/solve/decide/uniqueCodes.ts (untrusted).
 */

import type { Instance } from '../../src/kernel/model/instance.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { numbered, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { dependent, uniqueCodeRules } from '../../src/kernel/rules/uniqueCodes.ts';

/** k of Top-k; what codes it has: of either sign, or >= 0. */
export function sparsity({ activation }: Instance): { readonly k: number; readonly signed: boolean } {
  const { kind } = activation;
  return kind === 'topk' || kind === 'topk-pure'
    ? { k: activation.k, signed: kind === 'topk-pure' }
    : invalid('missing-data', '$.instance.activation', 'k, of topk or topk-pure', kind);
}

const independent = (m: Instance): Goal => {
  const set = dependent(m, sparsity(m).k);
  return computed(!set, property('independent-columns', !set, set ? { features: numbered(set) } : {}));
};

function equivalent(m: Instance): Goal {
  const unique = judge({ predicate: 'unique-codes', ...sparsity(m) });
  return some(all(independent(m), unique), all(not(independent(m)), not(unique)));
}

export const sparkCondition: Claim = {
  id: 'HS-codes',
  title: 'k-sparse codes are unique if and only if every 2k columns are independent',
  rules: [uniqueCodeRules],
  readings: {
    paper: {
      says: 'k-sparse codes are unique if and only if every 2k columns are independent',
      hypotheses: [given.activationIs(['topk-pure'])],
      conclusion: equivalent,
    },
    ours: {
      says: 'k-sparse codes >= 0 are unique if and only if every 2k columns are independent',
      hypotheses: [given.activationIs(['topk'])],
      conclusion: equivalent,
    },
  },
};
