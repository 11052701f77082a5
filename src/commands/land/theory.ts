/** Ends of training that a theorem rules out on the instance: theory and training have parted, or one of them is wrong. */
import { positiveSpanning } from '../../../theorems/positive-spanning/statement.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { setsOf } from '../../kernel/proof/fact.ts';
import type { End } from '../../landing/match/landOn.ts';
import { certify } from '../../solve/decide/certify.ts';
import { sha256 } from '../../terminal/digest.ts';
import { printable } from '../../terminal/printable.ts';
import { counted, patternText } from '../../words/names.ts';

/**
 * T6-spanning: where directions span positively and n_q >= n, no strict local minimum shows a polysemantic partition with C of rank
 * 2 or more. Each such end is asked of the claim with its own pattern; a line for each of which a certificate says that it cannot be strict.
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
    const shown = printable(patternText(m.features, setsOf(pattern)));
    const runs = `${counted(count, 'run')} ${count === 1 ? 'ends' : 'end'} near a local minimum of L~ that shows ${shown}`;
    return [
      `T6-spanning: ${runs}; a certificate says that no strict one does (one at no kink but those of dead neurons)`,
    ];
  });
}
