/** What is written down of a job: its answer, or why there is none. */
import { hostname } from 'node:os';
import { EXIT } from '../../terminal/exitCodes.ts';
import { problemLine } from '../../terminal/problem.ts';
import type { Problem } from '../../terminal/problemValue.ts';
import type { Job } from './jobs.ts';
import type { Done, Failed } from './store.ts';
import type { SweptCommand } from './swept.ts';
import type { Outcome } from './workers.ts';

/** Invalid and undecided are answers, too. */
const ANSWERS: readonly number[] = [EXIT.ok, EXIT.invalid, EXIT.undecided];

/** Undefined of a job that was interrupted: it is as if it had not begun. */
export function recordOf(command: SweptCommand, { id: job, input }: Job, outcome: Outcome): Done | Failed | undefined {
  const host = hostname();
  if ('ended' in outcome) {
    const ran = { seconds: outcome.seconds, cpuSeconds: 0, host };
    return { format: 'dictum/failed-job@1', job, command, code: 'ended', reason: outcome.ended, ran };
  }
  const { exit, out, err, seconds, cpuSeconds } = outcome;
  if (exit === EXIT.interrupted) return undefined;
  const ran = { seconds, cpuSeconds, host };
  const document = documentOf(out);
  if (ANSWERS.includes(exit) && document !== undefined)
    return { format: 'dictum/job@1', job, command, exit, result: document, ran };
  const failed = { format: 'dictum/failed-job@1', job, command, ran } as const;
  if (isProblem(document)) {
    // It read its input as standard input.
    const named = document.file === '-' ? { ...document, file: input } : document;
    return { ...failed, code: document.code, reason: problemLine(named) };
  }
  return {
    ...failed,
    code: `exit ${exit}`,
    reason: err.trim().split('\n')[0] || `it ended with ${exit} and no answer`,
  };
}

function documentOf(out: string): unknown {
  try {
    return JSON.parse(out);
  } catch {
    return undefined;
  }
}

function isProblem(document: unknown): document is Problem {
  return (
    typeof document === 'object' && document !== null && 'format' in document && document.format === 'dictum/error@1'
  );
}
