/**
 * Rules on the class of critical points (ReLU, JumpReLU, Top-k; sets that do not meet): a minimum of L~, and a saddle.
 * Near a point a neuron k with decoder u_k wakes at its kinks t only; there L~ changes by
 * -2 M_t f <rho_t, u_k> + M_t |...|^2 with f = max(<de, w_t>, 0), and elsewhere it is the loss of the clusters, each by itself.
 */
import { readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import { pencil } from '../model/model.ts';
import { add, checkAllRoots, dot, type Interval, multiplied, point } from '../numbers/algebraic.ts';
import { type Rational, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { sectors } from '../numbers/sectors.ts';
import { combine, Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { restrictedPolynomial } from './critical.ts';
import { type CriticalPoint, type Live, lossBounds, onFace, price, readCriticalPoint } from './criticalPoint.ts';
import { clusterOf, convolution, costs, neverGains, signOf, slopeRow } from './slope.ts';

/**
 * A local minimum. A live neuron k may have `joint` kinks J, at features that are in no set and kinks of no other neuron: they are priced
 * together, below. Every other kink (k, t) with rho_t != 0 has a price c = -M_t <rho_t, u_k> > 0. For a live neuron T' is the set of these kinks
 * with 0 < mu_t < s c (it has no other mu_t > 0 off J), and without J lambda is the largest root on V_T'. Then, for small changes,
 * 1. features with rho_t = 0, whose loss cannot fall, are left out with the clusters they make up;
 * 2. the other clusters cost at least their own loss plus 2 (c - o(1)) f per kink;
 * 3. L_k is convex in e, so L_k(e + de) >= L_k(e + de_V) - (2/s) sum mu_t <de, w_t> - o(1) max |<de, w_t>|, de_V in V_T' and t in T'; as
 *    0 < mu_t < s c the kinks of T' outweigh these terms, whichever sign <de, w_t> has;
 * 4. L_k(e + de_V) >= sum_F M_d |r_d|^2 - lambda on V_T', which is its value at the point.
 * With J, in place of 3 and 4: the features F and J respond to k alone but for priced kinks, so 2 leaves the loss of ../slope.ts with J for its kinks, and
 * s/2 times its change is phi(v) - q(v) / 2 plus terms of higher order; with the kinks of T' at least phi_J(v) + eta sum_T' |<v, w_t>| - q(v) / 2,
 * phi_J(v) = phi(v) + sum_T' mu_t <v, w_t> and eta > 0. In each of the cones between the kinks of J and T', phi_J >= 0 on all rays, and q <= 0 on those of
 * them where phi_J and every <v, w_t> of T' are 0: by Hoffman's bound, as there, this is >= 0 for small v. Where k reconstructs F, rho = 0, and 2
 * prices no kink there: then no other neuron may have one.
 * JumpReLU, theta > 0: only points without kinks, where T' is empty. Top-k: of the neurons that wake at t only the largest may pass, so 2
 * holds for those; for 3 all have to pass, so where some mu_t > 0 there are at most k, with the one whose feature t is.
 */
const minimum: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', true, node);
  if (as === 'saddle') invalid('wrong-rule', `${node.path}.rule`, 'a rule for a saddle', 'minimum');
  const at = readCriticalPoint(m, pattern, node.fields(['rule', 'live', 'dead']), ['top', 'joint']);
  const { activation } = m;
  const joints = new Map(at.live.map((unit) => [unit.neuron, readJoint(m, pattern, at, unit)]));
  const threshold = thresholdOf(m).sign() > 0;
  for (const unit of [...at.live, ...at.dead]) {
    for (const t of unit.kinks) {
      if (threshold) invalid('at-a-kink', node.path, 'no <e, w_t> = theta', `neuron ${unit.neuron + 1}, t = ${t + 1}`);
      if (joints.get(unit.neuron)?.includes(t)) continue;
      const c = price(m, at, t, unit.u);
      if (c && c[0].sign() <= 0) {
        invalid('no-price', node.path, `<rho_${t + 1}, u_${unit.neuron + 1}> < 0`, 'no proof of it');
      }
    }
  }
  for (const unit of at.live) {
    const joint = joints.get(unit.neuron);
    const tight = unit.kinks.filter((t) => unit.muSigns[t] !== 0 && !joint?.includes(t));
    for (const t of tight) {
      const c = price(m, at, t, unit.u);
      const room = c && multiplied(unit.s, c)[0].compare((unit.mu[t] as Interval)[1]) > 0;
      if (!room) invalid('wrong-multiplier', node.path, `mu_${t + 1} < -s M <rho, u>`, 'no proof of it');
      const awake = [...at.live, ...at.dead].filter(({ kinks }) => kinks.includes(t)).length;
      const passing = awake + at.live.filter(({ set }) => set.includes(t)).length;
      if (activation.kind === 'topk' && passing > activation.k) {
        invalid('wrong-multiplier', node.path, `room for all that wake at ${t + 1}`, `${passing} of them`);
      }
    }
    if (joint) checkJoint(m, unit, joint, tight);
    else checkLargest(m, unit, tight, unit.more?.node as Node);
  }
  return { loss: lossBounds(at.loss), face: onFace(at) };
};

/** The kinks that a neuron's `joint` names; undefined where it has `top`. */
function readJoint(m: Instance, pattern: Pattern, at: CriticalPoint, unit: Live): number[] | undefined {
  if (unit.more?.key !== 'joint') return undefined;
  const { node } = unit.more;
  const others = [...at.live, ...at.dead].filter(({ neuron }) => neuron !== unit.neuron);
  const weighted = unit.set.filter((d) => featureAt(m, d).weight.sign() > 0);
  if (unit.lossless && others.some(({ kinks }) => weighted.some((d) => kinks.includes(d)))) {
    invalid('no-price', node.path, 'no other kink on a set that is reconstructed', 'one');
  }
  let last = -1;
  return node.items().map((item) => {
    const t = item.index(1, m.features.length) - 1;
    if (t <= last) invalid('not-increasing', item.path, 'increasing features', `${t + 1}`);
    last = t;
    const alone = unit.kinks.includes(t) && !others.some(({ kinks }) => kinks.includes(t));
    if (!alone || pattern.some((set) => set.includes(t))) {
      invalid('wrong-side', item.path, 'a kink of this neuron alone, at a feature of no set', `feature ${t + 1}`);
    }
    return t;
  });
}

/** The kinks of J, in all the cones between them and those of T'. */
function checkJoint(m: Instance, unit: Live, joint: readonly number[], tight: readonly number[]): void {
  const { set, lambda, row, force } = unit;
  const { node } = unit.more as { node: Node };
  const cluster = clusterOf(m, set);
  const w = (features: readonly number[]): Vector[] => features.map((t) => featureAt(m, t).wp);
  for (const { lines, rays } of sectors(w([...joint, ...tight]), m.np, node.path)) {
    const woken = joint.filter((t) => rays.some((ray) => featureAt(m, t).wp.dot(ray).sign() > 0));
    const level = rays.filter((ray) => {
      // phi_J: <h, e> and the multipliers of T'.
      const pulls = Vector.of(m.features.map(({ wp }, t) => (tight.includes(t) ? wp.dot(ray) : ZERO)));
      const phi = [...convolution(slopeRow(cluster, woken, ray), row)];
      force.forEach((c, k) => {
        phi[k] = (phi[k] ?? ZERO).plus(c.dot(pulls));
      });
      const sign = signOf(phi, lambda, node);
      if (sign < 0) invalid('no-price', node.path, `no loss that falls along ${ray}`, 'one');
      return sign === 0 && pulls.isZero();
    });
    if (!neverGains(cluster, woken, { lines, rays: level }, lambda, node)) {
      invalid('no-price', node.path, 'no gain to second order', `one with {${woken.map((t) => t + 1)}} awake`);
    }
  }
}

/** lambda is the largest root on V_T: `roots` are all the others, in increasing order. */
function checkLargest(m: Instance, { set, lambda }: Live, tight: readonly number[], node: Node): void {
  const { basis, roots } = node.fields(['basis', 'roots']);
  const live = set.filter((d) => featureAt(m, d).weight.sign() > 0);
  const p = restrictedPolynomial(m, live, tight, basis);
  checkAllRoots(p, [...roots.items().map(readRoot), lambda], roots);
}

/**
 * A saddle: a critical point with one way down. With the best decoder the loss at e + t v is L~ - (2 t <v, g> + t^2 v^T (A - lambda B) v) / s',
 * g = (A - lambda B) e = sum mu_t w_t.
 * `turn`: <v, w_t> <= 0 at every kink, mu_t <v, w_t> = 0, v^T (A - lambda B) v > 0: no unit wakes, and L~ falls as t^2.
 * `bend`: the kinks with <v, w_t> > 0 are at features in no set; in the words of ../slope.ts phi(v) <= 0 < q(v): L~ falls as t^2, or as t.
 * `cross`: -<v, g> + sum s c_t max(<v, w_t>, 0) < 0: L~ falls as t, with the decoder at rest.
 * `wake`: a dead neuron with u = 0 moves by t v, its decoder by t u: L~ changes by -2 t^2 sum M_d f_d <rho_d, u> + O(t^4) with
 * f_d = max(<v, w_d>, 0) at its kinks, and the sum is > 0.
 * JumpReLU, theta > 0: `turn` alone, as nothing wakes for small t. Top-k: one neuron moves, and at its kinks fewer than k pass.
 */
const saddle: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', true, node);
  if (as === 'minimum') invalid('wrong-rule', `${node.path}.rule`, 'a rule for a minimum', 'saddle');
  const parts = node.fields(['rule', 'live', 'dead', 'down']);
  const at = readCriticalPoint(m, pattern, parts);
  const { way } = parts.down.fields(['way', 'neuron', 'v'], ['u']);
  const kind = way.word(['turn', 'bend', 'cross', 'wake'] as const);
  if (kind !== 'turn' && thresholdOf(m).sign() > 0) invalid('wrong-rule', way.path, 'turn', kind);
  const keys = kind === 'wake' ? (['way', 'neuron', 'v', 'u'] as const) : (['way', 'neuron', 'v'] as const);
  const { neuron, v: direction } = parts.down.fields(keys as readonly ['way', 'neuron', 'v']);
  const i = neuron.index(1, pattern.length) - 1;
  const v = direction.vector(m.np);
  if (kind === 'wake') {
    checkWake(m, at, i, v, parts.down);
  } else {
    const unit =
      at.live.find((other) => other.neuron === i) ?? invalid('wrong-side', neuron.path, 'a live neuron', `${i + 1}`);
    if (kind === 'bend') checkBend(m, pattern, unit, v, parts.down);
    else (kind === 'turn' ? checkTurn : checkCross)(m, at, unit, v, parts.down);
  }
  return { loss: lossBounds(at.loss), face: onFace(at), neuron: i + 1 };
};

function checkTurn(m: Instance, _: CriticalPoint, { set, kinks, muSigns, lambda }: Live, v: Vector, node: Node): void {
  for (const t of kinks) {
    const sign = featureAt(m, t).wp.dot(v).sign();
    if (sign > 0 || (sign < 0 && muSigns[t] !== 0)) {
      invalid('wrong-side', node.path, `<v, w_${t + 1}> <= 0, and 0 where mu > 0`, `sign ${sign}`);
    }
  }
  const { a, b } = pencil(m, set);
  const form = (matrix: readonly Vector[]): Rational => v.dot(combine(v.entries(), matrix, m.np));
  const gain = form(a).minus(lambda.to.times(form(b)));
  if (gain.sign() <= 0) invalid('no-descent', node.path, 'v^T (A - lambda B) v > 0', `${gain}`);
}

function checkBend(m: Instance, pattern: Pattern, { set, kinks, row, lambda }: Live, v: Vector, node: Node): void {
  const woken = kinks.filter((t) => featureAt(m, t).weight.sign() > 0 && featureAt(m, t).wp.dot(v).sign() > 0);
  const shared = woken.find((t) => pattern.some((other) => other.includes(t)));
  if (shared !== undefined) invalid('wrong-side', node.path, 'kinks at features of no set', `feature ${shared + 1}`);
  const cluster = clusterOf(m, set);
  const phi = signOf(convolution(slopeRow(cluster, woken, v), row), lambda, node);
  const cost = costs(cluster, woken, [v]).map((matrix) => (matrix[0] as Vector).at(0));
  if (phi > 0 || signOf(cost, lambda, node) >= 0) {
    invalid('no-descent', node.path, 'phi(v) <= 0 < q(v)', 'no proof of it');
  }
}

function checkCross(m: Instance, at: CriticalPoint, unit: Live, v: Vector, node: Node): void {
  let total = point(ZERO);
  for (const t of unit.kinks) {
    const f = featureAt(m, t).wp.dot(v);
    total = add(total, multiplied(unit.mu[t] as Interval, point(f.negated())));
    const c = f.sign() > 0 ? price(m, at, t, unit.u) : undefined;
    if (c) total = add(total, multiplied(multiplied(unit.s, c), point(f)));
  }
  if (total[1].sign() >= 0) invalid('no-descent', node.path, 'a loss that falls to first order', `${total[1]}`);
}

function checkWake(m: Instance, at: CriticalPoint, neuron: number, v: Vector, node: Node): void {
  const unit = at.dead.find((other) => other.neuron === neuron);
  if (!unit?.u.every(([x]) => x.sign() === 0)) {
    invalid('wrong-side', node.path, 'a dead neuron whose decoder is 0', `neuron ${neuron + 1}`);
  }
  const u = node.fields(['way', 'neuron', 'v', 'u']).u.vector(m.nr).entries().map(point);
  let total = point(ZERO);
  for (const d of unit.kinks) {
    const f = featureAt(m, d).wp.dot(v);
    const rho = at.residuals[d];
    if (f.sign() > 0 && rho) total = add(total, multiplied(dot(rho, u), point(f.times(featureAt(m, d).weight))));
  }
  if (total[0].sign() <= 0) invalid('no-descent', node.path, 'sum M_d f_d <rho_d, u> > 0', `${total[0]}`);
}

export const classRules: Pack = pack({ minimum, saddle });
