/**
 * Exact linear algebra against python-flint in the same run: dense integer systems with 8-bit entries and one right side, and
 * the rank of dense random matrices modulo a prime of 22 bits. The same numbers for both, each in one thread, times of the
 * processor, medians; answers have to be equal. `npx tsx bench/linear.ts [--python PYTHON] [--rounds N]`; PYTHON needs
 * python-flint.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { singularAt } from '../src/kernel/numbers/modular.ts';
import { Rational } from '../src/kernel/numbers/rational.ts';
import { solveSquare } from '../src/solve/linear/linear.ts';
import { pivots, primes } from '../src/solve/linear/modular.ts';
import { median, milliseconds, shown } from './milliseconds.ts';

const { values } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '7' } },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'dictum-bench-'));
const p = primes().next().value;
/** The kernel's elimination takes moduli up to 2^21. */
const KERNEL_PRIME = 2097143;

const PEER = `
import json, statistics, sys, time, flint
job = json.load(open(sys.argv[1]))
n, p, times = job["n"], job["p"], []
def timed(work):
    start = time.process_time()
    result = work()
    times.append(1000 * (time.process_time() - start))
    return result
answers = []
for entries, right in job["systems"]:
    if right:
        a, b = flint.fmpz_mat(n, n, entries), flint.fmpz_mat(n, 1, right)
        x = timed(lambda: a.solve(b))
        answers.append([str(x[i, 0]) for i in range(n)])
    else:
        a = flint.nmod_mat(n, n, entries, p)
        answers.append(timed(a.rank))
print(json.dumps({"ms": statistics.median(times), "answers": answers,
    "versions": "python-flint " + flint.__version__ + ", FLINT " + flint.__FLINT_VERSION__}))
`;

/** Numbers in [0, 1) (Numerical Recipes' linear congruential generator). */
function* random(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

interface System {
  readonly entries: number[];
  readonly right: number[];
}

function flint(
  n: number,
  systems: readonly System[],
): { ms: number; answers: unknown[]; versions: string } | undefined {
  const file = join(folder, 'job.json');
  writeFileSync(file, JSON.stringify({ n, p, systems: systems.map(({ entries, right }) => [entries, right]) }));
  const { stdout, stderr, status } = spawnSync(values.python, ['-c', PEER, file], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (status === 0) return JSON.parse(stdout);
  console.warn(`python-flint is not asked: ${stderr.trim().split('\n').at(-1)}`);
  return undefined;
}

/** Times each system once, after half a second of the same that is not counted, and compares the answers. */
function row(n: number, systems: readonly System[], ours: (system: System) => unknown): (number | undefined)[] {
  for (let spent = 0; spent < 500; ) spent += milliseconds(() => systems.slice(0, 3).map(ours))[0];
  const answers: unknown[] = [];
  const times = systems.map((system) => {
    const [ms, answer] = milliseconds(() => ours(system));
    answers.push(answer);
    return ms;
  });
  const peer = flint(n, systems);
  if (peer) versions = peer.versions;
  peer?.answers.forEach((answer, k) => {
    const mine =
      typeof answer === 'number' ? answers[k] : texts(answers[k] as NonNullable<ReturnType<typeof solveSquare>>);
    if (JSON.stringify(mine) !== JSON.stringify(answer)) throw new Error(`n = ${n}, system ${k}: answers differ`);
  });
  return [median(times), peer?.ms];
}

/** In lowest terms, as FLINT prints them. */
function texts({ num, den }: NonNullable<ReturnType<typeof solveSquare>>): string[] {
  return num.map((x) => Rational.of(x, den).toString());
}

let versions = 'no python-flint';
const line = (n: number, [ours, peer]: (number | undefined)[], more = ''): string =>
  `| ${n} | ${shown(ours)} | ${shown(peer)} | ${ours && peer ? (ours / peer).toFixed(1) : '-'} |${more}`;

console.log('| n | solve, Dictum: ms | python-flint: ms | ratio |\n|---|---|---|---|');
for (const n of [50, 100, 200, 400]) {
  const next = random(n);
  const byte = (): number => Math.floor(256 * next.next().value) - 128;
  const systems = Array.from({ length: rounds }, () => ({
    entries: Array.from({ length: n * n }, byte),
    right: Array.from({ length: n }, byte),
  }));
  const big = new Map(
    systems.map(({ entries, right }) => [
      right,
      Array.from({ length: n }, (_, i) => entries.slice(i * n, (i + 1) * n).map(BigInt)),
    ]),
  );
  const solve = ({ right }: System) => solveSquare(big.get(right) ?? [], right.map(BigInt));
  console.log(line(n, row(n, systems, solve)));
}

console.log('\n| n | rank, Dictum: ms | python-flint: ms | ratio | kernel, regular: ms |\n|---|---|---|---|---|');
for (const n of [250, 500, 1000, 2000]) {
  const next = random(n);
  const count = n > 1000 ? Math.min(rounds, 3) : rounds;
  const systems = Array.from({ length: count }, () => ({
    entries: Array.from({ length: n * n }, () => Math.floor(p * next.next().value)),
    right: [],
  }));
  const rank = ({ entries }: System): number => {
    const rows = Array.from({ length: n }, (_, i) => Float64Array.from(entries.slice(i * n, (i + 1) * n)));
    return pivots(rows, p).columns.length;
  };
  const [first] = systems;
  const matrix = Int32Array.from(first?.entries ?? [], (x) => x % KERNEL_PRIME);
  const [kernel, at] = milliseconds(() => singularAt(matrix, n, KERNEL_PRIME));
  if (at !== n) throw new Error(`n = ${n}: a random matrix with a pivot 0 modulo ${KERNEL_PRIME}, take another seed`);
  console.log(line(n, row(n, systems, rank), ` ${shown(kernel)} |`));
}
rmSync(folder, { recursive: true });
console.log(`\nNode ${process.version}, ${versions}`);
