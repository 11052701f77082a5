/**
 * Every input of the corpus of hostile ones (test/bounds/corpus.ts) to the built command, one at a time, under a limit on time and
 * on the heap: answered or refused, and at what cost. Prints a table by command, the slowest and the largest; --json keeps each run.
 *
 *   npx tsx bench/bounds.ts [--from 0] [--count 2000] [--step 1] [--seconds 60] [--heap 900] [--command check] [--json runs.jsonl] [--apart]
 *
 * Seconds are those of the processor, since others may be at work on the machine; two threads may take twice as many. A run is ended after
 * ten thousand times as long.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { COMMANDS, type HostileInput, hostile } from '../test/bounds/corpus.ts';

interface Run {
  readonly number: number;
  readonly command: string;
  readonly about: string;
  readonly bytes: number;
  /** The exit code, or what ended it. */
  readonly end: number | string;
  readonly seconds: number;
  readonly megabytes: number;
  readonly said: string;
}

/** Commands that use all cores. */
const THREADED: ReadonlySet<string> = new Set(['landscape', 'patterns']);

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '2000' },
    step: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    heap: { type: 'string', default: '900' },
    command: { type: 'string' },
    json: { type: 'string' },
    apart: { type: 'boolean', default: false },
  },
});

/** Seconds of the processor and the most memory of a process of Linux so far. */
function costs(pid: number): { seconds: number; megabytes: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const most = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: most };
  } catch {
    return undefined;
  }
}

/** Counts the most memory anew. */
function forgetMost(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not on this system: then it is the most since the start.
  }
}

/** A process that runs one command after the other, so that most inputs do not wait for Node to start; or one for each, with --apart. */
let child: ChildProcess | undefined;

function started(): ChildProcess {
  const fresh = fork(fileURLToPath(new URL('./boundsRunner.mjs', import.meta.url)), [], {
    execArgv: ['--expose-gc', `--max-old-space-size=${values.heap}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  fresh.stderr?.setEncoding('utf8');
  return fresh;
}

async function run(input: HostileInput): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'dictum-bounds-'));
  let bytes = 0;
  for (const [name, content] of input.files) {
    writeFileSync(join(folder, name), content);
    bytes += content.length;
  }
  const most = Number(values.seconds);
  if (values.apart) child?.kill();
  if (values.apart || !child || child.exitCode !== null || child.signalCode !== null) child = started();
  const own = child;
  const pid = own.pid ?? 0;
  forgetMost(pid);
  const before = costs(pid)?.seconds ?? 0;
  const begun = Date.now();
  let said = '';
  let cost = { seconds: 0, megabytes: 0 };
  const hear = (part: string): void => {
    said = `${said}${part}`.slice(-2000);
  };
  own.stderr?.on('data', hear);
  const end = await new Promise<number | string>((resolve) => {
    let why: string | undefined;
    const watch = setInterval(() => {
      const now = costs(pid);
      if (now) cost = { seconds: now.seconds - before, megabytes: Math.max(now.megabytes, cost.megabytes) };
      if (
        cost.seconds > most * (THREADED.has(input.command) ? availableParallelism() : 1) ||
        Date.now() - begun > 10_000 * most
      ) {
        why = 'too long';
        own.kill('SIGKILL');
      }
    }, 20);
    const over = (how: number | string): void => {
      clearInterval(watch);
      own.removeAllListeners();
      own.stderr?.off('data', hear);
      const now = costs(pid);
      if (now) cost = { seconds: now.seconds - before, megabytes: Math.max(now.megabytes, cost.megabytes) };
      resolve(how);
    };
    own.on('message', (code) => over(code as number));
    own.on('close', (code, signal) => over(why ?? code ?? signal ?? 'unknown'));
    own.send({ folder, command: input.command, args: input.args });
  });
  rmSync(folder, { recursive: true, force: true });
  const { number, command, about } = input;
  return { number, command, about: about.slice(0, 200), bytes, end, ...cost, said: said.trim().slice(0, 300) };
}

const runs: Run[] = [];
const [from, count, step] = [Number(values.from), Number(values.count), Number(values.step)];
for (let number = from; number < from + count; number += step) {
  const input = hostile(number);
  if (values.command !== undefined && input.command !== values.command) continue;
  const done = await run(input);
  runs.push(done);
  if (values.json !== undefined) appendFileSync(values.json, `${JSON.stringify(done)}\n`);
  if (![0, 1, 2, 3].includes(done.end as number) || done.bytes > 1_000_000)
    process.stdout.write(`${done.number} ${done.command} ${done.about}: ${done.end} ${done.said}\n`);
}

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, k) => (k === 0 ? `${cell}`.padEnd(10) : `${cell}`.padStart(10))).join(' ');
process.stdout.write(
  `${row(['command', 'inputs', 'answered', 'undecided', 'refused', 'neither', 'slowest s', 'most MB'])}\n`,
);
for (const command of [...COMMANDS, 'all']) {
  const own = runs.filter((r) => command === 'all' || r.command === command);
  if (own.length === 0) continue;
  const many = (...ends: number[]): number => own.filter(({ end }) => ends.includes(end as number)).length;
  const worst = (of: (r: Run) => number): number => own.reduce((most, r) => Math.max(most, of(r)), 0);
  const refused = many(1, 2);
  process.stdout.write(
    `${row([command, own.length, many(0), many(3), refused, own.length - many(0, 1, 2, 3), worst((r) => r.seconds).toFixed(1), worst((r) => r.megabytes).toFixed(0)])}\n`,
  );
}
child?.kill();
const list = (title: string, of: (r: Run) => number): void => {
  process.stdout.write(`${title}\n`);
  for (const r of [...runs].sort((a, b) => of(b) - of(a)).slice(0, 8))
    process.stdout.write(
      `  ${r.number} ${r.command} ${r.seconds.toFixed(1)} s ${r.megabytes.toFixed(0)} MB: ${r.about}\n`,
    );
};
list('slowest', (r) => r.seconds);
list('largest', (r) => r.megabytes);
