/** What `npm start` prints: a line a claim, and where the rest is. */
import { printable } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { counted } from '../../words/names.ts';
import type { Look } from '../explain/evidence/look.ts';
import { loadText, verdictText } from './collect.ts';
import type { Shown } from './shown.ts';

const WIDTH = 84;
/** Problems are listed up to here; all are in the report of the audit. */
const MOST_PROBLEMS = 6;

const cut = (text: string): string => (text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text);

const MARKS: Readonly<Record<Look['outcome'], string>> = {
  proved: '=',
  agrees: '=',
  differs: '!',
  'too close to tell': '~',
  'nothing to ask': '-',
  'not installed': '?',
};

/** `= = ~`: margin, gradient, training. */
const marks = (evidence: readonly Look[] | undefined): string =>
  evidence === undefined
    ? ''
    : evidence
        .slice(1)
        .map(({ outcome }) => MARKS[outcome])
        .join(' ');

export interface Closing {
  readonly replayed: number;
  readonly rejected: number;
  readonly problems: readonly string[];
  /** Where the report is. */
  readonly report: string;
}

export function summaryText(shown: readonly Shown[], { replayed, rejected, problems, report }: Closing): string {
  const looked = shown.some(({ evidence }) => evidence !== undefined);
  const rows = shown.map(({ claim, entry, evidence }) => [
    claim.id,
    claim.readings.map((reading) => verdictText(claim, reading)).join('; '),
    loadText(claim),
    ...(looked ? [marks(evidence)] : []),
    cut(printable(entry.reason)),
  ]);
  const wrong = problems.slice(0, MOST_PROBLEMS).map((problem) => `PROBLEM ${problem}`);
  return [
    table([['claim', 'verdicts', 'needs', ...(looked ? ['L G T'] : []), 'for example'], ...rows]),
    '',
    'needs: hypotheses without which a search, as recorded, refutes the conclusion, of those tried. A question is true of so many instances, and not of so many.',
    'Instances with biases, thresholds or inputs (dictum/instance@2) are not counted here: --full has rows for them.',
    ...(looked
      ? [
          'L G T: margin of linear programs, gradient, training, in floats: = agrees with the proof, ~ too close to tell, ! differs, - nothing to ask, ? not installed.',
        ]
      : []),
    ...wrong,
    ...(problems.length > wrong.length ? [`... ${counted(problems.length - wrong.length, 'more problem')}`] : []),
    `Report: ${report}   dictum explain FILE explains a certificate, --full prints every table.`,
    `${counted(replayed, 'certificate')} replayed, ${rejected} rejected`,
    '',
  ].join('\n');
}
