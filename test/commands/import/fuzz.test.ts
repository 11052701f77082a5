/**
 * Files of every format that `dictum import` reads, with bytes and texts changed at random: each is answered or refused, never a bug,
 * and an answer is an instance that the kernel reads. Failures print a seed.
 */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeInstance } from '../../../src/commands/import/import.ts';
import { vectorsIn } from '../../../src/commands/import/vectorFile.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Failure } from '../../../src/terminal/problem.ts';

const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`vectors/${name}`, import.meta.url));
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

const SEEDS: readonly (readonly [name: string, bytes: Uint8Array, part?: string])[] = [
  ['a.npy', bytesOf('f2-big-fortran.npy')],
  ['b.npy', bytesOf('f8.npy')],
  ['c.npy', bytesOf('int-i8.npy')],
  ['a.npz', bytesOf('two.npz'), 'x'],
  ['b.npz', bytesOf('packed.npz')],
  ['a.safetensors', bytesOf('sae.safetensors'), 'W_enc'],
  ['a.txt', encoded('2 3\nking 0.5 -0.25 1e-3\nqueen 1 2 3\n')],
  ['b.txt', encoded('king 0.5 -0.25\nat a 1 2\n, 3 4\n')],
  ['a.csv', encoded('word,x,y\n"king, the",0.5,1/3\nqueen,1,2\n')],
  ['a.tsv', encoded('king\t0.5\t0.25\nqueen\t1\t2\n')],
  ['a.json', encoded('{"king": [0.5, "1/3"], "queen": [1, 2e-3]}')],
  ['b.json', encoded('{"labels": ["a", "b"], "vectors": [[1, 2], [3, 4]]}')],
];

/** What makes readers stumble: numbers at their limits, words for none, separators, quotes, headers of other files. */
const PIECES: readonly string[] = [
  '1e400',
  '1e-1000',
  '1e99999',
  '-0',
  'nan',
  '-inf',
  '0x10',
  '1/0',
  '1/3',
  '.',
  '',
  ' ',
  '\t',
  ',',
  ';',
  '"',
  '""',
  '\n',
  '\r\n',
  '\0',
  '\ufeff',
  '{',
  '}',
  '[',
  '9007199254740993',
  '99999999999999999999',
  '65536 65536\n',
  '(4294967296, 4294967296)',
  "'<f2'",
  'True',
  '\u202e',
  'é',
  'PK\x03\x04',
  'PAR1',
];

const at = fc.nat(1 << 20);
const change = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at, length: fc.nat(64) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at,
    piece: fc.constantFrom(...PIECES),
    times: fc.constantFrom(1, 1, 1, 2, 300),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at,
    length: fc.integer({ min: 1, max: 64 }),
    times: fc.constantFrom(1, 2, 1000),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, by: Change): Uint8Array {
  const place = by.at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (by.kind) {
    case 'byte':
      return Buffer.concat([before, Uint8Array.of(by.value), after.subarray(1)]);
    case 'cut':
      return Buffer.concat([before, after.subarray(by.length)]);
    case 'insert':
      return Buffer.concat([before, encoded(by.piece.repeat(by.times)), after]);
    case 'repeat':
      return Buffer.concat([before, ...new Array<Uint8Array>(by.times).fill(after.subarray(0, by.length)), after]);
  }
}

/** What came of it: the code of the refusal, or an answer. */
async function outcome(name: string, bytes: Uint8Array, part?: string): Promise<string> {
  try {
    const vectors = await vectorsIn(bytes, name, part, {});
    const { instance } = await makeInstance(vectors, name, Rational.of(1n, 1000n), {
      against: 'rest',
      activation: 'relu',
    });
    expect(instance.features.length).toBe(vectors.all.length);
    return 'answer';
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const { expected, found, file, kind, code } = thrown.problem;
    expect([expected, found, file].every((text) => text !== undefined && text !== '')).toBe(true);
    expect(kind).toBe('malformed');
    return code;
  }
}

describe.each(SEEDS.map(([name, bytes, part]) => ({ name, bytes, part })))('$name', ({ name, bytes, part }) => {
  test('as it is: an answer', async () => expect(await outcome(name, bytes, part)).toBe('answer'));

  test('changed at random: an answer or a refusal', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const result = await outcome(name, changes.reduce<Uint8Array>(changed, bytes), part);
        seen.set(result, (seen.get(result) ?? 0) + 1);
      }),
      { numRuns: Number(process.env.DICTUM_FUZZ ?? 150), seed: 20_251 },
    );
    expect(seen.size).toBeGreaterThan(1);
  });
});
