/**
 * From a saddle downwards, in doubles, as a moving picture: off along the way that the certificate has, then as steepest descent goes. That
 * there is a way down was proved; where this one leads is only looked at.
 */
import type { Step } from '../../src/explain/step.ts';
import type { Instance } from '../../src/kernel/model/instance.ts';
import { evaluate, type Tape, tape } from '../../src/landing/runs/loss.ts';
import { type SdlProblem, sdlProblem } from '../../src/landing/runs/problem.ts';

export interface Frame {
  readonly loss: number;
  readonly we: readonly (readonly number[])[];
  readonly wd: readonly (readonly number[])[];
}

export interface WayDown {
  /** At equal distances along the way; the first is the saddle. */
  readonly frames: readonly Frame[];
  /** What each neuron is active on in the last one, features from 1. */
  readonly sets: readonly (readonly number[])[];
  /** Whether the last one is at rest, or only as far as was gone. */
  readonly rests: boolean;
}

/** Steps of descent, and the largest part of the weights that one may change. */
const MOST_STEPS = 60_000;
const STRIDE = 0.004;
const LONGEST_STEP = 0.1;
/** A gradient of this length is at rest. */
const STILL = 1e-7;
const FRAMES = 90;
/** How far along the certificate's direction descent begins, in parts of the row's length: tried until the loss is less. */
const PUSHES = [0.08, 0.04, 0.02, 0.01, 0.005, 0.001];

const lengthOf = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));

export function wayDown(m: Instance, argument: readonly Step[]): WayDown | undefined {
  const seen = saddleIn(argument);
  const p = sdlProblem(m);
  if (!seen?.point || !seen.down || !p) return undefined;
  const at = Float64Array.from([...seen.point.we, ...seen.point.wd].flat());
  if (at.length !== p.nq * (p.np + p.nr)) return undefined;
  const t = tape(p);
  const saddle = evaluate(p, at, 0, t);
  const down = seen.down;
  for (const push of PUSHES) {
    const x = pushed(p, t, at, down, push);
    if (evaluate(p, x, 0, t) < saddle) return descended(p, t, at, x);
  }
  return undefined;
}

function saddleIn(steps: readonly Step[]): Step['seen'] {
  for (const { seen, steps: inner } of steps) {
    const found = seen?.down ? seen : saddleIn(inner);
    if (found) return found;
  }
  return undefined;
}

type Down = NonNullable<NonNullable<Step['seen']>['down']>;

/** A little along v, the column along u or as good as it can be for what the row then shows. */
function pushed(p: SdlProblem, t: Tape, at: Float64Array, { neuron: i, v, u }: Down, push: number): Float64Array {
  const x = at.slice();
  const { n, np, nr, nq } = p;
  const size = (push * (lengthOf(x.subarray(i * np, i * np + np)) || 1)) / (lengthOf(v) || 1);
  v.forEach((entry, k) => {
    x[i * np + k] = (x[i * np + k] as number) + size * entry;
  });
  const column = nq * np + i * nr;
  if (u) {
    const along = (size * lengthOf(v)) / (lengthOf(u) || 1);
    u.forEach((entry, k) => {
      x[column + k] = (x[column + k] as number) + along * entry;
    });
    return x;
  }
  const before = x.slice(column, column + nr);
  evaluate(p, x, 0, t);
  const best = new Float64Array(nr);
  let square = 0;
  for (let d = 0; d < n; d++) {
    if (!t.active[i * n + d]) continue;
    const z = t.z[i * n + d] as number;
    const weight = (p.weight[d] as number) * z;
    square += weight * z;
    for (let k = 0; k < nr; k++)
      best[k] = (best[k] as number) + weight * ((t.residual[d * nr + k] as number) + z * (before[k] as number));
  }
  if (square > 0) for (let k = 0; k < nr; k++) x[column + k] = (best[k] as number) / square;
  return x;
}

/** Steepest descent, each step short enough that the loss does not rise. */
function descended(p: SdlProblem, t: Tape, saddle: Float64Array, from: Float64Array): WayDown {
  const path: Place[] = [];
  const keep = (x: Float64Array, loss: number): void => {
    const last = path.at(-1);
    path.push({ x, loss, gone: last ? last.gone + lengthOf(x.map((a, k) => a - (last.x[k] as number))) : 0 });
  };
  keep(saddle, evaluate(p, saddle, 0, t));
  let x = from;
  let loss = evaluate(p, x, 0, t);
  keep(x, loss);
  let rests = false;
  let step = LONGEST_STEP;
  for (let k = 0; k < MOST_STEPS; k++) {
    evaluate(p, x, 0, t);
    const gradient = t.gradient.slice();
    const steep = lengthOf(gradient);
    rests = steep < STILL;
    if (rests) break;
    const size = Math.min(step, (STRIDE * (1 + lengthOf(x))) / steep);
    const next = x.map((a, j) => a - size * (gradient[j] as number));
    const lower = evaluate(p, next, 0, t);
    if (lower < loss) {
      [x, loss, step] = [next, lower, Math.min(LONGEST_STEP, 1.3 * size)];
      keep(x, loss);
    } else {
      step = size / 2;
      // Doubles see no descent any more.
      rests = step < 1e-12;
      if (rests) break;
    }
  }
  evaluate(p, x, 0, t);
  const sets = Array.from({ length: p.nq }, (_, i) =>
    Array.from({ length: p.n }, (_, d) => (t.active[i * p.n + d] ? d + 1 : 0)).filter(Boolean),
  );
  return { frames: spaced(p, path), sets, rests };
}

interface Place {
  readonly x: Float64Array;
  readonly loss: number;
  readonly gone: number;
}

/** At equal distances; the last is where it ends. */
function spaced(p: SdlProblem, path: readonly Place[]): Frame[] {
  const end = path.at(-1)?.gone ?? 0;
  const frames: Frame[] = [];
  let k = 0;
  for (let f = 0; f < FRAMES; f++) {
    while (k < path.length - 1 && (path[k]?.gone ?? 0) < (end * f) / (FRAMES - 1)) k++;
    const place = path[f === FRAMES - 1 ? path.length - 1 : k];
    if (place) frames.push(frameOf(p, place));
  }
  return frames;
}

function frameOf({ np, nr, nq }: SdlProblem, { x, loss }: Place): Frame {
  const rows = (from: number, width: number): number[][] =>
    Array.from({ length: nq }, (_, i) => Array.from(x.subarray(from + i * width, from + (i + 1) * width)));
  return { loss, we: rows(0, np), wd: rows(nq * np, nr) };
}
