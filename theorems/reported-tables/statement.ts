/**
 * # B1 Reported recovery
 * **Statement (paper, section 5.1).** With the best match s_d of each of N features: M_GT is the share with s_d > tau, M_IP the mean of
 * s_d. Hence, for one similarity with s_d >= 0: M_IP >= tau M_GT (B1-mean); for unit rows, s_d <= 1: M_IP <= M_GT + (1 - M_GT) tau
 * (B1-unit); and M_GT is j/N for an integer j (B1-count). Decided for one row of a table.
 * **Refutation.** Figures that no numbers rounding to them can meet.
 * **Not checked.** Which similarity was used, and whether the figures are those of the paper: `source` names where they are from.
 * Producer: none; computing on the figures settles it.
 */

import { REPORT } from '../../src/kernel/model/reportedRow.ts';
import type { ReportedRow, Rounded } from '../../src/kernel/model/subject.ts';
import { ONE, Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import type { Computed } from '../../src/kernel/proof/fact.ts';
import { computed, type Goal, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

const HUNDRED = Rational.of(100n);
/** What the figures need or allow, if `recovery` can be a share of at most `most`: all, or none if nothing can be above tau. */
function ofShare({ tau, recovery }: ReportedRow, holds: boolean, fact: Computed, most: Rational = ONE): Goal {
  const low = recovery.low.over(HUNDRED);
  if (low.compare(most) <= 0) return computed(holds, fact);
  const relation = 'share-too-large';
  return computed(false, { relation, recovery: recovery.text, tau: `${tau}`, low: `${low}`, most: `${most}` });
}

/** tau M_GT at least, M_IP at most. */
function meanBound(row: ReportedRow): Goal {
  const { tau, recovery, mean } = row;
  const least = tau.times(recovery.low.over(HUNDRED));
  const figures = { recovery: recovery.text, tau: `${tau}`, mean: mean.text, reported: `${mean.high}` };
  const holds = mean.high.compare(least) >= 0;
  return ofShare(row, holds, { relation: 'mean-at-least', ...figures, bound: `${least}` });
}

/**
 * M_GT + (1 - M_GT) tau at most, M_IP at least. It rises with M_GT where tau <= 1. For tau >= 1 no similarity is above tau, as none of unit
 * rows is above 1: then M_GT is 0, and M_IP at most 1.
 */
function unitBound(row: ReportedRow): Goal {
  const { tau, recovery, mean } = row;
  const none = tau.compare(ONE) >= 0;
  const share = recovery.high.over(HUNDRED);
  const capped = share.compare(ONE) > 0 ? ONE : share;
  const most = none ? ONE : capped.plus(ONE.minus(capped).times(tau));
  const figures = { recovery: recovery.text, tau: `${tau}`, mean: mean.text, reported: `${mean.low}` };
  const holds = mean.low.compare(most) <= 0;
  return ofShare(row, holds, { relation: 'mean-at-most', ...figures, bound: `${most}` }, none ? ZERO : ONE);
}

/** Some j with j/N in the interval. */
function multiple(recovery: Rounded, n: number): Goal {
  const [low, high] = [recovery.low, recovery.high].map((x) => x.times(Rational.of(BigInt(n), 100n)));
  if (!low || !high) throw new Error('two ends');
  const least = -(-low.num / low.den - (low.num % low.den === 0n ? 0n : 1n));
  const holds = least * high.den <= high.num && least <= BigInt(n);
  return computed(holds, {
    relation: 'multiple',
    recovery: recovery.text,
    interval: [`${recovery.low}`, `${recovery.high}`],
    of: n,
    ...(holds && { numerator: `${least}` }),
  });
}

export const reportedMean: Claim<ReportedRow> = {
  id: 'B1-mean',
  title: 'reported recovery and mean best match fit: M_IP >= tau M_GT',
  about: REPORT,
  rules: [],
  readings: {
    ours: {
      says: 'M_IP >= tau M_GT, within rounding',
      hypotheses: [],
      conclusion: meanBound,
      assumes: ['both figures use the same similarity, which is not negative, and the same features'],
    },
  },
};

export const reportedUnit: Claim<ReportedRow> = {
  id: 'B1-unit',
  title: 'reported mean best match fits unit rows: M_IP <= M_GT + (1 - M_GT) tau',
  about: REPORT,
  rules: [],
  readings: {
    ours: {
      says: 'M_IP <= M_GT + (1 - M_GT) tau, within rounding',
      hypotheses: [],
      conclusion: unitBound,
      assumes: ['both figures use the same similarity, which is at most 1, and the same features'],
    },
  },
};

/** Of none, no share is a multiple: that would say nothing about the figure. */
const namesDenominators: Hypothesis<ReportedRow> = {
  name: 'names-denominators',
  says: 'the report names a number of features',
  goal: ({ denominators }) => given.exceeds('denominators', denominators.length, '', 0),
};

export const reportedCount: Claim<ReportedRow> = {
  id: 'B1-count',
  title: 'reported recovery is a multiple of 1/N',
  about: REPORT,
  rules: [],
  readings: {
    ours: {
      says: 'M_GT = j/N for one of the denominators N, within rounding',
      hypotheses: [namesDenominators],
      conclusion: ({ denominators, recovery }) => some(denominators.map((n) => multiple(recovery, n))),
      assumes: ['the share is of one of the numbers of features named, and of one run'],
    },
  },
};
