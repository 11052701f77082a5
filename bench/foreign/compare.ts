/**
 * `dictum metrics` on the checkpoints that bench/foreign/make.py made, against what SAELens, sparsify and dictionary_learning compute
 * with them in float64: `npx tsx bench/foreign/compare.ts OUT`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/commands/metrics/metrics.ts';

interface Figures {
  readonly inputs: number;
  readonly fvu: number;
  readonly error: number;
  readonly l0: number;
  readonly dead: number;
  readonly dense: number;
}

async function measured(folder: string): Promise<Figures> {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof write;
  try {
    await run([folder, '--config', join(folder, 'data.json'), '--json']);
  } finally {
    process.stdout.write = write;
  }
  return (JSON.parse(text) as { metrics: { usage: Figures } }).metrics.usage;
}

const relative = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));

const [out = ''] = process.argv.slice(2);
const names = readdirSync(out).sort();
let worst = 0;
for (const name of names) {
  const folder = join(out, name);
  const wanted = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Figures;
  const found = await measured(folder);
  const off = Math.max(...(Object.keys(wanted) as (keyof Figures)[]).map((key) => relative(found[key], wanted[key])));
  worst = Math.max(worst, off);
  console.log(
    `${name.padEnd(44)} FVU ${found.fvu.toPrecision(10)}  L0 ${found.l0.toFixed(4)}  off by ${off.toExponential(1)}`,
  );
}
console.log(
  `${names.length} checkpoints, largest relative difference of FVU, error, L0, dead, dense: ${worst.toExponential(2)}`,
);
if (!(worst < 1e-6)) process.exitCode = 1;
