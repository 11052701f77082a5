/**
 * # A1 Feature anchoring
 * **Statement (paper, abstract and section 4).** Anchoring, k encoder rows and decoder columns fixed to known features, restores
 * identifiability: with the anchors met exactly (equation 26 is 0) and no loss, the other features are recovered. A1 takes the
 * approximate loss, A1-true the true one.
 * **Refutation.** A configuration that meets all anchors, has loss 0 and recovers none of the others.
 * **Repair.** Anchoring fixes k (n_p + n_r) parameters and reduces what is left undetermined; the configurations of the refutation stay (ReLU), if no
 * anchor recovers another feature itself. For L~: with n_q - k >= 2n and n rows that recover no other feature and have codes Z of rank n. Each of them twice,
 * with columns (W_0)_i + K r_a and -K r_a, W_0 = (r') Z^-1 for the targets r' that the anchors leave, K large. For the true loss: with
 * n_q >= 2k + 2 (min(n_p, n_r) + 1) and W_r = T W_p, where neurons (w_i, -r_i) cancel the anchors, and the others are those of T4-nonidentifiable beside them.
 * A1-interference: anchored neurons cost nothing on other features if no anchor has a positive product with one.
 * **Recovered.** As in T4-nonidentifiable: by encoder or decoder, tau = 9/10; only the features that are no anchors count.
 * **Not checked.** That training finds such configurations.
 * Producer: ./witness.ts (untrusted).
 */

import { type Configuration, type Feature, featureAt, type Instance } from '../../src/kernel/model/instance.ts';
import { approximateLoss, encode } from '../../src/kernel/model/model.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { type Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import { combine, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { numbered, order, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import {
  covered,
  factors,
  noneRecovered,
  nothingHides,
  nothingReconstructs,
  OTHERS,
  weighted,
} from '../../src/kernel/proof/recovery.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';
import { reconstructionRules } from '../../src/kernel/rules/reconstruction.ts';

function anchorsOf(m: Instance): readonly number[] {
  return m.anchors ?? invalid('missing-data', '$.instance.anchors', 'anchors, which this claim is about', 'none');
}

/** Row t is w and column t is r of the t-th anchor. */
function meetsAnchors(m: Instance, at: Configuration): Goal {
  const anchors = anchorsOf(m);
  const met = anchors.every((d, t) => at.we[t]?.equals(featureAt(m, d).wp) && at.wd[t]?.equals(featureAt(m, d).wr));
  const [fixed, of] = [anchors.length, m.neurons].map((count) => count * (m.np + m.nr)) as [number, number];
  return computed(met, property('anchors-met', met, {}, { fixed, of }));
}

const othersOf = (m: Instance): Feature[] => m.features.filter((_, d) => !anchorsOf(m).includes(d));

function othersUnrecovered(m: Instance, { we, wd }: Pick<Configuration, 'we' | 'wd'>): Goal {
  const others = othersOf(m);
  const [w, r] = [others.map((f) => f.wp), others.map((f) => f.wr)];
  return all(noneRecovered('encoder', we, w, OTHERS), noneRecovered('decoder', wd, r, OTHERS));
}

/** Anchors are rows and columns of every such configuration. */
function anchorRows(m: Instance): Pick<Configuration, 'we' | 'wd'> {
  const anchors = anchorsOf(m).map((a) => featureAt(m, a));
  return { we: anchors.map((f) => f.wp), wd: anchors.map((f) => f.wr) };
}

const unidentified =
  (
    what: string,
    lossless: (m: Instance, at: Configuration) => Goal,
    never: (m: Instance, hidden: readonly Feature[], fixed: Pick<Configuration, 'we' | 'wd'>) => Goal,
  ) =>
  (m: Instance): Goal => {
    anchorsOf(m);
    return judge({
      predicate: 'exists',
      what: `all anchors met, ${what}, no other feature recovered`,
      such: (at) => all(meetsAnchors(m, at), lossless(m, at), othersUnrecovered(m, at)),
      unless: () => some(not(othersUnrecovered(m, anchorRows(m))), never(m, othersOf(m), anchorRows(m))),
    });
  };

const approximately = unidentified(
  'zero approximate loss',
  (m, at) => {
    const loss = approximateLoss(m, at);
    return computed(loss.sign() === 0, order('L~', loss, '', ZERO));
  },
  (m, hidden, fixed) => nothingHides(m, weighted(m), hidden, fixed),
);

const truly = unidentified(
  'zero true loss for every distribution',
  (_, at) => judge({ predicate: 'reconstructs', at }),
  nothingReconstructs,
);

const anchorsApart = given.hypothesis(
  'anchors-apart',
  'no anchor recovers another feature, and some r_a is not 0',
  (m) => {
    const rows = anchorRows(m);
    const aimed = rows.wd.some((r) => !r.isZero());
    return all(othersUnrecovered(m, rows), computed(aimed, property('anchor-with-target', aimed)));
  },
);

