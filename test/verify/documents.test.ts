/** What docs/certificate-format.md and docs/claims.md settle where two readers might differ: the same of both checkers. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/cli/digest.ts';
import { check } from '../../src/kernel/certificate.ts';
import { Rejection } from '../../src/kernel/rejection.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { resealed, type Value } from '../theorems/mutate.ts';

const SECOND = join(import.meta.dirname, '../../verify/dictum_check.py');
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

/** A document, and the code of its rejection, or undefined; the kind where the code has two. */
type Case = readonly [what: string, document: Value, code?: string, kind?: 'malformed' | 'invalid'];

function told(result: unknown): string {
  return result instanceof Rejection ? `${result.kind} ${result.code}` : 'accepted';
}

/** Both checkers on all documents, in one call of the second. */
function sayTheSame(cases: readonly Case[]): void {
  const texts = cases.map(([, document]) => resealed(document));
  const { stdout } = spawnSync('python3', [SECOND, '--lines'], { input: texts.join('\n'), encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(cases.length);
  cases.forEach(([what, , code, kind], k) => {
    const second = JSON.parse(lines[k]!) as { accepted: boolean; kind?: string; code?: string };
    const one = told(check(texts[k]!, CLAIMS, sha256));
    const other = second.accepted ? 'accepted' : `${second.kind} ${second.code}`;
    expect([what, one, other]).toEqual([what, one, one]);
    if (code === undefined) expect([what, one]).toEqual([what, 'accepted']);
    else expect([what, one]).toEqual([what, expect.stringMatching(new RegExp(`^${kind ?? '\\w+'} ${code}$`))]);
  });
}

interface Parts {
  readonly instance?: { readonly [key: string]: Value };
  readonly proof?: Value;
}

/** A certificate of R: pattern ({1}) of one feature in dimension 1. */
const realizable = ({ instance = {}, proof = { rule: 'realizes', we: [['1']] } }: Parts = {}): Value => ({
  format: 'dictum/certificate@1',
  claim: 'R',
  reading: 'paper',
  instance: {
    format: 'dictum/instance@1',
    name: 'one',
    features: [{ label: '1', wp: ['1'] }],
    activation: { kind: 'relu' },
    neurons: 1,
    pattern: [[1]],
    ...instance,
  },
  verdict: 'holds',
  witness: { hypotheses: {}, conclusion: proof },
});
const row = (text: Value): Value => realizable({ proof: { rule: 'realizes', we: [[text]] } });

describe.skipIf(!python && !process.env.CI)('what the documents settle', () => {
  test('the grammar of quantities', () => {
    const good = ['1', '01', '0012/007', '1.50', '1e-003', '1E+2', '5e00000', '0.0000', '1/2', '1e1000', '2/4'];
    const bad = [
      '+1',
      ' 1',
      '1 ',
      '1\n',
      '1.',
      '.5',
      '1/2.0',
      '1e000001',
      '1/0',
      '1/-2',
      '',
      '-',
      '0x1',
      '--1',
      '\u0661',
      '1e',
      '1_0',
      'NaN',
    ];
    const least = (text: string): Case =>
      text === '0.0000' ? [text, row(text), 'wrong-pattern', 'invalid'] : [text, row(text)];
    sayTheSame([
      ...good.map(least),
      ['-0 is 0', row('-0'), 'wrong-pattern', 'invalid'],
      ...bad.map((text): Case => [JSON.stringify(text), row(text), 'not-a-number', 'malformed']),
      ['a number of JSON', row(7)],
    ]);
  });

  test('k of an activation', () => {
    const of = (k: Value): Value => realizable({ instance: { activation: { kind: 'topk', k } } });
    sayTheSame([
      ['1', of(1)],
      ['a million', of(1_000_000)],
      ['more', of(1_000_001), 'out-of-range', 'malformed'],
      ['0', of(0), 'out-of-range', 'malformed'],
    ]);
  });

  test('the hierarchy, and which keys are optional', () => {
    const of = (hierarchy: Value): Value => realizable({ instance: { hierarchy } });
    const without = (key: string): Value => {
      const { [key]: _, ...instance } = (realizable() as { instance: { [key: string]: Value } }).instance;
      return { ...(realizable() as { [key: string]: Value }), instance };
    };
    sayTheSame([
      ['empty', of([])],
      ['one', of([{ parent: 'any text', children: ['1', '1'] }])],
      ['no children', of([{ parent: '', children: [] }])],
      ['an unknown label', of([{ parent: 'a', children: ['2'] }]), 'unknown-feature', 'malformed'],
      ['another key', of([{ parent: 'a', children: [], depth: 1 }]), 'unknown-key', 'malformed'],
      ['no parent', of([{ children: [] }]), 'missing-key', 'malformed'],
      ['an index', of([{ parent: 'a', children: [1] }]), 'wrong-type', 'malformed'],
      ...['name', 'features', 'activation', 'neurons', 'format'].map(
        (key): Case => [`without ${key}`, without(key), 'missing-key', 'malformed'],
      ),
      ['without the pattern', without('pattern'), 'missing-data', 'invalid'],
    ]);
  });

  test('terms out of order are malformed', () => {
    const term = (feature: number): Value => ({ feature, weight: '1' });
    const of = (off: Value[]): Value => ({
      ...(realizable({
        instance: { features: ['1', '-1', '1'].map((x, d) => ({ label: `${d}`, wp: [x] })), pattern: [[1]] },
        proof: { rule: 'farkas', neuron: 1, on: [term(1)], off },
      }) as { [key: string]: Value }),
      verdict: 'refuted',
    });
    sayTheSame([
      ['in order', of([term(3)])],
      ['twice', of([term(3), term(3)]), 'not-increasing', 'malformed'],
      ['out of order', of([term(3), term(2)]), 'not-increasing', 'malformed'],
    ]);
  });

  test('n_q in capacity is the number of sets', () => {
    const instance = {
      format: 'dictum/instance@1',
      name: 'two features in one neuron that is always active',
      features: ['1', '-1'].map((x, d) => ({ label: `${d}`, wp: [x] })),
      activation: { kind: 'topk-pure', k: 2 },
      neurons: 1,
      pattern: [[1, 2]],
    };
    const hypotheses = {
      'unit-norm': 'compute',
      'has-parent': 'compute',
      realizable: { rule: 'realizes', we: [['1']] },
    };
    const conclusion = { choose: 1, proof: { choose: 1, proof: { rule: 'capacity' } } };
    const document = {
      format: 'dictum/certificate@1',
      claim: 'T8',
      reading: 'walkthrough',
      instance,
      verdict: 'refuted',
    };
    const fuller = { ...instance, activation: { kind: 'topk-pure', k: 1 } };
    sayTheSame([
      ['two sets, k = 2', { ...document, witness: { hypotheses, conclusion } }],
      [
        'two sets, k = 1',
        { ...document, instance: fuller, witness: { hypotheses, conclusion } },
        'within-capacity',
        'invalid',
      ],
    ]);
  });

  test('pivots of rank-mod-p stand on the diagonal', () => {
    const of = (seed: number, rows: number[]): Value => ({
      format: 'dictum/certificate@1',
      claim: 'T4-scale',
      reading: 'paper',
      instance: {
        format: 'dictum/scale@1',
        name: 'small',
        features: 2,
        dimensions: 6,
        neurons: 2,
        entries: 3,
        directions: { seed: 1 },
        encoder: { seed },
      },
      verdict: 'holds',
      witness: { hypotheses: {}, conclusion: [{ rule: 'rank-mod-p', p: 1_000_003, rows }, 'compute'] },
    });
    const say = (document: Value): string => told(check(resealed(document), CLAIMS, sha256));
    // The first code of the first row is 0, so elimination without exchange fails at once; in the other order it does not.
    const seeds = Array.from({ length: 200 }, (_, k) => k + 1).filter(
      (seed) => say(of(seed, [1, 2])) === 'invalid no-pivot' && say(of(seed, [2, 1])) === 'accepted',
    );
    expect(seeds.length).toBeGreaterThan(2);
    sayTheSame(
      seeds.slice(0, 3).flatMap((seed): Case[] => [
        [`seed ${seed}, as they are`, of(seed, [1, 2]), 'no-pivot', 'invalid'],
        [`seed ${seed}, exchanged`, of(seed, [2, 1])],
        [`seed ${seed}, twice`, of(seed, [2, 2]), 'repeated-row', 'invalid'],
      ]),
    );
  });

  test('what a claim is about is missed only where a goal needs it', () => {
    const bare = {
      format: 'dictum/instance@1',
      name: 'bare',
      features: [{ label: '1', wp: ['1'] }],
      activation: { kind: 'batchtopk', k: 1 },
      neurons: 1,
    };
    const of = (claim: string, reading: string, fails: string, more: { [key: string]: Value } = {}): Value => ({
      format: 'dictum/certificate@1',
      claim,
      reading,
      instance: { ...bare, ...more },
      verdict: 'not-applicable',
      witness: { fails, proof: 'compute' },
    });
    sayTheSame([
      ['activation, without a pattern', of('T6', 'repaired', 'activation')],
      ['partition, without a pattern', of('T6', 'repaired', 'partition'), 'missing-data', 'invalid'],
      ['partition, with one', of('T6', 'repaired', 'partition', { pattern: [[]] })],
      ['anchored, without anchors', of('A1', 'repaired', 'anchored')],
      ['spare-neurons, without anchors', of('A1', 'repaired', 'spare-neurons'), 'missing-data', 'invalid'],
      ['anchored, with none', of('A1', 'repaired', 'anchored', { anchors: [] })],
      ['off-kinks, without a configuration', of('T4-dimension', 'paper', 'off-kinks'), 'missing-data', 'invalid'],
      ['more-neurons, without a configuration', of('T4-dimension', 'paper', 'more-neurons')],
      ['Chanin, one feature: absorbing', of('Chanin', 'paper', 'absorbing')],
      ['Chanin, one feature: hierarchical', of('Chanin', 'paper', 'hierarchical')],
      ['Chanin, one feature: parent-above', of('Chanin', 'repaired', 'parent-above')],
      ['Chanin: binary, without a distribution', of('Chanin', 'paper', 'binary'), 'missing-data', 'invalid'],
    ]);
  });
});
