/** The rules on patterns one neuron, or all together, can and cannot show. */
import type { Node } from '../kernel/document/node.ts';
import { thresholdOf } from '../kernel/model/activation.ts';
import { featureAt, type Instance, readEncoder } from '../kernel/model/instance.ts';
import { combine, Vector } from '../kernel/numbers/vector.ts';
import { capacityText } from '../words/judged.ts';
import { setText, symbolText } from '../words/names.ts';
import { sidesOf, type Weighted } from '../words/parts.ts';
import {
  chainFigure,
  exact,
  floats,
  judged,
  lines,
  listed,
  named,
  productText,
  rowOf,
  rowsFigure,
  stated,
  sumText,
  vector,
  type Words,
} from './step.ts';

export const termsIn = (node: Node): Weighted[] =>
  node.items().map((item) => {
    const { feature, weight } = item.fields(['feature', 'weight']);
    return { feature: feature.index(1, 999_999_999) - 1, weight: weight.rational() };
  });

/** `above: <e_1, w(dog)> = 2; not above: <e_1, w(cat)> = -1` */
function sides(m: Instance, value: (d: number) => { readonly text: string; readonly on: boolean }): string {
  const of = (on: boolean): string =>
    listed(
      m.features.flatMap((_, d) => (value(d).on === on ? [value(d).text] : [])),
      'features',
    ).join(', ');
  const [above, below] = [of(true), of(false)];
  return [...(above ? [`above: ${above}`] : []), ...(below ? [`not above: ${below}`] : [])].join('; ');
}

export const realizes: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'realizable');
  const { we, gate } = readEncoder(node.fields(['rule', 'we'], ['gate', 'bias']), { ...m, neurons: pattern.length });
  const theta = thresholdOf(m);
  const competing = 'k' in m.activation;
  const rows = pattern.map((set, i) => {
    if (gate) {
      const [g, b] = [gate.rows[i] as Vector, gate.bias.at(i)];
      const values = m.features.map(({ wp }) => g.dot(wp).plus(b));
      const shown = sides(m, (d) => ({
        text: stated(`<g_${i + 1}, ${symbolText('w', m.features, d + 1)}> + b_${i + 1}`, exact(values[d] ?? b)),
        on: values[d]?.sign() === 1,
      }));
      return `neuron ${i + 1}: the gate ${rowOf(`g_${i + 1}`, g)}, ${named(`b_${i + 1}`, b)}; ${shown.replaceAll('above', 'above 0')}`;
    }
    const e = we[i] as Vector;
    const z = m.features.map(({ wp }) => e.dot(wp));
    const name = (d: number): string => productText(m, `e_${i + 1}`, d, exact(z[d] ?? theta));
    const own = sides(m, (d) => ({ text: name(d), on: competing ? set.includes(d) : z[d]?.compare(theta) === 1 }));
    const above = competing ? own.replace('not above:', 'not let through:').replace(/^above:/, 'let through:') : own;
    return `neuron ${i + 1}: ${rowOf(`e_${i + 1}`, e)}; ${competing ? above : above.replaceAll('above', theta.sign() > 0 ? `above ${named('theta', theta)}` : 'above 0')}`;
  });
  return {
    ...lines('An encoder that shows it, row by row:', listed(rows, 'neurons')),
    ...(gate ? {} : { figure: rowsFigure(we.map(floats), pattern) }),
  };
};

/** Both sides written out in coordinates. */
export function sumsText(m: Instance, terms: readonly Weighted[]): string {
  const total = combine(
    terms.map(({ weight }) => weight),
    terms.map(({ feature }) => featureAt(m, feature).wp),
    m.np,
  );
  return `${sumText(terms, m.features)} = ${vector(total)}`;
}

export const farkas: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'realizable');
  const parts = node.fields(['rule', 'neuron', 'on', 'off']);
  const { on, off, inParts } = sidesOf(termsIn(parts.on), termsIn(parts.off));
  const i = parts.neuron.index(1, pattern.length);
  const set = setText(
    m.features,
    (pattern[i - 1] ?? []).map((d) => d + 1),
  );
  const theta = thresholdOf(m);
  const row = m.activation.kind === 'gated' ? 'the gate' : 'the row e';
  const total = (terms: readonly Weighted[]): string =>
    sumText(
      terms.map((t) => ({ ...t })),
      m.features,
    );
  const equal = off.length === 0 ? `${sumsText(m, on)}` : `${sumsText(m, on)} = ${total(off)}`;
  const weight = (terms: readonly Weighted[]): string =>
    exact(terms.reduce((sum, t) => sum.plus(t.weight), theta.minus(theta)));
  const why =
    m.activation.kind === 'gated'
      ? `${row} <g, w_d> + b would be > 0 on the left side, whose weights add up to ${weight(on)}, and not on the right, whose weights add up to ${weight(off)} as well: the same number.`
      : theta.sign() > 0
        ? `${row} would have <e, left> > ${weight(on)} theta and <e, right> <= ${weight(off)} theta, which is no more: but left and right are one vector, and ${named('theta', theta)}.`
        : off.length === 0
          ? `${row} would have a product > 0 with the left side, which is 0.`
          : `${row} would have a product > 0 with the left side and <= 0 with the right: but left and right are one vector.`;
  const chain = chainFigure([...on, ...off.map((t) => ({ ...t, weight: t.weight.negated() }))]);
  return {
    ...lines(
      `Suppose neuron ${i} were active on just ${set}. The directions add up:`,
      `${equal}${off.length === 0 ? '' : `, on the left features of ${set}, on the right others`}`,
      inParts
        ? 'The certificate has whole numbers too long to be read; these are in parts of the largest on the left, the largest first.'
        : [],
      why,
    ),
    figure: chain,
  };
};

