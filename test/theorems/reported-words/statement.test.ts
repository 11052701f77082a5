import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { auditTables } from '../../../src/commands/tables/audit.ts';
import { readTables } from '../../../src/commands/tables/readTables.ts';
import { tablesText } from '../../../src/commands/tables/text.ts';
import { readSubject } from '../../../src/kernel/model/formats.ts';
import { expectRejection, node } from '../../kernel/read.ts';
import { codeOf, decided } from '../decided.ts';

type Term = readonly [printed: string, times: string];
const comparison = (terms: readonly Term[], relation = '>=', changes: object = {}) => ({
  format: 'dictum/comparison@1',
  name: 'a comparison',
  source: 'test',
  says: 'words',
  terms: terms.map(([printed, times], k) => ({ figure: `figure ${k}`, printed, times })),
  relation,
  ...changes,
});
const read = (document: object) => readSubject(node(document), 'dictum/comparison@1');
const verdict = (terms: readonly Term[], relation?: string): string =>
  decided('B1-words', 'ours', read(comparison(terms, relation))).verdict;

describe('at the ends of the intervals', () => {
  it.each([
    [
      '1.4 can round to 2, just: 1.45 + 0.05',
      [
        ['87.5', '1'],
        ['86.1', '-1'],
        ['2', '-1'],
      ],
      '>=',
      'holds',
    ],
    [
      'but is not more',
      [
        ['87.5', '1'],
        ['86.1', '-1'],
        ['2', '-1'],
      ],
      '>',
      'refuted',
    ],
    [
      'nor 2.0',
      [
        ['87.5', '1'],
        ['86.1', '-1'],
        ['2.0', '-1'],
      ],
      '>=',
      'refuted',
    ],
    [
      'two figures of one number',
      [
        ['0.21', '1'],
        ['0.2', '-1'],
      ],
      '=',
      'holds',
    ],
    [
      '0.254 is not 0.205',
      [
        ['0.254', '1'],
        ['0.205', '-1'],
      ],
      '=',
      'refuted',
    ],
    [
      'nor the other way round',
      [
        ['0.205', '1'],
        ['0.254', '-1'],
      ],
      '=',
      'refuted',
    ],
    ['nothing printed is below 0', [['0.00', '-1']], '>', 'refuted'],
    [
      'a factor turns an interval',
      [
        ['1', '-2'],
        ['3', '1'],
      ],
      '>=',
      'holds',
    ],
    [
      'and stretches it',
      [
        ['1', '-2'],
        ['0', '1'],
      ],
      '>=',
      'refuted',
    ],
  ] as const)('%s', (_, terms, relation, expected) => {
    expect(verdict(terms, relation)).toBe(expected);
  });

  test('as trying the corners does', () => {
    const term = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('>=', '>', '='),
        (terms, relation) => {
          // In twentieths: a figure of one decimal is from 2 v - 1 to 2 v + 1 of them, and not below 0.
          const sums = terms.reduce<number[]>(
            (all, [v, t]) => all.flatMap((s) => [s + t * Math.max(0, 2 * v - 1), s + t * (2 * v + 1)]),
            [0],
          );
          const [least, most] = [Math.min(...sums), Math.max(...sums)];
          const can = relation === '>' ? most > 0 : relation === '=' ? least <= 0 && most >= 0 : most >= 0;
          const printed = terms.map(([v, t]): Term => [`${Math.floor(v / 10)}.${v % 10}`, `${t}`]);
          expect(verdict(printed, relation)).toBe(can ? 'holds' : 'refuted');
        },
      ),
    );
  });
});

describe('refused', () => {
  it.each([
    [comparison([]), 'wrong-size', '$.terms'],
    [comparison([['1%', '1']]), 'not-a-number', '$.terms[0].printed'],
    [comparison([['-1', '1']]), 'not-a-number', '$.terms[0].printed'],
    [comparison([['1', 'x']]), 'not-a-number', '$.terms[0].times'],
    [comparison([['1', '1']], '<'), 'unknown-word', '$.relation'],
    [comparison([['1', '1']], '>', { bound: '0' }), 'unknown-key', '$.bound'],
    [
      comparison([], '>', { terms: ['1', '-1'].map((times) => ({ figure: 'one', printed: '1', times })) }),
      'repeated-row',
      '$.terms[1].figure',
    ],
  ])('%j: %s', (document, code, at) => {
    expectRejection(() => read(document), code, at);
  });

  it('a changed figure changes the verdict', () => {
    const { certificate } = decided('B1-words', 'ours', 'matryoshka-gain');
    const term = (k: number, changes: object) => (document: Record<string, unknown>) =>
      Object.assign((document.instance as { terms: object[] }).terms[k]!, changes);
    expect(codeOf(certificate, term(0, { printed: '85.3' }))).toBe('does-not-hold');
    expect(codeOf(certificate, term(2, { printed: '7' }))).toBe('does-not-hold');
    expect(codeOf(certificate, (document) => Object.assign(document, { verdict: 'holds' }))).toBe('does-not-hold');
    expect(codeOf(certificate, (document) => Object.assign(document, { claim: 'B1-mean' }))).toBe('missing-key');
  });
});

