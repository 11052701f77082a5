/** Ends of training that a theorem rules out on the instance: theory and training have parted, or one of them is wrong. */
import { positiveSpanning } from '../../../theorems/positive-spanning/statement.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import type { End } from '../../landing/match/land.ts';
import { certify } from '../../solve/decide/certify.ts';
import { sha256 } from '../../terminal/digest.ts';

/**
 * T6-spanning: where directions span positively and n_q >= n, no strict local minimum shows a polysemantic partition with C of rank
 * 2 or more. Each such end is asked of the claim with its own pattern; a line for each that a certificate forbids.
 */
export function contradictions(m: Instance, traps: readonly End[]): string[] {
  return traps.flatMap(({ pattern, count }) => {
    const question = {
      claim: positiveSpanning,
      reading: 'repaired',
      instance: { ...m, pattern },
      proposals: {},
    } as const;
    if (certify(question, sha256).verdict !== 'holds') return [];
    const sets = pattern.map((set) => `{${set.map((d) => d + 1).join(',')}}`).join(',');
    return [`T6-spanning: ${count} runs end in the strict trap (${sets}), which a certificate says there is none of`];
  });
}
