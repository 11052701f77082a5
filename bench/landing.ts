/**
 * Throughput of the tiny trainer in runs x steps per second, against PyTorch and NumPy batched over runs: the same instance,
 * the same starting weights, the same steps, one thread each (times are of the processor), and end weights that agree. `npx tsx bench/landing.ts [--python PYTHON]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { readInstance } from '../src/kernel/model/instance.ts';
import { layOut, put, take } from '../src/landing/runs/memory.ts';
import { sdlProblem, weightCount } from '../src/landing/runs/problem.ts';
import { stepModule } from '../src/landing/runs/step.ts';
import { stepThreads } from '../src/landing/runs/stepThreads.ts';
import { normal } from '../src/train/backend/random.ts';
import type { Precision } from '../src/train/wasm/lanes.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    runs: { type: 'string', default: '10000' },
    steps: { type: 'string', default: '500' },
  },
});
const [runs, steps, rate] = [Number(values.runs), Number(values.steps), 0.05];
const folder = mkdtempSync(join(tmpdir(), 'dictum-bench-'));
const instances = ['superposition-4x2-4', 'random-4x4-4', 'superposition-6x3-6'];

async function ours(
  name: string,
  precision: Precision,
  threads: number,
): Promise<{ seconds: number; weights: Float64Array }> {
  const file = fileURLToPath(new URL(`../regress/instances/${name}.json`, import.meta.url));
  const p = sdlProblem(readInstance(new Node(parseJson(readFileSync(file, 'utf8')))))!;
  const count = weightCount(p);
  const x = Float64Array.from({ length: runs * count }, (_, j) =>
    Math.fround(normal(1, Math.floor(j / count), j % count)),
  );
  const all = Int32Array.from({ length: runs }, (_, run) => run);
  writeFileSync(join(folder, 'start.bin'), x);
  writeFileSync(
    join(folder, 'problem.json'),
    JSON.stringify({ ...p, wp: [...p.wp], wr: [...p.wr], weight: [...p.weight], runs, steps, rate }),
  );
  const layout = layOut(p, runs, 'gd', precision);
  const bytes = stepModule(p, { optimizer: 'gd', batch: 1, anchors: [], precision });
  const workers = stepThreads(threads);
  const work = { bytes, layout, firstRun: 0, firstStep: 0, seed: 1, rate, factor: 1 };
  await workers.advance({ ...work, steps: 1 });
  put(p, layout, x, all);
  const start = process.cpuUsage();
  await workers.advance({ ...work, steps });
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  await workers.close();
  take(p, layout, x, all);
  return { seconds, weights: x };
}

const PEERS = `
import json, sys, time
import numpy as np
folder, which, dtype = sys.argv[1:]
p = json.load(open(folder + '/problem.json'))
n, np_, nr, nq, runs, steps, rate = (p[k] for k in ('n', 'np', 'nr', 'nq', 'runs', 'steps', 'rate'))
x = np.fromfile(folder + '/start.bin').reshape(runs, -1).astype(dtype)
W, R, M = np.array(p['wp'], dtype).reshape(n, np_), np.array(p['wr'], dtype).reshape(n, nr), np.array(p['weight'], dtype)
E, U = x[:, :nq * np_].reshape(runs, nq, np_).copy(), x[:, nq * np_:].reshape(runs, nq, nr).copy()
if which == 'numpy':
    t = time.process_time()
    for _ in range(steps):
        z = np.maximum(E @ W.T, 0)
        rho = (R - z.transpose(0, 2, 1) @ U) * M[:, None]
        g = (U @ rho.transpose(0, 2, 1)) * (z > 0)
        U += 2 * rate * (z @ rho)
        E += 2 * rate * (g @ W)
    seconds = time.process_time() - t
else:
    import torch
    torch.set_num_threads(1)
    E, U, W, R, M = map(torch.from_numpy, (E, U, W, R, M))
    def step(E, U):
        z = (E @ W.T).clamp(min=0)
        rho = (R - z.transpose(1, 2) @ U) * M[:, None]
        g = (U @ rho.transpose(1, 2)) * (z > 0)
        return E + 2 * rate * (g @ W), U + 2 * rate * (z @ rho)
    step(E, U)
    t = time.process_time()
    with torch.inference_mode():
        for _ in range(steps):
            E, U = step(E, U)
    seconds = time.process_time() - t
    E, U = E.numpy(), U.numpy()
np.concatenate([E.reshape(runs, -1), U.reshape(runs, -1)], 1).astype('float64').tofile(folder + '/end.bin')
print(seconds)
`;

function peer(which: string, dtype: string): { seconds: number; weights: Float64Array } | undefined {
  const { status, stdout, stderr } = spawnSync(values.python, ['-c', PEERS, folder, which, dtype], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(`${which}: ${stderr.trim().split('\n').at(-1)}\n`);
    return undefined;
  }
  const bytes = readFileSync(join(folder, 'end.bin'));
  return {
    seconds: Number(stdout),
    weights: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  };
}

/** Share of runs whose end weights agree to 1e-3 with the 64-bit ones: a run near a kink may go either way in other floats. */
function agreement(a: Float64Array, b: Float64Array): string {
  const count = a.length / runs;
  let same = 0;
  for (let run = 0; run < runs; run++) {
    let most = 0;
    for (let j = run * count; j < (run + 1) * count; j++)
      most = Math.max(most, Math.abs((a[j] as number) - (b[j] as number)));
    if (most < 1e-3) same++;
  }
  return `${((100 * same) / runs).toFixed(2)}%`;
}

console.log(
  `${runs} runs x ${steps} steps of gradient descent, one thread each; millions of runs x steps per second of the processor; agreement of end weights`,
);
for (const name of instances) {
  const reference = await ours(name, 'f64', 1);
  const rows: (readonly [string, { seconds: number; weights: Float64Array } | undefined])[] = [
    ['dictum f64', reference],
    ['dictum f32', await ours(name, 'f32', 1)],
    ['numpy f64', peer('numpy', 'float64')],
    ['numpy f32', peer('numpy', 'float32')],
    ['torch f64', peer('torch', 'float64')],
    ['torch f32', peer('torch', 'float32')],
  ];
  for (const [what, result] of rows) {
    if (!result) continue;
    const speed = (runs * steps) / result.seconds / 1e6;
    console.log(
      `${name.padEnd(22)}${what.padEnd(12)}${speed.toFixed(2).padStart(9)}  ${agreement(reference.weights, result.weights)}`,
    );
  }
}
rmSync(folder, { recursive: true });
