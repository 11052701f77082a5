/**
 * Motions that change weights and not a single prediction: e_i and u_i scaled against each other, e_i moved where none of its
 * features sees it, and for nested sets F_i in F_j the shear e_j += t P e_i, u_i -= t u_j, where P e_i agrees with e_i on F_i and
 * vanishes on F_j \ F_i. Each is a flow along which L~ is constant, with active sets that stay for small t.
 */
import type { Instance } from '../instance.ts';
import type { Node } from '../node.ts';
import { invalid } from '../rejection.ts';
import { combine, type Matrix, transpose, type Vector } from '../vector.ts';
import { dot, encloseRows, encloseVector, type Interval, minus, NOTHING } from './interval.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** The features of each neuron, and those where it is at a kink. */
export interface Sets {
  readonly on: readonly (readonly number[])[];
  readonly kinks: readonly (readonly number[])[];
}

/** The velocity of one motion at a point of the box: a coordinate for each neuron of the component. */
export type Motion = (at: Neighbourhood, neurons: readonly number[]) => Interval[];

const w = (m: Instance, d: number): Vector => m.features[d]?.wp as Vector;

/** Reads one motion; refuses one that would change a prediction or leave a face. */
export function readMotion(m: Instance, sets: Sets, neurons: readonly number[], node: Node): Motion {
  const kind = (node.members().get('kind') ?? node).word(['scale', 'null', 'shear']);
  const member = (at: Node): number => {
    const i = at.index(1, m.neurons) - 1;
    return neurons.includes(i) ? i : invalid('wrong-gauge', at.path, 'a neuron of the component', `${i + 1}`);
  };
  if (kind === 'scale') {
    const i = member(node.fields(['kind', 'neuron']).neuron);
    return (at, all) =>
      placed(
        at,
        all,
        i,
        at.e[i] as Interval[],
        (at.u[i] as Interval[]).map((x) => minus(NOTHING, x)),
        i,
      );
  }
  if (kind === 'null') {
    const parts = node.fields(['kind', 'neuron', 'v']);
    const i = member(parts.neuron);
    const v = parts.v.vector(m.np);
    for (const d of [...(sets.on[i] ?? []), ...(sets.kinks[i] ?? [])]) {
      if (v.dot(w(m, d)).sign() !== 0) invalid('wrong-gauge', parts.v.path, `<v, w_${d + 1}> = 0`, `${v.dot(w(m, d))}`);
    }
    return (at, all) => placed(at, all, i, encloseVector(v), [], i);
  }
  const parts = node.fields(['kind', 'from', 'to', 'p']);
  const [i, j] = [member(parts.from), member(parts.to)];
  const p = parts.p.matrix(m.np, m.np);
  checkShear(m, sets, i, j, p, node);
  const rows = encloseRows(p);
  return (at, all) => {
    const moved = rows.map((row) => dot(row, at.e[i] as Interval[]));
    return placed(
      at,
      all,
      j,
      moved,
      (at.u[j] as Interval[]).map((x) => minus(NOTHING, x)),
      i,
    );
  };
}

function checkShear(m: Instance, sets: Sets, i: number, j: number, p: Matrix, node: Node): void {
  const [from, to] = [sets.on[i] ?? [], sets.on[j] ?? []];
  if (i === j || !from.every((d) => to.includes(d)))
    invalid('wrong-gauge', node.path, 'nested sets of two neurons', 'others');
  const columns = transpose(p, m.np);
  const seen = (d: number): Vector => combine(w(m, d).entries(), p, m.np);
  if (columns.length !== m.np) throw new Error('p is square');
  for (const d of [...to, ...(sets.kinks[j] ?? [])]) {
    const kept = from.includes(d) || (sets.kinks[i] ?? []).includes(d);
    const right = kept ? seen(d).equals(w(m, d)) || (!to.includes(d) && seen(d).isZero()) : seen(d).isZero();
    if (!right) invalid('wrong-gauge', node.path, `w_${d + 1}^T P = ${kept ? `w_${d + 1}^T` : '0'}`, `${seen(d)}`);
  }
}

/** de at neuron `encoder`, du at neuron `decoder`, 0 elsewhere. */
function placed(
  at: Neighbourhood,
  neurons: readonly number[],
  encoder: number,
  de: readonly Interval[],
  du: readonly Interval[],
  decoder: number,
): Interval[] {
  return neurons.flatMap((i) => [
    ...Array.from({ length: at.m.np }, (_, k) => (i === encoder ? (de[k] ?? NOTHING) : NOTHING)),
    ...Array.from({ length: at.m.nr }, (_, k) => (i === decoder ? (du[k] ?? NOTHING) : NOTHING)),
  ]);
}
