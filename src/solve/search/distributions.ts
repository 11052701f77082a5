/** Random finite distributions of the inputs, simpler ones to shrink to, and what is left of one when a feature goes. */
import type { Distribution } from '../../kernel/model/distribution.ts';
import { ONE, Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { asked, chance, type Draw, pick, type Wanted } from './draw.ts';

const q = (num: bigint, den = 1n): Rational => Rational.of(num, den);
const PROBABILITIES = [q(1n, 2n), q(1n, 3n), q(1n, 4n), q(1n, 10n), q(1n, 20n), q(1n, 100n)];
const VALUES = [ONE, ONE, q(2n), q(1n, 2n), q(3n)];

type Joint = Extract<Distribution, { kind: 'joint' }>['atoms'];
type Independent = Extract<Distribution, { kind: 'independent' }>['magnitudes'];

/** Probabilities that add up to at most 1: those that still fit. */
function fitting<T extends { readonly probability: Rational }>(items: readonly T[]): T[] {
  const kept: T[] = [];
  for (const item of items) {
    if (sum([...kept, item].map((one) => one.probability)).compare(ONE) <= 0) kept.push(item);
  }
  return kept;
}

export function drawDistribution(draw: Draw, wanted: Wanted): Distribution {
  const { n } = wanted.shape;
  const independence = asked(wanted, 'independent') ?? asked(wanted, 'independence') ?? chance(draw, 60);
  const features = Array.from({ length: n }, (_, d) => d);
  if (independence) {
    const rare = pick(draw, PROBABILITIES);
    const magnitudes = features.map(() =>
      fitting(
        Array.from({ length: draw.int(1, 2) }, () => ({
          probability: chance(draw, 60) ? rare : pick(draw, PROBABILITIES),
          value: pick(draw, VALUES),
        })),
      ),
    );
    return { kind: 'independent', magnitudes };
  }
  const atoms = Array.from({ length: draw.int(1, 3) }, () => ({
    probability: pick(draw, PROBABILITIES),
    x: Vector.of(features.map(() => (chance(draw, 60) ? pick(draw, VALUES) : ZERO))),
  }));
  return { kind: 'joint', atoms: fitting(atoms) };
}

/** Of the other features: the marginal distribution. */
export function withoutInput(distribution: Distribution, d: number): Distribution {
  const others = <T>(list: readonly T[]): T[] => list.filter((_, c) => c !== d);
  return distribution.kind === 'independent'
    ? { kind: 'independent', magnitudes: others(distribution.magnitudes) }
    : { kind: 'joint', atoms: distribution.atoms.map((a) => ({ ...a, x: Vector.of(others(a.x.entries())) })) };
}

/** All the numbers of the distribution. */
export function quantities(distribution: Distribution | undefined): Rational[] {
  if (!distribution) return [];
  return distribution.kind === 'joint'
    ? distribution.atoms.flatMap(({ probability, x }) => [probability, ...x.entries()])
    : distribution.magnitudes.flat().flatMap(({ probability, value }) => [probability, value]);
}

const at = <T>(list: readonly T[], k: number, by: readonly T[]): T[] => [
  ...list.slice(0, k),
  ...by,
  ...list.slice(k + 1),
];

function* simplerAtoms(atoms: Joint): Generator<Joint> {
  for (const [k, atom] of atoms.entries()) {
    if (atoms.length > 1) yield at(atoms, k, []);
    for (const probability of PROBABILITIES) yield at(atoms, k, [{ ...atom, probability }]);
    for (const [d] of atom.x.entries().entries()) {
      for (const value of [ZERO, ONE, q(2n)]) {
        yield at(atoms, k, [{ ...atom, x: Vector.of(atom.x.entries().map((x, c) => (c === d ? value : x))) }]);
      }
    }
  }
}

function* simplerMagnitudes(magnitudes: Independent): Generator<Independent> {
  for (const [d, list] of magnitudes.entries()) {
    for (const [k, one] of list.entries()) {
      yield at(magnitudes, d, [at(list, k, [])]);
      for (const probability of PROBABILITIES) yield at(magnitudes, d, [at(list, k, [{ ...one, probability }])]);
      for (const value of [ONE, q(2n), q(1n, 2n)]) yield at(magnitudes, d, [at(list, k, [{ ...one, value }])]);
    }
  }
}

export function* simplerDistributions(distribution: Distribution): Generator<Distribution> {
  if (distribution.kind === 'joint') {
    for (const atoms of simplerAtoms(distribution.atoms)) {
      if (fitting(atoms).length === atoms.length) yield { kind: 'joint', atoms };
    }
    return;
  }
  for (const magnitudes of simplerMagnitudes(distribution.magnitudes)) {
    if (magnitudes.every((list) => fitting(list).length === list.length)) yield { kind: 'independent', magnitudes };
  }
}
