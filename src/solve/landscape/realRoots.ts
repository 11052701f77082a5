/**
 * The roots of an integer polynomial all of whose roots are real: square-free parts by multiplicity (Yun), isolation by the roots of
 * the derivative, which separate them, bisection at dyadic points, and rational roots recognized by their denominators.
 */
import { type Polynomial, primitive, type Root, remainder } from '../../kernel/numbers/algebraic.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { spend, words } from '../../kernel/numbers/work.ts';

export interface RealRoot {
  readonly root: Root;
  readonly multiplicity: number;
}

/** numerator / 2^shift */
interface Dyadic {
  readonly num: bigint;
  readonly shift: bigint;
}

/** The sign of p at num / 2^shift. */
function signAt(p: Polynomial, { num, shift }: Dyadic): -1 | 0 | 1 {
  const [length, factor] = [p.length, words(num)];
  spend(50 * length + length * factor * (words(p.at(-1) ?? 0n) + words(p[0] ?? 0n) + length * factor));
  let [value, power] = [0n, 0n];
  for (let k = length - 1; k >= 0; k--) {
    value = value * num + ((p[k] as bigint) << power);
    power += shift;
  }
  return value === 0n ? 0 : value < 0n ? -1 : 1;
}

export const derivative = (p: Polynomial): Polynomial => primitive(p.slice(1).map((c, k) => c * BigInt(k + 1)));

export function gcdOf(p: Polynomial, q: Polynomial): Polynomial {
  let [a, b] = [p, q];
  while (b.length > 0) [a, b] = [b, remainder(a, b)];
  return a;
}

/** p / d up to a factor, where d divides p. */
export function quotient(p: Polynomial, d: Polynomial): Polynomial {
  let rest = [...p];
  const lead = d.at(-1) as bigint;
  const result = new Array<bigint>(Math.max(0, p.length - d.length + 1)).fill(0n);
  for (let k = result.length - 1; k >= 0; k--) {
    const top = rest[k + d.length - 1] as bigint;
    rest = rest.map((c) => c * lead);
    for (let j = k; j < result.length; j++) result[j] = (result[j] as bigint) * lead;
    result[k] = top;
    d.forEach((c, j) => {
      rest[k + j] = (rest[k + j] as bigint) - c * top;
    });
  }
  return primitive(result);
}

function half(a: Dyadic, b: Dyadic): Dyadic {
  if (a.shift < b.shift) return half(b, a);
  return { num: a.num + (b.num << (a.shift - b.shift)), shift: a.shift + 1n };
}

/** An interval that holds one simple root of p, with p of different signs at its ends; or the root itself, if both ends are it. */
type Span = readonly [Dyadic, Dyadic];

function bisect(p: Polynomial, [a, b]: Span): Span {
  if (a === b) return [a, b];
  const middle = half(a, b);
  const sign = signAt(p, middle);
  if (sign === 0) return [middle, middle];
  return sign === signAt(p, a) ? [middle, b] : [a, middle];
}

/** Spans for the roots of a square-free p with real roots only, in increasing order. */
function isolate(p: Polynomial): Span[] {
  const degree = p.length - 1;
  if (degree <= 0) return [];
  const size = p.reduce((most, c) => ((c < 0n ? -c : c) > most ? (c < 0n ? -c : c) : most), 0n);
  // Cauchy: every root is at most 1 + max |c| / |lead| in size.
  const lead = p.at(-1) as bigint;
  const bound = 2n + size / (lead < 0n ? -lead : lead);
  const ends: Dyadic[] = [{ num: -bound, shift: 0n }];
  // Between roots of p the sign alternates, starting from that at -infinity: it tells when a root of p' is known well enough.
  let expected = signAt(p, ends[0] as Dyadic);
  for (let span of isolate(derivative(p))) {
    expected = -expected as -1 | 0 | 1;
    for (;;) {
      const middle = half(...span);
      if (signAt(p, middle) === expected) {
        ends.push(middle);
        break;
      }
      const next = bisect(derivative(p), span);
      if (next[0] === next[1] && signAt(p, next[0]) !== expected)
        throw new Error('a polynomial with roots that are not real');
      span = next;
    }
  }
  ends.push({ num: bound, shift: 0n });
  return ends.slice(1).map((end, k): Span => [ends[k] as Dyadic, end]);
}

