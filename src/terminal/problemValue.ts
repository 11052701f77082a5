/** What is wrong with something the user gave, as a value; problem.ts prints it. */
export interface Problem {
  readonly kind: 'malformed' | 'invalid';
  readonly code: string;
  /** The file, or the command or option that the problem is with. */
  readonly file?: string;
  /** JSON path within the file. */
  readonly path?: string;
  readonly expected: string;
  readonly found: string;
  /** What to do about it, where the one who found it knows better than advice.ts. */
  readonly next?: string;
}
