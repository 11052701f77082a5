/** Dependencies of directions that make a lifted gradient vanish (src/landing/check/relation.ts). */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import { nullSpace } from '../../solve/linear/linear.ts';
import { type Document, vectorDocument } from '../../solve/proofs/document.ts';
import { toNumber } from '../runs/problem.ts';
import { ofSizeOne } from './dyadic.ts';
import { type Lift, placed } from './frame.ts';
import { dotOf, encoderOf, type Part, type State } from './state.ts';

export interface Relations {
  readonly documents: readonly Document[];
  /** In the coordinates of the frame. */
  readonly directions: readonly (readonly number[])[];
  /** For each neuron, vectors that its row has to be perpendicular to, exactly. */
  readonly conditions: ReadonlyMap<number, readonly Vector[]>;
}

/** <e_j, v> below this is 0 to the accuracy of a settled point. */
const SMALL = 1e-8;

export const NO_RELATIONS: Relations = { documents: [], directions: [], conditions: new Map() };

/** All relations among the features that the neurons meet; undefined if there is none. */
export function relationsOf(m: Instance, s: State, part: Part, lift: Lift): Relations | undefined {
  const { features, neurons } = part;
  const feature = (d: number): Instance['features'][number] => m.features[d] as Instance['features'][number];
  if (!features.every((d) => feature(d).weight.sign() > 0)) return undefined;
  const rows = Array.from({ length: m.np + m.nr }, (_, k) =>
    Vector.of(features.map((d) => (k < m.np ? feature(d).wp.at(k) : feature(d).wr.at(k - m.np)))),
  );
  const documents: Document[] = [];
  const directions: number[][] = [];
  const conditions = new Map<number, Vector[]>();
  for (const c of nullSpace(rows, features.length).map(ofSizeOne)) {
    const share = (d: number): Rational => (features.includes(d) ? c.at(features.indexOf(d)) : Rational.of(0n));
    const support = features.filter((d) => share(d).sign() !== 0);
    const needed = neurons.map((j) => {
      const set = support.filter((d) => s.on[j]?.includes(d));
      return combine(
        set.map(share),
        set.map((d) => feature(d).wp),
        m.np,
      );
    });
    const meets = needed.every((v, a) => {
      const e = encoderOf(s, neurons[a] as number);
      const floats = v.entries().map(toNumber);
      return Math.abs(dotOf(floats, e)) <= SMALL * (Math.hypot(...floats) * Math.hypot(...e) + 1e-12);
    });
    if (!meets) continue;
    const lifted = neurons.filter((i) => support.every((d) => lift.get(i)?.includes(d)));
    for (const i of lifted) {
      documents.push({ neuron: i + 1, c: vectorDocument(Vector.of(m.features.map((_, d) => share(d)))) });
      const first = (lift.get(i) as readonly number[]).map((d) => toNumber(share(d)) / (s.p.weight[d] as number));
      directions.push(placed(s, part, lift, i, first, i, []));
    }
    if (lifted.length === 0) continue;
    needed.forEach((v, a) => {
      const j = neurons[a] as number;
      if (!v.isZero()) conditions.set(j, [...(conditions.get(j) ?? []), v]);
    });
  }
  return documents.length > 0 ? { documents, directions, conditions } : undefined;
}
