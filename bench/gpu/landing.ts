/**
 * Many small runs on a GPU, Dictum against PyTorch and JAX on the same device, from the same start: the largest instances of the suite.
 *
 *   npx tsx bench/gpu/landing.ts [--python PYTHON] [--device cuda] [--runs 1000000] [--steps 500] [--instances 10] [--out FILE]
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { readInstance } from '../../src/kernel/model/instance.ts';
import { gpuEngine } from '../../src/landing/runs/gpu.ts';
import { type SdlProblem, sdlProblem, weightCount } from '../../src/landing/runs/problem.ts';
import { DEFAULTS } from '../../src/landing/runs/settings.ts';
import { bits } from '../../src/train/backend/random.ts';
import { recorder } from './record.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    device: { type: 'string', default: 'cuda' },
    runs: { type: 'string', default: '1000000' },
    steps: { type: 'string', default: '500' },
    instances: { type: 'string', default: '10' },
    out: { type: 'string' },
  },
});
const record = recorder(values.out);
const [runs, steps, rate] = [Number(values.runs), Number(values.steps), 0.02];
/** Seconds that a peer may take for one instance, compilation counted; it is asked no more then. */
const PATIENCE = 60;
const instances = fileURLToPath(new URL('../../regress/instances', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dictum-gpu-'));

/** Multiplications of a step. */
const work = ({ n, np, nr, nq }: SdlProblem): number => n * nq * (np + nr);

function largest(): (readonly [string, SdlProblem])[] {
  const all = readdirSync(instances).flatMap((file) => {
    const p = sdlProblem(readInstance(new Node(parseJson(readFileSync(join(instances, file), 'utf8')))));
    return p ? [[basename(file, '.json'), p] as const] : [];
  });
  return all.sort(([, a], [, b]) => work(b) - work(a)).slice(0, Number(values.instances));
}

async function ours(p: SdlProblem, x: Float64Array): Promise<{ seconds: number; end: Float64Array }> {
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

interface Answer {
  readonly seconds?: number;
  readonly version?: string;
  readonly error?: string;
}

/** A process that is asked one instance after the other. */
class Peer {
  readonly name: string;
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private errors = '';
  private gone = false;

  constructor(name: string) {
    this.name = name;
    const script = fileURLToPath(new URL('./landing.py', import.meta.url));
    // JAX would take three quarters of the device's memory before it needs any.
    const env = { ...process.env, XLA_PYTHON_CLIENT_PREALLOCATE: 'false' };
    this.process = spawn(values.python, [script, folder, name], { env });
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors = `${this.errors}${text}`.slice(-2000);
    });
    this.process.on('error', () => {
      this.gone = true;
    });
    this.process.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async ask(instance: string): Promise<Answer> {
    if (this.gone) return { error: 'not there' };
    this.process.stdin.write(`${instance}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, 1000 * PATIENCE, 'late');
    });
    const answer = await Promise.race([this.lines.next(), late]);
    clearTimeout(timer);
    if (answer !== 'late' && !answer.done) return JSON.parse(answer.value) as Answer;
    this.close();
    return { error: answer === 'late' ? `no answer in ${PATIENCE} s` : (this.errors.trim().split('\n').at(-1) ?? '') };
  }

  close(): void {
    this.gone = true;
    this.process.kill('SIGKILL');
  }
}

/** Share of runs whose weights agree to 1e-3, or are no numbers in both; one that comes near a kink may go either way. */
function agreement(a: Float64Array, b: Float32Array, count: number): number {
  let same = 0;
  for (let run = 0; run < runs; run++) {
    let [near, wild] = [true, 0];
    for (let j = run * count; j < (run + 1) * count; j++) {
      const [x, y] = [a[j] as number, b[j] as number];
      if (!Number.isFinite(x)) wild |= 1;
      if (!Number.isFinite(y)) wild |= 2;
      if (!(Math.abs(x - y) < 1e-3)) near = false;
    }
    if (near || wild === 3) same++;
  }
  return same / runs;
}

const peers = ['torch', 'jax'].map((name) => new Peer(name));
for (const [name, p] of largest()) {
  const count = weightCount(p);
  const x = Float64Array.from({ length: runs * count }, (_, j) => Math.fround(bits(1, j, 0) / 2 ** 31 - 1));
  const mine = await ours(p, x);
  const speed = (seconds: number): number => Math.round((runs * steps) / seconds / 1e6);
  const result: Record<string, object | number> = {
    work: work(p),
    dictum: { millions: speed(mine.seconds), seconds: mine.seconds },
  };
  writeFileSync(join(folder, `${name}.bin`), Float32Array.from(x));
  const lists = { wp: [...p.wp], wr: [...p.wr], weight: [...p.weight] };
  const told = { ...p, ...lists, runs, steps, rate, device: values.device };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(told));
  for (const peer of peers) {
    const answer = await peer.ask(name);
    if (answer.seconds === undefined) {
      result[peer.name] = answer;
      continue;
    }
    const file = join(folder, `${name}.${peer.name}.bin`);
    const bytes = readFileSync(file);
    rmSync(file);
    const end = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    result[peer.name] = {
      ...answer,
      millions: speed(answer.seconds),
      ratio: answer.seconds / mine.seconds,
      agree: agreement(mine.end, end, count),
    };
  }
  rmSync(join(folder, `${name}.bin`));
  record(name, result);
}
for (const peer of peers) peer.close();
rmSync(folder, { recursive: true });
