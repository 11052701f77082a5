/** The static page in web/dist. What the page is given of the rest of the house as data is made here, when it is built. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { INNER_STYLE } from '../src/latents/drawings.ts';
import { STYLE } from '../src/terminal/page.ts';
import { claimFiles } from './build/claims.ts';
import { glossaryHtml } from './build/glossary.ts';
import { TREES } from './model/trees.ts';

const MODULES: Readonly<Record<string, () => string>> = {
  'virtual:page-style.css': () => STYLE,
  'virtual:inspected.css': () => INNER_STYLE,
  'virtual:glossary': () => `export default ${JSON.stringify(glossaryHtml())};`,
};

const made: Plugin = {
  name: 'dictum-made',
  resolveId: (id) => (id in MODULES ? `\0${id}` : undefined),
  load: (id) => MODULES[id.slice(1)]?.(),
  async generateBundle() {
    // Workers are bundles of their own, which have no use for it.
    if (this.environment.config.isWorker) return;
    for (const [fileName, source] of await claimFiles()) this.emitFile({ type: 'asset', fileName, source });
    for (const { from, to } of TREES)
      this.emitFile({
        type: 'asset',
        fileName: to,
        source: readFileSync(new URL(`../test/inspect/${from}`, import.meta.url)),
      });
  },
};

const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // From any folder of any host.
  base: './',
  plugins: [svelte(), made],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

export default config;
