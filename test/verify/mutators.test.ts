import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from '../../src/kernel/certificate.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { resealed, type Value } from '../theorems/mutate.ts';
import { varied } from './mutators.ts';

const read = (name: string): Value =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../certificates', name), 'utf8'));
const [document, other] = [read('T8/paper--four-directions.json'), read('T6-saddle/repaired--unequal-weights.json')];

test('a changed document is JSON, told in words, and the one it comes from is left alone', () => {
  const before = JSON.stringify(document);
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) => {
      const random = (): number => numbers.next().value;
      const { document: changed, what } = varied(document, other, random);
      expect(JSON.parse(JSON.stringify(changed))).toEqual(changed);
      expect(what).not.toBe('');
      expect(JSON.stringify(document)).toBe(before);
    }),
  );
});

test('some are accepted and most are not; the checker never throws', () => {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const told = Array.from({ length: 400 }, () => {
    const { document: changed, what } = varied(document, other, random);
    return { what, accepted: !(check(resealed(changed), CLAIMS, sha256) instanceof Rejection) };
  });
  const accepted = told.filter((one) => one.accepted);
  expect(accepted.length).toBeGreaterThan(10);
  expect(accepted.length).toBeLessThan(200);
  for (const word of ['spelled otherwise', 'scaled', 'an item twice', 'taken from another', 'wrapped as a choice'])
    expect(told.some(({ what }) => what.includes(word))).toBe(true);
});
