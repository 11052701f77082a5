/**
 * Paths out of a valley, for rule `valley-exit`: which neurons give their columns up, and which rows they take. Modulo a prime it is told which codes
 * are independent; the coefficients of the others are then exact, and another prime is taken if they do not exist.
 */
import { thresholdOf } from '../../kernel/model/activation.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { approximateLoss, evaluate } from '../../kernel/model/model.ts';
import { MOST_MODULUS } from '../../kernel/numbers/modular.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { spend } from '../../kernel/numbers/work.ts';
import { codes } from '../../kernel/rules/valley.ts';
import { toFloat } from '../landscape/eigenvector.ts';
import { primitive, squareSolver, vectorOf } from '../linear/linear.ts';
import { pivots, primes, residues } from '../linear/modular.ts';
import { invert, reduce } from '../linear/residues.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';

/** A neuron that can be freed, with its code in terms of those of `of`. */
interface Spare {
  readonly neuron: number;
  readonly weights: readonly Rational[];
}

interface Basis {
  readonly p: number;
  /** Neurons with independent codes, as many as there are. */
  readonly of: readonly number[];
  readonly spares: readonly Spare[];
}

/** Neurons whose codes are a basis, and so many others, dead ones first; undefined where the prime is an unlucky one. */
function basisModulo(z: Matrix, p: number, spare: (rank: number) => number): Basis | undefined {
  const numerators = z.map(({ num }) => num);
  const { rows: of, columns } = pivots(residues(numerators, p), p);
  const kept = new Set(of);
  const others = z.flatMap((code, neuron) => (kept.has(neuron) ? [] : [{ neuron, code }]));
  const dead = others.filter(({ code }) => code.isZero());
  const taken = [...dead, ...others.filter(({ code }) => !code.isZero())].slice(0, spare(of.length));
  const square = columns.map((c) => of.map((i) => numerators[i]?.[c] as bigint));
  const solver = taken.length > dead.length ? squareSolver(square, p) : undefined;
  const spares: Spare[] = [];
  for (const { neuron, code } of taken) {
    const x = code.isZero() ? undefined : solver?.(columns.map((c) => code.num[c] as bigint));
    // In terms of the numerators of the codes, then of the codes.
    const scaled = x && vectorOf({ num: x.num, den: x.den * code.den }).entries();
    const dens = of.map((i) => Rational.of((z[i] as Vector).den));
    const weights = scaled ? scaled.map((c, k) => c.times(dens[k] as Rational)) : of.map(() => ZERO);
    const basisCodes = of.map((i) => z[i] as Vector);
    if (!combine(weights, basisCodes, code.length).equals(code)) return undefined;
    spares.push({ neuron, weights });
  }
  return { p, of, spares };
}

function basis(z: Matrix, spare: (rank: number) => number): Basis {
  for (const p of primes(MOST_MODULUS)) {
    const found = basisModulo(z, p, spare);
    if (found) return found;
  }
  throw new Error('unreachable: the primes do not end');
}

const movedDocument = ({ of }: Pick<Basis, 'of'>, { neuron, weights }: Spare, row: Vector): Document => ({
  neuron: neuron + 1,
  code: of
    .map((b, k) => ({ neuron: b + 1, weight: weights[k] ?? ZERO }))
    .filter(({ weight }) => weight.sign() !== 0)
    .sort((a, b) => a.neuron - b.neuron)
    .map(({ neuron: b, weight }) => ({ neuron: b, weight: `${weight}` })),
  row: vectorDocument(row),
});

/** Rows whose codes get independent of those before, modulo p. */
class Span {
  readonly #p: number;
  readonly #rows: { readonly pivot: number; readonly row: Float64Array }[] = [];

  constructor(p: number) {
    this.#p = p;
  }

