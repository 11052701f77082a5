/**
 * The true loss L = E |W_r x - W_D sigma(W_E W_p x)|^2 on a finite distribution (equation 4), and the weights M_d it gives.
 * An input x is one more "feature" with w = W_p x, r = W_r x and its probability as weight, so sigma is written once.
 */

import { type Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine } from '../numbers/vector.ts';
import { type Atom, atomsOf, type Distribution } from './distribution.ts';
import { type Configuration, type Instance, inputs, targets } from './instance.ts';
import { approximateLoss, evaluate } from './model.ts';

/** The instance's distribution; a claim about the true loss cannot be decided without one. */
export function distributionOf(m: Instance): Distribution {
  return (
    m.distribution ?? invalid('missing-data', '$.instance.distribution', 'a distribution, which it is about', 'none')
  );
}

/** The inputs given as the features of an instance. BatchTopK lets through a share of a batch, which is not given. */
export function inputsAsFeatures(m: Instance, atoms: readonly Atom[]): Instance {
  if (m.activation.kind === 'batchtopk')
    invalid('missing-data', '$.instance.activation', 'an activation of one input at a time', m.activation.kind);
  const features = atoms.map(({ probability, x }) => ({
    label: `${x}`,
    wp: combine(x.entries(), inputs(m), m.np),
    wr: combine(x.entries(), targets(m), m.nr),
    weight: probability,
  }));
  return { ...m, features };
}

/** L on the inputs, which need not add up to probability 1: the input 0 costs nothing. */
export function trueLoss(m: Instance, at: Configuration): Rational {
  return approximateLoss(inputsAsFeatures(m, atomsOf(distributionOf(m))), at);
}

/** C, the largest |W_r x - W_D sigma(W_E W_p x)|^2 over the inputs of positive probability. */
export function largestError(m: Instance, at: Configuration): Rational {
  const { residuals } = evaluate(inputsAsFeatures(m, atomsOf(distributionOf(m))), [at]);
  const errors = residuals.flatMap((rho) => rho.slice(0, 1).map((v) => v.dot(v)));
  return errors.reduce((most, x) => (x.compare(most) > 0 ? x : most), ZERO);
}

/** Pr of the inputs that pass. */
export function probability(m: Instance, passes: (x: Atom['x']) => boolean): Rational {
  return sum(atomsOf(distributionOf(m)).map((atom) => (passes(atom.x) ? atom.probability : ZERO)));
}

export const activeCount = (x: Atom['x']): number => x.num.filter((entry) => entry !== 0n).length;

/** The instance with M_d = Pr(x = x_d e_d, x_d > 0) E[x_d^2 | x_d > 0] from its distribution (0 where x_d is never positive). */
export function withSoloWeights(m: Instance): Instance {
  const atoms = atomsOf(distributionOf(m));
  const features = m.features.map((f, d) => {
    const active = probability(m, (x) => x.at(d).sign() > 0);
    const alone = probability(m, (x) => x.at(d).sign() > 0 && activeCount(x) === 1);
    const squares = sum(atoms.map((a) => a.probability.times(a.x.at(d)).times(a.x.at(d))));
    return { ...f, weight: active.sign() === 0 ? ZERO : alone.times(squares).over(active) };
  });
  return { ...m, features };
}
