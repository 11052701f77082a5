/**
 * L~ on the pattern as a polynomial in the entries of rows and columns, its partial derivatives by mathjs, in doubles at the point of the proof; central
 * differences of the loss itself beside them. Where a proof excludes every row, what is left at the best row that shows the pattern.
 */

import { float, floats, type Seen, type Step } from '../../../explain/step.ts';
import { thresholdOf } from '../../../kernel/model/activation.ts';
import type { Instance } from '../../../kernel/model/instance.ts';
import type { Judged } from '../../../kernel/proof/fact.ts';
import { largestOf } from '../../../solve/linear/extremes.ts';
import { patternText } from '../../../words/names.ts';
import { approximately, type Look, optional, together } from './look.ts';

type Point = NonNullable<Seen['point']>;

/** mathjs takes a second for this many terms. */
const MOST_TERMS = 150;
/** At a point with long coordinates the residual of rounding is larger, so the size of the terms goes in. */
const SMALL = 1e-9;
/** Of central differences: step, and what is left of a derivative that is 0. */
const STEP = 1e-5;
const ROUGH = 1e-4;

interface Feature {
  readonly w: readonly number[];
  readonly r: readonly number[];
  readonly M: number;
}

const featuresOf = (m: Instance): Feature[] =>
  m.features.map(({ wp, wr, weight }) => ({ w: floats(wp), r: floats(wr), M: float(weight) }));

const number = (x: number): string => `(${x})`;

/** `M_1 ((r_11 - (w_11 e_1_1 + ...) u_1_1)^2 + ...) + ...` with numbers for w, r and M. */
function polynomial(features: readonly Feature[], sets: Point['sets']): string {
  const terms = features.flatMap(({ w, r, M }, d) => {
    if (M === 0) return [];
    const active = sets.flatMap((set, i) => (set.includes(d) ? [i] : []));
    const outputs = r.map((target, q) => {
      const passed = active.map((i) => `(${w.map((x, k) => `${number(x)} * e_${i}_${k}`).join(' + ')}) * u_${i}_${q}`);
      return `(${[number(target), ...passed].join(' - ')})^2`;
    });
    return [`${number(M)} * (${outputs.join(' + ')})`];
  });
  return terms.join(' + ') || '0';
}

function scopeOf({ we, wd }: Point): Record<string, number> {
  const entries = [
    ...we.flatMap((e, i) => e.map((x, k) => [`e_${i}_${k}`, x] as const)),
    ...wd.flatMap((u, i) => u.map((x, q) => [`u_${i}_${q}`, x] as const)),
  ];
  return Object.fromEntries(entries);
}

/** L~ in doubles, every neuron passing what it passes; undefined for activations that this look does not know. */
function lossOf(m: Instance, features: readonly Feature[]): ((at: Pick<Point, 'we' | 'wd'>) => number) | undefined {
  const { activation } = m;
  const theta = float(thresholdOf(m));
  if (!['relu', 'jumprelu', 'identity', 'topk'].includes(activation.kind)) return undefined;
  return ({ we, wd }) =>
    features.reduce((total, { w, r, M }) => {
      const z = we.map((e) => e.reduce((sum, x, k) => sum + x * (w[k] ?? 0), 0));
      const passing = z.map((x) => activation.kind === 'identity' || x > theta);
      if (activation.kind === 'topk') {
        const order = z.map((x, i) => [x, i] as const).sort((a, b) => b[0] - a[0]);
        for (const [, i] of order.slice(activation.k)) passing[i] = false;
      }
      const rho = r.map((target, q) =>
        z.reduce((rest, x, i) => rest - (passing[i] ? x * (wd[i]?.[q] ?? 0) : 0), target),
      );
      return total + M * rho.reduce((sum, x) => sum + x * x, 0);
    }, 0);
}

/** The largest component by size of central differences. */
function differences(loss: (at: Pick<Point, 'we' | 'wd'>) => number, { we, wd }: Point): number {
  let most = 0;
  const moved = (which: 'we' | 'wd', i: number, k: number, by: number): number => {
    const change = (rows: Point['we']): Point['we'] =>
      rows.map((row, j) => (j === i ? row.map((x, c) => (c === k ? x + by : x)) : row));
    return loss(which === 'we' ? { we: change(we), wd } : { we, wd: change(wd) });
  };
  for (const [which, rows] of [
    ['we', we],
    ['wd', wd],
  ] as const) {
    rows.forEach((row, i) => {
      row.forEach((_, k) => {
        most = Math.max(most, Math.abs((moved(which, i, k, STEP) - moved(which, i, k, -STEP)) / (2 * STEP)));
      });
    });
  }
  return most;
}

const kinksAt = (m: Instance, features: readonly Feature[], { we }: Point): number => {
  const theta = float(thresholdOf(m));
  const at = (e: readonly number[], w: readonly number[]): number => e.reduce((sum, x, k) => sum + x * (w[k] ?? 0), 0);
  return we.reduce((count, e) => count + features.filter(({ w }) => Math.abs(at(e, w) - theta) < 1e-9).length, 0);
};

