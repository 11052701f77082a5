/** Every claim, by id: all that a checker has to know of them. */
import type { Claim } from '../src/kernel/claim.ts';
import { absorption } from './absorption/statement.ts';
import { example35 } from './example-3-5/statement.ts';
import { groundTruthGlobal, groundTruthLoss } from './ground-truth/statement.ts';
import { nonIdentifiable } from './non-identifiability/statement.ts';
import { spuriousMinima } from './spurious-minima/statement.ts';
import { zeroLoss } from './zero-loss/statement.ts';

export const CLAIMS: ReadonlyMap<string, Claim> = new Map(
  [groundTruthLoss, groundTruthGlobal, zeroLoss, nonIdentifiable, example35, spuriousMinima, absorption].map(
    (claim) => [claim.id, claim],
  ),
);
