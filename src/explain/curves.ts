/** Local and global minima of one configuration, matrices and their signs, convexity. */
import { type Configuration, type Instance, readConfiguration } from '../kernel/model/instance.ts';
import { approximateLoss, evaluate, pencil } from '../kernel/model/model.ts';
import { combine, type Matrix, transpose, Vector } from '../kernel/numbers/vector.ts';
import type { Definite } from '../kernel/proof/fact.ts';
import { counted, setText, symbolText } from '../words/names.ts';
import { equation, numberText } from '../words/number.ts';
import { atConfiguration, seenAt, shownFigure } from './instance.ts';
import {
  configurationLines,
  exact,
  judged,
  lines,
  listed,
  named,
  productText,
  rowOf,
  vector,
  type Words,
  wholeText,
} from './step.ts';

const imageOf = (matrix: Matrix, x: Vector): Vector => Vector.of(matrix.map((row) => row.dot(x)));

export const topEigenvalue: Words = ({ judgement, node, m }) => {
  const { at } = judged(judgement, 'local-minimum');
  const { active } = evaluate(m, [at]);
  const live = active.flatMap((row, i) => (row.some(Boolean) ? [i] : []));
  const proofs = node.fields(['rule', 'definite']).definite.items(live.length);
  const found = live.map((i, k) => {
    const set = (active[i] ?? []).flatMap((on, d) => (on ? [d + 1] : []));
    const e = at.we[i] as Vector;
    const { b, c } = pencil(
      m,
      set.map((d) => d - 1),
    );
    const [ce, s] = [imageOf(c, e), e.dot(imageOf(b, e))];
    const pivots = proofs[k]?.fields(['l', 'd']).d.vector(m.np) ?? Vector.zero(0);
    return `neuron ${i + 1} on ${setText(m.features, set)}: lambda = e^T A e / e^T B e = ${exact(ce.dot(ce))} / ${exact(s)} = ${exact(ce.dot(ce).over(s))}; lambda B - A = l diag(D) l^T, l lower triangular with diagonal 1, with ${rowOf('D', pivots)}, none negative, so no row takes more off`;
  });
  return {
    ...lines(
      atConfiguration(m, at),
      'No pre-activation is at a kink, so nearby every neuron is active on the same features. There the best a row e can do for the features F it alone carries is to take e^T A e / e^T B e off their loss (B = sum_F M_d w_d w_d^T, C = sum_F M_d r_d w_d^T, A = C^T C):',
      listed(found, 'neurons'),
      `${named('L~', approximateLoss(m, at))} is ${wholeText(m)} less these, the least there is nearby.`,
    ),
    ...seenAt(m, at),
  };
};

/** `(1 + t, -2 t^2)` */
function polynomialRow(name: string, terms: readonly Vector[]): string {
  const entries = Array.from({ length: Math.min(terms[0]?.length ?? 0, 8) }, (_, k) =>
    polynomial(terms.map((v) => `${v.at(k)}`)),
  );
  return `${name} = (${entries.join(', ')}${(terms[0]?.length ?? 0) > 8 ? ', ...' : ''})`;
}

export function polynomial(coefficients: readonly string[]): string {
  const terms = coefficients.flatMap((c, k) => {
    if (c === '0') return [];
    const power = k === 0 ? '' : k === 1 ? 't' : `t^${k}`;
    const size = k > 0 && (c === '1' || c === '-1') ? c.replace('1', '') : `${numberText(c)}${k > 0 ? ' ' : ''}`;
    return [`${size}${power}`];
  });
  return terms.length === 0 ? '0' : terms.join(' + ').replaceAll('+ -', '- ');
}

