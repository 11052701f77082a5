/** The least loss of one neuron: a row that attains it, and the cases that leave nothing out. */
import { readElement, readRoot } from '../kernel/document/algebraic.ts';
import type { Node } from '../kernel/document/node.ts';
import type { Instance } from '../kernel/model/instance.ts';
import { symbolText } from '../words/names.ts';
import { between, elementOf, judged, lines, listed, refined, vector, type Words, wholeText } from './step.ts';

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
