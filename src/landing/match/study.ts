/** One study: settings fixed beforehand, runs trained, ends matched. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { threadsUpTo } from '../../threads/pool.ts';
import { sdlProblem } from '../runs/problem.ts';
import type { Settings } from '../runs/settings.ts';
import { type TrainOptions, train } from '../runs/train.ts';
import { land } from './land.ts';
import { LAND_DEFAULTS } from './landOn.ts';
import { namesOf, type Study } from './studyResult.ts';

/** Undefined where there is no training step for the instance. */
export async function study(
  m: Instance,
  settings: Settings,
  runs: number,
  sha256: Digest,
  options: TrainOptions & { readonly tell?: (done: number) => void; readonly each?: boolean } = {},
): Promise<Study | undefined> {
  const p = sdlProblem(m);
  if (!p) return undefined;
  const trained = await train(p, settings, runs, options);
  const threads = options.threads ?? threadsUpTo(4);
  const landing = await land(m, p, trained, namesOf(settings, trained), LAND_DEFAULTS, sha256, { ...options, threads });
  return { trained, landing, settings };
}
