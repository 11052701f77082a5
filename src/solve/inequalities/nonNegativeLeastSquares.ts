/**
 * The float proposer. For the system a_j.x >= h_j it solves the non-negative least squares problem
 *
 *     min | sum_j u_j (a_j; h_j) - (0; 1) |,  u >= 0
 *
 * (Lawson and Hanson, "Solving Least Squares Problems", chapter 23: NNLS and its use for the least distance problem). With
 * r the residual (0; 1) - sum u_j (a_j; h_j): if r is 0, the u are Farkas multipliers, and no x exists; otherwise
 * x = -r_x / r_last is the shortest x with a_j.x >= h_j, the one of largest margin. Degenerate inputs do not make it cycle,
 * because the distance falls strictly; there is no dependence on an LP solver.
 * Everything here is a proposal in doubles: the caller decides exactly.
 */
import { room, spend } from '../../kernel/numbers/work.ts';
import { dot } from '../linear/dot.ts';

export interface Proposal {
  /** Columns with positive multipliers, linearly independent. */
  readonly support: readonly number[];
  /** The residual r, of length m. */
  readonly residual: Float64Array;
}

/** A residual shorter than this is taken for 0. */
const NOTHING = 1e-13;
/** A column enters if its product with the residual exceeds SLOPE times the residual's length, and rounding noise. */
const SLOPE = 1e-10;
const NOISE = 1e-15;
/** A column of which less than this part is new is taken for dependent on the support. */
const DEPENDENT = 1e-12;

/**
 * `columns` holds n columns (a_j; h_j) of length m one after the other, a_j of length about 1. If every h_j is 1, it may
 * stop at a margin of at least half the largest possible one. `start`: columns to begin with, as the support of a similar system.
 */
