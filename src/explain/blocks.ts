/** Neurons that share a set, and sets too large for exact eigenvalues. */
import { readElement, readRoot } from '../kernel/document/algebraic.ts';
import { pencil } from '../kernel/model/model.ts';
import type { Matrix } from '../kernel/numbers/vector.ts';
import { Vector } from '../kernel/numbers/vector.ts';
import { setText } from '../words/names.ts';
import { enclosure } from '../words/number.ts';
import { rootsText } from './point.ts';
import { elementOf, exact, judged, lines, listed, named, refined, rowOf, type Words, wholeText } from './step.ts';

const imageOf = (matrix: Matrix, x: Vector): Vector => Vector.of(matrix.map((row) => row.dot(x)));

export const blocks: Words = ({ judgement, node, m, fact }) => {
  const { pattern, as } = judged(judgement, 'critical');
  const groups = new Map<string, { readonly set: readonly number[]; readonly neurons: number[] }>();
  pattern.forEach((set, i) => {
    if (set.length === 0) return;
    const group = groups.get(set.join()) ?? { set, neurons: [] };
    group.neurons.push(i + 1);
    groups.set(set.join(), group);
  });
  const parts = node.fields(['rule', 'blocks', 'dead']);
  const found = parts.blocks.items().flatMap((block, k) => {
    const { set = [], neurons = [] } = [...groups.values()][k] ?? {};
    const { eigen, rows } = block.fields(['eigen', 'rows']);
    const pairs = eigen.items().map((item) => {
      const { lambda, v } = item.fields(['lambda', 'v']);
      return { root: readRoot(lambda), v };
    });
    const used = Math.min(neurons.length, pairs.length);
    const rest = pairs.slice(used).map(({ root }) => root);
    const who = neurons.length === 1 ? `neuron ${neurons[0] ?? ''}` : `neurons ${neurons.join(', ')}`;
    const mixed = rows.items().map((item, j) => {
      const { t, flat } = item.fields(['t', 'flat']);
      const shift = flat.vector(m.np);
      return `  e_${neurons[j] ?? ''} is the sum of ${rowOf('t', t.vector(used))} times these${shift.isZero() ? '' : `, plus ${rowOf('a row that is 0 on the set', shift)}`}`;
    });
    return [
      `${who} on ${setText(
        m.features,
        set.map((d) => d + 1),
      )}: the rows span the eigenvectors of ${rootsText(pairs.slice(0, used).map(({ root }) => root))}`,
      ...pairs
        .slice(0, used)
        .map(({ root, v }, j) => `  ${elementOf(`v_${j + 1}`, readElement(v, m.np), refined(root), m.np)}`),
      ...mixed,
      rest.length === 0 ? '  no eigenvalue is left out' : `  left out: lambda = ${rootsText(rest)}`,
    ];
  });
  const end =
    as === 'minimum'
      ? 'None left out is larger, so with these active sets nothing takes more off: a local minimum.'
      : as === 'saddle'
        ? 'One left out is larger than one taken: turn that eigenvector towards the other, and the loss falls.'
        : 'With the best columns both gradients are 0.';
  return lines(
    'Neurons with one set F work together: their rows span some eigenvectors of (A - lambda B) v = 0, with B = sum_F M_d w_d w_d^T, C = sum_F M_d r_d w_d^T, A = C^T C, and take these lambdas off the loss. No pre-activation is at a kink.',
    listed(found, 'lines'),
    fact.loss ? `${enclosure('L~', fact.loss)}, which is ${wholeText(m)} less the lambdas taken` : [],
    end,
  );
};

export const enclosedMinimum: Words = ({ judgement, node, m, fact }) => {
  const { pattern } = judged(judgement, 'critical');
  const alive = pattern.flatMap((set, i) => (set.length > 0 ? [i] : []));
  const found = node
    .fields(['rule', 'live', 'dead'])
    .live.items()
    .map((item, k) => {
      const i = alive[k] ?? 0;
      const set = pattern[i] ?? [];
      const parts = item.fields(['e', 'beta', 'sigma', 'y', 'definite', 'parts']);
      const [e, beta] = [parts.e.vector(m.np), parts.beta.rational()];
      const { a, b } = pencil(m, set);
      const s = e.dot(imageOf(b, e));
      const rho = e.dot(imageOf(a, e)).over(s);
      const force = imageOf(a, e).minus(imageOf(b, e).times(rho));
      const error = parts.y.vector(m.np).dot(force).over(rho.minus(beta).times(s));
      return `neuron ${i + 1} on ${setText(
        m.features,
        set.map((d) => d + 1),
      )}: ${rowOf('e', e)}, near an eigenvector: its ${named('quotient e^T A e / e^T B e', rho)} is at most ${exact(error)} below the largest lambda, and every other lambda is at most ${exact(beta)}`;
    });
  return lines(
    'The sets are too large for exact eigenvalues. Each row given is so near to an eigenvector of the largest eigenvalue that this one lies on the same side of every threshold:',
    listed(found, 'neurons'),
    'So near them there is a point with the largest eigenvalue for every neuron and no pre-activation at a kink: a local minimum.',
    fact.loss ? `${enclosure('L~', fact.loss)}, which is ${wholeText(m)} less the largest lambdas` : [],
  );
};
