/** Every rule a proof may use, by name. A name that is not here is refused. */
import type { Rule } from './goal.ts';
import * as minima from './rules/minima.ts';
import * as realizability from './rules/realizability.ts';

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  // realizable, and not
  ['realizes', realizability.realizes],
  ['farkas', realizability.farkas],
  ['farkas-joint', realizability.farkasJoint],
  ['capacity', realizability.overCapacity],
  // a configuration exists
  ['configuration', minima.configuration],
  // a global minimum, and not
  ['zero-loss', minima.zeroLoss],
  ['lower-loss', minima.lowerLoss],
  // a local minimum, and not
  ['top-eigenvalue', minima.topEigenvalue],
  ['descent-curve', minima.descentCurve],
  // positive semidefinite, and not
  ['ldl', minima.ldl],
  ['negative-direction', minima.negativeDirection],
  // the true loss is 0
  ['paired-rows', minima.pairedRows],
  // a partial minimum on a pattern, and none
  ['partial-minimum', minima.partialMinimum],
  ['skew-multiplier', minima.skewMultiplier],
]);
