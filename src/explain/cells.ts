/** A whole neighbourhood of instances: the cone of codes of one neuron, cut into cells, each settled for all of them at once. */
import type { Node } from '../kernel/document/node.ts';
import type { Instance } from '../kernel/model/instance.ts';
import { unitVector } from '../kernel/model/instance.ts';
import { combine, type Matrix, type Vector } from '../kernel/numbers/vector.ts';
import { setText, symbolText } from '../words/names.ts';
import { exact, floats, judged, lines, listed, rowOf, rowsFigure, vector, type Words } from './step.ts';

/** A line for each cell that is not split. */
function cellLines(m: Instance, rays: Matrix, node: Node): string[] {
  const { split, parts, excluded, direction } = node.fields([], ['split', 'parts', 'excluded', 'direction']);
  if (split && parts) {
    const terms = split.items(2).map((item) => item.fields(['ray', 'weight']));
    const [j, k] = terms.map(({ ray }) => ray.index(1, rays.length) - 1) as [number, number];
    const ray = combine(
      terms.map(({ weight }) => weight.rational()),
      [rays[j], rays[k]] as Vector[],
      rays.length,
    );
    const [first, second] = parts.items(2) as [Node, Node];
    return [...cellLines(m, rays.with(k, ray), first), ...cellLines(m, rays.with(j, ray), second)];
  }
  const where = `z between the rays ${rays.map(vector).join(', ')}`;
  if (direction) return [`${where}: moving the row along ${rowOf('h', direction.vector(m.np))} lowers the loss`];
  const names = (excluded?.items() ?? []).map((item) => symbolText('w', m.features, item.index(1, m.features.length)));
  return [
    `${where}: no row has such codes, as ${names.join(', ')} always have a combination that is 0, and its product with the row would not be`,
  ];
}

export const cells: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'refuted-near');
  const { we, neuron, cell } = node.fields(['rule', 'we', 'neuron', 'cell']);
  const i = neuron.index(1, pattern.length);
  const set = pattern[i - 1] ?? [];
  const rows = we.matrix(pattern.length, m.np);
  const found = cellLines(
    m,
    set.map((_, k) => unitVector(set.length, k)),
    cell,
  );
  const names = setText(
    m.features,
    set.map((d) => d + 1),
  );
  return {
    ...lines(
      `Every number of the instance may be off by ${m.radius ? exact(m.radius) : '0'}; all that follows is so whatever it is, by interval arithmetic. These rows show the pattern:`,
      rows.map((e, k) => rowOf(`e_${k + 1}`, e)),
      `Neuron ${i} has no row on ${names} that is best for its column. Its codes z = (<e, w_d>) on ${names} are positive, and the cone of all of them is cut into cells:`,
      listed(found, 'cells'),
    ),
    figure: rowsFigure(rows.map(floats), pattern),
  };
};
