/** Realizability where neurons compete: topk, topk-pure and batchtopk. One system for each group of coupled neurons. */
import { capacity } from '../../kernel/model/activation.ts';
import { type Activation, featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { room } from '../../kernel/numbers/work.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { connectedComponents } from '../linear/connectedComponents.ts';
import type { Realization, WeightedRow } from './answer.ts';

type Competitive = Extract<Activation, { k: number }>;

/** Words of one condition. */
const OF_CONDITION = 8;

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
  const groups = full ? [[...pattern.keys()]] : coupled(conditions, pattern.length);
  const groupOf = new Map(groups.flatMap((group, g) => group.map((i) => [i, g] as const)));
  const own = groups.map((): Condition[] => []);
  for (const condition of conditions) own[groupOf.get(condition.neuron) ?? 0]?.push(condition);
  for (const [g, group] of groups.entries()) {
    const answer = solveGroup(m, group, own[g] ?? [], full);
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
  const carriersOf = m.features.map((): number[] => []);
  for (const [i, set] of pattern.entries()) for (const d of set) carriersOf[d]?.push(i);
  const isFull = (active: readonly number[]): boolean =>
    activation.kind !== 'batchtopk' && active.length === activation.k;
  // All of them before the first is made.
  room(
    carriersOf.reduce((words, active) => {
      const others = pattern.length - active.length;
      if (activation.kind === 'topk-pure' && !isFull(active)) return words;
      return words + OF_CONDITION * (active.length + (isFull(active) ? active.length * others : others));
    }, 0),
  );
  for (const [feature, active] of carriersOf.entries()) {
    const atCapacity = isFull(active);
    if (activation.kind === 'topk-pure' && !atCapacity) continue;
    const carries = new Set(active);
    const idle = pattern.flatMap((_, i) => (carries.has(i) ? [] : [i]));
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
  room(conditions.length * dimension);
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
