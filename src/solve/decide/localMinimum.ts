/** The proof data of rule `top-eigenvalue`: for each live neuron the factors of lambda B - A. */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { encode, pencil } from '../../kernel/model/model.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, type Vector } from '../../kernel/numbers/vector.ts';
import { definite } from '../linear/definite.ts';
import { type Document, matrixDocument, vectorDocument } from '../proofs/document.ts';

/** The features each neuron is active on. */
export function activeSets(m: Instance, at: Configuration): number[][] {
  return encode(m, [at]).active.map((row) => row.flatMap((on, d) => (on ? [d] : [])));
}

/** x^T G y for a matrix G given by its rows. */
export const form = (x: Vector, matrix: Matrix, y: Vector): Rational => y.dot(combine(x.entries(), matrix, y.length));

/** lambda = e^T A e / e^T B e of one neuron with features `set`, and lambda B - A; undefined where e^T B e = 0. */
export function gap(m: Instance, set: readonly number[], e: Vector): { lambda: Rational; matrix: Matrix } | undefined {
  const { a, b } = pencil(m, set);
  const s = form(e, b, e);
  if (s.sign() === 0) return undefined;
  const lambda = form(e, a, e).over(s);
  return { lambda, matrix: b.map((row, k) => row.times(lambda).minus(a[k] as Vector)) };
}

/** The proof, or undefined where some lambda is not the largest. */
export function topEigenvalueProof(m: Instance, at: Configuration): Document | undefined {
  const sets = activeSets(m, at);
  // Where a feature feeds two neurons the rule is not about the point.
  const carried = sets.reduce((sum, set) => sum + set.length, 0);
  if (carried > new Set(sets.flat()).size) return undefined;
  const factors: Document[] = [];
  for (const [i, set] of sets.entries()) {
    if (set.length === 0) continue;
    const pencilGap = gap(m, set, at.we[i] as Vector);
    const answer = pencilGap && definite(pencilGap.matrix);
    if (!answer || !('d' in answer)) return undefined;
    factors.push({ l: matrixDocument(answer.l), d: vectorDocument(answer.d) });
  }
  return { rule: 'top-eigenvalue', definite: factors };
}
