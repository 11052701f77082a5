/**
 * Which ways lead out of the traps that training ended in? Each trap is asked for a certified path along which L~ never rises (T6-exit); descent goes
 * on from the end of its level part. Beside it: dead neurons resampled, and sampled inputs from the trap as it is. The path is
 * proved to lead to less; the rest is counted in floats.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { judge } from '../../kernel/proof/goal.ts';
import { type Way, wayDocument, wayToLess } from '../../solve/decide/valleyExit.ts';
import { largestOf, smallestOf } from '../../solve/linear/extremes.ts';
import { established } from '../../solve/proofs/replay.ts';
import { configurationOfRun } from '../propose/dyadic.ts';
import { evaluate, tape } from '../runs/loss.ts';
import { type SdlProblem, sdlProblem, toNumber, weightCount } from '../runs/problem.ts';
import { hasDead, resample } from '../runs/resample.ts';
import type { Settings } from '../runs/settings.ts';
import { type TrainOptions, train } from '../runs/train.ts';
import type { Study } from './study.ts';

/** What became of the traps that one way was tried on. */
export interface WayOut {
  readonly tried: number;
  /** How many ended with a smaller loss than that of the trap, by more than one part in a million; and of these at loss 0. */
  readonly left: number;
  readonly zero: number;
}

export interface Exits {
  /** Runs matched to a local minimum or a face minimum of loss above 0. */
  readonly traps: number;
  /** `below`: of those with a certificate, how many came below the loss it proves, and after how many steps of descent. */
  readonly path: WayOut & { readonly below: number; readonly median: number; readonly most: number };
  /** Those with a dead neuron: it starts anew, as with `--resample`. */
  readonly resampled: WayOut;
  /** All of them: sampled inputs at a constant rate, then the end of a run as it always is. */
  readonly alone: WayOut;
}

/** A loss smaller by less than this part is that of the trap, in floats. */
const SMALLER = 1e-6;
/** Of the loss without neurons: below this part it counts as 0. */
const NOTHING = 1e-9;

interface Trap {
  readonly run: number;
  readonly weights: Float64Array;
  readonly loss: number;
}

/** Undefined unless the activation is ReLU or JumpReLU, of which the theorem speaks. */
export async function exitsOf(
  m: Instance,
  { landing, trained, settings }: Study,
  options: TrainOptions = {},
): Promise<Exits | undefined> {
  const p = sdlProblem(m);
  if (!p || !['relu', 'jumprelu'].includes(p.activation.kind)) return undefined;
  const size = weightCount(p);
  const traps = landing.ends
    .filter(({ class: word }) => word === 'local-minimum' || word === 'face-minimum')
    .flatMap(({ runs }) => runs)
    .map((run): Trap => {
      const weights = Float64Array.from(trained.weights.subarray(run * size, (run + 1) * size));
      return { run, weights, loss: evaluate(p, weights, 0, tape(p)) };
    });
  const left = async (
    from: readonly Trap[],
    starts: readonly Float64Array[],
    how: Partial<Settings>,
  ): Promise<WayOut> => {
    const none = evaluate(p, new Float64Array(size), 0, tape(p));
    if (starts.length === 0) return { tried: 0, left: 0, zero: 0 };
    const x = new Float64Array(starts.length * size);
    for (const [k, start] of starts.entries()) x.set(start, k * size);
    const plain = { ...settings, anchors: [], resample: 0, ...how };
    const { loss } = await train(p, plain, starts.length, { ...options, from: x });
    const ended = from.map((trap, k) => ({ trap, end: loss[k] as number }));
    return {
      tried: starts.length,
      left: ended.filter(({ trap, end }) => end < trap.loss * (1 - SMALLER)).length,
      zero: ended.filter(({ end }) => end <= NOTHING * none).length,
    };
  };
  const led = traps.flatMap((trap) => {
    const found = levelEnd(m, p, trap.weights);
    return found ? [{ trap, ...found }] : [];
  });
  const steps = led.flatMap(({ start, lower }) => stepsTo(p, settings, start, lower) ?? []).sort((a, b) => a - b);
  const dead = traps.filter(({ weights }) => hasDead(p, weights));
  const renewed = dead.map(({ weights }) => {
    const x = weights.slice();
    resample(p, { anchors: [] }, x, 1);
    return x;
  });
  return {
    traps: traps.length,
    path: {
      ...(await left(
        led.map(({ trap }) => trap),
        led.map(({ start }) => start),
        { optimizer: 'gd' },
      )),
      below: steps.length,
      median: steps[Math.floor(steps.length / 2)] ?? 0,
      most: largestOf(steps, 0),
    },
    resampled: await left(dead, renewed, { optimizer: 'gd' }),
    alone: await left(
      traps,
      traps.map(({ weights }) => weights),
      { optimizer: 'sgd' },
    ),
  };
}

