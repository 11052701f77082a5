/** Recovery: a direction is recovered if some vector has a cosine of size tau or more with it. */

import { Rational, ZERO } from '../numbers/rational.ts';
import type { Matrix } from '../numbers/vector.ts';
import { order } from './fact.ts';
import { computed, type Goal } from './goal.ts';

/** 9/10, so that nothing is recovered at the paper's 0.95 either. */
export const TAU: Rational = Rational.of(9n, 10n);

/** `of` says which directions those are. That no direction has a cosine of size tau or more with any of the vectors: <v, w>^2 < tau^2 |v|^2 |w|^2. */
export function noneRecovered(by: 'encoder' | 'decoder', vectors: Matrix, directions: Matrix, of = ''): Goal {
  let best = ZERO;
  for (const v of vectors) {
    for (const w of directions) {
      const norms = v.dot(v).times(w.dot(w));
      const squaredCosine = norms.sign() === 0 ? ZERO : v.dot(w).times(v.dot(w)).over(norms);
      if (squaredCosine.compare(best) > 0) best = squaredCosine;
    }
  }
  const cosine = by === 'encoder' ? 'max cos(e_i, w_d)^2' : 'max cos(u_i, r_d)^2';
  return computed(best.compare(TAU.times(TAU)) < 0, order(`${cosine}${of}`, best, '', TAU.times(TAU)));
}
