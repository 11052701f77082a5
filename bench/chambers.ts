/**
 * Chambers, certified, here and in polymake, on the same arrangements, and how the time grows with n and p:
 * `npx tsx bench/chambers.ts [--out FOLDER] [--limit SECONDS] [--without-polymake]`; the command has to be built (npm run build).
 * Dictum is timed as a process with everything in it: start, reading, enumeration on two threads, certificate, replay. Of polymake
 * it is the time within a running script, after a first small arrangement, so without its start.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrangementOf } from '../src/solve/patterns/arrangement.ts';
import { firstNode, runPart, taskOf } from '../src/solve/patterns/part.ts';
import { enter } from '../src/terminal/door.ts';
import { generic, instanceText, resonance, threshold } from './arrangements.ts';
import { installed, timed } from './peers.ts';
import { type Line, plot } from './plot.ts';

const args = process.argv.slice(2);
const option = (name: string, otherwise: string): string => {
  const k = args.indexOf(`--${name}`);
  return k < 0 ? otherwise : (args[k + 1] ?? otherwise);
};
const limit = 1000 * Number(option('limit', '600'));
const out = option('out', '');
const folder = mkdtempSync(join(tmpdir(), 'dictum-bench-'));
const main = fileURLToPath(new URL('../dist/src/commands/main.js', import.meta.url));

interface Time {
  readonly wall: number;
  readonly cpu: number;
}

interface Row {
  readonly name: string;
  readonly chambers: number;
  /** Seconds on the clock, and of the processors. */
  readonly process: Time;
  readonly inProcess: Time;
  readonly megabytes: number;
  readonly polymake?: Time;
}

/** Enumerates in this process, on one thread; milliseconds. */
function enumerate(name: string, rows: readonly (readonly number[])[]): Time & { chambers: number } {
  const task = taskOf(arrangementOf(enter(instanceText(name, rows), name).instance), {
    signs: 'chambers',
    maxSize: Infinity,
  });
  const [start, before] = [performance.now(), process.cpuUsage()];
  let chambers = 0;
  for (let open = [firstNode(task)]; open.length > 0; ) {
    const [from = '', ...others] = open;
    const part = runPart(task, from);
    chambers += part.chambers;
    open = [...part.rest, ...others];
  }
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, chambers };
}

