import { expect, test } from 'vitest';
import type { Sample } from '../../../src/train/data/bench.ts';
import { Remembered, remembering } from '../../../src/train/data/remembered.ts';

/** Sample s has s mod 4 features. */
const draw = (s: number, into: Sample): void => {
  for (let d = 0; d < s % 4; d++) {
    into.features.push(1000 * d + (s % 1000));
    into.magnitudes.push(s + d / 8);
  }
};
const of = (by: typeof draw, s: number): Sample => {
  const into: Sample = { features: [], magnitudes: [] };
  by(s, into);
  return into;
};

test('remembered samples are those that are drawn, in any order', () => {
  const again = remembering(draw);
  for (const s of [0, 255, 256, 1023, 3, 255, 70_000, 257, 0]) expect(of(again, s)).toEqual(of(draw, s));
});

test('each is drawn once', () => {
  let drawn = 0;
  const again = remembering((s, into) => {
    drawn++;
    draw(s, into);
  });
  for (const s of [5, 6, 255, 5]) of(again, s);
  expect(drawn).toBe(256);
  of(again, 256);
  expect(drawn).toBe(512);
});

test('beyond what there is room for a chunk is remembered until the next, and comes out the same', () => {
  let drawn = 0;
  // 4 MB a chunk.
  const large = (s: number, into: Sample): void => {
    drawn++;
    for (let d = 0; d < 1300; d++) {
      into.features.push(d);
      into.magnitudes.push(s);
    }
  };
  const again = remembering(large);
  for (let chunk = 0; chunk < 40; chunk++) expect(of(again, 256 * chunk).magnitudes[7]).toBe(256 * chunk);
  expect(drawn).toBe(40 * 256);
  of(again, 0);
  of(again, 39 * 256 + 1);
  expect(drawn).toBe(40 * 256);
  expect(of(again, 38 * 256).magnitudes[7]).toBe(38 * 256);
  expect(drawn).toBe(41 * 256);
});

test('the sources asked for last are remembered', () => {
  const made: string[] = [];
  const known = new Remembered<string>();
  const ask = (name: string): string =>
    known.get(name, () => {
      made.push(name);
      return `${name}!`;
    });
  for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) expect(ask(name)).toBe(`${name}!`);
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b']);
});
