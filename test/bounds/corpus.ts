/**
 * A corpus of hostile inputs, each under a megabyte and each made from a number alone: what is long, deep, wide or many in them is drawn
 * from a list, so that number k is the same file on every machine. Most are well-formed as far as the reader can tell, since what is
 * refused at the door costs nothing. `npm test` runs a sample, bench/bounds.ts all of them under a limit of time and memory.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentId } from '../../src/kernel/document/canonical.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { READINGS } from '../../src/kernel/proof/claim.ts';
import { CLAIMS } from '../../theorems/statements.ts';

export interface HostileInput {
  readonly number: number;
  /** What is hostile about it. */
  readonly about: string;
  readonly command: Command;
  /** The arguments after the command; files are named relative to their folder. */
  readonly args: readonly string[];
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

export const COMMANDS = ['check', 'realize', 'certify', 'landscape', 'patterns', 'import', 'metrics'] as const;
export type Command = (typeof COMMANDS)[number];

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Below a megabyte, with some room for what stands around the numbers. */
const MOST = 900_000;

const root = fileURLToPath(new URL('../../', import.meta.url));

class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x7f4a7c15) >>> 0 || 1;
    for (let k = 0; k < 8; k++) this.next();
  }

  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state = (this.#state ^ (this.#state << 5)) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** From `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  of<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  digits(count: number): string {
    let text = `${this.whole(1, 9)}`;
    while (text.length < count) text += `${Math.floor(this.next() * 1e9)}`.padStart(9, '0');
    return text.slice(0, count);
  }
}

/** A way to write numbers, and about how many characters one takes. */
interface Spelling {
  readonly name: string;
  readonly length: number;
  readonly write: () => string;
}

function spelling(r: Draw, length: number): Spelling {
  const sign = (): string => (r.chance(0.5) ? '-' : '');
  const half = Math.max(1, Math.floor(length / 2));
  return r.of<Spelling>([
    { name: 'integers', length, write: () => `${sign()}${r.digits(length)}` },
    { name: 'fractions', length, write: () => `${sign()}${r.digits(half)}/${r.digits(half)}` },
    { name: 'decimals', length, write: () => `${sign()}0.${r.digits(length)}` },
    { name: 'powers', length: 8, write: () => `${sign()}${r.digits(1)}e${sign()}${r.whole(500, 1000)}` },
    {
      name: 'one long among short',
      length: 6,
      write: () => (r.chance(0.001) ? `1/${r.digits(9_900)}` : `${r.whole(-9, 9)}`),
    },
    // Numbers with many divisors in common.
    { name: 'powers of two and three', length, write: () => `${2n ** BigInt(length)}/${3n ** BigInt(half)}` },
  ]);
}

const small = (r: Draw, most = 3): Spelling => ({
  name: `up to ${most}`,
  length: 4,
  write: () => `${r.whole(-most, most)}`,
});

function vector(length: number, { write }: Spelling): string[] {
  const made = Array.from({ length }, write);
  // A direction may not be 0.
  if (made.every((x) => /^-?[0./]*$/.test(x))) made[0] = '1';
  return made;
}

const matrix = (rows: number, columns: number, s: Spelling): string[][] =>
  Array.from({ length: rows }, () => vector(columns, s));

const KINDS = ['relu', 'identity', 'jumprelu', 'gated', 'topk', 'topk-pure', 'batchtopk'] as const;

function activation(r: Draw, s: Spelling, kinds: readonly string[] = KINDS): { [key: string]: Json } {
  const kind = r.chance(0.4) && kinds.includes('relu') ? 'relu' : r.of(kinds);
  if (kind === 'jumprelu') return { kind, theta: r.chance(0.5) ? '1/2' : s.write().replace('-', '') };
  if (kind.includes('topk')) return { kind, k: r.of([1, 2, 5, 1000, 1_000_000]) };
  return { kind };
}

interface Shape {
  readonly n: number;
  readonly np: number;
  readonly nr?: number;
  readonly neurons: number;
  readonly s: Spelling;
  readonly about: string;
}

