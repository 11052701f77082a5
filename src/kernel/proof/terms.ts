/** Features with positive weights, as proofs list them. */
import type { Node } from '../document/node.ts';
import type { Rational } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';

export interface Term {
  readonly feature: number;
  readonly weight: Rational;
}

export function positive(node: Node): Rational {
  const value = node.rational();
  return value.sign() > 0 ? value : invalid('not-positive', node.path, 'a positive weight', `${value}`);
}

/** A list of {feature, weight}: increasing features, positive weights; the features in `set` or, with `inside` false, not in it. */
export function readTerms(node: Node, n: number, set?: readonly number[], inside = true): Term[] {
  let last = -1;
  return node.items().map((item) => {
    const { feature: number, weight } = item.fields(['feature', 'weight']);
    const feature = number.index(1, n) - 1;
    if (feature <= last) malformed('not-increasing', number.path, 'increasing feature numbers', `${feature + 1}`);
    if (set && set.includes(feature) !== inside) {
      invalid('wrong-side', number.path, `a feature ${inside ? 'of' : 'outside'} the neuron's set`, `${feature + 1}`);
    }
    last = feature;
    return { feature, weight: positive(weight) };
  });
}
