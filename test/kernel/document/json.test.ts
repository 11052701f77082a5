import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, MAX_DEPTH, MAX_LENGTH, Numeral, parseJson } from '../../../src/kernel/document/json.ts';
import { MAX_DIGITS } from '../../../src/kernel/numbers/rational.ts';
import { expectRejection, rejection } from '../read.ts';

/** What JSON.parse would have returned. */
function plain(json: Json): unknown {
  if (json instanceof Numeral) return Number(json.text);
  if (json instanceof Map) return Object.fromEntries([...json].map(([key, value]) => [key, plain(value)]));
  return Array.isArray(json) ? json.map(plain) : json;
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const document = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }).map((value) => JSON.stringify(value));

describe('agrees with JSON.parse', () => {
  test('on random documents, with and without layout', () => {
    fc.assert(
      fc.property(document, fc.constantFrom(0, 1, '\t'), (source, indent) => {
        const laidOut = JSON.stringify(JSON.parse(source), null, indent);
        expect(plain(parseJson(source))).toEqual(JSON.parse(source));
        expect(plain(parseJson(` \t\r\n${laidOut}\r\n`))).toEqual(JSON.parse(source));
      }),
    );
  });

  test('on strings however they are escaped', () => {
    const escaped = text.map((s) =>
      [...s]
        .map((c) => [...Array(c.length)].map((_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''))
        .join(''),
    );
    fc.assert(
      fc.property(escaped, (s) => {
        expect(parseJson(`"${s}"`)).toBe(JSON.parse(`"${s}"`));
      }),
    );
    expect(parseJson('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\u2028\u007f"')).toBe('"\\/\b\f\n\r\té\u2028\u007f');
  });

  test('on what is no JSON: one character changed, and both accept or both refuse', () => {
    const broken = fc
      .tuple(
        document,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'x', '\u0001', ' '),
      )
      .map(([source, at, by]) => {
        const k = at % source.length;
        return source.slice(0, k) + by + source.slice(k + 1);
      });
    let [refusals, read] = [0, 0];
    fc.assert(
      fc.property(broken, (source) => {
        let expected: unknown;
        try {
          expected = JSON.parse(source);
        } catch {
          refusals++;
          // A key may be met twice before the text goes wrong.
          expect(rejection(() => parseJson(source)).code).toMatch(/^(?:not-json|duplicate-key)$/);
          return;
        }
        let found: unknown;
        try {
          found = plain(parseJson(source));
        } catch (thrown) {
          // Stricter than JSON.parse here, and only here.
          expect(String(thrown)).toMatch(/duplicate-key|lone surrogate/);
          return;
        }
        expect(found).toEqual(expected);
        read++;
      }),
      { numRuns: 1000 },
    );
    expect(refusals).toBeGreaterThan(100);
    expect(read).toBeGreaterThan(20);
  });
});

describe('keeps what JSON.parse changes', () => {
  test.each([
    '0',
    '-0',
    '1.0',
    '1e5',
    '0.1000000000000000055511151231257827',
    '123456789012345678901234567890',
    '1E-999',
  ])('the number %s as it is written', (source) => {
    expect((parseJson(source) as Numeral).text).toBe(source);
  });

  test('keys that name something on Object.prototype', () => {
    const read = parseJson('{"__proto__":{"verdict":"holds"},"constructor":1,"toString":2}') as ReadonlyMap<
      string,
      Json
    >;
    expect([...read.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
    expect(read.get('verdict')).toBeUndefined();
  });
});

describe('refuses', () => {
  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [what: string, source: string, code: string, path: string])[] = [
    ['nothing', '', 'not-json', '$'],
    ['a byte order mark', '\ufeff{}', 'not-json', '$'],
    ['text after the document', '{} {}', 'not-json', '$'],
    ['a duplicate key', '{"a":{"b":1,"b":1}}', 'duplicate-key', '$.a.b'],
    ['a duplicate key, spelled in another way', '{"a":1,"\\u0061":1}', 'duplicate-key', '$.a'],
    ['a duplicate key before anything else goes wrong', '{"a":1,"a":}', 'duplicate-key', '$.a'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":1}', 'duplicate-key', '$.__proto__'],
    ['a lone high surrogate', '["\\ud800"]', 'not-json', '$[0]'],
    ['a lone low surrogate', '{"a":"\\udc00x"}', 'not-json', '$.a'],
    ['surrogates the wrong way round', '"\\udc00\\ud800"', 'not-json', '$'],
    ['a lone surrogate, raw', '"\ud800"', 'not-json', '$'],
    ['a lone surrogate in a key', '{"\\ud800":1}', 'not-json', '$'],
    ['a raw control character', '"a\u0001"', 'not-json', '$'],
    ['a raw line break', '"a\n"', 'not-json', '$'],
    ['an unknown escape', '"\\x41"', 'not-json', '$'],
    ['a short escape', '"\\u12"', 'not-json', '$'],
    ['a string without end', '["a', 'not-json', '$[0]'],
    ['an array without end', '[1', 'not-json', '$'],
    ['an object without end', '{"a":1', 'not-json', '$'],
    ['a trailing comma', '[1,]', 'not-json', '$[1]'],
    ['a trailing comma in an object', '{"a":1,}', 'not-json', '$'],
    ['a leading comma', '[,1]', 'not-json', '$[0]'],
    ['a missing colon', '{"a" 1}', 'not-json', '$'],
    ['a missing value', '{"a":}', 'not-json', '$.a'],
    ['single quotes', "{'a':1}", 'not-json', '$'],
    ['a comment', '[1/*x*/]', 'not-json', '$'],
    ['NaN', 'NaN', 'not-json', '$'],
    ['Infinity', '[-Infinity]', 'not-json', '$[0]'],
    ['a leading zero', '01', 'not-json', '$'],
    ['a leading plus', '+1', 'not-json', '$'],
    ['a bare point', '1.', 'not-json', '$'],
    ['hexadecimal', '0x10', 'not-json', '$'],
    ['full-width digits', '１', 'not-json', '$'],
    ['a no-break space', '\u00a0{}', 'not-json', '$'],
    ['a word cut short', '[tru]', 'not-json', '$[0]'],
    ['a word too long', '[nullx]', 'not-json', '$'],
    ['too many digits', `{"a":${'1'.repeat(MAX_DIGITS + 1)}}`, 'too-large', '$.a'],
    ['too long a text', ' '.repeat(MAX_LENGTH + 1), 'too-large', '$'],
  ];
  test.each(cases)('%s', (_, source, code, path) => {
    expectRejection(() => parseJson(source), code, path);
  });

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s nested deeper than the limit, and no shallower', (_, open, close) => {
    const nested = (levels: number, inside: string): string => open.repeat(levels) + inside + close.repeat(levels);
    expect(() => parseJson(nested(MAX_DEPTH, '1'))).not.toThrow();
    const path = `$${(open === '[' ? '[0]' : '.a').repeat(MAX_DEPTH)}`;
    expectRejection(() => parseJson(nested(MAX_DEPTH, '[]')), 'too-deep', path);
    expectRejection(() => parseJson(nested(MAX_DEPTH, '{}')), 'too-deep', path);
    expectRejection(() => parseJson(open.repeat(100_000)), 'too-deep', path);
  });
});
