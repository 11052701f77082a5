/** Rules for `strict-trap`: a configuration that is one; or none, as a dead neuron gives a way down. */

import { readConfiguration, readFeatureSet } from '../model/instance.ts';
import { patternShown, patternText, pencil, samePattern } from '../model/model.ts';
import { rank } from '../numbers/elimination.ts';
import { invalid } from '../numbers/rejection.ts';
import { Vector } from '../numbers/vector.ts';
import { type Evidence, type Fact, numbered } from '../proof/fact.ts';
import { asked, judge, type Pack, pack, prove, type Rule } from '../proof/goal.ts';
import { checkSpanning } from './directions.ts';

/**
 * No strict trap, with a dead neuron j, where sum c_d w_d = 0 with every c_d > 0 and the w_d span R^n_p: e_j is 0, as c > 0 makes
 * every <e_j, w_d> = 0. Take a strict local minimum on P, and a live neuron i: no <e_i, w_d> is 0.
 * (1) H_i = sum_F M_d rho_d w_d^T over F = F_i is 0. Let phi(v) = sum_d M_d max(<v, w_d>, 0) rho_d. With e_j moved to t v and u_j to u_j + eps phi(v), t, eps > 0, neuron j adds t max(<v, w_d>, 0)
 * times that on feature d, and L~ changes by -2 t (<phi(v), u_j> + eps |phi(v)|^2) + O(t^2). So phi(v) = 0 or <phi(v), u_j> < 0, for every v. The gradient in u_i is 0, so phi(e_i) = 0; and for small x
 * the row e_i + x is positive where e_i is, so phi(e_i + x) = H_i x. Of x and -x one has <H_i x, u_j> >= 0, so H_i x = 0.
 * (2) Feature d gets y_d, a sum of multiples of the u_l with d in F_l. So C_i = sum_F M_d r_d w_d^T = H_i + sum_F M_d y_d w_d^T = sum_F M_d y_d w_d^T has its columns in the span of the u_l whose F_l meets F_i.
 * (3) So for any live neurons I the matrix [C_i : i in I] has a rank of at most the number of neurons l whose F_l meets one of these F_i. Where it has more, there is no strict local minimum on P.
 * An i that is not live has C_i = 0 and meets nothing: it may stand in I. `neuron`: I is that one.
 */
const noStrictTrap: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'strict-trap', false, node);
  const key = node.members().has('neurons') ? 'neurons' : 'neuron';
  const { combination, [key]: chosen } = node.fields(['rule', 'combination', key]);
  const n = pattern.length;
  const neurons = key === 'neuron' ? [chosen.index(1, n) - 1] : readFeatureSet(chosen, n);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  if (pattern.every((set) => set.length > 0)) invalid('missing-data', node.path, 'a neuron with an empty set', 'none');
  checkSpanning(m, combination);
  const sets = neurons.map((i) => pattern[i] ?? []).filter((set) => set.length > 0);
  const met = new Set(sets.flat());
  const columns = pattern.filter((set) => set.some((d) => met.has(d))).length;
  const blocks = sets.map((set) => pencil(m, set).c);
  const rows = Array.from({ length: m.nr }, (_, r) => Vector.of(blocks.flatMap((c) => c[r]?.entries() ?? [])));
  const found = rank(rows);
  if (found <= columns) invalid('does-not-hold', chosen.path, `a rank of more than ${columns}`, `${found}`);
  const by = numbered(neurons);
  return (key === 'neuron' ? { neuron: by[0] } : { neurons: by }) as Evidence;
};

/** This configuration shows P, with no <e_i, w_d> = 0 where neuron i is not dead, and is a local minimum, by the proof given. */
const strictMinimum: Rule = (judgement, node, context) => {
  const { pattern } = asked(judgement, 'strict-trap', true, node);
  const { instance: m } = context;
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  const at = readConfiguration(parts, m);
  const shown = patternShown(m, at);
  if (!samePattern(shown, pattern)) invalid('wrong-pattern', node.path, patternText(pattern), patternText(shown));
  const kink = at.we.findIndex(
    (e, i) => pattern[i]?.length !== 0 && m.features.some(({ wp }) => wp.dot(e).sign() === 0),
  );
  if (kink >= 0) invalid('at-a-kink', node.path, `no <e_${kink + 1}, w_d> = 0`, 'one that is');
  const facts: Fact[] = [];
  prove(judge({ predicate: 'local-minimum', at }), parts.proof, { ...context, facts });
  return { facts };
};

export const strictTrapRules: Pack = pack({ 'no-strict-trap': noStrictTrap, 'strict-minimum': strictMinimum });
