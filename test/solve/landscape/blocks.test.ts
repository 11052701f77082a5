/** Blocks of neurons with one set: the kernel's rule, what it refuses, and gradient descent in floats around what it accepts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { Landscape } from '../../../src/solve/landscape/decidePattern.ts';
import { toFloat } from '../../../src/solve/landscape/eigenvector.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { array, integer } from '../../kernel/arbitraries.ts';
import { instance, type Plain, refused } from '../../kernel/read.ts';
import { type Floats, float, floats, inner, loss, rootOf, step } from '../../kernel/rules/floats.ts';
import { accept, mutations } from '../../kernel/rules/proofs.ts';

type Numbers = number[];
const critical = (pattern: number[][], as: 'any' | 'minimum' | 'saddle'): Judgement => ({
  kind: 'judgement',
  predicate: 'critical',
  truth: true,
  pattern,
  as,
});

// biome-ignore format: a table, one case a line
const cube = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const acute = [
  [1, 0, 0],
  [1, 1, 0],
  [1, 1, 1],
];
// biome-ignore format: a table, one case a line
test.each([
  ['two neurons on three orthonormal features', { wp: cube }, [[0, 1, 2], [0, 1, 2], []], 'local-minimum', { exact: '1' }],
  ['as many neurons as dimensions: loss 0', { wp: cube }, [[0, 1, 2], [0, 1, 2], [0, 1, 2]], 'local-minimum', { exact: '0' }],
  ['more neurons than dimensions', { wp: cube.slice(0, 2) }, [[0, 1], [0, 1], [0, 1]], 'local-minimum', { exact: '0' }],
  ['a block and a neuron by itself', { wp: cube }, [[0, 1], [0, 1], [2]], 'local-minimum', { exact: '0' }],
  ['weights 3, 2, 1: the two largest do not meet the cone', { wp: cube, weights: [3, 2, 1] }, [[0, 1, 2], [0, 1, 2]], null, null, 'undecided'],
  ['irrational eigenvalues', { wp: cube, wr: acute }, [[0, 1, 2], [0, 1, 2], []], 'local-minimum', undefined],
  ['under a threshold', { wp: cube, wr: acute, activation: { kind: 'jumprelu', theta: '1' } }, [[0, 1, 2], [0, 1, 2], []], 'local-minimum', undefined],
  ['under Top-2', { wp: cube, wr: acute, activation: { kind: 'topk', k: 2 } }, [[0, 1, 2], [0, 1, 2], []], 'local-minimum', undefined],
  ['Top-1 has no room for two', { wp: cube, activation: { kind: 'topk', k: 1 } }, [[0, 1, 2], [0, 1, 2], []], null, null, 'unrealizable'],
] as const)('%s', (_, plain, sets, kind, value, verdict?: string) => {
  const pattern = sets.map((set) => [...set]);
  const m = instance({ ...(plain as unknown as Plain), neurons: pattern.length });
  const { entry, certificate } = new Surveyor(m, { claims: CLAIMS, sha256 }).survey(pattern);
  expect(entry.class).toBe(kind);
  if (value !== undefined) expect(entry.loss).toEqual(value);
  expect(entry.verdict).toBe(verdict ?? 'critical');
  if (verdict === 'undecided') expect(entry.why).toContain('cone');
  else expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});

interface BlockData {
  readonly eigen: { readonly lambda: string | { f: string[]; in: [string, string] }; readonly v: string[][] }[];
  readonly rows: { readonly t: string[]; readonly flat: string[] }[];
}
/** The encoder rows of one block, in floats. */
function rowsOf({ eigen, rows }: BlockData): Numbers[] {
  const vectors = eigen.map(({ lambda, v }) =>
    v.reduceRight<Numbers>(
      (sum, c) => step(c.map(float), sum, rootOf(lambda)),
      v[0]!.map(() => 0),
    ),
  );
  return rows.map(({ t, flat }) => t.reduce((sum, x, j) => step(sum, vectors[j]!, float(x)), flat.map(float)));
}

