/** `dictum landscape --given` of weights: each kind of answer, what its certificate says, and what both checkers make of a changed one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resealed, type Value } from '../../theorems/mutate.ts';
import { both } from '../../verify/bothCheckers.ts';
import { dictum, folder } from '../run.ts';

interface Document {
  readonly [key: string]: unknown;
}
interface Answer {
  readonly kind: string;
  readonly claim?: string;
  readonly class?: string;
  readonly apart?: string;
  readonly loss?: readonly string[];
  readonly file?: string;
}
interface One {
  readonly neurons: readonly number[];
  readonly features: readonly number[];
  readonly loss: string;
  readonly gradient: string;
  readonly answers: readonly Answer[];
  readonly open: readonly string[];
}

const W = ['acute', 'meet', 'far', 'long', 'tie'] as const;
const here = folder();
const features = (...rows: string[][]): object[] =>
  rows.map((wp, d) => ({ label: ['dog', 'cat', 'cow', 'owl'][d], wp }));
const base = (neurons: number): Document => ({
  format: 'dictum/instance@1',
  name: 'x',
  features: features(['1', '0'], ['3/5', '4/5']),
  activation: { kind: 'relu' },
  neurons,
});
const INSTANCES: Record<(typeof W)[number], Document> = {
  // One neuron on both, one dead: the minimum of T6, and its way out.
  acute: {
    ...base(2),
    we: [
      ['2', '1'],
      ['-1', '-1'],
    ],
    wd: [
      ['2/5', '0'],
      ['1/5', '0'],
    ],
  },
  // Sets that meet and differ, and the fourth direction by two neurons (theory of zero rows).
  meet: {
    ...base(4),
    features: features(['1', '0', '0'], ['0', '1', '0'], ['0', '0', '1'], ['-2/3', '-2/3', '-1/3']),
    we: [
      ['1', '1', '-1'],
      ['-1/2', '1/2', '1'],
      ['-2/3', '-2/3', '-1/3'],
      ['-2/3', '-2/3', '-1/3'],
    ],
    wd: [
      ['5/9', '-2/9', '-2/3', '0'],
      ['4/9', '2/9', '-2/3', '0'],
      ['-2/9', '8/9', '-1/3', '0'],
    ],
  },
  // As trained: numbers of 24 bits, near the minimum of one neuron, not at it.
  far: { ...base(1), we: [['16777215/8388608', '9400000/8388608']], wd: [['3355443/8388608'], ['1677000/8388608']] },
  // 3 neurons on 3 of 4 features each, in floats.
  long: {
    ...base(3),
    features: features(['1', '0', '0'], ['0', '1', '0'], ['0', '0', '1'], ['2/3', '2/3', '1/3']),
    we: [
      ['1/3', '7/8', '-1/7'],
      ['9/11', '-1/5', '3/10'],
      ['-1/9', '1/4', '8/9'],
    ],
    wd: [
      ['1/7', '5/6', '-1/9'],
      ['4/5', '-1/7', '2/9'],
      ['-1/5', '1/8', '6/7'],
    ],
  },
  tie: {
    ...base(2),
    activation: { kind: 'topk', k: 1 },
    we: [
      ['1', '1'],
      ['1', '1'],
    ],
    wd: [
      ['1', '0'],
      ['0', '1'],
    ],
  },
};
const written = (name: string, document: object): string => {
  const file = join(here, `${name}.json`);
  writeFileSync(file, JSON.stringify(document));
  return file;
};
const files = Object.fromEntries(W.map((name) => [name, written(name, INSTANCES[name])])) as Record<
  (typeof W)[number],
  string
>;
/** What each checker says of a text. */
const told = (text: string): readonly string[] => both([JSON.stringify(JSON.parse(text))])[0] ?? [];
const proofs = (name: string): string => join(here, `proofs-${name}`);

function answered(name: (typeof W)[number]): {
  code: number | null;
  whole?: One;
  components: readonly One[];
  dead: readonly number[];
} {
  const { code, out, err } = dictum(['landscape', files[name], '--given', '--certificates', proofs(name), '--json']);
  expect(err).not.toMatch(/bug/);
  return { code, ...(JSON.parse(out) as { given: { whole?: One; components: One[]; dead: number[] } }).given };
}
const kinds = (one: One | undefined): string[] => (one?.answers ?? []).map(({ kind }) => kind);

test('a dead neuron beside a minimum: the component is at a global minimum of one neuron, and from the whole a path leads to 0', () => {
  const { code, whole, components, dead } = answered('acute');
  expect([code, dead]).toEqual([0, [1]]);
  expect(kinds(whole)).toEqual(['path-to-zero']);
  expect(components).toMatchObject([{ neurons: [0], features: [1, 2], loss: '2/5', gradient: '0' }]);
  expect(kinds(components[0])).toEqual(['least', 'minimum']);
  expect(dictum(['check', proofs('acute')])).toMatchObject({
    code: 0,
    out: expect.stringContaining('3 certificates replayed, 0 rejected'),
  });
});

test('sets that meet: a global minimum by the rank of the outputs, where nothing was said before', () => {
  const { code, components } = answered('meet');
  expect(code).toBe(0);
  expect(components.map(kinds)).toEqual([['least'], ['least']]);
  expect(components.map(({ loss }) => loss)).toEqual(['1', '0']);
});

