/**
 * The rule for `refuted-near`: a whole neighbourhood of instances realizes a pattern that carries no partial minimum (ReLU). Every number that
 * differs from one of them to another is an interval with rational ends.
 */

import type { Node } from '../document/node.ts';
import { featureAt, type Instance, unitVector } from '../model/instance.ts';
import { carriers, patternText } from '../model/model.ts';
import { add, dot, type Interval, multiplied, point } from '../numbers/algebraic.ts';
import { ONE, type Rational, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Matrix, type Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { positive } from '../proof/terms.ts';

/** What the proof needs of the instances, of all at once. */
export interface Box {
  readonly np: number;
  readonly set: readonly number[];
  /** Of every feature. */
  readonly w: readonly (readonly Interval[])[];
  /** M_d and r_d, d in the set. */
  readonly weights: readonly Interval[];
  readonly r: readonly (readonly Interval[])[];
}

export function boxOf(m: Instance, set: readonly number[], radius: Rational): Box {
  const around = (x: Rational): Interval => [x.minus(radius), x.plus(radius)];
  const of = set.map((d) => featureAt(m, d));
  return {
    np: m.np,
    set,
    w: m.features.map(({ wp }) => wp.entries().map(around)),
    weights: of.map(({ weight }) => around(weight)),
    r: of.map(({ wr }) => wr.entries().map(around)),
  };
}

const minus = (a: Interval, b: Interval): Interval => [a[0].minus(b[1]), a[1].minus(b[0])];
const total = (terms: readonly Interval[]): Interval => terms.reduce(add, point(ZERO));
const product = (...factors: readonly (Interval | undefined)[]): Interval =>
  factors.reduce<Interval>((value, x = point(ZERO)) => multiplied(value, x), point(ONE));
const across = (x: Vector, w: readonly Interval[]): Interval => dot(x.entries().map(point), w);

/**
 * Let an instance be within the radius, and F, the set of neuron i, meet no other set; M_d > 0 on F. Suppose that a partial minimum shows P, with row e and column u of
 * neuron i. Put z_d = <e, w_d>, which is > 0 on F and <= 0 off F, p = sum_F M_d z_d r_d, g_d = <p, r_d>, s = sum_F M_d z_d^2 > 0.
 * (1) u = p / s, as the column is best: no other neuron feeds F. (2) For a direction h with y_d = <h, w_d> the loss changes along e + t h, while e + t h is in the cone of P, at
 * the rate -2 sum_F M_d <r_d - z_d u, u> y_d = -2 Q / s^2, where Q = sum_F M_d y_d (s g_d - z_d |p|^2). As |p|^2 = sum_F M_c z_c g_c,
 *   Q = sum_{c,d} M_c M_d z_c y_d (z_c g_d - z_d g_c) = sum_{c<d} M_c M_d (z_c y_d - z_d y_c)(z_c g_d - z_d g_c):
 * each pair and its reverse add up to that. (3) If <h, w_t> <= 0 for every t off F, then e + t h is in the cone for small t > 0: what is > 0 on F stays so. The row is
 * best for its column, so Q <= 0. (4) The codes z = (z_d), d in F, are > 0, so they are in the cone of the unit vectors. The proof cuts this cone: a cell, spanned by rays v_j >= 0, is split
 * in two at a positive combination of two of them, which takes the place of the one or of the other (z = a v_j + b v_k + .. is in the cell that keeps v_j, or in that which keeps v_k).
 * So it is in some cell that is not split, z = sum_j t_j v_j with t >= 0, not 0. There either no row has such codes, `excluded`, or a direction has Q > 0: Q is a cubic form in t. If T is the symmetric trilinear
 * form with Q = T(t, t, t), it is enough that T > 0 at any three of the rays, for then each coefficient of Q is > 0. Each case contradicts the partial minimum, whatever its loss.
 */
const cells: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'refuted-near', true, node);
  const { kind } = m.activation;
  if (kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', kind);
  const { radius } = m;
  if (!radius || radius.sign() <= 0) return invalid('missing-data', '$.instance.radius', 'a radius > 0', `${radius}`);
  const { we, neuron, cell } = node.fields(['rule', 'we', 'neuron', 'cell']);
  const i = neuron.index(1, pattern.length) - 1;
  const set = pattern[i] ?? [];
  const box = boxOf(m, set, radius);
  we.matrix(pattern.length, m.np).forEach((e, j) => {
    const d = box.w.findIndex((wd, d) => {
      const [least, most] = across(e, wd);
      return pattern[j]?.includes(d) ? least.sign() <= 0 : most.sign() > 0;
    });
    if (d >= 0) invalid('wrong-pattern', we.path, `<e_${j + 1}, w_${d + 1}> on its side for all`, 'another side');
  });
  const feeds = carriers(pattern, m.features.length);
  if (set.length < 2 || set.some((d) => feeds[d] !== 1)) {
    invalid('not-a-partition', neuron.path, 'a set of two features or more that meets no other', patternText(pattern));
  }
  if (box.weights.some(([least]) => least.sign() <= 0)) {
    invalid('does-not-hold', neuron.path, 'M_d > 0 on the set, for all', 'weights that may be 0');
  }
  const units = set.map((_, k) => unitVector(set.length, k));
  return { neuron: i + 1, radius: `${radius}`, count: `${settled(box, units, cell)}` };
};

