/**
 * The directions of an instance as a central arrangement: integer vectors v_0 .. v_(m-1) such that what one neuron shows is
 * the set of v with <v, x> > 0. For relu these are the w_d; for a threshold (w_d, -theta) after one vector (0, 1) that has to be
 * positive; for a gate (w_d, 1).
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { primitive } from '../linear/linear.ts';

export interface Arrangement {
  readonly dimension: number;
  /** Coprime integer entries; positive multiples of what the instance has. */
  readonly vectors: readonly (readonly bigint[])[];
  /** The feature (zero-based) that a vector stands for; undefined for the one that has to be positive. */
  readonly features: readonly (number | undefined)[];
  /** How many vectors at the front have to be positive: the threshold's, then the features asked for. */
  readonly forced: number;
}

/** The kinds of activation for which neurons show their sets independently of each other. */
export function isSeparate(m: Instance): boolean {
  return !('k' in m.activation);
}

/** `containing`: zero-based features that each set has to contain; they come first. */
export function arrangementOf(m: Instance, containing: readonly number[] = []): Arrangement {
  const { activation } = m;
  if (!isSeparate(m))
    throw new RangeError(`the neurons of a ${activation.kind} model do not show their sets independently`);
  const level = thresholdOf(m);
  const theta = level.sign() > 0 ? level : undefined;
  const wanted = new Set(containing);
  const order = [...wanted, ...m.features.keys()].filter((d, k) => k < wanted.size || !wanted.has(d));
  const rows = order.map((d) => {
    const wp = m.features[d]?.wp as Vector;
    if (theta) return Vector.of([...wp.entries(), theta.negated()]).num;
    return activation.kind === 'gated' ? [...wp.num, wp.den] : wp.num;
  });
  const base = theta ? [[...new Array<bigint>(m.np).fill(0n), 1n]] : [];
  return {
    dimension: m.np + (theta || activation.kind === 'gated' ? 1 : 0),
    vectors: [...base, ...rows].map((row) => primitive(row).num),
    features: [...base.map(() => undefined), ...order],
    forced: base.length + wanted.size,
  };
}
