/** That a pattern carries no critical point, no minimum, or no saddle: every candidate row with the inequality that it breaks. */
import { readElement, readRoot } from '../kernel/document/algebraic.ts';
import type { Node } from '../kernel/document/node.ts';
import { thresholdOf } from '../kernel/model/activation.ts';
import { featureAt, type Instance } from '../kernel/model/instance.ts';
import { pencil } from '../kernel/model/model.ts';
import { type Element, enclosures, type Root, reduced } from '../kernel/numbers/algebraic.ts';
import { Rational } from '../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../kernel/numbers/vector.ts';
import { isRational } from '../kernel/rules/criticalPoint.ts';
import { floatEigenvector, nearby, toFloat } from '../solve/landscape/eigenvector.ts';
import { nullSpace, solve } from '../solve/linear/linear.ts';
import { featureText, setText } from '../words/names.ts';
import { lambdaText, PENCIL } from './point.ts';
import {
  bounds,
  type DrawnRow,
  exact,
  floats,
  judged,
  lines,
  listed,
  named,
  productText,
  refined,
  rowOf,
  sumText,
  termsOf,
  type Words,
} from './step.ts';

/** The features of the neuron, and those that its row is held at 0 on. */
interface Where {
  readonly m: Instance;
  readonly set: readonly number[];
  readonly tight: readonly number[];
  readonly basis: Matrix;
}

const oneBased = (set: readonly number[]): number[] => set.map((d) => d + 1);
const approximate = (x: number): string => (x === 0 ? '0' : `≈${Number(x.toPrecision(6))}`);
const approximateRow = (of: readonly number[]): string => {
  const shown = of.slice(0, 8).map(approximate);
  return `(${[...shown, ...(of.length > 8 ? [`... ${of.length} coordinates`] : [])].join(', ')})`;
};

/** A row of the face that (A - lambda B) e = 0 asks for, up to its length and rows that are 0 on the set; exact where lambda is rational. */
type Candidate = { readonly row: Vector } | { readonly near: readonly number[] } | { readonly dimension: number };

function candidateAt({ m, set, basis }: Where, lambda: Root): Candidate {
  const { a, b } = pencil(m, set);
  const restricted = (matrix: Matrix): Matrix =>
    basis.map((x) => Vector.of(basis.map((y) => y.dot(combine(x.entries(), matrix, m.np)))));
  const [small, large] = [restricted(a), restricted(b)];
  if (!isRational(lambda)) {
    const y = floatEigenvector(small, large, nearby(refined(lambda), 60n));
    const near = Array.from({ length: m.np }, (_, k) =>
      y.reduce((sum, c, j) => sum + c * toFloat((basis[j] as Vector).at(k)), 0),
    );
    return { near };
  }
  const kernel = nullSpace(
    small.map((row, i) => row.minus((large[i] as Vector).times(lambda.from))),
    basis.length,
  );
  if (kernel.length !== 1) return { dimension: kernel.length };
  return { row: combine((kernel[0] as Vector).entries(), basis, m.np) };
}

/** The candidate in doubles, turned to be positive on its set if it can be. */
function candidateRow(where: Where, lambda: Root): number[] | undefined {
  const found = candidateAt(where, lambda);
  if ('dimension' in found) return undefined;
  const row = 'row' in found ? floats(found.row) : found.near;
  const z = where.set.map((d) => floats(featureAt(where.m, d).wp).reduce((sum, w, k) => sum + w * (row[k] ?? 0), 0));
  const side = z.every((x) => x < 0) ? -1 : 1;
  return row.map((x) => side * x);
}

/** Which way the row points, so that it is positive where it can be: 1, -1, or 0 where no sign makes it positive on the set. */
const orientation = (signs: readonly number[]): number =>
  signs.every((s) => s > 0) ? 1 : signs.every((s) => s < 0) ? -1 : 0;

