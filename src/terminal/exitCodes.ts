/** Exit codes of every command; docs and `dictum --help` list them. */
export const EXIT = {
  /** Decided, accepted, written. */
  ok: 0,
  /** A certificate was read and does not prove what it has to, or a verdict differs from the committed one. */
  invalid: 1,
  /** A file or an argument cannot be read as what it should be. */
  malformed: 2,
  undecided: 3,
  /** A bug of Dictum (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** 128 + SIGINT, as a shell reports it. */
  interrupted: 130,
} as const;
