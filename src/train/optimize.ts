/** From gradients to new weights: the rate of a step, the optimizer, and what the settings hold in place. */
import { type Backend, rowOf } from './backend/backend.ts';
import type { Optimizer, Schedule, TrainConfig } from './config.ts';
import { normalize } from './data/directions.ts';
import { arraysOf, type WeightName, type Weights } from './weights.ts';

/** First and second moments of every weight; SGD uses the first as its momentum. */
export interface Moments {
  readonly m: Weights;
  readonly v: Weights;
}

/** The rate of step `step` of `steps`, from 1. */
export function rateAt({ rate }: Optimizer, { warmup, kind, final }: Schedule, step: number, steps: number): number {
  if (step <= warmup) return (rate * step) / warmup;
  if (kind === 'constant') return rate;
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  return rate * (final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2);
}

const BIASES: ReadonlySet<WeightName> = new Set(['be', 'bd', 'magnitudeBias']);

export function update(
  backend: Backend,
  config: TrainConfig,
  at: Weights,
  gradient: Weights,
  by: Moments,
  step: number,
): void {
  const { optimizer, biases } = config;
  const rate = rateAt(optimizer, config.schedule, step, config.steps);
  const [gradients, means, squares] = [arraysOf(gradient), arraysOf(by.m), arraysOf(by.v)];
  for (const [name, x] of arraysOf(at)) {
    if (!biases && BIASES.has(name)) continue;
    const [g, m, v] = [gradients.get(name), means.get(name), squares.get(name)];
    if (!g || !m || !v) throw new Error(`no gradient of ${name}`);
    if (optimizer.kind === 'sgd') descend(x, g, m, rate, optimizer.momentum);
    else {
      const { beta1, beta2, epsilon } = optimizer;
      const decay = optimizer.kind === 'adamw' ? optimizer.decay : 0;
      backend.adam(x, g, m, v, { rate, beta1, beta2, epsilon, decay, step });
    }
  }
  if (at.theta) for (let i = 0; i < at.theta.length; i++) at.theta[i] = Math.max(0, at.theta[i] as number);
  if (config.normalizeDecoder) for (let i = 0; i < at.wd.rows; i++) normalize(rowOf(at.wd, i));
}

function descend(x: Float32Array, g: Float32Array, m: Float32Array, rate: number, momentum: number): void {
  for (let k = 0; k < x.length; k++) {
    m[k] = momentum * (m[k] as number) + (g[k] as number);
    x[k] = (x[k] as number) - rate * (m[k] as number);
  }
}
