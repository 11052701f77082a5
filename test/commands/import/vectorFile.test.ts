/** What `dictum import` reads: files written by NumPy and safetensors (./vectors/make.py), and texts as programs and people write them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeInstance } from '../../../src/commands/import/import.ts';
import { type Reading, readVectors, vectorsIn } from '../../../src/commands/import/vectorFile.ts';
import { textOf } from '../../../src/terminal/files.ts';
import { Failure, type Problem } from '../../../src/terminal/problem.ts';
import { folder } from '../run.ts';

const fixtures = fileURLToPath(new URL('vectors/', import.meta.url));
const at = (name: string): string => join(fixtures, name);

async function read(name: string, reading: Reading = {}): Promise<Record<string, string[]>> {
  const { all } = await readVectors(at(name), reading);
  return Object.fromEntries(all.map(({ label, entries }) => [label, entries().map(String)]));
}

async function ofText(
  text: string | Uint8Array,
  name = 'x.txt',
  reading: Reading = {},
): Promise<Record<string, string[]>> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const { all } = await vectorsIn(bytes, name, undefined, reading);
  return Object.fromEntries(all.map(({ label, entries }) => [label, entries().map(String)]));
}

async function problem(run: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await run.then(
    (value) => value,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return (thrown as Failure).problem;
}

/** As make.py has it; every entry is a half float. */
const TABLE = { 1: ['1/2', '-5/4', '3'], 2: ['65504', '1/16777216', '0'] };

