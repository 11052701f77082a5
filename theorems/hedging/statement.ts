/**
 * # Hedging, Hedging-plain Feature hedging
 * **Statement (Chanin, Dulka and Garriga-Alonso, arXiv 2505.11756, abstract).** An SAE narrower than its features, where "there is correlation between features", "will merge components of correlated features
 * together". About the decoder that is best, by the true loss, for rows that each read one feature: some column then has a component along a feature that no row reads. A decoder bias is a neuron that reads a feature which is always 1 and has target 0, and an encoder bias the component of a row along it.
 * **Proof.** Let the w_d be orthonormal, and the rows those of the features T. The codes are the x_i, i in T, and L is, along each r_j, the square error of a linear function of them for x_j. So along r_j the
 * best columns are the coefficients of the least-squares regression of x_j on the x_i. (1) With the bias, if no x_i had a coefficient, x_j less its mean would be left, with Cov(x_i, x_j) = 0 for each i. (2) Without,
 * x_j would be left, with E[x_i x_j] = 0 for each i. (3) With the bias and one i the coefficient is Cov(x_i, x_j) / Var(x_i).
 * **Refutation of `ours`.** Not each correlated pair: what x_i tells of x_j another row may tell better.
 * **Not checked.** That training keeps, or finds, rows that read one feature each.
 */

import { atomsOf } from '../../src/kernel/model/distribution.ts';
import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { gradients } from '../../src/kernel/model/model.ts';
import { distributionOf, inputsAsFeatures, probability } from '../../src/kernel/model/trueLoss.ts';
import { ONE, type Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Vector } from '../../src/kernel/numbers/vector.ts';
import { room } from '../../src/kernel/numbers/work.ts';
import type { Claim, Reading } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

const mean = (m: Instance, of: (x: Vector) => Rational): Rational =>
  sum(atomsOf(distributionOf(m)).map((atom) => atom.probability.times(of(atom.x))));
const product = (m: Instance, c: number, d: number): Rational => mean(m, (x) => x.at(c).times(x.at(d)));
const covariance = (m: Instance, c: number, d: number): Rational =>
  product(m, c, d).minus(mean(m, (x) => x.at(c)).times(mean(m, (x) => x.at(d))));

/** For each neuron the feature whose direction its row is, or -1. */
const read = (m: Instance): number[] =>
  configurationOf(m).we.map((e) => m.features.findIndex(({ wp }) => wp.equals(e)));
const hasTarget = (m: Instance, d: number): boolean => m.features[d]?.wr.isZero() === false;
/** Neurons that read a feature with a target, all but the bias: [i, d]. */
const latents = (m: Instance): [number, number][] =>
  read(m).flatMap((d, i): [number, number][] => (hasTarget(m, d) ? [[i, d]] : []));

/** A neuron i, the feature d that it reads, a feature j with a target that none reads, and <u_i, r_j>. */
interface Pair {
  readonly i: number;
  readonly d: number;
  readonly j: number;
  readonly component: Rational;
}

function pairs(m: Instance): Pair[] {
  const known = new Set(read(m));
  const hidden = m.features.flatMap(({ wr }, j) => (known.has(j) || wr.isZero() ? [] : [{ j, wr }]));
  const { wd } = configurationOf(m);
  room(20 * wd.length * hidden.length);
  return latents(m).flatMap(([i, d]) => hidden.map(({ j, wr }) => ({ i, d, j, component: (wd[i] as Vector).dot(wr) })));
}

/** That some pair has this number not 0, with the first. */
function somePair(m: Instance, name: string, value: (pair: Pair) => Rational): Goal {
  const found = pairs(m).find((pair) => value(pair).sign() !== 0);
  if (!found) return computed(false, property(name, false));
  const { i, d, j } = found;
  return computed(true, property(name, true, { neuron: i + 1, features: [d + 1, j + 1] }, { value: value(found) }));
}

const orthonormal = given.hypothesis('orthonormal', 'the w_d are orthonormal, and so are the r_d that are not 0', (m) =>
  given.everyFeature(m, 'orthonormal', (d) =>
    m.features.slice(0, d + 1).every(({ wp, wr }, c) => {
      const [f, wanted] = [m.features[d] as Instance['features'][number], c === d ? ONE : ZERO];
      return f.wp.dot(wp).equals(wanted) && (f.wr.isZero() || wr.isZero() || f.wr.dot(wr).equals(wanted));
    }),
  ),
);

