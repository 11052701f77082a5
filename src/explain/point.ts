/** Critical points of patterns whose sets do not meet: rows, columns, eigenvalues, kinks and their prices. */

import { readRoot } from '../kernel/document/algebraic.ts';
import type { Node } from '../kernel/document/node.ts';
import { thresholdOf } from '../kernel/model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../kernel/model/instance.ts';
import { pencil } from '../kernel/model/model.ts';
import { enclosures, type Interval, multiplied, point, type Root } from '../kernel/numbers/algebraic.ts';
import { Rational, ZERO } from '../kernel/numbers/rational.ts';
import { combine, Vector } from '../kernel/numbers/vector.ts';
import { type CriticalPoint, type Live, lossBounds, price, readCriticalPoint } from '../kernel/rules/criticalPoint.ts';
import { featureText, setText, symbolText } from '../words/names.ts';
import { enclosure } from '../words/number.ts';
import {
  between,
  bounds,
  elementOf,
  exact,
  type Figure,
  floats,
  intervalsOf,
  judged,
  lines,
  listed,
  middles,
  productText,
  refined,
  rowOf,
  type Seen,
  stated,
  type Words,
  wholeText,
} from './step.ts';

export const lambdaText = (root: Root): string => {
  const { from, to } = refined(root);
  return between('lambda', [from, to]);
};
export const rootsText = (roots: readonly Root[]): string =>
  roots.map((root) => bounds([refined(root).from, refined(root).to])).join(', ');

/** What the pencil of a set is, in words; said once in an argument. */
export const PENCIL =
  'With A, B and C of its features F (B = sum_F M_d w_d w_d^T, C = sum_F M_d r_d w_d^T, A = C^T C) and the best column u = C e / e^T B e, a row e is critical where (A - lambda B) e = sum_t mu_t w_t, t over the features at whose kink it is (<e, w_t> = 0), with multipliers mu_t >= 0; then it takes lambda off the loss.';

function liveLines(m: Instance, unit: Live): string[] {
  const { neuron, set, row, kinks, muSigns, mu } = unit;
  const root = refined(unit.lambda);
  const e = enclosures(row, root, m.np);
  const z = m.features.map(({ wp }) => dotted(wp, e));
  const i = neuron + 1;
  const theta = thresholdOf(m);
  const bound = theta.sign() > 0 ? exact(theta) : '0';
  const values = (on: boolean): string =>
    listed(
      m.features.flatMap((_, d) =>
        set.includes(d) === on && !(!on && kinks.includes(d))
          ? [productText(m, `e_${i}`, d, bounds(z[d] ?? point(ZERO)))]
          : [],
      ),
      'features',
    ).join(', ');
  const off = values(false);
  return [
    `neuron ${i} on ${setText(
      m.features,
      set.map((d) => d + 1),
    )}: ${lambdaText(unit.lambda)}, ${elementOf(`e_${i}`, row, root, m.np)}, ${intervalsOf(`u_${i}`, unit.u)}`,
    `  on its set > ${bound}: ${values(true)}${off === '' ? '' : `; on the others not: ${off}`}`,
    ...kinks.map((t) => {
      const held = muSigns[t] === 0 ? 'mu = 0' : between('mu', mu[t] ?? point(ZERO));
      return `  it is at the kink of ${featureText(m.features, t + 1)}: ${productText(m, `e_${i}`, t, bound)}, with the multiplier ${held}`;
    }),
  ];
}

const dotted = (w: Vector, e: readonly Interval[]): Interval =>
  e.reduce<Interval>(
    (sum, x, k) => {
      const [a, b] = multiplied(point(w.at(k)), x);
      return [sum[0].plus(a), sum[1].plus(b)];
    },
    [ZERO, ZERO],
  );

/** The point, neuron by neuron, and its loss. */
export function pointLines(m: Instance, at: CriticalPoint, dead: readonly Node[]): string[] {
  const asleep = at.dead.map(({ neuron, kinks }, k) => {
    const parts = dead[k]?.fields(['e', 'u']);
    if (!parts) return '';
    const where =
      kinks.length > 0
        ? `, at its kink on ${setText(
            m.features,
            kinks.map((d) => d + 1),
          )}`
        : '';
    return `neuron ${neuron + 1} is active on nothing: ${rowOf(`e_${neuron + 1}`, parts.e.vector(m.np))}, ${rowOf(`u_${neuron + 1}`, parts.u.vector(m.nr))}${where}`;
  });
  const lambdas = at.live.length === 0 ? '' : ` less ${at.live.length === 1 ? 'lambda' : 'the lambdas'}`;
  return [
    PENCIL,
    ...listed(
      at.live.flatMap((unit) => liveLines(m, unit)),
      'lines',
    ),
    ...listed(asleep, 'neurons'),
    `${enclosure('L~', lossBounds(refinedLoss(m, at)))}, which is ${wholeText(m)}${lambdas}`,
  ];
}