type Mathjs = typeof import('mathjs');

/** The largest partial derivative by size. */
function largest({ derivative, parse }: Mathjs, text: string, at: Point): number {
  const node = parse(text);
  const scope = scopeOf(at);
  return Object.keys(scope).reduce((most, name) => {
    const value: unknown = derivative(node, name, { simplify: false }).evaluate({ ...scope });
    return Math.max(most, Math.abs(Number(value)));
  }, 0);
}

/** The best column for each row of sets that meet no other. */
function bestColumns(features: readonly Feature[], sets: Point['sets'], we: Point['we'], nr: number): number[][] {
  return sets.map((set, i) => {
    const z = (w: readonly number[]): number => (we[i] ?? []).reduce((sum, x, k) => sum + x * (w[k] ?? 0), 0);
    const s = set.reduce((sum, d) => sum + (features[d]?.M ?? 0) * z(features[d]?.w ?? []) ** 2, 0);
    return Array.from({ length: nr }, (_, q) =>
      s === 0
        ? 0
        : set.reduce((sum, d) => sum + (features[d]?.M ?? 0) * z(features[d]?.w ?? []) * (features[d]?.r[q] ?? 0), 0) /
          s,
    );
  });
}

/** Of the terms that a partial derivative adds up, for the neuron with the largest: what rounding is proportional to. */
function sizeOfTerms(features: readonly Feature[], { we, wd }: Point): number {
  const [e, u] = [we, wd].map((rows) => rows.map((row) => Math.hypot(...row))) as [number[], number[]];
  const passed = e.reduce((sum, x, i) => sum + x * (u[i] ?? 0), 0);
  return largestOf(
    e.map((x, i) =>
      features.reduce((sum, { w, r, M }) => {
        const size = Math.hypot(...w);
        return sum + 2 * M * (Math.hypot(...r) + size * passed) * size * Math.max(x, u[i] ?? 0);
      }, 1),
    ),
  );
}

interface Found {
  readonly outcome: Look['outcome'];
  readonly line: string;
}

function atPoint(mathjs: Mathjs, m: Instance, fact: Judged, point: Point): Found[] {
  const features = featuresOf(m);
  // A curve down from a point of gradient 0, or a point that need not be critical at all.
  const wanted = ['partial-minimum', 'critical', 'local-minimum', 'some-weights'].includes(fact.relation);
  const text = polynomial(features, point.sets);
  const scale = largestOf(
    features.map(({ M, r }) => M * Math.hypot(...r)),
    1,
  );
  const left = largest(mathjs, text, point);
  const noise = 64 * Number.EPSILON * sizeOfTerms(features, point);
  const loss = lossOf(m, features);
  const beside = loss ? differences(loss, point) : undefined;
  const kinks = kinksAt(m, features, point);
  const name = patternText(
    m.features,
    point.sets.map((set) => set.map((d) => d + 1)),
  );
  const creased = beside !== undefined && beside > ROUGH * scale && kinks > 0;
  const said = [
    `${name}: the largest partial derivative of L~ on the pattern is ${approximately(left)}`,
    ...(beside === undefined ? [] : [`by central differences of the loss itself ${approximately(beside)}`]),
    ...(creased
      ? [`${kinks} pre-activation${kinks === 1 ? ' is' : 's are'} at kinks, where the loss has a crease`]
      : []),
  ].join('; ');
  if (fact.face) {
    const pressed = `${said}; the point is on a face, where the gradient is not 0 but presses against the kinks`;
    return [{ outcome: left > SMALL * scale ? 'agrees' : 'too close to tell', line: pressed }];
  }
  const zero = left <= SMALL * scale;
  // That a configuration is no local minimum says nothing of its gradient.
  if (!wanted || (fact.relation === 'local-minimum' && !fact.truth))
    return [{ outcome: zero ? 'agrees' : 'nothing to ask', line: said }];
  if (zero && beside !== undefined && beside > ROUGH * scale && kinks === 0) {
    return [
      {
        outcome: 'differs',
        line: `${said}; so the loss bends where the polynomial does not: a kink is nearer than ${STEP}`,
      },
    ];
  }
  if (!zero && left <= noise) {
    const long = `${said}; its rows are so long that rounding alone makes up to ${approximately(noise)}`;
    return [{ outcome: 'too close to tell', line: long }];
  }
  return [{ outcome: zero ? 'agrees' : 'differs', line: said }];
}

