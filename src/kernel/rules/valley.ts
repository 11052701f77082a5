/** The rule for `valley-exit`: from a configuration a path along which L~ never rises, to L~ = 0 or to less (ReLU, JumpReLU). */

import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import type { Configuration, Encoder, Instance } from '../model/instance.ts';
import { approximateLoss, evaluate } from '../model/model.ts';
import { MOST_MODULUS, MOST_ROWS, singularAt } from '../numbers/modular.ts';
import { sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Matrix, Vector } from '../numbers/vector.ts';
import { room, spend } from '../numbers/work.ts';
import { entriesOf, exactly } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** The instance without the features of weight 0, of which L~ knows nothing. */
const weighted = (m: Instance): Instance => ({ ...m, features: m.features.filter(({ weight }) => weight.sign() > 0) });

/** What a neuron with row v passes on each feature, whatever the others do: (f_d(v))_d, of length n. */
function codeOf(m: Instance, v: Vector): Vector {
  const theta = thresholdOf(m);
  spend(200 * m.features.length);
  return Vector.of(m.features.map(({ wp }) => v.dot(wp)).map((z) => (z.compare(theta) > 0 ? z : ZERO)));
}

/** The codes of a configuration's rows, n_q x n: each is computed once, when it is asked for. */
function codesOf(m: Instance, { we }: Configuration): (neuron: number) => Vector {
  const known = new Map<number, Vector>();
  let words = 0;
  return (neuron) => {
    const found = known.get(neuron);
    if (found) return found;
    const code = codeOf(m, we[neuron] as Vector);
    words += code.length * (code.words + 4);
    room(words);
    known.set(neuron, code);
    return code;
  };
}

/** Z: what each neuron passes on the features of positive weight. */
export const codes = (m: Instance, at: Encoder): Matrix => at.we.map((v) => codeOf(weighted(m), v));

/**
 * Frees neurons J, and gives each of them the row written beside it, which is returned. For every j in J its code is z_j = sum over b not in J of c_jb z_b.
 * (1) The columns go straight from u to u', u'_b = u_b + sum_j c_jb u_j and u'_j = 0. Codes do not depend on columns, and sum_i u'_i z_i = sum_b u_b z_b +
 * sum_j u_j sum_b c_jb z_b = sum_i u_i z_i. So on the whole segment the outputs on features of weight > 0, their residuals and L~ stay. (2) Then the
 * rows e_j go straight to the new ones. With u_j = 0 neuron j adds nothing on any feature, whatever it passes, and it is in the way of no other
 * neuron (not so for Top-k): all of this stays again.
 */
function freed(m: Instance, code: (neuron: number) => Vector, items: readonly Node[]): ReadonlyMap<number, Vector> {
  const given = items.map((item) => item.fields(['neuron', 'code', 'row']));
  const rows = new Map<number, Vector>();
  for (const { neuron, row } of given) {
    const j = neuron.index(1, m.neurons) - 1;
    if (rows.has(j)) invalid('repeated-row', neuron.path, 'each neuron once', `${j + 1}`);
    rows.set(j, row.vector(m.np));
  }
  [...rows.keys()].forEach((j, k) => {
    const { code: of } = given[k] as (typeof given)[number];
    const terms = of.items().map((term) => {
      const { neuron, weight } = term.fields(['neuron', 'weight']);
      const b = neuron.index(1, m.neurons) - 1;
      if (rows.has(b)) invalid('wrong-side', neuron.path, 'a neuron that keeps its row', `${b + 1}`);
      return { weight: weight.rational(), code: code(b) };
    });
    const made = combine(
      terms.map(({ weight }) => weight),
      terms.map((term) => term.code),
      m.features.length,
    );
    if (!made.equals(code(j))) invalid('does-not-hold', of.path, `the code of neuron ${j + 1}`, 'another');
  });
  return rows;
}

