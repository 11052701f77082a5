/** Matches the end points of all runs, on several threads where there is enough to do. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import type { RunName } from '../propose/document.ts';
import type { SdlProblem } from '../runs/problem.ts';
import type { TrainedRuns } from '../runs/trainOn.ts';
import { type Landing, type LandOnOptions, landOn } from './landOn.ts';
import type { MatchSettings } from './match.ts';
import { matching } from './pool.ts';

interface LandOptions extends LandOnOptions {
  readonly threads?: number;
}

export const land = (
  m: Instance,
  p: SdlProblem,
  trained: TrainedRuns,
  nameOf: (run: number) => RunName,
  settings: MatchSettings,
  sha256: Digest,
  { threads = 1, ...options }: LandOptions = {},
): Promise<Landing> =>
  landOn(p, trained, nameOf, (chunks) => matching(m, p, settings, sha256, chunks > 1 ? threads : 1), options);
