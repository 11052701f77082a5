/**
 * What would wake a latent: the strength that one feature alone needs, and how many trees of features have to come together.
 * The second is a sum of the largest gains of trees, a closed form: no tree can give more than its best choice of parent, child and strengths.
 */
import { type Rational, ZERO } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { double } from '../train/checkpoint/double.ts';
import type { Dictionary } from './atoms.ts';
import { type Encoder, lengthAbove, UNIT } from './encoder.ts';
import { exactDot, rationalRow } from './exactRow.ts';
import { childrenOf } from './hierarchy.ts';

export interface Wake {
  /** The feature that wakes the latent at the least strength, alone; none if no feature points its way, or it is on at 0. */
  readonly onset?: { readonly feature: number; readonly strength: number };
  /** The least number of trees that can wake it within the strengths; none if all together cannot. 0: it is on at 0. */
  readonly trees?: number;
}

export function wakesOf(e: Encoder, d: Dictionary): Wake[] {
  const values = d.wp.map((w) => Float64Array.from(w.entries(), double));
  const lengths = values.map(lengthAbove);
  const children = childrenOf(d.pairs);
  const isChild = new Set(d.pairs.map(({ child }) => child));
  const roots = d.names.flatMap((_, f) => (isChild.has(f) ? [] : [f]));
  const [low, high] = d.strengths.map(double) as [number, number];
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  return Array.from({ length: e.latents }, (_, i) => {
    const row = e.rows.subarray(i * e.inputs, (i + 1) * e.inputs);
    const g = values.map((w) => w.reduce((sum, x, k) => sum + x * (row[k] as number), 0));
    const c = e.constants[i] as number;
    const gains = roots.map((p) =>
      treeGain(
        g[p] as number,
        (children.get(p) ?? []).map((f) => g[f] as number),
        low,
        high,
      ),
    );
    gains.sort((a, b) => b - a);
    const best = g.reduce<number>((at, value, f) => (value > 0 && (at < 0 || value > (g[at] as number)) ? f : at), -1);
    const error =
      4 *
        (e.inputs + roots.length + 16) *
        UNIT *
        (2 * Math.max(1, high) * (e.norms[i] as number) * longest * Math.max(1, roots.length) + Math.abs(c)) +
      Number.MIN_VALUE * e.inputs * roots.length * (1 + high);
    const trees = treesNeeded(gains, c, error, () => exactTrees(e, d, i, roots, children));
    return {
      ...(best >= 0 && c <= 0 && { onset: { feature: best, strength: -c / (g[best] as number) } }),
      ...(trees !== undefined && { trees }),
    };
  });
}

/** max(0, t g_p + max(0, max over children of t' g_c)), each strength where it gives most. */
function treeGain(root: number, children: readonly number[], low: number, high: number): number {
  const own = (g: number): number => (g > 0 ? high * g : low * g);
  const best = children.reduce((most, g) => Math.max(most, own(g)), 0);
  return Math.max(0, own(root) + best);
}

function treesNeeded(
  gains: readonly number[],
  c: number,
  error: number,
  exactly: () => number | undefined,
): number | undefined {
  let sum = c;
  for (let k = 0; k <= gains.length; k++) {
    if (Math.abs(sum) <= error) return exactly();
    if (sum > 0) return k;
    sum += gains[k] ?? 0;
  }
  return undefined;
}

/** The same in rationals, where floats cannot tell. */
function exactTrees(
  e: Encoder,
  d: Dictionary,
  i: number,
  roots: readonly number[],
  children: ReadonlyMap<number, readonly number[]>,
): number | undefined {
  const row = e.exactRow(i);
  const g = d.wp.map((w: Vector) => exactDot(row, rationalRow(w)));
  const [low, high] = d.strengths;
  const own = (f: number): Rational => {
    const value = g[f] as Rational;
    return value.times(value.sign() > 0 ? high : low);
  };
  const larger = (a: Rational, b: Rational): Rational => (a.compare(b) > 0 ? a : b);
  const gains = roots.map((p) => {
    const best = (children.get(p) ?? []).reduce((most, f) => larger(most, own(f)), ZERO);
    return larger(ZERO, own(p).plus(best));
  });
  gains.sort((a, b) => b.compare(a));
  let sum = e.exactConstant(i);
  for (let k = 0; k <= gains.length; k++) {
    if (sum.sign() > 0) return k;
    sum = sum.plus(gains[k] ?? ZERO);
  }
  return undefined;
}
