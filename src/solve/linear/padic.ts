/**
 * Exact solution of a regular integer system by p-adic lifting (Dixon 1982, "Exact solution of linear equations using
 * p-adic expansions"): x = x_0 + x_1 p + x_2 p^2 + ..., each digit the solution of a system modulo p, then rational
 * reconstruction, whose result is proved by its size.
 */
import { room, spend } from '../../kernel/numbers/work.ts';
import { Factored, primes, residues } from './modular.ts';
import { bitLength, type Fraction, largest, reconstruct } from './reconstruct.ts';
import { matrixTimes, reduce, residue } from './residues.ts';

type Integers = readonly bigint[];

/** A system that is solved for several right sides: the matrix is factored once modulo a prime. */
export class PadicSolver {
  readonly #size: number;
  readonly #p: number;
  readonly #factored: Factored;
  /** matrix = sum of limbs[l] * 2^(limbBits * l), each small enough for exact products in doubles. */
  readonly #limbs: readonly Float64Array[];
  readonly #limbBits: number;
  /** Bits of a bound on the sum of the sizes of a row's entries. */
  readonly #rowBits: number;
  /** Bits of Hadamard's bound: the determinant is below 2^bits. */
  readonly #bits: number;

  private constructor(matrix: readonly Integers[], p: number, factored: Factored) {
    this.#size = matrix.length;
    this.#p = p;
    this.#factored = factored;
    // |limb| < 2^bits and |digit| <= 2^21: m products and a carried residual of the same size stay below 2^53.
    this.#limbBits = 30 - Math.ceil(Math.log2(this.#size + 1));
    const lengths = matrix.map((row) => bitLength(largest(row)));
    const longest = lengths.reduce((most, bits) => Math.max(most, bits), 1);
    this.#limbs = split(matrix, this.#limbBits, longest);
    const extra = Math.log2(this.#size);
    this.#rowBits = longest + Math.ceil(extra);
    this.#bits = lengths.reduce((total, bits) => total + bits + extra / 2, 0);
  }

  /** Tries `prime`, or else a few; undefined if the matrix is singular modulo each: then it almost surely is singular. */
  static of(matrix: readonly Integers[], prime?: number): PadicSolver | undefined {
    let tries = 0;
    for (const p of prime === undefined ? primes() : [prime]) {
      const factored = Factored.of(residues(matrix, p), p);
      if (factored) return new PadicSolver(matrix, p, factored);
      if (++tries === 2) return undefined;
    }
    return undefined;
  }

  /** The one x with matrix x = b. */
  solve(b: Integers): Fraction {
    const rightBits = bitLength(largest(b));
    // Cramer's rule: numerators and denominator are determinants, below 2^(bits + rightBits).
    const most = Math.ceil((2 * (this.#bits + rightBits) + this.#rowBits + 64) / Math.log2(this.#p));
    const digits: Float64Array[] = [];
    const lift = this.#lifting(b);
    const square = this.#size * this.#size;
    // An entry of the product is put together limb by limb, each time a longer number.
    const limbs = this.#limbs.length;
    const assembly = limbs === 1 ? 0 : this.#size * limbs * (300 + limbs / 2);
    // Solutions are often far smaller than Hadamard's bound, so try at 8, 16, 32, ... digits.
    for (let target = Math.min(8, most); ; target = Math.min(2 * target, most)) {
      while (digits.length < target) {
        spend((2 + limbs) * square + assembly + this.#size * (500 + 2 * digits.length));
        digits.push(lift());
      }
      // Digits are added pairwise to numbers as long as all of them.
      spend(this.#size * (1000 + target * target));
      const found = reconstruct(digits, this.#p, this.#size, { row: this.#rowBits, right: rightBits });
      if (found) return found;
      if (target === most) throw new Error('p-adic lifting beyond the Hadamard bound did not give the solution');
    }
  }

  /** Gives the digits one after the other; the residual is b - matrix (digits so far), divided by p at each step. */
  #lifting(b: Integers): () => Float64Array {
    const [m, p] = [this.#size, this.#p];
    const reduced = new Float64Array(m);
    const [limb] = this.#limbs;
    if (limb && this.#limbs.length === 1 && largest(b) < 2n ** 51n) {
      const residual = Float64Array.from(b, Number);
      return () => {
        for (let i = 0; i < m; i++) reduced[i] = reduce(residual[i] as number, p, 1 / p);
        const digit = this.#factored.solve(reduced);
        const product = matrixTimes(limb, digit);
        for (let i = 0; i < m; i++) residual[i] = ((residual[i] as number) - (product[i] as number)) / p;
        return digit;
      };
    }
    const prime = BigInt(p);
    const residual = [...b];
    return () => {
      for (let i = 0; i < m; i++) reduced[i] = residue(residual[i] as bigint, p);
      const digit = this.#factored.solve(reduced);
      const products = this.#limbs.map((limb) => matrixTimes(limb, digit));
      for (let i = 0; i < m; i++) {
        let product = 0n;
        for (let l = products.length - 1; l >= 0; l--)
          product = (product << BigInt(this.#limbBits)) + BigInt(products[l]?.[i] as number);
        residual[i] = ((residual[i] as bigint) - product) / prime;
      }
      return digit;
    };
  }
}

/** `longest`: bits of the largest entry. */
function split(matrix: readonly Integers[], bits: number, longest: number): Float64Array[] {
  const m = matrix.length;
  const count = Math.max(1, Math.ceil(longest / bits));
  // Each limb of an entry is a division of what is left of it.
  spend(m * m * count * (200 + count));
  room(m * m * count);
  const limbs = Array.from({ length: count }, () => new Float64Array(m * m));
  const base = 1n << BigInt(bits);
  matrix.forEach((row, i) => {
    row.forEach((entry, j) => {
      let rest = entry;
      for (let l = 0; l < count; l++) {
        // The remainder has the sign of the entry, so |limb| < base.
        (limbs[l] as Float64Array)[i * m + j] = Number(count === 1 ? rest : rest % base);
        rest /= base;
      }
    });
  });
  return limbs;
}
