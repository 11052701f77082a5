/**
 * The activations of docs/certificate-format.md, all with sigma(z)_i in {0, z_i} (equation 10): each says which
 * neurons pass their pre-activation. A tie is refused, never broken. Written once, over germs: a point is a constant curve.
 */
import { type Germ, minus, sign } from '../numbers/germ.ts';
import { type Rational, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import type { Activation, Instance } from './instance.ts';

/** One entry per neuron and feature: n_q x n. */
export type Grid<T> = readonly (readonly T[])[];

type Cell = readonly [neuron: number, feature: number];

const cell = <T>(grid: Grid<T>, [i, d]: Cell): T => grid[i]?.[d] as T;

/** The `count` cells of largest z; with fewer cells, all of them. */
function largest(z: Grid<Germ>, cells: readonly Cell[], count: number): readonly Cell[] {
  const order = [...cells].sort((a, b) => sign(minus(cell(z, b), cell(z, a))));
  const [last, next] = [order[count - 1], order[count]];
  if (last && next && sign(minus(cell(z, last), cell(z, next))) === 0) {
    const name = ([i, d]: Cell): string => `neuron ${i + 1} on feature ${d + 1}`;
    invalid('tie', '$', `${count} largest pre-activations`, `a tie of ${name(last)} and ${name(next)}`);
  }
  return order.slice(0, count);
}

/** What a pre-activation has to exceed to pass. */
export const thresholdOf = ({ activation }: Pick<Instance, 'activation'>): Rational =>
  activation.kind === 'jumprelu' ? activation.theta : ZERO;

/** How many pre-activations pass, of all (batchtopk) or for each feature (topk, topk-pure). */
export const capacity = (activation: Activation & { k: number }, n: number): number =>
  activation.kind === 'batchtopk' ? activation.k * n : activation.k;

/** active[i][d]: does neuron i pass its pre-activation z[i][d] when feature d is alone. The batch of batchtopk is all n features. */
export function activeUnits(activation: Activation, z: Grid<Germ>, gate?: Grid<Germ>): Grid<boolean> {
  const each = (test: (z: Germ, at: Cell) => boolean): boolean[][] =>
    z.map((row, i) => row.map((x, d) => test(x, [i, d])));
  switch (activation.kind) {
    case 'relu':
      return each((x) => sign(x) > 0);
    case 'jumprelu':
      return each((x) => sign(minus(x, [activation.theta])) > 0);
    case 'identity':
      return each(() => true);
    case 'gated': {
      const gates = gate ?? invalid('missing-data', '$.instance', 'gates, as sigma is gated', 'none');
      return each((x, at) => sign(x) > 0 && sign(cell(gates, at)) > 0);
    }
    case 'topk':
    case 'topk-pure':
    case 'batchtopk': {
      const n = z[0]?.length ?? 0;
      const allowed = (at: Cell): boolean => activation.kind === 'topk-pure' || sign(cell(z, at)) > 0;
      const columns = Array.from({ length: n }, (_, d) => z.map((_, i): Cell => [i, d]).filter(allowed));
      const groups = activation.kind === 'batchtopk' ? [columns.flat()] : columns;
      const passed = new Set(
        groups.flatMap((group) => largest(z, group, capacity(activation, n))).map(([i, d]) => i * n + d),
      );
      return each((_, [i, d]) => passed.has(i * n + d));
    }
  }
}

/**
 * The cells at a kink: those where an arbitrarily small change of W_E may change whether the neuron passes. Where there
 * are none, the active sets are constant near this encoder. `z` and `gate` hold constants.
 */
export function kinks(
  activation: Activation,
  z: Grid<Germ>,
  active: Grid<boolean>,
  gate?: Grid<Germ>,
): readonly Cell[] {
  const loads = (z[0] ?? []).map((_, d) => active.filter((row) => row[d]).length);
  const passing = loads.reduce((a, b) => a + b, 0);
  const atKink = (at: Cell): boolean => {
    const zero = sign(cell(z, at)) === 0;
    switch (activation.kind) {
      case 'relu':
        return zero;
      case 'jumprelu':
        return sign(minus(cell(z, at), [activation.theta])) === 0;
      case 'gated':
        return zero || (gate !== undefined && sign(cell(gate, at)) === 0);
      // A zero is held down where strictly larger positive rivals already fill the capacity; equal ones are a tie.
      case 'topk':
        return zero && (loads[at[1]] ?? 0) < activation.k;
      case 'batchtopk':
        return zero && passing < capacity(activation, loads.length);
      case 'topk-pure':
      case 'identity':
        return false;
    }
  };
  return z.flatMap((row, i) => row.map((_, d): Cell => [i, d])).filter(atKink);
}
