/** Every small change of a certificate: each number, index, sign, word, key and array, one at a time. */

import { documentId } from '../../src/kernel/document/canonical.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { sha256 } from '../../src/terminal/digest.ts';

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Path = readonly (string | number)[];

export interface Mutant {
  readonly path: Path;
  readonly what: string;
  /** With the id of the changed document. */
  readonly text: string;
}

/** Words that certificates choose among; each is replaced by every other of its group. */
const GROUPS: readonly (readonly string[])[] = [
  ['holds', 'refuted', 'not-applicable'],
  ['walkthrough', 'paper', 'ours', 'repaired'],
  ['relu', 'identity', 'gated', 'jumprelu', 'topk', 'topk-pure', 'batchtopk'],
  ['on', 'off', 'compare'],
  ['none', 'free'],
  ['features', 'inputs'],
  ['dictum/instance@1', 'dictum/instance@2'],
];

function scalars(value: string, words: readonly string[]): Value[] {
  const number = Rational.parse(value);
  if (number) {
    const one = Rational.of(1n);
    const changed = [
      number.plus(one),
      number.minus(one),
      number.negated(),
      number.times(Rational.of(2n)),
      Rational.of(0n),
    ];
    return [...new Set(changed.map(String))].filter((x) => x !== `${number}`);
  }
  const group = GROUPS.find((g) => g.includes(value)) ?? (words.includes(value) ? words : []);
  return [...group.filter((word) => word !== value), `${value}x`];
}

/** Each changed form of a value, with a word for the change. */
function* changes(value: Value, words: readonly string[]): Generator<[string, Value]> {
  if (typeof value === 'string') for (const other of scalars(value, words)) yield [`${value} -> ${other}`, other];
  else if (typeof value === 'number')
    for (const other of [value + 1, value - 1, 0]) yield [`${value} -> ${other}`, other];
  else if (Array.isArray(value)) {
    if (value.length > 0) yield ['first item removed', value.slice(1)];
    if (value.length > 1) yield ['last item removed', value.slice(0, -1)];
    if (value.length > 1) yield ['reversed', [...value].reverse()];
    if (value.length > 0) yield ['last item twice', [...value, value.at(-1) as Value]];
  } else if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      const { [key]: gone, ...rest } = value;
      yield [`key ${key} removed`, rest];
      yield [`key ${key} renamed`, { ...rest, [`${key}x`]: gone as Value }];
    }
    yield ['a key added', { ...value, extra: '1' }];
  }
}

function* places(value: Value, path: Path = []): Generator<[Path, Value]> {
  yield [path, value];
  if (Array.isArray(value)) for (const [k, item] of value.entries()) yield* places(item, [...path, k]);
  else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* places(item, [...path, key]);
  }
}

function replaced(value: Value, [step, ...rest]: Path, by: Value): Value {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((item, k) => (k === step ? replaced(item, rest, by) : item));
  const object = value as { [key: string]: Value };
  return { ...object, [step]: replaced(object[step] as Value, rest, by) };
}

/** The document's text with its id recomputed. */
export function resealed(document: Value): string {
  const { id: _, ...rest } = document as { [key: string]: Value };
  return JSON.stringify({ ...rest, id: documentId(parseJson(JSON.stringify(rest)), sha256) });
}

/** As JSON; of a whole document without its id, which every mutant has anew. */
const written = (value: Value, path: Path): string =>
  JSON.stringify(path.length === 0 ? { ...(value as { [key: string]: Value }), id: undefined } : value);

/** Every mutant of a certificate; `words` are further groups of words, such as the claim ids or the rule names. */
export function* mutants(text: string, words: readonly (readonly string[])[]): Generator<Mutant> {
  const document = JSON.parse(text) as { [key: string]: Value };
  for (const [path, value] of places(document)) {
    if (path[0] === 'id') continue;
    const group = typeof value === 'string' ? (words.find((g) => g.includes(value)) ?? []) : [];
    for (const [what, other] of changes(value, group)) {
      if (written(other, path) === written(value, path)) continue;
      let sealed: string | undefined;
      yield {
        path,
        what,
        // Made when it is read: whoever takes one in many pays for no other.
        get text() {
          sealed ??= resealed(replaced(document, path, other));
          return sealed;
        },
      };
    }
  }
}
