/** What `npm start` prints: a line for what a text claims, two others side by side, and where the rest is; 60 lines at most, with npm's own. */
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

/** Two rows side by side, the first half of them on the left. */
function inColumns(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const half = Math.ceil(rows.length / 2);
  return rows.slice(0, half).map((row, k) => [...row, ...(rows[half + k] ?? [])]);
}

export interface Closing {
  readonly replayed: number;
  readonly rejected: number;
  readonly problems: readonly string[];
  /** Where the report is. */
  readonly report: string;
}

/** A text of somebody's says it; the other claims are questions, repairs and readings of ours. */
const isStated = ({ claim }: Shown): boolean =>
  claim.readings.some(({ reading }) => reading === 'paper' || reading === 'walkthrough') && !claim.asks;

export function summaryText(shown: readonly Shown[], { replayed, rejected, problems, report }: Closing): string {
  const looked = shown.some(({ evidence }) => evidence !== undefined);
  const short = ({ claim, evidence }: Shown): readonly string[] => [
    claim.id,
    claim.readings.map((reading) => verdictText(claim, reading)).join('; '),
    loadText(claim),
    ...(looked ? [marks(evidence)] : []),
  ];
  const head = ['verdicts', 'needs', ...(looked ? ['L G T'] : [])];
  const stated = shown.filter(isStated).map((one) => [...short(one), cut(printable(one.entry.reason))]);
  const beside = inColumns(shown.filter((one) => !isStated(one)).map(short));
  const twice = beside.some(({ length }) => length > head.length + 1);
  const wrong = problems.slice(0, MOST_PROBLEMS).map((problem) => `PROBLEM ${problem}`);
  return [
    ...(stated.length > 0 ? [table([['claim', ...head, 'for example'], ...stated]), ''] : []),
    ...(beside.length > 0
      ? [table([['questions and ours', ...head, ...(twice ? ['', ...head] : [])], ...beside]), '']
      : []),
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
