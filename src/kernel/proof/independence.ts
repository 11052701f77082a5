/**
 * Hypotheses of claims about a row v that is free to move: something is left to gain, and the n functions v -> f_d(v) are independent, f_d(v) what
 * a neuron with row v passes on feature d: <v, w_d> where it is above the threshold, else 0.
 */
import { thresholdOf } from '../model/activation.ts';
import { configurationOf, type Instance, inputs } from '../model/instance.ts';
import { approximateLoss } from '../model/model.ts';
import { rank } from '../numbers/elimination.ts';
import { gcd, ZERO } from '../numbers/rational.ts';
import { type Matrix, Vector } from '../numbers/vector.ts';
import { spend } from '../numbers/work.ts';
import type { Hypothesis } from './claim.ts';
import { order, property } from './fact.ts';
import { all, computed } from './goal.ts';
import { atLeast, distinctDirections, hypothesis } from './hypotheses.ts';

export const positiveLoss: Hypothesis = hypothesis('positive-loss', 'L~ > 0', (m) => {
  const loss = approximateLoss(m, configurationOf(m));
  return computed(loss.sign() > 0, order('L~', loss, '', ZERO));
});

/** A text for each line through 0, and which of its two rays w is on. */
interface Ray {
  readonly line: string;
  readonly side: boolean;
}

/** The ray through w; 0 is on none. Rays are told apart by their texts, as n vectors have n^2 / 2 pairs. */
function rayOf(w: Vector): Ray | undefined {
  const first = w.num.find((x) => x !== 0n);
  if (first === undefined) return undefined;
  let common = 0n;
  for (const x of w.num) {
    common = gcd(common, x);
    if (common === 1n) break;
  }
  const side = first > 0n;
  const shortest = side ? common : -common;
  spend(w.length * (50 + w.words * w.words));
  return { line: Vector.ints(w.num.map((x) => x / shortest)).key(), side };
}

export const distinctRays: Hypothesis = hypothesis(
  'distinct-rays',
  'no two directions are positive multiples of each other',
  (m) => {
    const before = [new Set<string>(), new Set<string>()] as const;
    const d = inputs(m).findIndex((w) => {
      const ray = rayOf(w);
      if (ray === undefined) return false;
      const known = before[ray.side ? 0 : 1];
      if (known.has(ray.line)) return true;
      known.add(ray.line);
      return false;
    });
    return computed(d < 0, property('distinct-rays', d < 0, d < 0 ? {} : { features: [d + 1] }));
  },
);

/** One w of each pair of opposite rays. */
function antipodes(m: Instance): Matrix {
  const before = [new Set<string>(), new Set<string>()] as const;
  return inputs(m).filter((w) => {
    const ray = rayOf(w);
    if (ray === undefined) return false;
    before[ray.side ? 0 : 1].add(ray.line);
    return before[ray.side ? 1 : 0].has(ray.line);
  });
}

export const independentAntipodes: Hypothesis = hypothesis(
  'independent-antipodes',
  'one direction of each opposite pair, together, are independent',
  (m) => {
    const pairs = antipodes(m);
    const found = pairs.length === 0 ? 0 : rank(pairs);
    return atLeast('rank', found, 'opposite pairs', pairs.length);
  },
);

/**
 * The f_d are independent. ReLU: iff these two hold. Needed: w_c = s w_d, s > 0, gives f_c = s f_d; f_d - f_d'/s = <., w_d> for w_d' = -s w_d.
 * Enough: let sum c_d f_d = 0, and v lie on the hyperplane of w_d and, as no two are on one line but opposite pairs, off all others. The second
 * difference along w_d at v is |w_d|^2 (c_d + s c_d'), or |w_d|^2 c_d without an opposite d', times a small step: so it is 0. What is left
 * of the sum is a linear function, sum over pairs of c_d' <v, w_d'> = 0 for all v, and so every c_d' is 0. JumpReLU with theta > 0: iff the w_d differ. At
 * a v with <v, w_d> = theta and no other <v, w_c> = theta the sum jumps by c_d theta.
 */
export const independentResponses: Hypothesis = hypothesis(
  'independent-responses',
  'what a row passes on the features are independent functions of it',
  (m) =>
    thresholdOf(m).sign() > 0 ? distinctDirections.goal(m) : all(distinctRays.goal(m), independentAntipodes.goal(m)),
);
