/** What the functions of the library throw on input that they cannot use. */
import type { Rejection } from '../kernel/numbers/rejection.ts';

/**
 * Input that cannot be used: an instance that cannot be read, a name that is none, or something that a claim needs and the instance
 * lacks. Anything else that is thrown is a bug. An open question is no error: the functions answer `undecided` and say why.
 *
 * @example
 * ```ts
 * try {
 *   realize({ format: 'dictum/instance@1', name: 'x', features: [], activation: { kind: 'relu' }, neurons: 1 });
 * } catch (error) {
 *   if (error instanceof InputError) console.log(error.path, error.expected, error.found); // $.features at least one feature none
 * }
 * ```
 */
export class InputError extends Error {
  /** A word from docs/certificate-format.md, section "Codes", or one of the command line. */
  readonly code: string;
  /** JSON path within what was given, `$.features[0].wp`; or the name of the argument or option. */
  readonly path: string;
  /** What should have stood there. */
  readonly expected: string;
  /** What stood there. */
  readonly found: string;

  /** `path: expected ..., found ... (code)` becomes the message. */
  constructor(code: string, path: string, expected: string, found: string) {
    super(`${path}: expected ${expected}, found ${found} (${code})`);
    this.name = 'InputError';
    this.code = code;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** A kernel's rejection of what was given; paths within an instance begin at the instance. */
export const inputError = ({ code, path, expected, found }: Rejection): InputError =>
  new InputError(code, path.replace(/^\$\.instance\b/, '$'), expected, found);

export function refuse(code: string, path: string, expected: string, found: string): never {
  throw new InputError(code, path, expected, found);
}
