/** Walks the path of a certificate for `valley-exit`, by the losses of configurations on it alone: no code, no modulus, no formula of the rule. */
import { expect } from 'vitest';
import {
  type Configuration,
  configurationOf,
  type Instance,
  readInstance,
} from '../../../src/kernel/model/instance.ts';
import { approximateLoss, encode, evaluate } from '../../../src/kernel/model/model.ts';
import { ONE, type Rational, sum, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../../src/kernel/numbers/vector.ts';
import { solve } from '../../../src/solve/linear/linear.ts';
import { node, q, vector } from '../../kernel/read.ts';

export interface Proof {
  readonly rule: string;
  readonly moved: readonly {
    readonly neuron: number;
    readonly code: readonly { readonly neuron: number; readonly weight: string }[];
    readonly row: readonly string[];
  }[];
  readonly p?: number;
  readonly rows?: readonly number[];
}

export const conclusionOf = (certificate: string): Proof =>
  (JSON.parse(certificate) as { witness: { conclusion: Proof } }).witness.conclusion;

const mixed = (a: Matrix, b: Matrix, t: Rational): Matrix =>
  a.map((row, i) => row.times(ONE.minus(t)).plus((b[i] as Vector).times(t)));

/** The losses on the way, ends included. */
function leg(m: Instance, from: Configuration, to: Configuration): Rational[] {
  return ['0', '1/7', '1/4', '1/2', '3/4', '1'].map((t) =>
    approximateLoss(m, { we: mixed(from.we, to.we, q(t)), wd: mixed(from.wd, to.wd, q(t)) }),
  );
}

/** What a neuron passes on each feature. */
const passed = (m: Instance, at: Configuration): Rational[][] => {
  const { z, active } = encode(m, [at]);
  return active.map((row, i) => row.map((on, d) => (on ? (z[i]?.[d]?.[0] as Rational) : ZERO)));
};

/** Losses on the three legs of the path; the last ends where the certificate says it does. */
export function walked(certificate: string): { readonly legs: readonly Rational[][]; readonly end: Rational } {
  const m = readInstance(node((JSON.parse(certificate) as { instance: unknown }).instance));
  const proof = conclusionOf(certificate);
  const at = configurationOf(m);
  const gone = new Map(proof.moved.map((item) => [item.neuron - 1, item]));
  const compensated = at.wd.map((u, b) =>
    gone.has(b)
      ? Vector.zero(m.nr)
      : proof.moved.reduce((total, { neuron, code }) => {
          const own = code.filter((term) => term.neuron === b + 1).map(({ weight }) => q(weight));
          return total.plus((at.wd[neuron - 1] as Vector).times(sum(own)));
        }, u),
  );
  const freed = { we: at.we, wd: compensated };
  const turned = { we: at.we.map((e, i) => (gone.has(i) ? vector(...(gone.get(i)?.row ?? [])) : e)), wd: compensated };
  const last = { we: turned.we, wd: proof.rows ? solved(m, turned, proof.rows) : pulled(m, turned, proof) };
  const legs = [leg(m, at, freed), leg(m, freed, turned), leg(m, turned, last)];
  return { legs, end: approximateLoss(m, last) };
}

/** Columns of the rows chosen that reconstruct every feature of positive weight; 0 for the others. */
function solved(m: Instance, at: Configuration, rows: readonly number[]): Matrix {
  const codes = passed(m, at);
  const features = m.features.flatMap(({ weight }, d) => (weight.sign() > 0 ? [d] : []));
  const equations = features.map((d) => Vector.of(rows.map((i) => codes[i - 1]?.[d] as Rational)));
  const byOutput = Array.from({ length: m.nr }, (_, r) => {
    const found = solve(equations, Vector.of(features.map((d) => m.features[d]?.wr.at(r) as Rational)), rows.length);
    expect(found).toBeDefined();
    return found as Vector;
  });
  return at.wd.map((_, i) => {
    const k = rows.indexOf(i + 1);
    return Vector.of(byOutput.map((u) => (k < 0 ? ZERO : u.at(k))));
  });
}

/** The best column for the row of the one neuron freed, the others as they are: least squares. */
function pulled(m: Instance, at: Configuration, { moved }: Proof): Matrix {
  const j = (moved[0]?.neuron as number) - 1;
  const f = passed(m, at)[j] as Rational[];
  const weights = m.features.map(({ weight }, d) => weight.times(f[d] as Rational));
  const { residuals } = evaluate(m, [at]);
  const pull = combine(
    weights,
    residuals.map(([rho]) => rho as Vector),
    m.nr,
  );
  return at.wd.with(j, pull.times(ONE.over(sum(weights.map((x, d) => x.times(f[d] as Rational))))));
}

/** That L~ never rises on it: level on two legs, falling on the third. */
export function neverRises(certificate: string): Rational {
  const { legs, end } = walked(certificate);
  const [first, second, third] = legs as [Rational[], Rational[], Rational[]];
  for (const loss of [...first, ...second]) expect(`${loss}`).toBe(`${first[0]}`);
  for (const [k, loss] of third.entries()) expect(loss.compare(third[k - 1] ?? loss)).toBeLessThanOrEqual(0);
  return end;
}
