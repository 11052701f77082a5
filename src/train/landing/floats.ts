/** Dense linear algebra in floats for proposals, by ml-matrix. */
import { EigenvalueDecomposition, inverse, Matrix, SingularValueDecomposition } from 'ml-matrix';

export type Rows = readonly (readonly number[])[];

/** Eigenvalues, increasing, and orthonormal eigenvectors as rows. */
export function symmetricEigen(matrix: Rows): { values: number[]; vectors: number[][] } {
  if (matrix.length === 0) return { values: [], vectors: [] };
  const evd = new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])), { assumeSymmetric: true });
  return { values: evd.realEigenvalues, vectors: evd.eigenvectorMatrix.transpose().to2DArray() };
}

/** The least-norm x with matrix x nearest to b; singular values below `cut` times the largest count as 0. */
export function leastSquares(matrix: Rows, b: readonly number[], cut = 1e-9): number[] {
  const columns = matrix[0]?.length ?? 0;
  if (matrix.length === 0 || columns === 0) return new Array<number>(columns).fill(0);
  const svd = new SingularValueDecomposition(new Matrix(matrix.map((row) => [...row])), { autoTranspose: true });
  const [u, v] = [svd.leftSingularVectors, svd.rightSingularVectors];
  const x = new Array<number>(columns).fill(0);
  svd.diagonal.forEach((sigma, k) => {
    if (sigma <= cut * (svd.diagonal[0] ?? 0) || sigma === 0) return;
    const share = b.reduce((sum, y, i) => sum + y * u.get(i, k), 0) / sigma;
    for (let j = 0; j < columns; j++) x[j] = (x[j] as number) + share * v.get(j, k);
  });
  return x;
}

/** Of a regular square matrix. */
export const generalInverse = (matrix: Rows): number[][] =>
  matrix.length === 0 ? [] : inverse(new Matrix(matrix.map((row) => [...row]))).to2DArray();

/** Of a symmetric matrix; undefined if it is singular. */
export function inverseOf(matrix: Rows): number[][] | undefined {
  const { values, vectors } = symmetricEigen(matrix);
  const most = Math.max(...values.map(Math.abs), 0);
  if (values.some((value) => Math.abs(value) <= 1e-12 * most)) return undefined;
  return matrix.map((_, i) =>
    matrix.map((_, j) =>
      vectors.reduce((sum, v, k) => sum + ((v[i] as number) * (v[j] as number)) / (values[k] as number), 0),
    ),
  );
}

/** The left inverse of a matrix of independent columns, given by these columns: rows q_i with <q_i, c_j> = [i = j]. */
export function leftInverse(columns: Rows): number[][] {
  const gram = columns.map((a) => columns.map((b) => a.reduce((sum, x, k) => sum + x * (b[k] as number), 0)));
  const inverse = inverseOf(gram);
  if (!inverse) return [];
  return inverse.map((row) =>
    (columns[0] ?? []).map((_, k) => row.reduce((sum, x, j) => sum + x * (columns[j]?.[k] as number), 0)),
  );
}

/** Full-pivot elimination: which columns the rows determine, as many as their rank. */
export function pivotColumns(rows: Rows, cut = 1e-7): { rows: number[]; columns: number[] } {
  const work = rows.map((row) => [...row]);
  const scale = Math.max(...work.flat().map(Math.abs), 0);
  const found: { rows: number[]; columns: number[] } = { rows: [], columns: [] };
  for (;;) {
    let [best, r, c] = [cut * scale, -1, -1];
    work.forEach((row, i) => {
      if (found.rows.includes(i)) return;
      row.forEach((x, j) => {
        if (Math.abs(x) > best) [best, r, c] = [Math.abs(x), i, j];
      });
    });
    if (r < 0) return found;
    found.rows.push(r);
    found.columns.push(c);
    const pivot = work[r] as number[];
    work.forEach((row, i) => {
      if (found.rows.includes(i)) return;
      const factor = (row[c] as number) / (pivot[c] as number);
      row.forEach((x, j) => {
        row[j] = x - factor * (pivot[j] as number);
      });
    });
  }
}