const pureRows = given.hypothesis('pure-rows', 'each row is the w_d of another feature', (m) => {
  const other = read(m).findIndex((d, i, row) => d < 0 || row.indexOf(d) < i);
  return computed(other < 0, property('pure-rows', other < 0, other < 0 ? {} : { neuron: other + 1 }));
});

/** The neuron, from 0, whose feature has target 0 and is always 1; or -1. */
const bias = (m: Instance): number =>
  read(m).findIndex((d) => d >= 0 && !hasTarget(m, d) && probability(m, (x) => x.at(d).equals(ONE)).equals(ONE));

const freeBias = given.hypothesis('free-bias', 'some row reads a feature that is always 1 and has target 0', (m) =>
  computed(bias(m) >= 0, property('free-bias', bias(m) >= 0, bias(m) >= 0 ? { neuron: bias(m) + 1 } : {})),
);

const noBias = given.hypothesis('no-bias', 'no row reads a feature with target 0', (m) => {
  const other = read(m).findIndex((d) => d >= 0 && !hasTarget(m, d));
  return computed(other < 0, property('no-bias', other < 0, other < 0 ? {} : { neuron: other + 1 }));
});

const bestColumns = given.hypothesis('best-columns', 'the gradient of the true loss in W_D is 0', (m) => {
  const { wd } = gradients(inputsAsFeatures(m, atomsOf(distributionOf(m))), configurationOf(m));
  const square = sum(wd.map((column) => column.dot(column)));
  return computed(square.sign() === 0, property('best-decoder', square.sign() === 0, {}, { square }));
});

const correlated = given.hypothesis(
  'correlated',
  'a feature that a row reads is correlated with one that none reads',
  (m) => somePair(m, 'correlated', ({ d, j }) => covariance(m, d, j)),
);

const together = given.hypothesis(
  'together',
  'a feature that a row reads occurs together with one that none reads',
  (m) => somePair(m, 'together', ({ d, j }) => product(m, d, j)),
);

const oneLatent = given.hypothesis('one-latent', 'one row reads a feature with a target', (m) => {
  const count = latents(m).length;
  return computed(count === 1, property('one-latent', count === 1, {}, { count }));
});

const merged: Pick<Reading, 'says' | 'conclusion'> = {
  says: 'some column has a component along a feature that no row reads',
  conclusion: (m) => somePair(m, 'merged', ({ component }) => component),
};

const shared = [given.activationIs(['relu']), orthonormal, pureRows, bestColumns];

export const hedging: Claim = {
  id: 'Hedging',
  title: 'a narrow SAE merges components of correlated features',
  rules: [],
  readings: {
    paper: { ...merged, hypotheses: [...shared, freeBias, correlated] },
    ours: {
      says: 'each column has along each feature that no row reads a component of the sign of their covariance',
      hypotheses: [...shared, freeBias],
      conclusion: (m) =>
        all(
          pairs(m).map(({ i, d, j, component }) => {
            const cov = covariance(m, d, j);
            const where = { [`Cov(x_${d + 1}, x_${j + 1})`]: cov };
            return computed(
              component.sign() === cov.sign(),
              order(`<u_${i + 1}, r_${j + 1}>`, component, '', ZERO, where),
            );
          }),
        ),
    },
    repaired: {
      says: 'the component of its column along x_j is Cov(x_i, x_j) / Var(x_i), for each x_j that no row reads',
      hypotheses: [...shared, freeBias, oneLatent],
      conclusion: (m) =>
        all(
          pairs(m).map(({ i, d, j, component }) => {
            const [cov, variance] = [covariance(m, d, j), covariance(m, d, d)];
            const [left, right] = [`<u_${i + 1}, r_${j + 1}> Var(x_${d + 1})`, `Cov(x_${d + 1}, x_${j + 1})`];
            const scaled = component.times(variance);
            return computed(scaled.equals(cov), order(left, scaled, right, cov));
          }),
        ),
    },
  },
};

export const hedgingPlain: Claim = {
  id: 'Hedging-plain',
  title: 'without a bias a narrow SAE merges features that occur together, correlated or not',
  rules: [],
  readings: { repaired: { ...merged, hypotheses: [...shared, noBias, together] } },
};
