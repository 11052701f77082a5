/** Data for the rules about dead neurons (docs/claims.md, T6): a row that is negative everywhere, or a relation; and no strict trap. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { nullSpace, rank } from '../linear/linear.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { clusterOf } from './face.ts';

/** The data of `negative-row` or of `hull-relation` (Gordan): one of them there always is. */
export function strictlyDeadProof(m: Instance): { truth: boolean; proof: Document } {
  const answer = motzkin({ dimension: m.np, strict: m.features.map((f) => f.wp.negated()), weak: [] });
  if (answer.solvable) return { truth: true, proof: { rule: 'negative-row', e: vectorDocument(answer.x) } };
  return { truth: false, proof: { rule: 'hull-relation', combination: answer.strict.map(String) } };
}

/** c > 0 with sum c_d w_d = 0, where the directions span positively; undefined where they do not. */
export function positiveRelation(m: Instance): Vector | undefined {
  const w = m.features.map((f) => f.wp);
  if (rank(w, m.np) < m.np) return undefined;
  let total = Vector.zero(w.length);
  for (const [d] of w.entries()) {
    if (total.at(d).sign() > 0) continue;
    // A row that is positive on no feature and negative on d, or else a relation with weight on d.
    const answer = motzkin({ dimension: m.np, strict: [(w[d] as Vector).negated()], weak: w.map((v) => v.negated()) });
    if (answer.solvable) return undefined;
    const weights = answer.weak.map((x, k) => x + (k === d ? (answer.strict[0] ?? 0n) : 0n));
    total = total.plus(Vector.of(weights.map((x) => Rational.of(x))));
  }
  return total;
}

/** The data of `spanning-relation` or of `half-space-row` (Stiemke): one of them there always is. */
export function spanningProof(m: Instance): { truth: boolean; proof: Document } {
  const relation = positiveRelation(m);
  if (relation) return { truth: true, proof: { rule: 'spanning-relation', combination: vectorDocument(relation) } };
  const w = m.features.map((f) => f.wp);
  const rows = [...nullSpace(w, m.np)];
  for (const v of rows.length > 0 ? [] : w) {
    const answer = motzkin({ dimension: m.np, strict: [v.negated()], weak: w.map((x) => x.negated()) });
    if (answer.solvable) rows.push(answer.x);
  }
  const [e] = rows;
  if (!e) throw new Error('the directions span positively, and no relation was found');
  return { truth: false, proof: { rule: 'half-space-row', e: vectorDocument(e) } };
}

/** [C_i : i in neurons], n_r x |neurons| n_p. */
function joined(m: Instance, pattern: Pattern, neurons: readonly number[]): Vector[] {
  const blocks = neurons.map((i) => clusterOf(m, pattern[i] ?? []).c);
  return Array.from({ length: m.nr }, (_, r) => Vector.of(blocks.flatMap((c) => c[r]?.entries() ?? [])));
}

/** Sets of neurons that may show it: one alone, those whose sets meet its set, all that hang together with it. */
function* candidates(pattern: Pattern): Iterable<readonly number[]> {
  const live = pattern.flatMap((set, i) => (set.length > 0 ? [i] : []));
  for (const i of live) yield [i];
  const met = (neurons: readonly number[]): number[] => {
    const features = new Set(neurons.flatMap((i) => pattern[i] ?? []));
    return live.filter((i) => pattern[i]?.some((d) => features.has(d)));
  };
  for (const i of live) {
    for (let [last, neurons] = [1, met([i])]; neurons.length > last; [last, neurons] = [neurons.length, met(neurons)]) {
      yield neurons;
    }
  }
}

/** Data of rule `no-strict-trap`, where its theorem applies. */
export function noStrictTrapProof(m: Instance, pattern: Pattern): Document | undefined {
  if (pattern.every((set) => set.length > 0)) return undefined;
  const combination = positiveRelation(m);
  if (!combination) return undefined;
  for (const neurons of candidates(pattern)) {
    const features = new Set(neurons.flatMap((i) => pattern[i] ?? []));
    const columns = pattern.filter((set) => set.some((d) => features.has(d))).length;
    if (rank(joined(m, pattern, neurons), neurons.length * m.np) <= columns) continue;
    const by = neurons.map((i) => i + 1);
    const chosen = by.length === 1 ? { neuron: by[0] as number } : { neurons: by };
    return { rule: 'no-strict-trap', combination: vectorDocument(combination), ...chosen };
  }
  return undefined;
}