/** The row, and the first thing that a critical row of the pattern would have and it has not. */
function candidateText(where: Where, lambda: Root): string {
  const { m, set, tight } = where;
  const found = candidateAt(where, lambda);
  if ('dimension' in found) return `the rows with (A - lambda B) e = 0 fill ${found.dimension} dimensions`;
  const exactly = 'row' in found;
  const z = exactly
    ? m.features.map(({ wp }) => toFloat(wp.dot(found.row)))
    : m.features.map(({ wp }) => wp.entries().reduce((sum, x, k) => sum + toFloat(x) * (found.near[k] ?? 0), 0));
  const clean = z.map((x) => (exactly || Math.abs(x) > 1e-9 ? x : 0));
  const live = set.filter((d) => featureAt(m, d).weight.sign() > 0);
  const way = orientation(live.map((d) => Math.sign(clean[d] ?? 0)));
  const side = way === 0 ? 1 : way;
  const row = exactly
    ? rowOf('e', side < 0 ? found.row.negated() : found.row)
    : `e = ${approximateRow(found.near.map((x) => side * x))}`;
  const value = (d: number): string =>
    exactly
      ? exact(
          featureAt(m, d)
            .wp.dot(found.row)
            .times(Rational.of(BigInt(side))),
        )
      : approximate(side * (clean[d] ?? 0));
  const products = (of: readonly number[]): string => of.map((d) => productText(m, 'e', d, value(d))).join(', ');
  const gradient = tight.length === 0 ? 'with gradient 0' : 'with no gradient along the face';
  const start = `the candidate, up to its length, is ${row}, ${gradient}`;
  if (way === 0) return `${start}; but <e, w_d> is not > 0 on all of its set: ${products(live.slice(0, 8))}`;
  const theta = thresholdOf(m);
  const raised = m.features.flatMap((_, d) =>
    set.includes(d) || tight.includes(d) || side * (clean[d] ?? 0) <= 0 ? [] : [d],
  );
  if (theta.sign() > 0) {
    return `${start}; but at no length it is above ${named('theta', theta)} on its set and on no other feature: ${products([...live, ...raised].slice(0, 8))}`;
  }
  if (raised.length > 0) return `${start}; but <e, w_d> > 0 off its set as well: ${products(raised.slice(0, 8))}`;
  const pushed = exactly ? pushedOff(where, lambda, side < 0 ? found.row.negated() : found.row) : undefined;
  return pushed === undefined ? start : `${start}; but ${pushed}`;
}

/** A multiplier of the face that is negative: the loss falls where the row leaves the kink. */
function pushedOff({ m, set, tight }: Where, lambda: Root, e: Vector): string | undefined {
  if (tight.length === 0) return undefined;
  const { a, b } = pencil(m, set);
  const image = combine(e.entries(), a, m.np).minus(combine(e.entries(), b, m.np).times(lambda.from));
  const w = tight.map((t) => featureAt(m, t).wp);
  const columns = Array.from({ length: m.np }, (_, k) => Vector.of(w.map((v) => v.at(k))));
  const mu = solve(columns, image, tight.length);
  const k = mu?.num.findIndex((x) => x < 0n) ?? -1;
  if (!mu || k < 0) return undefined;
  return `its gradient pushes it off the kink of ${featureText(m.features, (tight[k] ?? 0) + 1)}: its multiplier ${named('mu', mu.at(k))} is negative`;
}

/** `sum_d c_d <e, w_d>`, of a combination over Q(lambda). */
function productsText(m: Instance, c: Element, root: Root): string {
  if (isRational(root)) {
    const value =
      c.length === 0 ? Vector.zero(m.features.length) : (reduced(c, root)[0] ?? Vector.zero(m.features.length));
    return sumText(termsOf(value.entries()), m.features).replaceAll(/w(\([^)]*\)|_\d+)/g, '<e, w$1>');
  }
  const near = refined(root);
  return (
    enclosures(c, near, m.features.length)
      .flatMap((x, d) =>
        x[0].sign() === 0 && x[1].sign() === 0
          ? []
          : [`${bounds(x).replace(/^(-?)1$/, '$1')} <e, ${nameIn(m, d)}>`.replace(/^(-?) /, '$1')],
      )
      .slice(0, 8)
      .join(' + ')
      .replaceAll('+ -', '- ') || '0'
  );
}

const nameIn = (m: Instance, d: number): string => sumText([{ feature: d, weight: Rational.of(1n) }], m.features);

/** Why no critical row is there: by multipliers. */
function exclusionText(m: Instance, y: Node, c: Node, root: Root): string {
  const [u, v] = [readElement(y, m.np), readElement(c, m.features.length)];
  const sum = productsText(m, v, root);
  const zero = u.every((x) => x.isZero());
  return zero
    ? `proof: ${sum} = 0 for every row e, but the signs that the pattern asks for make it > 0`
    : `proof: for some y, ${sum} = -<e, (A - lambda B) y>, which is 0 or less at a critical row e, but the signs that the pattern asks for make it > 0`;
}

/** What to say of the data of a root. */
type AtRoot = (where: Where, lambda: Root, item: Node) => readonly string[];

