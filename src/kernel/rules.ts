/** Every rule a proof may use, by name. A name that is not here is refused. */
import type { Rule } from './goal.ts';
import * as bestLoss from './rules/bestLoss.ts';
import * as biconvexity from './rules/biconvexity.ts';
import { blocks } from './rules/blocks.ts';
import * as classes from './rules/classes.ts';
import * as counting from './rules/counting.ts';
import * as critical from './rules/critical.ts';
import { enclosedMinimum } from './rules/enclosed.ts';
import * as everyPoint from './rules/everyPoint.ts';
import * as minima from './rules/minima.ts';
import * as realizability from './rules/realizability.ts';
import * as scale from './rules/scale.ts';

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  // realizable, and not
  ['realizes', realizability.realizes],
  ['farkas', realizability.farkas],
  ['farkas-joint', realizability.farkasJoint],
  ['capacity', realizability.overCapacity],
  // how many sets one neuron can show
  ['deletion-restriction', counting.deletionRestriction],
  ['pattern-tree', counting.patternTree],
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
  // convex in each block on the region of a pattern, and not
  ['fixed-active-sets', biconvexity.fixedActiveSets],
  ['convexity-violation', biconvexity.convexityViolation],
  // the true loss is 0
  ['paired-rows', minima.pairedRows],
  // a partial minimum on a pattern
  ['partial-minimum', minima.partialMinimum],
  // critical points of a pattern whose sets do not meet, their class, and none
  ['critical-point', critical.criticalPoint],
  ['no-critical-point', critical.noCriticalPoint],
  ['minimum', classes.minimum],
  ['saddle', classes.saddle],
  ['no-minimum', everyPoint.noMinimum],
  ['no-saddle', everyPoint.noSaddle],
  ['blocks', blocks],
  ['enclosed-minimum', enclosedMinimum],
  ['no-strict-trap', classes.noStrictTrap],
  // a row that is negative on every feature, and none
  ['negative-row', classes.negativeRow],
  ['hull-relation', classes.hullRelation],
  // the directions span positively, and not
  ['spanning-relation', classes.spanningRelation],
  ['half-space-row', classes.halfSpaceRow],
  // codes of rank n, at paper scale
  ['rank-mod-p', scale.rankModulo],
  // one pattern's best loss against another's
  ['best-losses', bestLoss.bestLosses],
]);