/** Sizes whose numbers, about `length` characters each, fit into `room` characters. */
function shape(r: Draw): Shape {
  const room = r.of([20_000, 200_000, MOST, MOST, MOST]);
  const quick = small(r, r.of([1, 3, 9]));
  const few = (): Pick<Shape, 'n' | 'np' | 'neurons'> => ({
    n: r.whole(1, 6),
    np: r.whole(1, 4),
    neurons: r.whole(1, 4),
  });
  const long = (of: number): Spelling => spelling(r, Math.max(1, Math.min(19_000, Math.floor(room / of) - 40)));
  const kinds: readonly (() => Shape)[] = [
    () => {
      const of = few();
      const nr = r.chance(0.5) ? { nr: r.whole(1, 4) } : {};
      const count = of.n * (of.np + (nr.nr ?? 0) + 1) + of.neurons * (2 * of.np + 2 * (nr.nr ?? of.np) + 1);
      const s = long(count);
      return { ...of, ...nr, s, about: `few and long: ${s.name}` };
    },
    () => {
      const of = few();
      return { ...of, s: spelling(r, r.of([30, 100, 300, 1000])), about: 'few of some length' };
    },
    () => {
      const np = r.whole(1, 3);
      return { n: Math.floor(room / (30 + 5 * np)), np, neurons: r.whole(1, 3), s: quick, about: 'many features' };
    },
    () => {
      const np = r.whole(1, 3);
      return { n: r.whole(1, 4), np, neurons: Math.floor(room / (12 * np + 12)), s: quick, about: 'many neurons' };
    },
    () => ({ n: r.whole(1, 4), np: r.whole(1, 2), neurons: 1_000_000, s: quick, about: 'a million neurons' }),
    () => {
      const side = Math.floor(room / 80);
      return { n: side, np: 1, neurons: side, s: quick, about: 'a grid' };
    },
    () => ({
      n: r.whole(1, 4),
      np: Math.floor(room / 60),
      neurons: r.whole(1, 2),
      s: r.of([quick, spelling(r, 6)]),
      about: 'wide',
    }),
    () => {
      const side = Math.floor(Math.sqrt(room / 20));
      return { n: side, np: side, neurons: r.whole(1, side), s: quick, about: 'square' };
    },
    () => {
      const side = r.whole(8, 40);
      return {
        n: side,
        np: r.whole(2, side),
        neurons: r.whole(1, 8),
        s: spelling(r, Math.floor(room / (4 * side * side))),
        about: 'square and long',
      };
    },
    () => ({
      n: r.whole(6, 40),
      np: r.whole(2, 12),
      neurons: r.whole(1, 6),
      s: r.of([quick, spelling(r, 8)]),
      about: 'of many subsets',
    }),
    () => ({ n: r.whole(3, 12), np: r.whole(2, 4), neurons: r.whole(1, 12), s: quick, about: 'as users have them' }),
  ];
  return r.of(kinds)();
}

function sets(r: Draw, n: number, neurons: number): number[][] {
  const count = Math.min(neurons, 100_000);
  const all = Array.from({ length: n }, (_, d) => d + 1);
  const how = r.of(['one', 'blocks', 'single', 'random', 'all', 'first']);
  let room = 120_000;
  return Array.from({ length: count }, (_, i) => {
    const set =
      how === 'one'
        ? i === 0
          ? all
          : []
        : how === 'blocks'
          ? all.filter((d) => (d - 1) % count === i)
          : how === 'single'
            ? i < n
              ? [i + 1]
              : []
            : how === 'random'
              ? all.filter(() => r.chance(0.5))
              : how === 'all'
                ? all
                : all.slice(0, i + 1);
    room -= set.length + 1;
    return room < 0 ? [] : set;
  });
}

interface Wishes {
  readonly kinds?: readonly string[];
  readonly pattern?: boolean;
}

