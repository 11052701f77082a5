/** For each claim the folder of its canonical instances, and what its witness brings. Nothing here is trusted. */
import type { Proposals } from '../src/solve/decision.ts';
import { proposals as absorption } from './absorption/witness.ts';
import { proposals as example35 } from './example-3-5/witness.ts';
import { proposals as groundTruth } from './ground-truth/witness.ts';
import { proposals as nonIdentifiable } from './non-identifiability/witness.ts';
import { proposals as spuriousMinima } from './spurious-minima/witness.ts';
import { proposals as zeroLoss } from './zero-loss/witness.ts';

export interface Witness {
  /** Below theorems/, with a folder `instances`. */
  readonly folder: string;
  readonly proposals: Proposals;
}

export const WITNESSES: ReadonlyMap<string, Witness> = new Map([
  ['T3', { folder: 'ground-truth', proposals: groundTruth }],
  ['T3-global', { folder: 'ground-truth', proposals: groundTruth }],
  ['T4', { folder: 'zero-loss', proposals: zeroLoss }],
  ['T4-nonidentifiable', { folder: 'non-identifiability', proposals: nonIdentifiable }],
  ['E5', { folder: 'example-3-5', proposals: example35 }],
  ['T6', { folder: 'spurious-minima', proposals: spuriousMinima }],
  ['T8', { folder: 'absorption', proposals: absorption }],
]);
