/** For each claim the folder of its canonical instances, and what its witness brings. Nothing here is trusted. */
import type { Hypothesis } from '../src/kernel/proof/claim.ts';
import { nonParallelTargets } from '../src/kernel/proof/hypotheses.ts';
import type { Proposals } from '../src/solve/decide/decision.ts';
import type { Generator } from '../src/solve/search/draw.ts';
import { proposals as absorption } from './absorption/witness.ts';
import { generator as absorptionInstances } from './absorption-penalty/witness.ts';
import { proposals as allEncoders, criticalProposals } from './all-encoders/witness.ts';
import { proposals as anchoring, trueProposals as anchoringTrue } from './anchoring/witness.ts';
import { proposals as groundTruth } from './ground-truth/witness.ts';
import { proposals as nonIdentifiable } from './non-identifiability/witness.ts';
import { proposals as resampling } from './resampling/witness.ts';
import { equalWeights } from './spurious-minima/witness.ts';
import { proposals as uniqueCodes } from './unique-codes/witness.ts';

export interface Witness {
  /** Below theorems/, with a folder `instances`. */
  readonly folder: string;
  /** What the general deciders do not find by themselves. */
  readonly proposals?: Proposals;
  /** Instances for `dictum search`, where the general generator does not serve. */
  readonly generator?: Generator;
  /** More hypotheses to suppose in a column each of the load-bearing matrix: see `cellsOf`. */
  readonly supposing?: readonly Hypothesis[];
  /** Why the search leaves the claim out. */
  readonly notSearched?: string;
}

/** Claims that are questions about one instance: no is as good an answer as yes. */
export const ASKS = 'it asks, and claims nothing';

/** With too few neurons, mostly neither a path nor its absence is proved. */
const NO_BOTTOM = 'no certificate says that a configuration is the bottom of a valley';

/** The search finds it for T6, whose refutations are those of this claim. */
const NO_PLAIN = 'it is refuted where T6 is, and else mostly open';

/** Of sets with dependent directions weights can be found, and not excluded. */
const NO_EXCLUSION = 'no certificate excludes weights of a set with dependent directions';

/** Nor is that of a random configuration. */
const NO_REST = 'nothing draws a stationary decoder';

/** Nor these. */
const NO_BEST = 'nothing draws the best columns of rows that read one feature each';

/** Nor concepts and their projection. */
const NO_CONCEPTS = 'nothing draws inputs by their concepts';

/** Most activations have none. */
const NO_K = 'it is about the k of Top-k';

/** Where Lemma 1 does not apply, one may well be unique. */
const NO_OTHER = 'where no other dictionary is found, mostly nothing excludes one';

/** The best one mostly has irrational weights. */
const NO_BEST_OF_ALL = 'nothing draws a configuration that no other betters';

/** Random configurations have none. */
const NO_SOURCES = 'nothing draws directions of several sources';
const NO_CHORD = 'it is refuted wherever rows have a kink, and proved where they have none';
const NO_RANKS = 'few sets drawn at random that meet have more rank than neurons';
const NO_ROWS = 'nothing draws rows that show the pattern';
const NO_GROWTH = 'T4-dimension is searched, whose ranks it compares';
const NO_ANCHORED = 'nothing draws a configuration that meets its anchors at L~ = 0';
const NO_HIERARCHY = 'nothing draws a hierarchy';
const NO_ZERO_ROWS = 'nothing draws a neuron with a row of 0';

