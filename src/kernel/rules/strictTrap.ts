/** The rule for no `strict-trap`: a dead neuron gives a way down. */

import { pencil } from '../model/model.ts';
import { rank } from '../numbers/elimination.ts';
import { invalid } from '../numbers/rejection.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { checkSeparate } from './criticalPoint.ts';
import { checkSpanning } from './directions.ts';

/**
 * No strict trap, with a dead neuron j, where sum c_d w_d = 0 with every c_d > 0 and the w_d span R^n_p: e_j is 0, as c > 0 makes
 * every <e_j, w_d> = 0. Some neuron i alone has a C of rank >= 2. At a strict local minimum its row and column are critical; take x with
 * h = sum_F M_d <x, w_d> rho_d = C x - (x^T B e) u != 0, of the sign with <h, u_j> >= 0. Moving e_j to t (e_i + eps x), u_j to u_j + eps h and
 * u_i to u_i - t (u_j + eps h) changes no activity but that of j on F, and L~ by -2 t eps <h, u_j + eps h> + O(t^2 eps^2) < 0.
 */
const noStrictTrap: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'strict-trap', false, node);
  const { combination, neuron } = node.fields(['rule', 'combination', 'neuron']);
  const i = neuron.index(1, pattern.length) - 1;
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  checkSeparate(m, pattern, [i], node);
  if (pattern.every((set) => set.length > 0)) invalid('missing-data', node.path, 'a neuron with an empty set', 'none');
  checkSpanning(m, combination);
  if (rank(pencil(m, pattern[i] ?? []).c) < 2) invalid('does-not-hold', neuron.path, 'C of rank 2 or more', 'less');
  return { neuron: i + 1 };
};

export const strictTrapRules: Pack = pack({ 'no-strict-trap': noStrictTrap });
