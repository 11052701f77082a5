/**
 * Elimination modulo a prime in doubles. Primes are below 2^22, so a product of two residues stays below 2^44 and 512 of
 * them add up exactly below 2^53.
 */

/** How many products of two residues a double adds up without rounding. */
export const SAFE_TERMS = 512;

/** Primes below 2^22, largest first. A handful is ever used; which one is irrelevant, since every result is verified. */
export function* primes(): Generator<number, never> {
  for (let candidate = 2 ** 22 - 1; candidate > 2 ** 21; candidate -= 2) {
    let prime = true;
    for (let d = 3; prime && d * d <= candidate; d += 2) prime = candidate % d !== 0;
    if (prime) yield candidate;
  }
  throw new Error('no prime left: more than 100,000 were unlucky');
}

/** x mod p in [0, p) for an integer |x| < 2^45: the half keeps the quotient away from whole numbers, so floor is exact. */
export function reduce(x: number, p: number, reciprocal: number): number {
  return x - Math.floor((x + 0.5) * reciprocal) * p;
}

export function residue(x: bigint, p: number): number {
  const small = x >= -0x1fffffffffffffn && x <= 0x1fffffffffffffn;
  const r = small ? Number(x) % p : Number(x % BigInt(p));
  return r < 0 ? r + p : r;
}

export function residues(rows: readonly (readonly bigint[])[], p: number): Float64Array[] {
  return rows.map((row) => Float64Array.from(row, (x) => residue(x, p)));
}

/** The inverse of x modulo the prime p, by the extended Euclidean algorithm. */
export function invert(x: number, p: number): number {
  let [a, b, s, t] = [x, p, 1, 0];
  while (b !== 0) {
    const q = Math.floor(a / b);
    [a, b, s, t] = [b, a - q * b, t, s - q * t];
  }
  return s < 0 ? s + p : s;
}

/** target += factor * source modulo p, from column `from` on. */
function addMultiple(target: Float64Array, source: Float64Array, factor: number, p: number, from: number): void {
  const reciprocal = 1 / p;
  for (let j = from; j < target.length; j++) {
    const x = (target[j] as number) + factor * (source[j] as number);
    target[j] = x - Math.floor((x + 0.5) * reciprocal) * p;
  }
}

/**
 * Pivot rows and columns of a matrix modulo p, as many as its rank modulo p, which never exceeds the rank over the
 * rationals; the submatrix they select is therefore regular over the rationals too. Earlier columns, then earlier rows,
 * are preferred. The rows given are overwritten.
 */
export function pivots(rows: Float64Array[], p: number): { rows: number[]; columns: number[] } {
  const open = rows.map((_, i) => i);
  const found = { rows: [] as number[], columns: [] as number[] };
  const width = rows[0]?.length ?? 0;
  for (let c = 0; c < width && open.length > 0; c++) {
    const at = open.findIndex((i) => rows[i]?.[c] !== 0);
    if (at < 0) continue;
    const [pivot = 0] = open.splice(at, 1);
    const source = rows[pivot] as Float64Array;
    const factor = p - invert(source[c] as number, p);
    for (const i of open) {
      const target = rows[i] as Float64Array;
      const lead = target[c] as number;
      if (lead !== 0) addMultiple(target, source, reduce(lead * factor, p, 1 / p), p, c);
    }
    found.rows.push(pivot);
    found.columns.push(c);
  }
  return found;
}

/** The inverse modulo p of a square matrix, row by row in one array; undefined if it is singular modulo p. */
export function inverseModulo(matrix: readonly Float64Array[], p: number): Float64Array | undefined {
  const m = matrix.length;
  const reciprocal = 1 / p;
  const rows: Float64Array[] = matrix.map((row) => row.slice());
  // In-place Gauss-Jordan: the column of a pivot is replaced by that of the inverse; swaps are undone at the end.
  const swapped: number[] = [];
  for (let k = 0; k < m; k++) {
    let at = k;
    while (at < m && rows[at]?.[k] === 0) at++;
    if (at === m) return undefined;
    [rows[k], rows[at]] = [rows[at] as Float64Array, rows[k] as Float64Array];
    swapped.push(at);
    const pivot = rows[k] as Float64Array;
    const inverse = invert(pivot[k] as number, p);
    pivot[k] = 1;
    for (let j = 0; j < m; j++) pivot[j] = reduce((pivot[j] as number) * inverse, p, reciprocal);
    for (let i = 0; i < m; i++) {
      const row = rows[i] as Float64Array;
      const lead = row[k] as number;
      if (i === k || lead === 0) continue;
      row[k] = 0;
      addMultiple(row, pivot, p - lead, p, 0);
    }
  }
  for (let k = m - 1; k >= 0; k--) {
    const at = swapped[k] as number;
    if (at === k) continue;
    for (const row of rows) [row[k], row[at]] = [row[at] as number, row[k] as number];
  }
  const flat = new Float64Array(m * m);
  rows.forEach((row, i) => {
    flat.set(row, i * m);
  });
  return flat;
}
