/**
 * Trains many independent runs of one small problem. Every run starts from its own numbers, drawn from (seed, run); the run
 * proper is followed by full batches of L~ for those that have not converged, and what never does is reported.
 */

import { normal } from '../../train/backend/random.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { evaluate, tape } from './loss.ts';
import { layOut, put, take } from './memory.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import { resample } from './resample.ts';
import type { Settings } from './settings.ts';
import { stationarity } from './stationarity.ts';
import { stepModule } from './step.ts';
import type { StepThreads } from './steps.ts';

export interface TrainedRuns {
  readonly runs: number;
  /** One run a row, `weightCount` 32-bit floats: these are the end weights, exactly. */
  readonly weights: Float32Array;
  readonly loss: Float64Array;
  /** Sup norm of the generalized gradient, in 64-bit floats, before the weights were rounded. */
  readonly gradient: Float64Array;
  readonly converged: Uint8Array;
  /** Steps taken, continuations included. */
  readonly steps: Uint32Array;
  /** Brought to rest by Newton steps at the end. */
  readonly finished: Uint8Array;
}

/** What steps are taken on. */
export interface TrainedOn {
  /** Closed by whoever opened them. */
  readonly workers: StepThreads;
  /** For the run proper, in place of `workers`. */
  readonly engine?: Engine;
  /** The weights that runs start from, a run a row, in place of random ones. */
  readonly from?: Float64Array | undefined;
}

/** Within this of 0 a pre-activation counts as a kink when convergence is judged. */
const KINK_WIDTH = 1e-5;

/** How near to 0 what is held at a kink may be when Newton steps begin. */
const FACE_WIDTHS: readonly number[] = [1e-4, 1e-2];

/** Newton steps that make the largest weight so many times larger, and find no rest, are on their way out. */
const GROWTH = 1.25;
/** How often that may happen in a row. */
const PATIENCE = 3;

const largestOf = (x: Float64Array, run: number, count: number): number =>
  x.subarray(run * count, (run + 1) * count).reduce((most, y) => Math.max(most, Math.abs(y)), 0);

/** The start of a run: e_i, u_i normal, the same with biases, which are 0, as without; anchored neurons at their features. */
function start(p: SdlProblem, s: Settings, run: number, x: Float64Array, from: number): void {
  const encoder = p.nq * p.np;
  const entries = p.np - (p.bias ? 1 : 0);
  for (let i = 0, j = 0; i < p.nq; i++) {
    for (let k = 0; k < entries; k++)
      x[from + i * p.np + k] = (normal(s.seed, run, j++) * s.scale) / Math.sqrt(entries);
  }
  for (let j = 0; j < p.nq * p.nr; j++) {
    x[from + encoder + j] = (normal(s.seed, run, p.nq * entries + j) * s.scale) / Math.sqrt(p.nr);
  }
  s.anchors.forEach((d, i) => {
    for (let k = 0; k < p.np; k++) x[from + i * p.np + k] = p.wp[d * p.np + k] as number;
    for (let k = 0; k < p.nr; k++) x[from + encoder + i * p.nr + k] = p.wr[d * p.nr + k] as number;
  });
}

/** Sampled inputs and Adam keep moving at a constant rate: theirs falls to a thousandth over the second half. */
const DECAY = 1e-3;

/** This machine's processor, in 64-bit floats. */
function hostEngine(p: SdlProblem, s: Settings, runs: number, workers: StepThreads): Engine {
  const layout = layOut(p, runs, s.optimizer, 'f64');
  const all = Int32Array.from({ length: runs }, (_, run) => run);
  const { optimizer, batch, anchors, seed } = s;
  const bytes = stepModule(p, {
    optimizer,
    batch,
    anchors,
    precision: 'f64',
  });
  return {
    put: (x) => put(p, layout, x, all),
    advance: (by) => workers.advance({ bytes, layout, firstRun: 0, seed, ...by }),
    take: (x) => Promise.resolve(take(p, layout, x, all)),
  };
}

async function runProper(p: SdlProblem, s: Settings, x: Float64Array, runs: number, engine: Engine): Promise<void> {
  const { optimizer } = s;
  engine.put(x);
  const half = Math.floor(s.steps / 2);
  let done = 0;
  while (done < s.steps) {
    const decaying = optimizer !== 'gd' && done >= half;
    const factor = decaying ? DECAY ** (1 / (s.steps - half)) : 1;
    const due = s.resample > 0 && done < 0.75 * s.steps ? s.resample - (done % s.resample) : s.steps;
    const until = Math.min(s.steps, done + due, decaying || optimizer === 'gd' ? s.steps : half);
    const rate = decaying ? s.rate * factor ** (done - half) : s.rate;
    await engine.advance({ steps: until - done, firstStep: done, rate, factor });
    done = until;
    if (s.resample > 0 && done % s.resample === 0 && done <= 0.75 * s.steps) {
      await engine.take(x);
      resample(p, s, x, runs);
      engine.put(x);
    }
  }
  await engine.take(x);
}