describe('arrays as NumPy writes them', () => {
  test.each(
    ['f2', 'f4', 'f8'].flatMap((kind) => ['', '-big', '-fortran', '-big-fortran'].map((form) => `${kind}${form}`)),
  )('%s.npy', async (name) => expect(await read(`${name}.npy`)).toEqual(TABLE));

  test('a float is the binary fraction it is', async () => {
    expect(await read('tenth-f4.npy')).toEqual({ 1: ['13421773/134217728'] });
    expect(await read('tenth-f8.npy')).toEqual({ 1: ['3602879701896397/36028797018963968'] });
  });

  test.each([
    ['i1', -128n, 127n],
    ['i2', -32768n, 32767n],
    ['i4', -(2n ** 31n), 2n ** 31n - 1n],
    ['i8', -(2n ** 63n), 2n ** 63n - 1n],
    ['big-i8', -(2n ** 63n), 2n ** 63n - 1n],
    ['u1', 0n, 255n],
    ['u2', 0n, 65535n],
    ['u4', 0n, 2n ** 32n - 1n],
    ['big-u4', 0n, 2n ** 32n - 1n],
    ['u8', 0n, 2n ** 64n - 1n],
  ])('integers %s from %s to %s', async (name, least, most) => {
    expect(await read(`int-${name}.npy`)).toEqual({ 1: [`${least}`, `${most}`], 2: ['1', '2'] });
  });

  test('.npz: the only array, or one by name, stored or deflated', async () => {
    expect(await read('one.npz')).toEqual(TABLE);
    expect(await read('two.npz#x')).toEqual(TABLE);
    expect((await read('two.npz#y'))[1]).toEqual(['-1/2', '5/4']);
    expect((await read('packed.npz'))[40]?.[0]).toBe(`${65504 + 39}`);
    expect(await problem(read('two.npz'))).toMatchObject({
      code: 'missing-key',
      expected: 'one of x, y',
      found: 'none',
    });
    expect((await problem(read('two.npz#z'))).next).toContain('two.npz#x');
  });

  test('.safetensors: rows, but the columns of W_enc and of decoder.weight; encoder and decoder have to fit', async () => {
    const columns = { 1: ['1', '4'], 2: ['2', '5'], 3: ['3', '6'] };
    const minus = Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, v.map((x) => `-${x}`)]));
    expect(await read('sae.safetensors#W_enc')).toEqual(columns);
    expect(await read('sae.safetensors#W_dec')).toEqual(minus);
    expect(await read('linear.safetensors#encoder.weight')).toEqual(columns);
    expect(await read('linear.safetensors#decoder.weight')).toEqual(columns);
    expect(await read('half.safetensors')).toEqual(TABLE);
    expect(await problem(read('odd-shapes.safetensors#W_enc'))).toMatchObject({
      path: 'shape',
      expected: '3 x 2, as W_dec is 2 x 3',
    });
    expect((await problem(read('sae.safetensors'))).next).toContain('sae.safetensors#W_');
    expect(await problem(read('sae.safetensors#b_dec'))).toMatchObject({ found: 'a list of 2' });
  });

  test('labels: one a line, as many as rows, each once', async () => {
    const labels = join(folder(), 'labels.txt');
    writeFileSync(labels, 'king\r\nqueen of hearts\n');
    expect(Object.keys(await read('f4.npy', { labels }))).toEqual(['king', 'queen of hearts']);
    for (const [text, code] of [
      ['king\n', 'wrong-size'],
      ['king\nking\n', 'duplicate-label'],
      ['king\n\n', 'wrong-type'],
    ] as const) {
      writeFileSync(labels, text);
      expect((await problem(read('f4.npy', { labels }))).code).toBe(code);
    }
  });

  const REFUSED: readonly (readonly [string, Partial<Problem>, string])[] = [
    ['fields', { path: "header 'descr'" }, 'fields'],
    ['objects', { path: "header 'descr'" }, 'Python objects'],
    ['text', { path: "header 'descr'" }, 'text'],
    ['bytes', { path: "header 'descr'" }, 'bytes'],
    ['complex', { path: "header 'descr'" }, 'complex numbers'],
    ['long', { path: "header 'descr'" }, 'floats of another size'],
    ['bool', { path: "header 'descr'" }, 'truth values'],
    ['date', { path: "header 'descr'" }, 'dates'],
    ['0d', { path: 'shape' }, 'a single number'],
    ['1d', { path: 'shape' }, 'a list of 3'],
    ['3d', { path: 'shape' }, '2 x 2 x 2'],
    ['no-rows', { path: 'shape' }, '0 x 3'],
    ['no-columns', { path: 'shape' }, '3 x 0'],
    ['nan', { path: '[1, 1]', code: 'not-a-number' }, 'NaN'],
    ['infinity', { path: '[0, 1]', code: 'not-a-number' }, '-Infinity'],
    ['twice', { path: 'data' }, '224'],
  ];
  test.each(REFUSED)(
    'odd-%s.npy is refused where and why it is odd, with advice about that',
    async (name, expected, found) => {
      const refused = await problem(read(`odd-${name}.npy`));
      expect(refused).toMatchObject({ ...expected, file: at(`odd-${name}.npy`), kind: 'malformed' });
      expect(refused.found).toContain(found);
      expect(refused.next).not.toMatch(/UTF-8|JSON/);
    },
  );

  test('all odd files are in the list', () => {
    const odd = readdirSync(fixtures).filter((name) => /^odd-.*npy$/.test(name));
    expect(odd.sort()).toEqual(REFUSED.map(([name]) => `odd-${name}.npy`).sort());
  });

  test('an archive without arrays, and files cut off anywhere', async () => {
    expect((await problem(read('odd-no-arrays.npz'))).expected).toContain('.npy');
    for (const name of ['f2.npy', 'f8-fortran.npy', 'two.npz', 'packed.npz', 'sae.safetensors']) {
      const whole = readFileSync(at(name));
      for (let length = 0; length < whole.length; length += 7) {
        expect((await problem(vectorsIn(whole.subarray(0, length), name, 'x', {}))).file).toBeDefined();
      }
    }
  });
});

test.each([
  ['f4.npy', 'a NumPy .npy file'],
  ['two.npz', 'a .zip or .npz archive'],
  ['sae.safetensors', 'a .safetensors file'],
  ['../../../train/data/parquet/lists.parquet', 'a Parquet file'],
])('where JSON is wanted, %s is called %s, and no advice is about UTF-8', async (name, found) => {
  const refused = await problem(textOf(readFileSync(at(name)), name));
  expect(refused).toMatchObject({ code: 'not-utf-8', found });
  expect(refused.next).toMatch(/dictum (import|train)/);
});

