/**
 * Every spelling of a number in every place where the format has one: both checkers read it in the same way, and in that of section 1
 * of docs/certificate-format.md, whose grammar is written here once more. Places are found in certificates that both accept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Path, resealed, type Value } from '../theorems/mutate.ts';
import { amount } from '../thorough.ts';
import { both, noSecond } from './bothCheckers.ts';

const ROOT = join(import.meta.dirname, '../..');
const parsed = (file: string): Value => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Value;

/** What a text is read as where it stands: a quantity, an integer written out, a printed figure, digits; or an index, of JSON. */
type Kind = 'quantity' | 'whole' | 'integer' | 'figure' | 'digits' | 'index';

/** Texts of certificates that may look like numbers and are none. */
const NAMES = ['figure', 'label', 'name', 'parent', 'children', 'source', 'id', 'weights'];

/** Matrices of integers, in units of 2^-32. */
const WHOLE = ['inverse', 'span', 'root'];

function kindOf(path: Path, value: Value): Kind | undefined {
  // What a landing says of its run, only its hash is read.
  if (path[0] === 'run') return undefined;
  if (typeof value === 'number') return 'index';
  if (typeof value !== 'string' || !/^-?[0-9]/.test(value)) return undefined;
  const key = path.findLast((step) => typeof step === 'string');
  // The hash of a run's weights; "weight" is a quantity.
  if (NAMES.includes(String(key))) return undefined;
  if (key === 'count') return 'digits';
  if (key === 'recovery' || key === 'mean' || key === 'printed') return 'figure';
  if (path.includes('overrides')) return 'integer';
  return WHOLE.includes(String(key)) ? 'whole' : 'quantity';
}

type Fraction = readonly [num: bigint, den: bigint];

/** The number that the format reads in a text, or undefined. */
function read(kind: Kind, text: string): Fraction | undefined {
  if (kind === 'whole') {
    const value = read('quantity', text);
    return value && value[0] % value[1] === 0n ? value : undefined;
  }
  if (kind === 'index') return /^(0|[1-9][0-9]{0,8})$/.test(text) ? [BigInt(text), 1n] : undefined;
  if (kind === 'integer') return /^-?[0-9]+$/.test(text) ? [BigInt(text), 1n] : undefined;
  if (kind === 'figure' && !/^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(text)) return undefined;
  if (kind === 'digits' && !/^(0|[1-9][0-9]*)$/.test(text)) return undefined;
  const [, num, den] = /^(-?[0-9]+)\/([0-9]+)$/.exec(text) ?? [];
  if (num !== undefined && den !== undefined) return BigInt(den) === 0n ? undefined : [BigInt(num), BigInt(den)];
  const [, sign, whole, part = '', power = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,5}))?$/.exec(text) ?? [];
  if (whole === undefined || Math.abs(Number(power)) > 1000) return undefined;
  const digits = BigInt(`${sign}${whole}${part}`);
  const shift = Number(power) - part.length;
  return shift < 0 ? [digits, 10n ** BigInt(-shift)] : [digits * 10n ** BigInt(shift), 1n];
}

const equal = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d === c * b;

/** Of any number: then those of the number v that stands there, right and wrong. */
const FIXED =
  '-0 00 01 -01 +1 +0 1.0 1. .5 1e2 1E+2 1e-2 1e 1e1000 1e1001 1e00002 1e000002 0/1 -0/3 2/4 1/-2 -1/2 1/0 1/2.0 1.5/2 0/0 1_000 1,000 0x1 1n ' +
  '--1 - NaN Infinity 999999999 1000000000 true';
const fullWidth = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
function spellings(kind: Kind, v: string): string[] {
  const [sign, size] = v.startsWith('-') ? ['-', v.slice(1)] : ['', v];
  const [num = '', den = '1'] = size.split('/');
  const own = [
    `${sign}0${size}`,
    `${sign}000${size}`,
    `+${v}`,
    `${v}.0`,
    `${v}.00`,
    `${v}e0`,
    `${v}E-0`,
    `${v}e+00`,
    `${v}/1`,
    `${v}/01`,
  ];
  const twice = /^[0-9]+(\/[0-9]+)?$/.test(size)
    ? [`${sign}${2n * BigInt(num)}/${2n * BigInt(den)}`, `${sign}${num}/0${den}`, `${sign}${num}/-${den}`]
    : [];
  // Of JSON itself, where whatever is no number of JSON is no document.
  if (kind === 'index') return [...FIXED.split(' '), ...own, `"${v}"`, `[${v}]`];
  return [
    ...FIXED.split(' '),
    ...own,
    ...twice,
    '',
    ' 1',
    '1 ',
    ` ${v}`,
    `${v} `,
    `${v}\n`,
    `\t${v}`,
    `\ufeff${v}`,
    `\u2212${size}`,
    fullWidth('1'),
    fullWidth(v),
    '\u0661',
    '\u00bd',
    '1\u20442',
  ];
}

interface Place {
  readonly where: string;
  readonly document: Value;
  readonly path: Path;
  readonly kind: Kind;
  readonly v: string;
}

function* leaves(value: Value, path: Path, rule: string): Generator<readonly [Path, Value, rule: string]> {
  if (value === null || typeof value !== 'object') return yield [path, value, rule];
  const name = Array.isArray(value) || typeof value.rule !== 'string' ? rule : value.rule;
  for (const [key, item] of Object.entries(value))
    yield* leaves(item, [...path, Array.isArray(value) ? Number(key) : key], name);
}

