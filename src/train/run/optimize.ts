/** From gradients to new weights: the rate of a step, the optimizer, and what the settings hold in place. */
import type { Backend } from '../backend/backend.ts';
import { biasesOf, type Optimizer, type Schedule, type TrainConfig } from '../config/config.ts';
import { arraysOf, type WeightName, type Weights } from '../model/weights.ts';

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

/** Those that stay 0. */
function untrained(config: TrainConfig): ReadonlySet<WeightName> {
  const { encoder, decoder } = biasesOf(config);
  return new Set<WeightName>([
    ...(encoder ? [] : (['be', 'magnitudeBias'] as const)),
    ...(decoder === 'none' ? (['bd'] as const) : []),
  ]);
}

/** A frozen encoder keeps its biases and thresholds to learn. */
const still = (frozen: TrainConfig['frozen']): WeightName | undefined =>
  frozen === 'decoder' ? 'wd' : frozen === 'encoder' ? 'we' : undefined;

export function update(
  backend: Backend,
  config: TrainConfig,
  at: Weights,
  gradient: Weights,
  by: Moments,
  step: number,
): void {
  const { optimizer, frozen } = config;
  const fixed = untrained(config);
  const rate = rateAt(optimizer, config.schedule, step, config.steps);
  const [gradients, means, squares] = [arraysOf(gradient), arraysOf(by.m), arraysOf(by.v)];
  for (const [name, array] of arraysOf(at)) {
    if (fixed.has(name) || name === still(frozen)) continue;
    const [g, m, v] = [gradients.get(name), means.get(name), squares.get(name)];
    if (!g || !m || !v) throw new Error(`no gradient of ${name}`);
    const parameter = { at: array, gradient: g, m, v };
    if (optimizer.kind === 'sgd') backend.descend(parameter, rate, optimizer.momentum);
    else {
      const { beta1, beta2, epsilon } = optimizer;
      const decay = optimizer.kind === 'adamw' ? optimizer.decay : 0;
      backend.adam(parameter, { rate, beta1, beta2, epsilon, decay, step });
    }
  }
  if (at.theta) backend.clamp(at.theta);
  if (config.normalizeDecoder && frozen !== 'decoder') backend.normalize(at.wd);
}
