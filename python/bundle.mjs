// The command, bundled for the wheel: node bundle.mjs OUT. Takes dist/ as `npm run build` makes it, and esbuild from node_modules.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2];
if (out === undefined) throw new Error('node bundle.mjs OUT');
const dist = join(root, 'dist');

// Modules ask where they are in order to find the workers beside them and the folder of package.json. In one file or another of a bundle
// they would be told wrong, so each is told its place in the tree, from a module that stays at the top of it.
const here = {
  name: 'here',
  setup(made) {
    made.onLoad({ filter: /\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!path.startsWith(dist) || !text.includes('import.meta.url')) return undefined;
      const at = JSON.stringify(relative(root, path).replaceAll('\\', '/'));
      return {
        contents: `import { dictumFile } from 'dictum-file';\n${text.replaceAll('import.meta.url', `dictumFile(${at})`)}`,
      };
    });
    made.onResolve({ filter: /^dictum-file$/ }, () => ({ path: 'dictum-file', namespace: 'here' }));
    made.onLoad({ filter: /.*/, namespace: 'here' }, () => ({
      contents: "export const dictumFile = (path) => new URL('./' + path, import.meta.url).href;",
    }));
  },
};

const entries = ['src/commands/main.js', 'src/commands/inspect/worker.js', 'src/landing/match/matchWorker.js'];
rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries.map((entry) => ({ in: join(dist, entry), out: `dist/${entry.replace(/\.js$/, '')}` })),
  outdir: out,
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Not names: a stack trace should say where it is.
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  // CommonJS packages ask for Node's modules by require.
  banner: {
    js: "import{createRequire as dictumRequire}from'node:module';const require=dictumRequire(import.meta.url);",
  },
  external: ['piscina', '@tensorflow/tfjs-node-gpu', 'webgpu', 'onnxruntime-node', 'glpk.js', 'mathjs'],
  plugins: [here],
  logLevel: 'warning',
});

// Piscina starts a file of its own that lies beside it.
cpSync(join(root, 'node_modules/piscina'), join(out, 'node_modules/piscina'), {
  recursive: true,
  filter: (path) =>
    /piscina(\/(package\.json|LICENSE|dist(\/.*)?))?$/.test(path.replaceAll('\\', '/')) && !/\.(d\.ts|map)$/.test(path),
});
// What commands read of the package: schemas, and the words of the paper.
cpSync(join(root, 'schemas'), join(out, 'schemas'), { recursive: true });
cpSync(join(root, 'docs/claims'), join(out, 'docs/claims'), { recursive: true });
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' })}\n`);

// Their licences ask for it.
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
const licences = [...packages].sort().map((of) => {
  const folder = join(root, 'node_modules', of);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const { version: at, license: kind } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${of} ${at}: ${kind}\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
});
writeFileSync(join(out, 'LICENSES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
