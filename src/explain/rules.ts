/** The words of every rule of the format: a rule without words is one that no reader can follow. */
import { blocks, enclosedMinimum } from './blocks.ts';
import { cells } from './cells.ts';
import { independentColumns, separatingRows, twoCodes } from './codes.ts';
import {
  bestLosses,
  convexityViolation,
  descentCurve,
  fixedActiveSets,
  ldl,
  lowerLoss,
  negativeDirection,
  noLoss,
  pairedRows,
  partialMinimum,
  topEigenvalue,
  zeroLoss,
} from './curves.ts';
import {
  configuration,
  excluded,
  halfSpaceRow,
  hullRelation,
  negativeRow,
  noStrictTrap,
  rankModulo,
  spanningRelation,
  strictMinimum,
} from './directions.ts';
import { noCriticalPoint, noMinimum, noSaddle } from './everyPoint.ts';
import { leastLoss, rankBound } from './leastLoss.ts';
import { noWeights, noZeroLoss, steps, valleyExit, weights } from './paths.ts';
import { criticalPoint, minimum, saddle } from './point.ts';
import { capacity, deletionRestriction, farkas, farkasJoint, patternTree, realizes } from './realizability.ts';
import type { Words } from './step.ts';

export const RULE_WORDS: ReadonlyMap<string, Words> = new Map(
  Object.entries({
    realizes,
    farkas,
    'farkas-joint': farkasJoint,
    capacity,
    'deletion-restriction': deletionRestriction,
    'pattern-tree': patternTree,
    configuration,
    excluded,
    'zero-loss': zeroLoss,
    'no-loss': noLoss,
    'lower-loss': lowerLoss,
    'top-eigenvalue': topEigenvalue,
    'descent-curve': descentCurve,
    ldl,
    'negative-direction': negativeDirection,
    'fixed-active-sets': fixedActiveSets,
    'convexity-violation': convexityViolation,
    'paired-rows': pairedRows,
    'partial-minimum': partialMinimum,
    'critical-point': criticalPoint,
    'no-critical-point': noCriticalPoint,
    minimum,
    saddle,
    'no-minimum': noMinimum,
    'no-saddle': noSaddle,
    blocks,
    'enclosed-minimum': enclosedMinimum,
    'no-strict-trap': noStrictTrap,
    'strict-minimum': strictMinimum,
    'valley-exit': valleyExit,
    steps,
    'no-zero-loss': noZeroLoss,
    weights,
    'no-weights': noWeights,
    'negative-row': negativeRow,
    'hull-relation': hullRelation,
    'spanning-relation': spanningRelation,
    'half-space-row': halfSpaceRow,
    'rank-mod-p': rankModulo,
    'best-losses': bestLosses,
    cells,
    'least-loss': leastLoss,
    'rank-bound': rankBound,
    'two-codes': twoCodes,
    'independent-columns': independentColumns,
    'separating-rows': separatingRows,
  }),
);
