/**
 * One training step at the paper's scale (n_p = 768, n_q = 16000), Dictum and PyTorch from the same weights on the same batch:
 *
 *   npx tsx bench/step.ts [--python PYTHON] [--backend wasm,native|webgpu] [--device cpu|cuda] [--batch 1024] [--steps 3] [--rounds 1]
 *     [--size 768x16000] [--case relu,few,topk] [--small] [--out FILE]
 *
 * On the processor one thread each, and its time; on a GPU the clock. PyTorch computes densely as its users write it, eagerly on the
 * processor, eagerly and compiled on a GPU. Losses of all steps are compared. Each measurement is a process of its own, so that its peak
 * memory is its own; in each round the backends and the peer come one after the other, and ratios are medians over the rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BackendName, rowOf } from '../src/train/backend/backend.ts';
import { kernelsOf, openBackend } from '../src/train/backend/open.ts';
import { normal, uniform } from '../src/train/backend/random.ts';
import { complete } from '../src/train/config/defaults.ts';
import type { Source } from '../src/train/data/source.ts';
import { startTraining } from '../src/train/run/training.ts';
import { recorder } from './gpu/record.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    backend: { type: 'string', default: 'wasm' },
    device: { type: 'string', default: 'cpu' },
    batch: { type: 'string', default: '1024' },
    steps: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '1' },
    size: { type: 'string', default: '768x16000' },
    case: { type: 'string', default: 'relu,few,topk' },
    /** One measurement, by the process that this one starts: a folder with inputs, and which of the cases. */
    measure: { type: 'string' },
    small: { type: 'boolean', default: false },
    compile: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const [np = 0, nq = 0] = (values.small ? '76x1600' : values.size).split('x').map(Number);
const features = values.small ? 100 : 1000;
const [batch, steps] = [Number(values.batch), Number(values.steps)];
const onGpu = values.backend === 'webgpu';
/** Steps before the clock starts: a GPU's compile the kernels and raise its clocks. */
const first = onGpu ? 20 : 1;
const record = recorder(values.out);
const folder = values.measure ?? mkdtempSync(join(tmpdir(), 'dictum-step-'));

interface Case {
  readonly of: string;
  readonly name: string;
  readonly method: { readonly kind: 'relu'; readonly l1: number } | { readonly kind: 'topk'; readonly k: number };
  /** Encoder bias, held: with -0.6 about as many latents are active as after training. */
  readonly bias: number;
}
const k = values.small ? 8 : 64;
const CASES: readonly Case[] = [
  { of: 'relu', name: 'ReLU, at the start', method: { kind: 'relu', l1: 0.5 }, bias: 0 },
  { of: 'few', name: 'ReLU, few active', method: { kind: 'relu', l1: 0.5 }, bias: -0.6 },
  { of: 'topk', name: `TopK, k = ${k}`, method: { kind: 'topk', k }, bias: 0 },
];

/** Sparse sums of unit directions, drawn without regard to their interference: a step takes the same time. */
function inputs(): Float32Array {
  const x = new Float32Array(batch * np);
  for (let d = 0; d < features; d++) {
    const w = Float64Array.from({ length: np }, (_, j) => normal(1, d, j));
    const length = Math.hypot(...w);
    for (let b = 0; b < batch; b++) {
      if (uniform(2, b, d) >= 0.01) continue;
      const magnitude = 1 - Math.log(1 - uniform(3, b, d));
      for (let j = 0; j < np; j++) x[b * np + j] = (x[b * np + j] as number) + (magnitude * (w[j] as number)) / length;
    }
  }
  return x;
}

interface Timed {
  readonly seconds: number;
  readonly losses: readonly number[];
  readonly mebibytes: number;
  readonly deviceMebibytes?: number;
}

/** Memory in use on the device, by all processes, as NVIDIA's driver tells it. */
function usedOnDevice(): number | undefined {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits'], {
    encoding: 'utf8',
  });
  return status === 0 ? Number(stdout) : undefined;
}

interface Ours extends Timed {
  readonly l0: number;
  readonly device: string;
}

async function ours({ method, bias }: Case, x: Float32Array): Promise<Ours> {
  const config = complete({
    format: 'dictum/train@1',
    data: { kind: 'bench', features, np },
    method,
    neurons: nq,
    batch,
    steps: first + steps,
    logEvery: 1,
    schedule: { warmup: 0, kind: 'constant' },
  });
  const { backend: name } = values;
  const kernels = kernelsOf(name as BackendName);
  const before = onGpu ? usedOnDevice() : undefined;
  const backend = await openBackend(name as BackendName, kernels);
  // On a GPU the batch lies there, as the peer's does: as rows of which a list says that each is taken once.
  const rowsOfBatch = Array.from({ length: batch }, (_, b) => Float64Array.from(x.subarray(b * np, (b + 1) * np)));
  const source: Source = {
    np,
    nr: np,
    ...(onGpu && { truth: { wp: rowsOfBatch, wr: rowsOfBatch } }),
    list(_, into) {
      for (let b = 0; b < batch; b++) {
        into.start[b] = b;
        into.index[b] = b;
        into.value[b] = 1;
      }
      into.start[batch] = batch;
      return true;
    },
    fill: (_, to, target) => {
      for (const table of [to, target])
        for (let b = 0; b < batch; b++) table.data.set(x.subarray(b * np, (b + 1) * np), b * table.stride);
    },
  };
  const training = startTraining(config, source, backend);
  const { we, be } = training.work.weights;
  be.fill(bias, 0, nq);
  backend.push(be);
  // The start is tied: both matrices are the same.
  const rows = new Float32Array(nq * np);
  for (let i = 0; i < nq; i++) rows.set(rowOf(we, i), i * np);
  if (!existsSync(join(folder, 'weights.bin'))) writeFileSync(join(folder, 'weights.bin'), rows);
  const records: Awaited<ReturnType<typeof training.advance>>[] = [];
  for (let step = 0; step < first; step++) records.push(await training.advance());
  const [clock, processor] = [performance.now(), process.cpuUsage()];
  for (let step = 0; step < steps; step++) records.push(await training.advance());
  const { user, system } = process.cpuUsage(processor);
  const seconds = onGpu ? (performance.now() - clock) / 1000 : (user + system) / 1e6;
  const onDevice = onGpu ? usedOnDevice() : undefined;
  backend.close();
  return {
    seconds,
    ...(onDevice !== undefined && before !== undefined && { deviceMebibytes: onDevice - before }),
    losses: records.map((record) => record?.loss ?? Number.NaN),
    // The most that the process has had: ru_maxrss, kibibytes on Linux.
    mebibytes: process.resourceUsage().maxRSS / 2 ** 10,
    l0: records.at(-1)?.l0 ?? 0,
    device: backend.device,
  };
}

