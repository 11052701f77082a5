import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../src/commands/lines/linesOf.ts';
import { certify, check, claims, landscape, patterns, realize } from '../../src/index.ts';
import { MAX_LENGTH } from '../../src/kernel/document/json.ts';
import { land } from '../../src/library/land.ts';
import { certificates, dictumProcess, main } from './run.ts';

const three = {
  format: 'dictum/instance@1',
  name: 'three',
  features: [
    { label: 'north', wp: ['0', '1'] },
    { label: 'east', wp: ['1', '0'] },
    { label: 'between', wp: ['4/5', '3/5'] },
  ],
  activation: { kind: 'relu' },
  neurons: 2,
} as const;

type Answer = {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: Record<string, string>;
  readonly progress?: { readonly done: number; readonly of?: number };
};

function answers(...requests: readonly (object | string | Buffer)[]): Answer[] {
  const lines = requests.map((r) => Buffer.from(Buffer.isBuffer(r) || typeof r === 'string' ? r : JSON.stringify(r)));
  const input = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const { code, out, err } = dictumProcess(['lines'], { input: input as unknown as string });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

const committed = readFileSync(join(certificates, 'T8/paper--four-directions.json'), 'utf8');
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('each call answers as the function of the library, in the order of the requests', () => {
  const instance = JSON.stringify(three);
  const got = answers(
    { id: 1, call: 'realize', arguments: { instance: three, pattern: [['between'], [1]] } },
    { id: 2, call: 'realize', arguments: { instance, pattern: [[3]], bias: 'free', work: 1_000_000 } },
    { id: 'three', call: 'patterns', arguments: { instance, strict: true, containing: ['east'] } },
    { id: 4, call: 'certify', arguments: { claim: 'R', instance, pattern: [[3]] } },
    { id: 5, call: 'check', arguments: { certificate: committed } },
    { id: 6, call: 'check', arguments: { certificate: JSON.parse(committed) as object } },
    { id: 7, call: 'landscape', arguments: { instance, patterns: [[[1, 2], [3]]], certificates: true } },
    { id: 8, call: 'claims' },
  );
  expect(got.map(({ id }) => id)).toEqual([1, 2, 'three', 4, 5, 6, 7, 8]);
  const library = [
    realize(three, { pattern: [['between'], [1]] }),
    realize(three, { pattern: [[3]], bias: 'free', work: 1_000_000 }),
    patterns(three, { strict: true, containing: ['east'] }),
    certify('R', three, { pattern: [[3]] }),
    check(committed),
    check(committed),
    landscape(three, { patterns: [[[1, 2], [3]]], certificates: true }),
    claims(),
  ];
  expect(got.map(({ result }) => result)).toEqual(library.map(plain));
});

test('numbers are read exactly: 0.1 is a tenth', () => {
  const tenth = JSON.stringify({
    ...three,
    features: [
      { label: 'a', wp: [0, 1] },
      { label: 'b', wp: [1, 0] },
      { label: 'c', wp: ['TENTH', 1] },
    ],
  }).replace('"TENTH"', '0.1');
  const [found] = answers(`{"id":1,"call":"realize","arguments":{"instance":${tenth},"pattern":[[3]]}}`);
  expect(found?.result).toMatchObject({ sentence: '{c} is not realizable: w(c) = w(a) + 1/10 w(b)' });
});

test('models with biases are trained as by the library', async () => {
  const options = { runs: 20, seed: 2, threads: 1, bias: 'free' } as const;
  const [got] = answers({ id: 1, call: 'land', arguments: { instance: three, ...options } });
  expect(got?.result).toEqual(plain(await land(three, options)));
  expect(got?.result).toMatchObject({ with: ['encoder-bias'] });
});

test('runs end where the library has them, with a page and progress where asked for', () => {
  const runs = { instance: three, runs: 300, certificates: true };
  const got = answers(
    { id: 1, call: 'land', arguments: runs },
    { id: 2, call: 'land', arguments: runs, progress: true },
    { id: 3, call: 'explain', arguments: { certificate: committed } },
  );
  const told = got.filter(({ progress }) => progress);
  expect(told.length).toBeGreaterThan(0);
  for (const { id, progress } of told) {
    expect(id).toBe(2);
    expect(progress?.done).toBeLessThanOrEqual(300);
  }
  const [first, second, page] = got.filter(({ progress }) => !progress);
  expect(first?.result).toEqual(second?.result);
  expect(page?.result).toMatchObject({ html: expect.stringContaining('<svg') as unknown });
  const { ends } = (first as Answer).result as { ends: { certificate: string }[] };
  for (const { certificate } of ends) expect(check(certificate).accepted).toBe(true);
});

const request = (given: object, call = 'realize'): object => ({ id: 1, call, arguments: given });
const refused: readonly (readonly [string, object | string | Buffer, string, string, unknown])[] = [
  ['no JSON', '{"id": 1', 'not-json', '$', null],
  ['no object', '[1]', 'wrong-type', '$', null],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-utf-8', '$', null],
  ['a key twice', '{"id": 1, "call": "claims", "call": "check"}', 'duplicate-key', '$.call', null],
  ['no call', { id: 1 }, 'missing-key', '$.call', 1],
  ['an unknown call', { id: 'x', call: 'relize' }, 'unknown-word', '$.call', 'x'],
  ['a key that nobody reads', { id: 1, call: 'claims', args: {} }, 'unknown-key', '$.args', 1],
  ['an id that is none', { id: [1], call: 'claims' }, 'wrong-type', '$.id', null],
  ['arguments in a list', { id: 1, call: 'check', arguments: [committed] }, 'wrong-type', '$.arguments', 1],
  ['no instance', request({ pattern: [[1]] }), 'missing-key', '$.arguments.instance', 1],
  ['an unknown argument', request({ instance: three, patern: [[1]] }), 'unknown-key', '$.arguments.patern', 1],
  [
    'a bias that is none',
    request({ instance: three, pattern: [[1]], bias: 'fre' }),
    'unknown-word',
    '$.arguments.bias',
    1,
  ],
  [
    'a flag that is none',
    request({ instance: three, strict: 'no' }, 'patterns'),
    'wrong-type',
    '$.arguments.strict',
    1,
  ],
  ['a progress that is none', { id: 1, call: 'claims', progress: 1 }, 'wrong-type', '$.progress', 1],
  [
    'patterns that are none',
    request({ instance: three, patterns: 3 }, 'landscape'),
    'wrong-type',
    '$.arguments.patterns',
    1,
  ],
  ['an instance that is none', request({ instance: 3, pattern: [[1]] }), 'wrong-type', '$', 1],
  ['half an instance', request({ instance: { format: three.format } }), 'missing-key', '$.name', 1],
  ['no pattern', request({ instance: three }), 'no-pattern', '$.pattern', 1],
  ['an unknown label', request({ instance: three, pattern: [['south']] }), 'unknown-feature', 'pattern[0][0]', 1],
  ['an unknown claim', request({ claim: 'T0', instance: three }, 'certify'), 'unknown-word', 'claim', 1],
  [
    'an unknown reading',
    request({ claim: 'T8', instance: three, reading: 'mine' }, 'certify'),
    'unknown-word',
    'reading',
    1,
  ],
  ['runs below one', request({ instance: three, runs: 0 }, 'land'), 'out-of-range', 'runs', 1],
  ['half a run', request({ instance: three, runs: 1.5 }, 'land'), 'out-of-range', 'runs', 1],
  ['no optimizer', request({ instance: three, optimizer: 'lion' }, 'land'), 'bad-arguments', 'optimizer', 1],
  ['a page of no proof', request({ certificate: '{}' }, 'explain'), 'missing-key', '$.format', 1],
];

test('a bad request is answered with an error, and the next one is read', () => {
  const good = { id: 0, call: 'realize', arguments: { instance: three, pattern: [[1]] } };
  const got = answers(...refused.flatMap(([, bad]) => [bad, good]));
  expect(got.length).toBe(2 * refused.length);
  refused.forEach(([name, , code, path, id], k) => {
    expect({ name, ...got[2 * k] }).toMatchObject({ name, id, error: { code, path } });
    for (const key of ['kind', 'expected', 'found', 'next']) expect(got[2 * k]?.error, name).toHaveProperty(key);
    expect(got[2 * k + 1]?.result).toMatchObject({ verdict: 'realizable' });
  });
});

test('a wrong certificate is an answer of check, and a question that stays open one of realize', () => {
  const [checked, open] = answers(
    { id: 1, call: 'check', arguments: { certificate: committed.replace('"refuted"', '"holds"') } },
    { id: 2, call: 'realize', arguments: { instance: three, pattern: [[3]], work: 1 } },
  );
  expect(checked?.result).toMatchObject({ accepted: false, kind: 'invalid' });
  expect(open?.result).toMatchObject({ verdict: 'undecided', why: expect.stringContaining('limit') as unknown });
});

test('an answer comes before the next request is sent; the last line needs no end', async () => {
  const child = spawn(process.execPath, [main, 'lines'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const got: Answer[] = [];
  child.stdin.write('{"id":0,"call":"claims"}\n');
  for await (const line of createInterface({ input: child.stdout })) {
    got.push(JSON.parse(line) as Answer);
    if (got.length < 3) child.stdin.write(`{"id":${got.length},"call":"claims"}\n`);
    else child.stdin.end('{"id":3,"call":"claims"}');
  }
  expect(got.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
});

async function read(chunks: readonly Buffer[]): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of linesOf(
    (async function* () {
      yield* chunks;
    })(),
  ))
    lines.push(typeof line === 'string' ? line : line.code);
  return lines;
}

test('lines are the same however the bytes come', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((s) => s.replaceAll('\n', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 6 }), fc.array(fc.nat(40), { maxLength: 8 }), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const at = [0, ...cuts.map((c) => Math.min(c, bytes.length)).sort((a, b) => a - b), bytes.length];
      expect(await read(at.slice(1).map((end, k) => bytes.subarray(at[k], end)))).toEqual(lines);
    }),
  );
});

test('a line that is too long is one error, and nothing of it is kept', async () => {
  const long = Buffer.alloc(MAX_LENGTH / 2 + 1, 'x');
  expect(await read([long, long, long, Buffer.from('x\nnext\n')])).toEqual(['too-large', 'next']);
});
