/** Claims on `dictum/instance@2`: which readings are about one, by the code, the document and the second checker; and what is refused. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { both, type Case, noSecond, sayTheSame } from '../verify/bothCheckers.ts';
import { canonical, codeOf, decided } from './decided.ts';
import type { Value } from './mutate.ts';

const ROOT = join(import.meta.dirname, '../..');
type Document = { [key: string]: Value };

const lifting = [...CLAIMS.values()].flatMap(({ id, readings }) =>
  Object.entries(readings).flatMap(([name, reading]) => (reading.lifts ? [`${id} ${name}`] : [])),
);

const read = (document: object): Instance =>
  readInstance(
    new Node(
      parseJson(
        JSON.stringify({
          format: 'dictum/instance@2',
          name: 'm',
          features: [
            { label: '1', wp: ['1', '0'] },
            { label: '2', wp: ['0', '1'] },
          ],
          activation: { kind: 'relu' },
          neurons: 2,
          ...document,
        }),
      ),
    ),
  );

describe('which readings are about it', () => {
  test('as the table of claims.md says', () => {
    const [, section = ''] = readFileSync(join(ROOT, 'docs/claims.md'), 'utf8').split('## Biases, thresholds, inputs');
    const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
    const rows = lines.slice(1).map((line) => line.split(' | '));
    const named = rows.flatMap(([claims = '', on = '']) =>
      claims
        .replace('| ', '')
        .split(', ')
        .map((id) => [id, on.trim()] as const),
    );
    expect(named.map(([id]) => id).sort()).toEqual([...CLAIMS.keys()].sort());
    const said = named.flatMap(([id, on]) => {
      const all = Object.keys(CLAIMS.get(id)!.readings);
      const these = /^every reading/.test(on) ? all : all.filter((name) => on === name);
      return these.map((name) => `${id} ${name}`);
    });
    expect(said.sort()).toEqual([...lifting].sort());
  });

  test.skipIf(noSecond)('as the second checker has it', () => {
    const code =
      'import dictum_check as d; print("\\n".join(f"{c} {r}" for c, rs in d.CLAIMS.items() for r in rs if r in d.LIFTED.get(c, ())))';
    const options = {
      cwd: join(ROOT, 'verify'),
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    } as const;
    const { stdout } = spawnSync('python3', ['-c', code], options);
    expect(stdout.trim().split('\n').sort()).toEqual([...lifting].sort());
  });

  test('and no other is decided: it is not applicable, and for that reason', () => {
    const m = read({ encoderBias: 'free', decoderBias: ['1', '0'], pattern: [[1, 2], []] });
    let seen = 0;
    for (const { id, about, readings } of CLAIMS.values()) {
      if (about && about.name !== 'dictum/instance@1') continue;
      for (const name of Object.keys(readings) as ReadingName[]) {
        if (lifting.includes(`${id} ${name}`)) continue;
        seen++;
        const { verdict, facts } = decided(id, name, m);
        expect([id, name, verdict]).toEqual([id, name, 'not-applicable']);
        expect(facts).toContain(
          'no-encoder-bias fails: there is an encoder bias, and the reading says nothing of that',
        );
      }
    }
    expect(seen).toBeGreaterThan(30);
  });

  test('nor is one with unit-norm of inputs', () => {
    const m = read({ subject: 'inputs', pattern: [[1, 2], []] });
    expect(decided('T8', 'paper', m)).toMatchObject({
      verdict: 'not-applicable',
      facts: expect.stringContaining('no-inputs fails'),
    });
    expect(decided('R', 'paper', m).verdict).toBe('holds');
  });

  test('unit-norm is about the directions without the entry of the bias', () => {
    const m = read({ encoderBias: 'free', pattern: [[1, 2], []] });
    expect(decided('T8', 'paper', m).verdict).toBe('holds');
    const features = [
      { label: '1', wp: ['0', '0', '1/2'] },
      { label: '2', wp: ['1', '0', '0'] },
    ];
    const long = read({ encoderBias: 'free', features, pattern: [[1, 2], []] });
    expect(decided('T8', 'paper', long)).toMatchObject({
      verdict: 'not-applicable',
      facts: expect.stringContaining('unit-norm'),
    });
  });
});

/** What theory says of biases, decided. */
describe('with a bias', () => {
  test('"any" of T8 stays refuted, "some" holds where it is refuted without', () => {
    const six = canonical('T8', 'six-directions');
    const features = six.features.map(({ label, wp }) => ({ label, wp: wp.entries().map(String) }));
    const pattern = six.pattern!.map((set) => set.map((d) => d + 1));
    expect(decided('T8', 'paper', six).verdict).toBe('refuted');
    expect(
      decided('T8', 'paper', read({ features, neurons: pattern.length, pattern, encoderBias: 'free' })).verdict,
    ).toBe('holds');
    expect(decided('T8', 'paper', 'middle-feature-bias').verdict).toBe('holds');
    expect(decided('T8', 'walkthrough', 'four-with-bias').verdict).toBe('refuted');
    expect(decided('T8', 'paper', 'four-with-bias').verdict).toBe('holds');
  });

  test('T6 stays refuted; a dead neuron never wakes, so the merged pair traps', () => {
    expect(decided('T6', 'paper', 'unequal-weights-bias').verdict).toBe('refuted');
    expect(decided('T6-minimum', 'repaired', 'merged-pair-bias').facts).toContain(
      'carries a local minimum of L~: L~ = 1',
    );
    expect(decided('T6-dead', 'repaired', 'antipodal-pair-bias').verdict).toBe('holds');
    expect(decided('T6-dead', 'repaired', 'antipodal-pair').verdict).toBe('refuted');
    expect(decided('T6-spanning', 'repaired', 'spanning-bias').facts).toContain('spans-positively fails');
  });

  test('the point between two others cannot be alone', () => {
    expect(decided('R', 'paper', 'line-with-bias').facts).toMatch(/\{2\} is not realizable: 2 w_2 = w_1 \+ w_3$/);
  });

  test('a bias in the decoder asks for other targets: L~ is that of r_d - b', () => {
    const at = {
      we: [
        ['1', '0'],
        ['0', '1'],
      ],
      wd: [
        ['1', '0'],
        ['0', '1'],
      ],
    };
    expect(decided('T4', 'paper', read({ ...at })).facts).toContain('L~ = 0');
    expect(decided('T4', 'paper', read({ ...at, decoderBias: ['1/2', '0'] })).facts).toContain('L~ = 1/2');
  });
});

