/** Elimination modulo p without exchange of rows: exact, since p <= 2^21 and at most 2047 products of residues make a sum below 2^53. */

export const MOST_MODULUS: number = 2 ** 21;
/** Rows of a matrix. */
export const MOST_ROWS = 2047;

/** The inverse of x modulo p, or 0 if there is none. */
function inverse(x: number, p: number): number {
  let [a, b, s, t] = [x, p, 1, 0];
  while (b !== 0) {
    const quotient = (a - (a % b)) / b;
    [a, b, s, t] = [b, a - quotient * b, t, s - quotient * t];
  }
  return a === 1 ? (s < 0 ? s + p : s) : 0;
}

/**
 * The first k for which the leading (k+1) x (k+1) minor is not a unit modulo p, or n if all are: then the n x n matrix, row by
 * row with entries from 0 to p - 1, is regular over the rationals. It is overwritten by L and U (Crout), U with unit diagonal.
 */
export function singularAt(matrix: Int32Array, n: number, p: number): number {
  /** Column j of U, contiguous. */
  const columns = Array.from({ length: n }, () => new Int32Array(n));
  const unit = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const column = columns[k] as Int32Array;
    // Column k of U above the diagonal: u_ik = (a_ik - sum over j < i of l_ij u_jk) / l_ii.
    for (let i = 0; i < n; i++) {
      let sum = 0;
      const end = i < k ? i : k;
      for (let j = 0, at = i * n; j < end; j++, at++) sum += (matrix[at] as number) * (column[j] as number);
      const rest = (((matrix[i * n + k] as number) - (sum % p) + p) % p) as number;
      if (i < k) column[i] = (rest * (unit[i] as number)) % p;
      else matrix[i * n + k] = rest;
    }
    unit[k] = inverse(matrix[k * n + k] as number, p);
    if (unit[k] === 0) return k;
  }
  return n;
}
