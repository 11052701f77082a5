/** What runs a reader and says what is wrong with the file; in a browser as well. */
import { type Json, Numeral } from '../kernel/document/json.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { Rejection } from '../kernel/numbers/rejection.ts';
import { isTooMuch } from '../kernel/numbers/work.ts';
import { beyond } from '../kernel/proof/outside.ts';
import { Failure, fail, problemOf } from './problem.ts';

/** Runs a reader of the kernel; its rejection becomes a Failure that names the file. */
export function refusing<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    // A file that takes too much to read is as good as one that cannot be read.
    if (!(thrown instanceof Rejection)) throw thrown;
    const problem = problemOf(thrown, file);
    throw new Failure(isTooMuch(thrown) ? { ...problem, kind: 'malformed' } : problem);
  }
}

/** A document whose quantities are floats, because nothing is decided with them. */
export function plain(json: Json): unknown {
  if (json instanceof Numeral) return Number(json.text);
  if (json instanceof Map) return Object.fromEntries([...json].map(([key, value]) => [key, plain(value)]));
  return Array.isArray(json) ? json.map(plain) : json;
}

/** What "dictum/instance@2" adds is for a few commands only. */
export function refuseLifted(subject: Subject, file: string): void {
  const also = beyond(subject);
  if ('lifted' in subject)
    fail(
      'unknown-word',
      { file, path: '$.format' },
      '"dictum/instance@1", without what @2 adds',
      `"dictum/instance@2"${also.length > 0 ? ` with ${also.join(', ')}` : ''}`,
      '"dictum realize", "patterns", "landscape", "certify" and "land" read models with biases, and inputs in place of features.',
    );
}
