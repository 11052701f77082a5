/**
 * Instances with a critical configuration whose pattern is a partition (docs/claims.md, T6). On a cluster F the encoder row e
 * gives values z = W_F^T e > 0; with G the Gram matrix of the r_d and D = diag(M_d), A e = lambda B e follows from
 * G D z = lambda z. So z is drawn, and the weights are chosen for it: M_d = (G^-1 z)_d / z_d, lambda = 1.
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import type { Feature, Instance } from '../../kernel/model/instance.ts';
import { ONE, Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { inverse, solve } from '../linear/linear.ts';
import { gated } from './configurations.ts';
import { asked, chance, type Draw, type Drawn, pick, type Wanted } from './draw.ts';
import { drawPartition, shownBy } from './patterns.ts';

const VALUES = [ONE, ONE, ONE, Rational.of(2n), Rational.of(1n, 2n)];

/** The weights of a cluster for which z is critical; undefined where there are no positive ones. */
function weightsFor(cluster: readonly Feature[], z: readonly Rational[]): Rational[] | undefined {
  const r = cluster.map((f) => f.wr);
  const gram = multiply(r, transpose(r, r[0]?.length ?? 0), r.length);
  const y = solve(gram, Vector.of(z), r.length);
  const weights = y?.entries().map((entry, k) => entry.over(z[k] ?? ONE));
  return weights?.every((weight) => weight.sign() > 0) ? weights : undefined;
}

/** Rows with <e_i, w_d> as given in `values` (n_q x n), for independent directions. */
function rowsWith(m: Instance, values: readonly (readonly Rational[])[]): Vector[] | undefined {
  const w = m.features.map((f) => f.wp);
  const back = inverse(multiply(w, transpose(w, m.np), w.length));
  if (!back) return undefined;
  return values.map((row) => combine(combine(row, back, w.length).entries(), w, m.np));
}

/** Undefined where the features drawn do not allow one: dependent directions, no positive weights. */
export function critical(draw: Draw, wanted: Wanted, m: Instance): Drawn | undefined {
  const n = m.features.length;
  if (n > m.np) return undefined;
  const sets = drawPartition(draw, n, m.neurons);
  const z = m.features.map(() => pick(draw, VALUES));
  const features = [...m.features];
  for (const set of sets) {
    if (set.length < 2) continue;
    const found = weightsFor(
      set.map((d) => features[d] as Feature),
      set.map((d) => z[d] ?? ONE),
    );
    if (!found && asked(wanted, 'critical') === true) return undefined;
    set.forEach((d, k) => {
      features[d] = { ...(features[d] as Feature), weight: found?.[k] ?? ONE };
    });
  }
  if (asked(wanted, 'positive-weights') === false) {
    // One whole cluster without weight stays critical.
    for (const d of pick(draw, sets)) features[d] = { ...(features[d] as Feature), weight: ZERO };
  }
  const theta = thresholdOf(m);
  const scale = theta.sign() > 0 ? theta.times(Rational.of(4n)) : ONE;
  const kink = asked(wanted, 'strict') === false || chance(draw, 5);
  const below = kink && chance(draw, 60) ? ZERO : pick(draw, [ONE, Rational.of(1n, 2n)]).negated();
  const values = sets.map((set) => z.map((x, d) => (set.includes(d) ? x.times(scale) : below)));
  const instance = { ...m, features };
  const we = rowsWith(instance, values);
  if (!we) return undefined;
  const wd = sets.map((set) => {
    const members = set.map((d) => features[d] as Feature);
    const squares = sum(members.map((f, k) => f.weight.times((z[set[k] ?? 0] ?? ONE).times(z[set[k] ?? 0] ?? ONE))));
    if (squares.sign() === 0) return Vector.zero(m.nr);
    const pulls = members.map((f, k) => f.weight.times(z[set[k] ?? 0] ?? ONE).over(squares.times(scale)));
    return combine(
      pulls,
      members.map((f) => f.wr),
      m.nr,
    );
  });
  const at = { ...gated(m, we), wd };
  const spoiled = asked(wanted, 'critical') === false ? { ...at, wd: wd.map((u) => u.times(Rational.of(2n))) } : at;
  const strictly = asked(wanted, 'strict') !== false || chance(draw, 50);
  const pattern = (strictly ? shownBy(instance, spoiled) : undefined) ?? sets;
  return { instance: { ...instance, configuration: spoiled, pattern } };
}
