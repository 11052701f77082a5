/**
 * Benches with the truth known: SynthSAEBench's generator (arXiv 2602.14687) at a tenth of its size, one world, three seeds. Trained models
 * beside random baselines (2602.14111), k below and above the features of an input (2508.16560), fewer and more latents, anchoring,
 * resampling. `dictum sweep` runs the trainings one after the other, the most telling ones first; what is done is not done again.
 *
 *   npx tsx bench/truth.ts run FOLDER [tenth|full] [steps] [models]   the trainings, or those that are left of them; needs a build
 *   npx tsx bench/truth.ts report FOLDER OUT [name]   name.csv, a row a run; name-pairs.csv, how alike two seeds are; name.svg ("truth");
 *                                                     and tables of means, as docs/truth-known.md has them
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arms, SEEDS, type Size } from './truth/arms.ts';
import { plotOf } from './truth/plot.ts';
import { alikeCsv, runsCsv, runsOf } from './truth/rows.ts';
import { tablesOf } from './truth/tables.ts';

const [what, folder = '', ...more] = process.argv.slice(2);
if (what === 'run')
  run(more[0] === 'full' ? 'full' : 'tenth', more[1] === undefined ? undefined : Number(more[1]), more[2]);
else if (what === 'report') await report(more[0] ?? folder, more[1] ?? 'truth');
else throw new Error('run or report');

async function report(out: string, name: string): Promise<void> {
  const { runs, alike } = await runsOf(folder);
  writeFileSync(join(out, `${name}.csv`), runsCsv(runs));
  writeFileSync(join(out, `${name}-pairs.csv`), alikeCsv(alike));
  writeFileSync(join(out, `${name}.svg`), plotOf(runs, alike));
  process.stdout.write(tablesOf(runs, alike));
}

function run(of: Size, taken: number | undefined, models: string | undefined): void {
  mkdirSync(join(folder, 'models'), { recursive: true });
  const wanted = models?.split(',');
  const chosen = arms(of, taken).filter(({ name }) => wanted?.includes(name) ?? true);
  const inputs = chosen.map(({ name, config }) => {
    const file = join('models', `${name}.json`);
    writeFileSync(join(folder, file), `${JSON.stringify({ format: 'dictum/train@1', name, ...config })}\n`);
    return file;
  });
  const spec = { format: 'dictum/sweep@1', name: 'truth', command: 'train', inputs, options: { seed: SEEDS } };
  writeFileSync(join(folder, 'sweep.json'), `${JSON.stringify(spec)}\n`);
  const dictum = fileURLToPath(new URL('../dist/src/commands/main.js', import.meta.url));
  const args = [dictum, 'sweep', join(folder, 'sweep.json'), '--out', folder, '--jobs', '1'];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.stderr.write(`${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
  process.exitCode = status ?? 1;
}
