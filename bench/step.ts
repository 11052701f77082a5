/**
 * One training step at the paper's scale (n_p = 768, n_q = 16000), Dictum and PyTorch from the same weights on the same batch:
 *
 *   npx tsx bench/step.ts [--python PYTHON] [--backend wasm|webgpu] [--device cpu|cuda] [--batch 1024] [--steps 3] [--small] [--out FILE]
 *
 * On the processor one thread each, and its time; on a GPU the clock. PyTorch computes densely as its users write it, eagerly on the
 * processor, eagerly and compiled on a GPU. Losses of all steps are compared.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    small: { type: 'boolean', default: false },
    compile: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const [np, nq, features] = values.small ? [76, 1600, 100] : [768, 16_000, 1000];
const [batch, steps] = [Number(values.batch), Number(values.steps)];
const onGpu = values.backend === 'webgpu';
/** Steps before the clock starts: a GPU's compile the kernels and raise its clocks. */
const first = onGpu ? 20 : 1;
const record = recorder(values.out);
const folder = mkdtempSync(join(tmpdir(), 'dictum-step-'));

interface Case {
  readonly name: string;
  readonly method: { readonly kind: 'relu'; readonly l1: number } | { readonly kind: 'topk'; readonly k: number };
  /** Encoder bias, held: with -0.6 about as many latents are active as after training. */
  readonly bias: number;
}
const k = values.small ? 8 : 64;
const CASES: readonly Case[] = [
  { name: 'ReLU, at the start', method: { kind: 'relu', l1: 0.5 }, bias: 0 },
  { name: 'ReLU, few active', method: { kind: 'relu', l1: 0.5 }, bias: -0.6 },
  { name: `TopK, k = ${k}`, method: { kind: 'topk', k }, bias: 0 },
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

async function ours(
  { method, bias }: Case,
  x: Float32Array,
): Promise<Timed & { readonly l0: number; readonly device: string }> {
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
  const kernels = kernelsOf(values.backend as BackendName);
  const before = onGpu ? usedOnDevice() : undefined;
  const backend = await openBackend(values.backend as BackendName, kernels);
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
  writeFileSync(join(folder, 'weights.bin'), rows);
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
    mebibytes: process.memoryUsage().rss / 2 ** 20,
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

const x = inputs();
writeFileSync(join(folder, 'inputs.bin'), x);
const speed = (timed: Timed): number => Math.round((batch * steps) / timed.seconds);
/** Relative differences of the losses of the first step, and the largest of the first ten and of all. */
function differences(a: Timed, b: Timed): object {
  const each = a.losses.map((loss, at) => Math.abs(loss / (b.losses[at] ?? Number.NaN) - 1));
  return { first: each[0], ten: Math.max(...each.slice(0, 10)), all: Math.max(...each) };
}
for (const one of CASES) {
  const mine = await ours(one, x);
  const peers = torch(one);
  const against = (peer: Timed): object => ({
    samplesPerSecond: speed(peer),
    mebibytes: Math.round(peer.mebibytes),
    ratio: peer.seconds / mine.seconds,
    lossesDiffer: differences(mine, peer),
  });
  record(one.name, {
    l0: Math.round(mine.l0),
    dictum: {
      backend: `${values.backend} on ${mine.device}`,
      samplesPerSecond: speed(mine),
      mebibytes: Math.round(mine.mebibytes),
      ...(mine.deviceMebibytes !== undefined && { deviceMebibytes: mine.deviceMebibytes }),
    },
    ...(peers && {
      pytorch: `${peers.version} on ${values.device}`,
      eager: against(peers.eager),
      ...(peers.compiled && { compiled: against(peers.compiled) }),
    }),
  });
}
rmSync(folder, { recursive: true });
