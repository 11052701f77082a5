/** What `dictum landscape` prints: one line for each pattern with a critical point, the counts, and what the words mean. */

import { Rational } from '../../kernel/numbers/rational.ts';
import type { Bounds } from '../../kernel/proof/fact.ts';
import { trapsOf } from '../../solve/landscape/counts.ts';
import { outcomeOf } from '../../solve/landscape/outcome.ts';
import type { Entry } from '../../solve/landscape/survey.ts';
import { paint } from '../../terminal/paint.ts';
import { printable } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { counted, type Labelled, nameText, patternText } from '../../words/names.ts';
import { boundsText } from '../../words/number.ts';

/** Of an enclosure, whose ends are decimals, as fractions. */
function boundsOf(value: NonNullable<Entry['loss']>): Bounds {
  if ('exact' in value) return [value.exact, value.exact];
  const fraction = (text: string): string => `${Rational.parse(text) ?? text}`;
  return [fraction(value.lower), fraction(value.upper)];
}

/** The class of a point, or why there is none. */
const wordOf = (entry: Entry): string =>
  outcomeOf(entry) === 'global-minimum' ? 'global-minimum' : (entry.class ?? entry.verdict);

/** What was shown of a pattern under this word, in the order of the summary. */
const MEANINGS: readonly (readonly [string, string])[] = [
  ['global-minimum', 'L~ = 0, the least there is, and so no trap'],
  ['local-minimum', 'a local minimum of L~, where both gradients are 0'],
  ['face-minimum', 'a local minimum of L~ on a face (at kinks), where its gradient is not 0'],
  ['saddle', 'a critical point that is no local minimum of L~; no minimum was found that shows the pattern'],
  ['degenerate', 'a critical point whose kind is open'],
  ['none', 'no critical point (partial minimum) shows the pattern'],
  ['unrealizable', 'no encoder shows the pattern'],
  ['undecided', 'whether a critical point shows the pattern was not decided'],
];

export interface Looked {
  /** How many patterns there were to look at, and whether these were a sample. */
  readonly of: number;
  readonly sampled: boolean;
}

/** `all`: with the patterns that carry no critical point. */
export function landscapeText(
  entries: readonly Entry[],
  all: boolean,
  features: Labelled,
  { of = entries.length, sampled = false }: Partial<Looked> = {},
): string {
  const shown = entries.filter(({ verdict }) => all || verdict === 'critical' || verdict === 'undecided');
  const rows = shown.map((entry) => [
    printable(patternText(features, entry.pattern)),
    `${wordOf(entry)}${entry.cut ? ' *' : ''}`,
    entry.loss ? boundsText(boundsOf(entry.loss)) : '',
    entry.eigenvalues?.map((lambda) => boundsText(boundsOf(lambda))).join(', ') ?? entry.why ?? '',
  ]);
  const counts = MEANINGS.map(([word]) => [word, entries.filter((entry) => wordOf(entry) === word).length] as const);
  const kinds = counts.filter(([, count]) => count > 0);
  const rest = entries.length < of ? ` of ${of}, the others not looked at` : '';
  const listed = new Set<string>(shown.map(wordOf));
  const reasons = new Set(shown.flatMap((entry) => (entry.class === 'degenerate' ? (entry.why ?? []) : [])));
  const lines = [
    ...(rows.length > 0 ? [table([['pattern', 'class', 'loss', 'eigenvalues'], ...rows]), ''] : []),
    `${counted(entries.length, 'pattern')}${sampled ? ' of a sample' : ''}${rest}${kinds.length > 0 ? ': ' : ''}${kinds.map(([key, count]) => `${count} ${key}`).join(', ')}`,
    ...(entries.length > 0 ? trapLines(entries) : []),
    ...[...new Set(entries.flatMap(({ cut }) => cut ?? []))].map((cut) => `* ${cut}`),
    ...MEANINGS.flatMap(([kind, meaning]) =>
      listed.has(kind) && (kind !== 'degenerate' || reasons.size === 0) ? [`${kind}: ${meaning}`] : [],
    ),
    ...(numbersInReasons(shown, features) ? ['Reasons name features by number, from 1.'] : []),
    ...[...reasons].map((why) => `degenerate: a critical point whose kind is open, because of this: ${why}`),
    '',
  ];
  return lines.join('\n');
}

/** Reasons come from the solver, which knows no labels. */
const numbersInReasons = (shown: readonly Entry[], features: Labelled): boolean =>
  features.some((_, d) => nameText(features, d + 1) !== `${d + 1}`) && shown.some(({ why }) => why !== undefined);

/** Traps are of positive loss; a point of loss 0 is as low as any, and none. */
function trapLines(entries: readonly Entry[]): string[] {
  const { traps } = trapsOf(entries);
  const open = entries.filter((entry) => outcomeOf(entry) === 'open').length;
  const what =
    traps === 0
      ? 'no point shown was proved to be a local minimum with L~ > 0'
      : 'the point shown is a local minimum with L~ > 0; whether L~ is smaller elsewhere is not said';
  return [
    `${paint('bold', `${traps} of them trap`)}: ${what}`,
    ...(open > 0 ? [`of ${open} of them it is open whether ${open === 1 ? 'it traps' : 'they trap'}`] : []),
  ];
}