describe('word vectors', () => {
  const KING = { king: ['1/2', '-1/4'], queen: ['0', '1/1000'] };
  test.each([
    ['GloVe', 'king 0.5 -.25\nqueen 0 1e-3\n'],
    ['word2vec', '2 2\nking 0.5 -0.25\nqueen 0.000 0.001\n'],
    ['fastText, spaces at line ends', '2 2\nking 0.5 -0.25 \nqueen 0 1E-03 \n'],
    ['tabs, Windows line ends, a byte order mark', '\ufeffking\t+0.5\t-0.25\r\nqueen\t0.\t0.001\r\n\r\n'],
  ])('%s', async (_, text) => expect(await ofText(text)).toEqual(KING));

  test('words with spaces, numbers, braces and commas in them; fields of GloVe', async () => {
    const words = await ofText(', 1 2\n. . . 3 4\nat name@domain.com 5 6\n2020 7 8\n{ 9 10\nnan 11 12\n1,000 1 1\n');
    expect(Object.keys(words).sort()).toEqual(['. . .', ',', '1,000', '2020', 'at name@domain.com', 'nan', '{'].sort());
    expect(words['. . .']).toEqual(['3', '4']);
  });

  test('any decimal is the fraction it says: 1e400 is 10^400', async () => {
    expect(await ofText('a 1e400 0.1\n')).toEqual({ a: [`${10n ** 400n}`, '1/10'] });
  });

  test.each<[string, string, Partial<Problem>]>([
    ['a number too few', 'a 1 2\nb 1\n', { path: 'line 2', code: 'wrong-size' }],
    ['a number too many', '2 2\na 1 2\nb 1 2 3 4\n'.replace('b ', '7 '), { path: 'line 3', code: 'wrong-size' }],
    ['a header of wrong count', '3 2\na 1 2\nb 1 2\n', { path: 'line 1', code: 'wrong-size', found: '2' }],
    ['a word twice', 'a 1\nb 2\na 3\n', { path: 'line 3', code: 'duplicate-label' }],
    ['not a number', 'a 1 2\nb nan 2\n', { path: 'line 2, number 1', found: '"nan"' }],
    ['infinity', 'a 1 2\nb 1 -inf\n', { path: 'line 2, number 2', found: '"-inf"' }],
    ['a huge exponent', 'a 1 1e99999\n', { path: 'line 1, number 2', code: 'not-a-number' }],
    ['a letter for a digit', 'a 1 2\nb 1 2O\n', { path: 'line 2, number 2', found: '"2O"' }],
    ['an empty line', 'a 1 2\n\nb 1 2\n', { path: 'line 2', found: 'an empty line' }],
    ['an empty file', '', { code: 'wrong-type', found: 'an empty file' }],
    ['no numbers', 'hello world\nand so on\n', { code: 'wrong-type' }],
    ['numbers alone: which are labels?', '1 2 3\n4 5 6\n', { code: 'ambiguous' }],
    ['a header, or a word and its number?', '2 1\na 5\nb 6\n', { code: 'ambiguous', path: 'line 1' }],
    ["word2vec's binary format", '2 2\nking \u0000\u0001\u0002', { found: "word2vec's binary format" }],
  ])('refused: %s', async (_, text, expected) => expect(await problem(ofText(text))).toMatchObject(expected));

  test('what is ambiguous is settled by options', async () => {
    expect(await ofText('1 2 3\n4 5 6\n', 'x', { labels: 'first' })).toEqual({ 1: ['2', '3'], 4: ['5', '6'] });
    expect(await ofText('1 2 3\n4 5 6\n', 'x', { labels: 'none' })).toEqual({ 1: ['1', '2', '3'], 2: ['4', '5', '6'] });
    expect(await ofText('2 1\na 5\nb 6\n', 'x', { format: 'word2vec' })).toEqual({ a: ['5'], b: ['6'] });
    expect(await ofText('2 1\na 5\nb 6\n', 'x', { format: 'glove' })).toEqual({ 2: ['1'], a: ['5'], b: ['6'] });
  });
});

