/**
 * Which neurons are active on which features alone, decided from the file's own numbers: each neuron by its own threshold, gate and
 * bias, Top-k by comparisons of exact numbers. Nothing irrational is rounded on the way: exp(r_mag) is enclosed until a sign is
 * certain, and norms are compared by their squares.
 */
import { activeUnits } from '../../kernel/model/activation.ts';
import type { Pattern } from '../../kernel/model/instance.ts';
import { type Rational, ZERO } from '../../kernel/numbers/rational.ts';
import type { Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { room, spend } from '../../kernel/numbers/work.ts';
import type { Method } from '../methods/method.ts';
import type { ModelWeights } from '../model/weights.ts';
import { activationOf, neuronAt } from './exactModel.ts';
import { signOfScaled } from './exponential.ts';

/** Of the neurons named, from 0, on directions w_d. A tie, which only Top-k knows, is refused: a Rejection. */
export function exactSets(
  method: Method,
  weights: ModelWeights,
  neurons: readonly number[],
  directions: Matrix,
): Pattern {
  const all = neurons.map((i) => neuronAt(weights, i));
  // Of each pair the product of its vectors, a comparison and its place in a set; competing values are kept, too.
  const pairs = all.length * directions.length;
  room(pairs * (method.kind === 'relu' || method.kind === 'jumprelu' || method.kind === 'gated' ? 1 : 40));
  spend(pairs * (200 + 50 * (directions[0]?.length ?? 0)));
  const sets = (test: (i: number, w: Vector, d: number) => boolean): number[][] =>
    all.map((_, i) => directions.flatMap((w, d) => (test(i, w, d) ? [d] : [])));
  const at = (i: number): (typeof all)[number] => all[i] as (typeof all)[number];
  switch (method.kind) {
    case 'relu':
    case 'jumprelu':
      return sets((i, w) => at(i).e.dot(w).plus(at(i).bias).compare(at(i).theta) > 0);
    case 'gated':
      return sets((i, w) => {
        const { e, bias, magnitude } = at(i);
        const linear = e.dot(w);
        if (linear.plus(bias).sign() <= 0) return false;
        const { r = ZERO, b = ZERO, shift = ZERO } = magnitude ?? {};
        return signOfScaled(r, linear.minus(shift), b) > 0;
      });
    case 'topk':
    case 'batchtopk':
    case 'matryoshka': {
      const z = all.map(({ e, u, bias }) => {
        const size = u.dot(u);
        return directions.map((w) => {
          const value = e.dot(w).plus(bias);
          return [weights.ranksByNorm === true ? signedSquare(value).times(size) : value];
        });
      });
      const active = activeUnits(activationOf(method, weights, neurons), z);
      return sets((i, _, d) => active[i]?.[d] === true);
    }
  }
}

/** Increasing in x. */
const signedSquare = (x: Rational): Rational => (x.sign() < 0 ? x.times(x).negated() : x.times(x));
