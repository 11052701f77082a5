/**
 * The soft-frozen decoder of arXiv 2602.14111: each of its directions stays within cosine 0.8 of the one it was drawn with. A row
 * outside that cone is put on the nearest row of its length in it.
 */
import { type Backend, rowOf, type Table } from '../backend/backend.ts';

/** The paper's figure. */
const LEAST = 0.8;

export interface Cone {
  /** Puts rows back; on a device they are fetched for it and pushed again. */
  hold(rows: Table): Promise<void>;
}

/** Around the directions that the rows have now. */
export function coneAround(backend: Backend, drawn: Table): Cone {
  const axes = Float64Array.from(drawn.data);
  return {
    async hold(rows) {
      await backend.fetch(rows.data);
      for (let i = 0; i < rows.rows; i++) {
        const from = i * drawn.stride;
        putInside(rowOf(rows, i), axes.subarray(from, from + drawn.columns));
      }
      backend.push(rows.data);
    },
  };
}

/** Nothing is done to a row of length 0, which has no direction. */
export function putInside(row: Float32Array, axis: Float64Array): void {
  let [dot, square, axisSquare] = [0, 0, 0];
  for (let k = 0; k < row.length; k++) {
    const [x, a] = [row[k] as number, axis[k] as number];
    dot += x * a;
    square += x * x;
    axisSquare += a * a;
  }
  const size = Math.sqrt(square);
  const along = dot / Math.sqrt(axisSquare);
  if (size === 0 || along >= LEAST * size) return;
  // What is across the axis has this length; of a row straight against it nothing is.
  const across = Math.sqrt(Math.max(0, square - along * along));
  const [forward, sideways] = across > 1e-6 * size ? [LEAST, Math.sqrt(1 - LEAST * LEAST) / across] : [1, 0];
  for (let k = 0; k < row.length; k++) {
    const unit = (axis[k] as number) / Math.sqrt(axisSquare);
    row[k] = size * (forward * unit + sideways * ((row[k] as number) - along * unit));
  }
}
