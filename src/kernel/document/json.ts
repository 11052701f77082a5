/**
 * A strict JSON reader. It refuses what JSON.parse lets pass or changes silently: duplicate keys, numbers turned into
 * floats, deep nesting, lone surrogates, oversized input. Numbers keep the text they were written with.
 */
import { MAX_DIGITS } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';

/** A number as it was written. */
export class Numeral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Json = string | boolean | null | Numeral | readonly Json[] | JsonObject;
export interface JsonObject extends ReadonlyMap<string, Json> {}

export const MAX_LENGTH: number = 32 * 1024 * 1024;
export const MAX_DEPTH = 64;

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
);

/** Reads one JSON document and nothing after it. */
export function parseJson(source: string): Json {
  if (source.length > MAX_LENGTH) malformed('too-large', '$', `at most ${MAX_LENGTH} characters`, `${source.length}`);
  let position = 0;

  const fail = (expected: string, path: string): never => {
    const found =
      position < source.length ? JSON.stringify(source.slice(position, position + 20)) : 'the end of the text';
    return malformed('not-json', path, expected, `${found} at character ${position}`);
  };
  const skipSpace = (): void => {
    while (' \t\n\r'.includes(source[position] ?? 'x')) position++;
  };
  const expect = (char: string, path: string): void => {
    if (source[position] !== char) fail(`"${char}"`, path);
    position++;
  };
  /** The text that `pattern` (sticky) matches here. */
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) position += found.length;
    return found;
  };

  const readString = (path: string): string => {
    expect('"', path);
    let value = '';
    for (;;) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings
      value += match(/[^"\\\u0000-\u001f]*/y) ?? '';
      if (source[position] === '"') break;
      if (source[position] !== '\\') fail('a closing quote, and no raw control character', path);
      position++;
      const hex = match(/u[0-9a-fA-F]{4}/y);
      const simple = hex === undefined ? ESCAPES.get(source[position] ?? '') : undefined;
      if (hex !== undefined) value += String.fromCharCode(Number.parseInt(hex.slice(1), 16));
      else if (simple !== undefined) {
        value += simple;
        position++;
      } else fail('an escape of JSON', path);
    }
    position++;
    if (/\p{Surrogate}/u.test(value)) malformed('not-json', path, 'well-formed Unicode', 'a lone surrogate');
    return value;
  };

  const readObject = (path: string, depth: number): JsonObject => {
    const members = new Map<string, Json>();
    position++;
    skipSpace();
    while (source[position] !== '}') {
      if (members.size > 0) expect(',', path);
      skipSpace();
      const key = readString(path);
      if (members.has(key)) malformed('duplicate-key', `${path}.${key}`, 'each key once', 'it twice');
      skipSpace();
      expect(':', path);
      members.set(key, readValue(`${path}.${key}`, depth));
      skipSpace();
    }
    position++;
    return members;
  };

  const readArray = (path: string, depth: number): Json[] => {
    const items: Json[] = [];
    position++;
    skipSpace();
    while (source[position] !== ']') {
      if (items.length > 0) expect(',', path);
      items.push(readValue(`${path}[${items.length}]`, depth));
      skipSpace();
    }
    position++;
    return items;
  };

  const readValue = (path: string, depth: number): Json => {
    skipSpace();
    const next = source[position];
    if (depth >= MAX_DEPTH && (next === '{' || next === '['))
      malformed('too-deep', path, `at most ${MAX_DEPTH} levels`, 'more');
    if (next === '"') return readString(path);
    if (next === '{') return readObject(path, depth + 1);
    if (next === '[') return readArray(path, depth + 1);
    const word = match(/true|false|null/y);
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    const number = match(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y) ?? fail('a JSON value', path);
    if (number.length > MAX_DIGITS) malformed('too-large', path, `at most ${MAX_DIGITS} digits`, `${number.length}`);
    return new Numeral(number);
  };

  const value = readValue('$', 0);
  skipSpace();
  if (position < source.length) fail('nothing after the document', '$');
  return value;
}

/** In a certificate quantities are strings; JSON numbers are indices. */
export function refuseFloats(json: Json, path: string): void {
  if (json instanceof Numeral) {
    if (!/^(0|[1-9][0-9]{0,8})$/.test(json.text))
      malformed('float', path, 'an index; quantities are strings', json.text);
  } else if (json instanceof Map) {
    for (const [key, value] of json) refuseFloats(value, `${path}.${key}`);
  } else if (Array.isArray(json)) {
    json.forEach((value, i) => {
      refuseFloats(value, `${path}[${i}]`);
    });
  }
}
