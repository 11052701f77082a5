/** The motions of a group that change no prediction (src/landing/check/gauge.ts), as proof data and as float velocities. */
import type { Instance } from '../../kernel/model/instance.ts';
import { type Matrix, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { nullSpace, solve } from '../../solve/linear/linear.ts';
import { type Document, matrixDocument, vectorDocument } from '../../solve/proofs/document.ts';
import { toNumber } from '../runs/problem.ts';
import { ofSizeOne } from './dyadic.ts';
import { type Lift, passed, placed } from './frame.ts';
import { decoderOf, encoderOf, type Part, type State } from './state.ts';

export interface Motion {
  readonly document: Document;
  /** In the coordinates of the frame. */
  readonly velocity: readonly number[];
}

const negated = (x: readonly number[]): number[] => x.map((y) => -y);

export function motionsOf(m: Instance, s: State, part: Part, lift: Lift): Motion[] {
  const motions: Motion[] = [];
  for (const i of part.neurons) {
    const own = lift.get(i);
    const e = own ? own.map((d) => passed(s, i, d)) : encoderOf(s, i);
    motions.push({
      document: { kind: 'scale', neuron: i + 1 },
      velocity: placed(s, part, lift, i, e, i, negated(decoderOf(s, i))),
    });
    if (!own) {
      for (const v of unseenBy(m, s, i)) {
        motions.push({
          document: { kind: 'null', neuron: i + 1, v: vectorDocument(v) },
          velocity: placed(s, part, lift, i, v.entries().map(toNumber), i, []),
        });
      }
    }
    for (const j of part.neurons) {
      const motion = i === j ? undefined : shearOf(m, s, part, lift, i, j);
      if (motion) motions.push(motion);
    }
  }
  return motions;
}

const rememberedSpaces = new WeakMap<Instance, Map<string, readonly Vector[]>>();

/** Directions that no feature of neuron i sees, whether it is active there or held at 0. The same sets come again and again. */
function unseenBy(m: Instance, s: State, i: number): readonly Vector[] {
  return perpendicular(m, [...(s.on[i] as number[]), ...(s.kinks[i] as number[])]);
}

/** Directions of size 1 perpendicular to the w_d of a set. */
export function perpendicular(m: Instance, set: readonly number[]): readonly Vector[] {
  const known = rememberedSpaces.get(m) ?? new Map<string, readonly Vector[]>();
  rememberedSpaces.set(m, known);
  const key = set.join(',');
  let space = known.get(key);
  if (!space) {
    space = nullSpace(
      set.map((d) => m.features[d]?.wp as Vector),
      m.np,
    ).map(ofSizeOne);
    known.set(key, space);
  }
  return space;
}

function shearOf(m: Instance, s: State, part: Part, lift: Lift, i: number, j: number): Motion | undefined {
  const from = lift.get(i) ?? (s.on[i] as number[]);
  const to = lift.get(j);
  const ends = { kind: 'shear', from: i + 1, to: j + 1 };
  const back = negated(decoderOf(s, j));
  if (to) {
    if (!from.every((d) => to.includes(d))) return undefined;
    const moved = to.map((d) => (from.includes(d) ? passed(s, i, d) : 0));
    return { document: ends, velocity: placed(s, part, lift, j, moved, i, back) };
  }
  const p = lift.has(i) ? undefined : carrierOf(m, s, i, j);
  if (!p) return undefined;
  const e = encoderOf(s, i);
  const moved = p.map((row) => row.entries().reduce((sum, x, k) => sum + toNumber(x) * (e[k] as number), 0));
  return {
    document: { ...ends, p: matrixDocument(p) },
    velocity: placed(s, part, lift, j, moved, i, back),
  };
}

/** P with w_d^T P = w_d^T on F_i and 0 on what neuron j sees besides, if there is one. */
function carrierOf(m: Instance, s: State, i: number, j: number): Matrix | undefined {
  const [from, to] = [s.on[i] as number[], s.on[j] as number[]];
  if (!from.every((d) => to.includes(d))) return undefined;
  const seen = [...to, ...(s.kinks[j] as number[])];
  const kept = (d: number): boolean => from.includes(d) || (s.kinks[i] as number[]).includes(d);
  const left = seen.map((d) => m.features[d]?.wp as Vector);
  const right = seen.map((d, k) => (kept(d) ? (left[k] as Vector) : Vector.zero(m.np)));
  const columns = transpose(right, m.np).map((column) => solve(left, column, m.np));
  return columns.every((c) => c !== undefined) ? transpose(columns, m.np) : undefined;
}