  /** Whether the code, symmetric residues, is none of the combinations so far; then it counts from now on. */
  add(code: Float64Array): boolean {
    const p = this.#p;
    spend(3 * this.#rows.length * code.length);
    const left = Float64Array.from(code);
    for (const { pivot, row } of this.#rows) {
      const factor = left[pivot] as number;
      if (factor === 0) continue;
      for (let d = 0; d < left.length; d++)
        left[d] = reduce((left[d] as number) - factor * (row[d] as number), p, 1 / p);
    }
    const pivot = left.findIndex((x) => x !== 0);
    if (pivot < 0) return false;
    const inverse = invert(left[pivot] as number, p);
    this.#rows.push({ pivot, row: left.map((x) => reduce(x * inverse, p, 1 / p)) });
    return true;
  }
}

/** Small integers that look random, the same ones each time (xorshift32). */
function* drawn(): Generator<number, never> {
  for (let x = 2463534242; ; ) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield ((x >>> 8) % 7) - 3;
  }
}

/**
 * Rows, shortest first: the directions and their opposites, random ones, and for each d such as lie beside the hyperplane of w_d, on either side, with no other
 * hyperplane between. By the proof of `independent-responses` no relation sum_d c_d f_d = 0 but c = 0 holds on all of them and of the sums of opposite pairs.
 */
export function* rows(m: Instance): Generator<Vector> {
  const w = m.features.filter(({ weight }) => weight.sign() > 0).map(({ wp }) => wp);
  for (const v of w) for (const x of [v, v.negated()]) yield primitive(x.num);
  const source = drawn();
  const random = (): Vector => Vector.ints(Array.from({ length: m.np }, () => BigInt(source.next().value)));
  for (let round = 1; ; round++) {
    for (let k = 0; k < 4 * w.length; k++) yield random();
    for (const direction of w) {
      const x = random();
      const along = x.minus(direction.times(x.dot(direction).over(direction.dot(direction))));
      // The nearest other hyperplane on the line x + t w_d.
      const reach = w.flatMap((other) => {
        const [at, speed] = [other.dot(along), other.dot(direction)];
        return at.sign() === 0 || speed.sign() === 0 ? [] : [at.over(speed)];
      });
      const nearest = reach.map((t) => (t.sign() < 0 ? t.negated() : t)).sort((a, b) => a.compare(b))[0];
      const step = direction.times((nearest ?? Rational.of(1n)).over(Rational.of(2n)));
      for (const v of [along, along.plus(step), along.minus(step)]) yield primitive(v.num);
    }
    yield w.reduce((total, v) => total.plus(v.times(Rational.of(BigInt(source.next().value)))), Vector.zero(m.np));
    if (round === MOST_ROUNDS) return;
  }
}

const MOST_ROUNDS = 20;

/** Products of coordinates that looking at rows may take. */
const MOST_LOOKED = 20_000_000;

/** The rows, with a threshold theta > 0 at every length between those at which it lets one feature more pass. */
function* scaledRows(m: Instance): Generator<Vector> {
  const theta = thresholdOf(m);
  if (theta.sign() === 0) {
    yield* rows(m);
    return;
  }
  for (const v of rows(m)) {
    const products = m.features.map(({ wp }) => v.dot(wp)).filter((z) => z.sign() > 0);
    const sorted = products.sort((a, b) => a.compare(b));
    const [least] = sorted;
    if (!least) continue;
    // An integer above theta / least.
    const { num, den } = theta.over(least);
    yield v.times(Rational.of(num / den + 1n));
    for (const [k, z] of sorted.entries()) {
      const next = sorted[k + 1];
      if (next && next.compare(z) > 0) yield v.times(theta.times(Rational.of(2n)).over(z.plus(next)));
    }
  }
}