/** Where the level part of a certified path ends, u_j = 0 and e_j its new row, and the loss that it is proved to lead to. */
function levelEnd(
  m: Instance,
  p: SdlProblem,
  weights: Float64Array,
): { readonly start: Float64Array; readonly lower: number } | undefined {
  const at = configurationOfRun(p, weights);
  const way = wayToLess(m, at);
  if (!way) return undefined;
  const shown = established(judge({ predicate: 'valley-exit', at, to: 'lower' }), wayDocument(way), m);
  if ('refused' in shown) throw new Error(`the kernel refuses the path: ${shown.refused}`);
  const [fact] = shown.facts;
  const lower = fact && 'lower' in fact ? Rational.parse(`${fact.lower}`) : undefined;
  if (!lower) throw new Error('the kernel accepts the path, and names no loss');
  return { start: moved(p, weights, way), lower: toNumber(lower) };
}

/** A row under a threshold keeps this factor above it on the features that it passes. */
const ABOVE = 1.25;

/**
 * The columns u_b + c_jb u_j and u_j = 0, and the new row, at a length that steps of the usual size suit. Under ReLU a neuron's row
 * and column may be scaled against each other, on which L~ stays: those whose columns change get both of one length.
 */
function moved(p: SdlProblem, weights: Float64Array, { of, neuron, weights: codes, row }: Way): Float64Array {
  const { n, np, nr, nq, wp, activation } = p;
  const x = weights.slice();
  const encoder = (i: number): Float64Array => x.subarray(i * np, (i + 1) * np);
  const column = (i: number): Float64Array => x.subarray(nq * np + i * nr, nq * np + (i + 1) * nr);
  const freed = column(neuron);
  of.forEach((b, k) => {
    const share = toNumber(codes[k] ?? ZERO);
    if (share === 0) return;
    column(b).forEach((value, r, u) => {
      u[r] = value + share * (freed[r] as number);
    });
    const ratio = Math.sqrt(Math.hypot(...column(b)) / Math.hypot(...encoder(b)));
    if (activation.kind !== 'relu' || !(ratio > 0 && Number.isFinite(ratio))) return;
    scale(encoder(b), ratio);
    scale(column(b), 1 / ratio);
  });
  freed.fill(0);
  encoder(neuron).set(row.entries().map(toNumber));
  if (activation.kind === 'jumprelu' && activation.theta > 0) {
    const passed = Array.from({ length: n }, (_, d) => dot(encoder(neuron), wp.subarray(d * np, (d + 1) * np)));
    const least = smallestOf(passed.filter((z) => z > activation.theta));
    scale(encoder(neuron), (ABOVE * activation.theta) / least);
  } else scale(encoder(neuron), 1 / Math.hypot(...encoder(neuron)));
  return x;
}

const dot = (v: Float64Array, w: Float64Array): number => v.reduce((total, x, k) => total + x * (w[k] as number), 0);

function scale(v: Float64Array, by: number): void {
  v.forEach((x, k) => {
    v[k] = x * by;
  });
}

/** Full-batch steps from `start` until L~ <= `lower`; undefined if the run proper is too short for it. */
function stepsTo(p: SdlProblem, { rate, steps }: Settings, start: Float64Array, lower: number): number | undefined {
  const x = start.slice();
  const t = tape(p);
  for (let step = 0; step <= steps; step++) {
    if (evaluate(p, x, 0, t) <= lower) return step;
    t.gradient.forEach((g, j) => {
      x[j] = (x[j] as number) - rate * g;
    });
  }
  return undefined;
}
