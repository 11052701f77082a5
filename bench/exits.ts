/**
 * What leads out of the traps that training ends in: `dictum land --exits` for each instance of the committed suite under ReLU or JumpReLU.
 * `npx tsx bench/exits.ts [runs of each] [instance ...]`.
 */
import { exitsOf, type WayOut } from '../src/landing/match/exits.ts';
import { study } from '../src/landing/match/study.ts';
import { sha256 } from '../src/terminal/digest.ts';
import { byRows } from './suite.ts';

const [runs = '200', ...only] = process.argv.slice(2);
const went = ({ tried, left, zero }: WayOut): string => `${left} of ${tried} | ${zero}`;
const none: WayOut = { tried: 0, left: 0, zero: 0 };
const plus = (a: WayOut, b: WayOut): WayOut => ({
  tried: a.tried + b.tried,
  left: a.left + b.left,
  zero: a.zero + b.zero,
});

console.log(
  '| instance | n | n_q | traps | below what the path is proved to reach | steps, median | most | end lower | at 0 | resampled: end lower | at 0 | alone: end lower | at 0 |',
);
console.log(`|${'---|'.repeat(13)}`);
const start = process.cpuUsage();
let [traps, below, path, resampled, alone] = [0, 0, none, none, none];
for (const { name, m, settings } of byRows(only)) {
  const found = await study(m, settings, Number(runs), sha256);
  const exits = found && (await exitsOf(m, found));
  if (!exits) continue;
  const p = exits.path;
  console.log(
    `| ${name} | ${m.features.length} | ${m.neurons} | ${exits.traps} | ${p.below} of ${p.tried} | ${p.median} | ${p.most} | ${went(p)} | ${went(exits.resampled)} | ${went(exits.alone)} |`,
  );
  [traps, below] = [traps + exits.traps, below + p.below];
  [path, resampled, alone] = [plus(path, p), plus(resampled, exits.resampled), plus(alone, exits.alone)];
}
console.log(
  `| all | | | ${traps} | ${below} of ${path.tried} | | | ${went(path)} | ${went(resampled)} | ${went(alone)} |`,
);
const { user, system } = process.cpuUsage(start);
console.log(`\n${((user + system) / 1e6).toFixed(0)} s of the processor, Node ${process.version}`);