/** The data by which the configuration has a path to L~ = 0; undefined where none was found. */
export function exitToZero(m: Instance, at: Configuration): Document | undefined {
  const z = codes(m, at);
  const n = z[0]?.length ?? 0;
  if (m.neurons < n) return undefined;
  const found = basis(z, (rank) => n - rank);
  const { p, of, spares } = found;
  const residue = (code: Vector): Float64Array => residues([code.num], p)[0] as Float64Array;
  const span = new Span(p);
  const chosen = of.map((i) => ({ neuron: i, code: residue(z[i] as Vector) }));
  for (const { code } of chosen) span.add(code);
  const moved: Document[] = [];
  const open = [...spares];
  for (const v of open.length > 0 ? scaledRows(m) : []) {
    const code = residue(codes(m, { we: [v] })[0] as Vector);
    if (!span.add(code)) continue;
    const spare = open.shift() as Spare;
    moved.push(movedDocument(found, spare, v));
    chosen.push({ neuron: spare.neuron, code });
    if (open.length === 0) break;
  }
  if (open.length > 0) return undefined;
  const order = pivots(
    chosen.map(({ code }) => code),
    p,
  ).rows;
  return { rule: 'valley-exit', moved, p, rows: order.map((k) => (chosen[k]?.neuron as number) + 1) };
}

/** The neuron that is freed, its code as a combination of those of `of`, and the row it takes. */
export interface Way extends Pick<Basis, 'of'>, Spare {
  readonly row: Vector;
}

/** The data by which it has a path to a smaller L~. */
export function exitToLess(m: Instance, at: Configuration): Document | undefined {
  const way = wayToLess(m, at);
  return way && wayDocument(way);
}

export const wayDocument = (way: Way): Document => ({
  rule: 'valley-exit',
  moved: [movedDocument(way, way, way.row)],
});

/** Such a path, with the row that lowers L~ most of those looked at. */
export function wayToLess(m: Instance, at: Configuration): Way | undefined {
  if (approximateLoss(m, at).sign() === 0) return undefined;
  const found = basis(codes(m, at), () => 1);
  const [spare] = found.spares;
  if (!spare) return undefined;
  const { residuals } = evaluate(m, [at]);
  const features = m.features
    .map(({ weight, wp }, d) => ({ weight, wp, rho: residuals[d]?.[0] as Vector }))
    .filter(({ weight }) => weight.sign() > 0);
  const floats = features.map(({ rho }) => rho.entries().map(toFloat));
  const M = features.map(({ weight }) => toFloat(weight));
  /** |phi|^2 / sum_d M_d f_d(v)^2, in floats. */
  const gain = (code: Vector): number => {
    spend(3 * code.length * (m.nr + 100));
    const f = code.entries().map(toFloat);
    const size = f.reduce((total, x, d) => total + x * x * (M[d] as number), 0);
    const square = Array.from({ length: m.nr }, (_, r) =>
      f.reduce((total, x, d) => total + x * (M[d] as number) * (floats[d]?.[r] as number), 0),
    ).reduce((total, x) => total + x * x, 0);
    return size > 0 ? square / size : 0;
  };
  // Of many inputs not each as a row: that takes the square of their number.
  const most = Math.min(2 * features.length, MOST_LOOKED / (features.length * (m.np + m.nr)));
  let looked = 0;
  let best: { readonly v: Vector; readonly gain: number } | undefined;
  for (const v of scaledRows(m)) {
    if (looked++ > most && best) break;
    const [code] = codes(m, { we: [v] }) as [Vector];
    const value = gain(code);
    if ((!best || value > best.gain) && !pulls(features, code, m.nr).isZero()) best = { v, gain: value };
  }
  return best && { of: found.of, ...spare, row: best.v };
}

/** phi = sum_d M_d f_d rho_d. */
const pulls = (features: readonly { weight: Rational; rho: Vector }[], code: Vector, nr: number): Vector =>
  combine(
    features.map(({ weight }, d) => weight.times(code.at(d))),
    features.map(({ rho }) => rho),
    nr,
  );

/** Data of rule `no-zero-loss`: the rank of the targets, and pairs of features on one ray. */
export function* nothingAtZero(m: Instance): Generator<Document> {
  yield { rule: 'no-zero-loss' };
  for (const [d, { wp, wr }] of m.features.entries()) {
    for (const [c, other] of m.features.slice(0, d).entries()) {
      const s = wp.dot(other.wp).over(other.wp.dot(other.wp));
      if (s.sign() > 0 && other.wp.times(s).equals(wp) && !other.wr.times(s).equals(wr)) {
        yield { rule: 'no-zero-loss', features: [c + 1, d + 1] };
      }
    }
  }
}