/** Settles a cell, and says in how many parts. */
export function settled(box: Box, rays: Matrix, node: Node): number {
  const kinds = node.members();
  if (kinds.has('split')) {
    const { split, parts } = node.fields(['split', 'parts']);
    const [a, b] = split.items(2).map((item) => item.fields(['ray', 'weight'])) as [Term, Term];
    const [j, k] = [a, b].map(({ ray }) => ray.index(1, rays.length) - 1) as [number, number];
    if (j === k) invalid('repeated-row', split.path, 'two rays', 'one');
    const ray = combine([positive(a.weight), positive(b.weight)], [rays[j], rays[k]] as Vector[], box.set.length);
    const [first, second] = parts.items(2) as [Node, Node];
    return settled(box, rays.with(k, ray), first) + settled(box, rays.with(j, ray), second);
  }
  if (kinds.has('excluded')) {
    checkExcluded(box, rays, node.fields(['excluded']).excluded);
    return 1;
  }
  const { direction } = node.fields(['direction']);
  const h = direction.vector(box.np);
  const y = box.w.map((wd) => across(h, wd));
  const t = y.findIndex(([, most], d) => most.sign() > 0 && !box.set.includes(d));
  if (t >= 0) invalid('wrong-side', direction.path, `<h, w_${t + 1}> <= 0 for all`, 'another side');
  const own = box.set.map((d) => y[d] as Interval);
  rays.forEach((a, j) => {
    for (const [k, b] of rays.slice(j).entries()) {
      for (const c of rays.slice(j + k)) {
        const [least] = trilinear(box, [a, b, c], own);
        if (least.sign() <= 0) invalid('does-not-hold', direction.path, 'T > 0 for all', `${least} at ${[a, b, c]}`);
      }
    }
  });
  return 1;
}

type Term = { readonly ray: Node; readonly weight: Node };

/**
 * Refuses unless no row has codes in the cell. D are n_p + 1 features, in any order. With k_d, up to its sign the determinant of the others, sum_D k_d w_d = 0 (expand that of the w_d
 * with one of their coordinates written twice). So sum_D k_d <e, w_d> = 0. But on F it adds up to more than 0 if it does at every ray, and off F, where <e, w_d> <= 0, no term is < 0 if k_d <= 0.
 */
function checkExcluded({ np, set, w }: Box, rays: Matrix, node: Node): void {
  if (np > MOST_DIMENSIONS) {
    invalid('too-much-work', node.path, `determinants of at most ${MOST_DIMENSIONS} directions`, `${np}`);
  }
  const list = node.items(np + 1).map((item) => item.index(1, w.length) - 1);
  const k = list.map((_, at) => {
    const others = list.filter((_, other) => other !== at);
    const value = determinant(others.map((d) => w[d] as readonly Interval[]));
    return at % 2 === 0 ? value : minus(point(ZERO), value);
  });
  const wrong = list.findIndex((d, at) => !set.includes(d) && k[at]?.[1].sign() === 1);
  if (wrong >= 0) invalid('wrong-side', node.path, 'multipliers <= 0 off the set, for all', 'another sign');
  const low = rays.find((v) => {
    const terms = list.map((d, at) => product(k[at], point(set.includes(d) ? v.at(set.indexOf(d)) : ZERO)));
    return total(terms)[0].sign() <= 0;
  });
  if (low) invalid('empty-farkas', node.path, 'a sum > 0 at every ray, for all', `another, at ${low}`);
}

/** As many directions expand into 8! products. */
const MOST_DIMENSIONS = 8;

/** By its first row. */
const determinant = ([first, ...rest]: readonly (readonly Interval[])[]): Interval =>
  first
    ? total(
        first.map((x, c) => {
          const value = multiplied(x, determinant(rest.map((row) => row.filter((_, other) => other !== c))));
          return c % 2 === 0 ? value : minus(point(ZERO), value);
        }),
      )
    : point(ONE);

/**
 * T, up to a factor > 0, at three of the rays, where <h, w_d> = y_d on the set: z_c g_d - z_d g_c is <p, z_c r_d - z_d r_c>, and each ray in turn is the z of the first factor, while
 * the other two are that of p and that beside r.
 */
export function trilinear({ weights, r }: Box, three: Matrix, y: readonly Interval[]): Interval {
  const z = three.map((v) => v.entries().map(point));
  const p = z.map((v) => r[0]?.map((_, q) => total(r.map((rb, b) => product(weights[b], v[b], rb[q])))) ?? []);
  const terms = weights.flatMap((a, c) =>
    weights.slice(c + 1).map((b, next) => {
      const d = c + 1 + next;
      const cross = (v = y, left = y[c], right = y[d]): Interval => minus(product(v[c], right), product(v[d], left));
      const beside = z.map((v) => p[0]?.map((_, q) => cross(v, r[c]?.[q], r[d]?.[q])) ?? []);
      const both = (j: number, k: number): Interval =>
        add(dot(p[j] ?? [], beside[k] ?? []), dot(p[k] ?? [], beside[j] ?? []));
      return product(a, b, total(z.map((v, j) => product(cross(v), both((j + 1) % 3, (j + 2) % 3)))));
    }),
  );
  return total(terms);
}

export const refutedNearRules: Pack = pack({ cells });
