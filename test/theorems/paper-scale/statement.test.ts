import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSubject } from '../../../src/kernel/model/formats.ts';
import {
  directions,
  encoder,
  generated,
  product,
  products,
  squaredNorms,
} from '../../../src/kernel/model/generatedModel.ts';
import { rank } from '../../../src/kernel/numbers/elimination.ts';
import { singularAt } from '../../../src/kernel/numbers/modular.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { expectRejection, node } from '../../kernel/read.ts';
import { codeOf, decided } from '../decided.ts';

const document = (changes: object = {}) => ({
  format: 'dictum/scale@1',
  name: 'small',
  features: 12,
  dimensions: 20,
  neurons: 40,
  entries: 3,
  directions: { seed: 3 },
  encoder: { seed: 4 },
  ...changes,
});
const read = (changes: object = {}) => readSubject(node(document(changes)), 'dictum/scale@1');

it('xorshift32: the numbers of Marsaglia 2003 for the seed 2463534242', () => {
  // 723471715, 2497366906, 2064144800: his first outputs; modulo 101 after the low 8 bits are dropped.
  const entries = [...generated(2463534242 | 0, 1, 3, 50)];
  expect(entries).toEqual([723471715, 2497366906, 2064144800].map((x) => (Math.floor(x / 256) % 101) - 50));
});

it('small instances hold, with and without anchors', () => {
  expect(decided('T4-scale', 'ours', read()).verdict).toBe('holds');
  const anchored = decided('T4-scale', 'ours', read({ anchors: 4 }));
  expect(anchored.verdict).toBe('holds');
  expect(anchored.facts).toContain('0 of 8 features recovered');
});

it('an encoder that contains a direction recovers it', () => {
  const m = read();
  const row = [...directions(m).subarray(5 * m.dimensions, 6 * m.dimensions)].map(String);
  const { verdict, facts } = decided(
    'T4-scale',
    'ours',
    read({ encoder: { seed: 4, overrides: [{ neuron: 30, row }] } }),
  );
  expect([verdict, facts]).toEqual(['refuted', '1 of 12 features recovered by the encoder']);
});

it('products and norms are those of exact vectors', () => {
  const m = read({ anchors: 2 });
  const [e, w] = [encoder(m), directions(m)];
  const row = (of: Int8Array, r: number, from = 0): Vector =>
    Vector.ints([...of.subarray(r * m.dimensions + from, (r + 1) * m.dimensions)].map(BigInt));
  let count = 0;
  products(e, w, m.dimensions, m.dimensions, (r, d, z) => {
    count++;
    expect(BigInt(z)).toBe(row(e, r).dot(row(w, d)).num);
    expect(product(e, r, w, d, m.dimensions)).toBe(z);
  });
  expect(count).toBe(m.neurons * m.features);
  expect([...squaredNorms(w, m.dimensions, 4)].map(BigInt)).toEqual(
    Array.from({ length: m.features }, (_, d) => row(w, d, 4).dot(row(w, d, 4)).num),
  );
  expect(row(e, 0)).toEqual(row(w, 0));
});

it('what is regular modulo p is regular, and what is singular is not', () => {
  const matrix = fc
    .integer({ min: 1, max: 6 })
    .chain((n) => fc.array(fc.array(fc.nat(4), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }));
  let regular = 0;
  fc.assert(
    fc.property(matrix, fc.constantFrom(2, 6, 7, 97, 2097143), (rows, p) => {
      const n = rows.length;
      const residues = Int32Array.from(rows.flat().map((x) => x % p));
      const full = rank(rows.map((r) => Vector.ints(r.map(BigInt)))) === n;
      if (singularAt(residues, n, p) === n) {
        regular++;
        expect(full).toBe(true);
      }
    }),
    { numRuns: 500, seed: 13 },
  );
  expect(regular).toBeGreaterThan(80);
  expect(singularAt(Int32Array.from([0, 1, 1, 0]), 2, 7)).toBe(0);
  expect(singularAt(Int32Array.from([1, 2, 2, 4]), 2, 7)).toBe(1);
  expect(singularAt(Int32Array.from([3, 0, 0, 1]), 2, 6)).toBe(0);
});

describe('refused', () => {
  const { certificate } = decided('T4-scale', 'ours', read({ anchors: 4 }));
  type Parts = Record<string, unknown>;
  const proof = (d: Parts): { p: number; rows: number[] } =>
    (d.witness as { conclusion: [{ p: number; rows: number[] }] }).conclusion[0];
  const of = (d: Parts): Parts => d.instance as Parts;
  it.each<[string, (document: Parts) => void, string]>([
    ['a row twice', (d) => (proof(d).rows[1] = proof(d).rows[0]!), 'repeated-row'],
    ['an anchored row', (d) => (proof(d).rows[0] = 4), 'out-of-range'],
    ['a row beyond n_q', (d) => (proof(d).rows[0] = 41), 'out-of-range'],
    ['a row too few', (d) => proof(d).rows.pop(), 'wrong-size'],
    ['modulo 1', (d) => (proof(d).p = 1), 'out-of-range'],
    ['a modulus that is too large', (d) => (proof(d).p = 2097153), 'out-of-range'],
    ['modulo 2, where a pivot is missing', (d) => (proof(d).p = 2), 'no-pivot'],
    ['another seed of the directions', (d) => (of(d).directions = { seed: 0 }), 'out-of-range'],
    ['n_p a^2 too large', (d) => Object.assign(of(d), { dimensions: 10_000, entries: 20 }), 'too-large'],
    ['more anchors than features', (d) => (of(d).anchors = 13), 'out-of-range'],
    [
      'an override of another length',
      (d) => (of(d).encoder = { seed: 4, overrides: [{ neuron: 1, row: ['1'] }] }),
      'wrong-size',
    ],
    [
      'an override that is too large',
      (d) => (of(d).encoder = { seed: 4, overrides: [{ neuron: 1, row: new Array(20).fill('4') }] }),
      'out-of-range',
    ],
    [
      'an override that is no integer',
      (d) => (of(d).encoder = { seed: 4, overrides: [{ neuron: 1, row: new Array(20).fill('1/2') }] }),
      'out-of-range',
    ],
    ['the opposite verdict', (d) => (d.verdict = 'refuted'), 'wrong-type'],
  ])('%s', (_, change, code) => {
    expect(codeOf(certificate, change)).toBe(code);
  });

  it('a row of zeros among the rows named', () => {
    const [first] = (JSON.parse(certificate) as { witness: { conclusion: [{ rows: number[] }] } }).witness.conclusion[0]
      .rows;
    const change = (d: Parts): void => {
      of(d).encoder = { seed: 4, overrides: [{ neuron: first!, row: new Array(20).fill('0') }] };
    };
    expect(codeOf(certificate, change)).toBe('no-pivot');
  });

  it('overrides out of order', () => {
    const row = new Array(20).fill('1');
    expectRejection(
      () =>
        read({
          encoder: {
            seed: 4,
            overrides: [
              { neuron: 2, row },
              { neuron: 2, row },
            ],
          },
        }),
      'not-increasing',
      '$.encoder.overrides[1].neuron',
    );
  });
});