export const capacity: Words = ({ judgement, m, fact }) => {
  const { pattern } = judged(judgement, 'realizable');
  return lines(
    `Counting is enough: ${capacityText(fact, pattern.length, m) ?? 'the pattern has more than is let through'}.`,
  );
};

export const farkasJoint: Words = ({ node, m }) => {
  const rows = node
    .fields(['rule', 'rows'])
    .rows.items()
    .map((row) => {
      const { kind, neuron, feature, weight, over } = row.fields(['kind', 'neuron', 'feature', 'weight'], ['over']);
      const d = feature.index(1, m.features.length);
      const z = (i: number): string => symbolText(`z_${i}`, m.features, d).replace(/_(\d+)_/, '_$1,');
      const i = neuron.index(1, 999_999_999);
      const side = kind.text();
      const right = over ? `${z(over.index(1, 999_999_999))}` : '0';
      const because =
        side === 'on'
          ? 'it is active there'
          : side === 'off'
            ? 'it is not active there'
            : 'it is let through, and the other is not';
      return `${exact(weight.rational())} times ${z(i)} ${side === 'off' ? '<=' : '>'} ${right}, as ${because}`;
    });
  const bound =
    m.activation.kind === 'batchtopk'
      ? ' (with the bound that the batch sets in the place of 0, where it is full)'
      : '';
  return lines(
    `An encoder that shows the pattern has, for z_i,d = <e_i, w_d>${bound}:`,
    listed(rows, 'inequalities'),
    'Added with these weights every row e_i is multiplied by 0, and what is left says 0 > 0.',
  );
};

const pointSides = (m: Instance, point: Vector): string => {
  const gated = m.activation.kind === 'gated';
  const [e, theta] = [Vector.ints(point.num.slice(0, m.np), point.den), thresholdOf(m)];
  const set = m.features.flatMap(({ wp }, d) => {
    const value = gated ? e.dot(wp).plus(point.at(m.np)) : e.dot(wp).minus(theta);
    return value.sign() > 0 ? [d + 1] : [];
  });
  return `${rowOf(gated ? '(g, b)' : 'e', point)} shows ${setText(m.features, set)}`;
};

export const deletionRestriction: Words = ({ judgement, node, m, fact }) => {
  const { of } = judged(judgement, 'counted');
  const parts = node.fields(['rule', 'count'], ['side', 'dependency']);
  const space = m.activation.kind === 'gated' ? 'gates (g, b)' : 'rows e';
  const border =
    m.activation.kind === 'gated'
      ? '<g, w_d> + b = 0'
      : thresholdOf(m).sign() > 0
        ? '<e, w_d> = theta'
        : '<e, w_d> = 0';
  const pieces = parts.dependency && !parts.side ? `${BigInt(fact.count ?? '0') - 1n}` : (fact.count ?? '0');
  return lines(
    `The ${m.features.length} hyperplanes ${border} cut the space of ${space} into ${pieces} chambers. The checker counts them again by deletion and restriction: each hyperplane adds as many chambers as the others cut it into (Zaslavsky 1975).`,
    of === 'chambers' ? 'Inside a chamber no feature is at its kink, and one set is shown.' : [],
    parts.side
      ? `${rowOf('x', parts.side.vector(m.np))} has a product > 0 with every direction. So every set that is shown is shown inside a chamber: take a little of x away.`
      : [],
    parts.dependency
      ? [
          `${sumText(
            parts.dependency.items().map((item, feature) => ({ feature, weight: item.rational() })),
            m.features,
          )} = 0, all weights > 0, so the row 0 alone shows the empty set: one more, ${fact.count ?? ''} in all.`,
        ]
      : [],
  );
};

export const patternTree: Words = ({ judgement, node, m, fact }) => {
  const { of } = judged(judgement, 'counted');
  const parts = node.fields(['rule', 'count', 'farkas', 'leaves']);
  const leaves = parts.leaves.items();
  const points = leaves.filter(({ json }) => Array.isArray(json)).map((leaf) => pointSides(m, leaf.vector()));
  const strict = of === 'chambers' ? '< ' : '<= ';
  const relations = parts.farkas.items().map((item) => {
    const { on, off } = item.fields(['on', 'off']);
    const sides = sidesOf(termsIn(on), termsIn(off));
    return `${sumText(sides.on, m.features)} = ${sumText(sides.off, m.features)}: no row is > 0 on the left features and ${strict}0 on the right`;
  });
  return lines(
    `Feature after feature is put into the set or left out. ${fact.count ?? ''} branches end in a row that shows their set:`,
    listed(points, 'rows'),
    `The other ${leaves.length - points.length} end where one of these equations excludes all sets below:`,
    listed(relations, 'equations'),
  );
};
