/**
 * The landscape under JumpReLU and Top-k against floating point with the activation itself: near an accepted minimum nothing is lower, a
 * saddle's way down goes down, and where no critical point was accepted random mixtures of eigenvectors show the pattern nowhere.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { Landscape } from '../../../src/solve/landscape/decidePattern.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { instance, type Plain } from '../../kernel/read.ts';
import {
  bestColumn,
  type FloatPoint,
  type Floats,
  float,
  floats,
  inner,
  pointOf,
  step,
} from '../../kernel/rules/floats.ts';
import { drawn } from './cases.ts';

type Activation = { readonly kind: string; readonly theta?: string; readonly k?: number };

/** L~ with the activation. */
function loss({ w, r, M }: Floats, { e, u }: FloatPoint, { theta, k }: Activation): number {
  return w.reduce((total, direction, d) => {
    const z = e.map((row) => inner(row, direction));
    const allowed = z.map((x, i) => ({ x, i })).filter(({ x }) => x > (theta === undefined ? 0 : float(theta)));
    allowed.sort((a, b) => b.x - a.x);
    const rho = allowed.slice(0, k ?? allowed.length).reduce((rest, { x, i }) => step(rest, u[i]!, -x), r[d]!);
    return total + M[d]! * inner(rho, rho);
  }, 0);
}

/** Eigenvectors of the set's pencil, by floats; undefined where B is nearly singular. */
function eigenvectors({ w, r, M }: Floats, set: number[]): { lambda: number; e: number[] }[] | undefined {
  const np = w[0]!.length;
  const outer = (left: number[][]) =>
    set.reduce(
      (sum, d) => sum.add(Matrix.columnVector(left[d]!).mmul(Matrix.rowVector(w[d]!)).mul(M[d]!)),
      Matrix.zeros(left[0]!.length, np),
    );
  const form = new EigenvalueDecomposition(outer(w), { assumeSymmetric: true });
  if (Math.min(...form.realEigenvalues) < 1e-6) return undefined;
  const root = form.eigenvectorMatrix.mmul(Matrix.diag(form.realEigenvalues.map((x) => 1 / Math.sqrt(x))));
  const c = outer(r).mmul(root);
  const pencil = new EigenvalueDecomposition(c.transpose().mmul(c), { assumeSymmetric: true });
  return pencil.realEigenvalues.map((lambda, k) => ({
    lambda,
    e: root.mmul(pencil.eigenvectorMatrix.subMatrixColumn([k])).to1DArray(),
  }));
}

// biome-ignore format: a table, one case a line
const ACTIVATIONS: readonly Activation[] = [{ kind: 'jumprelu', theta: '1/2' }, { kind: 'topk', k: 1 }, { kind: 'topk', k: 2 }];

