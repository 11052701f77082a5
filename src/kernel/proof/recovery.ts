/** Recovery: a direction is recovered if some vector has a cosine of size tau or more with it. */

import type { Configuration, Feature, Instance } from '../model/instance.ts';
import { rank } from '../numbers/elimination.ts';
import { Rational, ZERO } from '../numbers/rational.ts';
import { combine, type Matrix, Vector } from '../numbers/vector.ts';
import type { Hypothesis } from './claim.ts';
import { order, property } from './fact.ts';
import { all, computed, type Goal, judge, not, some } from './goal.ts';
import { atLeast, hypothesis } from './hypotheses.ts';

/** 9/10, so that nothing is recovered at the paper's 0.95 either. */
export const TAU: Rational = Rational.of(9n, 10n);

/** `of` says which directions those are. That no direction has a cosine of size tau or more with any of the vectors: <v, w>^2 < tau^2 |v|^2 |w|^2. */
export function noneRecovered(by: 'encoder' | 'decoder', vectors: Matrix, directions: Matrix, of = ''): Goal {
  let best = ZERO;
  for (const v of vectors) {
    for (const w of directions) {
      const squaredCosine = size(signedSquare(v, w));
      if (squaredCosine.compare(best) > 0) best = squaredCosine;
    }
  }
  const cosine = by === 'encoder' ? 'max cos(e_i, w_d)^2' : 'max cos(u_i, r_d)^2';
  return computed(best.compare(TAU.times(TAU)) < 0, order(`${cosine}${of}`, best, '', TAU.times(TAU)));
}

const size = (x: Rational): Rational => (x.sign() < 0 ? x.negated() : x);

/** cos |cos| of the angle between them, or 0. */
function signedSquare(v: Vector, w: Vector): Rational {
  const [norms, product] = [v.dot(v).times(w.dot(w)), v.dot(w)];
  return norms.sign() === 0 ? ZERO : product.times(size(product)).over(norms);
}

/** 2 tau^2 - 1, the cosine of the angle between two lines when those that recover one or the other just fill it. */
const FILLED: Rational = Rational.of(31n, 50n);

/**
 * That some vector, not 0, recovers none of the directions. On the line each does. In the plane the vectors that recover a direction make up a double
 * cone about its line, of half angle arccos tau: there is room where two neighbouring lines are more than twice that apart. In space a row shows it.
 */
export function roomFor(what: 'rows' | 'columns', directions: Matrix, length: number): Goal {
  const some = directions.some((w) => !w.isZero());
  if (length === 1 || !some) return computed(!some, property(`room-for-${what}`, !some));
  if (length === 2) {
    const lines = directions.filter((w) => !w.isZero()).map((w) => (isUpper(w) ? w : w.negated()));
    const turned = lines.sort((a, b) => cross(b, a).sign());
    const gaps = turned.map((w, k) => signedSquare(w, turned[k + 1] ?? (turned[0] as Vector).negated()));
    const least = gaps.reduce((a, b) => (a.compare(b) < 0 ? a : b));
    const filled = FILLED.times(FILLED);
    return computed(least.compare(filled) < 0, order('least cos |cos| of neighbouring lines', least, '', filled));
  }
  return judge({
    predicate: 'exists',
    what: `${what} that recover no feature`,
    such: (at) => {
      const vectors = what === 'rows' ? at.we : at.wd;
      const some = vectors.some((v) => !v.isZero());
      const by = what === 'rows' ? 'encoder' : 'decoder';
      return all(noneRecovered(by, vectors, directions), computed(some, property(`${what}-not-zero`, some)));
    },
  });
}

/** That every row, or column, but 0 recovers one of these features; nothing where computing does not settle it. */
export function covered(what: 'rows' | 'columns', m: Instance, hidden: readonly Feature[]): Goal[] {
  const directions = hidden.map((f) => (what === 'rows' ? f.wp : f.wr));
  const room = roomFor(what, directions, what === 'rows' ? m.np : m.nr);
  return room.kind === 'computed' ? [not(room)] : [];
}

const isUpper = (w: Vector): boolean => w.at(1).sign() > 0 || (w.at(1).sign() === 0 && w.at(0).sign() > 0);
const cross = (a: Vector, b: Vector): Rational =>
  a
    .at(0)
    .times(b.at(1))
    .minus(a.at(1).times(b.at(0)));

/** Otherwise some input is 0 and its target is not: with c in the kernel of W_p and not in that of W_r, W_p c = 0 gives the output 0. */
export const factors: Hypothesis = hypothesis('factors', 'W_r = T W_p for some matrix T', (m: Instance) => {
  const directions = m.features.map((f) => f.wp);
  const both = m.features.map((f) => Vector.of([...f.wp.entries(), ...f.wr.entries()]));
  const [less, more] = [rank(directions), rank(both)].map((r) => Rational.of(BigInt(r))) as [Rational, Rational];
  return computed(less.equals(more), order('rank of W_p and W_r', more, 'rank of W_p', less));
});