/** An instance, and what is hostile about it. */
function instance(
  r: Draw,
  { kinds, pattern = r.chance(0.6) }: Wishes = {},
): { json: { [key: string]: Json }; about: string } {
  const { n, np, nr, neurons, s, about } = shape(r);
  const own = nr === undefined ? np : nr;
  const special = r.of(['', '', '', 'labels', 'hierarchy', 'joint', 'independent', 'anchors', 'parallel', 'repeated']);
  const once = vector(np, s);
  const features = Array.from({ length: n }, (_, d) => ({
    label: special === 'labels' && d === 0 ? 'x'.repeat(400_000) : `${d}`,
    wp: special === 'repeated' || (special === 'parallel' && r.chance(0.5)) ? [...once] : vector(np, s),
    ...(nr !== undefined && { wr: vector(nr, s) }),
    ...(r.chance(0.2) && { weight: s.write().replace('-', '') }),
  }));
  const act = activation(r, s, kinds);
  // 30 characters to a number are too many for a million neurons: then there is no configuration.
  const written = neurons * (np + own) * (s.length + 3) < MOST && r.chance(0.6);
  const json: { [key: string]: Json } = {
    format: 'dictum/instance@1',
    name: about,
    features,
    activation: act,
    neurons: pattern ? Math.min(neurons, 100_000) : neurons,
  };
  const nq = json.neurons as number;
  if (pattern) json.pattern = sets(r, n, neurons);
  if (written) {
    json.we = matrix(nq, np, s);
    json.wd = matrix(own, nq, s);
    if (act.kind === 'gated') {
      json.gate = matrix(nq, np, small(r));
      json.bias = vector(nq, small(r));
    }
  }
  if (special === 'hierarchy') {
    json.hierarchy = Array.from({ length: 5000 }, (_, p) => ({ parent: `p${p}`, children: ['0', `${n - 1}`] }));
  }
  if (special === 'joint') {
    const atoms = Math.max(1, Math.floor(200_000 / (4 * n + 40)));
    json.distribution = {
      joint: Array.from({ length: atoms }, () => ({
        probability: `1/${atoms + 1}`,
        x: Array.from({ length: n }, () => (r.chance(0.3) ? `${r.whole(1, 9)}` : '0')),
      })),
    };
  }
  if (special === 'independent') {
    json.distribution = {
      independent: Array.from({ length: n }, (_, d) => (d < 16 ? [{ probability: '1/3', value: `${d + 1}` }] : [])),
    };
  }
  if (special === 'anchors') json.anchors = Array.from({ length: Math.min(n, nq) }, (_, d) => d + 1);
  return { json, about: special === '' ? about : `${about}, ${special}` };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function sealed(document: { [key: string]: Json }): string {
  return JSON.stringify({ ...document, id: documentId(parseJson(JSON.stringify(document)), sha256) });
}

const committed: readonly string[] = readdirSync(join(root, 'certificates'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.includes('--') && file.endsWith('.json'))
  .sort();

const LANDING = 'test/corpora/valid/landing-shear-at-kink.json';

/** A certificate of the claim on a hostile instance, whose proof is as far as its shape goes the right one. */
function claimed(r: Draw): { text: string; about: string } {
  const claim = r.of([...CLAIMS.values()].filter(({ about }) => about === undefined));
  const reading = r.of(READINGS.filter((name) => claim.readings[name]));
  const hypotheses = claim.readings[reading]?.hypotheses.map(({ name }) => name) ?? [];
  const { json, about } = instance(r);
  const kind = (json.activation as { kind: string }).kind;
  const proof = (): Json => {
    const rows = Array.isArray(json.we) ? { we: json.we, wd: json.wd ?? [] } : { we: [], wd: [] };
    const count = { count: '2' };
    return r.of<Json>([
      'compute',
      'compute',
      ['compute', 'compute', 'compute'],
      { choose: 1, proof: 'compute' },
      { rule: 'realizes', we: rows.we },
      { rule: 'partial-minimum', ...rows },
      { rule: 'fixed-active-sets' },
      { rule: 'zero-loss' },
      { rule: 'capacity' },
      { rule: 'lower-loss', ...rows },
      { rule: 'deletion-restriction', ...count, ...(r.chance(0.5) && { side: vector(3, small(r)) }) },
      { rule: 'configuration', ...rows, proof: 'compute' },
      { rule: 'descent-curve', we: [rows.we, rows.we], wd: [rows.wd, rows.wd] },
      { rule: 'top-eigenvalue', definite: [] },
      { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [] }] },
    ]);
  };
  const failing = hypotheses.length > 0 && r.chance(0.5);
  const shown = Object.fromEntries(
    hypotheses.map((name) => [name, name === 'realizable' ? { rule: 'realizes', we: json.we ?? [] } : 'compute']),
  ) as { [key: string]: Json };
  const document: { [key: string]: Json } = {
    format: 'dictum/certificate@1',
    claim: claim.id,
    reading,
    instance: json,
    verdict: failing ? 'not-applicable' : r.of(['holds', 'refuted']),
    witness: failing ? { fails: r.of(hypotheses), proof: 'compute' } : { hypotheses: shown, conclusion: proof() },
  };
  return { text: sealed(document), about: `${claim.id} ${reading} on ${about}, ${kind}` };
}

