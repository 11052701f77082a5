/**
 * A rejection says why a file is not accepted. `malformed`: it cannot be read as what it claims to be.
 * `invalid`: it can be read, and does not prove what it has to. Anything else thrown here is a bug.
 *
 * Inside the kernel a rejection travels as a thrown value; `certificate.ts` catches it, at one place, and
 * returns it.
 */
export class Rejection {
  readonly kind: 'malformed' | 'invalid';
  /** A word from docs/certificate-format.md, section "Codes". */
  readonly code: string;
  /** JSON path, `$.witness.conclusion[0].we`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;

  constructor(kind: 'malformed' | 'invalid', code: string, path: string, expected: string, found: string) {
    this.kind = kind;
    this.code = code;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }

  toString(): string {
    return `${this.path}: ${this.kind} (${this.code}): expected ${this.expected}, found ${this.found}`;
  }
}

export function malformed(code: string, path: string, expected: string, found: string): never {
  throw new Rejection('malformed', code, path, expected, found);
}

export function invalid(code: string, path: string, expected: string, found: string): never {
  throw new Rejection('invalid', code, path, expected, found);
}
