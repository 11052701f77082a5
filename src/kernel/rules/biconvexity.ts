/** Rules for `biconvex`: L~ convex in W_D and, over Omega_P, in W_E (Theorem 3.2); and a violation of it. */

import { approximateLoss, patternText, samePattern } from '../model/model.ts';
import { fixesActiveSets, regionPattern } from '../model/region.ts';
import { ONE } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import { transpose, type Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/**
 * Biconvex: Omega_P is a set of linear inequalities on which the active sets are constant. So each residual is affine in W_D and
 * in W_E, and L~ is a sum of squares of them with weights M_d >= 0.
 */
const fixedActiveSets: Rule = (judgement, node, { instance: m }) => {
  const { pattern, region } = asked(judgement, 'biconvex', true, node);
  node.fields(['rule']);
  if (!fixesActiveSets(m, pattern, region))
    invalid('not-implied', node.path, 'a region that fixes the active sets', `${patternText(pattern)}, ${region}`);
  return {};
};

/** Not biconvex: for one W_D, two encoders of Omega_P between which lies one outside it, or one with L~ above the chord. */
const convexityViolation: Rule = (judgement, node, { instance: m }) => {
  const { pattern, region } = asked(judgement, 'biconvex', false, node);
  const parts = node.fields(['rule', 'wd', 'from', 'to', 'at']);
  const wd = transpose(parts.wd.matrix(m.nr, m.neurons), m.neurons);
  const [from, to] = [parts.from, parts.to].map((rows) => {
    const we = rows.matrix(m.neurons, m.np);
    const shown = regionPattern(m, { ...m.configuration, we }, region);
    return samePattern(shown, pattern)
      ? we
      : invalid('wrong-pattern', rows.path, patternText(pattern), patternText(shown));
  }) as [readonly Vector[], readonly Vector[]];
  const t = parts.at.rational();
  if (t.sign() <= 0 || t.compare(ONE) >= 0) malformed('out-of-range', parts.at.path, 'between 0 and 1', `${t}`);
  const between = from.map((e, i) => e.times(ONE.minus(t)).plus((to[i] as Vector).times(t)));
  if (!samePattern(regionPattern(m, { ...m.configuration, we: between }, region), pattern)) return {};
  const [a, b, c] = [from, to, between].map((we) => approximateLoss(m, { ...m.configuration, we, wd }));
  if (!a || !b || !c) throw new Error('three losses');
  const chord = a.times(ONE.minus(t)).plus(b.times(t));
  if (c.compare(chord) <= 0) invalid('does-not-hold', node.path, `L~ above the chord, ${chord}`, `L~ = ${c}`);
  return { ends: [`${a}`, `${b}`], between: `${c}`, chord: `${chord}` };
};

export const biconvexityRules: Pack = pack({
  'fixed-active-sets': fixedActiveSets,
  'convexity-violation': convexityViolation,
});
