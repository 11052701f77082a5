/** Candidates for the rules on `partial-minimum`: critical points of a pattern, and proofs that there are none. */
import { featureAt, type Instance, type Pattern, unitVector } from '../kernel/instance.ts';
import { pencil } from '../kernel/model.ts';
import { ONE, type Rational, ZERO } from '../kernel/rational.ts';
import { Vector } from '../kernel/vector.ts';
import { configurationDocument, type Document, matrixDocument } from './document.ts';
import { motzkin } from './motzkin.ts';

/** Configurations to try on the rule `partial-minimum`: the instance's own. */
export function* partialMinimumProofs(m: Instance, _pattern: Pattern): Generator<Document> {
  if (m.configuration) yield { rule: 'partial-minimum', ...configurationDocument(m.configuration, m.nr) };
}

/** A linear form in the unknowns, by index. */
type Form = Map<number, Rational>;

function add(form: Form, unknown: number, coefficient: Rational): void {
  form.set(unknown, (form.get(unknown) ?? ZERO).plus(coefficient));
}

/**
 * The linear system of rule `skew-multiplier` for one neuron. Unknowns, in this order: X row by row, the weight of each pair of
 * features of the set, and for each feature t off the set (none where both gradients have to vanish) one weight per feature.
 */
function skewSystem(m: Instance, set: readonly number[], outside: readonly number[]) {
  const { np } = m;
  const { a, b } = pencil(m, set);
  const w = (d: number): Vector => featureAt(m, d).wp;
  const pairs = set.flatMap((d, k) => set.slice(k).map((c) => [d, c] as const));
  const x = (i: number, j: number): number => i * np + j;
  const pairAt = np * np;
  const coneAt = pairAt + pairs.length;
  const size = coneAt + outside.length * m.features.length;
  const equations: Form[] = [];
  for (let i = 0; i < np; i++) {
    for (let j = i; j < np; j++) {
      const [skew, product]: [Form, Form] = [new Map(), new Map()];
      for (let k = 0; k < np; k++) {
        add(skew, x(i, k), (b[k] as Vector).at(j));
        add(skew, x(j, k), (b[k] as Vector).at(i));
        add(product, x(i, k), (a[k] as Vector).at(j));
        add(product, x(j, k), (a[k] as Vector).at(i));
      }
      pairs.forEach(([d, c], k) => {
        const entry = w(d)
          .at(i)
          .times(w(c).at(j))
          .plus(w(c).at(i).times(w(d).at(j)));
        add(product, pairAt + k, entry.negated());
      });
      equations.push(skew, product);
    }
  }
  outside.forEach((t, k) => {
    for (let i = 0; i < np; i++) {
      const image: Form = new Map();
      for (let j = 0; j < np; j++) add(image, x(i, j), w(t).at(j));
      m.features.forEach((f, d) => {
        const entry = f.wp.at(i);
        add(image, coneAt + k * m.features.length + d, set.includes(d) ? entry : entry.negated());
      });
      equations.push(image);
    }
  });
  const row = (form: Form): Vector => Vector.of(Array.from({ length: size }, (_, k) => form.get(k) ?? ZERO));
  const positive = Array.from({ length: size - pairAt }, (_, k) => unitVector(size, pairAt + k));
  const someProduct = row(new Map(pairs.map((_, k) => [pairAt + k, ONE])));
  return {
    pairs,
    pairAt,
    coneAt,
    system: { dimension: size, strict: [someProduct], weak: positive, equal: equations.map(row) },
  };
}

const terms = (weights: readonly [number, Rational][]): Document =>
  weights.flatMap(([d, weight]) => (weight.sign() === 0 ? [] : [{ feature: d + 1, weight: `${weight}` }]));

/** Data for rule `skew-multiplier`, one candidate for each neuron that has it. */
export function* skewMultiplierProofs(m: Instance, pattern: Pattern, stationary: boolean): Generator<Document> {
  for (const [i, set] of pattern.entries()) {
    if (set.length < 2) continue;
    const outside = m.features.flatMap((_, d) => (stationary || set.includes(d) ? [] : [d]));
    const { pairs, pairAt, coneAt, system } = skewSystem(m, set, outside);
    const answer = motzkin(system);
    if (!answer.solvable) continue;
    const value = answer.x;
    const x = Array.from({ length: m.np }, (_, r) =>
      Vector.of(Array.from({ length: m.np }, (_, c) => value.at(r * m.np + c))),
    );
    const on = pairs.flatMap(([d, c], k) => {
      const weight = value.at(pairAt + k);
      return weight.sign() === 0 ? [] : [{ feature: d + 1, other: c + 1, weight: `${weight}` }];
    });
    const off = outside.map((_, k) => {
      const weights = m.features.map((_, d): [number, Rational] => [d, value.at(coneAt + k * m.features.length + d)]);
      return {
        on: terms(weights.filter(([d]) => set.includes(d))),
        off: terms(weights.filter(([d]) => !set.includes(d))),
      };
    });
    yield { rule: 'skew-multiplier', neuron: i + 1, x: matrixDocument(x), on, off };
  }
}
