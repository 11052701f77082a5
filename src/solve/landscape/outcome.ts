/** What the point reported for a pattern means for training: a trap is a local minimum of positive loss; at loss 0 L~ is least. */
import { Rational } from '../../kernel/numbers/rational.ts';
import type { Entry } from './survey.ts';

/** `open`: whether there is a point, of what kind it is, or that its loss is positive was not settled. */
export type Outcome = 'trap' | 'global-minimum' | 'saddle' | 'open' | 'none';

export function outcomeOf({ verdict, class: kind, loss }: Entry): Outcome {
  if (verdict === 'undecided') return 'open';
  if (kind === null || loss === null) return 'none';
  // L~ >= 0 everywhere, so at 0 the kind is no question.
  if ('exact' in loss && loss.exact === '0') return 'global-minimum';
  if (kind === 'saddle') return 'saddle';
  const isPositive = 'exact' in loss || Rational.parse(loss.lower)?.sign() === 1;
  return kind !== 'degenerate' && isPositive ? 'trap' : 'open';
}
