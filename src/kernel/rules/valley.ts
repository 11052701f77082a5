/** Rules for `valley-exit`: from a configuration a path along which L~ never rises, to L~ = 0 or to less (ReLU, JumpReLU); and none to 0, as nothing is there. */

import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { type Configuration, type Encoder, featureAt, type Instance, targets } from '../model/instance.ts';
import { rank } from '../numbers/elimination.ts';
import { MOST_MODULUS, MOST_ROWS, singularAt } from '../numbers/modular.ts';
import { type Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Matrix, transpose, Vector } from '../numbers/vector.ts';
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

/**
 * The residuals rho_d = r_d - sum_i f_d(e_i) u_i, and L~ (equation 11): entry by entry as one dot product, so with one gcd, where the general
 * way, which is also for curves and for neurons that compete, has one for each active neuron.
 */
function remaining(
  m: Instance,
  at: Configuration,
  code: (neuron: number) => Vector,
): { rho: Vector[]; loss: Rational } {
  const byFeature = transpose(
    at.we.map((_, i) => code(i)),
    m.features.length,
  );
  const byOutput = transpose(at.wd, m.nr);
  const rho = m.features.map(({ wr }, d) => wr.minus(Vector.of(byOutput.map((u) => u.dot(byFeature[d] as Vector)))));
  const loss = sum(m.features.map(({ weight }, d) => weight.times((rho[d] as Vector).dot(rho[d] as Vector))));
  return { rho, loss };
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
  checkByRows(instance, node);
  const m = weighted(instance);
  return to === 'zero' ? toZero(m, at, node) : toLess(m, at, node);
};

function checkByRows({ activation: { kind } }: Instance, node: Node): void {
  if (kind !== 'relu' && kind !== 'jumprelu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU or JumpReLU', kind);
}

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
  return { loss: exactly(remaining(m, at, code).loss), neurons: [...next.keys()].map((j) => j + 1), modulo: p };
};

const toLess: Exit = (m, at, node) => {
  const { moved } = node.fields(['rule', 'moved']);
  const code = codesOf(m, at);
  const [[j, v]] = [...freed(m, code, moved.items(1))] as [[number, Vector]];
  const { rho, loss } = remaining(m, at, code);
  const f = codeOf(m, v).entries();
  const pull = m.features.map(({ weight }, d) => weight.times(f[d] ?? ZERO));
  const phi = combine(pull, rho, m.nr);
  if (phi.isZero()) invalid('no-descent', node.path, 'a row v with sum_d M_d f_d(v) rho_d not 0', '0');
  const size = sum(pull.map((x, d) => x.times(f[d] ?? ZERO)));
  const lower = loss.minus(phi.dot(phi).over(size));
  return { loss: exactly(loss), lower: `${lower}`, neuron: j + 1, row: entriesOf(v) };
};

/**
 * To less, or to zero, by steps: configurations one after the other, from the one at hand. On a step either columns or rows go straight to the next, and of
 * rows each pre-activation stays on its side of the threshold, where what passes is linear (theta = 0 is on both sides). So outputs go straight as well, and with
 * residuals rho and then rho', L~ = sum_d M_d |rho_d + t (rho'_d - rho_d)|^2 is convex in t. At t = 1 its derivative is 2 sum_d M_d <rho'_d, rho'_d - rho_d>: where that
 * is not positive L~ never rises on the step.
 */
const steps: Rule = (judgement, node, { instance }) => {
  const { at, to } = asked(judgement, 'valley-exit', true, node);
  checkByRows(instance, node);
  const m = weighted(instance);
  const theta = thresholdOf(m);
  const apart = (z: Rational, next: Rational): boolean =>
    theta.sign() > 0 ? z.compare(theta) > 0 !== next.compare(theta) > 0 : z.sign() * next.sign() < 0;
  const items = node.fields(['rule', 'steps']).steps.items();
  const start = remaining(m, at, codesOf(m, at));
  let [from, before] = [at, start];
  for (const item of items) {
    const columns = item.members().has('wd');
    const moved = columns ? item.fields(['wd']).wd : item.fields(['we']).we;
    const next = columns
      ? { ...from, wd: transpose(moved.matrix(m.nr, m.neurons), m.neurons) }
      : { ...from, we: moved.matrix(m.neurons, m.np) };
    spend(columns ? 0 : 400 * m.neurons * m.features.length);
    const crossing = next.we.findIndex((e, i) =>
      m.features.some(({ wp }) => apart((from.we[i] as Vector).dot(wp), e.dot(wp))),
    );
    if (crossing >= 0)
      invalid('wrong-side', moved.path, 'pre-activations that stay on their sides', `neuron ${crossing + 1}`);
    const after = remaining(m, next, codesOf(m, next));
    const slope = sum(m.features.map(({ weight }, d) => weight.times(change(before.rho[d], after.rho[d]))));
    if (slope.sign() > 0)
      invalid('does-not-hold', item.path, 'L~ that does not rise at the end of the step', `${slope}`);
    [from, before] = [next, after];
  }
  const lower = before.loss;
  if (to === 'zero' ? lower.sign() > 0 : lower.compare(start.loss) >= 0) {
    invalid('no-descent', node.path, to === 'zero' ? 'L~ = 0 at the end' : `L~ < ${start.loss} at the end`, `${lower}`);
  }
  return { loss: exactly(start.loss), lower: `${lower}`, count: `${items.length}` };
};

/** <rho', rho' - rho> */
const change = (rho = Vector.zero(0), next = Vector.zero(0)): Rational => next.dot(next.minus(rho));

/**
 * No path to L~ = 0, for no configuration has that. With `features` c and d, of positive weight, w_d = s w_c and s > 0: under ReLU, which is homogeneous, the
 * output on d is s times that on c, whatever the neurons are, and r_d is not s r_c. Without: outputs are combinations of n_q columns, whose rank
 * is n_q at most, and the rank of the targets of positive weight is larger (any sigma).
 */
const noZeroLoss: Rule = (judgement, node, { instance: m }) => {
  const { to } = asked(judgement, 'valley-exit', false, node);
  if (to !== 'zero') invalid('wrong-rule', `${node.path}.rule`, 'a rule for no way to less', 'one for no way to 0');
  const { features: pair } = node.fields(['rule'], ['features']);
  if (!pair) {
    const found = rank(targets(weighted(m)));
    if (found <= m.neurons) invalid('does-not-hold', node.path, 'targets of a rank above n_q', `rank ${found}`);
    return { count: `${found}` };
  }
  const { kind } = m.activation;
  if ((kind !== 'relu' && kind !== 'jumprelu') || thresholdOf(m).sign() > 0) {
    invalid('wrong-rule', `${node.path}.rule`, 'ReLU, or a threshold of 0', kind);
  }
  const [c, d] = pair.items(2).map((item) => item.index(1, m.features.length) - 1) as [number, number];
  const [one, other] = [featureAt(m, c), featureAt(m, d)];
  const s = one.wp.dot(other.wp).over(one.wp.dot(one.wp));
  const onOneRay = s.sign() > 0 && one.wp.times(s).equals(other.wp);
  if (one.weight.sign() === 0 || other.weight.sign() === 0 || !onOneRay || one.wr.times(s).equals(other.wr)) {
    invalid('does-not-hold', pair.path, 'two features on one ray, of positive weight, whose targets are not', 'others');
  }
  return { on: [{ feature: c + 1, weight: `${s}` }], off: [{ feature: d + 1, weight: '1' }] };
};

export const valleyRules: Pack = pack({ 'valley-exit': valleyExit, steps, 'no-zero-loss': noZeroLoss });