const room = given.hypothesis('room', 'rows that recover no other feature have codes of rank n', (m) =>
  judge({
    predicate: 'exists',
    what: 'rows that recover no other feature, with codes of rank n',
    such: (at) => {
      const { z, active } = encode(m, [at]);
      const code = (_: unknown, d: number): Vector =>
        Vector.of(at.we.map((_, i) => (active[i]?.[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO)));
      const w = othersOf(m).map((f) => f.wp);
      const found = rank(m.features.map(code));
      return all(
        noneRecovered('encoder', at.we, w, OTHERS),
        given.atLeast('rank of the codes', found, 'n', m.features.length),
      );
    },
    // Rows that are 0 have codes of rank 0; features of one direction have one code.
    unless: () =>
      some(
        covered('rows', m, othersOf(m)),
        not(given.atLeast('n_q', m.neurons, 'n', m.features.length)),
        not(given.distinctDirections.goal(m)),
      ),
  }),
);

const sparePairs = given.hypothesis('spare-pairs', 'n_q - k >= 2n', (m) =>
  given.atLeast('n_q - k', m.neurons - anchorsOf(m).length, '2 n', 2 * m.features.length),
);

const roomToCancel = given.hypothesis('room-to-cancel', 'n_q >= 2k + 2 (min(n_p, n_r) + 1)', (m) =>
  given.atLeast('n_q', m.neurons, '2 k + 2 min(n_p, n_r) + 2', 2 * (anchorsOf(m).length + Math.min(m.np, m.nr) + 1)),
);

export const anchoring: Claim = {
  id: 'A1',
  title: 'anchoring restores identifiability at zero approximate loss',
  rules: [existenceRules, exclusionRules],
  readings: {
    paper: {
      says: 'no zero of L~ meets the anchors and recovers no other feature',
      hypotheses: [given.unitNorm, given.anchored],
      conclusion: (m) => not(approximately(m)),
    },
    repaired: {
      says: 'with room beside the features, some zero of L~ meets the anchors and recovers no other feature',
      hypotheses: [given.unitNorm, given.anchored, given.activationIs(['relu']), anchorsApart, sparePairs, room],
      conclusion: approximately,
    },
  },
};

export const anchoringTrue: Claim = {
  id: 'A1-true',
  title: 'anchoring restores identifiability at zero true loss',
  rules: [existenceRules, exclusionRules, reconstructionRules],
  readings: {
    paper: {
      says: 'no configuration with true loss 0 meets the anchors and recovers no other feature',
      hypotheses: [given.unitNorm, given.anchored],
      conclusion: (m) => not(truly(m)),
    },
    repaired: {
      says: 'with anchors apart from the other features, some such configuration recovers none of those',
      hypotheses: [given.unitNorm, given.anchored, given.activationIs(['relu']), anchorsApart, factors, roomToCancel],
      conclusion: truly,
    },
  },
};

/** sum_d M_d |sum over anchors i other than d of ReLU<w_i, w_d> r_i|^2: what the anchored neurons add where they do not belong. */
function cost(m: Instance): Rational {
  if (m.activation.kind !== 'relu') invalid('missing-data', '$.instance.activation', 'relu', m.activation.kind);
  return sum(
    m.features.map((f, d) => {
      const others = anchorsOf(m).flatMap((a) => (a === d ? [] : [featureAt(m, a)]));
      const fired = others.map((anchor) => anchor.wp.dot(f.wp)).map((z) => (z.sign() > 0 ? z : ZERO));
      const added = combine(
        fired,
        others.map((anchor) => anchor.wr),
        m.nr,
      );
      return f.weight.times(added.dot(added));
    }),
  );
}

const free = (m: Instance): Goal => computed(cost(m).sign() === 0, { relation: 'anchor-cost', cost: `${cost(m)}` });

const noAnchorInterference = given.hypothesis(
  'no-anchor-interference',
  '<w_i, w_d> <= 0 for every anchor i and every other feature d',
  (m) => {
    const hit = anchorsOf(m).flatMap((a) =>
      m.features.flatMap((f, d) => (d !== a && featureAt(m, a).wp.dot(f.wp).sign() > 0 ? [[a, d] as const] : [])),
    )[0];
    return computed(
      hit === undefined,
      property('no-anchor-interference', hit === undefined, hit ? { features: numbered(hit) } : {}),
    );
  },
);

export const anchorInterference: Claim = {
  id: 'A1-interference',
  title: 'what anchored neurons add elsewhere costs nothing',
  rules: [],
  readings: {
    ours: {
      says: 'anchored neurons add nothing on other features',
      hypotheses: [given.unitNorm, given.anchored],
      conclusion: free,
    },
    repaired: {
      says: 'they add nothing where no anchor has a positive product with another feature',
      hypotheses: [given.unitNorm, given.anchored, noAnchorInterference],
      conclusion: free,
    },
  },
};