/** Plain gradient descent on the decoder, from 0: the best one for these rows. */
function decoder(at: Floats, e: Numbers[]): Numbers[] {
  const size = Math.max(...at.w.map((w) => e.reduce((sum, row) => sum + Math.max(0, inner(row, w)) ** 2, 0)));
  const total = at.M.reduce((a, b) => a + b, 0) * size;
  let u = e.map(() => at.r[0]!.map(() => 0));
  for (let k = 0; k < 20000; k++) {
    const gradient = u.map((column) => column.map(() => 0));
    at.w.forEach((w, d) => {
      const z = e.map((row) => Math.max(0, inner(row, w)));
      const rho = z.reduce((rest, x, i) => step(rest, u[i]!, -x), at.r[d]!);
      z.forEach((x, i) => {
        gradient[i] = step(gradient[i]!, rho, at.M[d]! * x);
      });
    });
    if (Math.max(...gradient.flat().map(Math.abs)) < 1e-13) break;
    u = u.map((column, i) => step(column, gradient[i]!, 1 / total));
  }
  return u;
}

test('random blocks: both classes, the loss in floats, and mutants', { timeout: 120_000 }, () => {
  const count = { 'local-minimum': 0, saddle: 0, other: 0, mutants: 0, survived: 0, compared: 0 };
  const pattern = [
    [0, 1, 2],
    [0, 1, 2],
  ];
  fc.assert(
    fc.property(array(array(integer(2), 3), 3), array(fc.constantFrom(1, 2, 3), 3), (wr, weights) => {
      const plain: Plain = { wp: cube, wr, weights, neurons: 2 };
      const m = instance(plain);
      const answer = new Landscape(m).decide(pattern);
      if (answer.is !== 'critical') {
        count.other++;
        return;
      }
      count[answer.class as 'saddle']++;
      const as = answer.class === 'saddle' ? 'saddle' : 'minimum';
      const proof = answer.proof as unknown as { blocks: BlockData[] };
      expect(refused(() => accept(critical(pattern, as), proof, m))).toBe(false);
      expect(refused(() => accept(critical(pattern, as === 'saddle' ? 'minimum' : 'saddle'), proof, m))).toBe(true);
      const e = rowsOf(proof.blocks[0]!);
      const at = floats(plain);
      const u = decoder(at, e);
      const here = loss(at, { e, u });
      const [least, most] = answer.loss.map(toFloat) as [number, number];
      if (Math.abs(here - least) < 1e-6) count.compared++;
      // The float decoder may not have converged, but is never better.
      expect(here).toBeGreaterThan(least - 1e-9 - (most - least));
      for (const [, mutant] of mutations(proof).slice(0, 30)) {
        count.mutants++;
        if (!refused(() => accept(critical(pattern, as), mutant, m))) count.survived++;
      }
    }),
    { numRuns: 30, seed: 4 },
  );
  console.log('blocks:', JSON.stringify(count));
  expect(Math.min(count['local-minimum'], count.saddle)).toBeGreaterThan(5);
  expect(count.compared).toBeGreaterThan(5);
  expect(count.survived).toBeLessThan(count.mutants / 3);
});

const good = {
  rule: 'blocks',
  blocks: [
    {
      eigen: [
        { lambda: '3', v: [['1', '0']] },
        { lambda: '2', v: [['0', '1']] },
      ],
      rows: [
        { t: ['2', '1'], flat: ['0', '0'] },
        { t: ['1', '2'], flat: ['0', '0'] },
      ],
    },
  ],
  dead: [],
};
const two: Plain = {
  wp: [
    [1, 0],
    [0, 1],
  ],
  weights: [3, 2],
  neurons: 2,
};
const block = good.blocks[0]!;
const withBlock = (change: object): object => ({ ...good, blocks: [{ ...block, ...change }] });
const goal = critical(
  [
    [0, 1],
    [0, 1],
  ],
  'minimum',
);
const one = { eigen: [...block.eigen].reverse(), rows: [{ t: ['1'], flat: ['0', '0'] }] };