const rational = ({ num, shift }: Dyadic): Rational => Rational.of(num, 1n << shift);

const PRIMES = [5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n];

/** Without a root modulo a prime that does not divide the leading coefficient there is no rational root. */
function mayHaveRationalRoot(p: Polynomial): boolean {
  return PRIMES.every((prime) => {
    if ((p.at(-1) as bigint) % prime === 0n) return true;
    const residues = p.map((c) => ((c % prime) + prime) % prime);
    for (let x = 0n; x < prime; x++) {
      if (residues.reduceRight((value, c) => (value * x + c) % prime, 0n) === 0n) return true;
    }
    return false;
  });
}

/** The rational root in the span, if that root is rational: lead times it is an integer. */
function rationalRoot(p: Polynomial, start: Span): Rational | undefined {
  const lead = p.at(-1) as bigint;
  // Long numbers would be bisected bit by bit.
  if (p.length === 2) return Rational.of(-(p[0] as bigint), lead);
  let span = start;
  for (;;) {
    if (span[0] === span[1]) return rational(span[0]);
    const [low, high] = span.map((end) => (lead < 0n ? -1n : 1n) * lead * end.num) as [bigint, bigint];
    const floor = (x: bigint, shift: bigint): bigint => x >> shift;
    const [from, to] = [floor(low, span[0].shift), floor(high, span[1].shift)];
    if (to - from <= 1n) {
      const candidates = [from, to, to + 1n].map((k) => Rational.of(k, lead < 0n ? -lead : lead));
      return candidates.find(
        (x) =>
          x.compare(rational(span[0])) > 0 &&
          x.compare(rational(span[1])) < 0 &&
          remainder(p, [-x.num, x.den]).length === 0,
      );
    }
    span = bisect(p, span);
  }
}

const BITS = 64n;

/** An interval of the root of f in `root`, narrower by `bits` bits. */
export function refined({ f, from, to }: Root, bits: number): Root {
  if (from.equals(to)) return { f, from, to };
  let span: Span = [from, to].map(({ num, den }) => ({
    num,
    shift: BigInt(den.toString(2).length - 1),
  })) as unknown as Span;
  for (let k = 0; k < bits; k++) span = bisect(f, span);
  if (span[0] === span[1]) {
    const x = rational(span[0]);
    return { f: [-x.num, x.den], from: x, to: x };
  }
  return { f, from: rational(span[0]), to: rational(span[1]) };
}

/** All roots of p, which are real, in increasing order; irrational ones in intervals apart from each other, of width below 2^-64. */
export function realRoots(p: Polynomial): RealRoot[] {
  const roots: { root: Root; multiplicity: number }[] = [];
  // p / gcd(p, p') has each root once, and gcd(p, p') each once less.
  let [rest, multiplicity] = [primitive(p), 1];
  let core = quotient(rest, gcdOf(rest, derivative(rest)));
  while (core.length > 1) {
    rest = quotient(rest, core);
    const next = gcdOf(core, rest);
    let simple = quotient(core, next);
    const spans = isolate(simple);
    const irrational: Span[] = [];
    if (mayHaveRationalRoot(simple)) {
      for (const span of spans) {
        const x = rationalRoot(simple, span);
        if (x) roots.push({ root: { f: [-x.num, x.den], from: x, to: x }, multiplicity });
        else irrational.push(span);
      }
      for (const { root, multiplicity: times } of roots) {
        if (times === multiplicity) simple = quotient(simple, root.f);
      }
    } else for (const span of spans) irrational.push(span);
    for (let span of irrational) {
      while (
        rational(span[1])
          .minus(rational(span[0]))
          .compare(Rational.of(1n, 1n << BITS)) > 0
      )
        span = bisect(simple, span);
      roots.push({ root: { f: simple, from: rational(span[0]), to: rational(span[1]) }, multiplicity });
    }
    core = next;
    multiplicity++;
  }
  return separated(roots);
}

function separated(roots: RealRoot[]): RealRoot[] {
  const order = [...roots].sort((a, b) => a.root.from.compare(b.root.from));
  const clash = order.findIndex((r, k) => k > 0 && (order[k - 1] as RealRoot).root.to.compare(r.root.from) >= 0);
  if (clash < 0) return order;
  return separated(order.map((r) => ({ ...r, root: refined(r.root, 8) })));
}
