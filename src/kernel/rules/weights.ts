/** Rules for `some-weights`: weights M > 0 with which a pattern carries a point of positive loss with both gradients 0; and that no weights do. */

import type { Node } from '../document/node.ts';
import { featureAt, type Instance } from '../model/instance.ts';
import { carriers, patternText } from '../model/model.ts';
import { rank } from '../numbers/elimination.ts';
import { ONE, type Rational, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { absurd, type System } from '../numbers/system.ts';
import { type Matrix, transpose, Vector } from '../numbers/vector.ts';
import { keep } from '../numbers/work.ts';
import type { Fact } from '../proof/fact.ts';
import { asked, judge, type Pack, pack, prove, type Rule } from '../proof/goal.ts';
import { positive } from '../proof/terms.ts';
import { partialMinimumRules } from './partialMinimum.ts';

/** With these weights in place of the instance's: a point, by the rule `partial-minimum`. */
const weights: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'some-weights', true, node);
  const { weights: given, proof } = node.fields(['rule', 'weights', 'proof']);
  const M = given.items(m.features.length).map(positive);
  const features = m.features.map((f, d) => ({ ...f, weight: M[d] ?? ONE }));
  const facts: Fact[] = [];
  const goal = judge({ predicate: 'partial-minimum', pattern, stationary: true });
  prove(goal, proof, { instance: { ...m, features }, rules: partialMinimumRules, facts });
  return { weights: M.map((x) => `${x}`), facts };
};

/**
 * No weights M > 0 with which P carries a point with both gradients 0, whatever its loss (ReLU); by one neuron, whose features F feed no other and
 * have independent w_d. Let e, u be its row and column at such a point, z_d = <e, w_d>, y_d = M_d z_d > 0 on F, and rho_d = r_d - z_d u, as no other
 * neuron feeds d.
 * (1) The gradient in e is -2 sum_F M_d <rho_d, u> w_d = 0: so <rho_d, u> = 0 on F, as the w_d are independent, that is <r_d, u> = |u|^2 z_d.
 * (2) That in u is -2 sum_F y_d rho_d = 0: sum_F y_d r_d = s u with s = sum_F y_d z_d > 0.
 * (3) If u = 0, then sum_F y_d r_d = 0: `silent`. Otherwise z_d = <r_d, sum_F y_c r_c> / (s |u|^2), and with y / (s |u|^2) for y it is `active`:
 * z_d = sum_c <r_d, r_c> y_c on F. With e positive on F and <= 0 off F, as P asks, and y > 0, each is a system of linear inequalities in (e, y), and
 * the multipliers given show that neither has a solution. If `active` does without its equations, no row e shows F, and (1) is not needed.
 */
const noWeights: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'some-weights', false, node);
  const { kind } = m.activation;
  if (kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', kind);
  const { neuron, active, silent } = node.fields(['rule', 'neuron', 'active', 'silent']);
  const i = neuron.index(1, pattern.length) - 1;
  const set = pattern[i] ?? [];
  const feeds = carriers(pattern, m.features.length);
  if (set.some((d) => feeds[d] !== 1)) {
    invalid('not-a-partition', neuron.path, 'a set that meets no other', patternText(pattern));
  }
  const r = set.map((d) => featureAt(m, d).wr);
  const proportional = set.map((d, k) =>
    joined(
      featureAt(m, d).wp,
      r.map((v) => v.dot(r[k] as Vector).negated()),
    ),
  );
  const used = absent(m, set, proportional, active).entries().slice(0, set.length);
  if (used.some((x) => x.sign() !== 0) && rank(set.map((d) => featureAt(m, d).wp)) < set.length) {
    invalid('does-not-hold', active.path, 'independent directions of the set', 'dependent ones');
  }
  absent(
    m,
    set,
    transpose(r, m.nr).map((row) => joined(Vector.zero(m.np), row.entries())),
    silent,
  );
  return { neuron: i + 1 };
};

const joined = (e: Vector, y: readonly Rational[]): Vector => Vector.of([...e.entries(), ...y]);

/** Refuses unless the multipliers show that no (e, y) satisfies the equations, e positive on the set and <= 0 off it, and y > 0; returns them. */
function absent(m: Instance, set: readonly number[], equations: Matrix, node: Node): Vector {
  const count = equations.length + m.features.length + set.length;
  keep(6 * count * (m.np + set.length));
  const bound = ZERO;
  const zeros = set.map(() => ZERO);
  const multipliers = node.vector(count);
  const system: System = [
    ...equations.map((normal) => ({ normal, relation: '=' as const, bound })),
    ...m.features.map(({ wp }, d) => {
      const relation = set.includes(d) ? ('>' as const) : ('<=' as const);
      return { normal: joined(wp, zeros), relation, bound };
    }),
    ...set.map((_, k) => ({ normal: joined(Vector.zero(m.np), zeros.with(k, ONE)), relation: '>' as const, bound })),
  ];
  absurd(system, [multipliers], node);
  return multipliers;
}

export const weightRules: Pack = pack({ weights, 'no-weights': noWeights });
