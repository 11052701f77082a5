/**
 * Of 20 trained models, 4 to 64 neurons: how many components `dictum landscape --given` decides by the pattern alone, as it did before it was about weights, and how many by the
 * weights; what was found; processor seconds. `npx tsx bench/given.ts FOLDER [MODEL ...]`: SAEs of `bench/given.py` in it; those of `dictum train` are made here (build first).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answered, answersFor, isAnswered, type Kind } from '../src/commands/landscape/given/answers.ts';
import { partsOf } from '../src/commands/landscape/given/parts.ts';
import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { configurationOf, type Instance, readInstance } from '../src/kernel/model/instance.ts';
import { patternShown } from '../src/kernel/model/model.ts';
import { dyadic } from '../src/landing/propose/dyadic.ts';
import { Surveyor } from '../src/solve/landscape/survey.ts';
import { normal } from '../src/train/backend/random.ts';

const [folder = 'given', ...only] = process.argv.slice(2);
const MAIN = fileURLToPath(new URL('../dist/src/commands/main.js', import.meta.url));
const WORK = 5_000_000_000;

/** Method, features, neurons. */
const OWN: readonly (readonly [
  method: { readonly kind: string; [key: string]: unknown },
  n: number,
  neurons: number,
])[] = [
  [{ kind: 'relu', l1: 0 }, 6, 4],
  [{ kind: 'relu', l1: 0 }, 10, 5],
  [{ kind: 'relu', l1: 0 }, 16, 8],
  [{ kind: 'relu', l1: 0 }, 24, 10],
  [{ kind: 'relu', l1: 0.1 }, 8, 8],
  [{ kind: 'relu', l1: 0.3 }, 16, 12],
  [{ kind: 'relu', l1: 0.5 }, 24, 24],
  [{ kind: 'topk', k: 1 }, 8, 8],
  [{ kind: 'topk', k: 2 }, 16, 16],
  [{ kind: 'topk', k: 1 }, 24, 32],
];

function dictum(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`dictum ${args.join(' ')}: ${stderr}`);
}

function trained(): void {
  for (const [method, n, neurons] of OWN) {
    const at = join(folder, `own-${method.kind}-${n}-${neurons}`);
    if (existsSync(join(at, 'features.json'))) continue;
    mkdirSync(at, { recursive: true });
    const features = Array.from({ length: n }, (_, d) => {
      const row = Array.from({ length: n / 2 }, (__, k) => normal(n, d, k));
      const size = Math.hypot(...row);
      return { label: `f${d}`, wp: row.map((x) => `${dyadic(Math.fround(x / size))}`) };
    });
    const instance = {
      format: 'dictum/instance@1',
      name: `${n} features`,
      features,
      activation: { kind: 'relu' },
      neurons,
    };
    const file = join(at, 'directions.json');
    writeFileSync(file, JSON.stringify(instance));
    const data = { kind: 'instance', file: 'directions.json' };
    const steps = { batch: 64, steps: 3000, logEvery: 1000, evaluation: 64, optimizer: { rate: 0.01 } };
    writeFileSync(
      join(at, 'train.json'),
      JSON.stringify({ format: 'dictum/train@1', data, method, neurons, ...steps }),
    );
    dictum('train', join(at, 'train.json'), '--out', at);
    writeFileSync(join(at, 'features.json'), JSON.stringify(instance));
  }
}

/** Whether something is decided of the pattern of its sets, whatever the weights. */
function decidedByPattern(m: Instance): boolean {
  const pattern = patternShown(m, configurationOf(m));
  const { entry } = new Surveyor({ ...m, pattern }, undefined, WORK).survey(pattern);
  return entry.verdict !== 'undecided' && entry.class !== 'degenerate';
}

const SHOWN: readonly (readonly [string, (one: Answered) => boolean])[] = [
  ['at the least', has('least')],
  ['at a minimum', has('minimum')],
  ['path to 0', has('path-to-zero')],
  ['loss 0 near', (one) => one.answers.some((a) => a.class === 'zero-loss')],
  ['minimum near', (one) => one.answers.some((a) => a.class === 'local-minimum' || a.class === 'face-minimum')],
  ['saddle near', (one) => one.answers.some((a) => a.class === 'saddle')],
  ['path to less', has('path-to-less')],
  ['only: no minimum', has('no-minimum')],
  ['bound above 0', has('bound')],
];
function has(kind: Kind): (one: Answered) => boolean {
  return ({ answers }) => answers.some((answer) => answer.kind === kind);
}

trained();
console.log(
  `| model | n | n_q | components | largest | before | now | ${SHOWN.map(([name]) => name).join(' | ')} | CPU s | slowest, CPU s |`,
);
console.log(`|${'---|'.repeat(9 + SHOWN.length)}`);
const totals = new Array<number>(3 + SHOWN.length).fill(0);
for (const name of readdirSync(folder).sort()) {
  if (only.length > 0 && !only.includes(name)) continue;
  const at = join(folder, name);
  const model = existsSync(join(at, 'checkpoint.safetensors')) ? join(at, 'checkpoint.safetensors') : at;
  const instance = join(at, 'instance.json');
  dictum('metrics', model, '--features', join(at, 'features.json'), '--augment', '--instance', instance);
  const m = readInstance(new Node(parseJson(readFileSync(instance, 'utf8'))));
  const configuration = configurationOf(m);
  const { parts } = partsOf({ ...m, configuration }, patternShown(m, configuration));
  const times: number[] = [];
  const told = parts.map((part) => {
    const start = process.cpuUsage();
    const answers = answersFor(part.m, { work: WORK, within: 0.5, pathsOnly: false });
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1e6);
    return answers;
  });
  const before = parts.filter((part) => decidedByPattern(part.m)).length;
  const counts = [
    parts.length,
    before,
    told.filter(isAnswered).length,
    ...SHOWN.map(([, is]) => told.filter(is).length),
  ];
  for (const [k, count] of counts.entries()) totals[k] = (totals[k] ?? 0) + count;
  const [size = '', least = 0] = parts.reduce<[string, number]>(
    (best, { neurons, features }) =>
      neurons.length * features.length > best[1]
        ? [`${neurons.length} x ${features.length}`, neurons.length * features.length]
        : best,
    ['', 0],
  );
  if (least === 0) throw new Error(`${name}: no component`);
  const [first, ...rest] = counts;
  const all = times.reduce((sum, s) => sum + s, 0);
  const slowest = times.reduce((most, s) => Math.max(most, s), 0);
  console.log(
    `| ${name} | ${m.features.length} | ${m.neurons} | ${first} | ${size} | ${rest.join(' | ')} | ${all.toFixed(1)} | ${slowest.toFixed(1)} |`,
  );
}
const [first, ...rest] = totals;
console.log(`| all | | | ${first} | | ${rest.join(' | ')} | | |`);
console.log(`\nNode ${process.version}`);
