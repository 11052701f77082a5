/**
 * What `dictum/instance@2` says beyond @1, brought into the form of @1: docs/certificate-format.md, section 2, "Biases, thresholds, inputs".
 * (1) A trained bias: <e_i, x> + b_i = <(e_i, b_i), (x, 1)>. So rows are (e_i, b_i) and directions (x, 1), of one entry more; of x = 0 too.
 * (2) A vector subtracted from what the encoder reads: its directions are x - inputBias. One that the decoder adds: its targets are y - decoderBias.
 * (3) With any of these, or for inputs, nothing is scaled: L~ is the loss on the x themselves, sum of weight |y - output|^2.
 * (4) Inputs x_s = a_s w with a_s > 0, where sigma passes a_s g on a_s w for g on w: sum_s p_s |y_s - a_s g|^2 = M |r - g|^2 + const with
 *     M = sum p_s a_s^2, r = sum p_s a_s y_s / M, const = sum p_s |y_s|^2 - M |r|^2. With a bias or a threshold only for a_s = 1. What
 *     passes on x = 0 without a bias is 0, which costs p |y|^2 whatever the weights, and is left out. Not for batchtopk, where other inputs decide what passes.
 */
import type { Node } from '../document/node.ts';
import { gcd } from '../numbers/gcd.ts';
import { ONE, type Rational, sum, ZERO } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';
import { combine, Vector } from '../numbers/vector.ts';
import { spend } from '../numbers/work.ts';

export const SECOND = 'dictum/instance@2';

export interface Feature {
  readonly label: string;
  /** w_d, of length n_p. */
  readonly wp: Vector;
  /** r_d, of length n_r. */
  readonly wr: Vector;
  /** M_d. */
  readonly weight: Rational;
}

/** As the document has it. */
interface Said {
  readonly given: readonly Feature[];
  /** Whether `given` are inputs, not features. */
  readonly inputs: boolean;
  /** Whether each neuron has a bias, a parameter as its row is. */
  readonly encoderBias: boolean;
  readonly inputBias?: Vector;
  readonly decoderBias?: Vector;
  /** theta_i > 0. Rows here are those of the document divided by theta_i, columns times theta_i, and theta is 1. */
  readonly thresholds?: Vector;
}

export interface Lifted extends Said {
  /** What stands in their place. */
  readonly features: readonly Feature[];
  /** What the loss on the inputs is beyond L~, whatever the weights. */
  readonly constant: Rational;
}

/** `scales`: whether sigma passes a g on a w, for a > 0, if there is no bias. `node`: the features. */
export function lift(said: Said, scales: boolean, node: Node): Lifted {
  const { given, inputs, encoderBias, inputBias, decoderBias } = said;
  const read = given.map((f, d): Feature => {
    const x = inputBias ? f.wp.minus(inputBias) : f.wp;
    if (!inputs && !encoderBias && x.isZero())
      malformed('zero-direction', `${node.path}[${d}].wp`, 'a direction that is not zero', `${x}, less inputBias`);
    const wp = encoderBias ? Vector.ints([...x.num, x.den], x.den) : x;
    return { ...f, wp, wr: decoderBias ? f.wr.minus(decoderBias) : f.wr };
  });
  if (!inputs) return { ...said, features: read, constant: ZERO };
  const { features, constant } = merged(read, scales && !encoderBias);
  if (features.length === 0) malformed('zero-direction', node.path, 'an input that is not zero', 'none');
  return { ...said, features, constant };
}

/** (4): one feature for each ray (`scaled`), or for each input, in the order of their first inputs. */
function merged(read: readonly Feature[], scaled: boolean): Pick<Lifted, 'features' | 'constant'> {
  const groups = new Map<string, { readonly of: Feature; readonly by: Rational }[]>();
  let constant = ZERO;
  for (const f of read) {
    if (f.wp.isZero()) {
      constant = constant.plus(f.weight.times(f.wr.dot(f.wr)));
      continue;
    }
    const size = f.wp.num.reduce(gcd, 0n);
    const whole = scaled ? f.wp.num.map((x) => x / size) : [...f.wp.num, f.wp.den];
    spend(10 * f.wp.length * f.wp.words * f.wp.words);
    const key = whole.join();
    const group = groups.get(key) ?? [];
    const first = group[0]?.of.wp;
    const k = f.wp.num.findIndex((x) => x !== 0n);
    group.push({ of: f, by: first ? f.wp.at(k).over(first.at(k)) : ONE });
    groups.set(key, group);
  }
  const features = [...groups.values()].map((group): Feature => {
    const [{ of }] = group as [(typeof group)[number]];
    if (group.length === 1) return of;
    const weight = sum(group.map((one) => one.of.weight.times(one.by).times(one.by)));
    const pulled = combine(
      group.map((one) => one.of.weight.times(one.by)),
      group.map((one) => one.of.wr),
      of.wr.length,
    );
    const wr = weight.sign() === 0 ? of.wr : pulled.times(ONE.over(weight));
    const squares = sum(group.map((one) => one.of.weight.times(one.of.wr.dot(one.of.wr))));
    constant = constant.plus(squares.minus(weight.times(wr.dot(wr))));
    return { ...of, wr, weight };
  });
  return { features, constant };
}
