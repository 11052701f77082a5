import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { auditTables } from '../../../src/commands/tables/audit.ts';
import { readTables } from '../../../src/commands/tables/readTables.ts';
import { tablesText } from '../../../src/commands/tables/text.ts';
import { readSubject } from '../../../src/kernel/model/formats.ts';
import { rounded } from '../../../src/kernel/model/reportedRow.ts';
import type { ReportedRow } from '../../../src/kernel/model/subject.ts';
import type { Claim, Reading } from '../../../src/kernel/proof/claim.ts';
import { certify } from '../../../src/solve/decide/certify.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { realizability } from '../../../theorems/realizability/statement.ts';
import { reportedMean } from '../../../theorems/reported-tables/statement.ts';
import { expectRejection, node, q } from '../../kernel/read.ts';
import { hasPaperTables, paperTablesPath } from '../../realInput.ts';
import { canonical, codeOf, decided } from '../decided.ts';

const row = (changes: object = {}) => ({
  format: 'dictum/report@1',
  name: 'a row',
  source: 'test',
  tau: '0.9',
  recovery: '50',
  mean: '0.45',
  denominators: [2],
  ...changes,
});
const read = (changes: object) => readSubject(node(row(changes)), 'dictum/report@1');
const verdict = (claim: string, changes: object): string => decided(claim, 'ours', read(changes)).verdict;

test('a claim about rows has no reading about instances, and is asked of no instance', () => {
  // @ts-expect-error: its goals are functions of an instance
  const reading: Reading<ReportedRow> = realizability.readings.paper!;
  const claim: Claim<ReportedRow> = { ...reportedMean, readings: { paper: reading } };
  const question = { claim, reading: 'paper', instance: canonical('R', 'between'), proposals: {} } as const;
  expect(() => certify(question, sha256)).toThrow(
    expect.objectContaining({ code: 'missing-data', expected: 'dictum/report@1', found: 'dictum/instance@1' }),
  );
});

describe('the canonical rows', () => {
  it.each([800, 900, 1000, 1100, 1200])('table 4, n = %i, breaks M_IP >= tau M_GT at both thresholds', (n) => {
    for (const name of [`superposition-${n}`, `superposition-${n}-at-0.9`]) {
      expect(decided('B1-mean', 'ours', name).verdict).toBe('refuted');
      // Of the granularity nothing is wrong: the shares are of n, anchors counted.
      expect(decided('B1-count', 'ours', name).verdict).toBe('holds');
    }
  });

  it.each([
    'topk',
    'batchtopk',
    'matryoshka',
    'transcoder-100-anchors',
    'crosscoder',
    'crosscoder-30-anchors',
    'clip-topk',
    'clip-matryoshka',
  ])('%s: no multiple', (name) => expect(decided('B1-count', 'ours', name).verdict).toBe('refuted'));

  it.each([
    ['topk-30-anchors', '850/970'],
    ['batchtopk-30-anchors', '867/970'],
    ['matryoshka-30-anchors', '847/970'],
    ['transcoder-30-anchors', '243/970'],
    ['topk-plain', '849/1000'],
  ])('%s: %s', (name, fraction) => {
    const { verdict: found, facts } = decided('B1-count', 'ours', name);
    expect(found).toBe('holds');
    expect(facts).toContain(fraction);
  });
});