const isObject = (json: Json): json is { [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The places of a document: a value with the way to put another in its stead. */
function places(json: Json, put: (value: Json) => void, found: { json: Json; put: (value: Json) => void }[] = []) {
  found.push({ json, put });
  if (Array.isArray(json)) {
    json.forEach((item, k) => {
      places(
        item,
        (value) => {
          json[k] = value;
        },
        found,
      );
    });
  } else if (isObject(json)) {
    for (const [key, item] of Object.entries(json)) {
      places(
        item,
        (value) => {
          json[key] = value;
        },
        found,
      );
    }
  }
  return found;
}

const QUANTITY = /^-?\d+(\/\d+)?$/;

/** A committed certificate or landing, blown up in one or two places, with its id made right again. */
function inflated(r: Draw): { text: string; about: string } {
  const landing = r.chance(0.12);
  const file = landing ? LANDING : join('certificates', r.of(committed));
  const { id: _, ...document } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { [key: string]: Json };
  const how = r.of(['spelled longer', 'scaled', 'repeated', 'other numbers', 'some longer', 'one longer']);
  const all = places(document, () => undefined);
  const quantities = all.filter(({ json }) => typeof json === 'string' && QUANTITY.test(json));
  const length = Math.max(1, Math.floor((MOST - JSON.stringify(document).length) / Math.max(1, quantities.length)));
  const digits = Math.min(r.of([100, 1000, 9_000]), Math.floor(length / 2));
  const factor = r.digits(Math.max(1, digits));
  const times = (text: string): string => {
    const [num = '0', den = '1'] = text.split('/');
    return how === 'scaled'
      ? `${BigInt(num) * BigInt(factor)}/${den}`
      : `${BigInt(num) * BigInt(factor)}/${BigInt(den) * BigInt(factor)}`;
  };
  if (how === 'repeated') {
    const lists = all.filter(({ json }) => Array.isArray(json) && json.length > 0);
    const list = r.of(lists).json as Json[];
    const each = JSON.stringify(list).length / list.length;
    const copies = Math.floor((MOST - JSON.stringify(document).length) / (each + 8));
    const first = [...list];
    for (let k = 0; k < Math.min(copies, 100_000); k++) {
      const item = first[k % first.length] as Json;
      // Labels are used once.
      list.push(isObject(item) && 'label' in item ? { ...item, label: `more ${k}` } : item);
    }
  } else {
    const one = r.whole(0, Math.max(0, quantities.length - 1));
    quantities.forEach(({ json, put }, k) => {
      if (how === 'some longer' && r.chance(0.7)) return;
      if (how === 'one longer' && k !== one) return;
      if (how === 'other numbers') put(`${r.digits(Math.max(1, digits))}/${r.digits(Math.max(1, digits))}`);
      else put(times(json as string));
    });
  }
  return { text: sealed(document), about: `${file.replaceAll('\\', '/')} ${how}` };
}

/** Text that is hostile to the reader of JSON itself. */
function text(r: Draw): { text: string; about: string } {
  const about = r.of([
    'deep',
    'deep objects',
    'empty lists',
    'long number',
    'long string',
    'keys',
    'escapes',
    'cut',
    'duplicates',
  ]);
  const made: Record<string, () => string> = {
    deep: () => '['.repeat(MOST),
    'deep objects': () => '{"a":'.repeat(MOST / 5),
    'empty lists': () => `[${'[],'.repeat(MOST / 3 - 2)}[]]`,
    'long number': () => `{"format":"dictum/certificate@1","x":${'9'.repeat(MOST)}}`,
    'long string': () => `{"format":"dictum/certificate@1","claim":"${'x'.repeat(MOST)}"}`,
    keys: () => `{${Array.from({ length: MOST / 14 }, (_, k) => `"k${k}":${k}`).join(',')}}`,
    escapes: () => `{"format":"${'\\u0061'.repeat(MOST / 6 - 10)}"}`,
    cut: () => claimed(r).text.slice(0, r.whole(1, MOST)),
    duplicates: () => `{${'"a":1,'.repeat(MOST / 6 - 2)}"a":1}`,
  };
  return { text: (made[about] ?? made.deep)?.() ?? '', about: `text: ${about}` };
}

function checking(r: Draw): { text: string; about: string } {
  const kind = r.next();
  return kind < 0.5 ? claimed(r) : kind < 0.95 ? inflated(r) : text(r);
}

function vectors(r: Draw): { text: string; about: string; first: string } {
  const { n, np, s, about } = shape(r);
  const number = (x: string): string => (s.name === 'up to 3' || /^-?(0|[1-9]\d*)(\.\d+)?$/.test(x) ? x : `"${x}"`);
  const rows = Array.from({ length: n }, () => `[${vector(np, s).map(number).join(',')}]`);
  const names = rows.map((_, d) => (d === 0 && r.chance(0.1) ? 'y'.repeat(300_000) : `w${d}`));
  const table = r.chance(0.5);
  const json = table
    ? `{"labels":[${names.map((name) => `"${name}"`).join(',')}],"vectors":[${rows.join(',')}]}`
    : `{${names.map((name, d) => `"${name}":${rows[d]}`).join(',')}}`;
  return { text: json, about, first: names.length > 1 ? 'w1' : '' };
}

/** A checkpoint of SAELens with its configuration, and an instance for its data. */
function checkpoint(r: Draw): { files: Map<string, string | Uint8Array>; about: string } {
  const din = r.of([1, 2, 3, 6, 64, 1000]);
  const most = Math.floor(200_000 / (8 * din));
  const dsae = r.of([1, 2, 8, 64, most]);
  const how = r.of(['ordinary', 'ordinary', 'tiny', 'huge', 'mixed', 'zeros', 'not finite', 'header']);
  const value = (): number => {
    const x = 2 * r.next() - 1;
    if (how === 'tiny') return x * 1e-44;
    if (how === 'huge') return x * 3e38;
    if (how === 'mixed') return x * 10 ** r.whole(-44, 38);
    if (how === 'zeros') return 0;
    return how === 'not finite' && r.chance(0.01) ? Number.NaN : x;
  };
  const tensors = { W_enc: [din, dsae], b_enc: [dsae], W_dec: [dsae, din], b_dec: [din] };
  const header: { [key: string]: Json } = {};
  const parts: Float32Array[] = [];
  let at = 0;
  for (const [name, shape_] of Object.entries(tensors)) {
    const count = shape_.reduce((a, b) => a * b, 1);
    const bias = name.startsWith('b_') && r.chance(0.5);
    parts.push(Float32Array.from({ length: count }, () => (bias ? 0 : value())));
    const shapeWritten = how === 'header' ? shape_.map((x) => x * r.of([1, 2 ** 20, 2 ** 40])) : shape_;
    header[name] = { dtype: 'F32', shape: shapeWritten, data_offsets: [at, at + 4 * count] };
    at += 4 * count;
  }
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const weights = Buffer.concat([length, head, ...parts.map((p) => Buffer.from(p.buffer))]);
  const k = { k: r.of([1, 2, dsae]) };
  const architecture = r.of(['standard', 'topk']);
  const cfg = {
    d_in: din,
    d_sae: dsae,
    dtype: 'float32',
    device: 'cpu',
    apply_b_dec_to_input: r.chance(0.5),
    normalize_activations: 'none',
    reshape_activations: 'none',
    architecture,
    ...(architecture === 'topk' && k),
  };
  const n = Math.max(1, Math.min(r.of([1, 3, 20, 300, 5000]), Math.floor(400_000 / (8 * din + 20))));
  const s = r.of([small(r, 9), spelling(r, Math.max(1, Math.floor(300_000 / (n * din))))]);
  const features = Array.from({ length: n }, (_, d) => ({ label: `${d}`, wp: vector(din, s) }));
  const json = { format: 'dictum/instance@1', name: how, features, activation: { kind: 'relu' }, neurons: 1 };
  const files = new Map<string, string | Uint8Array>([
    ['sae_weights.safetensors', weights],
    ['cfg.json', JSON.stringify(cfg)],
    ['features.json', JSON.stringify(json)],
  ]);
  return { files, about: `${how}, ${din} x ${dsae}, ${n} features, ${s.name}` };
}

/** Input number k. */
export function hostile(number: number): HostileInput {
  const r = new Draw(number);
  const command = COMMANDS[number % COMMANDS.length] as Command;
  const at = (name: string, about: string, content: string, args: readonly string[] = []): HostileInput => ({
    number,
    about,
    command,
    args: [name, ...args],
    files: new Map([[name, content]]),
  });
  const option = (chance: number, ...args: string[]): string[] => (r.chance(chance) ? args : []);
  switch (command) {
    case 'check': {
      const made = checking(r);
      return at('certificate.json', made.about, made.text);
    }
    case 'realize': {
      const { json, about } = instance(r, { pattern: true });
      return at('instance.json', about, JSON.stringify(json), option(0.3, '--json'));
    }
    case 'certify': {
      const claim = r.of([...CLAIMS.values()].filter((c) => c.about === undefined));
      const reading = r.of(READINGS.filter((name) => claim.readings[name]));
      const names = claim.readings[reading]?.hypotheses.map(({ name }) => name) ?? [];
      const dropped = names.length > 0 && r.chance(0.3) ? ['--drop', r.of(names)] : [];
      const { json, about } = instance(r);
      const start = at(
        'instance.json',
        `${claim.id} ${reading} ${dropped.join(' ')} on ${about}`,
        JSON.stringify(json),
      );
      return { ...start, args: [claim.id, 'instance.json', '--reading', reading, ...dropped, '--out', 'out.json'] };
    }
    case 'landscape': {
      const { json, about } = instance(r, { kinds: ['relu', 'relu', 'jumprelu', 'topk'], pattern: true });
      const args = r.chance(0.6) ? ['--given'] : option(0.3, '--sample', '20');
      return at('instance.json', about, JSON.stringify(json), args);
    }
    case 'patterns': {
      const { json, about } = instance(r, { kinds: ['relu', 'relu', 'identity', 'jumprelu', 'gated'], pattern: false });
      const args = [
        ...option(0.3, '--strict'),
        ...r.of([
          [],
          ['--certify', 'out.json'],
          ['--list'],
          ['--max-size', '2'],
          ['--partitions'],
          ['--neighbours', '1;2'],
        ]),
      ];
      return at('instance.json', `${about} ${args.join(' ')}`, JSON.stringify(json), args);
    }
    case 'import': {
      const { text: json, about, first } = vectors(r);
      const select = first === '' ? [] : option(0.4, '--select', first);
      const args = [
        ...select,
        ...option(0.4, '--unit', ...option(0.5, '--angle', r.of(['1e-9', '1e-300', '1e-1000', '1/10']))),
        ...option(0.2, '--neurons', '1000000'),
        '--out',
        'out.json',
      ];
      return at('vectors.json', `${about} ${args.slice(0, -2).join(' ')}`, json, args);
    }
    case 'metrics': {
      const { files, about } = checkpoint(r);
      const args = r.of([
        [],
        ['--components'],
        ['--augment', '--components'],
        ['--augment', '--instance', 'out.json'],
        ['--instance', 'out.json', '--zero-loss'],
        ['--augment', '--instance', 'out.json', '--zero-loss'],
      ]);
      return {
        number,
        about: `${about} ${args.join(' ')}`,
        command,
        args: ['sae_weights.safetensors', '--features', 'features.json', ...args],
        files,
      };
    }
  }
}
