/**
 * The three studies on activations of real networks: docs/real-networks.md. Needs a build, and what the extract_*.py here have written.
 *   npx tsx bench/real/study.ts run DATA OUT [part | full] [STUDY ...]   trains: one job a seed and variant, by `dictum sweep`. Stopped in any
 *                                                                       way, the same line goes on
 *   npx tsx bench/real/study.ts inspect DATA OUT [part | full] [STUDY ...]   `dictum inspect` of the first seed's models, of MiniLM's of all
 *   npx tsx bench/real/study.ts table DATA OUT [part | full] [STUDY ...]   bench/results/real-networks.csv and its pictures
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileOf, SEEDS, type Size, STUDIES, type StudyName, variantsOf } from './studies.ts';
import { readJobs, tableOf } from './table.ts';

const MAIN = new URL('../../dist/src/commands/main.js', import.meta.url).pathname;

function dictum(args: readonly string[], to: 'inherit' | 'pipe' = 'inherit'): string {
  const ran = spawnSync(process.execPath, [MAIN, ...args], { stdio: ['ignore', to, 'inherit'], maxBuffer: 2 ** 30 });
  if (ran.status !== 0) throw new Error(`dictum ${args[0]} ended with ${ran.status ?? ran.signal}`);
  return ran.stdout?.toString() ?? '';
}

/** Writes the sweep of the first so many seeds, which grows: what is done is done. */
function sweepOf(study: StudyName, size: Size, data: string, out: string, seeds: number): string {
  const folder = resolve(out, study);
  mkdirSync(folder, { recursive: true });
  const inputs = variantsOf(study, size, data).map(({ name, config }) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
    return `${name}.json`;
  });
  const spec = join(folder, 'sweep.json');
  const options = { seed: SEEDS.slice(0, seeds) };
  writeFileSync(spec, JSON.stringify({ format: 'dictum/sweep@1', command: 'train', inputs, options }));
  return spec;
}

const [what = '', data = '', out = '', ...given] = process.argv.slice(2);
const size: Size = given[0] === 'full' ? 'full' : 'part';
const named = given.filter((word) => word !== 'full' && word !== 'part') as StudyName[];
const studies: readonly StudyName[] = named.length > 0 ? named : STUDIES;

if (what === 'run') {
  // All variants of one seed before the next seed, so that what is stopped early still compares.
  for (const study of studies) {
    for (let seeds = 1; seeds <= SEEDS.length; seeds++) {
      const spec = sweepOf(study, size, data, out, seeds);
      dictum(['sweep', spec, '--out', join(out, study, 'sweep'), '--jobs', '1']);
    }
  }
} else if (what === 'inspect') {
  for (const study of studies) {
    const jobs = readJobs(resolve(out, study)).sort((a, b) => a.seed - b.seed);
    for (const { name, seed, folder, result } of jobs) {
      const trained = result.config.data;
      if (trained.kind !== 'activations') continue;
      const file = (part: string): string => fileOf(study, data, part);
      // Absorption is measured of all seeds where there is a hierarchy; elsewhere one model is looked at.
      if (seed !== SEEDS[0] && !study.startsWith('minilm')) continue;
      const labels = study === 'smol' ? [] : ['--labels', file('labels.csv')];
      const hierarchy = study.startsWith('minilm') ? ['--hierarchy', file('hierarchy.csv')] : [];
      const shown = ['--data', trained.inputs, '--names', file('names.txt'), ...labels, ...hierarchy, '--jobs', '1'];
      const to = resolve(out, study, `inspect-${name}-${seed}.json`);
      if (existsSync(to)) continue;
      const page = ['--html', to.replace(/json$/, 'html'), '--json'];
      const document = dictum(['inspect', join(folder, 'checkpoint.safetensors'), ...shown, ...page], 'pipe');
      writeFileSync(to, document);
    }
  }
} else if (what === 'table') {
  const results = new URL('../results/', import.meta.url).pathname;
  const { csv, markdown, pictures } = tableOf(studies, data, out);
  writeFileSync(join(results, 'real-networks.csv'), csv);
  for (const [name, svg] of pictures) writeFileSync(join(results, name), svg);
  console.log(markdown);
} else throw new Error('run, inspect or table');
