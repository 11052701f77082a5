/** A B-orthogonal basis of eigenvectors of a face's pencil, each over its own Q(lambda). */
import { type Element, isZeroAt, type Root } from '../../kernel/numbers/algebraic.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import { pencilImage } from '../../kernel/rules/criticalPoint.ts';
import { nullSpace, primitive } from '../linear/linear.ts';
import { form } from './criticalPoints.ts';
import { exactEigenvector } from './eigenvector.ts';
import type { Face } from './face.ts';

export interface Eigenvector {
  readonly root: Root;
  /** n_p entries. */
  readonly v: Element;
}

/** By increasing eigenvalue; undefined where an irrational one is repeated. */
export function eigenbasis({ cluster, basis, a, b, roots }: Face): Eigenvector[] | undefined {
  const np = cluster.m.np;
  const found: Eigenvector[] = [];
  for (const { root, multiplicity } of roots) {
    if (root.from.equals(root.to)) {
      const rows = a.map((row, i) => row.minus((b[i] as Vector).times(root.from)));
      const space = nullSpace(rows, a.length).map((x) => combine(x.entries(), basis, np));
      for (const v of orthogonal(space, cluster.b)) found.push({ root, v: [v] });
    } else if (multiplicity > 1) return undefined;
    else found.push({ root, v: exactEigenvector(a, b, basis, root, np) });
  }
  const exact = found.every(({ root, v }) => isZeroAt(pencilImage(cluster.a, cluster.b, v), root));
  if (!exact) throw new Error('an eigenvector that is none');
  return found;
}

/** Gram-Schmidt for x^T B y, in small integers; vectors in the span of those before are left out. */
export function orthogonal(vectors: readonly Vector[], b: readonly Vector[]): Vector[] {
  const done: Vector[] = [];
  for (const v of vectors) {
    const image = Vector.of(b.map((row) => row.dot(v)));
    const rest = done.reduce((x, y) => x.minus(y.times(y.dot(image).over(form(y, b)))), v);
    if (!rest.isZero()) done.push(primitive(rest.num));
  }
  return done;
}
