import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, documentId } from '../../../src/kernel/document/canonical.ts';
import { parseJson } from '../../../src/kernel/document/json.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const canonical = (source: string): string => canonicalJson(parseJson(source));

/** Documents whose only numbers are integers that a double holds exactly. */
const { document } = fc.letrec((tie) => ({
  text: fc.string({ unit: 'binary', maxLength: 6 }),
  document: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer({ min: 0, max: 999_999_999 }),
    tie('text'),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(tie('text') as fc.Arbitrary<string>, tie('document'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('agrees with npm canonicalize, whatever the layout and the order of keys', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, shuffled(member)]),
          )
        : value;
  fc.assert(
    fc.property(document, (value) => {
      const expected = canonicalize(value);
      expect(canonical(JSON.stringify(value, null, 3))).toBe(expected);
      expect(canonical(JSON.stringify(shuffled(value)))).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

describe('RFC 8785', () => {
  test('section 3.2.2, without its floats', () => {
    const source = String.raw`{ "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }`;
    expect(canonical(source)).toBe(String.raw`{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
  });

  test('section 3.2.3: keys in order of UTF-16 code units', () => {
    const source = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" }`;
    expect([...canonical(source).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('no normalization: equal looks, different texts', () => {
    expect(canonical('"\\u00e9"')).not.toBe(canonical('"e\\u0301"'));
    expect(canonical('"1"')).not.toBe(canonical('1'));
  });
});

describe('the id of a document', () => {
  test("the platform's SHA-256 is the one of FIPS 180-4", () => {
    // NIST's example for "abc", and the empty text.
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('is the digest of the canonical form without the key "id" at the top, and there only', () => {
    const id = (source: string): string => documentId(parseJson(source), sha256);
    expect(id('{"b":1,"id":"x","a":{"id":2}}')).toBe(sha256('{"a":{"id":2},"b":1}'));
    expect(id('{"b":1,"a":{"id":3}}')).not.toBe(id('{"b":1,"a":{"id":2}}'));
    expect(id('["é"]')).toBe(sha256('["é"]'));
    expect(id('{"__proto__":1}')).not.toBe(id('{}'));
  });
});
