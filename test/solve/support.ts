/** Builds instances for the solvers' tests and replays their answers through the kernel's own rules. */
import { readFileSync } from 'node:fs';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import type { Activation, Instance, Pattern } from '../../src/kernel/model/instance.ts';
import { ONE, Rational } from '../../src/kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import { prove } from '../../src/kernel/proof/goal.ts';
import { RULES } from '../../src/solve/proofs/rules.ts';
import { realize } from '../../src/solve/realize/realize.ts';

export function q(text: string): Rational {
  const value = Rational.parse(text);
  if (!value) throw new Error(`not a number: ${text}`);
  return value;
}

/** `'12/13 5/13'` */
export const vector = (text: string): Vector => Vector.of(text.split(' ').map(q));
export const vectors = (...texts: readonly string[]): Vector[] => texts.map(vector);
export const ints = (row: readonly number[]): Vector => Vector.ints(row.map(BigInt));

export function instanceOf(inputs: Matrix, activation: Activation = { kind: 'relu' }, neurons = 1): Instance {
  const np = inputs[0]?.length ?? 0;
  const features = inputs.map((w, d) => ({ label: `${d + 1}`, wp: w, wr: w, weight: ONE }));
  return { format: 'dictum/instance@1', name: 'test', features, activation, neurons, np, nr: np, hierarchy: [] };
}

/**
 * Decides, and has the kernel prove the answer, true or false, so a wrong answer throws. Returns whether the pattern is
 * realizable and the rule that showed it.
 */
export function decided(instance: Instance, pattern: Pattern): { realizable: boolean; rule: string } {
  const answer = realize(instance, pattern);
  const rows = (matrix: Matrix): string[][] => matrix.map((row) => row.entries().map(String));
  const proof = answer.realizable
    ? {
        rule: 'realizes',
        we: rows(answer.encoder.we),
        ...(answer.encoder.gate && {
          gate: rows(answer.encoder.gate.rows),
          bias: answer.encoder.gate.bias.entries().map(String),
        }),
      }
    : answer.refutation;
  const goal = { kind: 'judgement', predicate: 'realizable', truth: answer.realizable, pattern } as const;
  prove(goal, new Node(parseJson(JSON.stringify(proof))), { instance, rules: RULES, facts: [] });
  return { realizable: answer.realizable, rule: proof.rule };
}

export const isRealizable = (inputs: Matrix, pattern: Pattern, activation?: Activation): boolean =>
  decided(instanceOf(inputs, activation, pattern.length), pattern).realizable;

/** The words of the real input with their directions, read as the decimals that are written there. */
export function readWords(path: string): { labels: string[]; directions: Vector[] } {
  const { labels, vectors: rows } = JSON.parse(readFileSync(path, 'utf8')) as { labels: string[]; vectors: number[][] };
  return { labels, directions: rows.map((row) => Vector.of(row.map((x) => q(`${x}`)))) };
}

/** Numbers in [0, 1), the same on every machine (Numerical Recipes' linear congruential generator). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` of the numbers 0 .. n-1, increasing. */
export function sample(random: () => number, n: number, count: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * n));
  return [...chosen].sort((a, b) => a - b);
}
