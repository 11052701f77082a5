/**
 * Motions that change weights and not a single prediction: e_i and u_i scaled against each other, e_i moved where none of its
 * features sees it, and the shear of neuron i into j: z_j += t z_i on the features that i sees, u_i -= t u_j. A lifted neuron j
 * can follow it if it sees what i sees; another one where e_j += t P e_i does it, P e_i seen as e_i on F_i and as 0 on F_j \ F_i.
 * Each is a flow along which L~ is constant, with active sets that stay for small t.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { combine, type Matrix, type Vector } from '../../kernel/numbers/vector.ts';
import { type Frame, type Own, passed, type Sets } from './frame.ts';
import { dot, encloseRows, encloseVector, type Interval, NOTHING, negated } from './interval.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** The velocity of one motion at a point of the box, in the coordinates of the frame. */
export type Motion = (at: Neighbourhood) => Interval[];

const w = (m: Instance, d: number): Vector => m.features[d]?.wp as Vector;

/** Reads one motion; refuses one that would change a prediction or leave a face. */
export function readMotion(m: Instance, sets: Sets, frame: Frame, node: Node): Motion {
  const kind = (node.members().get('kind') ?? node).word(['scale', 'null', 'shear']);
  const member = (at: Node): Own => {
    const i = at.index(1, m.neurons) - 1;
    return frame.find(({ neuron }) => neuron === i) ?? invalid('wrong-gauge', at.path, 'one of the group', `${i + 1}`);
  };
  if (kind === 'scale') {
    const own = member(node.fields(['kind', 'neuron']).neuron);
    const { neuron: i, lifted, sees } = own;
    return (at) => {
      const e = lifted ? sees.map((d) => passed(at, i, d)) : (at.e[i] as Interval[]);
      return placed(at, frame, own, e, own, (at.u[i] as Interval[]).map(negated));
    };
  }
  if (kind === 'null') {
    const parts = node.fields(['kind', 'neuron', 'v']);
    const own = member(parts.neuron);
    const v = parts.v.vector(m.np);
    if (own.lifted) invalid('wrong-gauge', node.path, 'a neuron that is not lifted', `${own.neuron + 1}`);
    for (const d of [...own.sees, ...(sets.kinks[own.neuron] ?? [])]) {
      if (v.dot(w(m, d)).sign() !== 0) invalid('wrong-gauge', parts.v.path, `<v, w_${d + 1}> = 0`, `${v.dot(w(m, d))}`);
    }
    return (at) => placed(at, frame, own, encloseVector(v), own, []);
  }
  const parts = node.fields(['kind', 'from', 'to'], ['p']);
  const [from, to] = [member(parts.from), member(parts.to)];
  if (from === to || !from.sees.every((d) => to.sees.includes(d))) {
    invalid('wrong-gauge', node.path, 'nested sets of two neurons', 'others');
  }
  const back = (at: Neighbourhood): Interval[] => (at.u[to.neuron] as Interval[]).map(negated);
  if (to.lifted) {
    if (parts.p) invalid('wrong-gauge', parts.p.path, 'no p for a lifted neuron', 'one');
    const seen = (at: Neighbourhood, d: number): Interval =>
      from.sees.includes(d) ? passed(at, from.neuron, d) : NOTHING;
    return (at) =>
      placed(
        at,
        frame,
        to,
        to.sees.map((d) => seen(at, d)),
        from,
        back(at),
      );
  }
  if (from.lifted) invalid('wrong-gauge', node.path, 'a lifted neuron to follow a lifted one', `${to.neuron + 1}`);
  const p = (parts.p ?? node).matrix(m.np, m.np);
  checkShear(m, sets, from.neuron, to.neuron, p, node);
  const rows = encloseRows(p);
  return (at) => {
    const moved = rows.map((row) => dot(row, at.e[from.neuron] as Interval[]));
    return placed(at, frame, to, moved, from, back(at));
  };
}

function checkShear(m: Instance, sets: Sets, i: number, j: number, p: Matrix, node: Node): void {
  const [from, to] = [sets.on[i] ?? [], sets.on[j] ?? []];
  const seen = (d: number): Vector => combine(w(m, d).entries(), p, m.np);
  for (const d of [...to, ...(sets.kinks[j] ?? [])]) {
    const kept = from.includes(d) || (sets.kinks[i] ?? []).includes(d);
    const right = (kept && seen(d).equals(w(m, d))) || (!from.includes(d) && seen(d).isZero());
    if (!right) invalid('wrong-gauge', node.path, `w_${d + 1}^T P = ${kept ? `w_${d + 1}^T` : '0'}`, `${seen(d)}`);
  }
}

/** `first` for the encoder of one neuron, `second` for the decoder of another, 0 elsewhere. */
export function placed(
  { m }: Neighbourhood,
  frame: Frame,
  encoder: Own,
  first: readonly Interval[],
  decoder: Own,
  second: readonly Interval[],
): Interval[] {
  return frame.flatMap((own) => [
    ...Array.from({ length: own.size }, (_, k) => (own === encoder ? (first[k] ?? NOTHING) : NOTHING)),
    ...Array.from({ length: m.nr }, (_, k) => (own === decoder ? (second[k] ?? NOTHING) : NOTHING)),
  ]);
}
