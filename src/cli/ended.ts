/** How a command ends that threw something: bad input, a question that stays open, or a bug of ours; what is said, and the exit code. */
import { isTooMuch } from '../kernel/work.ts';
import { EXIT } from './exitCodes.ts';
import { exitCodeOf, Failure, problemDocument, problemText, Undecided } from './problem.ts';

function report(failure: Failure, json: boolean): number {
  process.stderr.write(`${problemText(failure.problem)}\n`);
  if (json) process.stdout.write(`${JSON.stringify(problemDocument(failure.problem), null, 2)}\n`);
  return exitCodeOf(failure.problem);
}

/** Why the question stays open, if that is what was thrown: it says so, or the bound on work was met (in a worker, too). */
function openReason(thrown: unknown): string | undefined {
  if (thrown instanceof Undecided) return thrown.message;
  const { code, expected } = (thrown ?? {}) as { code?: unknown; expected?: unknown };
  if (!isTooMuch(thrown) && code !== 'too-much-work') return undefined;
  return `this takes more than ${`${expected}`.replace('at most ', '')}; --work TIMES, where the command has it, allows more`;
}

function undecided(why: string, json: boolean): number {
  process.stderr.write(`undecided: ${why}\n`);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ format: 'dictum/error@1', kind: 'undecided', code: 'undecided', expected: 'an answer', found: why })}\n`,
    );
  return EXIT.undecided;
}

/** Says what ended a command other than its return, and gives the exit code. */
export function ended(thrown: unknown, json: boolean): number {
  if (thrown instanceof Failure) return report(thrown, json);
  const why = openReason(thrown);
  return why === undefined ? bug(thrown) : undecided(why, json);
}

export function bug(thrown: unknown): number {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const detail = process.env.DICTUM_DEBUG === '1' ? (error.stack ?? error.message) : error.message.slice(0, 400);
  process.stderr.write(
    `dictum: a bug: ${detail}\n  Please report it with the command and its input. DICTUM_DEBUG=1 shows where it happened.\n`,
  );
  return EXIT.bug;
}