// biome-ignore format: a table, one case a line
test.each([
  ['eigenvalues that are none', two, goal, withBlock({ eigen: [{ lambda: '2', v: [['1', '0']] }, block.eigen[1]] }), 'not-critical'],
  ['an eigenvector of 0', two, goal, withBlock({ eigen: [{ lambda: '3', v: [] }, block.eigen[1]] }), 'too-wide'],
  ['one vector twice', two, goal, withBlock({ eigen: [block.eigen[0], block.eigen[0]] }), 'wrong-basis'],
  ['a mixture of rank 1', two, goal, withBlock({ rows: [block.rows[0], block.rows[0]] }), 'wrong-basis'],
  ['a row outside the cone', two, goal, withBlock({ rows: [block.rows[0], { t: ['1', '-1'], flat: ['0', '0'] }] }), 'wrong-pattern'],
  ['a row at a kink', two, goal, withBlock({ rows: [block.rows[0], { t: ['1', '0'], flat: ['0', '0'] }] }), 'wrong-pattern'],
  ['a shift that is not 0 on the set', two, goal, withBlock({ rows: [block.rows[0], { t: ['1', '2'], flat: ['0', '1'] }] }), 'wrong-basis'],
  ['a vector too few', two, goal, withBlock({ eigen: [block.eigen[0]] }), 'wrong-size'],
  ['sets that meet and differ', { ...two, neurons: 2 }, critical([[0, 1], [0]], 'minimum'), { ...good, blocks: [block, block] }, 'not-a-partition'],
  ['BatchTopK', { ...two, activation: { kind: 'batchtopk', k: 2 } }, goal, good, 'wrong-rule'],
  ['Top-1', { ...two, activation: { kind: 'topk', k: 1 } }, goal, good, 'wrong-pattern'],
  ['a dead row at a kink', { ...two, neurons: 3 }, critical([[0, 1], [0, 1], []], 'minimum'), { ...good, dead: [['0', '-1']] }, 'at-a-kink'],
  ['no saddle, as nothing is left out', two, critical([[0, 1], [0, 1]], 'saddle'), good, 'no-descent'],
  ['the row is not in the cone by one vector alone', { ...two, neurons: 1 }, critical([[0, 1]], 'minimum'), { ...good, blocks: [one] }, 'wrong-pattern'],
  ['the smaller of two', { wp: [[1, 0], [0, 1]], wr: [[1, 0], ['-3/5', '4/5']], neurons: 1 }, critical([[0, 1]], 'minimum'), { ...good, blocks: [{ eigen: [{ lambda: '2/5', v: [['1', '1']] }, { lambda: '8/5', v: [['1', '-1']] }], rows: [{ t: ['1'], flat: ['0', '0'] }] }] }, 'missing-root'],
] as const)('refused: %s', (_, plain, asked, proof, code) => {
  let found = 'accepted';
  try {
    accept(asked, proof, instance(plain as unknown as Plain));
  } catch (thrown) {
    found = (thrown as { code?: string }).code ?? `${thrown}`;
  }
  expect(found).toBe(code);
});

test('accepted: the block by hand, and the smaller of two as a saddle', () => {
  expect(refused(() => accept(goal, good, instance(two)))).toBe(false);
  const obtuse = instance({
    wp: [
      [1, 0],
      [0, 1],
    ],
    wr: [
      [1, 0],
      ['-3/5', '4/5'],
    ],
    neurons: 1,
  });
  const eigen = [
    { lambda: '2/5', v: [['1', '1']] },
    { lambda: '8/5', v: [['1', '-1']] },
  ];
  const smaller = { ...good, blocks: [{ eigen, rows: [{ t: ['1'], flat: ['0', '0'] }] }] };
  expect(refused(() => accept(critical([[0, 1]], 'saddle'), smaller, obtuse))).toBe(false);
});
