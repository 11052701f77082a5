/**
 * One training run. All that is drawn depends on (seed, place) alone, so the weights, their moments, the step and when each neuron
 * was last active are the whole state: a run that goes on from them ends bit for bit where it would have ended.
 */

import { type Backend, rowOf } from '../backend/backend.ts';
import { normalize } from '../backend/normalize.ts';
import { TrainProblem } from '../backend/problem.ts';
import { normal } from '../backend/random.ts';
import { biasesOf, checkConfig, NOT_ACROSS, type TrainConfig } from '../config/config.ts';
import { feedOf } from '../data/feed.ts';
import type { Source } from '../data/source.ts';
import { objectiveOf } from '../methods/method.ts';
import { arraysOf, type Weights, weightsOf } from '../model/weights.ts';
import { type Objective, type Work, workOf } from '../model/work.ts';
import { anchorsOf } from './anchors.ts';
import { coneAround } from './cone.ts';
import { fits, watchOf } from './finite.ts';
import { type Moments, rateAt, update } from './optimize.ts';
import { resample } from './resample.ts';

/** Means over the steps since the record before. */
export interface StepRecord {
  readonly step: number;
  readonly loss: number;
  /** (1/B) sum |r - r^|^2 */
  readonly error: number;
  /** Active latents of an input. */
  readonly l0: number;
  /** Share of the neurons with no activity since the record before. */
  readonly dead: number;
  readonly rate: number;
  readonly resampled: number;
}

/** Everything a run goes on from. */
export interface TrainState {
  readonly step: number;
  readonly weights: Weights;
  readonly moments: Moments;
  /** The step at which each neuron was last active. */
  readonly lastActive: Int32Array;
}

export interface Training {
  readonly config: TrainConfig;
  readonly work: Work;
  readonly objective: Objective;
  readonly state: () => Promise<TrainState>;
  /** Takes one step; a record where one is due. */
  readonly advance: () => Promise<StepRecord | undefined>;
}

const LARGE = 'At the first step: the inputs, or "start"."radius", are too large for 32-bit floats. Divide them.';
const DAMAGED = 'The checkpoint is damaged: leave out --resume to begin anew.';

/** Infinity where it is none in 64 bits, as on the host. */
const lossText = (loss: number): string =>
  Number.isFinite(loss) ? `${Math.fround(loss)} (${loss.toPrecision(4)}, above the largest 32-bit float)` : `${loss}`;