export const descentCurve: Words = ({ judgement, node, m, fact }) => {
  const { at } = judged(judgement, 'local-minimum');
  const { we, wd } = node.fields(['rule', 'we', 'wd']);
  const rows = we.items().map((item) => item.matrix(m.neurons, m.np));
  const columns = wd.items().map((item) => transpose(item.matrix(m.nr, m.neurons), m.neurons));
  const moving = at.we.flatMap((e, i) => {
    const [row, column] = [rows.map((matrix) => matrix[i] as Vector), columns.map((matrix) => matrix[i] as Vector)];
    return [
      ...(row.every((v) => v.isZero()) ? [] : [polynomialRow(`e_${i + 1}`, [e, ...row])]),
      ...(column.every((v) => v.isZero()) ? [] : [polynomialRow(`u_${i + 1}`, [at.wd[i] as Vector, ...column])]),
    ];
  });
  const curve = fact.curve ?? [];
  const first = curve.findIndex((c, k) => k > 0 && c !== '0');
  return {
    ...lines(
      'Move along this curve, all else as it is:',
      listed(moving, 'rows and columns'),
      `Along it L~ = ${polynomial(curve)}. For small t > 0 the term ${polynomial(curve.map((c, k) => (k === first ? c : '0')))} decides, and it is negative: as near as one likes there is less loss.`,
    ),
    ...seenAt(m, at),
  };
};

export const zeroLoss: Words = ({ judgement, m }) => {
  const { at } = judged(judgement, 'global-minimum');
  return lines(
    'L~ is a sum of squares with weights >= 0, so 0 is the least it can be. Here:',
    configurationLines(at),
    atConfiguration(m, at),
  );
};

const whatItIs = (m: Instance, at: Configuration): string[] => [...configurationLines(at), ...atConfiguration(m, at)];

export const lowerLoss: Words = ({ judgement, node, m }) => {
  const { at, of } = judged(judgement, 'global-minimum');
  const there = readConfiguration(node.fields(['rule', 'we', 'wd'], ['gate', 'bias']), m);
  return lines(
    of === 'ground-truth' ? 'The ground-truth configuration, a neuron for each feature:' : 'The configuration:',
    whatItIs(m, at),
    'Another one:',
    whatItIs(m, there),
  );
};

export const ldl: Words = ({ judgement, node }) => {
  const { matrix, what } = judged(judgement, 'definite');
  const pivots = node.fields(['rule', 'definite']).definite.fields(['l', 'd']).d.vector(matrix.length);
  return lines(
    matrixLines(matrix, what.matrix),
    `G = l diag(D) l^T, l lower triangular with diagonal 1, with ${rowOf('D', pivots)}, none of them negative. So x^T G x, for any x, is a sum of squares with these weights, and never negative.`,
  );
};

export const negativeDirection: Words = ({ judgement, node }) => {
  const { matrix, what } = judged(judgement, 'definite');
  const x = node.fields(['rule', 'x']).x.vector(matrix.length);
  return lines(
    matrixLines(matrix, what.matrix),
    `Along ${rowOf('x', x)} it is negative: ${named('x^T G x', x.dot(combine(x.entries(), matrix, matrix.length)))}.`,
  );
};

/** Small matrices are written out. */
function matrixLines(matrix: Matrix, what: Definite['matrix']): string[] {
  const name = { pencil: 'G = lambda B - A', moment: 'G = lambda I - E[y y^T]', hessian: 'G, half the Hessian,' }[what];
  return matrix.length > 4
    ? [`${name} has ${matrix.length} rows.`]
    : [`${name} has the rows ${matrix.map(vector).join(', ')}.`];
}

export const fixedActiveSets: Words = ({ judgement }) => {
  judged(judgement, 'biconvex');
  return lines(
    'The region is cut out by linear inequalities on the encoder, and on all of it the same neurons pass on each feature. So every residual r_d - sum_i z_i,d u_i is linear in W_D, and in W_E, up to a constant; L~ is a sum of their squares with weights M_d >= 0, hence convex in each.',
  );
};

export const convexityViolation: Words = ({ judgement, node, m, fact }) => {
  judged(judgement, 'biconvex');
  const parts = node.fields(['rule', 'wd', 'from', 'to', 'at']);
  const columns = transpose(parts.wd.matrix(m.nr, m.neurons), m.neurons);
  const [from, to] = [parts.from.matrix(m.neurons, m.np), parts.to.matrix(m.neurons, m.np)];
  const t = parts.at.rational();
  const rows = (we: Matrix): string => we.map((e, i) => rowOf(`e_${i + 1}`, e)).join(', ');
  const at = `at ${named('t', t)} of the way`;
  return lines(
    `The columns stay: ${columns.map((u, i) => rowOf(`u_${i + 1}`, u)).join(', ')}.`,
    `The rows go straight from ${rows(from)} to ${rows(to)}, and ${at} they are ${rows(from.map((e, i) => e.plus((to[i] as Vector).minus(e).times(t))))}.`,
    fact.ends && fact.between !== undefined && fact.chord !== undefined
      ? `L~ is ${numberText(fact.ends[0])} and ${numberText(fact.ends[1])} at the ends. A convex L~ were at most ${numberText(fact.chord)} ${at}, but it is ${numberText(fact.between)}.`
      : `Both ends lie in the region, and ${at} the encoder does not: it is not convex.`,
  );
};

