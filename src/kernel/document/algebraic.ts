/** Real algebraic numbers, and vectors over Q(lambda), as documents have them. */
import { type Element, primitive, type Root, signAt } from '../numbers/algebraic.ts';
import type { Rational } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import type { Node } from './node.ts';

const MAX_DEGREE = 256;

/** A rational, or {"f": coefficients, "in": [from, to]}. */
export function readRoot(node: Node): Root {
  if (typeof node.json === 'string') {
    const lambda = node.rational();
    return { f: [-lambda.num, lambda.den], from: lambda, to: lambda };
  }
  const { f: coefficients, in: range } = node.fields(['f', 'in']);
  const f = primitive(coefficients.vector().num);
  if (f.length > MAX_DEGREE + 1)
    malformed('too-large', coefficients.path, `a degree of at most ${MAX_DEGREE}`, `${f.length - 1}`);
  const [from, to] = range.vector(2).entries() as [Rational, Rational];
  if (from.compare(to) >= 0 || signAt(f, from) * signAt(f, to) >= 0) {
    invalid('no-sign-change', node.path, 'an interval with a sign change of f', `${from} to ${to}`);
  }
  return { f, from, to };
}

/** A vector over Q(lambda), given by its coefficients. */
export function readElement(node: Node, length: number): Element {
  const coefficients = node.items();
  if (coefficients.length > MAX_DEGREE)
    malformed('too-large', node.path, `at most ${MAX_DEGREE} vectors`, `${coefficients.length}`);
  return coefficients.map((item) => item.vector(length));
}
