/** Runs matched in this thread or on several: the instance goes to each thread once, weights in chunks. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { isCompiled, poolOf, workerBeside } from '../../threads/pool.ts';
import type { SdlProblem } from '../runs/problem.ts';
import { type Chunk, type Matches, type Matching, matchingHere } from './chunks.ts';
import type { MatchSettings } from './match.ts';

export interface MatchTask {
  /** The instance as JSON text. */
  readonly instance: string;
  readonly settings: MatchSettings;
}

export function matching(
  m: Instance,
  p: SdlProblem,
  settings: MatchSettings,
  sha256: Digest,
  threads: number,
): Matching {
  if (threads === 1 || !isCompiled(import.meta.url)) return matchingHere(m, p, settings, sha256);
  const { configuration: _, pattern: __, ...shape } = m;
  const task: MatchTask = { instance: JSON.stringify(instanceDocument(shape)), settings };
  const { inOrder, close } = poolOf<Chunk, Matches>(workerBeside(import.meta.url, 'matchWorker'), threads, task);
  return { results: inOrder, close };
}
