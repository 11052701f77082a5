/** Realizability where neurons compete: topk, topk-pure and batchtopk. One system for each group of coupled neurons. */
import { capacity } from '../../kernel/model/activation.ts';
import { type Activation, featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { connectedComponents } from '../linear/connectedComponents.ts';
import type { Realization, WeightedRow } from './answer.ts';

type Competitive = Extract<Activation, { k: number }>;

/** An inequality of the kernel's rule `farkas-joint`, zero-based; `off` is weak, the others are strict. */
interface Condition {
  readonly kind: 'on' | 'off' | 'compare';
  readonly neuron: number;
  readonly over?: number;
  readonly feature: number;
}

/** `pattern` is within capacity. */
export function realizeJointly(m: Instance, activation: Competitive, pattern: Pattern): Realization {
  const total = pattern.reduce((count, set) => count + set.length, 0);
  const full = activation.kind === 'batchtopk' && total >= capacity(activation, m.features.length);
  const conditions = conditionsOf(m, activation, pattern);
  const rows = new Array<Vector>(pattern.length).fill(Vector.zero(m.np));
  for (const group of full ? [[...pattern.keys()]] : coupled(conditions, pattern.length)) {
    const members = new Set(group);
    const own = conditions.filter((c) => members.has(c.neuron));
    const answer = solveGroup(m, group, own, full);
    if (!answer.solvable) return { realizable: false, refutation: { rule: 'farkas-joint', rows: answer.rows } };
    group.forEach((i, k) => {
      rows[i] = answer.e[k] as Vector;
    });
  }
  return { realizable: true, encoder: { we: rows } };
}

/** What the pattern implies, as the kernel lists it for `farkas-joint`. Together it is also sufficient. */
function conditionsOf(m: Instance, activation: Competitive, pattern: Pattern): Condition[] {
  const conditions: Condition[] = [];
  const sets = pattern.map((set) => new Set(set));
  for (const feature of m.features.keys()) {
    const active = sets.flatMap((set, i) => (set.has(feature) ? [i] : []));
    const idle = sets.flatMap((set, i) => (set.has(feature) ? [] : [i]));
    const atCapacity = activation.kind !== 'batchtopk' && active.length === activation.k;
    if (activation.kind !== 'topk-pure') {
      for (const neuron of active) conditions.push({ kind: 'on', neuron, feature });
      if (!atCapacity) for (const neuron of idle) conditions.push({ kind: 'off', neuron, feature });
    }
    if (!atCapacity) continue;
    for (const neuron of active) {
      for (const over of idle) conditions.push({ kind: 'compare', neuron, over, feature });
    }
  }
  return conditions;
}

/** Neurons joined by comparisons: groups that can be decided apart. */
const coupled = (conditions: readonly Condition[], neurons: number): number[][] =>
  connectedComponents(
    neurons,
    conditions.flatMap(({ neuron, over }) => (over === undefined ? [] : [[neuron, over] as const])),
  );

type GroupAnswer =
  | { readonly solvable: true; readonly e: Matrix }
  | { readonly solvable: false; readonly rows: readonly WeightedRow[] };

/** The unknowns are the rows e_i of the group one after the other, then t >= 0 where a full batch sets a threshold. */
function solveGroup(
  m: Instance,
  group: readonly number[],
  conditions: readonly Condition[],
  full: boolean,
): GroupAnswer {
  const place = new Map(group.map((i, k) => [i, k * m.np]));
  const dimension = group.length * m.np + (full ? 1 : 0);
  const row = ({ kind, neuron, over, feature }: Condition): Vector => {
    const w = featureAt(m, feature).wp;
    const num = new Array<bigint>(dimension).fill(0n);
    w.num.forEach((x, t) => {
      num[(place.get(neuron) as number) + t] = kind === 'off' ? -x : x;
      if (over !== undefined) num[(place.get(over) as number) + t] = -x;
    });
    if (full) num[dimension - 1] = kind === 'off' ? w.den : -w.den;
    return Vector.ints(num, w.den);
  };
  const strict = conditions.filter((c) => c.kind !== 'off');
  const weak = conditions.filter((c) => c.kind === 'off');
  const threshold = full
    ? [Vector.ints(Array.from({ length: dimension }, (_, t) => (t === dimension - 1 ? 1n : 0n)))]
    : [];
  const answer = motzkin({ dimension, strict: strict.map(row), weak: [...weak.map(row), ...threshold] });
  if (answer.solvable) {
    return { solvable: true, e: group.map((_, k) => Vector.ints(answer.x.num.slice(k * m.np, (k + 1) * m.np))) };
  }
  const weights = [...answer.strict, ...answer.weak];
  const rows = [...strict, ...weak].flatMap((condition, k): WeightedRow[] => {
    const weight = weights[k] as bigint;
    if (weight === 0n) return [];
    const { kind, neuron, over, feature } = condition;
    return [
      {
        kind,
        neuron: neuron + 1,
        ...(over !== undefined && { over: over + 1 }),
        feature: feature + 1,
        weight: `${weight}`,
      },
    ];
  });
  return { solvable: false, rows };
}
