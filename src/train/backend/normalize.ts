/** A row of length 1; a row of zeros stays. */
export function normalize(row: Float32Array | Float64Array): void {
  let square = 0;
  for (const value of row) square += value * value;
  const length = Math.sqrt(square);
  if (length > 0) for (let k = 0; k < row.length; k++) row[k] = (row[k] as number) / length;
}