/** `restore` puts a saved state's weights into a new run and returns the rest of it. */
export function startTraining(
  config: TrainConfig,
  source: Source,
  backend: Backend,
  restore?: (into: TrainState) => { step: number },
): Training {
  checkConfig(config);
  const shape = { np: source.np, nr: source.nr, nq: config.neurons };
  const make = (): Weights => weightsOf(backend, shape, config.method.kind);
  const [weights, gradient, moments] = [make(), make(), { m: make(), v: make() }];
  const subtracts = biasesOf(config).decoder === 'subtracted';
  if (subtracts && source.np !== source.nr)
    throw new TrainProblem('out-of-range', '$.biases.decoder', NOT_ACROSS, '"subtracted"');
  const work = workOf(backend, shape, config.batch, weights, gradient, subtracts);
  const lastActive = backend.integers(config.neurons);
  initialize(weights, config, source);
  const cone = config.frozen === 'soft-decoder' ? coneAround(backend, weights.wd) : undefined;
  let step = restore?.({ step: 0, weights, moments, lastActive }).step ?? 0;
  const all = [...[weights, moments.m, moments.v].flatMap((part) => [...arraysOf(part).values()]), lastActive];
  const objective = objectiveOf(work, config.method);
  const feed = feedOf(work, source);
  const counts = backend.sums(objective.active.length);
  const sums = { loss: 0, error: 0, l0: 0, steps: 0, resampled: 0 };
  const { anchoring } = config;
  const truth = source.truth;
  if (anchoring && !truth)
    throw new TrainProblem('missing-key', '$.anchoring', 'data with directions to anchor at', 'none');
  if (anchoring && truth && anchoring.count > truth.wp.length) {
    throw new TrainProblem('out-of-range', '$.anchoring.count', `at most ${truth.wp.length}`, `${anchoring.count}`);
  }

  const anchors = anchoring && truth && anchorsOf(backend, anchoring, truth);
  const watch = watchOf(backend, weights, moments, config.method.kind === 'gated');
  const begun = step;
  backend.push(...all);
  if (anchoring?.weight === 'fixed' && !restore) anchors?.place(weights);

  const advance = async (): Promise<StepRecord | undefined> => {
    step++;
    feed((step - 1) * config.batch);
    for (const array of arraysOf(gradient).values()) backend.clear(array);
    markDead();
    objective.forward();
    objective.backward();
    anchors?.draw(weights, gradient);
    noteActive();
    update(backend, config, weights, gradient, moments, step);
    await cone?.hold(weights.wd);
    if (anchoring?.weight === 'fixed') anchors?.place(weights);
    const due = step % config.logEvery === 0 || step === config.steps;
    // Looking costs nothing beside a step on the host; on a device it is two commands for each array.
    const looked = due || backend.name !== 'webgpu';
    if (looked) watch.note();
    // All of the step is under way before its scalars are waited for.
    const looks = looked ? [watch.sums] : [];
    await backend.fetch(objective.sums, counts, ...looks, ...(anchors ? [anchors.sums] : []));
    const { total, error } = objective.loss();
    const loss = total + (anchors?.loss() ?? 0);
    const next = step === 1 ? LARGE : undefined;
    if (!fits(loss)) {
      throw new TrainProblem('not-finite', `step ${step}`, 'a finite loss', lossText(loss), undefined, next);
    }
    if (looked) await watch.check(step, next);
    const count = counts.reduce((a, b) => a + b, 0);
    sums.resampled += await resampleIfDue();
    sums.loss += loss;
    sums.error += error;
    sums.l0 += count / config.batch;
    sums.steps++;
    return due ? await record() : undefined;
  };

  function markDead(): void {
    if (config.method.kind !== 'topk' || !config.method.auxiliary) return;
    const patience = Math.ceil(config.method.auxiliary.deadAfter / config.batch);
    backend.idle(lastActive, step - 1 - patience, work.dead);
  }

  /** Notes who was active, and how many latents were. */
  function noteActive(): void {
    objective.active.forEach((latents, at) => {
      backend.count(latents, { sums: counts, at });
      backend.mark(latents, step, lastActive);
    });
  }

  async function resampleIfDue(): Promise<number> {
    const { resampling } = config;
    if (!resampling || step % resampling.every !== 0 || step > resampling.until) return 0;
    await backend.fetch(...all, objective.residual.data, work.read.data);
    const first = anchoring?.count ?? 0;
    const neurons: number[] = [];
    for (let i = first; i < lastActive.length; i++) {
      if ((lastActive[i] as number) <= step - resampling.every) neurons.push(i);
    }
    const started = resample(
      work,
      objective.residual,
      { neurons, scale: resampling.scale },
      moments,
      config.seed + step,
    );
    backend.push(...all);
    return started;
  }

  async function record(): Promise<StepRecord> {
    await backend.fetch(lastActive);
    const { steps } = sums;
    const asleep = lastActive.reduce((sum, at) => sum + (at <= step - steps ? 1 : 0), 0);
    const done = {
      step,
      loss: sums.loss / steps,
      error: sums.error / steps,
      l0: sums.l0 / steps,
      dead: asleep / config.neurons,
      rate: rateAt(config.optimizer, config.schedule, step, config.steps),
      resampled: sums.resampled,
    };
    Object.assign(sums, { loss: 0, error: 0, l0: 0, steps: 0, resampled: 0 });
    return done;
  }

  const state = async (): Promise<TrainState> => {
    await backend.fetch(...all);
    watch.look(step, step === begun ? DAMAGED : undefined);
    return { step, weights, moments, lastActive };
  };
  return { config, work, objective, state, advance };
}

/** Decoder columns on a sphere, encoder rows their copies or drawn alike. */
function initialize(weights: Weights, config: TrainConfig, source: Source): void {
  const { start, seed, neurons } = config;
  const tied = start.tied && source.np === source.nr;
  for (let i = 0; i < neurons; i++) {
    const [e, u] = [rowOf(weights.we, i), rowOf(weights.wd, i)];
    sphere(u, start.radius, seed ^ 0x0d0d, i);
    if (tied) e.set(u);
    else sphere(e, start.radius, seed ^ 0x0e0e, i);
  }
  if (config.method.kind === 'jumprelu') weights.theta?.fill(config.method.threshold);
}

function sphere(row: Float32Array, radius: number, seed: number, i: number): void {
  for (let k = 0; k < row.length; k++) row[k] = normal(seed, i, k);
  normalize(row);
  for (let k = 0; k < row.length; k++) row[k] = radius * (row[k] as number);
}
