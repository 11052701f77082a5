/** Second derivatives of what the features of a group add to L~, in the coordinates of a frame, enclosed on a box. */

import { spend } from '../../kernel/numbers/work.ts';
import { type Frame, passed } from './frame.ts';
import { dot, type Interval, minus, NOTHING, plus, times } from './interval.ts';
import { type Neighbourhood, twiceM } from './neighbourhood.ts';

export function hessianOf(at: Neighbourhood, frame: Frame): Interval[][] {
  const { nr } = at.m;
  const starts = frame.map((_, a) => frame.slice(0, a).reduce((sum, own) => sum + own.size + nr, 0));
  const length = frame.reduce((sum, own) => sum + own.size + nr, 0);
  spend(32 * length * length);
  const hessian = Array.from({ length }, () => Array.from({ length }, () => NOTHING));
  const add = (row: number, column: number, x: Interval): void => {
    const line = hessian[row] as Interval[];
    line[column] = plus(line[column] as Interval, x);
  };
  frame.forEach((one, a) => {
    frame.forEach((two, b) => {
      const [from, to] = [starts[a] as number, starts[b] as number];
      const [ui, uj] = [at.u[one.neuron] as Interval[], at.u[two.neuron] as Interval[]];
      const uu = dot(ui, uj);
      for (const d of one.sees.filter((c) => two.sees.includes(c))) {
        const [m, v, w] = [twiceM(at, d), one.direction(d), two.direction(d)];
        const [zi, zj] = [passed(at, one.neuron, d), passed(at, two.neuron, d)];
        const [columns, square] = [times(m, uu), times(m, times(zi, zj))];
        for (let k = 0; k < nr; k++) add(from + one.size + k, to + two.size + k, square);
        v.forEach((x, k) => {
          w.forEach((y, l) => {
            add(from + k, to + l, times(columns, times(x, y)));
          });
          // d/du_j of -2 M <rho, u_i> v: rho moves by -z_j du_j, and u_i itself moves where i = j.
          for (let l = 0; l < nr; l++) {
            const pull = a === b ? (at.residuals[d]?.[l] as Interval) : NOTHING;
            const cross = times(times(m, x), minus(times(zj, ui[l] as Interval), pull));
            add(from + k, to + two.size + l, cross);
            add(to + two.size + l, from + k, cross);
          }
        });
      }
    });
  });
  return hessian;
}
