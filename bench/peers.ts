/** Other exact tools, where they are installed: how to ask them, and how they answer. */
import { spawnSync } from 'node:child_process';
import { cddFile, lpFile, smtFile } from './lpFile.ts';

export interface Peer {
  readonly name: string;
  readonly command: string;
  readonly install: string;
  readonly ending: string;
  readonly write: typeof lpFile;
  readonly args: (file: string) => readonly string[];
  /** Undefined where the output says neither. */
  readonly reads: (output: string) => boolean | undefined;
}

const says =
  (yes: RegExp, no: RegExp) =>
  (output: string): boolean | undefined =>
    no.test(output) ? false : yes.test(output) ? true : undefined;

export const PEERS: readonly Peer[] = [
  {
    name: 'QSopt_ex',
    command: 'esolver',
    install: 'apt-get install qsopt-ex',
    ending: 'lp',
    write: lpFile,
    args: (file) => ['-L', file],
    reads: says(/Problem Solved Exactly/, /Problem Is Infeasible/),
  },
  {
    name: 'glpsol --exact',
    command: 'glpsol',
    install: 'apt-get install glpk-utils',
    ending: 'lp',
    write: lpFile,
    args: (file) => ['--lp', file, '--nopresol', '--exact'],
    reads: says(/OPTIMAL (LP )?SOLUTION FOUND/i, /NO (PRIMAL )?FEASIBLE SOLUTION/i),
  },
  {
    name: 'z3',
    command: 'z3',
    install: 'apt-get install z3',
    ending: 'smt2',
    write: smtFile,
    args: (file) => [file],
    reads: says(/^sat/m, /^unsat/m),
  },
  {
    name: 'cddlib (exact)',
    command: 'testlp2_gmp',
    install: 'apt-get install libcdd-tools (where it has an LP program)',
    ending: 'ine',
    write: cddFile,
    args: (file) => [file],
    reads: says(/Optimal/i, /Inconsistent|infeasible/i),
  },
  {
    name: 'SoPlex',
    command: 'soplex',
    install: 'from soplex.zib.de',
    ending: 'lp',
    write: lpFile,
    args: (file) => ['--solvemode=2', '-f0', '-o0', file],
    reads: says(/\[optimal\]/, /\[infeasible\]/),
  },
];

export const installed = (command: string): boolean => spawnSync('which', [command]).status === 0;

export interface Timed {
  /** On the clock. */
  readonly ms: number;
  /** Of the processors, in steps of 10 ms. */
  readonly cpu: number;
  /** What was printed; undefined where it took longer than the limit. */
  readonly output?: string;
}

/** Runs a command for at most `limit` milliseconds; `timeout` ends what it started with it. */
export function timed(command: string, args: readonly string[], limit: number): Timed {
  const measured = ['-k', '1', `${limit / 1000}`, '/usr/bin/time', '-f', 'cpu %U %S', command, ...args];
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync('timeout', measured, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const ms = performance.now() - start;
  if (status === 124 || status === 137) return { ms, cpu: ms };
  const [, user = 0, system = 0] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  return { ms, cpu: 1000 * (Number(user) + Number(system)), output: `${stdout}\n${stderr}` };
}