test('beside a critical point: that point, with the distance, and a path to less; in words both', () => {
  const { code, components } = answered('far');
  expect(code).toBe(0);
  const [one] = components as [One];
  expect(kinds(one)).toEqual(['near', 'path-to-less', 'bound']);
  const [near, path] = one.answers as [Answer, Answer];
  expect(near.class).toBe('local-minimum');
  const [num = '0', den = '1'] = (near.apart ?? '').split('/');
  expect(Number(num) / Number(den)).toBeLessThan(0.5);
  expect(Number(num) / Number(den)).toBeGreaterThan(0.02);
  expect(path.claim).toBe('T6-path');
  const said = dictum(['landscape', files.far, '--given']).out;
  expect(said).toMatch(/#0 on \{dog, cat\}: L~ ≈ 0\.4\d+, \|grad L~\| ≈ /);
  expect(said).toMatch(/a point near, within ≈0\.\d+ in each coordinate, is a local minimum of L~/);
  const checked = dictum(['check', proofs('far')]).out;
  expect(checked).toContain('in each coordinate of the weights given (of that point this speaks, not of them)');
  expect(checked).not.toContain('end of a run');
  // Nearer than it is, nothing.
  const none = dictum(['landscape', files.far, '--given', '--within', '1', '--json']).out;
  expect(none).not.toContain('"kind":"near"');
});

test('sets that meet, in floats: a path by steps, and what the checkers say of one that rises or leaves its side', () => {
  const { components } = answered('long');
  const [one] = components as [One];
  expect(kinds(one)).toContain('path-to-less');
  const file = join(proofs('long'), one.answers.find(({ kind }) => kind === 'path-to-less')?.file ?? '');
  const text = readFileSync(file, 'utf8');
  expect(told(text)).toEqual(['accepted', 'accepted']);
  const changed = (change: (steps: { we?: string[][]; wd?: string[][] }[]) => void): string => {
    const document = JSON.parse(text) as { witness: { conclusion: { steps: [] } } };
    change(document.witness.conclusion.steps);
    return resealed(document as unknown as { [key: string]: Value });
  };
  const rises = changed((steps) => {
    steps.push({
      wd: [
        ['9', '0', '0'],
        ['0', '9', '0'],
        ['0', '0', '9'],
      ],
    });
  });
  const crosses = changed((steps) => {
    const rows = steps.find(({ we }) => we)?.we ?? [];
    rows[0] = (rows[0] ?? []).map((x) => (x.startsWith('-') ? x.slice(1) : `-${x}`));
  });
  expect(told(rises)).toEqual(['invalid does-not-hold', 'invalid does-not-hold']);
  expect(told(crosses)).toEqual(['invalid wrong-side', 'invalid wrong-side']);
});

test('a tie of Top-k: undecided, and why', () => {
  const { code, out } = dictum(['landscape', files.tie, '--given']);
  expect([code, out]).toEqual([3, expect.stringMatching(/undecided: .*tie|equal/)]);
});

test('every answer has a certificate that both checkers accept; once its weights are others they agree, and refuse most', () => {
  const texts = W.slice(0, 4).flatMap((name) =>
    readdirSync(proofs(name)).map((file) => readFileSync(join(proofs(name), file), 'utf8')),
  );
  const oneLine = (text: string): string => JSON.stringify(JSON.parse(text));
  expect(texts.length).toBeGreaterThan(8);
  expect(new Set(both(texts.map(oneLine)).flat())).toEqual(new Set(['accepted']));
  const others = texts.map((text) => {
    const document = JSON.parse(text) as { instance: { we: string[][] } };
    document.instance.we[0] = (document.instance.we[0] ?? []).map(() => '5');
    return resealed(document as unknown as { [key: string]: Value });
  });
  const outcomes = both(others.map(oneLine));
  for (const [one, other] of outcomes) expect(one).toBe(other);
  // A path may lead to 0 from other weights too, and a bound is about all of them.
  expect(outcomes.filter(([one]) => one !== 'accepted').length).toBeGreaterThan(texts.length / 3);
});

test('too large: said at once, by which bound', () => {
  const side = 150;
  const row = (k: number): string[] => Array.from({ length: side }, (_, d) => (d === k ? '1' : '1/1000'));
  const rows = Array.from({ length: side }, (_, k) => row(k));
  const large = { ...base(side), features: rows.map((wp, d) => ({ label: `f${d}`, wp })), we: rows, wd: rows };
  const { code, out } = dictum(['landscape', written('large', large), '--given']);
  expect([code, out]).toEqual([3, expect.stringContaining('6750000 products, at most 4000000 are taken')]);
});

test('--within without weights, or without --given', () => {
  const { we: _, wd: __, ...bare } = INSTANCES.acute;
  const file = written('bare', { ...bare, pattern: [[1, 2], []] });
  for (const args of [
    ['--given', '--within', '10'],
    ['--within', '10'],
  ]) {
    expect(dictum(['landscape', file, ...args])).toMatchObject({ code: 2, err: expect.stringContaining('--within') });
  }
});
