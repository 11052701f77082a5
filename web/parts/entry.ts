/** What `landscape` says of a pattern, in words; no more than it says. */
import type { LandscapeEntry } from '../../src/browser.ts';
import { outcomeOf } from '../../src/solve/landscape/outcome.ts';
import { boundsText } from '../../src/words/number.ts';

type Value = NonNullable<LandscapeEntry['loss']>;

/** A decimal as the fraction that the words take: `0.25` is `25/100`. */
function fraction(decimal: string): string {
  const [whole = '0', part = ''] = decimal.split('.');
  return part === '' ? whole : `${whole}${part}/1${'0'.repeat(part.length)}`;
}

/** `4/3`, `≈0.438447` */
export const valueText = (value: Value): string =>
  'exact' in value
    ? boundsText([value.exact, value.exact])
    : boundsText([fraction(value.lower), fraction(value.upper)]);

export type Kind = LandscapeEntry['verdict'] | NonNullable<LandscapeEntry['class']> | 'global-minimum';

/** A point of loss 0 is as low as any, whatever else it is. */
export const kindOf = (entry: LandscapeEntry): Kind =>
  outcomeOf(entry) === 'global-minimum' ? 'global-minimum' : (entry.class ?? entry.verdict);

export const isTrap = (entry: LandscapeEntry): boolean => outcomeOf(entry) === 'trap';

const MEANINGS: Readonly<Record<Kind, string>> = {
  'global-minimum': 'With loss 0: a point with this pattern has the least loss there is, so it is no trap.',
  'local-minimum': 'A local minimum of L~ shows this pattern; that its loss is positive was not settled.',
  'face-minimum': 'A local minimum of L~ on a face shows this pattern; that its loss is positive was not settled.',
  saddle:
    'Only at a saddle: a critical point shows this pattern that is no local minimum of L~, and no minimum was found.',
  degenerate: 'A critical point shows this pattern; of which kind it is, is open.',
  critical: 'A critical point shows this pattern.',
  none: 'No: no critical point of L~ shows this pattern.',
  unrealizable: 'No: no encoder shows this pattern.',
  undecided: 'Whether a critical point shows this pattern was not decided.',
};

const TRAPS: Readonly<Partial<Record<Kind, string>>> = {
  'local-minimum':
    'Yes, a trap: a local minimum of L~ with positive loss shows this pattern, and both gradients are 0 there.',
  'face-minimum':
    'Yes, a trap on a face: a local minimum of L~ with positive loss shows this pattern, held by its kinks.',
};

export function meaningOf(entry: LandscapeEntry): string {
  const kind = kindOf(entry);
  return (isTrap(entry) && TRAPS[kind]) || MEANINGS[kind];
}

export function numbersOf({ loss, eigenvalues, why, cut }: LandscapeEntry): string {
  return [
    loss && !('exact' in loss && loss.exact === '0') ? ` Its loss is ${valueText(loss)}.` : '',
    eigenvalues && eigenvalues.length > 0 ? ` Eigenvalues: ${eigenvalues.map(valueText).join(', ')}.` : '',
    why ? ` ${why}.` : '',
    cut ? ` (${cut}.)` : '',
  ].join('');
}
