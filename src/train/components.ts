/**
 * Connected components of the graph of neurons and features in which i and d meet where neuron i is active on d: under activations
 * that act neuron by neuron, L~ is the sum of their losses and of M_d |r_d|^2 over uncovered features.
 */
import type { Pattern } from '../kernel/instance.ts';

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
  // Each feature points to another of its component, in the end to the least.
  const parent = Array.from({ length: n }, (_, d) => d);
  const rootOf = (d: number): number => {
    let root = d;
    while (parent[root] !== root) root = parent[root] as number;
    parent[d] = root;
    return root;
  };
  for (const set of pattern) {
    for (const d of set) {
      const [a, b] = [rootOf(set[0] as number), rootOf(d)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const parts = new Map<number, { neurons: number[]; features: number[] }>();
  const covered = new Set(pattern.flat());
  for (const d of [...covered].sort((a, b) => a - b)) {
    const root = rootOf(d);
    const part = parts.get(root) ?? { neurons: [], features: [] };
    part.features.push(d);
    parts.set(root, part);
  }
  const dead: number[] = [];
  pattern.forEach(([first], i) => {
    if (first === undefined) dead.push(i);
    else parts.get(rootOf(first))?.neurons.push(i);
  });
  const uncovered = parent.map((_, d) => d).filter((d) => !covered.has(d));
  return { parts: [...parts.values()], dead, uncovered };
}
