/** `dictum/comparison@1`: what a sentence says of reported figures, each standing for the interval that rounds to it. */
import type { Node } from '../document/node.ts';
import { malformed } from '../numbers/rejection.ts';
import type { Format } from './instance.ts';
import { readRounded } from './reportedRow.ts';
import type { Comparison } from './subject.ts';

function readComparison(node: Node): Comparison {
  const parts = node.fields(['format', 'name', 'source', 'says', 'terms', 'relation']);
  const format = parts.format.word(['dictum/comparison@1']);
  const items = parts.terms.items();
  if (items.length === 0) malformed('wrong-size', parts.terms.path, 'a figure at least', 'none');
  const named = new Set<string>();
  const terms = items.map((item) => {
    const { figure, printed, times } = item.fields(['figure', 'printed', 'times']);
    const name = figure.text();
    // One figure twice would stand for two numbers.
    if (named.has(name)) malformed('repeated-row', figure.path, 'each figure once', name);
    named.add(name);
    return { figure: name, printed: readRounded(printed), times: times.rational() };
  });
  const relation = parts.relation.word(['>=', '>', '=']);
  return { format, name: parts.name.text(), source: parts.source.text(), says: parts.says.text(), terms, relation };
}

export const COMPARISON: Format<Comparison> = { name: 'dictum/comparison@1', read: readComparison };
