/** sum over start <= j < end of matrix[offset + j] * v[j]; four accumulators keep the processor busy. */
export function dot(matrix: Float64Array, offset: number, v: Float64Array, start: number, end: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let j = start;
  for (; j + 3 < end; j += 4) {
    a += (matrix[offset + j] as number) * (v[j] as number);
    b += (matrix[offset + j + 1] as number) * (v[j + 1] as number);
    c += (matrix[offset + j + 2] as number) * (v[j + 2] as number);
    d += (matrix[offset + j + 3] as number) * (v[j + 3] as number);
  }
  for (; j < end; j++) a += (matrix[offset + j] as number) * (v[j] as number);
  return a + b + c + d;
}
