/** Runs matched in chunks, in this thread. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import type { RunName } from '../propose/document.ts';
import { isRefused, type Refusal } from '../propose/refusal.ts';
import type { SdlProblem } from '../runs/problem.ts';
import { type Match, type MatchSettings, matchRun } from './match.ts';

export interface Chunk {
  readonly runs: readonly { readonly weights: Float32Array; readonly name: RunName }[];
  /** Whether the texts of certificates are to come back. */
  readonly texts: boolean;
}

export type Matches = readonly (Match | Refusal)[];

export interface Matching {
  /** In the order of the chunks. */
  readonly results: (chunks: readonly Chunk[]) => AsyncIterable<Matches>;
  readonly close: () => Promise<void>;
}

export function matchingHere(m: Instance, p: SdlProblem, settings: MatchSettings, sha256: Digest): Matching {
  async function* here(chunks: readonly Chunk[]): AsyncGenerator<Matches> {
    for (const chunk of chunks) yield matchChunk(m, p, settings, sha256, chunk);
  }
  return { results: here, close: async () => undefined };
}

export function matchChunk(
  m: Instance,
  p: SdlProblem,
  settings: MatchSettings,
  sha256: Digest,
  { runs, texts }: Chunk,
): Matches {
  return runs.map(({ weights, name }) => {
    const found = matchRun(m, p, weights, settings, name, sha256);
    return isRefused(found) || texts ? found : { ...found, text: '' };
  });
}
