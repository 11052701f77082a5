/**
 * Two codes of one point, or that there are none: a relation of the columns that they can use. For codes >= 0 each pair of disjoint sets P and N is a linear
 * program: a row > 0 on P and < 0 on N, or a combination of the one that is one of the other.
 */
import { type Instance, inputs } from '../../kernel/model/instance.ts';
import { transpose, type Vector } from '../../kernel/numbers/vector.ts';
import { dependent, reach, subsets } from '../../kernel/rules/uniqueCodes.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { nullSpace } from '../linear/linear.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';

/** Sets of columns that are gone through at most. */
const MOST_SETS = 20_000;

interface Candidates {
  readonly for: readonly Document[];
  readonly against: readonly Document[];
}

export function uniqueCodesProofs(m: Instance, k: number, signed: boolean): Candidates {
  if (choices(m.features.length, reach(m, k)) > MOST_SETS) return { for: [], against: [] };
  const set = dependent(m, k);
  if (!set) return { for: [{ rule: 'independent-columns' }], against: [] };
  if (!signed) return separated(m, k);
  const columns = set.map((d) => inputs(m)[d] as Vector);
  const [relation] = nullSpace(transpose(columns, m.np), set.length);
  return { for: [], against: relation ? [twoCodes(set, relation.num)] : [] };
}

/** n over size. */
const choices = (n: number, size: number): number =>
  Array.from({ length: size }, (_, j) => (n - j) / (j + 1)).reduce((product, x) => product * x, 1);

function separated(m: Instance, k: number): Candidates {
  const rows: Vector[] = [];
  const size = reach(m, k);
  for (const set of subsets(m.features.length, size)) {
    for (let count = size - Math.min(k, size); count <= Math.min(k, size); count++) {
      for (const chosen of subsets(size, count)) {
        const turned = set.map((d, at) => {
          const w = inputs(m)[d] as Vector;
          return chosen.includes(at) ? w : w.negated();
        });
        if (rows.some((e) => turned.every((w) => e.dot(w).sign() > 0))) continue;
        const outcome = motzkin({ dimension: m.np, strict: turned, weak: [], equal: [] });
        if (!outcome.solvable) {
          const relation = outcome.strict.map((c, at) => (chosen.includes(at) ? c : -c));
          return { for: [], against: [twoCodes(set, relation)] };
        }
        rows.push(outcome.x);
        if (rows.length > MOST_SETS) return { for: [], against: [] };
      }
    }
  }
  return { for: [{ rule: 'separating-rows', rows: matrixDocument(rows) }], against: [] };
}

function twoCodes(set: readonly number[], relation: readonly bigint[]): Document {
  const side = (sign: bigint) =>
    set.flatMap((d, at) => {
      const weight = (relation[at] ?? 0n) * sign;
      return weight > 0n ? [{ feature: d + 1, weight: `${weight}` }] : [];
    });
  return { rule: 'two-codes', on: side(1n), off: side(-1n) };
}
