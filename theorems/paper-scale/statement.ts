/**
 * # T4-scale Zero loss without recovering any feature, at the paper's size
 * **Statement (paper, text after Theorem 3.4).** Some solutions have L~ = 0 and recover no feature; with k anchors met exactly (A1), no
 * other feature. Here for n = 1000, n_p = 768, n_q = 16000, ReLU, and any W_r: a random integer encoder.
 * **Witness.** A modulus and n neurons, no anchors among them, for which ReLU(W_E W_p) has rank n. So some W_D, its anchored columns
 * fixed to r_d, gives back every r_d exactly; it is not written out.
 * **Recovered.** d is recovered if |cos(e_i, w_d)| >= 9/10 for some i: 100 <e_i, w_d>^2 >= 81 |e_i|^2 |w_d|^2 on integers.
 * Directions are not normalized: scaling w_d by s > 0 scales column d of the codes and changes no cosine.
 * **Not checked.** Recovery by the decoder. That the directions are like the paper's: they are random.
 * Producer: the general decider (untrusted) looks for the rows; the instance brings the encoder.
 */

import { directions, encoder, product, products, SCALE, squaredNorms } from '../../src/kernel/model/generatedModel.ts';
import type { GeneratedModel } from '../../src/kernel/model/subject.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { all, computed, type Goal, judge } from '../../src/kernel/proof/goal.ts';
import { scaleRules } from '../../src/kernel/rules/scale.ts';

/**
 * No feature beyond the anchors is recovered. Most pairs are settled by a fifth of the entries: with a the product over them and b^2
 * that of the squared lengths of the rest, |<e, w>| <= a + b and (a + b)^2 <= 9 a^2 + 9/8 b^2, so 8 a^2 + b^2 < 72/100 |e|^2 |w|^2 will do.
 */
function noneRecovered(m: GeneratedModel): Goal {
  const length = m.dimensions;
  const [rows, others] = [encoder(m), directions(m).subarray(m.anchors * length)];
  const part = (length - (length % 5)) / 5;
  const norms = [rows, others].map((of) => squaredNorms(of, length)) as [Int32Array, Int32Array];
  const rests = [rows, others].map((of) => squaredNorms(of, length, part)) as [Int32Array, Int32Array];
  const recovered = new Set<number>();
  products(rows, others, length, part, (i, d, a) => {
    const whole = (norms[0][i] as number) * (norms[1][d] as number);
    const rest = (rests[0][i] as number) * (rests[1][d] as number);
    if (800 * a * a + 100 * rest < 72 * whole) return;
    const z = product(rows, i, others, d, length);
    if (whole > 0 && 100 * z * z >= 81 * whole) recovered.add(m.anchors + d + 1);
  });
  const total = m.features - m.anchors;
  return computed(recovered.size === 0, { relation: 'recovered', count: recovered.size, of: total });
}

export const paperScale: Claim<GeneratedModel> = {
  id: 'T4-scale',
  title: 'zero loss without recovering any feature, at the size of the paper',
  about: SCALE,
  rules: [scaleRules],
  readings: {
    ours: {
      says: 'some W_D has L~ = 0 with this encoder, which meets the anchors and recovers no other feature',
      hypotheses: [],
      conclusion: (scale) => all(judge({ predicate: 'independent-codes', scale }), noneRecovered(scale)),
    },
  },
};
