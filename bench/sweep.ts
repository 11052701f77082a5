/**
 * What a sweep costs. Needs Slurm and root, as test/cluster does, and a build.
 *   npx tsx bench/sweep.ts lost 500 5 50 1    four instances and a poisoned file x 500 seeds of 5 runs, 50 jobs a task: here, then on
 *                                             three nodes of which two are lost at moments that seed 1 says
 *   npx tsx bench/sweep.ts nodes SPEC 10      the same sweep here on one worker, then on one, two and three nodes, 10 jobs a task
 *   npx tsx bench/sweep.ts draw FOLDER 64 1   the suite's instances and 64 drawn ones with the seed 1, for a sweep
 *   npx tsx bench/sweep.ts table FOLDER       a row an instance of a sweep of landings: rates over all seeds, their spread, the cost
 *   npx tsx bench/sweep.ts families FOLDER    the same, a row for all instances whose names begin alike
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '../src/solve/landscape/partitionPatterns.ts';
import { startCluster } from '../test/cluster/cluster.ts';
import { NODES, queueEmpty, sweep, sweepWithLosses, writeSpec } from '../test/cluster/lostNodes.ts';

const [what, ...given] = process.argv.slice(2);
const at = mkdtempSync(join(tmpdir(), 'dictum-sweep-'));
if (what === 'lost') await lost(given.map(Number));
else if (what === 'nodes') await nodes(given[0] ?? '', Number(given[1] ?? 10));
else if (what === 'draw') draw(given[0] ?? '', Number(given[1] ?? 64), Number(given[2] ?? 1));
else if (what === 'table') table(given[0] ?? '', (name) => name);
else if (what === 'families') table(given[0] ?? '', (name) => /^(drawn-)?[a-z0-9]+?(?=-|$)/.exec(name)?.[0] ?? name);
else throw new Error('lost, nodes, draw, table or families');

interface Times {
  readonly jobs: number;
  /** Of all jobs together. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function timesOf(out: string): Times {
  const rows = readFileSync(join(out, 'times.csv'), 'utf8').trimEnd().split('\n').slice(1);
  const sum = (column: number): number => rows.reduce((all, row) => all + Number(row.split(',')[column]), 0);
  return { jobs: rows.length, seconds: sum(1), cpuSeconds: sum(2) };
}

/** Workers' time that went to no job, a job. */
function report(name: string, out: string, wall: number, workers: number): void {
  const { jobs, seconds, cpuSeconds } = timesOf(out);
  const each = (value: number): string => ((1000 * value) / jobs).toFixed(0);
  const overhead = each(wall * workers - seconds);
  console.log(
    `${name}: ${jobs} jobs in ${wall.toFixed(0)} s; a job ${each(seconds)} ms, ${each(cpuSeconds)} ms of CPU, ${overhead} ms beside it; load ${loadavg()[0]?.toFixed(1)}`,
  );
}

function here(spec: string, out: string, workers: number): void {
  const begun = performance.now();
  const ran = sweep([spec, '--out', out, '--jobs', `${workers}`]);
  if (ran.code !== 0 && ran.code !== 3) throw new Error(ran.err);
  report(`here, ${workers} at a time`, out, (performance.now() - begun) / 1000, workers);
}

async function lost([seeds = 10, runs = 5, pack = 50, seed = 1]: number[]): Promise<void> {
  const spec = writeSpec(at, seeds, runs);
  const [alone, out] = [join(at, 'alone'), join(at, 'cluster')];
  here(spec, alone, 2);
  const { story, restarts, seconds, cluster } = await sweepWithLosses(spec, join(at, 'slurm'), out, pack, seed, 3600);
  await cluster.stop();
  sweep(['collect', spec, '--out', out]);
  console.log(`${story.join('\n')}\n${restarts} tasks begun again`);
  report('on Slurm', out, seconds, NODES.length);
  const [first, second] = [alone, out].map((folder) => readFileSync(join(folder, 'results.jsonl'), 'utf8'));
  console.log(first === second ? 'the same bytes' : 'OTHER BYTES');
}

