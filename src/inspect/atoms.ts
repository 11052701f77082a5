/**
 * The inputs that a dictionary can make alone: a parent, or a parent with one child, each at a strength between two bounds. Children never
 * come without their parent, so a single child says nothing about the model. A margin is affine in the strengths, so its sign at the corners of
 * the box of strengths tells those everywhere in it.
 */
import { Rational } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { double } from '../train/checkpoint/double.ts';
import { type Encoder, type Input, latentsOn, lengthAbove, productsOf, settle, type Tally } from './encoder.ts';
import { combined, type ExactRow, rationalRow, scaled, stretched } from './exactRow.ts';
import { childrenOf, type Pair } from './hierarchy.ts';

export interface Dictionary {
  readonly names: readonly string[];
  /** Input and target directions. */
  readonly wp: readonly Vector[];
  readonly wr: readonly Vector[];
  readonly pairs: readonly Pair[];
  /** Least and largest strength of a feature. */
  readonly strengths: readonly [low: Rational, high: Rational];
}

export interface Atom {
  readonly root: number;
  readonly child?: number;
}

export interface DecidedAtom extends Atom {
  /** At the middle strength: latents that are on, and their margins. */
  readonly on: readonly number[];
  readonly margins: Float64Array;
  readonly input: Input;
  /** Of ReLU and JumpReLU: on at every strength, and at some but not all. Of Top-k nothing is known between corners. */
  readonly always?: readonly number[];
  readonly some?: readonly number[];
}

/** Tree by tree, the root alone first. */
export function atomsOf({ names, pairs }: Dictionary): Atom[] {
  const children = childrenOf(pairs);
  const isChild = new Set(pairs.map(({ child }) => child));
  return names.flatMap((_, root) =>
    isChild.has(root) ? [] : [{ root }, ...(children.get(root) ?? []).map((child) => ({ root, child }))],
  );
}

export const middle = ([low, high]: Dictionary['strengths']): Rational => low.plus(high).over(Rational.of(2n));

export const featuresIn = ({ root, child }: Atom): number[] => (child === undefined ? [root] : [root, child]);

/** An input that is exactly t w_root + t' w_child. */
export function atomInput({ wp }: Dictionary, { root, child }: Atom, t: Rational, s: Rational): Input {
  const own = rationalRow(wp[root] as Vector);
  const exact = child === undefined ? stretched(own, t) : combined(own, t, rationalRow(wp[child] as Vector), s);
  return exactInput(exact);
}

export function exactInput(exact: ExactRow): Input {
  const values = Float64Array.from(exact.num, (x) => double(scaled(x, exact.exp, exact.den)));
  return { values, length: lengthAbove(values), rounded: true, exact: () => exact };
}

export function decideAtom(e: Encoder, d: Dictionary, atom: Atom, tally: Tally): DecidedAtom {
  const mid = middle(d.strengths);
  const decided = (input: Input): { margins: Float64Array; on: readonly number[] } => {
    const margins = new Float64Array(e.latents);
    productsOf(e, input.values, margins);
    settle(e, margins, input, tally);
    return { margins, on: latentsOn(e, margins, input, tally).on };
  };
  const input = atomInput(d, atom, mid, mid);
  const at = decided(input);
  if (e.k !== undefined) return { ...atom, ...at, input };
  const second = atom.child === undefined ? [mid] : d.strengths;
  const corners = d.strengths.flatMap((t) => second.map((s) => decided(atomInput(d, atom, t, s)).margins));
  const range = Array.from({ length: e.latents }, (_, i) => i);
  const times = range.map((i) => corners.filter((margins) => (margins[i] as number) > 0).length);
  return {
    ...atom,
    ...at,
    input,
    always: range.filter((i) => times[i] === corners.length),
    some: range.filter((i) => (times[i] as number) > 0 && (times[i] as number) < corners.length),
  };
}
