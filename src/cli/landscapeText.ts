/** What `dictum landscape` prints: one line for each pattern with a critical point, and the counts. */

import { table } from '../report/table.ts';
import type { Entry } from '../solve/landscape/entry.ts';
import { counted, type Labelled, patternText } from '../words/names.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';

type Number_ = NonNullable<Entry['loss']>;

/** Ten decimals, cut: of a fraction at least 0. */
function decimals(fraction: string): string {
  const [num = '0', den = '1'] = fraction.split('/');
  const digits = `${(BigInt(num) * 10n ** 10n) / BigInt(den)}`.padStart(11, '0');
  return `${digits.slice(0, -10)}.${digits.slice(-10)}...`;
}

/** `2/5`; a fraction too long to read, as decimals; or the decimals an enclosure agrees on. */
function numberText(value: Number_): string {
  if ('exact' in value) return value.exact.length > 24 ? decimals(value.exact) : value.exact;
  let same = 0;
  while (same < value.lower.length && value.lower[same] === value.upper[same]) same++;
  return `${value.lower.slice(0, Math.min(same, 12))}...`;
}

/** A minimum of loss 0 is the least there is, and no trap. */
export const isGlobal = ({ class: word, loss }: Pick<Entry, 'class' | 'loss'>): boolean =>
  loss !== null && 'exact' in loss && loss.exact === '0' && (word === 'local-minimum' || word === 'face-minimum');

/** A local minimum of positive loss. */
export const isTrap = (entry: Pick<Entry, 'class' | 'loss'>): boolean =>
  (entry.class === 'local-minimum' || entry.class === 'face-minimum') && !isGlobal(entry);

/** The class of a point, or why there is none. */
const wordOf = (entry: Entry): string => (isGlobal(entry) ? 'global-minimum' : (entry.class ?? entry.verdict));

/** In the order of the summary. */
const WORDS = [
  'global-minimum',
  'local-minimum',
  'face-minimum',
  'saddle',
  'degenerate',
  'none',
  'unrealizable',
  'undecided',
] as const;

export interface Counts {
  readonly [verdict: string]: number;
}

export function countsOf(entries: readonly Entry[]): Counts {
  const counts: Record<string, number> = {
    patterns: entries.length,
    'local-minimum': 0,
    'face-minimum': 0,
    saddle: 0,
    degenerate: 0,
    none: 0,
    unrealizable: 0,
    undecided: 0,
  };
  for (const entry of entries) {
    const key = entry.class ?? entry.verdict;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

export function landscapeText(entries: readonly Entry[], all: boolean, features: Labelled): string {
  const shown = entries.filter(({ verdict }) => all || verdict === 'critical' || verdict === 'undecided');
  const rows = shown.map((entry) => [
    printable(patternText(features, entry.pattern)),
    `${wordOf(entry)}${entry.cut ? ' *' : ''}`,
    entry.loss ? numberText(entry.loss) : '',
    entry.eigenvalues?.map(numberText).join(', ') ?? entry.why ?? '',
  ]);
  const counts = new Map<string, number>();
  for (const word of WORDS) counts.set(word, 0);
  for (const entry of entries) counts.set(wordOf(entry), (counts.get(wordOf(entry)) ?? 0) + 1);
  const lines = [
    ...(rows.length > 0 ? [table([['pattern', 'class', 'loss', 'eigenvalues'], ...rows]), ''] : []),
    `${counted(entries.length, 'pattern')}: ${[...counts]
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${word}`)
      .join(', ')}`,
    `${paint('bold', `${entries.filter(isTrap).length} of them trap`)} (local minima of positive loss)`,
    ...[...new Set(entries.flatMap(({ cut }) => cut ?? []))].map((cut) => `* ${cut}`),
    ...[...new Set(entries.flatMap((entry) => (entry.class === 'degenerate' ? (entry.why ?? []) : [])))].map(
      (why) => `degenerate: a critical point whose kind is open, because of this: ${why}`,
    ),
    '',
  ];
  return lines.join('\n');
}
