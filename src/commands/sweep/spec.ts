/** `dictum/sweep@1` on its way in: the strict reader, ajv, then what no schema says. Numbers keep the text they were written with. */
import { basename, dirname, resolve } from 'node:path';
import { type Json, Numeral, parseJson } from '../../kernel/document/json.ts';
import { compareValue, plain, refusing } from '../../terminal/door.ts';
import { readText } from '../../terminal/files.ts';
import { Failure, fail } from '../../terminal/problem.ts';
import { SWEPT, type SweptCommand } from './swept.ts';

export interface Spec {
  readonly file: string;
  /** What inputs are relative to; absolute, as jobs are run there. */
  readonly folder: string;
  readonly name: string;
  readonly command: SweptCommand;
  readonly inputs: readonly string[];
  readonly axes: readonly Axis[];
  readonly sample: { readonly jobs: number; readonly seed: number } | undefined;
  /** After which a job is ended. */
  readonly seconds: number | undefined;
}

export interface Axis {
  readonly option: string;
  readonly values: readonly Json[];
}

interface Plain {
  readonly name?: string;
  readonly command: SweptCommand;
  readonly inputs?: readonly string[];
  readonly sample?: { readonly jobs: number; readonly seed: number };
  readonly seconds?: number;
}

/** Of one sweep. */
export const MOST_JOBS = 1_000_000;

const FORMAT = 'dictum/sweep@1';

export async function readSpec(file: string): Promise<Spec> {
  if (file === '-') fail('bad-arguments', { file: 'dictum sweep' }, 'a file: inputs are relative to it', '"-"');
  return enterSpec(await readText(file), file);
}

export function enterSpec(text: string, file: string): Spec {
  const json = refusing(file, () => parseJson(text));
  const format = json instanceof Map ? (json as ReadonlyMap<string, Json>).get('format') : undefined;
  // First, so that a file of another kind is told what it is, not what it lacks.
  if (typeof format === 'string' && format !== FORMAT)
    fail('unknown-word', { file, path: '$.format' }, `"${FORMAT}"`, JSON.stringify(format));
  const value = plain(json);
  const problem = compareValue(value, file, 'sweep.schema.json');
  if (problem) throw new Failure(problem);
  const { command, inputs, sample, seconds, name } = value as Plain;
  const swept = SWEPT[command];
  const at = { file, path: '$.inputs' };
  if (swept.input === 'lrb' && inputs) fail('unknown-key', at, 'no inputs: bench has none', '"inputs"');
  if (swept.input !== 'lrb' && !inputs) fail('missing-key', at, `the key "inputs", what ${command} is run on`, 'none');
  const given = (json as ReadonlyMap<string, Json>).get('options') ?? new Map<string, Json>();
  const axes = [...(given as ReadonlyMap<string, Json>)].map(([option, axis]) => {
    const path = `$.options.${option}`;
    if (swept.input !== 'config' && !swept.options.includes(option))
      fail('unknown-key', { file, path }, swept.options.join(', '), `"${option}"`);
    return { option, values: valuesOf(axis, { file, path }, swept.input === 'config') };
  });
  return {
    file,
    folder: resolve(dirname(file)),
    name: name ?? basename(file).replace(/\.json$/, ''),
    command,
    inputs: inputs ?? ['lrb'],
    axes,
    sample,
    seconds,
  };
}

/** The values of an axis, each once. Of a configuration a value may be anything, on a command line it is a word. */
function valuesOf(axis: Json, at: { file: string; path: string }, any: boolean): readonly Json[] {
  if (axis instanceof Map) return rangeOf(axis, at);
  if (!Array.isArray(axis)) return [axis];
  const values = axis as readonly Json[];
  const odd = values.find((value) => Array.isArray(value) || value instanceof Map);
  if (!any && odd !== undefined) fail('wrong-type', at, 'words, numbers, true, false or null', 'a list or an object');
  return values;
}

function rangeOf(range: ReadonlyMap<string, Json>, at: { file: string; path: string }): readonly Json[] {
  const number = (key: string, otherwise: number): number => {
    const value = range.get(key);
    return value instanceof Numeral ? Number(value.text) : otherwise;
  };
  const [from, to, by] = [number('from', 0), number('to', 0), number('by', 1)];
  if (to < from) fail('out-of-range', { ...at, path: `${at.path}.to` }, `a number from ${from}`, `${to}`);
  const count = Math.floor((to - from) / by) + 1;
  if (count > MOST_JOBS) fail('out-of-range', at, `at most ${MOST_JOBS} values`, `${count}`);
  return Array.from({ length: count }, (_, k) => new Numeral(`${from + k * by}`));
}
