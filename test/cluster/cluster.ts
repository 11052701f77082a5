/**
 * A Slurm of Debian's packages on this host, without systemd and with all it keeps in one folder: munged, slurmctld and a slurmd for
 * each node. Needs root, as slurmctld does. A node is lost as machines are: slurmd and slurmstepd at once, by SIGKILL.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface Cluster {
  /** For commands that are to speak to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills what makes the node one; with `jobs` also what runs on it, as when a machine is switched off. */
  readonly lose: (node: string, jobs: boolean) => Promise<void>;
  readonly bringBack: (node: string) => void;
  /** Kills slurmctld and begins it again, once its state on the disk is younger than this call: what it never saved is lost with it. */
  readonly restartController: () => Promise<void>;
  /** `scontrol` and the like, with what they print. */
  readonly ask: (command: string, ...args: string[]) => string;
  readonly stop: () => Promise<void>;
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function startCluster(folder: string, nodes: readonly string[]): Promise<Cluster> {
  const ports = await freePorts(nodes.length + 1);
  const host = hostname().split('.')[0] ?? '';
  for (const name of ['state', 'log']) mkdirSync(join(folder, name), { recursive: true });
  const at = (name: string): string => join(folder, name);
  const conf = at('slurm.conf');
  writeFileSync(conf, configuration(folder, host, nodes, ports));
  writeFileSync(at('key'), randomBytes(128), { mode: 0o400 });
  const env = { SLURM_CONF: conf };
  const daemons = new Map<string, ChildProcess>();
  const daemon = (name: string, command: string, args: readonly string[]): void => {
    const log = openSync(join(folder, 'log', name), 'a');
    daemons.set(name, spawn(command, [...args], { stdio: ['ignore', log, log], env: { ...process.env, ...env } }));
  };
  const controller = (): void => daemon('slurmctld', 'slurmctld', ['-D', '-f', conf]);
  const bringBack = (node: string): void => daemon(node, 'slurmd', ['-D', '-N', node, '-f', conf]);
  const ask = (command: string, ...args: string[]): string =>
    execFileSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  // --force: the folder is ours alone, while munged expects one that every user can look into.
  const munge = ['socket', 'pid-file', 'log-file', 'seed-file'].map((name) => `--${name}=${at(`munge.${name}`)}`);
  daemon('munged', 'munged', ['--foreground', '--force', `--key-file=${at('key')}`, ...munge]);
  const end = async (name: string, signal: NodeJS.Signals): Promise<void> => {
    const child = daemons.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  const stop = async (): Promise<void> => {
    for (const node of nodes) for (const pid of processesOf(conf, node)) kill(pid);
    for (const name of [...nodes, 'slurmctld', 'munged']) await end(name, 'SIGKILL');
  };
  await sleep(1000);
  controller();
  for (const node of nodes) bringBack(node);
  try {
    await until(
      () =>
        ask('sinfo', '-h', '-N', '-o', '%T')
          .trim()
          .split('\n')
          .every((state) => state === 'idle'),
      60,
      'every node idle',
    );
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    env,
    bringBack,
    ask,
    async lose(node, jobs) {
      const running = processesOf(conf, node);
      // First what would tell the controller of the end of the others.
      for (const pid of stepsAbove(running)) kill(pid);
      const gone = end(node, 'SIGKILL');
      if (jobs) for (const pid of running) kill(pid);
      await gone;
    },
    async restartController() {
      const asked = Date.now();
      await until(
        () => statSync(join(folder, 'state', 'job_state')).mtimeMs > asked,
        60,
        'state of the controller saved',
      );
      await end('slurmctld', 'SIGKILL');
      controller();
      await until(() => ask('scontrol', 'ping').includes('UP'), 60, 'controller up');
    },
    stop,
  };
}

/** Waits until it holds, `what` in words; a command that fails is asked again. */
export async function until(holds: () => boolean, seconds: number, what: string): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    try {
      if (holds()) return;
    } catch (thrown) {
      if (Date.now() > end) throw new Error(`not so after ${seconds} s: ${what}`, { cause: thrown });
    }
    if (Date.now() > end) throw new Error(`not so after ${seconds} s: ${what}`);
    await sleep(300);
  }
}

function configuration(
  folder: string,
  host: string,
  nodes: readonly string[],
  [first, ...rest]: readonly number[],
): string {
  return `ClusterName=dictum
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${first}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${join(folder, 'munge.socket')}
StateSaveLocation=${join(folder, 'state')}
SlurmdSpoolDir=${join(folder, 'spool-%n')}
SlurmctldPidFile=${join(folder, 'slurmctld.pid')}
SlurmdPidFile=${join(folder, 'slurmd-%n.pid')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=3
MinJobAge=3600
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_min_interval=0
JobRequeue=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SlurmdParameters=config_overrides
${nodes.map((node, k) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${rest[k]} CPUs=1 State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=${nodes.join(',')} Default=YES MaxTime=INFINITE State=UP
`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.once('listening', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  for (const server of servers) server.close();
  return ports;
}

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

const proc = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
};

/** What runs on a node of the cluster with this configuration: Slurm tells a job both. */
function processesOf(conf: string, node: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const words = proc(pid, 'environ').split('\0');
    return words.includes(`SLURMD_NODENAME=${node}`) && words.includes(`SLURM_CONF=${conf}`);
  });
}

/** The slurmstepd above these processes. */
function stepsAbove(pids: readonly number[]): Set<number> {
  const steps = new Set<number>();
  for (let pid of pids)
    for (; pid > 1; pid = Number(/^PPid:\s+([0-9]+)/m.exec(proc(pid, 'status'))?.[1] ?? 0))
      if (proc(pid, 'comm').startsWith('slurmstepd')) steps.add(pid);
  return steps;
}
