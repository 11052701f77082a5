/**
 * Every rule there is, for producers: they also decide what no claim asks (`dictum realize`, `dictum landscape`). What they write is
 * checked with the packs of its claim alone, before it leaves (certificate.ts).
 */
import type { Pack } from '../../kernel/proof/goal.ts';
import { bestLossRules } from '../../kernel/rules/bestLoss.ts';
import { biconvexityRules } from '../../kernel/rules/biconvexity.ts';
import { blockRules } from '../../kernel/rules/blocks.ts';
import { classRules } from '../../kernel/rules/classes.ts';
import { countingRules } from '../../kernel/rules/counting.ts';
import { criticalRules } from '../../kernel/rules/critical.ts';
import { definiteRules } from '../../kernel/rules/definite.ts';
import { deadRules, spanningRules } from '../../kernel/rules/directions.ts';
import { enclosedRules } from '../../kernel/rules/enclosed.ts';
import { everyPointRules } from '../../kernel/rules/everyPoint.ts';
import { exclusionRules } from '../../kernel/rules/exclusion.ts';
import { existenceRules } from '../../kernel/rules/existence.ts';
import { globalMinimumRules } from '../../kernel/rules/globalMinimum.ts';
import { leastLossRules } from '../../kernel/rules/leastLoss.ts';
import { localMinimumRules } from '../../kernel/rules/localMinimum.ts';
import { partialMinimumRules } from '../../kernel/rules/partialMinimum.ts';
import { realizabilityRules } from '../../kernel/rules/realizability.ts';
import { reconstructionRules } from '../../kernel/rules/reconstruction.ts';
import { refutedNearRules } from '../../kernel/rules/refutedNear.ts';
import { scaleRules } from '../../kernel/rules/scale.ts';
import { strictTrapRules } from '../../kernel/rules/strictTrap.ts';
import { uniqueCodeRules } from '../../kernel/rules/uniqueCodes.ts';
import { valleyRules } from '../../kernel/rules/valley.ts';
import { weightRules } from '../../kernel/rules/weights.ts';

export const PACKS: readonly Pack[] = [
  realizabilityRules,
  countingRules,
  existenceRules,
  exclusionRules,
  globalMinimumRules,
  localMinimumRules,
  definiteRules,
  biconvexityRules,
  reconstructionRules,
  partialMinimumRules,
  criticalRules,
  classRules,
  everyPointRules,
  blockRules,
  enclosedRules,
  strictTrapRules,
  valleyRules,
  deadRules,
  spanningRules,
  scaleRules,
  bestLossRules,
  weightRules,
  refutedNearRules,
  uniqueCodeRules,
  leastLossRules,
];

export const RULES: Pack = new Map(PACKS.flatMap((pack) => [...pack]));