const certificate = (id: string, reading: ReadingName, on: string | Instance): Document =>
  JSON.parse(decided(id, reading, on).certificate) as Document;
const changed = (of: Document, change: (document: Document, instance: Document) => void): Document => {
  const document = structuredClone(of);
  change(document, document.instance as Document);
  return document;
};

describe('forgeries', () => {
  const t8 = certificate('T8', 'paper', 'middle-feature-bias');
  const t1 = certificate('T1', 'paper', read({ encoderBias: 'free' }));
  const trap = certificate('T6-strict', 'repaired', 'merged-pair-bias');
  const row = certificate('T6-row', 'repaired', 'inputs');
  const cases: Case[] = [
    ['as it is', t8],
    ['not applicable', t1],
    ['a trap', trap],
    ['of inputs', row],
    ['without its bias', changed(t8, (_, m) => delete m.encoderBias), 'wrong-size'],
    ['the bias denied', changed(t8, (_, m) => Object.assign(m, { encoderBias: 'none' })), 'wrong-size'],
    ['as the first format', changed(t8, (_, m) => Object.assign(m, { format: 'dictum/instance@1' })), 'unknown-key'],
    [
      'a third format',
      changed(t8, (_, m) => Object.assign(m, { format: 'dictum/instance@3' })),
      'unknown-word|unknown-key',
    ],
    ['inputs under unit-norm', changed(t8, (_, m) => Object.assign(m, { subject: 'inputs' })), 'wrong-verdict'],
    [
      'another direction',
      changed(t8, (_, m) => Object.assign((m.features as Document[])[2]!, { wp: ['3/5', '4/5'] })),
      'wrong-pattern',
    ],
    [
      'of length 2',
      changed(t8, (_, m) => Object.assign((m.features as Document[])[0]!, { wp: ['0', '2'] })),
      'does-not-hold',
    ],
    [
      'subtracted before the encoder',
      changed(t8, (_, m) => Object.assign(m, { inputBias: ['0', '10'] })),
      'wrong-pattern',
    ],
    [
      'T1 holds',
      changed(t1, (d) =>
        Object.assign(d, {
          verdict: 'holds',
          witness: { hypotheses: { 'unit-norm': 'compute' }, conclusion: 'compute' },
        }),
      ),
      'wrong-verdict',
    ],
    [
      'T1 holds, by the hypothesis',
      changed(t1, (d) =>
        Object.assign(d, {
          verdict: 'holds',
          witness: { hypotheses: { 'no-encoder-bias': 'compute' }, conclusion: 'compute' },
        }),
      ),
      'wrong-verdict',
    ],
    [
      'T1 refuted without the hypothesis',
      changed(t1, (d) =>
        Object.assign(d, {
          verdict: 'refuted',
          dropped: 'no-encoder-bias',
          witness: { hypotheses: {}, dropped: 'compute', conclusion: 'compute' },
        }),
      ),
      'wrong-verdict',
    ],
    [
      'another hypothesis of T1 fails',
      changed(t1, (d) => Object.assign(d, { witness: { fails: 'unit-norm', proof: 'compute' } })),
      'unknown-word',
    ],
    [
      'a bias that is not there fails',
      changed(t1, (d) => Object.assign(d, { witness: { fails: 'no-decoder-bias', proof: 'compute' } })),
      'unknown-word',
    ],
    ['T1 without its bias', changed(t1, (_, m) => delete m.encoderBias), 'unknown-word'],
    [
      'a dead neuron that wakes',
      changed(trap, (_, m) =>
        Object.assign(m, {
          we: [
            ['1', '1', '0'],
            ['0', '1', '-1/2'],
          ],
        }),
      ),
      'does-not-hold|missing-data',
    ],
    [
      'a decoder bias beside it',
      changed(trap, (_, m) => Object.assign(m, { decoderBias: ['1', '0'] })),
      'does-not-hold',
    ],
    [
      'a row without its bias',
      changed(trap, (_, m) =>
        Object.assign(m, {
          we: [
            ['1', '1'],
            ['0', '0'],
          ],
        }),
      ),
      'wrong-size',
    ],
    ['a bias for inputs', changed(row, (_, m) => Object.assign(m, { encoderBias: 'free' })), 'wrong-size'],
    [
      'a row that is not 0',
      changed(row, (_, m) =>
        Object.assign(m, {
          we: [
            ['1', '1'],
            ['1', '0'],
          ],
        }),
      ),
      'does-not-hold',
    ],
  ];
  test.each(cases.filter(([, , code]) => code !== undefined))('%s', (_, document, code) => {
    expect(codeOf(JSON.stringify(document), () => undefined)).toMatch(new RegExp(`^(?:${code})$`));
  });
  test.skipIf(noSecond)('both checkers say the same', () => {
    sayTheSame(cases.map(([what, document, code, kind]) => [what, document, code && `(?:${code})`, kind] as Case));
  });

  test.skipIf(noSecond)('both find the same with and constant', () => {
    const texts = [t8, t1, trap, row, certificate('T6-null', 'repaired', 'null-neuron-inputs')].map((d) =>
      JSON.stringify(d),
    );
    expect(both(texts).flat()).toEqual(new Array(10).fill('accepted'));
    const found = texts.map((text) => {
      const checked = check(text, CLAIMS, sha256);
      return checked instanceof Checked ? [checked.accepted.with, checked.accepted.constant] : [];
    });
    expect(found).toEqual([
      [['encoder-bias'], undefined],
      [['encoder-bias'], undefined],
      [['encoder-bias'], undefined],
      [['inputs'], '0'],
      [['inputs'], '2/5'],
    ]);
  });
});