const tables = (statement: object, rows?: object) =>
  JSON.stringify({
    source: 'test',
    metric: { tau: '0.95' },
    tables: [
      {
        id: 'a',
        params: { n: 10, S: '0.99' },
        columns: ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'],
        rows: [
          ['M', false, 'x', '30.0', '0.5'],
          ['M', true, 'x', '40.0', '0.5'],
          ['N', false, 'x', '30.0', '0.5'],
        ],
        ...rows,
      },
    ],
    statements: [{ says: 'words', place: 'here', is: { least: '0' }, of: [], ...statement }],
  });
const gain = [
  { table: 'a', column: 'gtRecoveryPercent', anchored: true },
  { table: 'a', column: 'gtRecoveryPercent', anchored: false, times: '-1' },
];
const audited = (statement: object) => auditTables(readTables(tables(statement), 'f')).statements[0]!;

describe('sentences about a file of tables', () => {
  it('are asked of each row named, and a row that is not there is named', () => {
    const each = { method: ['M', 'N'], condition: ['x'] };
    const { comparisons, findings, missing } = audited({ each, of: gain, is: { least: '8', most: '9' } });
    expect(comparisons).toBe(2);
    expect(findings.map(({ figures, says }) => [figures, says])).toEqual([
      [
        'recovery, table a row 2 (M + anchors x); recovery, table a row 1 (M x)',
        '-40.0 + 30.0 + 9 can be from -1.6 to -0.4, as the figures are rounded; that it is >= 0 is what is said',
      ],
    ]);
    expect(missing).toEqual(['table a has no row N + anchors x']);
  });

  it('compare parameters', () => {
    const of = [{ table: 'a', parameter: 'S' }];
    expect(audited({ of, is: { equal: '0.99' } }).findings).toEqual([]);
    expect(audited({ of, is: { below: '0.98' } }).findings).toHaveLength(1);
    expect(audited({ of: [{ table: 'a', parameter: 'T' }] }).missing).toEqual(['table a has no parameter T']);
  });

  it.each([
    [{ is: {}, of: gain }, 'missing-key', '$.statements[0].is'],
    [{ is: { atLeast: '1' } }, 'unknown-key', '$.statements[0].is.atLeast'],
    [{ of: [{ ...gain[0], column: 'x' }] }, 'unknown-word', '$.statements[0].of[0].column'],
    [{ of: [{ ...gain[0], anchored: 'yes' }] }, 'wrong-type', '$.statements[0].of[0].anchored'],
    [{ of: [{ table: 'a', parameter: 'S', times: 'two' }] }, 'not-a-number', '$.statements[0].of[0].times'],
    [{ is: { least: 'many' }, of: gain, each: { method: ['M'] } }, 'not-a-number', '$.statements[0].is.least'],
    [{ of: [] }, 'wrong-size', '$.statements[0].of'],
    [{ of: [gain[0], gain[0]] }, 'repeated-row', '$.statements[0].of'],
  ])('with %j are refused', (changes, code, at) => {
    expect(() => audited(changes)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code, path: at }) }),
    );
  });

  it("of the paper's, ten of seventeen are contradicted", () => {
    const audit = auditTables(readTables(readFileSync('docs/paper-figures.json', 'utf8'), 'f'), 1000);
    expect(
      audit.statements.map(({ comparisons, findings, missing }) => [comparisons, findings.length, missing.length]),
    ).toEqual([
      [7, 0, 0],
      [7, 0, 0],
      [7, 0, 0],
      [1, 1, 0],
      [1, 1, 0],
      [18, 0, 0],
      [3, 1, 3],
      [6, 1, 0],
      [0, 0, 3],
      [6, 1, 0],
      [3, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
      [2, 0, 0],
      [3, 0, 0],
    ]);
    expect(tablesText(audit, 'f')).toContain(
      'f: 100 rows, 12 inconsistent; 17 sentences, 10 contradicted, 22 certificates',
    );
  });
});
