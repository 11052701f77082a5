/**
 * L~ under ReLU a third time, in floating point, and points of rule data as floats: what an accepted proof says has to show up
 * there, within rounding. Shares no code with the kernel; roots are bisected here.
 */
import type { Rational } from '../../../src/kernel/numbers/rational.ts';
import { type Plain, q } from '../read.ts';

type Numbers = number[];

export const float = (text: unknown): number => {
  const { num, den } = q(`${text}`);
  // Both parts cut to 60 digits' worth of bits, so that neither overflows.
  const shift = BigInt(Math.max(0, num.toString(2).length - 900, den.toString(2).length - 900));
  return Number(num >> shift) / Number(den >> shift);
};

export const inner = (a: Numbers, b: Numbers): number => a.reduce((total, x, k) => total + x * b[k]!, 0);
export const step = (a: Numbers, b: Numbers, t: number): Numbers => a.map((x, k) => x + t * b[k]!);

export interface Floats {
  readonly w: Numbers[];
  readonly r: Numbers[];
  readonly M: Numbers;
}

export function floats({ wp, wr = wp, weights = wp.map(() => 1) }: Plain): Floats {
  return { w: wp.map((row) => row.map(float)), r: wr.map((row) => row.map(float)), M: weights.map(float) };
}

export interface FloatPoint {
  readonly e: Numbers[];
  readonly u: Numbers[];
}

export function loss({ w, r, M }: Floats, { e, u }: FloatPoint): number {
  return w.reduce((total, direction, d) => {
    let rho = r[d]!;
    e.forEach((row, i) => {
      rho = step(rho, u[i]!, -Math.max(0, inner(row, direction)));
    });
    return total + M[d]! * inner(rho, rho);
  }, 0);
}

/** The decoder column that is best for the row on these features (zero-based), and e^T B e. */
export function bestColumn({ w, r, M }: Floats, set: Numbers, e: Numbers): { u: Numbers; s: number } {
  const s = set.reduce((total, d) => total + M[d]! * inner(e, w[d]!) ** 2, 0);
  const image = set.reduce<Numbers>(
    (total, d) => step(total, r[d]!, M[d]! * inner(e, w[d]!)),
    (r[0] as Numbers).map(() => 0),
  );
  return { u: image.map((x) => x / s), s };
}

export interface RootData {
  readonly f: string[];
  readonly in: [string, string];
}

/** A root of f in the interval, bisected with exact signs: at an end that is nearly a root floats have none. */
export function rootOf(lambda: string | RootData): number {
  if (typeof lambda === 'string') return float(lambda);
  const sign = (t: Rational): number => lambda.f.reduceRight((value, c) => value.times(t).plus(q(c)), q(0)).sign();
  let [from, to] = lambda.in.map(q) as [Rational, Rational];
  const below = sign(from);
  while (float(to.minus(from)) > 1e-15 * (1 + Math.abs(float(to)))) {
    const middle = from.plus(to).times(q('1/2'));
    if (sign(middle) === below) from = middle;
    else to = middle;
  }
  return float(from);
}

export interface PointData {
  readonly live: { readonly lambda: string | RootData; readonly e: string[][]; readonly mu: string[][] }[];
  readonly dead: { readonly e: string[]; readonly u: string[] }[];
}

/** The configuration that `live` and `dead` stand for on the pattern (one-based sets). */
export function pointOf(m: Floats, pattern: number[][], { live, dead }: PointData): FloatPoint {
  const [alive, still] = [[...live], [...dead]];
  const neurons = pattern.map((set) => {
    if (set.length === 0) {
      const { e, u } = still.shift()!;
      return { e: e.map(float), u: u.map(float) };
    }
    const { lambda, e: element } = alive.shift()!;
    const at = rootOf(lambda);
    const zero = m.w[0]!.map(() => 0);
    const e = element.reduceRight<Numbers>((value, c) => step(c.map(float), value, at), zero);
    return {
      e,
      u: bestColumn(
        m,
        set.map((d) => d - 1),
        e,
      ).u,
    };
  });
  return { e: neurons.map((x) => x.e), u: neurons.map((x) => x.u) };
}
