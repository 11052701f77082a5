import type { Instance } from '../../../src/kernel/model/instance.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import type { Fact } from '../../../src/kernel/proof/fact.ts';
import { type Goal, type Judgement, prove } from '../../../src/kernel/proof/goal.ts';
import { RULES } from '../../../src/solve/proofs/rules.ts';
import { node } from '../read.ts';

/** Walks a proof as the checker does; refusals are thrown. Returns the facts. */
export function accept(goal: Goal, proof: unknown, instance: Instance): Fact[] {
  const facts: Fact[] = [];
  prove(goal, node(proof), { instance, rules: RULES, facts });
  return facts;
}

/** A judgement of that sign, from one-based features as the format writes them. */
export const realizable = (truth: boolean, ...sets: number[][]): Judgement => ({
  kind: 'judgement',
  predicate: 'realizable',
  truth,
  pattern: zeroBased(sets),
});

export const partialMinimum = (truth: boolean, sets: number[][], stationary = false): Judgement => ({
  kind: 'judgement',
  predicate: 'partial-minimum',
  truth,
  pattern: zeroBased(sets),
  stationary,
});

export const critical = (
  truth: boolean,
  sets: number[][],
  as: 'any' | 'minimum' | 'saddle' = 'any',
): Extract<Judgement, { predicate: 'critical' }> => ({
  kind: 'judgement',
  predicate: 'critical',
  truth,
  pattern: zeroBased(sets),
  as,
});

export const zeroBased = (sets: number[][]): number[][] => sets.map((set) => set.map((d) => d - 1));

/** `{"feature", "weight"}` lists: terms([1, '169/119'], [3, 1]). */
export const terms = (...list: [number, string | number][]): object[] =>
  list.map(([feature, weight]) => ({ feature, weight: `${weight}` }));

/**
 * All documents that differ from this one in one place: a quantity moved or negated, an index moved, an item dropped or
 * doubled, a key dropped. The rule's name stays.
 */
export function mutations(value: unknown, path = ''): readonly (readonly [path: string, mutant: unknown])[] {
  if (typeof value === 'number') return [value + 1, value - 1].map((x) => [`${path}=${x}`, x]);
  if (typeof value === 'string') {
    const x = Rational.parse(value);
    if (!x) return [];
    const others = [x.plus(Rational.of(1n)), x.negated(), x.times(Rational.of(2n))].map(String);
    return [...new Set(others)].filter((other) => other !== `${x}`).map((other) => [`${path}="${other}"`, other]);
  }
  if (Array.isArray(value)) {
    const inside = value.flatMap((item, k) =>
      mutations(item, `${path}[${k}]`).map(([at, mutant]) => [at, value.with(k, mutant)] as const),
    );
    if (value.length === 0) return inside;
    return [...inside, [`${path} short`, value.slice(0, -1)], [`${path} long`, [...value, value.at(-1)]]];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'rule'
      ? []
      : [
          ...mutations(member, `${path}.${key}`).map(([at, mutant]) => [at, { ...value, [key]: mutant }] as const),
          [
            `${path}.${key} gone`,
            Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)),
          ] as const,
        ],
  );
}
