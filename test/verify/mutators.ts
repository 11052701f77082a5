/**
 * Changes of a certificate that single edits do not reach: quantities written otherwise, vectors scaled, arrays rearranged, parts of the
 * instance taken away, proofs wrapped and unwrapped, parts exchanged with another certificate. Some keep a certificate valid.
 */
import type { Value } from '../theorems/mutate.ts';

type Random = () => number;
type Place = { readonly value: Value; readonly put: (value: Value) => void; readonly name: string };

interface Change {
  readonly name: string;
  /** What stands there afterwards; undefined where the change does not apply. */
  readonly of: (value: Value, random: Random) => Value | undefined;
}

const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T;
const isObject = (value: Value): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const QUANTITY = /^-?\d{1,60}(\/\d{1,60})?$/;

function times(value: Value, factor: bigint): Value | undefined {
  if (typeof value === 'string') {
    if (!QUANTITY.test(value)) return undefined;
    const [num = '0', den] = value.split('/');
    return `${BigInt(num) * factor}${den ? `/${den}` : ''}`;
  }
  if (!Array.isArray(value)) return undefined;
  const scaled = value.map((item) => times(item, factor));
  return scaled.includes(undefined) ? undefined : (scaled as Value[]);
}

/** The same number, or nearly, in another spelling; the last few are none at all. */
function spelled(text: string, random: Random): string {
  const [num = '0', den = '1'] = text.split('/');
  return pick(
    [
      `${BigInt(num) * 3n}/${BigInt(den) * 3n}`,
      `${num}/0${den}`,
      num.startsWith('-') ? `-0${num.slice(1)}` : `0${num}`,
      ...(den === '1'
        ? [`${num}.0`, `${num}0e-1`, `${num}e00000`, `${num}E+0`, `${num}e-000000`]
        : [`${num}/${den}.0`]),
      `+${text}`,
      ` ${text}`,
      `${text}\n`,
      `${num}/-${den}`,
      `${num}/0`,
      `${num}.`,
      '-0',
      '',
      `${num}e1001`,
    ],
    random,
  );
}

const OPTIONAL = [
  ['pattern'],
  ['we', 'wd', 'gate', 'bias'],
  ['distribution'],
  ['anchors'],
  ['hierarchy'],
  ['wd'],
  ['gate'],
  ['encoderBias'],
  ['inputBias'],
  ['decoderBias'],
  ['subject'],
];

