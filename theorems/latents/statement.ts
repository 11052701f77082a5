/**
 * # latent-on, latent-off, absorbs What latents of a trained model do, at inputs
 * **Statement.** A latent with row e, constant c and threshold theta >= 0 (ReLU: 0) has the margin s(x) = <e, x> + c, is on where s(x) > 0, and then gives s(x) + theta. *latent-on*: each latent is on at each input.
 * *latent-off*: each is off at each input; or, asked about sums, at every x = sum t_j x_j with at most K of the t_j other than 0, all between 0 and m.
 * *absorbs*: with p and c the first two inputs, P = t p, Q = t p + t' c. Of the strength of p latent i writes at P the share act_i(P) <u_i, r_p> / (t |r_p|^2), at Q act_i(Q) <u_i, p#> / t, where p# is in the span of r_p and r_c,
 * <p#, r_p> = 1 and <p#, r_c> = 0. The first latent, the carrier, writes at least 1/4 at P, and at Q less than half of that; the others are off at P, on at Q, and write at least 1/4 there together.
 * **Proof.** Computing. Of sums: s is affine, so its greatest value adds the K largest of the m <e, x_j> that are positive.
 * **Not checked.** That the numbers are those of the model that `source` names. Top-k, where others decide whether a latent is on. That no other latent writes more of p than the carrier.
 * Producer: `dictum inspect --latent N --certificate FILE`.
 */

import { LATENTS, strengthsOf } from '../../src/kernel/model/latents.ts';
import type { Latents } from '../../src/kernel/model/subject.ts';
import { Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import type { Computed } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';

type Latent = Latents['latents'][number];

const margin = ({ row, constant }: Latent, x: Vector): Rational => row.dot(x).plus(constant);

type Place = Pick<Extract<Computed, { relation: 'margin' }>, 'at' | 'times'>;

/** That a latent is on at a point named so or, with `truth` false, that it is off. */
function state(latent: Latent, x: Vector, place: Place, truth: boolean): Goal {
  const s = margin(latent, x);
  return computed(s.sign() > 0 === truth, { relation: 'margin', latent: latent.name, ...place, margin: `${s}` });
}

const each = (m: Latents, truth: boolean): Goal =>
  all(m.latents.flatMap((latent) => m.inputs.map(({ x, label }) => state(latent, x, { at: [label] }, truth))));

function off(m: Latents): Goal {
  const { sums, inputs } = m;
  if (!sums) return each(m, false);
  return all(
    m.latents.map((latent) => {
      const gains = inputs.map(({ x }) => latent.row.dot(x)).filter((g) => g.sign() > 0);
      const largest = gains.sort((a, b) => b.compare(a)).slice(0, sums.most);
      const s = sum(largest).times(sums.strength).plus(latent.constant);
      const of = { most: sums.most, strength: `${sums.strength}` };
      return computed(s.sign() <= 0, { relation: 'greatest-margin', latent: latent.name, margin: `${s}`, ...of });
    }),
  );
}

const QUARTER = Rational.of(1n, 4n);

function absorbed(m: Latents): Goal {
  const [t, s] = strengthsOf(m);
  const [p, c = p] = m.inputs as readonly [Latents['inputs'][number], Latents['inputs'][number]?];
  const [pp, pc, cc] = [p.target.dot(p.target), p.target.dot(c.target), c.target.dot(c.target)];
  const det = pp.times(cc).minus(pc.times(pc));
  if (det.sign() === 0)
    invalid('missing-data', '$.instance.inputs', 'two with independent targets, which this claim is about', 'none');
  const P = p.x.times(t);
  const Q = P.plus(c.x.times(s));
  const sharp = p.target.times(cc.over(det)).minus(c.target.times(pc.over(det)));
  const writes = (latent: Latent, x: Vector, read: Vector): Rational => {
    const value = margin(latent, x);
    return value.sign() > 0 ? value.plus(latent.threshold).times(latent.column.dot(read)).over(t) : ZERO;
  };
  const [carrier, ...others] = m.latents as readonly [Latent, ...Latent[]];
  const alone = writes(carrier, P, p.target).over(pp);
  const beside = writes(carrier, Q, sharp);
  const written = sum(others.map((latent) => writes(latent, Q, sharp)));
  const times = [`${t}`, `${s}`] as const;
  const holds = alone.compare(QUARTER) >= 0 && beside.plus(beside).compare(alone) < 0 && written.compare(QUARTER) >= 0;
  const shares = { carrier: carrier.name, of: p.label, with: c.label, alone: `${alone}`, beside: `${beside}` };
  return all(
    computed(holds, { relation: 'shares', ...shares, others: `${written}`, times }),
    others.flatMap((latent) => [
      state(latent, P, { at: [p.label], times: [`${t}`] }, false),
      state(latent, Q, { at: [p.label, c.label], times }, true),
    ]),
  );
}

const assumes = ['the rows, constants, thresholds and columns are those of the model that `source` names'];
const reading = (says: string, conclusion: (m: Latents) => Goal): Claim<Latents>['readings'] => ({
  ours: { says, hypotheses: [], conclusion, assumes },
});

export const latentOn: Claim<Latents> = {
  id: 'latent-on',
  title: 'latents are on at inputs',
  about: LATENTS,
  rules: [],
  readings: reading('each latent is on at each input', (m) => each(m, true)),
};

export const latentOff: Claim<Latents> = {
  id: 'latent-off',
  title: 'latents are off at inputs, or at all sums of a few of them',
  about: LATENTS,
  rules: [],
  readings: reading(
    'each latent is off at each input; or, where sums are asked about, at each sum of so few inputs, none stronger than said',
    off,
  ),
};

export const absorbs: Claim<Latents> = {
  id: 'absorbs',
  title: 'a latent that carries a parent concept falls silent beside a child, and others write the parent',
  about: LATENTS,
  rules: [],
  readings: reading(
    'the first latent carries the first input alone, and less than half of it beside the second, where the others come and carry it',
    absorbed,
  ),
};