/** One of each kind of place: the rule that it is in, or the format of the instance, and the keys that lead there. */
function placesOf(documents: readonly Value[]): Place[] {
  const found = new Map<string, Place>();
  for (const document of documents) {
    const { instance } = document as { instance: { format: string; activation?: { kind: string } } };
    for (const [path, value, rule] of leaves(document, [], '')) {
      const kind = kindOf(path, value);
      if (kind === undefined) continue;
      const keys = path.filter((step, k) => typeof step === 'string' && !(path[0] === 'witness' && k < 3));
      const where = [path[0] === 'instance' ? instance.format : rule, ...keys].join(' ');
      if (!found.has(where)) found.set(where, { where, document, path, kind, v: `${value}` });
    }
  }
  return [...found.values()];
}

function replaced(value: Value, [step, ...rest]: Path, by: Value): Value {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((item, k) => (k === step ? replaced(item, rest, by) : item));
  const object = value as { [key: string]: Value };
  return { ...object, [step]: replaced(object[step] as Value, rest, by) };
}

/** The document with the text in that place, under its own id where it has one: that of 1.0 is the id of 1. */
function spelt({ document, path, kind }: Place, text: string): string {
  if (kind !== 'index') return resealed(replaced(document, path, text));
  let value: Value = 0;
  try {
    value = JSON.parse(text) as Value;
  } catch {
    // No JSON: whatever the id, it cannot be read.
  }
  const number = typeof value === 'number' && (value < 0 || value > 1e9 || !Number.isInteger(value)) ? 0 : value;
  const mark = '@the spelling@';
  const { id } = JSON.parse(resealed(replaced(document, path, number))) as { id: string };
  const marked = { ...(replaced(document, path, mark) as { [key: string]: Value }), id };
  return JSON.stringify(marked).replace(`"${mark}"`, () => text);
}

/** Small ones of each claim first; then landings, and an instance of each other format, with all that is optional. */
function documents(): Value[] {
  const files = readdirSync(join(ROOT, 'certificates'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json' && !name.startsWith('T4-scale'))
    .map((name) => readFileSync(join(ROOT, 'certificates', name), 'utf8'))
    .sort((a, b) => a.length - b.length)
    .map((text) => JSON.parse(text) as Value);
  const scale = {
    format: 'dictum/certificate@1',
    claim: 'T4-scale',
    reading: 'ours',
    instance: {
      ...{
        format: 'dictum/scale@1',
        name: 's',
        features: 2,
        dimensions: 6,
        neurons: 6,
        entries: 2,
        directions: { seed: 5 },
      },
      encoder: { seed: 1, overrides: [{ neuron: 6, row: ['0', '1', '1', '1', '1', '1'] }] },
    },
    verdict: 'holds',
    witness: { hypotheses: {}, conclusion: [{ rule: 'rank-mod-p', p: 2_097_143, rows: [1, 3] }, 'compute'] },
  };
  return [...files, parsed('test/corpora/valid/landing-shear-at-kink.json'), scale];
}

describe.skipIf(noSecond)('numbers, as they are spelt', () => {
  const places = noSecond ? [] : placesOf(documents());
  /** Of each place, one spelling in so many; another of the first in each. */
  const ONE_IN = amount(48, 1);

  test('there are places of every kind, and the documents that they are in are accepted', () => {
    const kinds = new Set(places.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['digits', 'figure', 'index', 'integer', 'quantity', 'whole']);
    expect(places.length).toBeGreaterThan(100);
    const sources = [...new Set(places.map(({ document }) => document))].map(resealed);
    expect(both(sources)).toEqual(sources.map(() => ['accepted', 'accepted']));
  });

  test('are read in the same way, and as the format says', { timeout: 600_000 }, () => {
    const table = places.flatMap((place, p) =>
      spellings(place.kind, place.v).flatMap((text, k) => ((p + k) % ONE_IN === 0 ? [{ place, text }] : [])),
    );
    const said = both(table.map(({ place, text }) => spelt(place, text)));
    const wrong: string[] = [];
    const count = { accepted: 0, malformed: 0, invalid: 0 };
    for (const [k, { place, text }] of table.entries()) {
      const [one, other] = said[k]!;
      const value = read(place.kind, text);
      const kind = (result: string): string => result.split(' ')[0]!;
      count[kind(one) as keyof typeof count]++;
      const same = value !== undefined && place.kind !== 'figure' && equal(value, read(place.kind, place.v)!);
      // What is no count is another one; any other text that is no number is malformed. Another number may be right or wrong.
      const right = same
        ? one === 'accepted'
        : value !== undefined
          ? one !== 'malformed not-a-number'
          : kind(one) === (place.kind === 'digits' ? 'invalid' : 'malformed');
      const alike =
        same || value === undefined ? kind(one) === kind(other) : (one === 'accepted') === (other === 'accepted');
      // Which code a text gets that breaks two rules at once, such as a limit and the grammar, the format does not say.
      if (!right || !alike) wrong.push(`${place.where}: ${JSON.stringify(text)} for ${place.v}: ${one} | ${other}`);
    }
    expect(wrong).toEqual([]);
    expect(Math.min(...Object.values(count))).toBeGreaterThan(table.length / 50);
  });
});