describe('bounds at their ends', () => {
  it('the mean may be as low as tau times the share, both rounded', () => {
    // 50% stands for [49.5, 50.5], so 0.4455 is needed and 0.445 stands for up to 0.4455.
    expect(verdict('B1-mean', { mean: '0.445' })).toBe('holds');
    expect(verdict('B1-mean', { mean: '0.444' })).toBe('refuted');
  });

  it('and as high as the share plus tau of the rest', () => {
    // 0.505 + 0.495 * 0.9 = 0.9505.
    expect(verdict('B1-unit', { mean: '0.951' })).toBe('holds');
    expect(verdict('B1-unit', { mean: '0.952' })).toBe('refuted');
    expect(verdict('B1-unit', { mean: '1.1', recovery: '100' })).toBe('refuted');
  });

  it('a share is a multiple or it is not', () => {
    expect(verdict('B1-count', { recovery: '33.3', denominators: [7, 3] })).toBe('holds');
    expect(verdict('B1-count', { recovery: '33.4', denominators: [7, 3] })).toBe('refuted');
    expect(verdict('B1-count', { recovery: '100.4', denominators: [3] })).toBe('refuted');
    expect(verdict('B1-count', { denominators: [] })).toBe('not-applicable');
  });

  it('what was measured and rounded is never called inconsistent', () => {
    const matches = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });
    let asked = 0;
    fc.assert(
      fc.property(matches, fc.integer({ min: 1, max: 999 }), fc.nat(3), (list, tau, places) => {
        const [n, above] = [list.length, list.filter((s) => s > tau).length];
        const share = ((100 * above) / n).toFixed(places);
        const mean = (list.reduce((a, b) => a + b, 0) / n / 1000).toFixed(3);
        // toFixed may round a half to the wrong side in floats: leave such out.
        const exact = rounded(share);
        if (!exact || exact.low.compare(q(above).times(q(100)).over(q(n))) > 0) return;
        asked++;
        const report = { tau: `0.${`${tau}`.padStart(3, '0')}`, recovery: share, mean, denominators: [n] };
        for (const claim of ['B1-mean', 'B1-unit', 'B1-count']) expect(verdict(claim, report)).toBe('holds');
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(asked).toBeGreaterThan(250);
  });
});

describe('reading', () => {
  it.each([
    ['84.90', '16979/200', '16981/200'],
    ['0', '0', '1/2'],
    ['0.001', '1/2000', '3/2000'],
  ])('%s stands for [%s, %s]', (text, low, high) => {
    expect([`${rounded(text)?.low}`, `${rounded(text)?.high}`]).toEqual([low, high]);
  });

  it.each(['', '-1', '1e3', '1/2', '1.', '.5', '12345678901', 'x'])('%j is no printed figure', (text) => {
    expect(rounded(text)).toBeUndefined();
    expectRejection(() => read({ recovery: text }), 'not-a-number', '$.recovery');
  });

  it.each([
    [{ tau: '-1' }, 'out-of-range', '$.tau'],
    [{ denominators: [0] }, 'out-of-range', '$.denominators[0]'],
    [{ mean: 0.5 }, 'wrong-type', '$.mean'],
    [{ rows: [] }, 'unknown-key', '$.rows'],
    [{ format: 'dictum/instance@1' }, 'unknown-word', '$.format'],
  ])('%j is refused with %s', (changes, code, at) => {
    expectRejection(() => read(changes), code, at);
  });

  it('a claim about features is not about a report, nor the other way round', () => {
    const about = (claim: string, reading: string) => (document: Record<string, unknown>) =>
      Object.assign(document, { claim, reading });
    expect(codeOf(decided('B1-mean', 'ours', 'superposition-800').certificate, about('T4', 'paper'))).toBe(
      'missing-key',
    );
    expect(codeOf(decided('T4', 'paper', 'ground-truth').certificate, about('B1-mean', 'ours'))).toBe('missing-key');
    expectRejection(() => decided('T4', 'paper', read({})), 'missing-data', '$.instance.format');
  });

  it('a changed figure changes the verdict', () => {
    const { certificate } = decided('B1-mean', 'ours', 'superposition-800');
    const change = (changes: object) => (document: Record<string, unknown>) =>
      Object.assign(document.instance as object, changes);
    expect(codeOf(certificate, change({ mean: '0.950' }))).toBe('does-not-hold');
    expect(codeOf(certificate, change({ recovery: '40.00' }))).toBe('does-not-hold');
    expect(codeOf(certificate, change({ tau: '0.4' }))).toBe('does-not-hold');
    expect(codeOf(certificate, (document) => Object.assign(document, { verdict: 'holds' }))).toBe('does-not-hold');
  });
});

test.skipIf(!hasPaperTables())(`the paper's tables, from ${paperTablesPath}`, () => {
  const audit = auditTables(readTables(readFileSync(paperTablesPath, 'utf8'), 'f'), 1000);
  const findings = audit.rows.flatMap(({ row: { table, row: at, recovery }, findings: list }) =>
    list.map(({ claim, tau }) => `${table}.${at} ${recovery} ${claim} ${tau ?? ''}`.trim()),
  );
  const superposition = [2, 4, 6, 8, 10].flatMap((at, k) =>
    ['0.95', '0.9'].map((tau) => `4.${at} ${['100.00', '98.89', '85.50', '58.09', '30.58'][k]} B1-mean ${tau}`),
  );
  const counts = ['1.13 56.42', '2.2 24.13', '2.4 24.13', '2.6 24.45', '6.16 87.63', '6.18 89.38', '6.20 87.32'];
  expect(findings.sort()).toEqual([...superposition, ...counts.map((at) => `${at} B1-count`)].sort());
  const fitOf = (table: string) => audit.fits.find((one) => one.table === table)!;
  // The figures of table 1 and 6 with 100 anchors stated fit 970 = 1000 - 30.
  expect(fitOf('1').best).toContainEqual({ anchors: [30], fitting: ['87.63', '89.38', '87.32', '25.05'] });
  expect(fitOf('6').best.map((one) => one.anchors)).toEqual([[30]]);
  expect(fitOf('6').best[0]!.fitting).toHaveLength(10);
  // Table 4 counts its anchors in, against the text.
  expect(fitOf('4')).toMatchObject({ rows: 6, stated: { anchors: 100, fitting: [] }, best: [{ anchors: [0] }] });
  expect(audit.outside).toEqual([{ table: '1', says: '1 - S = 1/100 > 1/1000 = 1/n' }]);
  expect(tablesText(audit, 'f')).toContain('f: 100 rows, 12 inconsistent, 17 certificates');
});

const file = (changes: object = {}) =>
  JSON.stringify({
    source: 'test',
    metric: { tau: '0.95' },
    tables: [
      {
        id: 'a',
        params: { n: 10, anchors: 2 },
        columns: ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'],
        rows: [
          ['M', false, '', '30.0', '0.5'],
          ['M', true, 'n=10', '37.5', '0.5'],
          ['M', true, '', '99', '0.5'],
        ],
        ...changes,
      },
    ],
  });

describe('a file of tables', () => {
  it('is audited row by row', () => {
    const { rows } = auditTables(readTables(file(), 'f'));
    expect(rows.map(({ denominators, findings }) => [denominators, findings.map((f) => f.claim)])).toEqual([
      [[10], []],
      [[10, 8], []],
      [
        [10, 8],
        ['B1-mean', 'B1-count'],
      ],
    ]);
  });

  it.each([
    [{ columns: ['method'] }, 'missing-key', '$.tables[0].columns'],
    [{ columns: ['x'] }, 'unknown-word', '$.tables[0].columns[0]'],
    [{ rows: [['M', false, '', '30.0']] }, 'wrong-size', '$.tables[0].rows[0]'],
    [{ rows: [['M', 'no', '', '30.0', '0.5']] }, 'wrong-type', '$.tables[0].rows[0][1]'],
    [{ rows: [['M', false, '', '30.0%', '0.5']] }, 'not-a-number', '$.tables[0].rows[0][3]'],
    [{ rows: [['M', false, '', 30, '0.5']] }, 'wrong-type', '$.tables[0].rows[0][3]'],
  ])('with %j is refused', (changes, code, at) => {
    expect(() => readTables(file(changes), 'f')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code, path: at }) }),
    );
  });

  it('without a threshold is refused', () => {
    expect(() => readTables('{"source":"x","tables":[]}', 'f')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'missing-key' }) }),
    );
  });
});
