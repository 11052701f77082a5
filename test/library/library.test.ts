import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  certify,
  check,
  claims,
  InputError,
  type InstanceDocument,
  land,
  landscape,
  patterns,
  realize,
} from '../../src/index.ts';
import { DEFAULT_WORK } from '../../src/library/instance.ts';
import { MOST_SEARCH } from '../../src/terminal/limits.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { dictum } from '../commands/run.ts';
import { text, three } from './support.ts';

/** The instance as a file for the command. */
function fileOf(instance: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'dictum-library-')), 'instance.json');
  writeFileSync(
    file,
    JSON.stringify(instance, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
  return file;
}

const printed = (args: readonly string[]): Record<string, unknown> => {
  const { format: _, ...document } = JSON.parse(dictum([...args, '--json']).out) as Record<string, unknown>;
  return document;
};

const { pattern: _, ...open } = three;
const pair = { ...open, neurons: 2 };
const gated = { ...open, activation: { kind: 'gated' } } as const;
const topk = { ...pair, activation: { kind: 'topk', k: 1 } } as const;

describe('realize', () => {
  test.each([
    [three, [[2, 3]], '2,3'],
    [three, [[3]], '3'],
    [gated, [[3]], '3'],
    [gated, [[1, 2]], '1,2'],
    [topk, [[1], [2, 3]], '1;2,3'],
    [topk, [[1, 2], [2]], '1,2;2'],
    [topk, [[1], [3]], '1;3'],
  ] as const)('answers as the command: %#', (instance, pattern, words) => {
    const { verdict, sentence, ...answer } = realize(instance, { pattern }) as Record<string, unknown>;
    expect(answer).toEqual(printed(['realize', fileOf(instance), '--pattern', words]));
    expect(verdict).toBe(answer.realizable ? 'realizable' : 'not-realizable');
    expect(sentence).toContain(answer.realizable ? (instance === gated ? 'some gates' : 'is realizable') : '');
  });

  test('labels name features, in any order, and the text of a file is as good as the object', () => {
    const byLabel = realize(JSON.stringify({ ...three, features: JSON.parse(plain(three.features)) as object }), {
      pattern: [['between', 'east']],
    });
    expect(byLabel).toEqual(realize(three));
    expect(realize(three, { pattern: [['between']] }).sentence).toBe(
      '{between} is not realizable: w(between) = 3/5 w(north) + 4/5 w(east)',
    );
  });

  test('decimals in a text are exact, floats in an object are refused', () => {
    const decimals = text('test/corpora/valid/instance-decimals.json');
    expect(realize(decimals, { pattern: [[1]] }).verdict).toMatch(/realizable/);
    const feature = { label: 'a', wp: [0.1 + 0.2] };
    expect(() => realize({ ...three, features: [feature] })).toThrow(/\$\.features\[0\]\.wp\[0\].*\(float\)/);
  });

  test('more work than allowed is undecided', () => {
    expect(realize(three, { work: 1 })).toMatchObject({
      verdict: 'undecided',
      why: /more than the limit, at most 1 units of work/,
    });
  });
});

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, x: unknown) => (typeof x === 'bigint' ? `${x}` : x));

describe('certify', () => {
  test('gives the certificate of the command, byte for byte', () => {
    const result = certify('T8', three, { reading: 'paper' });
    const file = fileOf(three);
    expect(result).toMatchObject({ claim: 'T8', reading: 'paper', verdict: 'refuted' });
    if (result.verdict === 'undecided') throw new Error(result.why);
    expect(result.certificate).toBe(dictum(['certify', 'T8', file, '--reading', 'paper']).out);
    expect(check(result.certificate)).toMatchObject({ accepted: true, sentence: result.sentence, id: result.id });
  });

  test('without a reading it takes that of the paper, or the only one', () => {
    expect(certify('T8', three).reading).toBe('paper');
    expect(certify('R', three)).toMatchObject({ verdict: 'holds', reading: 'paper' });
  });

  test('a report and an instance at scale are what B1 and T4-scale are about', () => {
    const { instance } = JSON.parse(text('certificates/B1-mean/ours--batchtopk.json')) as {
      instance: object;
    };
    expect(certify('B1-mean', instance).verdict).not.toBe('undecided');
    expect(() => certify('T8', instance)).toThrow(InputError);
  });

  test('a dropped hypothesis', () => {
    const [hypothesis = ''] =
      claims()
        .find(({ id }) => id === 'T8')
        ?.readings.at(-1)?.hypotheses ?? [];
    const result = certify('T8', three, { reading: 'repaired', drop: hypothesis });
    expect(result.sentence).toContain(`without ${hypothesis}`);
  });

  test('what the claim needs and the instance lacks is an error with its path', () => {
    expect(thrown(() => certify('T2', open))).toMatchObject({ name: 'InputError', path: '$.we' });
    expect(thrown(() => certify('T8', open))).toMatchObject({ name: 'InputError', path: '$.pattern' });
  });

  test('every claim is listed', () => {
    expect(claims().map(({ id }) => id)).toEqual([...CLAIMS.keys()]);
    for (const { readings } of claims()) expect(readings.length).toBeGreaterThan(0);
  });
});

