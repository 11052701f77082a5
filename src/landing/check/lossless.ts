/**
 * Rule `lossless`: for every choice of the other neurons in the box, some choice of the group's neurons makes rho_d = 0 on the
 * group's features. With J the slopes of these residuals along the slice, |Y rho| + |I - Y J| r <= r, as in `krawczyk.ts`.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import type { Group } from './frame.ts';
import { encloseRows, type Interval, product } from './interval.ts';
import { reach, readInverse, staysInside } from './krawczyk.ts';
import { type Neighbourhood, residualSlopes } from './neighbourhood.ts';

/** `start`: the group's neurons at the given point, the others anywhere in the box. */
export function lossless(
  m: Instance,
  { features, neurons }: Group,
  start: Neighbourhood,
  box: Neighbourhood,
  node: Node,
): void {
  const { inverse } = node.fields(['rule', 'radius', 'slice', 'inverse']);
  const { radius, slice } = reach(node, neurons.length * (m.np + m.nr));
  const equations = features.length * m.nr;
  if (slice.length !== equations) invalid('wrong-size', node.path, `${equations} directions`, `${slice.length}`);
  const slopes = product(residualSlopes(box, features, neurons), encloseRows(slice));
  const rho = features.flatMap((d) => start.residuals[d] as Interval[]);
  staysInside(readInverse(inverse, equations, equations), slopes, rho, radius, inverse);
}
