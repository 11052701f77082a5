import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { rank } from '../../../src/kernel/numbers/elimination.ts';
import type { Vector } from '../../../src/kernel/numbers/vector.ts';
import { distinctDirections } from '../../../src/kernel/proof/hypotheses.ts';
import { distinctRays, independentAntipodes } from '../../../src/kernel/proof/independence.ts';
import { document, node, type Plain } from '../read.ts';

const instance = (wp: Plain['wp']): Instance =>
  readInstance(node(document({ wp, activation: { kind: 'relu' }, neurons: 1 })));

/** w = s v with s > 0 (1), s < 0 (-1), or neither (0): with equality in Cauchy's inequality. */
function parallel(v: Vector, w: Vector): number {
  const product = v.dot(w);
  return product.times(product).equals(v.dot(v).times(w.dot(w))) ? product.sign() : 0;
}

/** 0 cannot be a direction. Multiples of a few vectors, by fractions too: many are on one ray, or on opposite ones. */
const directions = fc.array(
  fc
    .tuple(
      fc.constantFrom([1, 2, 0], [0, 1, -1], [3, 0, 0], [-2, 1, 5], [0, 0, 2]),
      fc.constantFrom([1, 1], [2, 1], [-1, 1], [1, 3], [-5, 7], [6, 1]),
    )
    .map(([v, [above, below]]) => v.map((x) => (x === 0 ? '0' : `${x * (above as number)}/${below}`))),
  { minLength: 1, maxLength: 7 },
);

test('rays, opposite ones and equal directions are told apart as every pair of them says', () => {
  fc.assert(
    fc.property(directions, (wp) => {
      const m = instance(wp);
      const w = m.features.map((f) => f.wp);
      const meets = (sign: number): Vector[] => w.filter((x, d) => w.slice(0, d).some((y) => parallel(x, y) === sign));
      const first = w.findIndex((x, d) => w.slice(0, d).some((y) => parallel(x, y) === 1));
      const goal = distinctRays.goal(m);
      expect(goal).toMatchObject({ kind: 'computed', holds: first < 0 });
      if (first >= 0) expect(goal).toMatchObject({ fact: { features: [first + 1] } });
      const pairs = meets(-1);
      expect(independentAntipodes.goal(m)).toMatchObject({
        holds: (pairs.length === 0 ? 0 : rank(pairs)) >= pairs.length,
      });
      const equal = w.findIndex((x, d) => w.slice(0, d).some((y) => y.equals(x)));
      expect(distinctDirections.goal(m)).toMatchObject({ holds: equal < 0 });
    }),
  );
});