describe('CSV', () => {
  const KING = { king: ['1/2', '1/3'], 'queen, or "queen"': ['1', '2'] };
  test.each([
    ['as it is', 'king,0.5,1/3\n"queen, or ""queen""",1,2\n'],
    ['below names', 'word,x,y\r\nking,0.5,1/3\r\n"queen, or ""queen""",1,2\r\n'],
    ['from a spreadsheet', '\ufeff"word","x","y"\n"king","0.5"," 1/3"\n"queen, or ""queen""", 1, 2'],
  ])('%s', async (_, text) => expect(await ofText(text, 'x.csv')).toEqual(KING));

  test('a line end within quotes; tabs; known by what is in it', async () => {
    expect(await ofText('"a\nb",1,2\nc,3,4\n', 'x.csv')).toEqual({ 'a\nb': ['1', '2'], c: ['3', '4'] });
    expect(await ofText('a, b\t1\t2\n', 'x.tsv')).toEqual({ 'a, b': ['1', '2'] });
    expect(await ofText('a, 1, 2\nb, 3, 4\n', '-')).toEqual({ a: ['1', '2'], b: ['3', '4'] });
  });

  test('the names passed over are said', async () => {
    const { note } = await vectorsIn(new TextEncoder().encode('w,x,y\na,1,2\n'), 'x.csv', undefined, {});
    expect(note).toContain('w,x,y');
  });

  test.each<[string, string, Partial<Problem>]>([
    ['a field too few', 'a,1,2\n"b\n",3\n', { path: 'line 2', found: '2' }],
    ['the line after a field of two lines', '"a\nb",1,2\nc,3\n', { path: 'line 3' }],
    ['an empty field', 'a,1,2\nb,,4\n', { path: 'line 2, field 2', found: 'an empty field' }],
    ['an empty field in the first row is no name', 'a,,x\nb,3,4\n', { path: 'line 1, field 2' }],
    ['NaN in the first row is no name', 'a,nan,NaN\nb,3,4\n', { path: 'line 1, field 2' }],
    ['no label', 'a,1\n,2\n', { path: 'line 2', found: 'none' }],
    ['an open quote', 'a,1\n"b,2\n', { path: 'line 2, field 1', found: 'the end of the file' }],
    ['text after a quote', '"a"b,1\n', { path: 'line 1, field 1' }],
    ['a label twice', 'a,1\na,2\n', { path: 'line 2', code: 'duplicate-label' }],
    ['names alone', 'w,x\n', { code: 'wrong-size' }],
    ['semicolons', 'a;1;2\nb;3;4\n', { code: 'wrong-size', path: 'line 1' }],
    ['numbers alone', '0.1,0.2\n0.3,0.4\n', { code: 'ambiguous' }],
    ['column numbers of pandas', ',0,1\na,5,6\n', { code: 'ambiguous', path: 'line 1' }],
    ['column numbers below a name', 'what,0,1,2\na,5,6,7\n', { code: 'ambiguous', path: 'line 1' }],
  ])('refused: %s', async (_, text, expected) => expect(await problem(ofText(text, 'x.csv'))).toMatchObject(expected));

  test('whether the first row holds names can be said', async () => {
    expect(await ofText(',0,1\na,5,6\n', 'x.csv', { header: true })).toEqual({ a: ['5', '6'] });
    expect(await ofText('what,0,1,2\na,5,6,7\n', 'x.csv', { header: false })).toEqual({
      what: ['0', '1', '2'],
      a: ['5', '6', '7'],
    });
  });
});

test('options that do not go with the file are refused', async () => {
  expect((await problem(read('f4.npy', { format: 'csv' }))).file).toBe('--format');
  expect((await problem(read('f4.npy', { header: true }))).file).toBe('--header');
  expect((await problem(read('f4.npy', { labels: 'first' }))).file).toBe('--labels');
  expect((await problem(ofText('{"a":[1]}', 'x.json', { labels: 'none' }))).file).toBe('--labels');
  expect((await problem(ofText('a 1\n', 'x.txt', { format: 'xml' }))).file).toBe('--format');
});

test.each([
  ['denominators of many digits', `a,${Array.from({ length: 30_000 }, (_, k) => `1/${2 * k + 100_001}`).join(',')}`],
  ['exponents of both signs', `a,${Array.from({ length: 90_000 }, (_, k) => (k % 2 ? '1e999' : '1e-999')).join(',')}`],
])('short files of long numbers are refused before they are calculated with: %s', async (_, text) => {
  const vectors = await vectorsIn(new TextEncoder().encode(text), 'x.csv', undefined, {});
  const made = makeInstance(vectors, 'x.csv', undefined, { against: 'rest', activation: 'relu' });
  expect(await problem(made)).toMatchObject({ code: 'too-large', path: 'line 1' });
});