test('an instance without any of it is decided as in the first format', () => {
  const first = canonical('T8', 'middle-feature');
  const features = first.features.map(({ label, wp }) => ({ label, wp: wp.entries().map(String) }));
  const second = read({ features, neurons: 1, pattern: first.pattern!.map((set) => set.map((d) => d + 1)) });
  expect(decided('T8', 'paper', second).facts).toBe(decided('T8', 'paper', first).facts);
  expect(decided('T4-nonidentifiable', 'paper', second).facts).toBe(
    decided('T4-nonidentifiable', 'paper', first).facts,
  );
});

test('more inputs than are checked are refused before anything is tried, with the bound', () => {
  const row = (k: number): string[] => Array.from({ length: 100 }, (_, d) => `${((k * 7 + d * 3) % 11) - 5}`);
  const m = read({
    subject: 'inputs',
    features: Array.from({ length: 200 }, (_, k) => ({ label: `${k}`, wp: [`${k + 1}`, ...row(k)] })),
    neurons: 800,
    we: Array.from({ length: 800 }, () => new Array(101).fill('0')),
    wd: Array.from({ length: 101 }, () => new Array(800).fill('0')),
  });
  expect(decided('T6-path', 'repaired', m)).toMatchObject({
    verdict: 'undecided',
    facts: expect.stringMatching(
      /^\d+ inputs of 202 coordinates in and out, times 800 neurons, are \d+; at most 30000000 are checked/,
    ),
  });
});

/** {1} alone cannot be shown: less (2, 0), 14 w_1 = 5 w_2 + 5 w_3. T8 repaired is proved for unit directions, which these are not. */
test('unit length is that of what the encoder reads', () => {
  const features = [
    ['1', '0'],
    ['3/5', '4/5'],
    ['3/5', '-4/5'],
  ].map((wp, d) => ({ label: `${d + 1}`, wp }));
  const model = { features, activation: { kind: 'jumprelu', theta: '1' }, neurons: 1, pattern: [[1, 2]] };
  const shifted = { ...model, inputBias: ['2', '0'] };
  const verdict = (document: object): string => decided('T8', 'repaired', read(document)).verdict;
  expect(verdict(shifted)).toBe('not-applicable');
  // Without it they are unit vectors; with an encoder bias it is only another bias.
  expect(verdict({ ...model, inputBias: ['0', '0'] })).toBe('holds');
  expect(verdict({ ...shifted, encoderBias: 'free' })).toBe('holds');
});