/** With eigenvalues as narrow as six digits need. */
function refinedLoss(m: Instance, { live }: CriticalPoint): Interval {
  const whole = m.features.reduce((sum, f) => sum.plus(f.weight.times(f.wr.dot(f.wr))), ZERO);
  return live.reduce<Interval>(
    ([least, most], { lambda }) => [least.minus(refined(lambda).to), most.minus(refined(lambda).from)],
    [whole, whole],
  );
}

export const criticalPoint: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical', 'partial-minimum');
  const parts = node.fields(['rule', 'live', 'dead']);
  const at = readCriticalPoint(m, pattern, parts);
  return {
    ...lines(pointLines(m, at, parts.dead.items())),
    figure: pointFigure(m, pattern, at),
    seen: pointSeen(m, pattern, at, parts.dead.items()),
  };
};

/** `-2 M_3 <rho_3, u_1>`: what passing one more unit costs, to first order. */
const slope = (m: Instance, t: number, neuron: number): string =>
  `-2 ${symbolText('M', m.features, t + 1)} <${symbolText('rho', m.features, t + 1)}, u_${neuron + 1}>`;

/** What waking costs at each kink, to first order. */
function priceLines(m: Instance, at: CriticalPoint, joint: (neuron: number) => readonly number[]): string[] {
  return [...at.live, ...at.dead].flatMap(({ neuron, kinks, u }) =>
    kinks.flatMap((t) => {
      const where = `neuron ${neuron + 1} at the kink of ${featureText(m.features, t + 1)}`;
      if (joint(neuron).includes(t))
        return [`${where}: priced together with its other kinks, in every cone between them`];
      const c = price(m, at, t, u);
      return [
        c
          ? `${where}: for each unit of pre-activation L~ rises by ${stated(slope(m, t, neuron), bounds(multiplied(point(Rational.of(2n)), c)))}`
          : `${where}: that feature is reconstructed, or has weight 0, so waking cannot gain`,
      ];
    }),
  );
}

export const minimum: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical');
  const parts = node.fields(['rule', 'live', 'dead']);
  const at = readCriticalPoint(m, pattern, parts, ['top', 'joint']);
  const joints = new Map(
    at.live.map(({ neuron, more }) => [
      neuron,
      more?.key === 'joint' ? more.node.items().map((t) => t.index(1, m.features.length) - 1) : [],
    ]),
  );
  const largest = at.live.map(({ neuron, lambda, more, muSigns }) => {
    if (more?.key !== 'top') {
      const names = setText(
        m.features,
        (joints.get(neuron) ?? []).map((d) => d + 1),
      );
      return `neuron ${neuron + 1}: in every cone between its kinks at ${names} the loss rises to first order, or does not fall to second: (A - lambda B), with what it wakes, gains nothing there`;
    }
    const others = more.node.fields(['basis', 'roots']).roots.items().map(readRoot);
    const held = muSigns.flatMap((sign, t) => (sign > 0 ? [t + 1] : []));
    const where = held.length > 0 ? ` on the rows that stay at the kinks ${setText(m.features, held)}` : '';
    return others.length === 0
      ? `neuron ${neuron + 1}: ${lambdaText(lambda)} is the only eigenvalue${where}`
      : `neuron ${neuron + 1}: ${lambdaText(lambda)} is the largest eigenvalue${where}; ${others.length === 1 ? 'the other is' : 'the others are'} ${rootsText(others)}`;
  });
  const prices = priceLines(m, at, (neuron) => joints.get(neuron) ?? []);
  return {
    ...lines(
      pointLines(m, at, parts.dead.items()),
      'Every way out costs. Within the active sets no row takes off more than the largest eigenvalue:',
      listed(largest, 'neurons'),
      prices.length === 0
        ? 'No pre-activation is at a kink, so nothing else can happen nearby.'
        : ['At the kinks a small change can wake a neuron:', ...listed(prices, 'kinks')],
    ),
    figure: pointFigure(m, pattern, at),
    seen: pointSeen(m, pattern, at, parts.dead.items()),
  };
};

export const saddle: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'critical');
  const parts = node.fields(['rule', 'live', 'dead', 'down']);
  const at = readCriticalPoint(m, pattern, parts);
  const { neuron, v, u } = parts.down.fields(['way', 'neuron', 'v'], ['u']);
  const down = {
    neuron: neuron.index(1, pattern.length) - 1,
    v: floats(v.vector(m.np)),
    ...(u && { u: floats(u.vector(m.nr)) }),
  };
  return {
    ...lines(pointLines(m, at, parts.dead.items()), downLines(m, pattern, at, parts.down)),
    figure: pointFigure(m, pattern, at),
    seen: { ...pointSeen(m, pattern, at, parts.dead.items()), down },
  };
};

