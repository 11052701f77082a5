/** What docs/certificate-format.md and docs/claims.md settle where two readers might differ: the same of both checkers. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/kernel/certificate.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { resealed, type Value } from '../theorems/mutate.ts';
import { type Case, noSecond, sayTheSame, told } from './bothCheckers.ts';

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

describe.skipIf(noSecond)('what the documents settle', () => {
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

  test('counts: of directions short and long, in general position and not', () => {
    const of = (rows: readonly (readonly (number | bigint)[])[], count: string): Value => ({
      ...(realizable({
        instance: { features: rows.map((row, d) => ({ label: `${d}`, wp: row.map(String) })), pattern: [[]] },
        proof: { rule: 'deletion-restriction', count },
      }) as { [key: string]: Value }),
      claim: 'R-chambers',
      reading: 'ours',
      witness: { hypotheses: { activation: 'compute' }, conclusion: { rule: 'deletion-restriction', count } },
    });
    const resonance = Array.from({ length: 31 }, (_, x) => Array.from({ length: 5 }, (_, k) => ((x + 1) >> k) & 1));
    const long = resonance.map((row) =>
      row.map((x, k) => BigInt(x) * 10n ** 12n + BigInt(k === 0 ? (row[4] as number) : 0)),
    );
    const powers = Array.from({ length: 8 }, (_, d) =>
      Array.from({ length: 4 }, (_, k) => BigInt(d + 2) ** BigInt(9 * k)),
    );
    const repeated = [...resonance, (resonance[6] as number[]).map((x) => -3 * x)];
    sayTheSame([
      ...[resonance, long, repeated].flatMap((rows): Case[] => [
        ['as many', of(rows, '11292')],
        ['one more', of(rows, '11293'), 'wrong-count'],
        ['half', of(rows, '5646'), 'wrong-count'],
        ['of the repeated line twice', of(rows, '22584'), 'wrong-count'],
      ]),
      ['general position', of(powers, '128')],
      ['general position, another number', of(powers, '126'), 'wrong-count'],
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
      reading: 'ours',
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
      ['spare-pairs, without anchors', of('A1', 'repaired', 'spare-pairs'), 'missing-data', 'invalid'],
      ['anchored, with none', of('A1', 'repaired', 'anchored', { anchors: [] })],
      ['off-kinks, without a configuration', of('T4-dimension', 'paper', 'off-kinks'), 'missing-data', 'invalid'],
      ['more-neurons, without a configuration', of('T4-dimension', 'paper', 'more-neurons')],
      ['Chanin, one feature: absorbing', of('Chanin', 'paper', 'absorbing')],
      ['Chanin, one feature: hierarchical', of('Chanin', 'paper', 'hierarchical')],
      ['Chanin, one feature: parent-above', of('Chanin', 'repaired', 'parent-above')],
      ['Chanin: binary, without a distribution', of('Chanin', 'paper', 'binary'), 'missing-data', 'invalid'],
    ]);
  });

  // A - lambda B of the set {1,2} is that of the Gram matrix of r: 8/5 at (1, 1) and 2/5 at (1, -1).
  test('minima by enclosures, and blocks', () => {
    interface Landscape {
      readonly proof: { readonly [key: string]: Value };
      readonly as?: string;
      readonly more?: string[][];
      readonly obtuse?: boolean;
      readonly activation?: { readonly [key: string]: Value };
      /** Encoders that show the sets. */
      readonly sets?: readonly (readonly [set: readonly number[], e: readonly string[]])[];
    }
    const acute = [
      [
        [1, 2],
        ['2', '2'],
      ],
    ] as const;
    const of = ({
      proof,
      as = 'minimum',
      more = [],
      obtuse,
      activation = { kind: 'relu' },
      sets,
    }: Landscape): Value => ({
      format: 'dictum/certificate@1',
      claim: `T6-${as}`,
      reading: 'repaired',
      instance: {
        format: 'dictum/instance@1',
        name: 'pair',
        features: [
          { label: '1', wp: ['1', '0'] },
          { label: '2', wp: ['0', '1'], wr: [obtuse ? '-3/5' : '3/5', '4/5'] },
          ...more.map((wp, k) => ({ label: `${k + 3}`, wp, wr: ['0', '0'] })),
        ],
        activation,
        neurons: (sets ?? acute).length,
        pattern: (sets ?? acute).map(([set]) => [...set]),
      },
      verdict: 'holds',
      witness: {
        hypotheses: {
          activation: 'compute',
          separate: 'compute',
          realizable: { rule: 'realizes', we: (sets ?? acute).map(([, e]) => [...e]) },
        },
        conclusion: proof,
      },
    });
    const unit = [
      ['1', '0'],
      ['0', '1'],
    ];
    /** e = (1, 9/10) lies beside the eigenvector (1, 1). */
    const near = {
      e: ['1', '9/10'],
      beta: '1',
      sigma: '2/3',
      y: ['-513/9050', '57/905'],
      definite: { l: unit, d: ['2/3', '27/50'] },
      parts: unit,
    };
    const exact = { ...near, e: ['1', '1'], sigma: '3/5', y: ['0', '0'], definite: { l: unit, d: ['3/5', '3/5'] } };
    const enclosed = (live: Value[], dead: Value[] = []) => ({ rule: 'enclosed-minimum', live, dead });
    const jump = { kind: 'jumprelu', theta: '1/2' };
    const dead = [...acute, [[], ['0', '0']]] as const;
    const own = [...acute, [[3], ['-1', '-1']]] as const;
    const third = { ...exact, e: ['-1', '-1'], beta: '-1', sigma: '1/4', definite: { l: unit, d: ['0', '0'] } };
    const block = (rows: Value[], eigen: [string, string, string][]) => ({
      rule: 'blocks',
      blocks: [{ eigen: eigen.map(([lambda, ...v]) => ({ lambda, v: [v] })), rows }],
      dead: [],
    });
    const largest: [string, string, string] = ['8/5', '1', '1'];
    const other: [string, string, string] = ['2/5', '1', '-1'];
    const t = (...entries: string[]): Value => ({ t: entries, flat: ['0', '0'] });
    const both = [
      ...acute,
      [
        [1, 2],
        ['1', '2'],
      ],
    ] as const;
    // biome-ignore format: a table, one case a line
    sayTheSame([
      ['an eigenvector', of({ proof: enclosed([exact]) })],
      ['a row beside one', of({ proof: enclosed([near]) })],
      ['a claim of a saddle', of({ proof: enclosed([near]), as: 'saddle' }), 'wrong-rule'],
      // (1, 1) is positive on feature 3, where e is negative; then a direction on which it is so by more than it can be off.
      ['a sign that the eigenvector does not have', of({ proof: enclosed([{ ...near, parts: [...unit, ['-9', '19/2']] }]), more: [['-9', '19/2']], sets: [[[1, 2], ['2', '1']]] }), 'wrong-pattern'],
      ['a sign that it has', of({ proof: enclosed([{ ...near, parts: [...unit, ['-9', '1']] }]), more: [['-9', '1']] })],
      ['another combination of the directions', of({ proof: enclosed([{ ...near, parts: [...unit, ['0', '0']] }]), more: [['-9', '1']] }), 'wrong-basis'],
      ['a kink', of({ proof: enclosed([{ ...exact, parts: [...unit, ['1', '-1']] }]), more: [['1', '-1']], sets: [[[1, 2], ['1', '2']]] }), 'wrong-pattern'],
      ['no gap', of({ proof: enclosed([{ ...exact, beta: '8/5' }]) }), 'not-critical'],
      ['a residual that is not it', of({ proof: enclosed([{ ...near, y: ['0', '0'] }]) }), 'not-critical'],
      ['the smaller eigenvalue', of({ proof: enclosed([{ ...exact, beta: '0', sigma: '1', definite: { l: unit, d: ['0', '0'] } }]), obtuse: true }), 'wrong-factors'],
      // (beta - 8/5, 2/5) with beta = 0 and sigma = 1 on (1, -1) and (1, 1).
      ['the smaller eigenvalue, by its factors', of({ proof: enclosed([{ ...exact, beta: '0', sigma: '1', definite: { l: [['1', '1'], ['1', '-1']], d: ['4/5', '-4/5'] } }]), obtuse: true }), 'negative-pivot'],
      ['JumpReLU: a row above the threshold', of({ proof: enclosed([near]), activation: jump })],
      ['JumpReLU: at the threshold', of({ proof: enclosed([{ ...exact, e: ['1/2', '1/2'], sigma: '12/5' }]), activation: jump }), 'wrong-pattern'],
      ['JumpReLU: a dead row of zeros', of({ proof: enclosed([near], [['0', '0']]), activation: jump, sets: dead })],
      ['JumpReLU: a dead row at the threshold', of({ proof: enclosed([near], [['0', '1/2']]), activation: jump, sets: dead }), 'at-a-kink'],
      ['ReLU: a dead row of zeros', of({ proof: enclosed([near], [['0', '0']]), sets: dead }), 'at-a-kink'],
      ['Top-1: two neurons', of({ proof: enclosed([{ ...near, parts: [...unit, ['-1', '-1']] }, { ...third, parts: [['-1/2'], ['-1/2'], ['1']] }]), activation: { kind: 'topk', k: 1 }, more: [['-1', '-1']], sets: own })],
      ['the larger eigenvalue in use', of({ proof: block([t('1')], [largest, other]) })],
      ['the smaller one', of({ proof: block([t('1')], [['2/5', '1', '1'], ['8/5', '1', '-1']]), obtuse: true }), 'missing-root'],
      ['the smaller one, a saddle', of({ proof: block([t('1')], [['2/5', '1', '1'], ['8/5', '1', '-1']]), obtuse: true, as: 'saddle' })],
      ['the larger one, no saddle', of({ proof: block([t('1')], [largest, other]), as: 'saddle' }), 'no-descent'],
      ['one eigenvector twice', of({ proof: block([t('1')], [largest, largest]) }), 'wrong-basis'],
      ['one eigenvector only', of({ proof: block([t('1')], [largest]) }), 'wrong-size'],
      ['two neurons', of({ proof: block([t('2', '1'), t('2', '-1')], [largest, other]), sets: both })],
      ['two neurons and one row', of({ proof: block([t('1', '0'), t('2', '0')], [largest, other]), sets: both }), 'wrong-basis'],
      ['a mixture at a kink', of({ proof: block([t('1', '1'), t('2', '1')], [largest, other]), sets: both }), 'wrong-pattern'],
    ]);
  });
});
