/** Relations between directions, dead neurons, codes, and existence. */
import { readConfiguration } from '../kernel/model/instance.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { setText } from '../words/names.ts';
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
  const { combination, neuron } = node.fields(['rule', 'combination', 'neuron']);
  const i = neuron.index(1, pattern.length);
  const dead = pattern.findIndex((set) => set.length === 0) + 1;
  const set = setText(
    m.features,
    (pattern[i - 1] ?? []).map((d) => d + 1),
  );
  return lines(
    `Neuron ${dead} is active on nothing. ${sumText(termsOf(combination.vector(m.features.length).entries()), m.features)} = 0 with every weight > 0, and the directions span the space, so its row is 0.`,
    `Neuron ${i} on ${set} has a C = sum_F M_d r_d w_d^T of rank 2 or more. So some change x of its row would pull its column elsewhere: h = sum_F M_d <x, w_d> rho_d is not 0.`,
    `Let neuron ${dead} wake beside it: its row goes to t (e_${i} + eps x), its column by eps h, and neuron ${i} hands over to it as much. Then L~ changes by -2 t eps <h, u_${dead} + eps h> + O(t^2 eps^2), which is negative for x or for -x. So no such point is a local minimum.`,
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