/** The command, with its certificate replayed by `dictum check`; seconds and the most memory it held. */
function command(name: string, rows: readonly (readonly number[])[]): Time & { chambers: number; megabytes: number } {
  const [file, certificate] = [join(folder, 'instance.json'), join(folder, 'certificate.json')];
  writeFileSync(file, instanceText(name, rows));
  const start = performance.now();
  const measured = [
    '-f',
    '%M %U %S',
    process.execPath,
    main,
    'patterns',
    file,
    '--strict',
    '--seconds',
    '600',
    '--json',
    '--certify',
    certificate,
  ];
  const ran = spawnSync('/usr/bin/time', measured, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const checked = spawnSync('/usr/bin/time', ['-f', '%M %U %S', process.execPath, main, 'check', certificate], {
    encoding: 'utf8',
  });
  const wall = (performance.now() - start) / 1000;
  if (ran.status !== 0 || checked.status !== 0) throw new Error(`${name}: ${ran.stderr} ${checked.stdout}`);
  const { chambers } = JSON.parse(ran.stdout) as { chambers: number };
  const [kilobytes = 0, ...used] = numbers(ran.stderr);
  const cpu = [...used, ...numbers(checked.stderr).slice(1)].reduce((a, b) => a + b, 0);
  return { wall, cpu, chambers, megabytes: kilobytes / 1024 };
}

/** The last line that /usr/bin/time wrote. */
const numbers = (stderr: string): number[] => (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);

function polymake(rows: readonly (readonly number[])[]): (Time & { chambers: number }) | undefined {
  const script = join(folder, 'chambers.pl');
  const text = (of: readonly (readonly number[])[]): string => `[${of.map((row) => `[${row.join(',')}]`).join(',')}]`;
  writeFileSync(
    script,
    `use application "fan"; use Time::HiRes qw(time);
my $first = new HyperplaneArrangement(HYPERPLANES=>${text(resonance(2))}); my $before = $first->CHAMBER_SIGNATURES->rows;
my $h = new HyperplaneArrangement(HYPERPLANES=>${text(rows)}); my $start = time; my ($u, $s) = times; my $n = $h->CHAMBER_SIGNATURES->rows;
my ($v, $t) = times; print "found $n ", time - $start, " ", $v + $t - $u - $s, "\\n";`,
  );
  const { output } = timed('polymake', ['--script', script], limit);
  const found = /found (\d+) ([\d.e-]+) ([\d.e-]+)/.exec(output ?? '');
  return found ? { chambers: Number(found[1]), wall: Number(found[2]), cpu: Number(found[3]) } : undefined;
}

const withPolymake = installed('polymake') && !args.includes('--without-polymake');
if (!installed('polymake')) console.log('missing: polymake: apt-get install polymake');
console.log(
  `${availableParallelism()} cores, load ${loadavg()
    .map((x) => x.toFixed(1))
    .join(' ')}`,
);

const CASES: readonly (readonly [name: string, rows: number[][], compared: boolean])[] = [
  ['R4', resonance(4), true],
  ['T4', threshold(4), true],
  ['R5', resonance(5), true],
  ['T5', threshold(5), false],
  ['generic 20 x 6', generic(20, 6), false],
  ['R6', resonance(6), false],
];
const table: Row[] = [];
for (const [name, rows, compared] of CASES) {
  const ran = command(name, rows);
  const one = enumerate(name, rows);
  if (one.chambers !== ran.chambers) throw new Error(`${name}: ${one.chambers} and ${ran.chambers}`);
  const theirs = withPolymake && compared ? polymake(rows) : undefined;
  if (theirs && theirs.chambers !== ran.chambers) throw new Error(`${name}: polymake says ${theirs.chambers}`);
  const time = ({ wall, cpu }: Time): Time => ({ wall, cpu });
  const { chambers, megabytes } = ran;
  const others = theirs && { polymake: time(theirs) };
  table.push({ name, chambers, process: time(ran), inProcess: time(one), megabytes, ...others });
  const shown = (of: Time): string => `${of.wall.toFixed(2)} s (cpu ${of.cpu.toFixed(2)})`;
  console.log(`${name}: ${chambers} chambers`);
  console.log(
    `  process, certificate and its replay ${shown(ran)}, ${megabytes.toFixed(0)} MiB; one thread ${shown(one)}`,
  );
  if (theirs) {
    const times = (of: Time): string => `${(theirs.cpu / of.cpu).toFixed(0)} times the cpu`;
    console.log(`  polymake ${shown(theirs)}: ${times(ran)} of the processes, ${times(one)} of one thread`);
  } else if (withPolymake && compared) console.log(`  polymake: none in ${limit / 1000} s`);
}

const byN: Line[] = [3, 4, 5, 6].map((p) => ({
  name: `p = ${p}`,
  points: [8, 11, 14, 17, 20].map((n) => [n, 1000 * enumerate('generic', generic(n, p)).cpu] as const),
}));
const byP: Line[] = [10, 14, 18].map((n) => ({
  name: `n = ${n}`,
  points: [2, 3, 4, 5, 6, 7].map((p) => [p, 1000 * enumerate('generic', generic(n, p)).cpu] as const),
}));
if (out !== '') {
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, 'chambers-by-n.svg'),
    plot('Enumeration of chambers, general position', 'directions n', 'milliseconds of one processor', byN),
  );
  writeFileSync(
    join(out, 'chambers-by-p.svg'),
    plot('Enumeration of chambers, general position', 'dimension p', 'milliseconds of one processor', byP),
  );
  writeFileSync(
    join(out, 'chambers.json'),
    `${JSON.stringify({ format: 'dictum/bench-chambers@1', load: loadavg(), table, byN, byP }, null, 2)}\n`,
  );
  console.log(`written to ${out}`);
}
