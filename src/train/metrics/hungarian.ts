/** One-to-one matching of largest total similarity (Kuhn 1955; shortest augmenting paths as Jonker and Volgenant 1987). */

/** Comparisons after which a matching is given up: several seconds. */
const MOST_COMPARISONS = 1e9;

/**
 * For each of the n rows its column, for a row-major n x m matrix of similarities, n <= m. All of them finite. O(n^2 m), and mostly far
 * less; undefined where it would take more than MOST_COMPARISONS.
 */
export function matching(
  similarity: Float64Array,
  n: number,
  m: number,
  most: number = MOST_COMPARISONS,
): Int32Array | undefined {
  if (n > m) throw new RangeError(`${n} rows, ${m} columns`);
  // Costs are negated similarities; the potentials of rows and columns are from 1, column 0 is where each search starts.
  const [rowPotential, columnPotential] = [new Float64Array(n + 1), new Float64Array(m + 1)];
  const [rowOfColumn, previous] = [new Int32Array(m + 1), new Int32Array(m + 1)];
  const least = new Float64Array(m + 1);
  const visited = new Uint8Array(m + 1);
  let comparisons = 0;
  for (let row = 1; row <= n; row++) {
    rowOfColumn[0] = row;
    least.fill(Infinity);
    visited.fill(0);
    let column = 0;
    while (column === 0 || rowOfColumn[column] !== 0) {
      visited[column] = 1;
      comparisons += m;
      if (comparisons > most) return undefined;
      const i = rowOfColumn[column] as number;
      let [delta, next] = [Infinity, 0];
      for (let j = 1; j <= m; j++) {
        if (visited[j]) continue;
        const cost =
          -(similarity[(i - 1) * m + j - 1] as number) - (rowPotential[i] as number) - (columnPotential[j] as number);
        if (cost < (least[j] as number)) {
          least[j] = cost;
          previous[j] = column;
        }
        if ((least[j] as number) < delta) {
          delta = least[j] as number;
          next = j;
        }
      }
      // Of what is no number nothing is the least: the search would not end.
      if (next === 0) throw new RangeError('a similarity that is not finite');
      for (let j = 0; j <= m; j++) {
        if (visited[j]) {
          const r = rowOfColumn[j] as number;
          rowPotential[r] = (rowPotential[r] as number) + delta;
          columnPotential[j] = (columnPotential[j] as number) - delta;
        } else least[j] = (least[j] as number) - delta;
      }
      column = next;
    }
    while (column !== 0) {
      const from = previous[column] as number;
      rowOfColumn[column] = rowOfColumn[from] as number;
      column = from;
    }
  }
  const columns = new Int32Array(n);
  for (let j = 1; j <= m; j++) if (rowOfColumn[j]) columns[(rowOfColumn[j] as number) - 1] = j - 1;
  return columns;
}
