/**
 * The dense products of a training step in several arrangements of the same kernel, with and without Dawn's checks of indices, beside
 * PyTorch's in 32-bit floats: trillions of operations a second.
 *
 *   npx tsx bench/gpu/gemm.ts [--python PYTHON] [--device cuda] [--small] [--out FILE]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Gpu } from '../../src/train/backend/webgpu/api.ts';
import { commandsOf } from '../../src/train/backend/webgpu/device.ts';
import { type Arrangement, blocks, gemm, type Orientation } from '../../src/train/backend/webgpu/gemm.ts';
import { slices } from '../../src/train/backend/webgpu/products.ts';
import { recorder, seconds } from './record.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    device: { type: 'string', default: 'cuda' },
    small: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const record = recorder(values.out);
const [batch, np, nq, times] = values.small ? [64, 64, 256, 1] : [1024, 768, 16_000, 20];

const ARRANGEMENTS: Readonly<Record<string, Arrangement>> = {
  '8 x 8': { fours: 2, ahead: false },
  '8 x 8, ahead': { fours: 2, ahead: true },
  '8 x 16': { fours: 4, ahead: false },
  '8 x 16, ahead': { fours: 4, ahead: true },
};
const PRODUCTS: readonly (readonly [string, Orientation, number, number, number])[] = [
  ['encode', 'NT', batch, nq, np],
  ['decode', 'NN', batch, np, nq],
  ['scatter', 'TN', nq, np, batch],
];

const { create } = (await import('webgpu')) as unknown as { create: (options: readonly string[]) => Gpu };
const random = (length: number): Float32Array => Float32Array.from({ length }, () => Math.random() - 0.5);
const numbers = { small: random(batch * np), rows: random(nq * np), wide: random(batch * nq) };

async function measure(checks: string, gpu: Gpu): Promise<void> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no adapter');
  const limits = ['maxBufferSize', 'maxStorageBufferBindingSize'];
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit] as number]));
  const commands = commandsOf(await adapter.requestDevice({ requiredLimits }));
  const put = (data: Float32Array): ReturnType<typeof commands.allocate> => {
    const buffer = commands.allocate(data.length);
    commands.write(buffer, data);
    return buffer;
  };
  const [small, rows, wide] = [put(numbers.small), put(numbers.rows), put(numbers.wide)];
  const c = commands.allocate(Math.max(16 * batch * np, nq * np, batch * nq));
  for (const [product, orientation, m, n, k] of PRODUCTS) {
    const [x, y] = blocks(m, n);
    const { count, slice } = product === 'decode' ? slices(x * y, k) : { count: 1, slice: Math.ceil(k / 16) * 16 };
    const told = { m, n, k, lda: orientation === 'TN' ? m : k, ldb: orientation === 'NT' ? k : n, ldc: n, slice };
    const [a, b] = product === 'encode' ? [small, rows] : product === 'decode' ? [wide, rows] : [wide, small];
    let first: Float32Array | undefined;
    for (const [name, arrangement] of Object.entries(ARRANGEMENTS)) {
      const code = 'c[part * p.m * (p.ldc / 4u) + at] = value;';
      const kernel = gemm(`${product} ${name}`, orientation, { writes: { c: 'vec4f' } }, code, arrangement);
      const go = (): void => commands.run(kernel, { a, b, c }, told, [x, y, count]);
      go();
      const [bytes] = await commands.read([{ buffer: c, bytes: 4 * Math.min(m * n, 1 << 18) }]);
      const found = new Float32Array(bytes as ArrayBuffer);
      first ??= found;
      const off = found.reduce((most, value, at) => Math.max(most, Math.abs(value - (first?.[at] ?? Number.NaN))), 0);
      const began = performance.now();
      for (let k = 0; k < times; k++) go();
      await commands.read([{ buffer: small, bytes: 4 }]);
      const milliseconds = (1000 * seconds(began)) / times;
      const tera = (2 * m * n * k) / milliseconds / 1e9;
      record(`${product}, ${name}, ${checks}`, { milliseconds, teraflops: tera, off });
    }
  }
  commands.close();
}

await measure('indices checked', create([]));
await measure('indices not checked', create(['enable-dawn-features=disable_robustness']));
const script = fileURLToPath(new URL('./gemm.py', import.meta.url));
const args = [script, values.device, `${batch}`, `${np}`, `${nq}`, `${times}`];
const { stdout, stderr, status } = spawnSync(values.python, args, { encoding: 'utf8' });
if (status === 0) record('PyTorch', JSON.parse(stdout) as object);
else record('PyTorch', { missing: stderr.trim().split('\n').at(-1) });
process.exit(0);
