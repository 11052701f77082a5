/**
 * A sweep on a cluster that loses two of its three nodes and its controller once, at moments that a seed says, beside the same sweep on
 * this machine alone.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomNumbers } from '../../src/solve/landscape/partitionPatterns.ts';
import { main, type Ran } from '../commands/run.ts';
import { type Cluster, startCluster, until } from './cluster.ts';

export const NODES: readonly string[] = ['n1', 'n2', 'n3'];

/** `land` on four small instances, and on a file that is none. */
export function writeSpec(folder: string, seeds: number, runs: number): string {
  const instances = join(folder, 'instances');
  mkdirSync(instances, { recursive: true });
  for (const name of ['face', 'acute-pair', 'superposition-4x2-4', 'top-1-4x2-4'])
    cpSync(new URL(`../../regress/instances/${name}.json`, import.meta.url), join(instances, `${name}.json`));
  writeFileSync(join(instances, 'poisoned.json'), '{"format": "dictum/instance@1", "name": "no features"}');
  const spec = join(folder, 'sweep.json');
  const options = { runs, seed: { from: 1, to: seeds } };
  writeFileSync(spec, JSON.stringify({ format: 'dictum/sweep@1', command: 'land', inputs: ['instances'], options }));
  return spec;
}

/** A sweep of the compiled command. */
export function sweep(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'sweep', ...args], options);
  return { code: status, out: stdout, err: stderr };
}

export interface State {
  readonly jobs: number;
  readonly done: number;
  readonly failed: number;
  readonly tasks: readonly { readonly state: string; readonly node: string }[];
}

export const stateOf = (spec: string, out: string, { env }: Cluster): State =>
  JSON.parse(sweep(['status', spec, '--out', out, '--json'], env).out) as State;

export interface Lost {
  /** What happened, when: for the one who looks at a failure. */
  readonly story: readonly string[];
  readonly seconds: number;
  /** How often Slurm began a task again. */
  readonly restarts: number;
}

/** Submits the sweep and waits, at most so many seconds for each thing that is to happen, until nothing of it is in the queue. */
export async function sweepWithLosses(
  spec: string,
  folder: string,
  out: string,
  pack: number,
  seed: number,
  seconds: number,
): Promise<Lost & { readonly cluster: Cluster }> {
  const cluster = await startCluster(folder, NODES);
  const story: string[] = [];
  try {
    return { ...(await losing(cluster, spec, out, pack, seed, seconds, story)), cluster };
  } catch (thrown) {
    const shown = [seen(cluster, 'squeue', '--array', '--long'), seen(cluster, 'sinfo', '-N', '--long')];
    const log = lines(join(folder, 'log', 'slurmctld')).slice(-80);
    await cluster.stop();
    throw new Error([`${thrown}`, ...story, ...shown, ...log].join('\n'), { cause: thrown });
  }
}

/** For the one who looks at a failure; a controller that does not answer is one, too. */
function seen({ ask }: Cluster, ...[command, ...args]: readonly [string, ...string[]]): string {
  try {
    return ask(command, ...args);
  } catch (thrown) {
    return `${thrown}`;
  }
}

async function losing(
  cluster: Cluster,
  spec: string,
  out: string,
  pack: number,
  seed: number,
  wait: number,
  story: string[],
): Promise<Lost> {
  const random = randomNumbers(seed);
  const begun = Date.now();
  const tell = (text: string): void => {
    story.push(`${((Date.now() - begun) / 1000).toFixed(0)} s: ${text}`);
  };
  const ran = sweep([spec, '--out', out, '--slurm', '--pack', `${pack}`, '--json'], cluster.env);
  if (ran.code !== 0) throw new Error(ran.err);
  const { slurm, jobs } = JSON.parse(ran.out) as { slurm: string; jobs: number };
  // The first third to two thirds of the jobs: there is enough left to lose.
  const shares = [0.1 + 0.15 * random(), 0.3 + 0.1 * random(), 0.45 + 0.15 * random()];
  const first = NODES[Math.floor(random() * NODES.length)] as string;
  const others = NODES.filter((node) => node !== first);
  const second = others[Math.floor(random() * others.length)] as string;
  const events: readonly (() => Promise<void>)[] = [
    async () => {
      await cluster.lose(first, true);
      tell(`${first} lost, with what ran on it`);
    },
    async () => {
      await cluster.restartController();
      tell('slurmctld killed and begun again');
    },
    async () => {
      // Cut off from the controller, not switched off: its jobs run on, beside those that take their place.
      await cluster.lose(second, false);
      tell(`${second} lost, its jobs running on`);
    },
  ];
  for (const [k, event] of events.entries()) {
    await until(() => endedIn(out) >= (shares[k] as number) * jobs, wait, `share ${k + 1} of the jobs ended`);
    tell(`${endedIn(out)} of ${jobs} jobs ended`);
    await event();
  }
  await until(() => cluster.ask('sinfo', '-h', '-n', first, '-o', '%T').includes('down'), wait, `${first} down`);
  cluster.bringBack(first);
  tell(`${first} is back`);
  await queueEmpty(cluster, slurm, wait, STALE);
  tell('no task in the queue');
  const shown = cluster.ask('scontrol', 'show', 'job', slurm, '--oneliner');
  const restarts = [...shown.matchAll(/Restarts=([0-9]+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { story, restarts, seconds: (Date.now() - begun) / 1000 };
}

/** Files of jobs that are done or failed: asking `status` each time would take the processor from them. */
function endedIn(out: string): number {
  const folders = ['results', 'failed'].map((kind) => join(out, kind)).filter((folder) => existsSync(folder));
  const names = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map(String));
  return names.filter((name) => name.endsWith('.json')).length;
}

/** Milliseconds that no task of a test or bench that loses nodes runs for. */
const STALE = 60_000;

/**
 * Waits until no task of the array job is in the queue, without Slurm's own waits: two minutes before a task whose node was lost begins again; and, where a
 * task ended and a controller that was killed had not saved that yet, until its node registers the next time, up to an hour later. So what is said to run for longer than
 * `stale` milliseconds is begun again, once: done again is done the same.
 */
export async function queueEmpty(
  { ask }: Cluster,
  job: string,
  seconds: number,
  stale: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const since = new Map<string, number>();
  await until(
    () => {
      const queue = ask('squeue', '--noheader', '--array', `--jobs=${job}`, '--format=%i %T %r').trim();
      for (const [, task] of queue.matchAll(/^(\S+) PENDING BeginTime$/gm))
        ask('scontrol', 'update', `JobId=${task}`, 'StartTime=now');
      for (const [, task = ''] of queue.matchAll(/^(\S+) RUNNING /gm)) {
        const begun = since.get(task) ?? Date.now();
        const over = Date.now() - begun > stale;
        if (over) ask('scontrol', 'requeue', task);
        since.set(task, over ? Number.POSITIVE_INFINITY : begun);
      }
      return queue === '';
    },
    seconds,
    'no task in the queue',
  );
}

export const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
