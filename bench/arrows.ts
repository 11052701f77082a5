/**
 * Draws docs/arrows.svg: which room imports from which, as dependency-cruiser finds it now.
 *
 *     npm run arrows:draw
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { arrowsOf, dotOf, type Module, pictureOf } from './rooms.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const program = fileURLToPath(new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url));
const config = ['--config', '.dependency-cruiser.cjs', '--progress', 'none', '--output-type', 'json'];
const { stdout, stderr } = spawnSync(process.execPath, [program, ...config, 'src', 'theorems'], {
  cwd: repository,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
if (stderr !== '') throw new Error(stderr);
const arrows = arrowsOf((JSON.parse(stdout) as { readonly modules: readonly Module[] }).modules);
const graphviz = await Graphviz.load();
writeFileSync(`${repository}/docs/arrows.svg`, pictureOf(graphviz.dot(dotOf(arrows)), arrows));
