/** Feature anchoring (paper, section 4): the first k neurons are drawn to the first k features, or held there. */
import type { Backend } from '../backend/backend.ts';
import type { Anchoring } from '../config/config.ts';
import { tableFrom } from '../data/feed.ts';
import type { Truth } from '../data/source.ts';
import type { Weights } from '../model/weights.ts';

export interface Anchors {
  /** lambda sum_{i < k} (|e_i - w_i|^2 + |u_i - r_i|^2); its gradient is added, the loss is in `loss` once `sums` is fetched. */
  draw(at: Weights, gradient: Weights): void;
  readonly sums: Float64Array;
  loss(): number;
  /** Puts the anchored rows where they belong: at the start, and after each step where they are fixed. */
  place(at: Weights): void;
}

export function anchorsOf(backend: Backend, { count, weight }: Anchoring, truth: Truth): Anchors {
  const [wp, wr] = [tableFrom(backend, truth.wp.slice(0, count)), tableFrom(backend, truth.wr.slice(0, count))];
  const sums = backend.sums(2);
  return {
    sums,
    draw(at, gradient) {
      if (weight === 'fixed') return;
      backend.attract(weight, wp, at.we, gradient.we, { sums, at: 0 });
      backend.attract(weight, wr, at.wd, gradient.wd, { sums, at: 1 });
    },
    loss: () => sums.reduce((a, b) => a + b, 0),
    place(at) {
      backend.place(wp, at.we);
      backend.place(wr, at.wd);
    },
  };
}