/**
 * To zero: neurons are freed, (1) and (2) above, and then n rows have codes that are regular modulo p, each multiplied by its denominator. p need not be prime:
 * every pivot is a unit, so the determinant is not 0. (3) So some columns u* have sum_i u*_i z_i = r_d on every feature d, and L~ = 0. L~ is
 * convex in the columns: on the segment to u* it falls from where it is to 0, or is 0 already. No decoder is written out.
 *
 * To less: one neuron j is freed, (1) and (2), with v for its row. Let phi = sum_d M_d f_d(v) rho_d, rho_d the residuals of the configuration, which are
 * still those. (3) With u_j = t phi the loss is L~ - 2 t |phi|^2 + t^2 |phi|^2 sum_d M_d f_d(v)^2: for t from 0 to 1 / sum_d M_d f_d(v)^2 it falls, to
 * L~ - |phi|^2 / sum_d M_d f_d(v)^2. Where phi is not 0 neither is the sum, nor L~.
 */
const valleyExit: Rule = (judgement, node, { instance }) => {
  const { at, to } = asked(judgement, 'valley-exit', true, node);
  const { kind } = instance.activation;
  if (kind !== 'relu' && kind !== 'jumprelu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU or JumpReLU', kind);
  const m = weighted(instance);
  return to === 'zero' ? toZero(m, at, node) : toLess(m, at, node);
};

type Exit = (m: Instance, at: Configuration, node: Node) => ReturnType<Rule>;

const toZero: Exit = (m, at, node) => {
  const { moved, p: modulus, rows } = node.fields(['rule', 'moved', 'p', 'rows']);
  const code = codesOf(m, at);
  const next = freed(m, code, moved.items());
  const p = modulus.index(2, MOST_MODULUS);
  const n = m.features.length;
  if (n > MOST_ROWS) invalid('too-much-work', node.path, `at most ${MOST_ROWS} features of positive weight`, `${n}`);
  const used = new Set<number>();
  room(n * n);
  const matrix = new Int32Array(n * n);
  rows.items(n).forEach((item, k) => {
    const i = item.index(1, m.neurons) - 1;
    if (used.has(i)) invalid('repeated-row', item.path, 'each neuron once', `${i + 1}`);
    used.add(i);
    const row = next.get(i);
    const { num, words } = row ? codeOf(m, row) : code(i);
    spend(n * (100 + 2 * words));
    num.forEach((x, d) => {
      matrix[k * n + d] = Number(x % BigInt(p));
    });
  });
  spend(n ** 3 / 2);
  const singular = singularAt(matrix, n, p);
  if (singular < n) invalid('no-pivot', rows.path, `a pivot modulo ${p} in every row`, `none in row ${singular + 1}`);
  return { loss: exactly(approximateLoss(m, at)), neurons: [...next.keys()].map((j) => j + 1), modulo: p };
};

const toLess: Exit = (m, at, node) => {
  const { moved } = node.fields(['rule', 'moved']);
  const [[j, v]] = [...freed(m, codesOf(m, at), moved.items(1))] as [[number, Vector]];
  const { residuals, loss } = evaluate(m, [at]);
  const f = codeOf(m, v).entries();
  const pull = m.features.map(({ weight }, d) => weight.times(f[d] ?? ZERO));
  const phi = combine(
    pull,
    residuals.map((rho) => rho[0] as Vector),
    m.nr,
  );
  if (phi.isZero()) invalid('no-descent', node.path, 'a row v with sum_d M_d f_d(v) rho_d not 0', '0');
  const size = sum(pull.map((x, d) => x.times(f[d] ?? ZERO)));
  const lower = (loss[0] ?? ZERO).minus(phi.dot(phi).over(size));
  return { loss: exactly(loss[0] ?? ZERO), lower: `${lower}`, neuron: j + 1, row: entriesOf(v) };
};

export const valleyRules: Pack = pack({ 'valley-exit': valleyExit });
