/**
 * Directions in which a lifted gradient vanishes because directions of features depend on each other. Let sum_d c_d r_d = 0 and, for
 * every neuron j of the group, sum c_d z_jd = 0 over the d it is active on, all along the slice. Then sum_d c_d rho_d = 0, so
 * with dz_id = c_d / M_d for one lifted neuron i: df = -2 sum_d c_d <rho_d, u_i> = 0.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import type { Frame, Group } from './frame.ts';
import { placed } from './gauge.ts';
import { enclose, type Interval } from './interval.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** `{"neuron", "c"}`: the direction, in the coordinates of the frame. */
export function readRelation(
  m: Instance,
  { neurons, sets }: Group,
  frame: Frame,
  slice: Matrix,
  at: Configuration,
  box: Neighbourhood,
  item: Node,
): Interval[] {
  const parts = item.fields(['neuron', 'c']);
  const i = parts.neuron.index(1, m.neurons) - 1;
  const own = frame.find(({ neuron }) => neuron === i);
  const c = parts.c.vector(m.features.length).entries();
  const support = c.flatMap((x, d) => (x.sign() === 0 ? [] : [d]));
  const pays = (d: number): boolean => (m.features[d]?.weight.sign() ?? 0) > 0;
  if (!own?.lifted || !support.every((d) => own.sees.includes(d) && pays(d))) {
    return invalid('wrong-gauge', item.path, 'features of positive weight that a lifted neuron sees', 'others');
  }
  const sumOver = (set: readonly number[], key: 'wp' | 'wr', length: number): Vector =>
    combine(
      set.map((d) => c[d] as Rational),
      set.map((d) => m.features[d]?.[key] as Vector),
      length,
    );
  const target = sumOver(support, 'wr', m.nr);
  if (!target.isZero()) invalid('wrong-gauge', parts.c.path, 'sum c_d r_d = 0', `${target}`);
  neurons.forEach((j, a) => {
    const v = sumOver(
      support.filter((d) => sets.on[j]?.includes(d)),
      'wp',
      m.np,
    );
    const from = a * (m.np + m.nr);
    const moves = slice.map((s) => Vector.of(s.entries().slice(from, from + m.np)).dot(v));
    const values = [v.dot(at.we[j] as Vector), ...moves];
    if (values.some((x) => x.sign() !== 0)) {
      invalid(
        'wrong-gauge',
        item.path,
        `sum c_d z_${j + 1},d = 0 on the slice`,
        `${values.find((x) => x.sign() !== 0)}`,
      );
    }
  });
  const first = own.sees.map((d) => {
    const x = c[d] as Rational;
    return enclose(x.sign() === 0 ? Rational.of(0n) : x.over(m.features[d]?.weight as Rational));
  });
  return placed(box, frame, own, first, own, []);
}