async function nodes(spec: string, pack: number): Promise<void> {
  here(spec, join(at, 'alone'), 1);
  for (let count = 1; count <= NODES.length; count++) {
    const cluster = await startCluster(join(at, `slurm-${count}`), NODES.slice(0, count));
    try {
      const out = join(at, `nodes-${count}`);
      const begun = performance.now();
      const ran = sweep([spec, '--out', out, '--slurm', '--pack', `${pack}`, '--json'], cluster.env);
      if (ran.code !== 0) throw new Error(ran.err);
      await queueEmpty(cluster, (JSON.parse(ran.out) as { slurm: string }).slurm, 3600);
      const wall = (performance.now() - begun) / 1000;
      sweep(['collect', spec, '--out', out]);
      report(`${count} nodes`, out, wall, count);
    } finally {
      await cluster.stop();
    }
  }
}

/** Kinds in turn, 3 to 6 features in 2 to 4 dimensions, 2 neurons or more but no more than features. */
function draw(folder: string, count: number, seed: number): void {
  const random = randomNumbers(seed);
  const below = (most: number): number => Math.floor(random() * most);
  /** Of length 1, by stereographic projection. */
  const unit = (length: number): string[] => {
    const from = Array.from({ length: length - 1 }, () => below(13) - 6);
    const square = from.reduce((sum, x) => sum + x * x, 0);
    return [...from.map((x) => 6 * x), square - 9].map((x) => `${x}/${square + 9}`);
  };
  cpSync(new URL('../regress/instances', import.meta.url), folder, { recursive: true });
  for (let k = 0; k < count; k++) {
    const kind = (['relu', 'transcoder', 'jumprelu', 'topk'] as const)[k % 4] ?? 'relu';
    const [n, np] = [3 + below(4), 2 + below(3)];
    const neurons = 2 + below(n - 1);
    const activation =
      kind === 'jumprelu'
        ? { kind, theta: '1/2' }
        : kind === 'topk'
          ? { kind, k: 1 + below(neurons - 1) }
          : { kind: 'relu' };
    const features = Array.from({ length: n }, (_, d) => ({
      label: `${d + 1}`,
      wp: unit(np),
      ...(kind === 'transcoder' && { wr: unit(2) }),
    }));
    const name = `drawn-${kind}-${n}x${np}-${neurons}-${k + 1}`;
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify({ format: 'dictum/instance@1', name, features, activation, neurons }),
    );
  }
}

interface Row {
  readonly job: string;
  readonly input: string;
  readonly result?: {
    readonly runs: number;
    readonly matched: number;
    readonly ends: readonly { readonly class: string; readonly loss: string; readonly count: number }[];
  };
}

/** Of each instance, or of all that share a row, the share of runs at loss 0 and in traps, the least and the most of a seed, and CPU seconds a job. */
function table(folder: string, rowOf: (name: string) => string): void {
  const file = join(folder, 'results.jsonl');
  if (!existsSync(file)) throw new Error(`${file}: no such file`);
  const cost = new Map(
    readFileSync(join(folder, 'times.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => [line.split(',')[0], Number(line.split(',')[2])]),
  );
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  console.log(
    '| instance | jobs | runs | matched | at loss 0 | at a minimum of positive loss | of a job, least .. most | CPU ms a job |\n|---|---|---|---|---|---|---|---|',
  );
  const nameOf = ({ input }: Row): string => rowOf(input.replace(/^.*\//, '').replace(/\.json$/, ''));
  for (const name of new Set(rows.map(nameOf))) {
    const these = rows.filter((row) => nameOf(row) === name);
    const found = these.flatMap(({ result }) => (result ? [result] : []));
    const count = (of: typeof found, holds: (end: { class: string; loss: string }) => boolean): number =>
      of.reduce((sum, { ends }) => sum + ends.filter(holds).reduce((all, end) => all + end.count, 0), 0);
    const runs = found.reduce((sum, result) => sum + result.runs, 0);
    const trap = (end: { class: string; loss: string }): boolean =>
      end.class !== 'saddle' && end.class !== 'zero-loss' && end.loss !== '0';
    const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
    const shares = found.map((result) => count([result], trap) / result.runs).sort((a, b) => a - b);
    const spread = `${percent(shares[0] ?? 0)} .. ${percent(shares.at(-1) ?? 0)}`;
    const matched = found.reduce((sum, result) => sum + result.matched, 0);
    const cpu = these.reduce((sum, { job }) => sum + (cost.get(job) ?? 0), 0) / these.length;
    console.log(
      `| ${name} | ${found.length} | ${runs} | ${matched} | ${percent(count(found, ({ class: word }) => word === 'zero-loss') / runs)} | ${percent(count(found, trap) / runs)} | ${spread} | ${(1000 * cpu).toFixed(0)} |`,
    );
  }
}
