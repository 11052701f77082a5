/** Rules for `definite`: factors of a matrix, or a direction on which it is negative. */

import type { Node } from '../document/node.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, equalMatrices, type Matrix, outerSum, transpose } from '../numbers/vector.ts';
import { entriesOf } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** Refuses unless L diag(D) L^T = matrix with D >= 0 entry by entry, which makes the matrix positive semidefinite. */
export function checkDefinite(matrix: Matrix, node: Node): void {
  const { l, d } = node.fields(['l', 'd']);
  const size = matrix.length;
  const left = transpose(l.matrix(size, size), size);
  const pivots = d.items(size).map((item) => {
    const pivot = item.rational();
    return pivot.sign() >= 0 ? pivot : invalid('negative-pivot', item.path, 'a pivot >= 0', `${pivot}`);
  });
  if (!equalMatrices(outerSum(pivots, left, left, [size, size]), matrix)) {
    invalid('wrong-factors', node.path, 'L diag(D) L^T equal to lambda B - A', 'another matrix');
  }
}

/** Positive semidefinite, by its factors. */
const ldl: Rule = (judgement, node) => {
  const { matrix } = asked(judgement, 'definite', true, node);
  checkDefinite(matrix, node.fields(['rule', 'definite']).definite);
  return {};
};

/** Not positive semidefinite: x^T G x < 0. */
const negativeDirection: Rule = (judgement, node) => {
  const { matrix } = asked(judgement, 'definite', false, node);
  const x = node.fields(['rule', 'x']).x.vector(matrix.length);
  const value = x.dot(combine(x.entries(), matrix, matrix.length));
  if (value.sign() >= 0) invalid('does-not-hold', node.path, 'x^T G x < 0', `${value}`);
  return { row: entriesOf(x), value: `${value}` };
};

export const definiteRules: Pack = pack({ ldl, 'negative-direction': negativeDirection });
