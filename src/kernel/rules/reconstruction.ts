/** The rule for `reconstructs`: every input, by pairs of neurons. */

import type { Node } from '../document/node.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Matrix } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** For every real x, W_D ReLU(W_E W_p x) = W_r x: opposite rows, since ReLU(s) - ReLU(-s) = s, and equal ones that cancel. */
const pairedRows: Rule = (judgement, node, { instance: m }) => {
  const { at } = asked(judgement, 'reconstructs', true, node);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  const used = new Set<number>();
  const parts = node.fields(['rule', 'pairs'], ['cancelling']);
  const firsts = (pairs: Node | undefined, sameRow: boolean): number[] =>
    (pairs?.items() ?? []).map((pair) => {
      const [i, j] = pair.items(2).map((item) => item.index(1, m.neurons) - 1) as [number, number];
      if (used.has(i) || used.has(j) || i === j)
        invalid('not-a-pair', pair.path, 'each neuron once', `${i + 1}, ${j + 1}`);
      used.add(i).add(j);
      const [e, u] = [at.we[j], at.wd[j]] as [Matrix[number], Matrix[number]];
      if (!at.we[i]?.equals(sameRow ? e : e.negated()) || !at.wd[i]?.equals(u.negated()))
        invalid('not-a-pair', pair.path, `${sameRow ? 'equal' : 'opposite'} rows, opposite columns`, 'others');
      return i;
    });
  const first = firsts(parts.pairs, false);
  firsts(parts.cancelling, true);
  at.wd.forEach((u, i) => {
    if (!used.has(i) && !u.isZero())
      invalid('not-a-pair', node.path, 'a zero decoder column outside the pairs', `neuron ${i + 1}`);
  });
  const columns = first.map((i) => at.wd[i] as Matrix[number]);
  m.features.forEach((f, d) => {
    const out = combine(
      first.map((i) => (at.we[i] as Matrix[number]).dot(f.wp)),
      columns,
      m.nr,
    );
    if (!out.equals(f.wr)) invalid('does-not-hold', node.path, `r_${d + 1} = ${f.wr}`, `${out}`);
  });
  return {};
};

export const reconstructionRules: Pack = pack({ 'paired-rows': pairedRows });
