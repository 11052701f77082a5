/** Every claim, by id: all that a checker has to know of them. */
import type { Subject } from '../src/kernel/model/subject.ts';
import type { Claim } from '../src/kernel/proof/claim.ts';
import { absorptionFromHierarchy, silentHierarchy } from './absorption/hierarchy.ts';
import { absorptionLoss } from './absorption/loss.ts';
import { absorbedMinima } from './absorption/minima.ts';
import { absorbedPattern, absorption } from './absorption/statement.ts';
import { raisedThreshold } from './absorption/threshold.ts';
import { absorptionPenalty } from './absorption-penalty/statement.ts';
import { plainPartialMinima } from './all-encoders/pattern.ts';
import { bestEncoder } from './all-encoders/statement.ts';
import { anchorInterference, anchoring, anchoringTrue } from './anchoring/statement.ts';
import { hedgingOne } from './best-neuron/statement.ts';
import { globalConvexity } from './biconvexity/global.ts';
import { biconvexity } from './biconvexity/statement.ts';
import { carriesCritical } from './critical-patterns/statement.ts';
import { deadNeurons } from './dead-neurons/statement.ts';
import { anchoredDimension, growth } from './dimension/fewer.ts';
import { dimension } from './dimension/statement.ts';
import { example35 } from './example-3-5/statement.ts';
import { crosscoderLoss } from './ground-truth/sources.ts';
import { groundTruthGlobal, groundTruthLoss } from './ground-truth/statement.ts';
import { hedging, hedgingPlain } from './hedging/statement.ts';
import { absorbs, latentOff, latentOn } from './latents/statement.ts';
import { leastLoss, lossBracket } from './least-loss/statement.ts';
import { linearProbe } from './linear-probe/statement.ts';
import { lossApproximation } from './loss-approximation/statement.ts';
import { nonIdentifiable } from './non-identifiability/statement.ts';
import { openRefutation } from './open-refutation/statement.ts';
import { orthogonalGradient } from './orthogonal-gradient/statement.ts';
import { paperScale } from './paper-scale/statement.ts';
import { chamberCount, patternCount } from './pattern-count/statement.ts';
import { carriesMinimum, everyPatternTraps } from './pattern-minima/statement.ts';
import { carriesSaddle } from './pattern-saddles/statement.ts';
import { perronFrobenius } from './perron-frobenius/statement.ts';
import { overlappingSets, positiveSpanning } from './positive-spanning/statement.ts';
import { realizability } from './realizability/statement.ts';
import { reportedCount, reportedMean, reportedUnit } from './reported-tables/statement.ts';
import { reportedWords } from './reported-words/statement.ts';
import { resampling } from './resampling/statement.ts';
import { someWeights } from './some-weights/statement.ts';
import { spuriousMinima } from './spurious-minima/statement.ts';
import { localMinima, strictCriticalPoints } from './strict-critical-points/statement.ts';
import { uniqueDictionary, wideDictionary } from './unique-codes/dictionary.ts';
import { sparkCondition } from './unique-codes/statement.ts';
import { exits, paths, valleys } from './valleys/statement.ts';
import { zeroLoss } from './zero-loss/statement.ts';
import { nullNeurons, zeroRows } from './zero-rows/statement.ts';

export const CLAIMS: ReadonlyMap<string, Claim<Subject>> = new Map(
  [
    lossApproximation,
    biconvexity,
    globalConvexity,
    groundTruthLoss,
    groundTruthGlobal,
    crosscoderLoss,
    zeroLoss,
    nonIdentifiable,
    example35,
    spuriousMinima,
    carriesCritical,
    carriesMinimum,
    everyPatternTraps,
    carriesSaddle,
    strictCriticalPoints,
    localMinima,
    perronFrobenius,
    positiveSpanning,
    overlappingSets,
    deadNeurons,
    valleys,
    exits,
    paths,
    nullNeurons,
    zeroRows,
    bestEncoder,
    plainPartialMinima,
    someWeights,
    openRefutation,
    orthogonalGradient,
    leastLoss,
    lossBracket,
    absorption,
    reportedMean,
    reportedUnit,
    reportedCount,
    reportedWords,
    anchoring,
    anchoringTrue,
    anchorInterference,
    resampling,
    absorptionPenalty,
    hedging,
    hedgingPlain,
    hedgingOne,
    sparkCondition,
    uniqueDictionary,
    wideDictionary,
    linearProbe,
    absorbedPattern,
    absorptionLoss,
    absorptionFromHierarchy,
    absorbedMinima,
    silentHierarchy,
    raisedThreshold,
    latentOn,
    latentOff,
    absorbs,
    paperScale,
    dimension,
    growth,
    anchoredDimension,
    realizability,
    patternCount,
    chamberCount,
  ].map((claim) => [claim.id, claim]),
);
