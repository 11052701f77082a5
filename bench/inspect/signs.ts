/**
 * Signs of all latents on all rows, the command's own way with threads, against NumPy's float64 product of the same numbers:
 *
 *     npx tsx bench/inspect/signs.ts [PYTHON]
 *
 * in a checkout that is built. Without a PYTHON that has NumPy only our times are printed. Numbers: bench/README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { normal } from '../../src/train/backend/random.ts';
import { writeSafetensors } from '../../src/train/data/safetensors.ts';

const SIZES = [
  [1000, 512, 300],
  [10_000, 4096, 300],
  [100_000, 4096, 300],
] as const;

const [python] = process.argv.slice(2);
const main = new URL('../../dist/src/commands/main.js', import.meta.url).pathname;
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
console.log('rows    latents  inputs  seconds  CPU seconds  memory MiB  signs in integers  NumPy product, s');
for (const [rows, latents, inputs] of SIZES) {
  const at = mkdtempSync(join(tmpdir(), 'dictum-signs-'));
  const random = (count: number, seed: number): Float32Array =>
    Float32Array.from({ length: count }, (_, k) => normal(seed, k, 0));
  const encoder = random(inputs * latents, 1).map((x) => x / Math.sqrt(inputs));
  const tensors = new Map([
    ['W_enc', { shape: [inputs, latents], values: encoder }],
    ['W_dec', { shape: [latents, inputs], values: random(latents * inputs, 2) }],
    // About one latent in a hundred is on.
    ['b_enc', { shape: [latents], values: new Float32Array(latents).fill(-2.3) }],
    ['b_dec', { shape: [inputs], values: new Float32Array(inputs) }],
  ]);
  writeFileSync(join(at, 'sae.safetensors'), writeSafetensors({ metadata: {}, tensors }));
  const x = new Map([['x', { shape: [rows, inputs], values: random(rows * inputs, 3) }]]);
  writeFileSync(join(at, 'x.safetensors'), writeSafetensors({ metadata: {}, tensors: x }));
  const told = ['--architecture', 'standard', '--subtract-b-dec', 'no', '--layout', 'saelens'];
  const script = `const { run } = await import(${JSON.stringify(main.replace('main.js', 'inspect/inspect.js'))});
    const code = await run(${JSON.stringify([join(at, 'sae.safetensors'), '--data', join(at, 'x.safetensors'), '--json', ...told])});
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write(JSON.stringify({ memory: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }) + '\\n');`;
  const begun = performance.now();
  const { out, memory, cpu } = ran(script);
  const seconds = (performance.now() - begun) / 1000;
  const { signs, notes } = JSON.parse(out) as { signs: { exact: number }; notes: string[] };
  const numpy = python === undefined ? '-' : product(python, at);
  console.log(
    [
      `${rows}`.padEnd(8),
      `${latents}`.padEnd(9),
      `${inputs}`.padEnd(8),
      seconds.toFixed(1).padEnd(9),
      cpu.toFixed(1).padEnd(13),
      memory.toFixed(0).padEnd(12),
      `${signs.exact}`.padEnd(19),
      numpy,
    ].join(''),
    notes.length > 0 ? notes.join('; ') : '',
  );
  rmSync(at, { recursive: true });
}

function ran(script: string): { out: string; memory: number; cpu: number } {
  const err = join(tmpdir(), `dictum-signs-${process.pid}.err`);
  const out = execFileSync(
    '/bin/sh',
    ['-c', `"$0" --input-type=module -e "$1" 2> "$2"; tail -n 1 "$2" >&1`, process.execPath, script, err],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
    },
  );
  rmSync(err);
  const end = out.trimEnd().lastIndexOf('\n');
  return { out: out.slice(0, end), ...(JSON.parse(out.slice(end)) as { memory: number; cpu: number }) };
}

/** The product alone, in blocks, as NumPy's float64 does it. */
function product(python: string, at: string): string {
  const script = `
import json, struct, sys, time, numpy
def read(file, name):
    raw = open(file, 'rb').read(); n = struct.unpack('<Q', raw[:8])[0]; h = json.loads(raw[8:8 + n])[name]
    a, b = h['data_offsets']; return numpy.frombuffer(raw[8 + n + a:8 + n + b], '<f4').reshape(h['shape']).astype(numpy.float64)
w, x = read(sys.argv[1] + '/sae.safetensors', 'W_enc'), read(sys.argv[1] + '/x.safetensors', 'x')
t, c = time.time(), time.process_time()
for k in range(0, len(x), 1000): (x[k:k + 1000] @ w - 2.3 > 0).sum(0)
print(f'{time.time() - t:.1f} ({time.process_time() - c:.1f} CPU)')`;
  return execFileSync(python, ['-c', script, at], { encoding: 'utf8' }).trim();
}
