/** What `dictum landscape` prints: one line for each pattern with a critical point, the counts, and what the words mean. */

import type { Bounds } from '../kernel/fact.ts';
import { Rational } from '../kernel/rational.ts';
import { table } from '../report/table.ts';
import type { Entry } from '../solve/landscape/entry.ts';
import { type Outcome, outcomeOf } from '../solve/landscape/outcome.ts';
import { counted, type Labelled, patternText } from '../words/names.ts';
import { boundsText } from '../words/number.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';

/** Of an enclosure, whose ends are decimals, as fractions. */
function boundsOf(value: NonNullable<Entry['loss']>): Bounds {
  if ('exact' in value) return [value.exact, value.exact];
  const fraction = (text: string): string => `${Rational.parse(text) ?? text}`;
  return [fraction(value.lower), fraction(value.upper)];
}

/** What was shown of a pattern in this class. */
const MEANINGS: readonly (readonly [string, string])[] = [
  ['local-minimum', 'a local minimum of L~, where both gradients are 0'],
  ['face-minimum', 'a local minimum of L~ on a face (at kinks), where its gradient is not 0'],
  ['saddle', 'a critical point that is no local minimum of L~; no minimum was found that shows the pattern'],
  ['degenerate', 'a critical point whose kind is open'],
  ['none', 'no critical point (partial minimum) shows the pattern'],
  ['unrealizable', 'no encoder shows the pattern'],
];

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

export interface Looked {
  readonly features: Labelled;
  /** List patterns without critical points, too. */
  readonly all: boolean;
  /** How many patterns there were to look at, and whether these were a sample. */
  readonly of: number;
  readonly sampled: boolean;
}

export function landscapeText(entries: readonly Entry[], { features, all, of, sampled }: Looked): string {
  const shown = entries.filter(({ verdict }) => all || verdict === 'critical' || verdict === 'undecided');
  const rows = shown.map((entry) => [
    printable(patternText(features, entry.pattern)),
    `${entry.class ?? entry.verdict}${entry.cut ? ' *' : ''}`,
    entry.loss ? boundsText(boundsOf(entry.loss)) : '',
    entry.eigenvalues?.map((lambda) => boundsText(boundsOf(lambda))).join(', ') ?? entry.why ?? '',
  ]);
  const counts = countsOf(entries);
  const kinds = Object.entries(counts).filter(([key, count]) => key !== 'patterns' && count > 0);
  const rest = entries.length < of ? ` of ${of}, the others not looked at` : '';
  const listed = new Set<string>(shown.map((entry) => entry.class ?? entry.verdict));
  const lines = [
    ...(rows.length > 0 ? [table([['pattern', 'class', 'loss', 'eigenvalues'], ...rows]), ''] : []),
    `${counted(entries.length, 'pattern')}${sampled ? ' of a sample' : ''}${rest}: ${kinds.map(([key, count]) => `${count} ${key}`).join(', ')}`,
    ...trapLines(entries),
    ...[...new Set(entries.flatMap(({ cut }) => cut ?? []))].map((cut) => `* ${cut}`),
    ...MEANINGS.flatMap(([kind, meaning]) => (listed.has(kind) ? [`${kind}: ${meaning}`] : [])),
    ...[...new Set(entries.flatMap((entry) => (entry.class === 'degenerate' ? (entry.why ?? []) : [])))].map(
      (why) => `degenerate: a critical point whose kind is open, because of this: ${why}`,
    ),
    '',
  ];
  return lines.join('\n');
}

/** For the document: patterns whose point is a trap, and those whose point has loss 0. */
export function trapsOf(entries: readonly Entry[]): { traps: number; globalMinima: number } {
  const count = (wanted: Outcome): number => entries.filter((entry) => outcomeOf(entry) === wanted).length;
  return { traps: count('trap'), globalMinima: count('global-minimum') };
}

/** Traps are of positive loss; a point of loss 0 is as low as any, and none. */
function trapLines(entries: readonly Entry[]): string[] {
  const { traps, globalMinima } = trapsOf(entries);
  const open = entries.filter((entry) => outcomeOf(entry) === 'open').length;
  const what =
    traps === 0
      ? 'no point shown was proved to be a local minimum with L~ > 0'
      : 'the point shown is a local minimum with L~ > 0; whether L~ is smaller elsewhere is not said';
  return [
    `${paint('bold', `${traps} of them trap`)}: ${what}`,
    ...(globalMinima > 0 ? [`${globalMinima} of them carry a global minimum, L~ = 0, which is no trap`] : []),
    ...(open > 0 ? [`of ${open} of them it is open whether they trap`] : []),
  ];
}
