/**
 * The coordinates in which a group is shown to be critical. A neuron has e_i, or is lifted: its pre-activations on a set G_i
 * become coordinates of their own, free of each other. G_i holds the features F_i of the group that it is active on; on the rest
 * of G_i it stays at 0. Every configuration near gives a point of the lifted space, what the neuron lets through on G_i. So a
 * minimum of that space which a configuration attains is one of L~, and a point that is critical there is critical for L~.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { readFeatureSet } from '../../kernel/model/instance.ts';
import { type Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { encloseVector, type Interval, NOTHING } from './interval.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** The features of each neuron, and those where it is at a kink. */
export interface Sets {
  readonly on: readonly (readonly number[])[];
  readonly kinks: readonly (readonly number[])[];
}

/** Features, the neurons whose coordinates move, and the sets of these within the features. */
export interface Group {
  readonly features: readonly number[];
  readonly neurons: readonly number[];
  readonly sets: Sets;
}

/** The coordinates that stand for e_i. */
export interface Own {
  readonly neuron: number;
  readonly lifted: boolean;
  /** F_i, or G_i. */
  readonly sees: readonly number[];
  readonly size: number;
  /** w_d in these coordinates: itself, or a unit vector. */
  readonly direction: (d: number) => readonly Interval[];
}

/** In the order of the group's neurons; after the coordinates of each come those of u_i. */
export type Frame = readonly Own[];

/** `lift`: for each lifted neuron its set G_i. */
export function readFrame(m: Instance, { features, neurons, sets }: Group, lift: Node | undefined): Frame {
  const wide = new Map<number, number[]>();
  for (const item of lift?.items() ?? []) {
    const parts = item.fields(['neuron', 'features']);
    const i = parts.neuron.index(1, m.neurons) - 1;
    const set = readFeatureSet(parts.features, m.features.length);
    if (!neurons.includes(i) || wide.has(i)) {
      invalid('wrong-gauge', item.path, 'neurons of the group, each once', `${i + 1}`);
    }
    if (!(sets.on[i] ?? []).every((d) => set.includes(d)) || !set.every((d) => features.includes(d))) {
      invalid('wrong-gauge', item.path, 'the features the neuron is active on, and others of the group', 'another set');
    }
    wide.set(i, set);
  }
  return neurons.map((neuron): Own => {
    const sees = wide.get(neuron);
    if (!sees) {
      const direction = (d: number): Interval[] => encloseVector(m.features[d]?.wp as Vector);
      return { neuron, lifted: false, sees: sets.on[neuron] ?? [], size: m.np, direction };
    }
    const direction = (d: number): Interval[] => encloseVector(Vector.ints(sees.map((c) => (c === d ? 1n : 0n))));
    return { neuron, lifted: true, sees, size: sees.length, direction };
  });
}

/** What neuron i lets through on feature d; 0 on what it only sees. */
export const passed = (at: Neighbourhood, i: number, d: number): Interval =>
  at.active[i]?.[d] ? (at.z[i]?.[d] as Interval) : NOTHING;

/** A direction in the coordinates e_i, u_i, in those of the frame. */
export function carried({ features, np, nr }: Instance, frame: Frame, sets: Sets, s: Vector): Interval[] {
  return frame.flatMap((own, a) => {
    const entries = s.entries().slice(a * (np + nr), (a + 1) * (np + nr));
    const de = Vector.of(entries.slice(0, np));
    const seen = (d: number): Rational => (on(d) ? de.dot(features[d]?.wp ?? de) : ZERO);
    const on = (d: number): boolean => (sets.on[own.neuron] ?? []).includes(d);
    const first = own.lifted ? Vector.of(own.sees.map(seen)) : de;
    return [...encloseVector(first), ...encloseVector(Vector.of(entries.slice(np)))];
  });
}