const CHANGES: readonly Change[] = [
  { name: 'spelled otherwise', of: (v, r) => (typeof v === 'string' && QUANTITY.test(v) ? spelled(v, r) : undefined) },
  {
    name: 'a numerator by one',
    of: (v, r) => {
      if (typeof v !== 'string' || !QUANTITY.test(v)) return undefined;
      const [num = '0', den] = v.split('/');
      return `${BigInt(num) + (r() < 0.5 ? 1n : -1n)}${den ? `/${den}` : ''}`;
    },
  },
  {
    name: 'as a JSON number',
    of: (v) => (typeof v === 'string' && /^\d{1,8}$/.test(v) ? Number(v) : typeof v === 'number' ? `${v}` : undefined),
  },
  {
    name: 'scaled',
    of: (v, r) => (Array.isArray(v) && v.length > 0 ? times(v, pick([2n, 3n, -1n, 0n], r)) : undefined),
  },
  {
    name: 'two items exchanged',
    of: (v, r) => {
      if (!Array.isArray(v) || v.length < 2) return undefined;
      const [i, j] = [Math.floor(r() * v.length), Math.floor(r() * v.length)];
      return v.map((item, k) => v[k === i ? j : k === j ? i : k] ?? item);
    },
  },
  { name: 'rotated', of: (v) => (Array.isArray(v) && v.length > 1 ? [...v.slice(1), v[0] as Value] : undefined) },
  {
    name: 'an item twice',
    of: (v, r) => {
      if (!Array.isArray(v) || v.length === 0) return undefined;
      const k = Math.floor(r() * v.length);
      return [...v.slice(0, k + 1), ...v.slice(k)];
    },
  },
  {
    name: 'an item removed',
    of: (v, r) => {
      const gone = Array.isArray(v) ? Math.floor(r() * v.length) : 0;
      return Array.isArray(v) && v.length > 0 ? v.filter((_, k) => k !== gone) : undefined;
    },
  },
  { name: 'emptied', of: (v) => (Array.isArray(v) && v.length > 0 ? [] : undefined) },
  { name: 'wrapped in an array', of: (v) => [v] },
  { name: 'wrapped as a choice', of: (v, r) => ({ choose: r() < 0.7 ? 1 : 2, proof: v }) },
  { name: 'unwrapped', of: (v) => (Array.isArray(v) && v.length === 1 ? v[0] : isObject(v) ? v.proof : undefined) },
  { name: 'computed', of: (v) => (isObject(v) && v.rule !== undefined ? 'compute' : undefined) },
  { name: 'null', of: (v) => (v === null ? undefined : null) },
  {
    name: 'an optional part removed',
    of: (v, r) => {
      if (!isObject(v) || v.features === undefined) return undefined;
      const gone = pick(OPTIONAL, r);
      return Object.fromEntries(Object.entries(v).filter(([key]) => !gone.includes(key)));
    },
  },
  {
    name: 'more of the second format',
    of: (v, r) => {
      if (!isObject(v) || !Array.isArray(v.features) || !isObject(v.features[0] ?? null)) return undefined;
      const { wp = [], wr = wp } = v.features[0] as { [key: string]: Value };
      const more = [{}, { encoderBias: 'free' }, { subject: 'inputs' }, { inputBias: wp }, { decoderBias: wr }];
      return { ...v, format: 'dictum/instance@2', ...pick(more, r) };
    },
  },
  {
    name: 'two values exchanged',
    of: (v, r) => {
      if (!isObject(v)) return undefined;
      const keys = Object.keys(v);
      if (keys.length < 2) return undefined;
      const [a, b] = [pick(keys, r), pick(keys, r)];
      return { ...v, [a]: v[b] as Value, [b]: v[a] as Value };
    },
  },
];

function places(root: { [key: string]: Value }): Place[] {
  const found: Place[] = [];
  const visit = (holder: { [key: string]: Value } | Value[], path: string): void => {
    for (const key of Object.keys(holder)) {
      const at = holder as { [key: string]: Value };
      const value = at[key] as Value;
      if (path === '' && key === 'id') continue;
      const put = (other: Value): void => {
        at[key] = other;
      };
      found.push({ value, put, name: `${path}.${key}` });
      if (typeof value === 'object' && value !== null) visit(value, `${path}.${key}`);
    }
  };
  visit(root, '');
  return found;
}

const copy = (value: Value): { [key: string]: Value } => JSON.parse(JSON.stringify(value));

/**
 * One to three changes of the document, and what they are. `other` is a second document, parts of which may take the place of those of
 * the same name.
 */
export function varied(document: Value, other: Value, random: Random): { document: Value; what: string } {
  const changed = copy(document);
  const told: string[] = [];
  for (let left = random() < 0.6 ? 1 : random() < 0.7 ? 2 : 3; left > 0; left--) {
    const all = places(changed);
    // Numbers are most of the places; every second time, somewhere else.
    const inner = all.filter(({ value }) => typeof value === 'object');
    const place = pick(random() < 0.5 && inner.length > 0 ? inner : all, random);
    if (random() < 0.15) {
      const last = place.name.split('.').at(-1) as string;
      const donors = places(copy(other)).filter(({ name }) => name.split('.').at(-1) === last);
      if (donors.length > 0) {
        place.put(pick(donors, random).value);
        told.push(`${place.name} taken from another`);
        continue;
      }
    }
    const options = CHANGES.map(({ name, of }) => ({ name, value: of(place.value, random) })).filter(
      (option): option is { name: string; value: Value } => option.value !== undefined,
    );
    const { name, value } = pick(options, random);
    place.put(value);
    told.push(`${place.name} ${name}`);
  }
  return { document: changed, what: told.join(', ') };
}