export function nonNegativeLeastSquares(
  columns: Float64Array,
  m: number,
  n: number,
  start: readonly number[] = [],
): Proposal {
  const factor = new Factor(m, Math.min(m, n));
  const support: number[] = [];
  const inSupport = new Uint8Array(n);
  const rejected = new Uint8Array(n);
  const everyStrict = range(n).every((j) => columns[j * m + m - 1] === 1);
  let u: number[] = [];
  const residual = new Float64Array(m);
  for (const j of start) if (factor.append(columns, j * m)) support.push(j);
  // Any support with positive multipliers is one that the method may stand at.
  for (u = factor.solve(); u.some((x) => x <= 0); u = factor.solve()) {
    for (let k = u.length - 1; k >= 0; k--) {
      if ((u[k] as number) > 0) continue;
      factor.remove(k);
      support.splice(k, 1);
    }
  }
  for (const j of support) inSupport[j] = 1;
  for (let round = 0; round < 5 * (m + n); round++) {
    spend(m * (n + 4 * support.length) + 1000);
    factor.residual(residual);
    const last = residual[m - 1] as number;
    const front = dot(residual, 0, residual, 0, m - 1);
    const distance = Math.sqrt(front + last * last);
    if (support.length === m || distance < NOTHING) break;
    let best = -1;
    let steepest = SLOPE * distance + NOISE;
    let worst = -Infinity;
    for (let j = 0; j < n; j++) {
      if (inSupport[j] === 1 && !everyStrict) continue;
      const gain = dot(columns, j * m, residual, 0, m);
      worst = Math.max(worst, gain - last);
      if (inSupport[j] === 0 && rejected[j] === 0 && gain > steepest) {
        steepest = gain;
        best = j;
      }
    }
    if (best < 0) break;
    // All a_j.r_x < 0: -r_x is a witness already. Its margin is -worst / |r_x|, and the multipliers show that none exceeds
    // |r_x| / (1 - r_last).
    if (everyStrict && worst < 0 && -worst * (1 - last) >= 0.5 * front) break;
    if (!factor.append(columns, best * m)) {
      rejected[best] = 1;
      continue;
    }
    let s = factor.solve();
    if ((s.at(-1) as number) <= 0) {
      // Rounding only: in exact arithmetic a column of positive gain enters with a positive multiplier.
      factor.remove(support.length);
      rejected[best] = 1;
      continue;
    }
    support.push(best);
    inSupport[best] = 1;
    u.push(0);
    while (s.some((x) => x <= 0)) {
      let step = 2;
      let blocking = -1;
      for (let k = 0; k < s.length; k++) {
        const [from, to] = [u[k] as number, s[k] as number];
        if (to > 0 || from >= step * (from - to)) continue;
        step = from === 0 ? 0 : from / (from - to);
        blocking = k;
      }
      u = u.map((x, k) => (k === blocking ? 0 : x + step * ((s[k] as number) - x)));
      for (let k = u.length - 1; k >= 0; k--) {
        if ((s[k] as number) > 0 || (u[k] as number) > 1e-14) continue;
        factor.remove(k);
        inSupport[support[k] as number] = 0;
        support.splice(k, 1);
        u.splice(k, 1);
      }
      s = factor.solve();
    }
    u = s;
    rejected.fill(0);
  }
  factor.residual(residual);
  return { support, residual };
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The QR factorization of the columns in the support, with columns appended and removed. */
class Factor {
  readonly #m: number;
  /** There are never more columns than this. */
  readonly #most: number;
  /** Column k of Q at k * m. */
  readonly #q: Float64Array;
  /** Column k of R at k * most. */
  readonly #r: Float64Array;
  #count = 0;

  constructor(m: number, most: number) {
    [this.#m, this.#most] = [m, most];
    room(m * most + most * most);
    this.#q = new Float64Array(m * most);
    this.#r = new Float64Array(most * most);
  }

  /** Adds the column at `offset`; false if it depends on the others. */
  append(columns: Float64Array, offset: number): boolean {
    const m = this.#m;
    const k = this.#count;
    if (k === this.#most) return false;
    const v = columns.slice(offset, offset + m);
    const r = this.#r.subarray(k * this.#most, (k + 1) * this.#most).fill(0);
    const before = Math.sqrt(dot(v, 0, v, 0, m));
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < k; i++) {
        const c = dot(this.#q, i * m, v, 0, m);
        r[i] = (r[i] as number) + c;
        for (let t = 0; t < m; t++) v[t] = (v[t] as number) - c * (this.#q[i * m + t] as number);
      }
    }
    const length = Math.sqrt(dot(v, 0, v, 0, m));
    if (length <= DEPENDENT * before) return false;
    r[k] = length;
    for (let t = 0; t < m; t++) this.#q[k * m + t] = (v[t] as number) / length;
    this.#count = k + 1;
    return true;
  }

  /** Drops column k; Givens rotations make R triangular again. */
  remove(k: number): void {
    const [m, most] = [this.#m, this.#most];
    const [q, r] = [this.#q, this.#r];
    spend(4 * (this.#count - k) * (m + this.#count));
    r.copyWithin(k * most, (k + 1) * most, this.#count * most);
    this.#count--;
    for (let i = k; i < this.#count; i++) {
      const [a, b] = [r[i * most + i] as number, r[i * most + i + 1] as number];
      const h = Math.hypot(a, b);
      const [cos, sin] = [a / h, b / h];
      for (let j = i; j < this.#count; j++) {
        const [x, y] = [r[j * most + i] as number, r[j * most + i + 1] as number];
        r[j * most + i] = cos * x + sin * y;
        r[j * most + i + 1] = cos * y - sin * x;
      }
      for (let t = 0; t < m; t++) {
        const [x, y] = [q[i * m + t] as number, q[(i + 1) * m + t] as number];
        q[i * m + t] = cos * x + sin * y;
        q[(i + 1) * m + t] = cos * y - sin * x;
      }
    }
  }

  /** The multipliers of the least squares problem on the support: R u = Q^T (0; 1). */
  solve(): number[] {
    const [m, most] = [this.#m, this.#most];
    const u = new Float64Array(this.#count);
    for (let k = 0; k < u.length; k++) u[k] = this.#q[k * m + m - 1] as number;
    for (let k = u.length - 1; k >= 0; k--) {
      const x = (u[k] as number) / (this.#r[k * most + k] as number);
      u[k] = x;
      for (let i = 0; i < k; i++) u[i] = (u[i] as number) - x * (this.#r[k * most + i] as number);
    }
    return [...u];
  }

  /** (0; 1) - Q Q^T (0; 1), orthogonalized twice. */
  residual(target: Float64Array): void {
    const m = this.#m;
    target.fill(0);
    target[m - 1] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < this.#count; k++) {
        const c = dot(this.#q, k * m, target, 0, m);
        for (let t = 0; t < m; t++) target[t] = (target[t] as number) - c * (this.#q[k * m + t] as number);
      }
    }
  }
}
