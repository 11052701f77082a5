/**
 * The jobs of a sweep, in order: inputs vary slowest, the last option fastest. A job is named by the SHA-256 of what it is: the
 * version, the command, its options, and the contents of what it reads. Neither names of files nor the place of a job enter, so
 * that a job is the same one in every sweep.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { canonicalJson } from '../../kernel/document/canonical.ts';
import { type Json, Numeral, parseJson } from '../../kernel/document/json.ts';
import { randomNumbers } from '../../solve/landscape/partitionPatterns.ts';
import { sha256 } from '../../terminal/digest.ts';
import { refusing } from '../../terminal/door.ts';
import { readText, unreadable } from '../../terminal/files.ts';
import { version } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import { partOf } from '../train/openSource.ts';
import { MOST_JOBS, type Spec } from './spec.ts';
import { SWEPT } from './swept.ts';

export interface Job {
  readonly id: string;
  readonly input: string;
  readonly options: ReadonlyMap<string, Json>;
  /** On standard input. */
  readonly text?: string;
  /** Further files it reads; it is run in the folder that these are relative to. */
  readonly reads: readonly string[];
  readonly folder: string;
}

interface Input {
  readonly name: string;
  readonly text?: string;
  readonly json?: Json;
  readonly folder: string;
}

export async function jobsOf(spec: Spec): Promise<Job[]> {
  const inputs: Input[] = [];
  for (const name of namesOf(spec)) inputs.push(await inputOf(spec, name));
  const lengths = [inputs.length, ...spec.axes.map(({ values }) => values.length)];
  const jobs: Job[] = [];
  const digest = digestOnce();
  for (const place of placesOf(lengths, spec)) {
    const input = inputs[place[0] ?? 0] as Input;
    const options = new Map(spec.axes.map(({ option, values }, k) => [option, values[place[k + 1] ?? 0] as Json]));
    jobs.push(await jobOf(spec, input, options, digest));
  }
  return jobs;
}

/** What stands for a whole sweep: that of the jobs in order. */
export const planOf = (jobs: readonly Job[]): string => sha256(jobs.map(({ id }) => id).join('\n'));

/** Places in the grid, the last number fastest; of a sample in the same order. */
export function placesOf(lengths: readonly number[], { sample, file }: Pick<Spec, 'sample' | 'file'>): number[][] {
  const size = lengths.reduce((product, length) => product * length, 1);
  const most = sample ? Number.MAX_SAFE_INTEGER : MOST_JOBS;
  if (size > most) fail('too-large', { file, path: '$.options' }, `at most ${most} jobs`, `${size}`);
  const place = (index: number): number[] => {
    const digits: number[] = [];
    for (const length of [...lengths].reverse()) {
      digits.unshift(index % length);
      index = Math.floor(index / length);
    }
    return digits;
  };
  return (sample ? drawn(size, sample) : Array.from({ length: size }, (_, k) => k)).map(place);
}

/** Different numbers below `size`, in order, every choice equally likely (Floyd): no more memory than there are jobs. */
function drawn(size: number, { jobs, seed }: { readonly jobs: number; readonly seed: number }): number[] {
  const random = randomNumbers(seed);
  // Two numbers of 32 bits each: a grid may be larger than 2^32.
  const below = (limit: number): number => {
    const [high, low] = [random(), random()];
    return Math.min(limit - 1, Math.floor((high + low / 2 ** 32) * limit));
  };
  const chosen = new Set<number>();
  for (let k = Math.max(0, size - jobs); k < size; k++) {
    const one = below(k + 1);
    chosen.add(chosen.has(one) ? k : one);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** A folder stands for the *.json in it. */
function namesOf({ command, inputs, folder, file }: Spec): string[] {
  const { input } = SWEPT[command];
  if (input === 'claim' || input === 'lrb') return [...inputs];
  return inputs.flatMap((name) => {
    const path = resolve(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [name];
    const found = readdirSync(path).filter((entry) => entry.endsWith('.json'));
    if (found.length === 0) fail('no-files', { file, path: '$.inputs', next: NO_JSON }, 'a folder with *.json', name);
    return found.sort().map((entry) => join(name, entry));
  });
}

const NO_JSON = 'Name the files, or another folder.';

async function inputOf({ command, folder }: Spec, name: string): Promise<Input> {
  const { input } = SWEPT[command];
  if (input === 'claim' || input === 'lrb') return { name, folder };
  const path = resolve(folder, name);
  const text = await readText(path);
  if (input === 'file') return { name, text, folder };
  return { name, json: refusing(path, () => parseJson(text)), folder: dirname(path) };
}

async function jobOf(
  { command, file }: Spec,
  { name, text, json, folder }: Input,
  options: ReadonlyMap<string, Json>,
  digest: (path: string) => Promise<string>,
): Promise<Job> {
  const given = json === undefined ? text : canonicalJson(withOptions(json, options, file));
  const reads = json === undefined ? [] : dataFiles(parseJson(given ?? ''));
  const files: string[] = [];
  for (const read of reads) files.push(await digest(resolve(folder, read)));
  const what = new Map<string, Json>([
    ['version', version()],
    ['command', command],
    ['input', given === undefined ? name : sha256(given)],
    ['options', new Map(json === undefined ? wordsOf(options) : [])],
    ['files', files],
  ]);
  return {
    id: sha256(canonicalJson(what)),
    input: name,
    options,
    ...(given !== undefined && { text: given }),
    reads,
    folder,
  };
}

/** Options as on a command line: `true` is one without a value, of `false` and null there is none. */
function wordsOf(options: ReadonlyMap<string, Json>): [string, string | true][] {
  return [...options].flatMap(([name, value]): [string, string | true][] => {
    if (value === false || value === null) return [];
    if (value === true) return [[name, true]];
    return [[name, value instanceof Numeral ? value.text : String(value)]];
  });
}

export const argumentsOf = ({ options }: Job): string[] =>
  wordsOf(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, value]));

/** A configuration with keys set, as `method.l1`: objects on the way are made where they are missing. */
function withOptions(json: Json, options: ReadonlyMap<string, Json>, file: string): Json {
  let whole = json;
  for (const [key, value] of options) whole = withKey(whole, key.split('.'), value, { file, path: `$.options.${key}` });
  return whole;
}

function withKey(
  json: Json | undefined,
  [first, ...rest]: string[],
  value: Json,
  at: { file: string; path: string },
): Json {
  if (first === undefined) return value;
  if (json !== undefined && !(json instanceof Map)) fail('wrong-type', at, 'a key of an object', `one of no object`);
  const members = new Map(json as ReadonlyMap<string, Json> | undefined);
  return members.set(first, withKey(members.get(first), rest, value, at));
}

/** What a configuration trains on, besides itself. */
function dataFiles(config: Json): string[] {
  const data = config instanceof Map ? (config as ReadonlyMap<string, Json>).get('data') : undefined;
  if (!(data instanceof Map)) return [];
  return ['file', 'inputs', 'targets', 'labels'].flatMap((key) => {
    const name = (data as ReadonlyMap<string, Json>).get(key);
    return typeof name === 'string' ? [partOf(name).path] : [];
  });
}

/** SHA-256 of files, which may be larger than memory, each read once. */
function digestOnce(): (path: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (path) => {
    const before = known.get(path);
    if (before) return before;
    const hash = createHash('sha256');
    const now = pipeline(createReadStream(path), hash).then(
      () => hash.digest('hex'),
      (thrown: unknown) => unreadable(thrown, path),
    );
    known.set(path, now);
    return now;
  };
}
