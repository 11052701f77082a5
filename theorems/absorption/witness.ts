/**
 * For the repaired T8: an encoder for the pattern that splits j* off, constructed from one that realizes P, theta > 0:
 * 1. change e_i* a little, so that its values on F_i* differ from each other and all others stay below the smallest, a_min;
 * 2. scale it by theta / a_min: only j*, where a_min is taken, drops out, and no value rises where it was at most theta;
 * 3. the new neuron is alpha w_j* with alpha > theta and alpha max <w_j*, w_d> <= theta over d != j*.
 */
import { type Encoder, featureAt, type Instance, type Pattern, patternOf } from '../../src/kernel/model/instance.ts';
import { Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { realize } from '../../src/solve/realize/realize.ts';

const smallest = (values: readonly Rational[]): Rational => values.reduce((a, b) => (b.compare(a) < 0 ? b : a));
const largest = (values: readonly Rational[]): Rational => values.reduce((a, b) => (b.compare(a) > 0 ? b : a));

/** Step 1: e + delta with values on `set` that differ, all others below the smallest of them. */
function untied(m: Instance, e: Vector, set: readonly number[]): Vector | undefined {
  const values = (row: Vector, inside: boolean): Rational[] =>
    m.features.flatMap((f, d) => (set.includes(d) === inside ? [row.dot(f.wp)] : []));
  const fits = (row: Vector): boolean => {
    const on = values(row, true);
    const off = values(row, false);
    const differ = on.every((x, k) => on.slice(0, k).every((y) => !x.equals(y)));
    return differ && smallest(on).sign() > 0 && off.every((x) => x.compare(smallest(on)) < 0);
  };
  if (fits(e)) return e;
  for (let halvings = 1; halvings <= 64; halvings++) {
    const size = Rational.of(1n, 1n << BigInt(halvings));
    for (let turn = 1n; turn <= 8n; turn++) {
      const delta = Vector.ints(Array.from({ length: m.np }, (_, k) => turn ** BigInt(k)));
      const row = e.plus(delta.times(size));
      if (fits(row)) return row;
    }
  }
  return undefined;
}

/** The split of neuron i: its scaled row and the new one, and the feature that drops out. */
function split(m: Instance, theta: Rational, e: Vector, set: readonly number[]) {
  const row = untied(m, e, set);
  if (!row) return undefined;
  const values = set.map((d) => row.dot(featureAt(m, d).wp));
  const least = smallest(values);
  const dropped = set[values.findIndex((x) => x.equals(least))] as number;
  const w = featureAt(m, dropped).wp;
  const rivals = m.features.flatMap((f, d) => (d === dropped ? [] : [w.dot(f.wp)]));
  const top = rivals.length === 0 ? ZERO : largest(rivals);
  // alpha max <= theta and alpha > theta: the middle of (theta, theta / max), or 2 theta where no rival is positive.
  const alpha = top.sign() > 0 ? theta.plus(theta.over(top)).over(Rational.of(2n)) : theta.times(Rational.of(2n));
  return { dropped, rows: [row.times(theta.over(least)), w.times(alpha)] };
}

function* splittingEncoders(m: Instance, wanted: Pattern): Generator<Encoder> {
  const pattern = patternOf(m);
  const { activation } = m;
  if (activation.kind !== 'jumprelu' || activation.theta.sign() === 0 || wanted.length !== pattern.length + 1) return;
  const answer = realize(m, pattern);
  if (!answer.realizable) return;
  const { we } = answer.encoder;
  const i = pattern.findIndex((set, k) => set.length !== wanted[k]?.length);
  const parts = split(m, activation.theta, we[i] as Vector, pattern[i] ?? []);
  if (parts && wanted[i + 1]?.[0] === parts.dropped) {
    const rows: Matrix = we.flatMap((row, k) => (k === i ? parts.rows : [row]));
    yield { we: rows };
  }
}

export const proposals: Proposals = { encoders: splittingEncoders };
