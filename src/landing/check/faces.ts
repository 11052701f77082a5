/**
 * Pre-activations held at 0. The kinks of a neuron that is not lifted are faces: there grad_{e_i} f = -sum m_d w_d over its kinks
 * with 0 < m_d < -2 M_d <rho_d, u_i>, so the loss grows to either side of each at first order, faster than any second-order gain.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { ONE, Rational } from '../../kernel/numbers/rational.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import {
  dot,
  enclose,
  encloseVector,
  type Interval,
  isNegative,
  isPositive,
  minus,
  negated,
  times,
} from './interval.ts';
import { gradientOf, type Neighbourhood, twiceM } from './neighbourhood.ts';

/** Neuron i at feature d, both 0-based. */
export type Kink = readonly [i: number, d: number];

interface Held {
  readonly kink: Kink;
  readonly path: string;
  /** q with <q, w_d> = 1, and 0 for the others that have one; or m_d itself, for a w_d that these make up. */
  readonly dual: Vector | Rational;
}

/** `duals`: for each kink, in order, q or m_d. Their independence is what the q show. */
export function readFaces(m: Instance, kinks: readonly Kink[], node: Node): Held[] {
  const held = node.items(kinks.length).map((item, k): Held => {
    const dual = Array.isArray(item.json) ? item.vector(m.np) : item.rational();
    return { kink: kinks[k] as Kink, path: item.path, dual };
  });
  const w = ([, d]: Kink): Vector => m.features[d]?.wp as Vector;
  for (const { kink, path, dual } of held) {
    const own = independent(held, kink[0]);
    if (dual instanceof Vector) {
      for (const other of own) {
        const value = dual.dot(w(other.kink));
        const right = other.kink === kink ? ONE : Rational.of(0n);
        if (!value.equals(right)) invalid('wrong-dual', path, `<q, w_${other.kink[1] + 1}> = ${right}`, `${value}`);
      }
    } else {
      const shares = own.map(({ q }) => q.dot(w(kink)));
      const sum = combine(
        shares,
        own.map((other) => w(other.kink)),
        m.np,
      );
      if (!sum.equals(w(kink))) invalid('wrong-dual', path, `w_${kink[1] + 1} from the others`, `${sum}`);
    }
  }
  return held;
}

const independent = (held: readonly Held[], i: number): { readonly kink: Kink; readonly q: Vector }[] =>
  held.flatMap(({ kink, dual }) => (kink[0] === i && dual instanceof Vector ? [{ kink, q: dual }] : []));

/** How many conditions the faces are. */
export const faceCount = (held: readonly Held[]): number => held.filter(({ dual }) => dual instanceof Vector).length;

export function holdsFaces(m: Instance, features: readonly number[], held: readonly Held[], box: Neighbourhood): void {
  for (const { kink, path, dual } of held) {
    const [i, d] = kink;
    const pull = dual instanceof Vector ? pullAt(m, features, held, box, i, dual) : enclose(dual);
    const push = times(twiceM(box, d), dot(box.residuals[d] as Interval[], box.u[i] as Interval[]));
    if (!isPositive(pull) || !isPositive(minus(negated(push), pull))) {
      invalid('wrong-multiplier', path, '0 < m < -2 M <rho, u>', `neuron ${i + 1} at feature ${d + 1}`);
    }
  }
}

/** m_d of a kink with a q: what is left of the gradient after the kinks whose m is given. */
function pullAt(
  m: Instance,
  features: readonly number[],
  held: readonly Held[],
  box: Neighbourhood,
  i: number,
  q: Vector,
): Interval {
  const gradient = gradientOf(box, features, i).slice(0, m.np);
  return held.reduce(
    (pull, { kink: [j, c], dual }) =>
      j !== i || dual instanceof Vector ? pull : minus(pull, enclose(dual.times(q.dot(m.features[c]?.wp ?? q)))),
    negated(dot(gradient, encloseVector(q))),
  );
}

/** Whether -2 M_d <rho_d, u_i> > 0 is certain: waking neuron i on feature d costs. */
export function costsToWake(box: Neighbourhood, i: number, d: number): boolean {
  return isNegative(dot(box.residuals[d] ?? [], box.u[i] ?? []));
}
