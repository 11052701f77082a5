/** Dense linear algebra in floats for proposals, by ml-matrix. */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';

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

/**
 * The left inverse of a matrix of independent columns, given by these columns: rows q_i with <q_i, c_j> = [i = j]. By Gram and
 * Schmidt, twice over: products of the columns would square how far they are from dependent.
 */
export function leftInverse(columns: Rows): number[][] {
  const [basis, factors]: [number[][], number[][]] = [[], []];
  for (const column of columns) {
    const rest = [...column];
    const factor = new Array<number>(columns.length).fill(0);
    for (const _ of [0, 1]) {
      basis.forEach((q, i) => {
        const along = q.reduce((sum, x, k) => sum + x * (rest[k] as number), 0);
        factor[i] = (factor[i] as number) + along;
        q.forEach((x, k) => {
          rest[k] = (rest[k] as number) - along * x;
        });
      });
    }
    const size = Math.hypot(...rest);
    factor[basis.length] = size;
    factors.push(factor);
    basis.push(rest.map((x) => x / size));
  }
  // Columns = basis * R with R upper triangular: rows of R^-1 basis^T, last first.
  const inverse: number[][] = [];
  for (let i = columns.length - 1; i >= 0; i--) {
    const row = [...(basis[i] as number[])];
    for (let j = i + 1; j < columns.length; j++) {
      const share = factors[j]?.[i] as number;
      (inverse[j] as number[]).forEach((x, k) => {
        row[k] = (row[k] as number) - share * x;
      });
    }
    inverse[i] = row.map((x) => x / (factors[i]?.[i] as number));
  }
  return inverse;
}
