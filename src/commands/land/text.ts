/** The table and histogram that `dictum land` prints. */

import { isPredicted, lossText, type Study } from '../../landing/match/study.ts';
import { wilson } from '../../landing/propose/wilson.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { paint } from '../../terminal/paint.ts';
import { printable } from '../../terminal/printable.ts';

const ROWS = 40;
const BAR = 24;
const LISTED = 10;
/** The column in which "no" is red. */
const PREDICTED = 5;

export function landText(name: string, { landing, settings }: Study): string {
  const { runs, converged, finished, matched, ends, unmatched, unconverged } = landing;
  const percent = (x: number): string => `${(100 * x).toFixed(2)}%`;
  const rows = ends.slice(0, ROWS).map((end) => {
    const { lower, upper } = wilson(end.count, converged);
    return [
      `(${end.pattern.map((set) => `{${set.map((d) => d + 1).join(',')}}`).join(',')})`,
      end.class,
      lossText(end),
      `${end.count}`,
      `${percent(lower)} .. ${percent(upper)}`,
      isPredicted(end) ? 'yes' : 'no',
      '#'.repeat(Math.max(1, Math.round((BAR * end.count) / (ends[0]?.count ?? 1)))),
    ];
  });
  const head = ['pattern', 'class', 'loss', 'runs', 'rate (95%)', 'predicted', ''];
  const widths = head.map((title, k) =>
    largestOf(
      rows.map((row) => (row[k] ?? '').length),
      title.length,
    ),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, k) => cell.padEnd(widths[k] ?? 0))
      .map((cell, k) => (k === PREDICTED && row[k] === 'no' ? paint('red', cell) : cell))
      .join('  ')
      .trimEnd();
  const open = [
    ...unmatched.map((o) => ({ ...o, what: 'undecided' })),
    ...unconverged.map((o) => ({ ...o, what: 'not converged' })),
  ];
  return [
    `${printable(name)}: ${runs} runs, ${settings.optimizer}, seed ${settings.seed}`,
    `${converged} converged (${finished} by Newton steps at the end), ${matched} matched to a certified configuration, ${unmatched.length} undecided, ${unconverged.length} not converged`,
    '',
    line(head),
    ...rows.map(line),
    ...(ends.length > ROWS ? [`... (${ends.length} kinds of end; --json prints them)`] : []),
    ...(open.length > 0
      ? ['', ...open.slice(0, LISTED).map((o) => `run ${o.run}: ${o.what}: ${printable(o.why)}`)]
      : []),
    ...(open.length > LISTED ? [`... (${open.length} in all; --json prints them)`] : []),
    '',
  ].join('\n');
}
