/** The least loss of one neuron: a row that attains it, and the cases that leave nothing out. */
import { readElement, readRoot } from '../kernel/document/algebraic.ts';
import type { Node } from '../kernel/document/node.ts';
import { type Instance, readConfiguration } from '../kernel/model/instance.ts';
import { counted, symbolText } from '../words/names.ts';
import { numberText } from '../words/number.ts';
import { atConfiguration } from './instance.ts';
import {
  between,
  configurationLines,
  elementOf,
  exact,
  judged,
  lines,
  listed,
  refined,
  rowOf,
  vector,
  type Words,
  wholeText,
} from './step.ts';

/** A line for each case that is not split. */
function caseLines(m: Instance, by: string, sides: readonly string[], node: Node): string[] {
  const { feature, cut, parts, empty, products, targets } = node.fields(
    [],
    ['feature', 'cut', 'parts', 'empty', 'products', 'targets', 'factors', 'below'],
  );
  if (parts) {
    const product = (of: string): string => (by === 'row' ? `<e, ${of}>` : `<${of}, v>`);
    const of = feature
      ? product(symbolText(by === 'row' ? 'w' : 'r', m.features, feature.index(1, m.features.length)))
      : product(vector((cut as Node).vector()));
    const [above, below] = parts.items(2) as [Node, Node];
    return [...caseLines(m, by, [...sides, `${of} > 0`], above), ...caseLines(m, by, [...sides, `${of} <= 0`], below)];
  }
  const where = sides.length === 0 ? `every ${by}` : `${by}s with ${sides.join(', ')}`;
  if (empty) return [`${where}: there is none, as multiples of these inequalities add up to 0 > 0`];
  const how = targets
    ? 'whatever the row, by the targets of the features that may be on'
    : products
      ? 'by a sum of squares and of products of these inequalities'
      : 'by a sum of squares';
  return [`${where}: no more is gained, ${how}`];
}

export const leastLoss: Words = ({ judgement, node, m }) => {
  judged(judgement, 'least-loss');
  const { lambda, e, by, tree } = node.fields(['rule', 'lambda', 'e', 'by', 'tree']);
  const root = refined(readRoot(lambda));
  const kind = by.word(['row', 'column']);
  return lines(
    `With its best column a row e gains |p|^2 / s, p = sum_d M_d z_d r_d, s = sum_d M_d z_d^2, z_d = max(<e, w_d>, 0), of what L~ is without a neuron, ${wholeText(m)}. This row gains ${between('lambda', [root.from, root.to])}:`,
    elementOf('e', readElement(e, m.np), root, m.np),
    kind === 'row'
      ? 'No row gains more, case by case, as the <e, w_d> have their signs:'
      : 'No row gains more: with v = p / |p|, |p|^2 <= s sum_d M_d max(<r_d, v>, 0)^2. Case by case, as the <r_d, v> have their signs:',
    listed(caseLines(m, kind, [], tree), 'cases'),
  );
};

export const rankBound: Words = ({ judgement, node, m, fact }) => {
  judged(judgement, 'least-loss');
  const parts = node.fields(['rule', 't', 'x', 'definite', 'we', 'wd'], ['gate', 'bias']);
  const at = readConfiguration(parts, m);
  const [least, most] = (fact.loss ?? ['', '']).map(numberText);
  return lines(
    'This configuration is what is known:',
    configurationLines(at),
    atConfiguration(m, at),
    `Whatever the encoder, outputs lie in the span of the ${counted(m.neurons, 'column')} of the decoder. With P the projection on it, L~ >= tr C - tr P C, where C = sum_d M_d r_d r_d^T.`,
    `With t = ${exact(parts.t.rational())} and this X, X >= 0 and X + t I - C >= 0, as factors of both show. So tr P C <= tr X + ${m.neurons === 1 ? '' : `${m.neurons} `}t, and no configuration has less than ${least}.`,
    listed(
      parts.x.matrix(m.nr, m.nr).map((row, k) => rowOf(`row ${k + 1} of X`, row)),
      'rows of X',
    ),
    least === most
      ? 'The configuration has just that: no other has less.'
      : `Between ${least} and ${most} nothing is proved.`,
  );
};
