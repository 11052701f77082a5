/** latent-on, latent-off, absorbs: against sums that are tried out, and against what has to be refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSubject } from '../../../src/kernel/model/formats.ts';
import type { Latents } from '../../../src/kernel/model/subject.ts';
import { integer } from '../../kernel/arbitraries.ts';
import { node, rejection } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { decided } from '../decided.ts';

type Row = readonly number[];
interface Plain {
  readonly latents: readonly {
    readonly row: Row;
    readonly constant: number;
    readonly column?: Row;
    readonly threshold?: string;
  }[];
  readonly inputs: readonly Row[];
  readonly more?: object;
}

const texts = (row: Row): string[] => row.map(String);
const document = ({ latents, inputs, more }: Plain) => ({
  format: 'dictum/latents@1',
  name: 'a test',
  source: 'by hand',
  latents: latents.map(({ row, constant, column = row, threshold = '0' }, i) => ({
    name: `#${i}`,
    row: texts(row),
    constant: `${constant}`,
    threshold,
    column: texts(column),
  })),
  inputs: inputs.map((x, j) => ({ label: `x${j}`, x: texts(x) })),
  ...more,
});
const read = (plain: Plain): Latents => readSubject(node(document(plain)), 'dictum/latents@1');
const verdict = (claim: string, plain: Plain): string => decided(claim, 'ours', read(plain)).verdict;

const dot = (a: Row, b: Row): number => a.reduce((total, x, k) => total + x * (b[k] ?? 0), 0);

const row = fc.array(integer(3), { minLength: 2, maxLength: 2 });
const some = (most: number) => fc.array(row, { minLength: 1, maxLength: most });

test('on and off at inputs, as products say; a margin of 0 is off', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ row, constant: integer(3) }), { minLength: 1, maxLength: 2 }),
      some(3),
      (latents, inputs) => {
        const margins = latents.flatMap((latent) => inputs.map((x) => dot(latent.row, x) + latent.constant));
        expect(verdict('latent-on', { latents, inputs })).toBe(margins.every((s) => s > 0) ? 'holds' : 'refuted');
        expect(verdict('latent-off', { latents, inputs })).toBe(margins.every((s) => s <= 0) ? 'holds' : 'refuted');
      },
    ),
    { numRuns: amount(60, 600) },
  );
});

test('off at all sums of a few inputs: as trying their corners says', () => {
  fc.assert(
    fc.property(
      row,
      integer(4),
      some(4),
      fc.nat({ max: 3 }),
      fc.nat({ max: 3 }),
      (own, constant, inputs, strength, k) => {
        const most = Math.min(inputs.length, 1 + k);
        const corners = Array.from({ length: 2 ** inputs.length }, (_, bits) =>
          inputs.filter((_, j) => (bits >> j) & 1),
        ).filter((set) => set.length <= most);
        const off = corners.every((set) => set.reduce((total, x) => total + strength * dot(own, x), constant) <= 0);
        const more = { sums: { most, strength: `${strength}` } };
        expect(verdict('latent-off', { latents: [{ row: own, constant }], inputs, more })).toBe(
          off ? 'holds' : 'refuted',
        );
      },
    ),
    { numRuns: amount(100, 1000) },
  );
});

describe('absorbs', () => {
  const absorbed = (changes: Partial<Plain> = {}): Plain => ({
    latents: [
      { row: [1, -1], constant: 0, column: [1, 0] },
      { row: [0, 1], constant: 0, column: [1, 1] },
    ],
    inputs: [
      [1, 0],
      [0, 1],
    ],
    more: { strengths: ['1', '1'] },
    ...changes,
  });

  test('the hand-made one; its shares and strengths are said', () => {
    const { facts } = decided('absorbs', 'ours', read(absorbed({ more: { strengths: ['3/2', '2'] } })));
    expect(facts).toContain(
      'of the strength of 3/2 x0 #0 writes 1 where it is alone and 0 beside 2 x1; the latents that come with 2 x1 write 4/3',
    );
    expect(facts).toContain('#1 is on at 3/2 x0 with 2 x1, with margin 2');
  });

  const [carrier, other] = absorbed().latents as [Plain['latents'][number], Plain['latents'][number]];
  test.each<[string, Partial<Plain>]>([
    ['the carrier stays', { latents: [{ ...carrier, row: [2, -1] }, other] }],
    ['nobody carries the parent alone', { latents: [{ ...carrier, constant: -1 }, other] }],
    ['nobody comes', { latents: [carrier] }],
    ['who comes does not write the parent', { latents: [carrier, { ...other, column: [0, 1] }] }],
    ['who comes was there before', { latents: [carrier, { ...other, row: [1, 1] }] }],
    ['who is to come does not', { latents: [carrier, { ...other, row: [-1, 1] }] }],
    ['exactly half is kept', { latents: [{ ...carrier, row: [2, -1] }, other], more: { strengths: ['1', '1'] } }],
  ])('not where %s', (_, changes) => {
    expect(verdict('absorbs', absorbed(changes))).toBe('refuted');
  });

  test('a threshold is given out with the margin', () => {
    const with1 = { ...carrier, constant: -1, threshold: '1' };
    expect(verdict('absorbs', absorbed({ latents: [with1, other], more: { strengths: ['2', '2'] } }))).toBe('holds');
  });

  test('the dual separates parent and child that are not orthogonal: a column of the child alone writes nothing of the parent', () => {
    const inputs = [
      [1, 0],
      [1, 1],
    ];
    const child = { row: [0, 1], constant: 0, column: [1, 1] };
    const kept = { row: [1, 0], constant: 0, column: [1, 0] };
    const { facts } = decided('absorbs', 'ours', read(absorbed({ latents: [kept, child], inputs })));
    // Together (2, 1): the carrier writes 2 (1, 0), the child (1, 1).
    expect(facts).toContain('writes 1 where it is alone and 2 beside x1');
  });

  test.each<[string, Partial<Plain>, string]>([
    ['one input', { inputs: [[1, 0]] }, 'missing-data'],
    [
      'a parent and its multiple',
      {
        inputs: [
          [1, 0],
          [2, 0],
        ],
      },
      'missing-data',
    ],
    ['no strengths', { more: {} }, 'missing-data'],
  ])('is not asked of %s', (_, changes, code) => {
    expect(rejection(() => decided('absorbs', 'ours', read(absorbed(changes)))).code).toBe(code);
  });
});

test.each<[string, (d: ReturnType<typeof document>) => object, string]>([
  ['no latent', (d) => ({ ...d, latents: [] }), 'wrong-size'],
  ['no input', (d) => ({ ...d, inputs: [] }), 'wrong-size'],
  ['a latent twice', (d) => ({ ...d, latents: [d.latents[0], d.latents[0]] }), 'repeated-row'],
  ['an input twice', (d) => ({ ...d, inputs: [d.inputs[0], d.inputs[0]] }), 'repeated-row'],
  ['an input of another length', (d) => ({ ...d, inputs: [{ label: 'x', x: ['1'] }] }), 'wrong-size'],
  ['a threshold below 0', (d) => ({ ...d, latents: [{ ...d.latents[0], threshold: '-1' }] }), 'out-of-range'],
  ['a strength of 0', (d) => ({ ...d, strengths: ['1', '0'] }), 'out-of-range'],
  ['three strengths', (d) => ({ ...d, strengths: ['1', '1', '1'] }), 'wrong-size'],
  ['sums of more inputs than there are', (d) => ({ ...d, sums: { most: 2, strength: '1' } }), 'out-of-range'],
  ['sums of negative strength', (d) => ({ ...d, sums: { most: 1, strength: '-1' } }), 'out-of-range'],
  ['an unknown key', (d) => ({ ...d, k: 1 }), 'unknown-key'],
])('%s is refused', (_, change, code) => {
  const plain = document({ latents: [{ row: [1, 0], constant: 0 }], inputs: [[1, 0]] });
  expect(rejection(() => readSubject(node(change(plain)), 'dictum/latents@1')).code).toBe(code);
});
