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
import type { Study } from './studyResult.ts';

/** What became of the traps that one way was tried on, counted in floats. */
export interface WayOut {
  readonly tried: number;
  /** How many ended with a smaller loss than that of the trap, by more than one part in a million; and how many at loss 0. */
  readonly left: number;
  readonly zero: number;
}

/** What leads out of traps, which are runs matched to a local or a face minimum of loss above 0; asked of their end weights. */
export interface Exits {
  readonly traps: number;
  /**
   * Those with a path from the end weights, along which L~ never rises, that the kernel has accepted (T6-exit); and descent from the end of its level part: how many
   * came `below` the loss that the path is proved to lead to, after how many steps at the median and at most.
   */
  readonly path: WayOut & { readonly below: number; readonly median: number; readonly most: number };
  /** Those with a dead neuron, which starts anew as with `resample`. */
  readonly resampled: WayOut;
  /** All of them: inputs sampled at a rate that falls in the second half, then the end of a run as it always is. */
  readonly alone: WayOut;
}

/** A loss smaller by less than this part is that of the trap, in floats. */
const SMALLER = 1e-6;
/** Of the loss without neurons: below this part it counts as 0. */
const NOTHING = 1e-9;

interface Trap {
  /** Its end weights, in 64-bit floats. */
  readonly weights: Float64Array;
  readonly loss: number;
}

/** A trap, and where descent sets out instead. */
interface Start {
  readonly trap: Trap;
  readonly start: Float64Array;
}

export interface ExitOptions extends TrainOptions {
  /** How many traps were asked for a path so far, or are on their way out by path, by resampling, alone. */
  readonly tell?: (traps: number, what: 'asked' | 'by path' | 'resampled' | 'alone') => void;
}

/** Traps between two words about them. */
const EACH = 100;

/** Undefined unless the activation is ReLU or JumpReLU, of which the theorem speaks. */
export async function exitsOf(
  m: Instance,
  { landing, trained, settings }: Study,
  { tell = () => undefined, ...options }: ExitOptions = {},
): Promise<Exits | undefined> {
  const p = sdlProblem(m);
  if (!p || !['relu', 'jumprelu'].includes(p.activation.kind)) return undefined;
  const size = weightCount(p);
  const traps = landing.ends
    .filter(({ class: word }) => word === 'local-minimum' || word === 'face-minimum')
    .flatMap(({ runs }) => runs)
    .map((run): Trap => {
      const weights = Float64Array.from(trained.weights.subarray(run * size, (run + 1) * size));
      return { weights, loss: evaluate(p, weights, 0, tape(p)) };
    });
  const led = traps.flatMap((trap, k) => {
    if (k % EACH === 0) tell(k, 'asked');
    const found = levelEnd(m, p, trap.weights);
    return found ? [{ trap, ...found }] : [];
  });
  const steps = led.flatMap(({ start, lower }) => stepsTo(p, settings, start, lower) ?? []).sort((a, b) => a - b);
  const renewed = traps.flatMap((trap) => {
    if (!hasDead(p, trap.weights)) return [];
    const start = trap.weights.slice();
    resample(p, { anchors: [] }, start, 1);
    return [{ trap, start }];
  });
  const from = async (
    starts: readonly Start[],
    optimizer: Settings['optimizer'],
    what: 'by path' | 'resampled' | 'alone',
  ): Promise<WayOut> => {
    tell(starts.length, what);
    return wayOut(p, { ...settings, optimizer, anchors: [], resample: 0 }, starts, options);
  };
  const path = await from(led, 'gd', 'by path');
  return {
    traps: traps.length,
    path: {
      ...path,
      below: steps.length,
      median: steps[Math.floor(steps.length / 2)] ?? 0,
      most: largestOf(steps, 0),
    },
    resampled: await from(renewed, 'gd', 'resampled'),
    alone: await from(
      traps.map((trap) => ({ trap, start: trap.weights })),
      'sgd',
      'alone',
    ),
  };
}

async function wayOut(p: SdlProblem, s: Settings, starts: readonly Start[], options: TrainOptions): Promise<WayOut> {
  if (starts.length === 0) return { tried: 0, left: 0, zero: 0 };
  const size = weightCount(p);
  const none = evaluate(p, new Float64Array(size), 0, tape(p));
  const x = new Float64Array(starts.length * size);
  for (const [k, { start }] of starts.entries()) x.set(start, k * size);
  const { loss } = await train(p, s, starts.length, { ...options, from: x });
  return {
    tried: starts.length,
    left: starts.filter(({ trap }, k) => (loss[k] as number) < trap.loss * (1 - SMALLER)).length,
    zero: loss.filter((end) => end <= NOTHING * none).length,
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
