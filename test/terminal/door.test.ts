import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import { readInstance } from '../../src/kernel/model/instance.ts';
import type { Subject } from '../../src/kernel/model/subject.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { compareWithSchema, enter } from '../../src/terminal/door.ts';
import { Failure } from '../../src/terminal/problem.ts';
import { corpora } from '../commands/run.ts';

/**
 * What only the kernel sees: relations between parts of a file, which a schema cannot say, and (wrong-type) a number such as
 * 1e400 where a word is expected, which ajv is shown as text because it fits no float.
 */
const ACROSS = ['duplicate-label', 'wrong-size', 'unknown-feature', 'not-increasing', 'out-of-range', 'wrong-type'];

function attempt<T>(read: () => T): T | Rejection {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown;
    throw thrown;
  }
}

const FORMATS: readonly Subject['format'][] = [
  'dictum/instance@1',
  'dictum/report@1',
  'dictum/comparison@1',
  'dictum/scale@1',
  'dictum/latents@1',
];

/** The schema refuses nothing that the kernel reads; what it lets pass and the kernel refuses is in ACROSS. */
function agree(json: Json): 'accepted' | 'refused by both' | 'refused by the kernel' {
  const about = FORMATS.find((format) => json instanceof Map && json.get('format') === format);
  const schema = compareWithSchema(json, 'f', about);
  const kernel = attempt(() => readSubject(new Node(json), about ?? 'dictum/instance@1'));
  if (!(kernel instanceof Rejection)) {
    expect(schema).toBeUndefined();
    return 'accepted';
  }
  if (schema) return 'refused by both';
  expect(ACROSS).toContain(kernel.code);
  return 'refused by the kernel';
}

const files = (kind: string, start = ''): string[] =>
  readdirSync(join(corpora, kind))
    .filter((name) => name.startsWith(start))
    .map((name) => join(corpora, kind, name));

describe('ajv and the kernel agree', () => {
  test.each(files('valid', 'instance'))('%s', (file) => {
    expect(agree(parseJson(readFileSync(file, 'utf8')))).toBe('accepted');
  });

  test('on the canonical instances', () => {
    const theorems = new URL('../../theorems/', import.meta.url).pathname;
    const instances = readdirSync(theorems, { recursive: true })
      .map(String)
      .filter((n) => /instances\/.*\.json$/.test(n));
    expect(instances.length).toBeGreaterThan(5);
    for (const name of instances) {
      expect(agree(parseJson(readFileSync(join(theorems, name), 'utf8'))), name).toBe('accepted');
    }
  });

  test('on everything malformed that is JSON: with the same code, but for what only one of them sees', () => {
    let both = 0;
    for (const file of files('malformed')) {
      const json = attempt(() => parseJson(readFileSync(file, 'utf8')));
      if (json instanceof Rejection) continue;
      const outcome = agree(json);
      expect(outcome, file).not.toBe('accepted');
      if (outcome !== 'refused by both') continue;
      both++;
      const kernel = attempt(() => readInstance(new Node(json))) as Rejection;
      expect(compareWithSchema(json, 'f')?.code, file).toBe(kernel.code);
    }
    expect(both).toBeGreaterThan(20);
  });

  test('on quantities at the limits', () => {
    const sign = fc.constantFrom('', '-', '+');
    const digits = fc.stringMatching(/^[0-9]{0,4}$/);
    const quantity = fc.oneof(
      fc.tuple(sign, digits, fc.constantFrom('/', '/-'), digits).map((parts) => parts.join('')),
      fc
        .tuple(
          sign,
          digits,
          fc.constantFrom('', '.', '.5', '.05'),
          fc.constantFrom('', 'e', 'E'),
          sign,
          fc.stringMatching(/^0{0,6}[0-9]{0,4}$/),
        )
        .map((parts) => parts.join('')),
      fc.constantFrom(
        '1e1000',
        '1e1001',
        '1e001000',
        '1e0001000',
        '1e-01000',
        '1e-001000',
        ' 1',
        '1 ',
        'Infinity',
        '',
        '1\n',
      ),
    );
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        const feature = { label: 'a', wp: [a, '1'], weight: b };
        agree(parseJson(JSON.stringify({ ...small, features: [feature] })));
        agree(parseJson(JSON.stringify({ ...small, features: [{ label: 'a', wp: [a, b] }] })));
      }),
      { numRuns: 150 },
    );
  });

  test('on valid instances with one value changed, one key removed, or one added', () => {
    const texts = files('valid', 'instance').map((file) => readFileSync(file, 'utf8'));
    const values = fc.constantFrom(
      'null',
      'true',
      '[]',
      '{}',
      '""',
      '"0"',
      '0',
      '-1',
      '1.5',
      '1e400',
      '[[]]',
      '"relu"',
      '7',
      '[1]',
      '"a"',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        values,
        fc.constantFrom('set', 'drop', 'add'),
        (text, at, value, how) => {
          const json = parseJson(text);
          const spots = places(json);
          const spot = spots[at % spots.length]!;
          change(spot, parseJson(value), how);
          agree(json);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const small = { format: 'dictum/instance@1', name: 'x', activation: { kind: 'relu' }, neurons: 1 };

type Spot = readonly [Map<string, Json> | Json[], string | number];

/** Every member and item of a document. */
function places(json: Json): Spot[] {
  if (json instanceof Map)
    return [...json].flatMap(([key, v]): Spot[] => [[json as Map<string, Json>, key], ...places(v)]);
  return Array.isArray(json) ? json.flatMap((v: Json, i): Spot[] => [[json as Json[], i], ...places(v)]) : [];
}

function change([parent, key]: Spot, value: Json, how: string): void {
  if (parent instanceof Map) {
    if (how === 'drop') parent.delete(`${key}`);
    else parent.set(how === 'add' ? 'extra' : `${key}`, value);
  } else if (how === 'drop') parent.splice(Number(key), 1);
  else if (how === 'add') parent.push(value);
  else parent[Number(key)] = value;
}

test('quantities do not go through floats', () => {
  const text = readFileSync(join(corpora, 'valid', 'instance-huge-decimal.json'), 'utf8');
  const { instance } = enter(text, 'f');
  expect(instance.features[0]?.wp.at(0).den).toBe(10n ** 1000n);
  expect(instance.features[0]?.wp.at(1).num).toBe(10n ** 1000n);
});

test('a rejection of the kernel names the file', () => {
  expect(() => enter('{', 'there.json')).toThrow(Failure);
  expect(() => enter('{', 'there.json')).toThrow(/^there\.json: \$: expected .* \(not-json\)/);
});
