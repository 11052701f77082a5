/** Descent in floats by limited-memory BFGS (Nocedal 1980) with steps that L~ has to fall on: for more weights than second derivatives are taken of. */
import { evaluate, tape } from './loss.ts';
import { type SdlProblem, weightCount } from './problem.ts';

/** Steps of which the gradients' changes are remembered. */
const MEMORY = 20;
/** A gradient of this size is rest. */
const REST = 1e-11;
/** The part of what its slope promises that L~ has to fall by (Armijo 1966). */
const PART = 1e-4;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * (b[k] as number), 0);

/** Moves the weights, in place, to no larger loss. */
export function descend(p: SdlProblem, x: Float64Array, steps: number): void {
  const t = tape(p);
  const size = weightCount(p);
  const pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly by: number }[] = [];
  let loss = evaluate(p, x, 0, t);
  let gradient = Float64Array.from(t.gradient);
  for (let step = 0; step < steps && Math.sqrt(dot(gradient, gradient)) > REST; step++) {
    const direction = gradient.map((g) => -g);
    const shares = [...pairs].reverse().map(({ s, y, by }) => {
      const share = dot(s, direction) / by;
      for (let k = 0; k < size; k++) direction[k] = (direction[k] as number) - share * (y[k] as number);
      return share;
    });
    const last = pairs.at(-1);
    const scale = last ? last.by / dot(last.y, last.y) : 0.1 / Math.sqrt(dot(gradient, gradient));
    for (let k = 0; k < size; k++) direction[k] = (direction[k] as number) * scale;
    for (const { s, y, by } of pairs) {
      const more = (shares.pop() as number) - dot(y, direction) / by;
      for (let k = 0; k < size; k++) direction[k] = (direction[k] as number) + more * (s[k] as number);
    }
    const slope = dot(gradient, direction);
    const start = x.slice(0, size);
    let [length, next] = [1, Number.NaN];
    for (; length > 1e-12; length /= 2) {
      for (let k = 0; k < size; k++) x[k] = (start[k] as number) + length * (direction[k] as number);
      next = evaluate(p, x, 0, t);
      if (next <= loss + PART * length * slope) break;
    }
    if (!(next < loss)) {
      x.set(start);
      // Once more along the gradient itself, and then it is over.
      if (pairs.length === 0) return;
      pairs.length = 0;
      continue;
    }
    const after = Float64Array.from(t.gradient);
    const s = start.map((from, k) => (x[k] as number) - from);
    const y = after.map((g, k) => g - (gradient[k] as number));
    const by = dot(s, y);
    if (by > 1e-16 * dot(y, y)) pairs.push({ s, y, by });
    if (pairs.length > MEMORY) pairs.shift();
    [loss, gradient] = [next, after];
  }
}