export const pairedRows: Words = ({ judgement, node, m }) => {
  const { at } = judged(judgement, 'reconstructs');
  const parts = node.fields(['rule', 'pairs'], ['cancelling']);
  const pairs = (of: typeof parts.pairs | undefined): [number, number][] =>
    (of?.items() ?? []).map((pair) => pair.items(2).map((item) => item.index(1, m.neurons)) as [number, number]);
  const opposite = pairs(parts.pairs).map(
    ([i, j]) =>
      `neurons ${i} and ${j}: ${rowOf(`e_${i}`, at.we[i - 1] as Vector)} = -e_${j}, ${rowOf(`u_${i}`, at.wd[i - 1] as Vector)} = -u_${j}`,
  );
  const equal = pairs(parts.cancelling).map(([i, j]) => `neurons ${i} and ${j}: e_${i} = e_${j}, u_${i} = -u_${j}`);
  return lines(
    'Opposite neurons pass on everything, as ReLU(s) - ReLU(-s) = s for every s: together they add <e, x> u to the output, for every input x.',
    listed(opposite, 'pairs'),
    equal.length > 0 ? ['Equal rows with opposite columns cancel:', ...listed(equal, 'pairs')] : [],
    `So the output is linear in the input. On every feature d the pairs add up to the target, sum over pairs of <e_i, w_d> u_i = r_d, where ${listed(
      m.features.map((f, d) => rowOf(symbolText('r', m.features, d + 1), f.wr)),
      'features',
    ).join(', ')}. Every other column is 0.`,
  );
};

export const bestLosses: Words = ({ judgement, node, m, fact }) => {
  const { left, right, truth } = judged(judgement, 'best-loss-at-most');
  const [attained, bounded] = truth ? [left, right] : [right, left];
  const parts = node.fields(['rule', 'we', 'wd', 'bounds']);
  const at = readConfiguration(parts, { ...m, neurons: attained.length });
  const sets = bounded.filter((set) => set.length > 0);
  const off = parts.bounds.items().map((item, k) => {
    const { lambda, products } = item.fields(['lambda', 'products', 'definite']);
    const names = setText(
      m.features,
      (sets[k] ?? []).map((d) => d + 1),
    );
    const used = products.items().length;
    const cone = used === 0 ? 'of all rows' : `of its cone, by ${counted(used, 'product')} of two of its inequalities`;
    return `no row on ${names}, ${cone}, takes more than ${named('lambda', lambda.rational())} off`;
  });
  return lines(
    `One pattern is reached by this configuration, with ${equation('L~', fact.reached ?? '')}:`,
    configurationLines(at),
    atConfiguration({ ...m, neurons: attained.length }, at),
    `On the other L~ is never less than ${wholeText(m)} less what its rows can take off, ${numberText(fact.bound ?? '')}:`,
    off,
  );
};

export const partialMinimum: Words = ({ judgement, node, m }) => {
  judged(judgement, 'partial-minimum');
  const at = readConfiguration(node.fields(['rule', 'we', 'wd']), m);
  const z = (i: number): string =>
    m.features
      .map(({ wp }, d) => productText(m, `e_${i + 1}`, d, exact((at.we[i] as Vector).dot(wp))))
      .slice(0, 12)
      .join(', ');
  return {
    ...lines(
      'The point:',
      configurationLines(at),
      listed(
        at.we.map((_, i) => z(i)),
        'rows',
      ),
      atConfiguration(m, at),
      'Both gradients are 0: for each u_i, -2 sum M_d <e_i, w_d> rho_d over the features d it is active on; for each e_i, -2 sum M_d <rho_d, u_i> w_d over the same. L~ is convex in each half while the active sets stay (Theorem 3.2), so neither half can better it.',
    ),
    figure: shownFigure(m, at),
    ...seenAt(m, at),
  };
};
