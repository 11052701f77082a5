/** The table and histogram that `dictum land` prints, and what its words mean. */

import type { Instance } from '../../kernel/model/instance.ts';
import { setsOf } from '../../kernel/proof/fact.ts';
import type { Exits, WayOut } from '../../landing/match/exits.ts';
import type { End } from '../../landing/match/landOn.ts';
import { isPredicted, lossText, type Study } from '../../landing/match/studyResult.ts';
import { wilson } from '../../landing/propose/wilson.ts';
import type { Settings } from '../../landing/runs/settings.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { paint } from '../../terminal/paint.ts';
import { printable } from '../../terminal/printable.ts';
import { beyondText } from '../../words/beyond.ts';
import { LANDING_CLASSES } from '../../words/landing.ts';
import { counted, patternText } from '../../words/names.ts';

const ROWS = 40;
const BAR = 24;
const LISTED = 10;
/** The column in which "no" is red. */
const PREDICTED = 5;

export function landText(m: Instance, { landing, settings }: Study): string {
  const { runs, converged, finished, matched, ends, unmatched, unconverged } = landing;
  const percent = (x: number): string => `${(100 * x).toFixed(2)}%`;
  const rows = ends.slice(0, ROWS).map((end) => {
    const { lower, upper } = wilson(end.count, converged);
    return [
      printable(patternText(m.features, setsOf(end.pattern))),
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
  const also = beyondText(m);
  return [
    `${printable(m.name)}: ${counted(runs, 'run')}, ${settings.optimizer}, seed ${settings.seed}`,
    ...(also === undefined ? [] : [also]),
    `${converged} converged (${finished} by Newton steps at the end), ${matched} matched to a configuration certified near the end, ${unmatched.length} undecided, ${unconverged.length} not converged`,
    '',
    line(head),
    ...rows.map(line),
    ...(ends.length > ROWS ? [`... (${counted(ends.length, 'kind')} of end; --json prints them)`] : []),
    ...(ends.length > 0 ? ['', ...legend(ends)] : []),
    ...(open.length > 0
      ? ['', ...open.slice(0, LISTED).map((o) => `run ${o.run}: ${o.what}: ${printable(o.why)}`)]
      : []),
    ...(open.length > LISTED ? [`... (${open.length} in all; --json prints them)`] : []),
    '',
  ].join('\n');
}

/** What the table says of each end is so of a point near it. */
function legend(ends: readonly End[]): string[] {
  const most = (of: (end: End) => number): string => upTo(largestOf(ends.map(of)));
  const classes = [...new Set(ends.map(({ class: word }) => word))];
  return [
    `Pattern, class and loss are those of a configuration within ${most(({ apart }) => apart)} of the end weights in each coordinate; |grad L~| at these is at most ${most(({ gradient }) => gradient)}.`,
    ...classes.map((word) => `${word}: ${LANDING_CLASSES[word]}`),
    'rate: share of the converged runs (Wilson interval). predicted: yes at a minimum, where descent may come to rest, no at a saddle.',
  ];
}

/** Two digits, rounded up. */
function upTo(x: number): string {
  const text = x.toPrecision(2);
  return Number(text) >= x ? text : (x + 10 ** (Math.floor(Math.log10(x)) - 1)).toPrecision(2);
}

/** What led out of the traps, a line for each way. */
export function exitsText({ traps, path, resampled, alone }: Exits, { rate, steps }: Settings): string {
  if (traps === 0) return 'No run was matched to a trap, a local or a face minimum of loss above 0.\n';
  const went = ({ tried, left, zero }: WayOut): string => `${left} of ${tried} end lower, ${zero} of these at loss 0`;
  const after = path.below > 0 ? ` after ${counted(path.median, 'step')} at the median, ${path.most} at most` : '';
  const lines = [
    `${counted(traps, 'trap')}, runs matched to a local or a face minimum of loss above 0. From the end weights of ${path.tried} a path along which L~ never rises leads to less: the kernel has accepted it (T6-exit).`,
  ];
  if (path.tried > 0) {
    lines.push(
      `  from the end of its level part: full batches at ${rate} come below the loss it is proved to lead to in ${path.below} of ${path.tried}${after}; ${went(path)}`,
    );
  }
  if (resampled.tried > 0) lines.push(`  dead neurons resampled, the rest as it was: ${went(resampled)}`);
  lines.push(
    `  left as it was, inputs sampled for ${counted(steps, 'step')} at ${rate}, falling: ${went(alone)}`,
    'What descent does is counted in floats, and is so of these runs.',
    '',
  );
  return lines.join('\n');
}
