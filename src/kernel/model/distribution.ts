/**
 * Finite distributions of the inputs x >= 0 (`distribution` of an instance): a list of inputs, or independent features with
 * finitely many magnitudes each. What the probabilities leave up to 1 is at 0.
 */
import type { Node } from '../document/node.ts';
import { ONE, type Rational, sum, ZERO } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';
import { Vector } from '../numbers/vector.ts';
import { room } from '../numbers/work.ts';

/** An input with a positive probability. */
export interface Atom {
  readonly probability: Rational;
  /** Of length n, entries >= 0. */
  readonly x: Vector;
}

interface Magnitude {
  readonly probability: Rational;
  readonly value: Rational;
}

export type Distribution =
  | { readonly kind: 'joint'; readonly atoms: readonly Atom[] }
  /** For each feature its positive values; the features are independent. */
  | { readonly kind: 'independent'; readonly magnitudes: readonly (readonly Magnitude[])[] };

const MAX_ATOMS = 100_000;

function above(node: Node, least: 'positive' | 'not negative'): Rational {
  const value = node.rational();
  const fits = least === 'positive' ? value.sign() > 0 : value.sign() >= 0;
  return fits ? value : malformed('out-of-range', node.path, `a quantity that is ${least}`, `${value}`);
}

function atMostOne(of: readonly { probability: Rational }[], node: Node): void {
  const total = sum(of.map((one) => one.probability));
  if (total.compare(ONE) > 0)
    malformed('out-of-range', node.path, 'probabilities that add up to at most 1', `${total}`);
}

export function readDistribution(node: Node, n: number): Distribution {
  const { joint, independent } = node.fields([], ['joint', 'independent']);
  if (joint && !independent) {
    const atoms = joint.items().map((item): Atom => {
      const { probability, x } = item.fields(['probability', 'x']);
      return {
        probability: above(probability, 'positive'),
        x: Vector.of(x.items(n).map((entry) => above(entry, 'not negative'))),
      };
    });
    atMostOne(atoms, joint);
    return { kind: 'joint', atoms };
  }
  if (joint || !independent) return malformed('missing-key', node.path, '"joint" or "independent"', 'not one of them');
  const magnitudes = independent.items(n).map((list) => {
    const values = list.items().map((item): Magnitude => {
      const { probability, value } = item.fields(['probability', 'value']);
      return { probability: above(probability, 'positive'), value: above(value, 'positive') };
    });
    atMostOne(values, list);
    return values;
  });
  const inputs = magnitudes.reduce((count, values) => count * (values.length + 1), 1);
  if (inputs > MAX_ATOMS) malformed('too-large', independent.path, `at most ${MAX_ATOMS} inputs`, `${inputs}`);
  return { kind: 'independent', magnitudes };
}

const expanded = new WeakMap<Distribution, readonly Atom[]>();

/** The inputs other than 0, each once, with their probabilities. */
export function atomsOf(distribution: Distribution): readonly Atom[] {
  const known = expanded.get(distribution);
  if (known) return known;
  const found = new Map<string, Atom>();
  for (const atom of distribution.kind === 'joint' ? distribution.atoms : products(distribution.magnitudes)) {
    const before = found.get(`${atom.x}`)?.probability ?? ZERO;
    if (!atom.x.isZero()) found.set(`${atom.x}`, { ...atom, probability: before.plus(atom.probability) });
  }
  const atoms = [...found.values()];
  expanded.set(distribution, atoms);
  return atoms;
}

function products(magnitudes: readonly (readonly Magnitude[])[]): Atom[] {
  room(magnitudes.reduce((words, values) => words * (values.length + 1), magnitudes.length));
  let partial: { probability: Rational; x: readonly Rational[] }[] = [{ probability: ONE, x: [] }];
  for (const values of magnitudes) {
    const rest = ONE.minus(sum(values.map((v) => v.probability)));
    const all = rest.sign() > 0 ? [...values, { probability: rest, value: ZERO }] : values;
    partial = partial.flatMap(({ probability, x }) =>
      all.map((v) => ({ probability: probability.times(v.probability), x: [...x, v.value] })),
    );
  }
  return partial.map(({ probability, x }) => ({ probability, x: Vector.of(x) }));
}

/** Whether the features are independent: each input is as probable as the product of its marginals, and none is missing. */
export function isIndependent(distribution: Distribution, n: number): boolean {
  if (distribution.kind === 'independent') return true;
  const atoms = atomsOf(distribution);
  const rest = ONE.minus(sum(atoms.map((a) => a.probability)));
  const all = rest.sign() > 0 ? [...atoms, { probability: rest, x: Vector.zero(n) }] : atoms;
  const marginals = Array.from({ length: n }, (_, d) => {
    const marginal = new Map<string, Rational>();
    for (const { probability, x } of all)
      marginal.set(`${x.at(d)}`, (marginal.get(`${x.at(d)}`) ?? ZERO).plus(probability));
    return marginal;
  });
  const product = (x: Vector): Rational =>
    marginals.reduce((p, marginal, d) => p.times(marginal.get(`${x.at(d)}`) ?? ZERO), ONE);
  return (
    marginals.reduce((count, marginal) => count * marginal.size, 1) === all.length &&
    all.every(({ probability, x }) => product(x).equals(probability))
  );
}