const PEER = readFileSync(new URL('./step.py', import.meta.url), 'utf8');

interface Peers {
  readonly version: string;
  readonly eager: Timed;
  readonly compiled?: Timed;
}

function torch({ method, bias }: Case): Peers | undefined {
  const { device, compile } = values;
  const told = JSON.stringify({ ...method, np, nq, batch, steps, first, bias, device, compile });
  const { status, stdout, stderr } = spawnSync(values.python, ['-c', PEER, folder, told], { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout) as Peers;
  process.stderr.write(`PyTorch: ${stderr.trim().split('\n').at(-1)}\n`);
  return undefined;
}

if (values.measure !== undefined) {
  const bytes = readFileSync(join(folder, 'inputs.bin'));
  const one = CASES.find(({ of }) => of === values.case);
  if (!one) throw new Error(`no case ${values.case}`);
  console.log(JSON.stringify(await ours(one, new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4))));
} else {
  all();
}

/** In a process of its own, with this one's options. */
function measured({ of }: Case, backend: string): Ours {
  const { batch, steps, size, small } = values;
  const told = ['--measure', folder, '--case', of, '--backend', backend, '--batch', batch, '--steps', steps];
  const script = [
    ...process.execArgv,
    process.argv[1] as string,
    ...told,
    '--size',
    size,
    ...(small ? ['--small'] : []),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${backend}: ${stderr}`);
  return JSON.parse(stdout) as Ours;
}

function all(): void {
  const [cases, backends] = [values.case.split(','), values.backend.split(',')];
  writeFileSync(join(folder, 'inputs.bin'), inputs());
  for (const one of CASES.filter(({ of }) => cases.includes(of))) {
    const before = loadavg()[0];
    const rounds = Array.from({ length: Number(values.rounds) }, () => ({
      mine: backends.map((backend) => measured(one, backend)),
      peers: torch(one),
    }));
    const load = [before, loadavg()[0]].map((value) => Math.round(10 * (value as number)) / 10);
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, load };
    const first = rounds[0];
    if (!first) break;
    const peers = (kind: 'eager' | 'compiled'): Timed[] => rounds.flatMap(({ peers }) => peers?.[kind] ?? []);
    const [eager, compiled] = [peers('eager'), peers('compiled')];
    const dictum = backends.map((backend, at) => {
      const mine = rounds.map((round) => round.mine[at] as Ours);
      return {
        backend: `${backend} on ${mine[0]?.device}`,
        ...summary(mine),
        ...(mine[0]?.deviceMebibytes !== undefined && { deviceMebibytes: mine[0].deviceMebibytes }),
        ...(eager.length > 0 && { eager: against(mine, eager) }),
        ...(compiled.length > 0 && { compiled: against(mine, compiled) }),
      };
    });
    record(`${one.name}, ${np} x ${nq}`, {
      l0: Math.round(first.mine[0]?.l0 ?? 0),
      machine,
      rounds: rounds.length,
      dictum,
      ...(first.peers && {
        pytorch: `${first.peers.version} on ${values.device}`,
        eager: summary(eager),
        ...(compiled.length > 0 && { compiled: summary(compiled) }),
      }),
    });
  }
  rmSync(folder, { recursive: true });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function summary(runs: readonly Timed[]): object {
  return {
    samplesPerSecond: Math.round((batch * steps) / median(runs.map((run) => run.seconds))),
    mebibytes: Math.round(Math.max(...runs.map((run) => run.mebibytes))),
  };
}

/** The peer's time over ours, round by round: median, least and most. */
function against(mine: readonly Timed[], peers: readonly Timed[]): object {
  const ratios = peers.map((peer, at) => peer.seconds / (mine[at]?.seconds ?? Number.NaN));
  return {
    ratio: median(ratios),
    from: Math.min(...ratios),
    to: Math.max(...ratios),
    lossesDiffer: differences(mine[0] as Timed, peers[0] as Timed),
  };
}

/** Relative differences of the losses of the first step, and the largest of the first ten and of all. */
function differences(a: Timed, b: Timed): object {
  const each = a.losses.map((loss, at) => Math.abs(loss / (b.losses[at] ?? Number.NaN) - 1));
  return { first: each[0], ten: Math.max(...each.slice(0, 10)), all: Math.max(...each) };
}
