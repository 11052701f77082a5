/** Sparse codes of one point: two of them, or why there are no two. */

import { counted } from '../words/names.ts';
import { sidesOf } from '../words/parts.ts';
import { termsIn } from './realizability.ts';
import { chainFigure, judged, lines, listed, rowOf, sumText, type Words } from './step.ts';

export const twoCodes: Words = ({ judgement, node, m }) => {
  const { k } = judged(judgement, 'unique-codes');
  const parts = node.fields(['rule', 'on', 'off']);
  const { on, off } = sidesOf(termsIn(parts.on), termsIn(parts.off));
  return {
    ...lines(
      `${sumText(on, m.features)} = ${sumText(off, m.features)}, with no feature on both sides.`,
      `So one point has two different codes of at most ${counted(k, 'feature')} each: what is left and right of the equation, or, with signs, any way to bring terms across.`,
    ),
    figure: chainFigure([...on, ...off.map((t) => ({ ...t, weight: t.weight.negated() }))]),
  };
};

export const independentColumns: Words = ({ judgement, fact }) => {
  const { k } = judged(judgement, 'unique-codes');
  return lines(
    `Two different codes of at most ${counted(k, 'feature')} each would differ by a relation of at most ${counted(fact.count ?? '', 'direction')}. The checker goes through all sets of ${fact.count ?? ''}: each is independent, so there is no such relation.`,
  );
};

export const separatingRows: Words = ({ judgement, node, m }) => {
  const { k } = judged(judgement, 'unique-codes');
  const rows = node.fields(['rule', 'rows']).rows.items();
  return lines(
    `Two different codes >= 0 of at most ${counted(k, 'feature')} each would differ by a relation with at most ${k} positive and at most ${k} negative weights. For every such choice one of these rows is > 0 on the positive features and < 0 on the negative ones, so the relation would make 0 of something positive:`,
    listed(
      rows.map((row, i) => rowOf(`e_${i + 1}`, row.vector(m.np))),
      'rows',
    ),
  );
};