/** From a candidate outside towards a row that shows the set, as far as it takes. */
function nearestInside(
  features: readonly Feature[],
  set: readonly number[],
  from: readonly number[],
  inside: readonly number[],
): number[] | undefined {
  const at = (t: number): number[] => from.map((x, k) => (1 - t) * x + t * (inside[k] ?? 0));
  const shows = (e: readonly number[]): boolean =>
    features.every(({ w }, d) => e.reduce((sum, x, k) => sum + x * (w[k] ?? 0), 0) > 0 === set.includes(d));
  if (!shows(inside)) return undefined;
  let [low, high] = [0, 1];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (shows(at(middle))) high = middle;
    else low = middle;
  }
  return at(high);
}

function atCandidates(mathjs: Mathjs, m: Instance, fact: Judged, seen: Seen, shown: Point | undefined): Found[] {
  const features = featuresOf(m);
  const sets = 'pattern' in fact ? fact.pattern.map((set) => set.map((d) => d - 1)) : [];
  const text = polynomial(features, sets);
  const scale = largestOf(
    features.map(({ M, r }) => M * Math.hypot(...r)),
    1,
  );
  if (!shown) return [];
  const inside = shown.we;
  const tried = [
    ...(seen.candidates ?? []).map(({ neuron, row }) => ({ neuron, row })),
    ...[...new Set((seen.candidates ?? []).map(({ neuron }) => neuron))].map((neuron) => ({
      neuron,
      row: inside[neuron] ?? [],
    })),
  ];
  const left = tried.flatMap(({ neuron, row }) => {
    const length = Math.hypot(...row);
    const reach = Math.hypot(...(inside[neuron] ?? []));
    const e = nearestInside(
      features,
      sets[neuron] ?? [],
      row.map((x) => (length === 0 ? 0 : (x * reach) / length)),
      inside[neuron] ?? [],
    );
    if (!e) return [];
    const we = inside.map((other, i) => (i === neuron ? e : other));
    return [
      {
        neuron,
        value: largest(mathjs, text, {
          we,
          wd: bestColumns(features, sets, we, m.nr),
          sets: sets.map((set, i) => (i === neuron ? set : [])),
        }),
      },
    ];
  });
  const best = left.reduce<(typeof left)[number] | undefined>((a, b) => (a && a.value <= b.value ? a : b), undefined);
  if (!best) return [];
  const line = `${patternText(m.features, 'pattern' in fact ? fact.pattern : [])}: of the rows of neuron ${best.neuron + 1} that show its set, the one with the least gradient among those next to a candidate still has a largest component of ${approximately(best.value)}, with the best column`;
  return best.value > SMALL * scale
    ? [{ outcome: 'agrees', line }]
    : [
        {
          outcome: 'too close to tell',
          line: `${line}: a candidate is nearly in the cone, or the point is on a face that the pattern's rows come near to`,
        },
      ];
}

interface Asked {
  readonly fact: Judged;
  readonly seen: Seen;
}
const asked = (steps: readonly Step[]): Asked[] =>
  steps.flatMap(({ fact, seen, steps: inner }) => [...(fact && seen ? [{ fact, seen }] : []), ...asked(inner)]);

/** Of the first proof that an encoder shows the pattern. */
function rowsShown(steps: readonly Step[]): Point | undefined {
  for (const { fact, figure, steps: inner } of steps) {
    if (fact?.relation === 'realizable' && fact.truth && figure?.kind === 'rows') {
      return { we: figure.rows.map(({ row }) => row), wd: [], sets: figure.rows.map(({ set }) => set) };
    }
    const found = rowsShown(inner);
    if (found) return found;
  }
  return undefined;
}

export async function gradientLook(m: Instance | undefined, steps: readonly Step[]): Promise<Look> {
  const look = 'gradient in numbers';
  const questions = m ? asked(steps).filter(({ seen }) => seen.point || (seen.candidates?.length ?? 0) > 0) : [];
  if (!m || questions.length === 0) {
    return { look, outcome: 'nothing to ask', says: 'no point or candidate is in the proof', lines: [] };
  }
  if (m.features.length * m.nr * m.neurons > MOST_TERMS) {
    return {
      look,
      outcome: 'nothing to ask',
      says: `more than ${MOST_TERMS} terms, too large for this look`,
      lines: [],
    };
  }
  const mathjs = await optional(() => import('mathjs'));
  if (!mathjs) return { look, outcome: 'not installed', says: 'npm install mathjs for this look', lines: [] };
  const shown = rowsShown(steps);
  const found = questions.flatMap(({ fact, seen }) => {
    // With other weights the polynomial is another one.
    if (fact.relation === 'some-weights') return [];
    return seen.point ? atPoint(mathjs, m, fact, seen.point) : atCandidates(mathjs, m, fact, seen, shown);
  });
  const outcome = together(found.map((f) => f.outcome));
  const says =
    outcome === 'nothing to ask'
      ? 'nothing here says what the gradient should be'
      : `${outcome}${found.length > 1 ? ` (${found.length} points)` : ''}`;
  return { look, outcome, says, lines: [...new Set(found.map(({ line }) => line))] };
}
