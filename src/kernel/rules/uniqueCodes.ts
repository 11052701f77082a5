/**
 * Rules for `unique-codes`. Two different k-sparse codes of one point differ by some c != 0 with sum_d c_d w_d = 0 and at most 2k entries that are not 0; if the codes are >= 0, at
 * most k of these are positive and at most k negative. Conversely such a c is the difference of two such codes.
 */

import { type Instance, inputs } from '../model/instance.ts';
import { rank } from '../numbers/elimination.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Vector } from '../numbers/vector.ts';
import { spend } from '../numbers/work.ts';
import { numbered } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { readTerms, type Term } from '../proof/terms.ts';

/** The sets of `size` of the numbers below n, in lexicographic order. */
export function* subsets(n: number, size: number): Generator<readonly number[]> {
  if (size > n) return;
  const at = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    spend(100 + 20 * size);
    yield [...at];
    // The last entry that can grow; those after it follow it closely.
    const i = at.findLastIndex((d, place) => d < n - size + place);
    if (i < 0) return;
    const least = (at[i] ?? 0) + 1;
    for (let place = i; place < size; place++) at[place] = least + place - i;
  }
}

/** As many features as two k-sparse codes can use. */
export const reach = ({ features }: Instance, k: number): number => Math.min(2 * k, features.length);

/** The first set of so many directions that is dependent. */
export function dependent(m: Instance, k: number): readonly number[] | undefined {
  const [w, size] = [inputs(m), reach(m, k)];
  for (const set of subsets(w.length, size)) {
    if (rank(set.map((d) => w[d] as Vector)) < size) return set;
  }
  return undefined;
}

/** Two codes: sum_on weight w = sum_off weight w, no feature on both sides. */
const twoCodes: Rule = (judgement, node, { instance: m }) => {
  const { k, signed } = asked(judgement, 'unique-codes', false, node);
  const parts = node.fields(['rule', 'on', 'off']);
  const on = readTerms(parts.on, m.features.length);
  const used = on.map(({ feature }) => feature);
  const off = readTerms(parts.off, m.features.length, used, false);
  const [most, least] = [Math.max(on.length, off.length), on.length + off.length];
  if (least === 0 || (signed ? least > 2 * k : most > k)) {
    invalid('does-not-hold', node.path, `two different ${k}-sparse codes`, `${on.length} and ${off.length} terms`);
  }
  const w = inputs(m);
  const point = (terms: readonly Term[]): Vector =>
    combine(
      terms.map((t) => t.weight),
      terms.map((t) => w[t.feature] as Vector),
      m.np,
    );
  if (!point(on).equals(point(off))) invalid('farkas-unequal', node.path, `${point(on)}`, `${point(off)}`);
  const side = (terms: readonly Term[]) => terms.map((t) => ({ feature: t.feature + 1, weight: `${t.weight}` }));
  return { on: side(on), off: side(off) };
};

/** None, of any sign: c would be a relation of independent directions. */
const independentColumns: Rule = (judgement, node, { instance: m }) => {
  const { k } = asked(judgement, 'unique-codes', true, node);
  node.fields(['rule']);
  const set = dependent(m, k);
  if (set) invalid('does-not-hold', node.path, `any ${reach(m, k)} directions independent`, numbered(set).join());
  return { count: `${reach(m, k)}` };
};

/**
 * None that are >= 0. Let c be positive on P and negative on N. With more features P and N are disjoint sets of at most k, together `reach`. A row e with <e, w_d> > 0 on P and < 0 on N gives
 * sum_d c_d <e, w_d> > 0, and so c is no relation. (Such rows exist if no c does: Gordan.)
 */
const separatingRows: Rule = (judgement, node, { instance: m }) => {
  const { k, signed } = asked(judgement, 'unique-codes', true, node);
  if (signed) invalid('wrong-rule', `${node.path}.rule`, 'independent-columns', 'a rule for codes >= 0');
  const rows = node.fields(['rule', 'rows']).rows.items();
  const signs = rows.map((row) => {
    const e = row.vector(m.np);
    return inputs(m).map((w) => e.dot(w).sign());
  });
  const size = reach(m, k);
  for (const set of subsets(m.features.length, size)) {
    for (let count = size - Math.min(k, size); count <= Math.min(k, size); count++) {
      for (const chosen of subsets(size, count)) {
        spend(20 * size * signs.length);
        const split = signs.some((sign) => set.every((d, at) => sign[d] === (chosen.includes(at) ? 1 : -1)));
        if (!split) {
          const P = chosen.map((at) => (set[at] ?? 0) + 1).join();
          invalid(
            'does-not-hold',
            node.path,
            `a row > 0 on {${P}} and < 0 on the others of {${numbered(set)}}`,
            'none',
          );
        }
      }
    }
  }
  return { count: `${rows.length}` };
};

export const uniqueCodeRules: Pack = pack({
  'two-codes': twoCodes,
  'independent-columns': independentColumns,
  'separating-rows': separatingRows,
});
