/** Bytes as lines of text; a line that is too long, or no UTF-8, is a problem in its place, and the lines after it are read. */
import { MAX_LENGTH } from '../../kernel/document/json.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';

const NEWLINE = 10;

export async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<string | Rejection> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    // Of what is too long only the length is kept.
    if (length > MAX_LENGTH) parts = [];
    else parts.push(part);
  };
  const line = (): string | Rejection => {
    const read = length > MAX_LENGTH ? tooLong(length) : decoded(Buffer.concat(parts));
    [parts, length] = [[], 0];
    return read;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield line();
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield line();
}

const tooLong = (length: number): Rejection =>
  new Rejection('malformed', 'too-large', '$', `at most ${MAX_LENGTH} bytes a line`, `${length}`);

function decoded(bytes: Buffer): string | Rejection {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new Rejection('malformed', 'not-utf-8', '$', 'UTF-8', 'other bytes');
  }
}
