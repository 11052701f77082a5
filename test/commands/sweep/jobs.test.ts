import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentsOf, jobsOf, placesOf, planOf } from '../../../src/commands/sweep/jobs.ts';
import { partsOf, rangesOf, scriptOf } from '../../../src/commands/sweep/slurm.ts';
import { enterSpec, readSpec } from '../../../src/commands/sweep/spec.ts';
import { SWEPT, type SweptCommand } from '../../../src/commands/sweep/swept.ts';
import { Failure, type Problem } from '../../../src/terminal/problem.ts';
import { corpora, dictum, folder } from '../run.ts';

const relu = readFileSync(join(corpora, 'valid', 'instance-relu.json'), 'utf8');

/** A sweep in a folder of its own, with its inputs. */
function place(spec: object, files: Readonly<Record<string, string>> = {}): string {
  const at = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(at, name, '..'), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  writeFileSync(join(at, 'sweep.json'), JSON.stringify({ format: 'dictum/sweep@1', ...spec }));
  return join(at, 'sweep.json');
}

const jobs = async (spec: object, files: Readonly<Record<string, string>> = {}) =>
  jobsOf(await readSpec(place(spec, files)));
const ids = async (...of: Parameters<typeof jobs>) => (await jobs(...of)).map(({ id }) => id);

const refused = async (spec: object, files: Readonly<Record<string, string>> = {}): Promise<Problem> => {
  const thrown: unknown = await jobs(spec, files).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return (thrown as Failure).problem;
};

describe('jobs of a grid', () => {
  test('inputs vary slowest, the last option fastest; a folder stands for its files in order', async () => {
    const found = await jobs(
      {
        command: 'land',
        inputs: ['more', 'a.json'],
        options: { runs: 5, optimizer: ['gd', 'adam'], seed: { from: 1, to: 5, by: 2 }, exits: [true, false] },
      },
      { 'a.json': relu, 'more/c.json': `${relu} `, 'more/b.json': `${relu}  `, 'more/no.txt': '' },
    );
    expect(found).toHaveLength(3 * 2 * 3 * 2);
    expect(found.map(({ input }) => input).filter((name, k, all) => name !== all[k - 1])).toEqual([
      'more/b.json',
      'more/c.json',
      'a.json',
    ]);
    expect(found.slice(0, 3).map(argumentsOf)).toEqual([
      ['--runs', '5', '--optimizer', 'gd', '--seed', '1', '--exits'],
      ['--runs', '5', '--optimizer', 'gd', '--seed', '1'],
      ['--runs', '5', '--optimizer', 'gd', '--seed', '3', '--exits'],
    ]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(36);
  });

  test('a job is what it is: neither the name of a file, nor the order of options, nor how a number was typed names it', async () => {
    const grid = { command: 'land', inputs: ['a.json'], options: { runs: 5, seed: 1 } };
    const [first] = await ids(grid, { 'a.json': relu });
    expect(await ids({ ...grid, inputs: ['b.json'] }, { 'b.json': relu })).toEqual([first]);
    expect(
      await ids({ ...grid, options: { seed: '1', runs: '5', exits: false, rate: null } }, { 'a.json': relu }),
    ).toEqual([first]);
    for (const [other, files] of [
      [{ ...grid, options: { runs: 5, seed: 2 } }, { 'a.json': relu }],
      [{ ...grid, options: { runs: 5 } }, { 'a.json': relu }],
      [{ ...grid, options: { runs: 5, seed: 1, exits: true } }, { 'a.json': relu }],
      [{ ...grid, command: 'landscape', options: { seed: 1 } }, { 'a.json': relu }],
      [grid, { 'a.json': `${relu}\n` }],
    ] as const)
      expect(await ids(other, files)).not.toEqual([first]);
  });

  test('of train options are keys of the configuration, and what it trains on names the job too', async () => {
    const config = JSON.stringify({
      data: { kind: 'instance', file: 'x.json' },
      method: { kind: 'relu', l1: 0.5 },
      seed: 1,
    });
    const grid = {
      command: 'train',
      inputs: ['sub/c.json'],
      options: { seed: [1, 2], 'method.l1': [0.1, 0.5], 'optimizer.rate': 1e-3 },
    };
    const files = { 'sub/c.json': config, 'sub/x.json': relu };
    const found = await jobs(grid, files);
    expect(found.map(({ text }) => JSON.parse(text ?? '') as object)).toMatchObject([
      { method: { kind: 'relu', l1: 0.1 }, seed: 1, optimizer: { rate: 0.001 } },
      { method: { kind: 'relu', l1: 0.5 }, seed: 1 },
      { method: { kind: 'relu', l1: 0.1 }, seed: 2 },
      { method: { kind: 'relu', l1: 0.5 }, seed: 2 },
    ]);
    const other = await ids(grid, { ...files, 'sub/x.json': `${relu} ` });
    expect(new Set([...found.map(({ id }) => id), ...other]).size).toBe(8);
    // Whole parts of a configuration, and a list as a value.
    const methods = [
      { kind: 'topk', k: 2 },
      { kind: 'matryoshka', k: 3, prefixes: [3, 6] },
    ];
    const parts = await jobs({ ...grid, options: { method: methods, 'data.file': [['x']] } }, files);
    expect(parts.map(({ text }) => JSON.parse(text ?? '') as object)).toMatchObject(
      methods.map((method) => ({ method, data: { file: ['x'] } })),
    );
  });

  test('grids of any shape: every place once, in order; a sample is some of them, the same for a seed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (lengths, count, seed) => {
          const all = placesOf(lengths, { sample: undefined, file: 'f' });
          expect(all.length).toBe(lengths.reduce((product, length) => product * length, 1));
          const number = (place: readonly number[]): number =>
            place.reduce((sum, digit, k) => sum * (lengths[k] as number) + digit, 0);
          expect(all.map(number)).toEqual(all.map((_, k) => k));
          const some = placesOf(lengths, { sample: { jobs: count, seed }, file: 'f' });
          expect(some).toEqual(placesOf(lengths, { sample: { jobs: count, seed }, file: 'f' }));
          expect(some.length).toBe(Math.min(count, all.length));
          expect(some.map(number)).toEqual([...new Set(some.map(number))].sort((a, b) => a - b));
          for (const place of some)
            expect(place.every((digit, k) => digit >= 0 && digit < (lengths[k] as number))).toBe(true);
        },
      ),
    );
  });

  test('samples reach every place of a grid about equally often', () => {
    const met = new Array<number>(20).fill(0);
    for (let seed = 1; seed <= 2000; seed++)
      for (const [k] of placesOf([20], { sample: { jobs: 5, seed }, file: 'f' })) met[k as number]!++;
    // 500 each on average, with a standard deviation of 19.
    for (const count of met) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  test('a sample of a grid that is too large to list', () => {
    const some = placesOf([1000, 1000, 1000, 1000], { sample: { jobs: 100, seed: 3 }, file: 'f' });
    expect(new Set(some.map(String)).size).toBe(100);
    expect(new Set(some.map(([first]) => first)).size).toBeGreaterThan(80);
  });

  test('a plan changes with each of its jobs', async () => {
    const grid = { command: 'land', inputs: ['a.json'], options: { seed: [1, 2] } };
    const before = planOf(await jobs(grid, { 'a.json': relu }));
    expect(planOf(await jobs(grid, { 'a.json': relu }))).toBe(before);
    expect(planOf(await jobs(grid, { 'a.json': `${relu} ` }))).not.toBe(before);
  });
});