export const WITNESSES: ReadonlyMap<string, Witness> = new Map([
  ['T1', { folder: 'loss-approximation' }],
  ['T2', { folder: 'biconvexity' }],
  ['T2-global', { folder: 'biconvexity/global', notSearched: NO_CHORD }],
  ['T3', { folder: 'ground-truth', proposals: groundTruth }],
  ['T3-sources', { folder: 'ground-truth/sources', notSearched: NO_SOURCES }],
  ['T3-global', { folder: 'ground-truth', proposals: groundTruth }],
  ['T4', { folder: 'zero-loss' }],
  ['T4-nonidentifiable', { folder: 'non-identifiability', proposals: nonIdentifiable }],
  ['E5', { folder: 'example-3-5', notSearched: 'it is about the configuration of one example' }],
  ['T6', { folder: 'spurious-minima', supposing: [nonParallelTargets, equalWeights] }],
  ['T6-critical', { folder: 'critical-patterns', notSearched: ASKS }],
  ['T6-minimum', { folder: 'pattern-minima', notSearched: ASKS }],
  ['T6-trap', { folder: 'spurious-minima', notSearched: NO_PLAIN }],
  ['T6-saddle', { folder: 'pattern-saddles', notSearched: ASKS }],
  ['T6-strict', { folder: 'strict-critical-points' }],
  ['T6-here', { folder: 'strict-critical-points/here', notSearched: ASKS }],
  ['T6-perron', { folder: 'perron-frobenius' }],
  ['T6-spanning', { folder: 'positive-spanning' }],
  ['T6-overlap', { folder: 'positive-spanning', notSearched: NO_RANKS }],
  ['T6-dead', { folder: 'dead-neurons', notSearched: ASKS }],
  ['T6-valley', { folder: 'valleys', notSearched: NO_BOTTOM }],
  ['T6-exit', { folder: 'valleys', notSearched: NO_BOTTOM }],
  ['T6-path', { folder: 'valleys', notSearched: ASKS }],
  ['T6-null', { folder: 'zero-rows', notSearched: NO_ZERO_ROWS }],
  ['T6-row', { folder: 'zero-rows', notSearched: NO_ZERO_ROWS }],
  ['T6-encoders', { folder: 'all-encoders', proposals: allEncoders, notSearched: ASKS }],
  ['T6-plain', { folder: 'all-encoders', proposals: criticalProposals, notSearched: NO_PLAIN }],
  ['T6-weights', { folder: 'some-weights', notSearched: NO_EXCLUSION }],
  ['T6-open', { folder: 'open-refutation', notSearched: ASKS }],
  ['T6-orthogonal', { folder: 'orthogonal-gradient', notSearched: NO_REST }],
  ['G1', { folder: 'least-loss', notSearched: ASKS }],
  ['G2', { folder: 'least-loss/bracket', notSearched: ASKS }],
  ['R', { folder: 'realizability', notSearched: ASKS }],
  ['R-count', { folder: 'pattern-count', notSearched: ASKS }],
  ['R-chambers', { folder: 'pattern-count', notSearched: ASKS }],
  ['T8', { folder: 'absorption', proposals: absorption }],
  ['B1-mean', { folder: 'reported-tables' }],
  ['B1-unit', { folder: 'reported-tables' }],
  ['B1-count', { folder: 'reported-tables' }],
  ['B1-words', { folder: 'reported-words' }],
  ['latent-on', { folder: 'latents/on' }],
  ['latent-off', { folder: 'latents/off' }],
  ['absorbs', { folder: 'latents/absorbs' }],
  ['A1', { folder: 'anchoring', proposals: anchoring }],
  ['A1-true', { folder: 'anchoring', proposals: anchoringTrue }],
  ['A1-interference', { folder: 'anchoring', proposals: anchoring }],
  ['A2', { folder: 'resampling', proposals: resampling }],
  ['Chanin', { folder: 'absorption-penalty', generator: absorptionInstances }],
  ['Hedging', { folder: 'hedging', notSearched: NO_BEST }],
  ['Hedging-plain', { folder: 'hedging', notSearched: NO_BEST }],
  ['Hedging-one', { folder: 'best-neuron', notSearched: NO_BEST_OF_ALL }],
  ['HS-codes', { folder: 'unique-codes', notSearched: NO_K }],
  ['HS-dictionary', { folder: 'unique-codes', proposals: uniqueCodes, notSearched: NO_OTHER }],
  ['HS-wide', { folder: 'unique-codes', proposals: uniqueCodes, notSearched: NO_OTHER }],
  ['Probe', { folder: 'linear-probe', notSearched: NO_CONCEPTS }],
  ['T8-polysemantic', { folder: 'absorption', proposals: absorption }],
  ['T4-scale', { folder: 'paper-scale' }],
  ['T8-loss', { folder: 'absorption', proposals: absorption }],
  ['T8-hierarchy', { folder: 'absorption/hierarchy', proposals: absorption, notSearched: NO_HIERARCHY }],
  ['T8-minima', { folder: 'absorption/hierarchy', proposals: absorption }],
  ['T8-silent', { folder: 'absorption/hierarchy', notSearched: NO_HIERARCHY }],
  ['T8-threshold', { folder: 'absorption/threshold', notSearched: NO_ROWS }],
  ['T4-dimension', { folder: 'dimension' }],
  ['T4-growth', { folder: 'dimension', notSearched: NO_GROWTH }],
  ['A1-dimension', { folder: 'dimension/anchored', notSearched: NO_ANCHORED }],
]);

/** What is proposed for a claim: nothing, where the general deciders need no help. */
export const proposalsFor = (claim: string): Proposals => WITNESSES.get(claim)?.proposals ?? {};