function downLines(m: Instance, pattern: Pattern, at: CriticalPoint, down: Node): string[] {
  const { way, neuron, v: direction, u } = down.fields(['way', 'neuron', 'v'], ['u']);
  const i = neuron.index(1, pattern.length);
  const v = direction.vector(m.np);
  const move = `The way down: neuron ${i} moves its row by t v, ${rowOf('v', v)}`;
  const unit = at.live.find((other) => other.neuron === i - 1);
  switch (way.text()) {
    case 'turn': {
      const { a, b } = pencil(m, pattern[i - 1] ?? []);
      const form = (matrix: readonly Vector[]) => v.dot(combine(v.entries(), matrix, m.np));
      const { from, to } = refined(unit?.lambda ?? { f: [0n, 1n], from: ZERO, to: ZERO });
      const gain = (lambda: typeof from) => form(a).minus(lambda.times(form(b)));
      return [
        `${move}, towards a larger eigenvalue. No kink wakes on this way, and with the best column the loss falls like t^2:`,
        `v^T A v = ${exact(form(a))} is more than lambda v^T B v, by ${bounds([gain(to), gain(from)])}, as v^T B v = ${exact(form(b))}`,
      ];
    }
    case 'bend':
      return [
        `${move}, along kinks that cost nothing to first order, and wakes ${wokenText(m, unit?.kinks ?? [], v)}. To second order the loss then falls: with what it wakes counted in, v^T (A - lambda B) v > 0.`,
      ];
    case 'cross': {
      const terms = (unit?.kinks ?? []).map((t) => {
        const f = featureAt(m, t).wp.dot(v);
        const c = price(m, at, t, unit?.u ?? []);
        const gain = `mu <v, ${symbolText('w', m.features, t + 1)}> = ${bounds(multiplied(unit?.mu[t] ?? point(ZERO), point(f)))}`;
        const cost = f.sign() > 0 && c && unit ? bounds(multiplied(multiplied(unit.s, c), point(f))) : '0';
        return `at the kink of ${featureText(m.features, t + 1)} the multiplier gives ${gain}, and waking costs ${cost}`;
      });
      return [`${move}, across kinks. The loss falls to first order:`, ...terms];
    }
    default: {
      const column = u?.vector(m.nr) ?? Vector.zero(m.nr);
      const kinks = at.dead.find((other) => other.neuron === i - 1)?.kinks ?? [];
      return [
        `${move}, and its column by t u, ${rowOf('u', column)}: it is dead, with column 0, and wakes on ${wokenText(m, kinks, v)}. The loss changes by -2 t^2 sum_d M_d max(<v, w_d>, 0) <rho_d, u> + O(t^4), and the sum is > 0:`,
        ...kinks.flatMap((d) => {
          const { wp, weight } = featureAt(m, d);
          const rho = at.residuals[d];
          if (!rho || wp.dot(v).sign() <= 0) return [];
          const pull = multiplied(dotted(column, rho), point(weight.times(wp.dot(v))));
          return [
            `${featureText(m.features, d + 1)}: ${intervalsOf(symbolText('rho', m.features, d + 1), rho)}, so its term is ${bounds(pull)}`,
          ];
        }),
      ];
    }
  }
}

const wokenText = (m: Instance, kinks: readonly number[], v: Vector): string =>
  setText(
    m.features,
    kinks.filter((t) => featureAt(m, t).wp.dot(v).sign() > 0).map((t) => t + 1),
  );

/** The live rows, up to their length. */
const pointFigure = (m: Instance, pattern: Pattern, { live }: CriticalPoint): Figure => ({
  kind: 'rows',
  rows: live.map(({ neuron, row, lambda }) => ({
    title: `neuron ${neuron + 1}`,
    row: middles(enclosures(row, refined(lambda), m.np)),
    set: pattern[neuron] ?? [],
  })),
});

/** Rows and columns of live and dead neurons, in doubles. */
function pointSeen(m: Instance, pattern: Pattern, at: CriticalPoint, dead: readonly Node[]): Seen {
  const live = new Map(
    at.live.map(({ neuron, set, row, lambda }) => {
      const root = refined(lambda);
      const e = enclosures(row, root, m.np);
      const { b, c } = pencil(m, set);
      const image = (matrix: readonly Vector[]): Interval[] => matrix.map((v) => dotted(v, e));
      const s = middles(image(b)).reduce((sum, x, k) => sum + x * (middles(e)[k] ?? 0), 0);
      return [neuron, { e: middles(e), u: middles(image(c)).map((x) => x / s) }] as const;
    }),
  );
  const asleep = at.dead.map(({ neuron }, k) => {
    const parts = dead[k]?.fields(['e', 'u']);
    return [neuron, parts] as const;
  });
  const still = new Map(asleep);
  const row = (i: number): readonly number[] =>
    live.get(i)?.e ?? floats(still.get(i)?.e.vector(m.np) ?? Vector.zero(m.np));
  const column = (i: number): readonly number[] =>
    live.get(i)?.u ?? floats(still.get(i)?.u.vector(m.nr) ?? Vector.zero(m.nr));
  return { point: { we: pattern.map((_, i) => row(i)), wd: pattern.map((_, i) => column(i)), sets: pattern } };
}
