import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Node } from '../../../src/kernel/document/node.ts';
import { expectRejection, vector } from '../read.ts';

const read = (source: string): Node => new Node(parseJson(source));

describe('reads', () => {
  test('fields, required and optional', () => {
    const { a, b } = read('{"a":1}').fields(['a'], ['b']);
    expect(a.path).toBe('$.a');
    expect(b).toBeUndefined();
    const own = Object.getOwnPropertyDescriptor(read('{"__proto__":"x"}').fields(['__proto__']), '__proto__');
    expect(own?.value).toMatchObject({ json: 'x', path: '$.__proto__' });
  });

  test('an absent optional key is absent, whatever Object.prototype has under its name', () => {
    const fields = read('{}').fields([], ['constructor', 'toString']);
    expect(Object.keys(fields)).toEqual([]);
    expect(Object.hasOwn(fields, 'constructor')).toBe(false);
  });

  test('indices, quantities, vectors, matrices', () => {
    expect(read('0').index(0, 5)).toBe(0);
    expect(read('999999999').index(1, 999_999_999)).toBe(999_999_999);
    expect(read('["1/2",0.25,3]').vector(3)).toEqual(vector('1/2', '1/4', 3));
    expect(read('[["1"],["2"]]').matrix(2, 1)).toEqual([vector(1), vector(2)]);
    expect(read('"b"').word(['a', 'b'])).toBe('b');
  });
});

describe('refuses', () => {
  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [what: string, source: string, run: (n: Node) => unknown, code: string, path: string])[] = [
    ['a missing key', '{"b":1}', (n) => n.fields(['a'], ['b']), 'missing-key', '$.a'],
    ['a key only Object.prototype has', '{}', (n) => n.fields(['constructor']), 'missing-key', '$.constructor'],
    ['an unknown key', '{"a":1,"c":1}', (n) => n.fields(['a'], ['b']), 'unknown-key', '$.c'],
    ['__proto__ as an unknown key', '{"a":1,"__proto__":1}', (n) => n.fields(['a']), 'unknown-key', '$.__proto__'],
    ['an array for an object', '[]', (n) => n.fields([]), 'wrong-type', '$'],
    ['a string for an object', '"a"', (n) => n.members(), 'wrong-type', '$'],
    ['null for an object', 'null', (n) => n.members(), 'wrong-type', '$'],
    ['an object for an array', '{"length":0}', (n) => n.items(), 'wrong-type', '$'],
    ['a number for an array', '1', (n) => n.items(), 'wrong-type', '$'],
    ['a short array', '[1]', (n) => n.items(2), 'wrong-size', '$'],
    ['a long array', '[1,2,3]', (n) => n.items(2), 'wrong-size', '$'],
    ['a ragged matrix', '[["1"],["1","2"]]', (n) => n.matrix(2, 1), 'wrong-size', '$[1]'],
    ['a number for a string', '1', (n) => n.text(), 'wrong-type', '$'],
    ['an unknown word', '"c"', (n) => n.word(['a', 'b']), 'unknown-word', '$'],
    ['a word of no vocabulary', '"a"', (n) => n.word([]), 'unknown-word', '$'],
    ['a number for a word', '1', (n) => n.word(['1']), 'unknown-word', '$'],
    ['an index below', '0', (n) => n.index(1, 5), 'out-of-range', '$'],
    ['an index above', '6', (n) => n.index(1, 5), 'out-of-range', '$'],
    ['any index of an empty range', '1', (n) => n.index(1, 0), 'out-of-range', '$'],
    ['a string for an index', '"1"', (n) => n.index(1, 5), 'out-of-range', '$'],
    ['a negative index', '-1', (n) => n.index(0, 5), 'out-of-range', '$'],
    ['minus zero', '-0', (n) => n.index(0, 5), 'out-of-range', '$'],
    ['a decimal index', '1.0', (n) => n.index(1, 5), 'out-of-range', '$'],
    ['an index with an exponent', '1e0', (n) => n.index(1, 5), 'out-of-range', '$'],
    ['an index of ten digits', '1000000000', (n) => n.index(1, 2e9), 'out-of-range', '$'],
    ['a word for a quantity', '"one"', (n) => n.rational(), 'not-a-number', '$'],
    ['a denominator 0', '["1/0"]', (n) => n.vector(), 'not-a-number', '$[0]'],
    ['a huge exponent', '1e999999999', (n) => n.rational(), 'not-a-number', '$'],
    ['a truth value for a quantity', 'true', (n) => n.rational(), 'wrong-type', '$'],
    ['null for a quantity', '[null]', (n) => n.vector(1), 'wrong-type', '$[0]'],
  ];
  test.each(cases)('%s', (_, source, run, code, path) => {
    expectRejection(() => run(read(source)), code, path);
  });

  test('and says what it found in few words', () => {
    const { found } = expectRejection(() => read(`"${'x'.repeat(1000)}"`).rational(), 'not-a-number', '$');
    expect(found.length).toBeLessThan(60);
  });
});
