/** The matrix of `dictum audit`: its file, what contradicts it, what is printed. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  contradictions,
  type MatrixCell,
  matrixFile,
  readMatrixFile,
  recordedFiles,
  rowsToPrint,
} from '../../../src/commands/audit/matrix.ts';
import { bugs, matrixSection, matrixText } from '../../../src/commands/audit/matrixText.ts';
import { counterexampleFile, runTask, taskOf } from '../../../src/commands/audit/searching.ts';
import { cellName } from '../../../src/solve/search/cell.ts';
import { manifestText } from '../../../src/terminal/manifest.ts';
import { cellNamed } from '../../solve/search/searchIn.ts';
import { amount } from '../../thorough.ts';
import { dictum, folder } from '../run.ts';

const NAMES = [
  'T8/paper/as stated',
  'T8/paper/distinct-directions',
  'T8/repaired/as stated',
  'T8/repaired/activation',
  'T8/repaired/distinct-directions',
  'T3/repaired/two-features',
  'T3/repaired/enough-neurons',
];

function cells(runs: number): MatrixCell[] {
  return NAMES.map((name) => {
    const cell = cellNamed(name);
    const result = runTask(taskOf(cell, runs, 0));
    return { cell, result, ...(result.counterexample && { file: counterexampleFile(cellName(cell)) }) };
  });
}

const [sample, full] = [cells(100), cells(amount(500, 2000))];

async function committed(matrix: readonly MatrixCell[] = full) {
  const path = join(folder(), 'matrix.jsonl');
  writeFileSync(path, matrixFile(matrix, 'full'));
  return readMatrixFile(path);
}

const at = (name: string): number => NAMES.indexOf(name);

/** The full run with one result changed. */
const changed = (name: string, change: (result: MatrixCell['result']) => object): MatrixCell[] =>
  full.map((one, k) =>
    k === at(name) ? { ...one, result: { ...one.result, ...change(one.result) } as MatrixCell['result'] } : one,
  );

describe('matrix.jsonl', () => {
  it('gives back what was written, without the certificates', async () => {
    const read = await committed();
    expect([...read.keys()]).toEqual(full.map(({ cell }) => cellName(cell)));
    for (const { cell, result } of full) {
      const { counterexample, ...rest } = result;
      expect(read.get(cellName(cell))).toMatchObject(JSON.parse(JSON.stringify(rest)));
      expect(read.get(cellName(cell))?.counterexample?.id).toBe(counterexample?.id);
    }
    expect(matrixFile(full, 'full')).not.toContain('dictum/certificate');
    expect(recordedFiles(read)).toContain('T8/search--repaired--distinct-directions.json');
  });

  it('is not there: nothing to compare with', async () => {
    const none = await readMatrixFile(join(folder(), 'none.jsonl'));
    expect(none.size).toBe(0);
    expect(contradictions(sample, none, 'sample')).toEqual([]);
  });
});

describe('contradictions', () => {
  it('has none between a full run and the part of it that is repeated', async () => {
    expect(contradictions(sample, await committed(), 'sample')).toEqual([]);
    expect(contradictions(full, await committed(), 'full')).toEqual([]);
  });

  it.each([
    ['T8/paper/as stated', { counterexample: undefined }, 'had no counterexample, and has one now'],
    ['T8/repaired/as stated', { sweep: { drawn: 3300, accepted: 1 } }, 'after the sweep'],
    [
      'T8/repaired/as stated',
      { counterexample: { id: '0', facts: [], size: [1, 1, 1, 1], steps: 0 }, drawn: 5 },
      'has none now',
    ],
  ])('%s with %j: %s', async (name, change, says) => {
    const [problem, ...more] = contradictions(sample, await committed(changed(name, () => change)), 'sample');
    expect(more).toEqual([]);
    expect(problem).toContain(`matrix.jsonl: ${name.replaceAll(' ', '-')} `);
    expect(problem).toContain(says);
  });

  it('sees another counterexample, and a cell without a line', async () => {
    const other = changed('T8/paper/as stated', ({ counterexample }) => ({
      counterexample: { ...counterexample, id: 'x' },
    }));
    expect(contradictions(sample, await committed(other), 'sample')).toEqual([
      expect.stringContaining('has another counterexample: x, now '),
    ]);
    expect(contradictions(sample, await committed(full.slice(1)), 'sample')).toEqual([
      expect.stringContaining('T8/paper/as-stated has no line'),
    ]);
  });

  it('does not ask a short search for a counterexample that came late, but asks a full one', async () => {
    const late = await committed(
      changed('T8/repaired/as stated', () => ({
        counterexample: { id: '0', facts: [], size: [4, 3, 2, 9], steps: 0 },
        drawn: 1_000_000,
      })),
    );
    expect(contradictions(sample, late, 'sample')).toEqual([]);
    expect(contradictions(full, late, 'full')).toHaveLength(1);
  });
});