test('the committed sweep is one, of ten jobs an instance', async () => {
  const committed = new URL('../../../regress/', import.meta.url).pathname;
  const found = await jobsOf(await readSpec(join(committed, 'sweep.json')));
  expect(found).toHaveLength(10 * readdirSync(join(committed, 'instances')).length);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

describe('what is no sweep', () => {
  const good = { command: 'land', inputs: ['a.json'] };
  test.each<[string, object, string, string]>([
    ['no command', { inputs: ['a.json'] }, 'missing-key', '$.command'],
    ['a command that is not swept', { ...good, command: 'audit' }, 'unknown-word', '$.command'],
    ['a key of nobody', { ...good, grid: {} }, 'unknown-key', '$.grid'],
    ['no inputs', { command: 'land' }, 'missing-key', '$.inputs'],
    ['an empty list of inputs', { command: 'land', inputs: [] }, 'wrong-size', '$.inputs'],
    ['inputs of bench', { command: 'bench', inputs: ['lrb'] }, 'unknown-key', '$.inputs'],
    ['an option of nobody', { ...good, options: { run: 5 } }, 'unknown-key', '$.options.run'],
    ['an option that writes', { ...good, options: { certificates: 'x' } }, 'unknown-key', '$.options.certificates'],
    ['an option about threads', { ...good, options: { threads: 2 } }, 'unknown-key', '$.options.threads'],
    ['no values', { ...good, options: { seed: [] } }, 'wrong-size', '$.options.seed'],
    ['a list as a value', { ...good, options: { seed: [[1]] } }, 'wrong-type', '$.options.seed'],
    ['a range of words', { ...good, options: { seed: { from: 'a', to: 3 } } }, 'out-of-range', '$.options.seed.from'],
    ['a range without an end', { ...good, options: { seed: { from: 1 } } }, 'missing-key', '$.options.seed.to'],
    ['a range of halves', { ...good, options: { seed: { from: 0.5, to: 3 } } }, 'out-of-range', '$.options.seed.from'],
    ['a range downwards', { ...good, options: { seed: { from: 3, to: 1 } } }, 'out-of-range', '$.options.seed.to'],
    ['a step of 0', { ...good, options: { seed: { from: 1, to: 3, by: 0 } } }, 'out-of-range', '$.options.seed.by'],
    ['a range too long', { ...good, options: { seed: { from: 0, to: 1_000_000 } } }, 'out-of-range', '$.options.seed'],
    [
      'a grid too large',
      { ...good, options: { seed: { from: 1, to: 2000 }, runs: { from: 1, to: 2000 } } },
      'too-large',
      '$.options',
    ],
    ['no jobs in the sample', { ...good, sample: { jobs: 0, seed: 1 } }, 'out-of-range', '$.sample.jobs'],
    ['no seed of the sample', { ...good, sample: { jobs: 1 } }, 'missing-key', '$.sample.seed'],
    ['no time', { ...good, seconds: 0 }, 'out-of-range', '$.seconds'],
    ['a name that is a path', { ...good, name: '../x' }, 'out-of-range', '$.name'],
  ])('%s', async (_, spec, code, path) => {
    expect(await refused(spec, { 'a.json': relu })).toMatchObject({ kind: 'malformed', code, path });
  });

  test('files that are not there, an empty folder, a configuration that is none', async () => {
    expect(await refused(good)).toMatchObject({ code: 'unreadable', found: 'no such file or folder' });
    expect(await refused({ ...good, inputs: ['sub'] }, { 'sub/x.txt': '' })).toMatchObject({
      code: 'no-files',
      found: 'sub',
    });
    const train = { command: 'train', inputs: ['c.json'] };
    expect(await refused(train, { 'c.json': '{' })).toMatchObject({ code: 'not-json' });
    expect(await refused({ ...train, options: { 'seed.x': 1 } }, { 'c.json': '{"seed": 1}' })).toMatchObject({
      code: 'wrong-type',
      path: '$.options.seed.x',
    });
    const data = '{"data": {"kind": "activations", "inputs": "gone.npy"}}';
    expect(await refused(train, { 'c.json': data })).toMatchObject({ code: 'unreadable' });
  });

  test('another format says what it is; the command says the same', () => {
    expect(() => enterSpec(relu, 'f.json')).toThrow(
      /This is an instance: .* A sweep has a command, inputs and options/,
    );
    const ran = dictum(['sweep', place({ command: 'land' })]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/\$\.inputs: expected the key "inputs", what land is run on, found none \(missing-key\)/);
  });
});

/** Options that are none of a sweep's: they write files, say where and how fast something runs, or how it is printed. */
const NOT_SWEPT = [
  'json',
  'help',
  'threads',
  'jobs',
  'seconds',
  'certificates',
  'certificate',
  'out',
  'patterns',
  'resume',
];

test.each(Object.keys(SWEPT) as SweptCommand[])(
  'of %s every option can be swept, or is listed as one that cannot',
  (command) => {
    const options = [...dictum([command, '--help']).out.matchAll(/^ {2}(?:-\w, )?--([a-z]+)/gm)].map(
      ([, name]) => name as string,
    );
    expect(options.length).toBeGreaterThan(3);
    const { input, options: swept } = SWEPT[command];
    // A configuration has its own key for the one that is left.
    const kept = input === 'config' ? ['backend'] : swept;
    expect(options.filter((name) => !NOT_SWEPT.includes(name)).sort()).toEqual([...kept].sort());
  },
);

describe('parts of an array job', () => {
  test('every job is in one part, and the parts are as even as can be', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 40 }), (count, parts) => {
        const all = Array.from({ length: count }, (_, k) => k);
        const split = partsOf(all, parts);
        expect(split.flat().sort((a, b) => a - b)).toEqual(all);
        const sizes = split.map((part) => part.length);
        expect(
          sizes.reduce((most, size) => Math.max(most, size), 0) -
            sizes.reduce((least, size) => Math.min(least, size), count),
        ).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('ranges say the same numbers', () => {
    expect(rangesOf([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8');
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 60 })), (given) => {
        const numbers = [...given].sort((a, b) => a - b);
        const back = rangesOf(numbers)
          .split(',')
          .filter((range) => range !== '')
          .flatMap((range) => {
            const [from, to = from] = range.split('-').map(Number) as [number, number?];
            return Array.from({ length: to - from + 1 }, (_, k) => from + k);
          });
        expect(back).toEqual(numbers);
      }),
    );
  });

  test('tasks without a job are left out of the script, and odd names are quoted', async () => {
    const found = await jobs({ command: 'land', inputs: ['a.json'], options: { seed: [1, 2] } }, { 'a.json': relu });
    const [first] = found;
    if (!first) throw new Error('two jobs');
    const script = scriptOf({
      name: 's',
      spec: "/x/it's.json",
      folder: '/y z%/o',
      plan: 'p',
      parts: [[first], [], [first]],
      options: [],
    });
    expect(script).toContain('#SBATCH --array=0,2\n');
    expect(script).toContain('--of 3 --plan p');
    expect(script).toContain("'/x/it'\\''s.json' --out '/y z%/o'");
    expect(script).toContain('--output=/y\\ z%%/o/slurm/%a.log\n');
  });
});
