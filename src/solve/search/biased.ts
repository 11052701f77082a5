/**
 * Instances with a bias for each neuron, in the form in which the kernel reads them (src/kernel/model/lifted.ts) and as they stand in a file.
 * Shapes, sizes and steps of shrinking are about the latter.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { ONE, ZERO } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';

const extended = (v: Vector, by: typeof ONE): Vector => Vector.of([...v.entries(), by]);

/** Directions (w_d, 1). Rows of n_p entries get the bias 0, those of one more have theirs. */
export function withBias(m: Instance): Instance {
  const { features: given, configuration: at } = m;
  const features = given.map((f) => ({ ...f, wp: extended(f.wp, ONE) }));
  const we = at?.we.map((e) => (e.length === m.np ? extended(e, ZERO) : e));
  return {
    ...m,
    np: m.np + 1,
    features,
    ...(at && we && { configuration: { ...at, we } }),
    lifted: { given, inputs: false, encoderBias: true, features, constant: ZERO },
  };
}

/** Directions w_d and n_p as the file has them; rows keep their biases as a last entry. An instance without biases is returned as it is. */
export function inFile(m: Instance): Instance {
  if (!m.lifted) return m;
  const { lifted: _, ...rest } = m;
  const features = m.features.map((f) => ({ ...f, wp: Vector.of(f.wp.entries().slice(0, -1)) }));
  return { ...rest, features, np: m.np - 1 };
}

/** The instance with other features, weights for instance, which a file has to have as well. */
export const sameInFile = (m: Instance): Instance => (m.lifted ? withBias(inFile(m)) : m);
