/**
 * Benches with the truth known: SynthSAEBench's generator (arXiv 2602.14687) at a tenth of its size, one world, three seeds. Trained models
 * beside random baselines (2602.14111), k below and above the features of an input (2508.16560), fewer and more latents, anchoring,
 * resampling. `dictum sweep` runs the trainings one after the other, the most telling ones first; what is done is not done again.
 *
 *   npx tsx bench/truth.ts run FOLDER [tenth|full] [steps]   the trainings, or those that are left of them; needs a build
 *   npx tsx bench/truth.ts table FOLDER > truth.csv          a row a model: what its seeds have in common, and how far they are apart
 *   npx tsx bench/truth.ts plot truth.csv > truth.svg
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arms, SEEDS, type Size } from './truth/arms.ts';
import { plotOf } from './truth/plot.ts';
import { csvOf, rowsOf } from './truth/rows.ts';

const [what, where = '', size = 'tenth', steps] = process.argv.slice(2);
if (what === 'run') run(where, size as Size, steps === undefined ? undefined : Number(steps));
else if (what === 'table') process.stdout.write(csvOf(rowsOf(where)));
else if (what === 'plot') process.stdout.write(plotOf(readFileSync(where, 'utf8')));
else throw new Error('run, table or plot');

function run(folder: string, of: Size, taken: number | undefined): void {
  mkdirSync(join(folder, 'models'), { recursive: true });
  const inputs = arms(of, taken).map(({ name, config }) => {
    const file = join('models', `${name}.json`);
    writeFileSync(join(folder, file), `${JSON.stringify({ format: 'dictum/train@1', name, ...config })}\n`);
    return file;
  });
  const spec = { format: 'dictum/sweep@1', name: 'truth', command: 'train', inputs, options: { seed: SEEDS } };
  writeFileSync(join(folder, 'sweep.json'), `${JSON.stringify(spec)}\n`);
  const dictum = fileURLToPath(new URL('../dist/src/commands/main.js', import.meta.url));
  const args = [dictum, 'sweep', join(folder, 'sweep.json'), '--out', folder, '--jobs', '1'];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.stderr.write(`load ${loadavg()[0]?.toFixed(1)}\n`);
  process.exitCode = status ?? 1;
}
