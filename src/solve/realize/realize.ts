/**
 * Decides whether an encoder shows a pattern (theory: realizability), for every activation of the kernel: an encoder, or
 * the data of the kernel's rule `farkas`, `farkas-joint` or `capacity` that refutes every encoder.
 */

import { capacity, thresholdOf } from '../../kernel/model/activation.ts';
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { type Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { spend } from '../../kernel/numbers/work.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import type { Realization, WeightedFeature } from './answer.ts';
import { realizeJointly } from './competing.ts';

/** `pattern` has one set per neuron, each of zero-based features in increasing order. */
export function realize(instance: Instance, pattern: Pattern): Realization {
  if (pattern.length !== instance.neurons) {
    throw new RangeError(`a pattern of ${pattern.length} sets for ${instance.neurons} neurons`);
  }
  const { activation, features } = instance;
  if (!('k' in activation)) return realizeSeparately(instance, pattern);
  const loads = features.map((_, d) => pattern.filter((set) => set.includes(d)).length);
  const room = capacity(activation, features.length);
  const exact = Math.min(room, instance.neurons);
  const over = {
    topk: loads.some((count) => count > room),
    'topk-pure': loads.some((count) => count !== exact),
    batchtopk: loads.reduce((a, b) => a + b, 0) > room,
  };
  if (over[activation.kind]) return { realizable: false, refutation: { rule: 'capacity' } };
  return realizeJointly(instance, activation, pattern);
}

/** Each neuron on its own: relu, identity, jumprelu and gated. */
function realizeSeparately(instance: Instance, pattern: Pattern): Realization {
  const rows: Vector[] = [];
  const bias: Rational[] = [];
  for (const [i, set] of pattern.entries()) {
    const answer = realizeSet(instance, set);
    if (!answer.realizable) {
      return { realizable: false, refutation: { rule: 'farkas', neuron: i + 1, on: answer.on, off: answer.off } };
    }
    rows.push(answer.e);
    bias.push(answer.bias);
  }
  // A gate decides alone what a gated neuron shows; its magnitude row is taken along the gate.
  if (instance.activation.kind !== 'gated') return { realizable: true, encoder: { we: rows } };
  return { realizable: true, encoder: { we: rows, gate: { rows, bias: Vector.of(bias) } } };
}

export type SetRealization =
  /** A row that passes just the features of the set; `bias` is 0 except for gated, where (e, bias) is the gate. */
  | { readonly realizable: true; readonly e: Vector; readonly bias: Rational }
  | { readonly realizable: false; readonly on: readonly WeightedFeature[]; readonly off: readonly WeightedFeature[] };

/** Decides one neuron's set for relu, identity, jumprelu or gated; for another kind, as if it were relu. */
export function realizeSet(instance: Instance, set: readonly number[]): SetRealization {
  // Of each feature a row of the system, exact and as floats.
  spend(1000 * instance.features.length);
  const inside = new Set(set);
  const inputs = instance.features.map((f) => f.wp);
  const off = inputs.flatMap((_, d) => (inside.has(d) ? [] : [d]));
  const { activation } = instance;
  const theta = thresholdOf(instance);
  const at = (indices: readonly number[]): Matrix => indices.map((d) => inputs[d] as Vector);
  const system = { dimension: instance.np, strict: at(set), weak: at(off).map((w) => w.negated()) };
  // Beside e an unknown s: for a threshold, w.e - s theta > 0 on the set and s > 0; for a gate, w.e + s > 0.
  const extended = activation.kind === 'gated' || theta.sign() > 0;
  const level = activation.kind === 'gated' ? 1n : -1n;
  const answer = motzkin(
    extended
      ? {
          dimension: instance.np + 1,
          strict: [
            ...system.strict.map((w) => extend(w, level)),
            ...(theta.sign() > 0 ? [extend(Vector.zero(instance.np), 1n)] : []),
          ],
          weak: system.weak.map((w) => extend(w, -level)),
        }
      : system,
  );
  if (!answer.solvable) {
    return { realizable: false, on: weighted(set, answer.strict), off: weighted(off, answer.weak) };
  }
  if (!extended) return { realizable: true, e: answer.x, bias: ZERO };
  const e = Vector.ints(answer.x.num.slice(0, -1), answer.x.den);
  const s = answer.x.at(instance.np);
  // The threshold was taken as s: scale to theta.
  return theta.sign() > 0
    ? { realizable: true, e: e.times(theta.over(s)), bias: ZERO }
    : { realizable: true, e, bias: s };
}

/** (w, last). */
function extend(w: Vector, last: bigint): Vector {
  return Vector.ints([...w.num, last * w.den], w.den);
}

function weighted(features: readonly number[], weights: readonly bigint[]): WeightedFeature[] {
  return features.flatMap((d, k) => {
    const weight = weights[k] as bigint;
    return weight === 0n ? [] : [{ feature: d + 1, weight: `${weight}` }];
  });
}