describe('patterns', () => {
  test.each([
    [three, {}, []],
    [three, { strict: true }, ['--strict']],
    [three, { maxSize: 2, containing: ['between'] }, ['--max-size', '2', '--containing', 'between']],
    [gated, {}, []],
    [text('regress/instances/random-6x5-3.json'), {}, []],
  ] as const)('counts and lists as the command: %#', (instance, options, flags) => {
    const result = patterns(instance, options);
    const file = fileOf(typeof instance === 'string' ? (JSON.parse(instance) as object) : instance);
    const { sets, ...document } = printed(['patterns', file, '--list', ...flags]);
    const { complete, found, sets: listed, sentence, ...counts } = result;
    expect(complete).toBe(true);
    expect(listed).toEqual(sets);
    expect(document).toEqual('strict' in options ? counts : { ...counts, realizable: found });
    expect(sentence).toContain(`${found} `);
  });

  test('a limit, or the work, ends it with what was found', () => {
    const many = text('regress/instances/superposition-4x2-4.json');
    expect(patterns(many, { work: 20_000 })).toMatchObject({ complete: false, why: /units of work/ });
    const directions = Array.from({ length: 12 }, (_, d) => ({
      label: `${d}`,
      wp: [1, d, d ** 2, d ** 3, d ** 4, d ** 5],
    }));
    const wide: InstanceDocument = { ...open, features: directions };
    const some = patterns(wide, { limit: 100 });
    const all = patterns(wide);
    expect(some).toMatchObject({ complete: false, why: 'more than the limit of 100 sets' });
    expect(all.complete).toBe(true);
    expect(all.sets.slice(0, some.found)).toEqual(some.sets);
    expect(some.found).toBeGreaterThanOrEqual(100);
    expect(some.found).toBeLessThan(all.found);
  });

  test('Top-k is refused: its neurons take part in each other', () => {
    expect(() => patterns(topk)).toThrow(/\$\.activation\.kind: expected relu.*topk/);
  });
});

describe('landscape', () => {
  test('answers as the command, and its certificates are accepted', () => {
    const result = landscape(pair, { certificates: true });
    const { sentence, patterns: entries, ...rest } = result;
    const bare = entries.map(({ certificate: _, ...entry }) => entry);
    expect({ patterns: bare, ...rest }).toEqual(printed(['landscape', fileOf(pair)]));
    expect(sentence).toContain(`${result.traps} trap`);
    expect(entries.some(({ verdict }) => verdict === 'critical')).toBe(true);
    for (const { certificate, verdict } of entries) {
      if (verdict !== 'undecided') expect(check(certificate ?? '').accepted).toBe(true);
    }
  });

  test('of patterns given, and of a sample', () => {
    const given = landscape(pair, { patterns: [[[1, 2], ['between']]] });
    expect({ ...given, sentence: undefined }).toEqual({
      ...printed(['landscape', fileOf(pair), '--pattern', '1,2;3']),
      sentence: undefined,
    });
    const drawn = landscape(pair, { sample: 2, seed: 7 });
    expect({ ...drawn, sentence: undefined }).toEqual({
      ...printed(['landscape', fileOf(pair), '--sample', '2', '--seed', '7']),
      sentence: undefined,
    });
  });
});

test('land answers as the command, and its certificates are accepted', async () => {
  const options = { runs: 12, steps: 500, seed: 3, threads: 1 };
  const { sentence, ...result } = await land(pair, options);
  expect(result).toEqual(
    printed(['land', fileOf(pair), '--runs', '12', '--steps', '500', '--seed', '3', '--threads', '1']),
  );
  expect(sentence).toContain('of 12 runs');
  const { ends } = await land(pair, { ...options, certificates: true });
  expect(ends.length).toBeGreaterThan(0);
  for (const { certificate } of ends) expect(check(certificate ?? '').accepted).toBe(true);
  await expect(land(gated)).rejects.toThrow(InputError);
});

const thrown = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('input that cannot be used', () => {
  test.each([
    ['no JSON', () => realize('{'), 'not-json', '$'],
    ['no instance', () => realize({} as never), 'missing-key', '$.format'],
    ['no features', () => realize({ ...three, features: [] }), 'wrong-size', '$.features'],
    ['an unknown key', () => realize({ ...three, extra: 1 } as never), 'unknown-key', '$.extra'],
    [
      'a ragged vector',
      () => realize({ ...three, features: [...three.features, { label: 'x', wp: [1] }] }),
      'wrong-size',
      '$.features[3].wp',
    ],
    ['no pattern', () => realize(open), 'no-pattern', '$.pattern'],
    ['an unknown label', () => realize(three, { pattern: [['south']] }), 'unknown-feature', 'pattern[0][0]'],
    ['a number out of range', () => realize(three, { pattern: [[1], [4]] }), 'unknown-feature', 'pattern[1][0]'],
    ['a feature twice', () => realize(three, { pattern: [[1, 'north']] }), 'bad-pattern', 'pattern[0]'],
    ['no neurons', () => realize(three, { pattern: [] }), 'wrong-size', 'pattern'],
    ['no array', () => realize(three, { pattern: '1,2' as never }), 'wrong-type', 'pattern'],
    ['no such claim', () => certify('T9', three), 'unknown-word', 'claim'],
    ['no such reading', () => certify('R', three, { reading: 'repaired' }), 'unknown-word', 'reading'],
    ['no such hypothesis', () => certify('T8', three, { drop: 'luck' }), 'unknown-word', 'drop'],
    ['work below 1', () => patterns(three, { work: 0 }), 'out-of-range', 'work'],
    ['half a size', () => patterns(three, { maxSize: 1.5 }), 'out-of-range', 'maxSize'],
    ['another activation', () => landscape(gated), 'wrong-activation', '$.activation.kind'],
    ['patterns of two lengths', () => landscape(pair, { patterns: [[[1], [2]], [[1]]] }), 'wrong-size', 'patterns[1]'],
    ['a million neurons', () => landscape({ ...pair, neurons: 1_000_000 }), 'out-of-range', '$.neurons'],
  ] as const)('%s', (_, run, code, path) => {
    const error = thrown(run);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ name: 'InputError', code, path });
  });
});

test('the limit on work is that of the command', () => {
  expect(DEFAULT_WORK).toBe(MOST_SEARCH);
});
