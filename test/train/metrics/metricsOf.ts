/** `dictum metrics ... --json` in this process: its document, or the problem that it refuses with. */
import { vi } from 'vitest';
import { run } from '../../../src/commands/metrics/metrics.ts';
import { Failure, type Problem } from '../../../src/terminal/problem.ts';
import type { Metrics } from '../../../src/train/metrics/metrics.ts';

interface Document {
  readonly from: string;
  readonly method: string;
  readonly notes?: readonly string[];
  readonly metrics: Metrics;
  readonly components?: {
    readonly parts: readonly { readonly neurons: readonly number[]; readonly features: readonly number[] }[];
    readonly dead: readonly number[];
    readonly uncovered: readonly number[];
  };
}

export async function metricsOf(...args: readonly string[]): Promise<Document> {
  let text = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await run([...args, '--json']);
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return JSON.parse(text) as Document;
}

/** Anything else that is thrown would be a bug, and exit 70. */
export async function refusal(...args: readonly string[]): Promise<Problem> {
  try {
    await metricsOf(...args);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.problem;
    throw thrown;
  }
  throw new Error('accepted');
}
