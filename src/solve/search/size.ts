/** The order in which counterexamples are small: n, then n_p, then n_q, then the bits of all the numbers written down. */
import type { Instance } from '../../kernel/model/instance.ts';
import { ONE, type Rational } from '../../kernel/numbers/rational.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import { inFile } from './biased.ts';
import { quantities } from './distributions.ts';

export type Size = readonly [n: number, np: number, nq: number, bits: number];

const bitsOf = (x: bigint): number => (x === 0n ? 0 : (x < 0n ? -x : x).toString(2).length);
/** Zero costs nothing, a sign one bit, an integer no denominator. */
const cost = (x: Rational): number => bitsOf(x.num) + (x.num < 0n ? 1 : 0) + (x.den === 1n ? 0 : bitsOf(x.den));
const total = (of: readonly Rational[]): number => of.reduce((sum, x) => sum + cost(x), 0);
const entries = (rows: readonly Vector[] = []): Rational[] => rows.flatMap((row) => row.entries());

/** The bits of all the quantities of the instance's file. What need not be written is free: M_d = 1, and r_d = w_d. */
export function bits(m: Instance): number {
  const { activation, configuration: at, pattern = [] } = m;
  const parameter =
    'theta' in activation ? cost(activation.theta) : 'k' in activation ? bitsOf(BigInt(activation.k)) : 0;
  const targets = m.features.flatMap((f) => (f.wr.equals(f.wp) ? [] : [f.wr]));
  const weights = m.features.flatMap((f) => (f.weight.equals(ONE) ? [] : [f.weight]));
  const configuration = at
    ? total([...entries(at.we), ...entries(at.wd), ...entries(at.gate?.rows), ...(at.gate?.bias.entries() ?? [])])
    : 0;
  const sets = pattern.reduce((sum, set) => sum + set.length, 0);
  const features = total([...entries(m.features.map((f) => f.wp)), ...entries(targets), ...weights]);
  const inputs = total(quantities(m.distribution)) + (m.distribution ? 1 : 0) + (m.anchors?.length ?? 0);
  return parameter + features + 2 * targets.length + weights.length + configuration + sets + inputs;
}

/** The size of an instance. */
export function sizeOf(m: Instance): Size {
  const file = inFile(m);
  return [file.features.length, file.np, file.neurons, bits(file)];
}

/** Negative where a is smaller. */
export function compareSizes(a: Size, b: Size): number {
  const k = a.findIndex((x, i) => x !== b[i]);
  return k < 0 ? 0 : (a[k] as number) - (b[k] as number);
}
