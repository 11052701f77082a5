/**
 * What is wrong with something the user gave: where, what was expected, what was found, and what to do next. It uses the
 * kernel's words for codes, and a few of its own for what the kernel never sees: files and arguments.
 */
import type { Rejection } from '../kernel/numbers/rejection.ts';
import { adviceFor } from './advice.ts';
import { EXIT } from './exitCodes.ts';
import { printable } from './printable.ts';
import type { Problem } from './problemValue.ts';

export type { Problem } from './problemValue.ts';

/** A problem on its way to `main`, which prints it and sets the exit code. Any other exception is a bug. */
export class Failure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem));
    this.problem = problem;
  }
}

/** What was asked is open, for this reason: no fault of the input. `main` says so and exits with 3. */
export class Undecided extends Error {}

export function fail(
  code: string,
  at: { file?: string; path?: string; next?: string | undefined },
  expected: string,
  found: string,
  next: string | undefined = at.next,
): never {
  const { next: _, ...where } = at;
  throw new Failure({ kind: 'malformed', code, ...where, expected, found, ...(next !== undefined && { next }) });
}

/** A kernel's rejection of the file named. */
export function problemOf({ kind, code, path, expected, found }: Rejection, file: string): Problem {
  return { kind, code, file, path, expected, found };
}

/** `file: $.path: expected ..., found ... (code)` */
export function problemLine({ file, path, expected, found, code }: Problem): string {
  const where = [file, path].filter((part) => part !== undefined).map((part) => `${printable(part)}: `);
  return `${where.join('')}expected ${printable(expected)}, found ${printable(found)} (${code})`;
}

/** The line, and below it what to do next. */
export function problemText(problem: Problem): string {
  const advice = adviceFor(problem);
  return advice === undefined ? problemLine(problem) : `${problemLine(problem)}\n  ${printable(advice)}`;
}

/** The document that `--json` prints where a command has no result: `dictum/error@1`. */
export function problemDocument(problem: Problem): object {
  const next = adviceFor(problem);
  return { format: 'dictum/error@1', ...problem, ...(next !== undefined && { next }) };
}

export const exitCodeOf = (problem: Problem): number => EXIT[problem.kind];
