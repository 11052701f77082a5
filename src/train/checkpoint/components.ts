/**
 * Connected components of the graph of neurons and features in which i and d meet where neuron i is active on d: under activations
 * that act neuron by neuron, L~ is the sum of their losses and of M_d |r_d|^2 over uncovered features.
 */
import type { Pattern } from '../../kernel/model/instance.ts';
import { connectedComponents } from '../../solve/linear/connectedComponents.ts';

export interface Component {
  /** From 0, increasing. */
  readonly neurons: readonly number[];
  readonly features: readonly number[];
}

export interface Components {
  /** By their least feature. */
  readonly parts: readonly Component[];
  readonly dead: readonly number[];
  readonly uncovered: readonly number[];
}

/** Of a pattern over n features. */
export function componentsOf(pattern: Pattern, n: number): Components {
  const links = pattern.flatMap((set) => set.map((d) => [set[0] as number, d] as const));
  const covered = new Set(pattern.flat());
  const all = Array.from(pattern.keys());
  const parts = connectedComponents(n, links)
    .filter(([first]) => covered.has(first as number))
    .map((features) => {
      const own = new Set(features);
      return { features, neurons: all.filter((i) => own.has(pattern[i]?.[0] ?? -1)) };
    });
  const dead = all.filter((i) => pattern[i]?.length === 0);
  return { parts, dead, uncovered: Array.from({ length: n }, (_, d) => d).filter((d) => !covered.has(d)) };
}
