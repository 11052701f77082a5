/** What is wrong with a configuration, a file or a run: the command line turns it into a message. */
export class TrainProblem extends Error {
  readonly code: string;
  /** JSON path in the configuration, or where in the file. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** The file it is about, where that is not the configuration. */
  readonly file: string | undefined;
  /** What to do about it, where that is not the same for all problems of this code. */
  readonly next: string | undefined;

  constructor(code: string, path: string, expected: string, found: string, file?: string, next?: string) {
    super(`${path}: expected ${expected}, found ${found}`);
    this.code = code;
    this.path = path;
    this.expected = expected;
    this.found = found;
    this.file = file;
    this.next = next;
  }
}
