/** Proof data for pre-activations that are held at 0 (src/landing/check/faces.ts). */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import { solve } from '../../solve/linear/linear.ts';
import { type Document, vectorDocument } from '../../solve/proofs/document.ts';
import { rounded } from './dyadic.ts';
import { independentOf } from './elimination.ts';
import { decoderOf, dotOf, inputOf, residualOf, type State } from './state.ts';

/** Of the kinks of neuron i, those whose directions make up the others', as positions in the list. */
function basisOf(s: State, i: number): number[] {
  const held = s.kinks[i] as number[];
  return independentOf(
    [],
    held.map((d) => [...inputOf(s.p, d)]),
  ).after.sort((a, b) => a - b);
}

/** How many conditions the kinks of neuron i are. */
export const faceRank = (s: State, i: number): number => (s.kinks[i]?.length === 0 ? 0 : basisOf(s, i).length);

/** Parts of the largest multiplier that are tried for a kink whose direction others make up. */
const SHARES = [1 / 2, 1 / 4, 3 / 4, 1 / 16, 15 / 16, 1 / 64, 63 / 64];

/** For each kink of neuron i: q with <q, w_d> = 1 there and 0 at the others that have one, or the multiplier itself. */
export function dualsOf(m: Instance, s: State, i: number): Document[] {
  const held = s.kinks[i] as number[];
  if (held.length === 0) return [];
  const own = basisOf(s, i);
  const w = own.map((k) => m.features[held[k] as number]?.wp as Vector);
  const gram = w.map((a) => Vector.of(w.map((b) => a.dot(b))));
  const duals = own.map((_, k) => {
    const unit = Vector.of(own.map((_, j) => Rational.of(j === k ? 1n : 0n)));
    return combine((solve(gram, unit, own.length) ?? unit).entries(), w, m.np);
  });
  const given = multipliersOf(
    s,
    i,
    held.filter((_, k) => !own.includes(k)),
    own.map((k) => held[k] as number),
    duals.map((q) => q.entries().map((x) => Number(x.num) / Number(x.den))),
  );
  let next = 0;
  return held.map((_, k) => {
    const at = own.indexOf(k);
    return at >= 0 ? vectorDocument(duals[at] as Vector) : `${rounded(given[next++] as number, 40)}`;
  });
}

/** The pull of neuron i's own features on e_i, over the kinks: gradient of the features it is active on. */
export function pullOf(s: State, i: number): number[] {
  const { p } = s;
  const gradient = new Array<number>(p.np).fill(0);
  for (const d of s.on[i] as number[]) {
    const along = dotOf(residualOf(s, d), decoderOf(s, i));
    inputOf(p, d).forEach((w, k) => {
      gradient[k] = (gradient[k] as number) - 2 * (p.weight[d] as number) * along * w;
    });
  }
  return gradient;
}

/** -2 M_d <rho_d, u_i>: what waking neuron i on feature d costs, to first order. */
export const pushOf = (s: State, i: number, d: number): number =>
  -2 * (s.p.weight[d] as number) * dotOf(residualOf(s, d), decoderOf(s, i));

/** Multipliers for the `others`, so that those of the basis are between 0 and what they may be, by as much as is found. */
function multipliersOf(
  s: State,
  i: number,
  others: readonly number[],
  basis: readonly number[],
  duals: readonly (readonly number[])[],
): number[] {
  const gradient = pullOf(s, i);
  let tried: number[][] = [[]];
  for (const d of others)
    tried = tried.flatMap((list) => SHARES.map((x) => [...list, x * pushOf(s, i, d)])).slice(0, 400);
  const room = (list: readonly number[]): number =>
    basis.reduce((least, d, k) => {
      const q = duals[k] as readonly number[];
      const rest = others.reduce((sum, c, j) => sum + (list[j] as number) * dotOf(q, inputOf(s.p, c)), 0);
      const own = -dotOf(q, gradient) - rest;
      return Math.min(least, own, pushOf(s, i, d) - own);
    }, Infinity);
  return tried.reduce((best, list) => (room(list) > room(best) ? list : best), tried[0] as number[]);
}
