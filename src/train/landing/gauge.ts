/** The motions of a component that change no prediction (src/kernel/landing/gauge.ts), as proof data and as float velocities. */
import type { Instance } from '../../kernel/instance.ts';
import { type Matrix, transpose, Vector } from '../../kernel/vector.ts';
import { type Document, matrixDocument, vectorDocument } from '../../solve/document.ts';
import { nullSpace, solve } from '../../solve/linear.ts';
import { toNumber } from '../tiny/problem.ts';
import { decoderOf, encoderOf, type Part, type State } from './state.ts';

export interface Motion {
  readonly document: Document;
  /** Over the coordinates of the component. */
  readonly velocity: (s: State) => number[];
}

/** de at neuron a, du at neuron b of the component's list. */
function placed(
  s: State,
  { neurons }: Part,
  a: number,
  de: ArrayLike<number>,
  b: number,
  du: ArrayLike<number>,
): number[] {
  return neurons.flatMap((i) => [
    ...Array.from({ length: s.p.np }, (_, k) => (i === a ? (de[k] as number) : 0)),
    ...Array.from({ length: s.p.nr }, (_, k) => (i === b ? (du[k] as number) : 0)),
  ]);
}

export function motionsOf(m: Instance, s: State, part: Part): Motion[] {
  const w = (d: number): Vector => m.features[d]?.wp as Vector;
  const motions: Motion[] = [];
  for (const i of part.neurons) {
    motions.push({
      document: { kind: 'scale', neuron: i + 1 },
      velocity: (at) =>
        placed(
          at,
          part,
          i,
          encoderOf(at, i),
          i,
          decoderOf(at, i).map((x) => -x),
        ),
    });
    const seen = [...(s.on[i] as number[]), ...(s.kinks[i] as number[])].map(w);
    for (const v of nullSpace(seen, m.np)) {
      const floats = v.entries().map(toNumber);
      motions.push({
        document: { kind: 'null', neuron: i + 1, v: vectorDocument(v) },
        velocity: (at) => placed(at, part, i, floats, i, new Array<number>(m.nr).fill(0)),
      });
    }
    for (const j of part.neurons) {
      const shear = i === j ? undefined : shearOf(m, s, i, j);
      if (!shear) continue;
      const rows = shear.map((row) => row.entries().map(toNumber));
      motions.push({
        document: { kind: 'shear', from: i + 1, to: j + 1, p: matrixDocument(shear) },
        velocity: (at) => {
          const e = encoderOf(at, i);
          const moved = rows.map((row) => row.reduce((sum, x, k) => sum + x * (e[k] as number), 0));
          return placed(
            at,
            part,
            j,
            moved,
            i,
            decoderOf(at, j).map((x) => -x),
          );
        },
      });
    }
  }
  return motions;
}

/** P with w_d^T P = w_d^T on F_i and 0 on what neuron j sees besides, if there is one. */
function shearOf(m: Instance, s: State, i: number, j: number): Matrix | undefined {
  const [from, to] = [s.on[i] as number[], s.on[j] as number[]];
  if (!from.every((d) => to.includes(d))) return undefined;
  const seen = [...to, ...(s.kinks[j] as number[])];
  const kept = (d: number): boolean => from.includes(d) || (s.kinks[i] as number[]).includes(d);
  const left = seen.map((d) => m.features[d]?.wp as Vector);
  const right = seen.map((d, k) => (kept(d) ? (left[k] as Vector) : Vector.zero(m.np)));
  const columns = transpose(right, m.np).map((column) => solve(left, column, m.np));
  return columns.every((c) => c !== undefined) ? transpose(columns, m.np) : undefined;
}