/**
 * Full batches for those in `open`. Every other round the rate falls to 1e-6 of itself: on a face, where two forces hold a
 * pre-activation at 0 from both sides, steps of constant size never come to rest. The rounds between, but for the first, have
 * momentum, which makes 100 times the way in directions of small curvature.
 */
async function continueRuns(
  p: SdlProblem,
  s: Settings,
  x: Float64Array,
  open: Int32Array,
  round: number,
  workers: StepThreads,
): Promise<void> {
  const optimizer = round % 2 === 0 && round > 0 ? 'momentum' : 'gd';
  const layout = layOut(p, open.length, optimizer, 'f64');
  const bytes = stepModule(p, {
    optimizer,
    batch: 1,
    // Released: an end point is one of L~, and the gradient at a neuron that is held need not vanish.
    anchors: [],
    precision: 'f64',
  });
  put(p, layout, x, open);
  const factor = round % 2 === 1 ? 1e-6 ** (1 / s.roundSteps) : 1;
  await workers.advance({
    bytes,
    layout,
    steps: s.roundSteps,
    firstRun: 0,
    firstStep: 0,
    seed: 0,
    rate: s.rate,
    factor,
  });
  take(p, layout, x, open);
}

export async function trainOn(
  p: SdlProblem,
  s: Settings,
  runs: number,
  { workers, engine, from }: TrainedOn,
): Promise<TrainedRuns> {
  const count = weightCount(p);
  const x = from?.slice() ?? new Float64Array(runs * count);
  if (!from) for (let run = 0; run < runs; run++) start(p, s, run, x, run * count);
  const [loss, gradient] = [new Float64Array(runs), new Float64Array(runs)];
  const converged = new Uint8Array(runs);
  const steps = new Uint32Array(runs).fill(s.steps);
  const [finished, resting, lost] = [new Uint8Array(runs), new Uint8Array(runs), new Uint8Array(runs)];
  const t = tape(p);
  await runProper(p, s, x, runs, engine ?? hostEngine(p, s, runs, workers));
  /** Whether a run is still on its way. */
  const look = (run: number): boolean => {
    const now = stationarity(p, x, run * count, t, KINK_WIDTH);
    loss[run] = now.loss;
    gradient[run] = now.gradient;
    resting[run] = now.gradient <= (now.held ? s.faceTolerance : s.tolerance) ? 1 : 0;
    converged[run] = now.gradient <= s.tolerance || (resting[run] && s.finishAfter === 0) ? 1 : 0;
    return converged[run] === 0 && Number.isFinite(now.gradient);
  };
  const bring = (run: number): boolean => {
    const before = largestOf(x, run, count);
    for (const width of FACE_WIDTHS) {
      finish(p, x, run * count, t, width);
      finished[run] = 1;
      if (!look(run)) return false;
    }
    // Where L~ has no minimum and falls as weights grow, there is nothing to wait for.
    lost[run] = largestOf(x, run, count) > GROWTH * before ? (lost[run] as number) + 1 : 0;
    return true;
  };
  let open = Int32Array.from({ length: runs }, (_, run) => run);
  for (let round = 0; ; round++) {
    const last = round >= s.rounds;
    const due = s.finishAfter > 0 && (last || round % s.finishAfter === s.finishAfter - 1);
    // What rests on a face, as far as descent can tell, does not wait for others.
    const tries = (run: number): boolean => due || (s.finishAfter > 0 && resting[run] === 1);
    open = open.filter((run) => look(run) && (!tries(run) || bring(run)) && (lost[run] as number) < PATIENCE);
    if (open.length === 0 || last) break;
    const before = x.slice();
    await continueRuns(p, s, x, open, round, workers);
    // Momentum can carry a run out of its valley, or out of the numbers: then the round did not happen.
    for (const run of open) {
      const now = evaluate(p, x, run * count, t);
      if (!(now <= (loss[run] as number) * (1 + 1e-6) + 1e-12)) {
        x.set(before.subarray(run * count, (run + 1) * count), run * count);
      }
    }
    for (const run of open) steps[run] = (steps[run] as number) + s.roundSteps;
  }
  for (const run of open) converged[run] = lost[run] === 0 ? (resting[run] as number) : 0;
  return { runs, weights: Float32Array.from(x), loss, gradient, converged, steps, finished };
}
