/** The verdict table of `dictum audit`: one row per claim and reading, and which hypotheses are needed. */

import { ASKS, WITNESSES } from '../../../theorems/witnesses.ts';
import { beyond } from '../../kernel/proof/outside.ts';
import { table } from '../../terminal/table.ts';
import { counted } from '../../words/names.ts';
import { reasonText } from '../../words/sentence.ts';
import type { Audited } from './cases.ts';
import type { Replay } from './replay.ts';

interface Row {
  readonly claim: string;
  readonly reading: string;
  readonly verdict: string;
  readonly reason: string;
  readonly certificate: string;
}

const REASON_WIDTH = 88;

const asks = (claim: string): boolean => WITNESSES.get(claim)?.notSearched === ASKS;

function factsOf({ outcome }: Audited): string {
  if (outcome.verdict === 'undecided') return outcome.why;
  const { accepted } = outcome.checked;
  return reasonText(accepted, accepted.instance);
}

/** `refuted` if any instance refutes the reading; else on how many it holds. The reason is that of the first such instance. */
function rowOf(group: readonly Audited[], folder: string): Row {
  const of = (verdict: string): readonly Audited[] => group.filter((a) => a.outcome.verdict === verdict);
  const [refuted, holding, open, outside] = ['refuted', 'holds', 'undecided', 'not-applicable'].map(of) as [
    readonly Audited[],
    readonly Audited[],
    readonly Audited[],
    readonly Audited[],
  ];
  const first = (refuted[0] ?? holding[0] ?? open[0] ?? outside[0]) as Audited;
  const certificateOf = (a: Audited): string =>
    a.outcome.verdict === 'undecided' ? '-' : `${folder}/${a.certificateFile}`;
  if (asks(first.claim)) {
    // A question of each instance: to say "refuted" of it would be wrong.
    const shown = holding[0] ?? first;
    const verdict = `true of ${holding.length}, not of ${refuted.length}`;
    return {
      claim: first.claim,
      reading: `question${isSecond(first) ? ' @2' : ''}`,
      verdict,
      reason: factsOf(shown),
      certificate: certificateOf(shown),
    };
  }
  return {
    claim: first.claim,
    reading: `${first.reading}${isSecond(first) ? ' @2' : ''}`,
    verdict: verdictOf(group),
    reason: factsOf(first),
    certificate: certificateOf(first),
  };
}

/** Such as `refuted on 2 of 5` (it holds on the others), `holds on 3, undecided on 1`. */
function verdictOf(group: readonly Audited[]): string {
  const count = (verdict: string): number => group.filter((a) => a.outcome.verdict === verdict).length;
  const [refuted, holding, open] = [count('refuted'), count('holds'), count('undecided')];
  const unsure = open > 0 ? [`undecided on ${open}`] : [];
  if (refuted > 0) return [`refuted on ${refuted} of ${refuted + holding + open}`, ...unsure].join(', ');
  if (holding > 0) return [`holds on ${holding}`, ...unsure].join(', ');
  return open > 0 ? 'undecided' : 'not applicable';
}

/** Of an instance with biases, thresholds or inputs: counted apart from those of the paper's model. */
const isSecond = ({ outcome }: Audited): boolean =>
  'checked' in outcome && beyond(outcome.checked.accepted.instance).length > 0;

const readingOf = ({ claim, reading }: Audited): string => `${claim} ${reading}`;

const cut = (text: string): string => (text.length > REASON_WIDTH ? `${text.slice(0, REASON_WIDTH - 3)}...` : text);

function groups(audited: readonly Audited[]): Audited[][] {
  const byReading = new Map<string, Audited[]>();
  for (const one of audited) {
    const key = `${one.claim} ${one.reading}${isSecond(one) ? ' @2' : ''}`;
    byReading.set(key, [...(byReading.get(key) ?? []), one]);
  }
  return [...byReading.values()];
}

export function auditText(
  audited: readonly Audited[],
  folder: string,
  replay: Replay,
  problems: readonly string[],
  searched = '',
): string {
  const rows = groups(audited.filter((a) => a.dropped === undefined)).map((group) => rowOf(group, folder));
  const verdicts = table([
    ['claim', 'reading', 'verdict', 'reason', 'certificate'],
    ...rows.map((row) => [row.claim, row.reading, row.verdict, cut(row.reason), row.certificate]),
  ]);
  const refuted = new Set(
    audited.flatMap((a) =>
      !isSecond(a) && a.dropped === undefined && a.outcome.verdict === 'refuted' ? [readingOf(a)] : [],
    ),
  );
  // A reading that is refuted with all its hypotheses does not need one more for being refuted without it, too.
  const needed = audited.filter((a) => a.dropped !== undefined && !refuted.has(readingOf(a)));
  const matrix = table([
    ['claim', 'reading', 'needs', 'without it', 'certificate'],
    ...needed.map((a) => [a.claim, a.reading, a.dropped ?? '', cut(factsOf(a)), `${folder}/${a.certificateFile}`]),
  ]);
  const closing = `${counted(replay.replayed, 'certificate')} replayed, ${replay.rejected} rejected`;
  const wrong = problems.map((problem) => `PROBLEM ${problem}`);
  const section = searched === '' ? [] : [searched, ''];
  return [
    verdicts,
    '',
    '@2: instances with biases, thresholds or inputs (dictum/instance@2), which the other rows leave out.',
    'Hypotheses that cannot be left out of readings not refuted here, and what is so without them:',
    matrix,
    '',
    ...section,
    ...wrong,
    closing,
    '',
  ].join('\n');
}
