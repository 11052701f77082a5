/** For each claim the folder of its canonical instances, and what its witness brings. Nothing here is trusted. */
import type { Hypothesis } from '../src/kernel/proof/claim.ts';
import { nonParallelTargets } from '../src/kernel/proof/hypotheses.ts';
import type { Proposals } from '../src/solve/decide/decision.ts';
import type { Generator } from '../src/solve/search/draw.ts';
import { proposals as absorption } from './absorption/witness.ts';
import { generator as absorptionInstances, proposals as absorptionPenalty } from './absorption-penalty/witness.ts';
import { proposals as anchoring } from './anchoring/witness.ts';
import { proposals as biconvexity } from './biconvexity/witness.ts';
import { proposals as criticalPatterns } from './critical-patterns/witness.ts';
import { proposals as deadNeurons } from './dead-neurons/witness.ts';
import { proposals as dimension } from './dimension/witness.ts';
import { proposals as example35 } from './example-3-5/witness.ts';
import { proposals as groundTruth } from './ground-truth/witness.ts';
import { proposals as lossApproximation } from './loss-approximation/witness.ts';
import { proposals as nonIdentifiable } from './non-identifiability/witness.ts';
import { proposals as paperScale } from './paper-scale/witness.ts';
import { proposals as patternCount } from './pattern-count/witness.ts';
import { proposals as patternMinima } from './pattern-minima/witness.ts';
import { proposals as patternSaddles } from './pattern-saddles/witness.ts';
import { proposals as perronFrobenius } from './perron-frobenius/witness.ts';
import { proposals as positiveSpanning } from './positive-spanning/witness.ts';
import { proposals as realizability } from './realizability/witness.ts';
import { proposals as reportedTables } from './reported-tables/witness.ts';
import { proposals as resampling } from './resampling/witness.ts';
import { proposals as spuriousMinima } from './spurious-minima/witness.ts';
import { proposals as strictCriticalPoints } from './strict-critical-points/witness.ts';
import { proposals as zeroLoss } from './zero-loss/witness.ts';

export interface Witness {
  /** Below theorems/, with a folder `instances`. */
  readonly folder: string;
  readonly proposals: Proposals;
  /** Instances for `dictum search`, where the general generator does not serve. */
  readonly generator?: Generator;
  /** More hypotheses to suppose in a column each of the load-bearing matrix: see `cellsOf`. */
  readonly supposing?: readonly Hypothesis[];
  /** Why the search leaves the claim out. */
  readonly notSearched?: string;
}

/** Claims that are questions about one instance: no is as good an answer as yes. */
export const ASKS = 'it asks, and claims nothing';

export const WITNESSES: ReadonlyMap<string, Witness> = new Map([
  ['T1', { folder: 'loss-approximation', proposals: lossApproximation }],
  ['T2', { folder: 'biconvexity', proposals: biconvexity }],
  ['T3', { folder: 'ground-truth', proposals: groundTruth }],
  ['T3-global', { folder: 'ground-truth', proposals: groundTruth }],
  ['T4', { folder: 'zero-loss', proposals: zeroLoss }],
  ['T4-nonidentifiable', { folder: 'non-identifiability', proposals: nonIdentifiable }],
  ['E5', { folder: 'example-3-5', proposals: example35, notSearched: 'it is about the configuration of one example' }],
  ['T6', { folder: 'spurious-minima', proposals: spuriousMinima, supposing: [nonParallelTargets] }],
  ['T6-critical', { folder: 'critical-patterns', proposals: criticalPatterns, notSearched: ASKS }],
  ['T6-minimum', { folder: 'pattern-minima', proposals: patternMinima, notSearched: ASKS }],
  ['T6-saddle', { folder: 'pattern-saddles', proposals: patternSaddles, notSearched: ASKS }],
  ['T6-strict', { folder: 'strict-critical-points', proposals: strictCriticalPoints }],
  ['T6-perron', { folder: 'perron-frobenius', proposals: perronFrobenius }],
  ['T6-spanning', { folder: 'positive-spanning', proposals: positiveSpanning }],
  ['T6-dead', { folder: 'dead-neurons', proposals: deadNeurons, notSearched: ASKS }],
  ['R', { folder: 'realizability', proposals: realizability, notSearched: ASKS }],
  ['R-count', { folder: 'pattern-count', proposals: patternCount, notSearched: ASKS }],
  ['R-chambers', { folder: 'pattern-count', proposals: patternCount, notSearched: ASKS }],
  ['T8', { folder: 'absorption', proposals: absorption }],
  ['B1-mean', { folder: 'reported-tables', proposals: reportedTables }],
  ['B1-unit', { folder: 'reported-tables', proposals: reportedTables }],
  ['B1-count', { folder: 'reported-tables', proposals: reportedTables }],
  ['A1', { folder: 'anchoring', proposals: anchoring }],
  ['A1-true', { folder: 'anchoring', proposals: anchoring }],
  ['A1-interference', { folder: 'anchoring', proposals: anchoring }],
  ['A2', { folder: 'resampling', proposals: resampling }],
  ['Chanin', { folder: 'absorption-penalty', proposals: absorptionPenalty, generator: absorptionInstances }],
  ['T8-polysemantic', { folder: 'absorption', proposals: absorption }],
  ['T4-scale', { folder: 'paper-scale', proposals: paperScale }],
  ['T8-loss', { folder: 'absorption', proposals: absorption }],
  ['T4-dimension', { folder: 'dimension', proposals: dimension }],
]);
