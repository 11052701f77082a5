/** Many sets on one instance: the answers are those of `realizeSet`, the kernel replays them, and `forget` forgets. */
import { expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { encoderDocument } from '../../../src/solve/proofs/document.ts';
import { Realizer } from '../../../src/solve/realize/manySets.ts';
import { realizeSet, type SetRealization } from '../../../src/solve/realize/realize.ts';
import { accept, realizable } from '../../kernel/rules/proofs.ts';
import { degenerate, generic, instance } from '../patterns/arrangements.ts';
import { generator } from '../support.ts';

function replay(m: Instance, set: readonly number[], answer: SetRealization): void {
  const proof = answer.realizable
    ? { rule: 'realizes', ...encoderDocument({ we: [answer.e] }) }
    : { rule: 'farkas', neuron: 1, on: answer.on, off: answer.off };
  accept(
    realizable(
      answer.realizable,
      [...set].map((d) => d + 1),
    ),
    proof,
    m,
  );
}

/** Each set differs from the one before in a feature, and sometimes in all. */
function walkOf(n: number, count: number, seed: number): number[][] {
  const random = generator(seed);
  let set = new Set<number>();
  return Array.from({ length: count }, () => {
    if (random() < 0.2) set = new Set(Array.from({ length: n }, (_, d) => d).filter(() => random() < 0.5));
    const d = Math.floor(random() * n);
    if (!set.delete(d)) set.add(d);
    return [...set].sort((a, b) => a - b);
  });
}

test.each([
  ['generic 24 x 8', instance(generic(24, 8, 1))],
  ['generic 12 x 8', instance(generic(12, 8, 2))],
  ['degenerate 10 x 4', instance(degenerate(10, 4, 3))],
  ['degenerate 7 x 2', instance(degenerate(7, 2, 4))],
  ['one direction', instance([[3, -1]])],
])('%s', (_, m) => {
  const realizer = new Realizer(m);
  const found = new Set<boolean>();
  for (const set of walkOf(m.features.length, 150, 9)) {
    const answer = realizer.realize(set);
    expect(answer.realizable).toBe(realizeSet(m, set).realizable);
    replay(m, set, answer);
    found.add(answer.realizable);
  }
  expect(found.has(true)).toBe(true);
});

test('what was decided before changes no answer after forget()', () => {
  const m = instance(generic(40, 12, 6));
  const sets = walkOf(40, 20, 2);
  const fresh = new Realizer(m);
  const expected = sets.map((set) => fresh.realize(set));
  const used = new Realizer(m);
  for (const set of walkOf(40, 30, 3)) used.realize(set);
  used.forget();
  expect(sets.map((set) => used.realize(set))).toEqual(expected);
});