test.each(ACTIVATIONS)('$kind $theta$k on random instances', { timeout: 120_000 }, (activation) => {
  const count = { minimum: 0, saddle: 0, none: 0, degenerate: 0, undecided: 0, searched: 0 };
  const random = randomNumbers(5);
  for (const [k, { set, ...plain }] of [...drawn(80, 23)].entries()) {
    const rest = plain.wp.flatMap((_, d) => (set.includes(d) ? [] : [[d]]));
    // Every feature in a set; and features in none.
    for (const pattern of [[set, ...rest, []], [set]]) {
      const full: Plain = { ...plain, activation, neurons: pattern.length };
      const m = instance(full);
      const at = floats(full);
      const answer = new Landscape(m).decide(pattern);
      const name = `case ${k}: ${JSON.stringify({ ...full, pattern })}`;
      if (answer.is === 'undecided') {
        expect(activation.k, name).toBe(1);
        expect(answer.why).toContain('above all others');
        count.undecided++;
      } else if (answer.is === 'none') {
        count.none++;
        const { neuron } = (answer.proof as { neurons: { neuron: number }[] }).neurons[0]!;
        const refuted = pattern[neuron - 1]!;
        const found = activation.kind === 'jumprelu' ? eigenvectors(at, refuted) : undefined;
        // Simple eigenvalues, no null space: the eigenvectors are all there is.
        if (!found || found.some((a, i) => found.some((b, j) => i !== j && Math.abs(a.lambda - b.lambda) < 1e-6)))
          continue;
        count.searched++;
        for (const { e } of found.flatMap((one) => [one, { ...one, e: one.e.map((x) => -x) }])) {
          const on = Math.min(...refuted.map((d) => inner(e, at.w[d]!)));
          const off = Math.max(0, ...at.w.flatMap((w, d) => (refuted.includes(d) ? [] : [inner(e, w)])));
          expect(on - off, name).toBeLessThan(1e-9);
        }
      } else if (answer.class === 'degenerate') {
        count.degenerate++;
      } else {
        const proof = answer.proof as unknown as {
          live: never;
          dead: never;
          down: { neuron: number; v: string[]; u?: string[] };
        };
        const point = pointOf(
          at,
          pattern.map((s) => s.map((d) => d + 1)),
          proof,
        );
        const here = loss(at, point, activation);
        const size = (rows: number[][]): number => Math.max(1, ...rows.flat().map(Math.abs));
        if (answer.class === 'saddle') {
          count.saddle++;
          const { neuron, v, u } = proof.down;
          const lower = [1e-1, 1e-2, 1e-3, 1e-4].some((t) => {
            const e = point.e.map((row, i) =>
              i === neuron - 1 ? step(row, v.map(float), (t * size([row])) / size([v.map(float)])) : row,
            );
            const moved = point.u.map((column, i) => {
              if (i !== neuron - 1) return column;
              return u ? step(column, u.map(float), t) : bestColumn(at, pattern[i]!, e[i]!).u;
            });
            return loss(at, { e, u: moved }, activation) < here || loss(at, { e, u: point.u }, activation) < here;
          });
          expect(lower, name).toBe(true);
        } else {
          count.minimum++;
          for (let trial = 0; trial < 60; trial++) {
            const t = 10 ** (-4 - 2 * random());
            const shaken = (rows: number[][]) =>
              rows.map((one) => one.map((x) => x + t * size([one]) * (2 * random() - 1)));
            const nearby = { e: shaken(point.e), u: shaken(point.u) };
            expect(loss(at, nearby, activation) - here, name).toBeGreaterThan(-1e-9 * Math.max(1, here));
          }
        }
      }
    }
  }
  console.log(activation.kind, activation.theta ?? activation.k, JSON.stringify(count));
  expect(Math.min(count.minimum, count.saddle, count.none)).toBeGreaterThan(10);
  if (activation.kind === 'jumprelu') expect(count.searched).toBeGreaterThan(3);
});

// biome-ignore format: a table, one case a line
test.each([
  ['E5 under Top-1', { wp: [[1, 0], [0, 1]], activation: { kind: 'topk', k: 1 } }, [[0, 1], []], 'local-minimum', '1'],
  ['E5 under JumpReLU', { wp: [[1, 0], [0, 1]], activation: { kind: 'jumprelu', theta: '1' } }, [[0, 1], []], 'local-minimum', '1'],
  ['directions that span positively: JumpReLU traps stay', { wp: [[1, 0], [0, 1], ['-3/5', '-4/5']], activation: { kind: 'jumprelu', theta: '1' } }, [[0, 1], [2], []], 'local-minimum', '1'],
  ['directions that span positively: Top-1 traps stay', { wp: [[1, 0], [0, 1], ['-3/5', '-4/5']], activation: { kind: 'topk', k: 1 } }, [[0, 1], [2], []], 'local-minimum', '1'],
  ['directions that span positively: none under Top-2', { wp: [[1, 0], [0, 1], ['-3/5', '-4/5']], activation: { kind: 'topk', k: 2 } }, [[0, 1], [2], []], 'saddle', '1'],
  ['a part of a cone that ReLU does not have', { wp: [[1, 0], ['3/5', '4/5'], ['4/5', '3/5']], activation: { kind: 'jumprelu', theta: '1' } }, [[0], [1], [2]], 'local-minimum', '0'],
] as const)('%s', (_, plain, pattern, kind, lossText) => {
  const m = instance({ ...plain, wp: plain.wp.map((w) => [...w]), neurons: pattern.length });
  const { entry, certificate } = new Surveyor(m, { claims: CLAIMS, sha256 }).survey(pattern.map((set) => [...set]));
  expect([entry.why, entry.class, entry.loss]).toEqual([undefined, kind, { exact: lossText }]);
  expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});

test('an irrational eigenvalue under a threshold, where rows of a slope have an entry for the threshold as all others', () => {
  // Found by a search among instances with biases: this is the form of one.
  const wp = [
    [0, -2, 1],
    [-1, 0, 1],
    [-2, 1, 1],
  ];
  const wr = [
    [0, -2],
    [-1, 0],
    [-2, 1],
  ];
  const m = instance({ wp, wr, weights: [1, 1, '1/10'], activation: { kind: 'jumprelu', theta: '1/2' }, neurons: 1 });
  const { entry, certificate } = new Surveyor(m, { claims: CLAIMS, sha256 }).survey([[0, 1, 2]]);
  expect([entry.why, entry.class]).toEqual([undefined, 'saddle']);
  expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});
