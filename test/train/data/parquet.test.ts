/** Activations from Parquet, as PyArrow writes it (test/train/data/parquet/make.py). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import { activationSource } from '../../../src/train/data/activations.ts';
import { readParquet } from '../../../src/train/data/parquet.ts';

const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`./parquet/${name}`, import.meta.url));
const read = (name: string, column?: string) => readParquet(bytesOf(name), name, column);
/** As make.py has it. */
const VALUES = Array.from({ length: 24 }, (_, k) => ((k % 7) - 3) / 4);

test.each([
  ['lists.parquet', 'activation'],
  ['lists-gzip.parquet', 'activation'],
  ['lists-zstd.parquet', 'activation'],
  ['lists-lz4.parquet', 'activation'],
  ['lists-brotli.parquet', 'activation'],
  ['columns.parquet', undefined],
])('%s is 8 x 3', async (name, column) => {
  const { shape, values } = await read(name, column);
  expect(shape).toEqual([8, 3]);
  expect([...values]).toEqual(VALUES);
});

test('a column of numbers is a list of labels, beside the activations', async () => {
  const labels = await read('lists.parquet', 'label');
  expect(labels.shape).toEqual([8]);
  expect([...labels.values]).toEqual([0, 1, 0, 1, 2, 2, 0, 1]);
  const inputs = await read('lists.parquet', 'activation');
  const data = { kind: 'activations', inputs: 'lists.parquet', normalize: false } as const;
  const source = activationSource({ inputs, labels }, data, 1);
  expect([source.np, source.truth?.wp.length]).toEqual([3, 3]);
});

test.each([
  ['lists.parquet', undefined, 'wrong-type', 'row 0, column activation'],
  ['lists.parquet', 'word', 'wrong-type', 'row 0, column word'],
  ['lists.parquet', 'words', 'missing-key', '$.data.tensor'],
  ['ragged.parquet', 'activation', 'wrong-size', 'row 1'],
  ['missing.parquet', 'activation', 'wrong-type', 'row 1, column activation'],
])('%s, column %s, is refused: %s at %s', async (name, column, code, path) => {
  const thrown: unknown = await read(name, column).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(TrainProblem);
  expect(thrown).toMatchObject({ code, path, file: name });
});

test('a file that is cut off, or is none, is refused', async () => {
  const whole = bytesOf('lists.parquet');
  for (const bytes of [whole.subarray(0, 100), whole.subarray(0, whole.length - 9), new Uint8Array(0)]) {
    await expect(readParquet(bytes, 'x.parquet', 'activation')).rejects.toThrow(TrainProblem);
  }
});
