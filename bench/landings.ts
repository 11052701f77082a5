/**
 * The committed suite with many runs of each instance: `npx tsx bench/landings.ts [runs] [folder] [instance ...]`; build first (npm run build).
 * Each instance's `dictum land --json` goes into the folder and is not run again where it is there; then summary.md, a row an instance,
 * and open.jsonl, a line for each run that is unmatched or has not converged, with weights and reason.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Suite } from '../src/landing/match/regress.ts';

const [runs = '10000', folder = 'out/landings', ...only] = process.argv.slice(2);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const suite = JSON.parse(readFileSync(at('../regress/suite.json'), 'utf8')) as Suite;
mkdirSync(folder, { recursive: true });

interface Land {
  readonly runs: number;
  readonly converged: number;
  readonly matched: number;
  readonly ends: readonly { readonly class: string; readonly count: number }[];
  readonly open: readonly object[];
}

const rows: string[] = [];
const open: string[] = [];
const seen = new Set<string>();
for (const { instance, optimizer, rate, seed, anchors, resample } of suite.entries) {
  const name = basename(instance, '.json');
  // The first entry of an instance is the plain one.
  if (seen.has(name) || anchors !== undefined || resample !== undefined) continue;
  if (only.length > 0 && !only.includes(name)) continue;
  seen.add(name);
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) {
    const settings = ['--runs', runs, '--optimizer', optimizer, '--rate', `${rate}`, '--seed', `${seed}`, '--json'];
    const args = [at('../dist/src/commands/main.js'), 'land', at(`../regress/${instance}`), ...settings];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    // 3: some run is open.
    if (status !== 0 && status !== 3) throw new Error(`${name}: exit ${status}: ${stderr}`);
    writeFileSync(file, stdout);
  }
  const land = JSON.parse(readFileSync(file, 'utf8')) as Land;
  const count = (word: string): number =>
    land.ends.filter((end) => end.class === word).reduce((sum, end) => sum + end.count, 0);
  const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(2);
  const classes = ['zero-loss', 'local-minimum', 'face-minimum', 'saddle'].map(count).join(' | ');
  const open1 = land.runs - land.converged;
  rows.push(`| ${name} | ${percent(open1, land.runs)} | ${percent(land.matched, land.converged)} | ${classes} |`);
  open.push(...land.open.map((run) => JSON.stringify({ instance: name, ...run })));
  process.stderr.write(`${rows.at(-1)}\n`);
}
const head =
  '| instance | not converged, % | matched of converged, % | zero loss | minimum | face | saddle |\n|---|---|---|---|---|---|---|';
writeFileSync(join(folder, 'summary.md'), `${head}\n${rows.join('\n')}\n`);
writeFileSync(join(folder, 'open.jsonl'), open.map((line) => `${line}\n`).join(''));