/** Faces of one neuron, each with its candidates. */
function faceLines(m: Instance, set: readonly number[], faces: Node, atRoot: AtRoot): string[] {
  return faces.items().flatMap((face) => {
    const { tight: given, empty, basis, roots } = face.fields(['tight'], ['empty', 'basis', 'roots']);
    const tight = given.items().map((item) => item.index(1, m.features.length) - 1);
    const place = tight.length === 0 ? 'off all kinks' : `at kinks on ${setText(m.features, oneBased(tight))}`;
    if (empty) {
      const c = empty.vector(m.features.length).entries();
      return [
        `${place}: no row at all is there, as ${sumText(termsOf(c), m.features)} = 0, while the signs that the pattern asks for make <e, this sum> > 0`,
      ];
    }
    const rows = (basis?.items() ?? []).map((row) => row.vector(m.np));
    const items = roots?.items() ?? [];
    if (items.length === 0) return [`${place}: there is no candidate`];
    return items.flatMap((item) => {
      const lambda = readRoot(item.members().get('lambda') ?? item);
      const where = { m, set, tight, basis: rows };
      const [first = '', ...rest] = atRoot(where, lambda, item);
      return [`${place}, ${lambdaText(lambda)}: ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  });
}

/** Rows are many where faces are; what is left out is counted. */
const faces = (m: Instance, neuron: number, set: readonly number[], node: Node, atRoot: AtRoot): string[] => [
  `neuron ${neuron + 1} on ${setText(m.features, oneBased(set))}:`,
  ...listed(faceLines(m, set, node, atRoot), 'lines').map((line) => `  ${line}`),
];

export const noCriticalPoint: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical', 'partial-minimum');
  const drawn: DrawnRow[] = [];
  const candidates: { neuron: number; row: readonly number[] }[] = [];
  const found = node
    .fields(['rule', 'neurons'])
    .neurons.items()
    .flatMap((item) => {
      const { neuron, faces: of } = item.fields(['neuron', 'faces']);
      const i = neuron.index(1, pattern.length) - 1;
      const set = pattern[i] ?? [];
      return faces(m, i, set, of, (where, lambda, root) => {
        const { y, c } = root.fields(['lambda'], ['y', 'c']);
        if (!y || !c) return [`this takes all of the loss of its features away, and L~ > 0 was asked for`];
        const found = candidateRow(where, lambda);
        if (found) candidates.push({ neuron: i, row: found });
        if (found && m.np <= 3) drawn.push({ title: lambdaText(lambda), row: found, set });
        return [candidateText(where, lambda), exclusionText(m, y, c, lambda)];
      });
    });
  return {
    ...lines(
      PENCIL,
      'A critical point needs such a row for every neuron. Here are all candidates, face by face and eigenvalue by eigenvalue:',
      found,
    ),
    ...(drawn.length > 0 && { figure: { kind: 'rows', rows: drawn } as const }),
    seen: { candidates },
  };
};

/** The leaves of a tree of sides, with the sides on the way. */
function leaves(
  m: Instance,
  tree: Node,
  way: readonly string[] = [],
): { readonly leaf: Node; readonly way: readonly string[] }[] {
  if (!tree.members().has('split')) return [{ leaf: tree, way }];
  const { split, zero, below } = tree.fields(['split', 'zero', 'below']);
  const name = nameIn(m, split.index(1, m.features.length) - 1);
  return [...leaves(m, zero, [...way, `<e, ${name}> = 0`]), ...leaves(m, below, [...way, `<e, ${name}> < 0`])];
}

const sidesText = (way: readonly string[]): string => (way.length === 0 ? '' : `where ${way.join(' and ')}: `);

export const noMinimum: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical');
  const { neuron, faces: of } = node.fields(['rule', 'neuron', 'faces']);
  const i = neuron.index(1, pattern.length) - 1;
  return lines(
    PENCIL,
    `Neuron ${i + 1} has a way down from every row that is critical, whatever the others do:`,
    faces(m, i, pattern[i] ?? [], of, (where, lambda, root) => [
      candidateText(where, lambda),
      ...leaves(m, root.fields(['lambda', 'rows']).rows).map(({ leaf, way }) => {
        const { y, c, ways } = leaf.fields(['y', 'c', 'ways']);
        const down = ways.items().map((item) => rowOf('v', item.fields(['v', 'weight']).v.vector(m.np)));
        return down.length === 0
          ? `${sidesText(way)}${exclusionText(m, y, c, lambda)}`
          : `${sidesText(way)}the loss falls along e + t v for ${down.join(' or ')}: if along none of them it fell to first order, their slopes, added with weights >= 0, would add up to less than 0, or to 0 with one along which it falls to second order`;
      }),
    ]),
  );
};

export const noSaddle: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical');
  const found = node
    .fields(['rule', 'neurons'])
    .neurons.items()
    .flatMap((item, i) =>
      faces(m, i, pattern[i] ?? [], item.fields(['faces']).faces, (where, lambda, root) => [
        candidateText(where, lambda),
        ...leaves(m, root.fields(['lambda', 'rows']).rows).map(({ leaf, way }) => {
          const { y, c, rays } = leaf.fields([], ['y', 'c', 'rays']);
          if (y && c) return `${sidesText(way)}${exclusionText(m, y, c, lambda)}`;
          const all = rays?.items().map((ray) => rowOf('v', ray.fields(['v', 'y', 'c']).v.vector(m.np))) ?? [];
          return all.length === 0
            ? `${sidesText(way)}no kink is near, and on all rows nearby (A - lambda B) gains nothing`
            : `${sidesText(way)}the loss does not fall along e + t v on any ray between its kinks (${listed(all, 'rays').join('; ')}), and where it stays to first order it does not fall to second`;
        }),
      ]),
    );
  return lines(PENCIL, 'Every critical row of every neuron is a local minimum of what the neuron costs:', found);
};
