/** Relations between directions, dead neurons, codes, and existence. */
import { readConfiguration } from '../kernel/model/instance.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { judge } from '../kernel/proof/goal.ts';
import { counted, setText } from '../words/names.ts';
import { exclusionReasons } from './facts.ts';
import { atConfiguration, seenAt, shownFigure } from './instance.ts';
import {
  chainFigure,
  configurationLines,
  exact,
  floats,
  judged,
  lines,
  listed,
  productText,
  rowOf,
  rowsFigure,
  sumText,
  termsOf,
  type Words,
} from './step.ts';

const products: (of: Parameters<Words>[0], e: Vector) => string = ({ m }, e) =>
  listed(
    m.features.map(({ wp }, d) => productText(m, 'e', d, exact(e.dot(wp)))),
    'features',
  ).join(', ');

export const spanningRelation: Words = ({ node, m }) => {
  const c = node.fields(['rule', 'combination']).combination.vector(m.features.length).entries();
  return {
    ...lines(
      `${sumText(termsOf(c), m.features)} = 0, with every weight > 0, and the directions span the space.`,
      'A row e that is positive on no feature gives <e, this sum> = 0, a sum of terms that are <= 0. So each of them is 0, and e = 0.',
    ),
    figure: chainFigure(termsOf(c)),
  };
};

export const halfSpaceRow: Words = (at) => {
  const e = at.node.fields(['rule', 'e']).e.vector(at.m.np);
  return { ...lines(`${rowOf('e', e)}: ${products(at, e)}.`), figure: rowsFigure([floats(e)], [[]]) };
};

export const negativeRow: Words = (at) => {
  const e = at.node.fields(['rule', 'e']).e.vector(at.m.np);
  return {
    ...lines(`${rowOf('e', e)}: ${products(at, e)}. A neuron with this row is dead, and stays so under small changes.`),
    figure: rowsFigure([floats(e)], [[]]),
  };
};

export const hullRelation: Words = ({ node, m }) => {
  const c = node.fields(['rule', 'combination']).combination.vector(m.features.length).entries();
  return {
    ...lines(
      `${sumText(termsOf(c), m.features)} = 0, with weights >= 0, not all 0.`,
      'A row that is negative on every feature would have a product < 0 with the left side, which is 0.',
    ),
    figure: chainFigure(termsOf(c)),
  };
};

export const noStrictTrap: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'strict-trap');
  const key = node.members().has('neurons') ? 'neurons' : 'neuron';
  const { combination, [key]: chosen } = node.fields(['rule', 'combination', key]);
  const neurons = (key === 'neuron' ? [chosen] : chosen.items()).map((item) => item.index(1, pattern.length));
  const dead = pattern.findIndex((set) => set.length === 0) + 1;
  const met = new Set(neurons.flatMap((i) => pattern[i - 1] ?? []));
  const columns = pattern.filter((set) => set.some((d) => met.has(d))).length;
  const [first] = neurons;
  const those = neurons.length === 1 ? `neuron ${first}` : `neurons ${neurons.join(', ')}`;
  const features = setText(
    m.features,
    [...met].sort((a, b) => a - b).map((d) => d + 1),
  );
  return lines(
    `Neuron ${dead} is active on nothing. ${sumText(termsOf(combination.vector(m.features.length).entries()), m.features)} = 0 with every weight > 0, and the directions span the space, so its row is 0.`,
    `It can wake with any row t v: L~ changes by -2 t <phi(v), u_${dead}> at first order, phi(v) = sum_d M_d max(<v, w_d>, 0) rho_d, and u_${dead} can be moved by eps phi(v). So at a local minimum phi(v) = 0 or <phi(v), u_${dead}> < 0, for every v.`,
    `Beside a live row e_i that is at no kink, for any small change x of it, phi(e_i + x) = H_i x, H_i = sum_F M_d rho_d w_d^T over its set; of x and -x one has a product >= 0 with u_${dead}. So H_i = 0.`,
    `Then C_i = sum_F M_d r_d w_d^T is what the outputs make of it, and its columns are sums of the columns u_l that reach the set. On ${features}, the ${neurons.length === 1 ? 'set' : 'sets'} of ${those}, ${counted(columns, 'neuron')} can be active, and the C of ${those} ${neurons.length === 1 ? 'has' : 'together have'} a rank of more than ${columns}. So no such point is a local minimum.`,
  );
};

export const configuration: Words = ({ judgement, node, m, steps }) => {
  const { such } = judged(judgement, 'exists');
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  const at = readConfiguration(parts, m);
  return {
    ...lines('This one:', configurationLines(at), atConfiguration(m, at)),
    steps: steps(such(at), parts.proof),
    figure: shownFigure(m, at),
    ...seenAt(m, at),
  };
};

export const strictMinimum: Words = ({ judgement, node, m, steps }) => {
  judged(judgement, 'strict-trap');
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  const at = readConfiguration(parts, m);
  return {
    ...lines('This configuration shows the pattern, off all kinks but those of dead neurons:', configurationLines(at)),
    steps: steps(judge({ predicate: 'local-minimum', at }), parts.proof),
    figure: shownFigure(m, at),
    ...seenAt(m, at),
  };
};

export const excluded: Words = ({ judgement, node, fact, steps }) => {
  const { unless } = judged(judgement, 'exists');
  return {
    ...lines(exclusionReasons(fact.facts ?? []), 'What this rests on:'),
    steps: unless ? steps(unless(), node.fields(['rule', 'proof']).proof) : [],
  };
};

export const rankModulo: Words = ({ node, fact }) => {
  const rows = node.fields(['rule', 'p', 'rows']).rows.items().length;
  return lines(
    `The checker generates directions and encoder again, takes ${rows} rows of ReLU(W_E W_p) that no anchor has, and eliminates modulo p = ${fact.modulo ?? ''}: there is a pivot in every row. A determinant that is not 0 modulo p is not 0, so the codes are independent, and some decoder gives back every target.`,
  );
};
