/**
 * Many small runs on a GPU, Dictum against PyTorch and JAX on the same device, from the same start:
 *
 *   npx tsx bench/gpu/landing.ts [--python PYTHON] [--device cuda] [--runs 1000000] [--steps 1000]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readInstance } from '../../src/kernel/instance.ts';
import { parseJson } from '../../src/kernel/json.ts';
import { Node } from '../../src/kernel/node.ts';
import { gpuEngine } from '../../src/train/tiny/gpu.ts';
import { type TinyProblem, tinyProblem, weightCount } from '../../src/train/tiny/problem.ts';
import { normal } from '../../src/train/tiny/random.ts';
import { DEFAULTS } from '../../src/train/tiny/settings.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    device: { type: 'string', default: 'cuda' },
    runs: { type: 'string', default: '1000000' },
    steps: { type: 'string', default: '1000' },
  },
});
const [runs, steps, rate] = [Number(values.runs), Number(values.steps), 0.02];
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dictum-gpu-'));

function problemOf(name: string): TinyProblem {
  const p = tinyProblem(
    readInstance(new Node(parseJson(readFileSync(join(root, `regress/instances/${name}.json`), 'utf8')))),
  );
  if (p?.activation.kind !== 'relu') throw new Error(`${name}: ReLU only`);
  return p;
}

async function ours(p: TinyProblem, x: Float64Array): Promise<{ seconds: number; end: Float64Array }> {
  const engine = await gpuEngine(p, { ...DEFAULTS, rate }, runs);
  engine.put(x);
  // The first dispatch compiles the kernel.
  await engine.advance({ steps: 1, firstStep: 0, rate: 0, factor: 1 });
  const start = performance.now();
  await engine.advance({ steps, firstStep: 0, rate, factor: 1 });
  const seconds = (performance.now() - start) / 1000;
  const end = x.slice();
  await engine.take(end);
  engine.close();
  return { seconds, end };
}

/** Share of runs whose weights agree to 1e-3; one that comes near a kink may go either way. */
function agreement(a: Float64Array, b: Float32Array, count: number): number {
  let same = 0;
  for (let run = 0; run < runs; run++) {
    let most = 0;
    for (let j = run * count; j < (run + 1) * count; j++)
      most = Math.max(most, Math.abs((a[j] as number) - (b[j] as number)));
    if (most < 1e-3) same++;
  }
  return same / runs;
}

for (const name of ['superposition-4x2-4', 'random-4x4-4', 'superposition-6x3-6']) {
  const p = problemOf(name);
  const count = weightCount(p);
  const x = Float64Array.from({ length: runs * count }, (_, j) => Math.fround(normal(1, j, 0) / 2));
  const mine = await ours(p, x);
  const speed = (seconds: number): string =>
    `${((runs * steps) / seconds / 1e6).toFixed(0)} million runs x steps a second`;
  console.log(`${name}: dictum ${speed(mine.seconds)}`);
  writeFileSync(join(folder, 'start.bin'), Float32Array.from(x));
  const lists = { wp: [...p.wp], wr: [...p.wr], weight: [...p.weight] };
  writeFileSync(
    join(folder, 'problem.json'),
    JSON.stringify({ ...p, ...lists, runs, steps, rate, device: values.device }),
  );
  for (const peer of ['torch', 'jax']) {
    const script = fileURLToPath(new URL('./landing.py', import.meta.url));
    const { status, stdout, stderr } = spawnSync(values.python, [script, folder, peer], { encoding: 'utf8' });
    if (status !== 0) {
      console.log(`  ${peer}: ${stderr.trim().split('\n').at(-1)}`);
      continue;
    }
    const seconds = Number(stdout);
    const bytes = readFileSync(join(folder, 'end.bin'));
    const end = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const share = (100 * agreement(mine.end, end, count)).toFixed(2);
    console.log(
      `  ${peer} ${speed(seconds)}, ratio ${(seconds / mine.seconds).toFixed(2)}, ${share}% of the runs agree`,
    );
  }
}
rmSync(folder, { recursive: true });
