/** How a command ends that threw something: bad input, a question that stays open, or a bug of ours; what is said, and the exit code. */
import { isTooMuch } from '../kernel/numbers/work.ts';
import { EXIT } from './exitCodes.ts';
import { reason } from './files.ts';
import { exitCodeOf, Failure, problemDocument, problemText, Undecided } from './problem.ts';
import { note, ReaderGone, say } from './streams.ts';

function report(failure: Failure, json: boolean): number {
  note(`${problemText(failure.problem)}\n`);
  if (json) say(`${JSON.stringify(problemDocument(failure.problem), null, 2)}\n`);
  return exitCodeOf(failure.problem);
}

/** Why the question stays open, if that is what was thrown: it says so, or the bound on work was met (in a worker, too). */
function openReason(thrown: unknown): string | undefined {
  if (thrown instanceof Undecided) return thrown.message;
  const { code, expected } = (thrown ?? {}) as { code?: unknown; expected?: unknown };
  if (!isTooMuch(thrown) && code !== 'too-much-work') return undefined;
  return `this takes more than the limit, ${expected}; --work TIMES, where the command has it, allows more work`;
}

function undecided(why: string, json: boolean): number {
  note(`undecided: ${why}\n`);
  if (json)
    say(
      `${JSON.stringify({ format: 'dictum/error@1', kind: 'undecided', code: 'undecided', expected: 'an answer', found: why })}\n`,
    );
  return EXIT.undecided;
}

/** What the operating system refuses where no command has a word for it is no bug either. */
function refusal(thrown: unknown): Failure | undefined {
  if (!(thrown instanceof Error && 'syscall' in thrown && 'code' in thrown)) return undefined;
  const file = 'path' in thrown ? `${thrown.path}` : `${thrown.syscall}`;
  const [expected, found] = ['what the operating system grants', reason(thrown)];
  return new Failure({ kind: 'malformed', code: 'refused', file, expected, found });
}

/** Says what ended a command other than its return, and gives the exit code. */
export function ended(thrown: unknown, json: boolean): number {
  if (thrown instanceof ReaderGone) return EXIT.ok;
  const failure = thrown instanceof Failure ? thrown : refusal(thrown);
  if (failure) return report(failure, json);
  const why = openReason(thrown);
  return why === undefined ? bug(thrown) : undecided(why, json);
}

function bug(thrown: unknown): number {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const detail = process.env.DICTUM_DEBUG === '1' ? (error.stack ?? error.message) : error.message.slice(0, 400);
  note(
    `dictum: a bug: ${detail}\n  Please report it with the command and its input. DICTUM_DEBUG=1 shows where it happened.\n`,
  );
  return EXIT.bug;
}