/** Of which directions a cosine is one, beside anchors. */
export const OTHERS = ' over d that are no anchors';

/** Neurons that are given. */
type Fixed = Pick<Configuration, 'we' | 'wd'>;

/**
 * Where no configuration with the neurons `fixed` returns the targets of `asked` on these features alone and recovers none of `hidden`. (1) If every row but
 * 0 recovers one, all rows are 0, hence all codes, whatever sigma, and all outputs; so they are if all columns are 0. (2) What the others have to add, under
 * ReLU r_d less what the fixed ones give, lies in the span of their columns. (3) So if there is one of them it is a multiple of its column, and recovers
 * what this does. (4) So it does with one active neuron at most. (5) Two equal inputs have one output (Batch-Top-k: where nothing ties).
 */
export function nothingHides(m: Instance, asked: readonly Feature[], hidden: readonly Feature[], fixed?: Fixed): Goal {
  const { we, wd } = fixed && m.activation.kind === 'relu' ? fixed : { we: [], wd: [] };
  const left = asked.map((f) =>
    f.wr.minus(
      combine(
        we.map((e) => positive(e.dot(f.wp))),
        wd,
        m.nr,
      ),
    ),
  );
  const [count, free] = [we.length > 0 ? 'n_q - k' : 'n_q', m.neurons - we.length];
  const targets = hidden.map((f) => f.wr);
  const aimed = hidden.some((f) => asked.includes(f) && !f.wr.isZero());
  const target = atLeast('rank of the targets', rank(asked.map((f) => f.wr)), '', 1);
  const twins = asked.find((f) => asked.some((other) => other.wp.equals(f.wp) && !other.wr.equals(f.wr)));
  return some(
    [...covered('rows', m, hidden), ...covered('columns', m, hidden)].map((none) => all(none, target)),
    not(atLeast(count, free, 'rank of what is left of the targets', rank(left))),
    all(not(atLeast(count, free, '', 2)), not(noneRecovered('decoder', left, targets, fixed ? OTHERS : ''))),
    aimed ? not(atLeast('most active neurons', mostActive(m), '', 2)) : [],
    twins ? computed(true, property('one-output', true, { features: [m.features.indexOf(twins) + 1] })) : [],
  );
}

const positive = (x: Rational): Rational => (x.sign() > 0 ? x : ZERO);

/** The features that L~ contains. */
export const weighted = (m: Instance): Feature[] => m.features.filter((f) => f.weight.sign() > 0);

/** On one feature, whatever the encoder. */
const mostActive = ({ activation, neurons }: Instance): number =>
  activation.kind === 'topk' || activation.kind === 'topk-pure' ? Math.min(activation.k, neurons) : neurons;

/**
 * The same for W_D sigma(W_E W_p x) = W_r x for every real x, which returns every target. (6) Where W_r is no T W_p, some x with W_p x = 0 has another output than
 * x = 0 should have. (7) ReLU: n_q >= 2 rank W_r. On the span V of the w_d, the output is linear. Take the neurons whose rows are a_i l on V, a_i != 0, for one
 * functional l. At a point of V where l alone vanishes the output has no kink, so sum_i |a_i| u_i = 0: these are two neurons or more or add 0, and they
 * add sum_i a_i u_i l / 2, of rank 1 at most. (8) ReLU, n_q = 4, r_d = w_d, and these span the plane: two functionals have two neurons each, on opposite
 * sides, which add x l^T and x' l'^T, of sum I. So the column x is orthogonal to the row l', and one recovers no hidden w_d, nor does the other.
 */
export function nothingReconstructs(m: Instance, hidden: readonly Feature[], fixed?: Fixed): Goal {
  const found = rank(m.features.map((f) => f.wr));
  const relu = m.activation.kind === 'relu';
  const twoPairs = relu && m.np === 2 && m.neurons === 4 && found === 2 && m.features.every((f) => f.wp.equals(f.wr));
  const turned = twoPairs ? hidden.map(({ wp }) => Vector.of([wp.at(1).negated(), wp.at(0)])) : [];
  return some(
    nothingHides(m, m.features, hidden, fixed),
    not(factors.goal(m)),
    relu ? not(atLeast('n_q', m.neurons, '2 rank of the targets', 2 * found)) : [],
    twoPairs ? not(roomFor('rows', [...hidden.map((f) => f.wp), ...turned], 2)) : [],
  );
}