describe('the matrix in words', () => {
  it('a counterexample without a hypothesis is that, and no more', () => {
    const lines = matrixText(full).split('\n');
    expect(lines[1 + at('T8/paper/as stated')]).toMatch(/^T8 +paper +\(as stated\) +refuted: n=2 n_p=1 n_q=1/);
    expect(lines[1 + at('T8/paper/distinct-directions')]).toMatch(/ refuted without it, too: n=2/);
    expect(lines[1 + at('T8/repaired/as stated')]).toMatch(/ no counterexample in \d{3,4} accepted instances /);
    expect(lines[1 + at('T8/repaired/activation')]).toMatch(/ cannot fail alone /);
    expect(lines[1 + at('T8/repaired/distinct-directions')]).toMatch(
      / refuted without it: n=2 .*search--repaired--distinct-directions/,
    );
    expect(lines[1 + at('T3/repaired/enough-neurons')]).toMatch(/ never failed alone in \d+ drawn /);
  });

  it('calls open what could mostly not be decided', () => {
    const of = (undecided: number): string =>
      matrixText(changed('T3/repaired/two-features', () => ({ accepted: 100, undecided }))).split('\n')[
        1 + at('T3/repaired/two-features')
      ]!;
    expect(of(100)).toContain('open: undecided in all 100 accepted instances');
    expect(of(50)).toContain('open: holds in 50, undecided in 50 accepted instances');
    expect(of(5)).toContain('in 95 accepted instances, undecided in 5 more');
    expect(of(0)).toContain('no counterexample without it in 100 accepted instances');
  });

  it('shows the committed numbers where there are some, and lists bugs and what is not searched', async () => {
    const rows = rowsToPrint(sample, await committed());
    expect(rows[at('T8/repaired/as stated')]?.result.accepted).toBe(full[at('T8/repaired/as stated')]?.result.accepted);
    expect(rowsToPrint(sample, new Map())[at('T8/repaired/as stated')]?.result.accepted).toBe(
      sample[at('T8/repaired/as stated')]?.result.accepted,
    );
    expect(matrixSection(rows, 'sample', ['X: no reason'])).toContain('Not searched: X: no reason.');
    expect(bugs(sample)).toEqual([]);
    const broken = changed('T8/repaired/as stated', () => ({ broken: 3, bug: 'RangeError: planted' }));
    expect(bugs(broken)).toEqual(['T8/repaired/as-stated: on 3 instances: RangeError: planted']);
  });
});

// An audit of everything takes a while: of the two that search nothing, the one that also prints what was recorded stands for both.
it.each(amount(['recorded'], ['none', 'recorded']))(
  'audit --matrix %s leaves the certificates of a recorded search alone',
  (extent) => {
    const certificates = folder();
    mkdirSync(join(certificates, 'T8'));
    const kept = 'search--repaired--distinct-directions.json';
    const { certificate = '' } = full[at('T8/repaired/distinct-directions')]?.result.counterexample ?? {};
    writeFileSync(join(certificates, 'T8', kept), certificate);
    writeFileSync(join(certificates, 'T8', 'search--repaired--gone.json'), certificate);
    // One that no audit wrote: it is not in the manifest.
    writeFileSync(join(certificates, 'T8', 'search--repaired--theirs.json'), certificate);
    const written = [`T8/${kept}`, 'T8/search--repaired--gone.json'];
    writeFileSync(join(certificates, 'manifest.json'), manifestText(written));
    writeFileSync(join(certificates, 'matrix.jsonl'), matrixFile(full, 'full'));
    const ran = dictum(['audit', '--matrix', extent, '--full', '--certificates', certificates, '--out', folder()]);
    expect(ran.out.includes('The full run as recorded in matrix.jsonl')).toBe(extent === 'recorded');
    expect(ran.out.includes(`T8/${kept}`)).toBe(extent === 'recorded');
    expect(ran.err).toContain(`removed ${join(certificates, 'T8', 'search--repaired--gone.json')}`);
    const left = readdirSync(join(certificates, 'T8'));
    expect(left).toContain(kept);
    expect(left).toContain('search--repaired--theirs.json');
    expect(left).not.toContain('search--repaired--gone.json');
  },
);

it('another word for the extent is refused', () => {
  expect(dictum(['audit', '--matrix', 'some', '--out', folder()])).toMatchObject({ code: 2, out: '' });
});
