/**
 * What a training run is told: everything that decides its result, so that a result that records it can be run again. The paper
 * gives no optimizer, rate, batch, epochs, k, penalty, threshold or magnitudes; each is explicit here.
 */
import type { BackendName } from '../backend/backend.ts';
import { TrainProblem } from '../backend/problem.ts';
import type { Method } from '../methods/method.ts';

/** Directions with max_{i != j} <w_i, w_j> <= max, by projected gradient (paper, appendix C). */
export interface Interference {
  readonly max: number;
  /** eps: the descent aims at max - margin. */
  readonly margin: number;
  /** lambda, the weight of sum max(0, g_ij)^2. */
  readonly weight: number;
  readonly rate: number;
  /** Steps after which it gives up. */
  readonly steps: number;
}

/** x_d = Bernoulli(1 - S) (min + Exp with this mean). */
export interface Activity {
  /** S */
  readonly sparsity: number;
  /** c_min */
  readonly min: number;
  /** beta, as the mean of the exponential distribution. */
  readonly mean: number;
}

export interface BenchData {
  readonly kind: 'bench';
  readonly features: number;
  /** n_p; of a crosscoder, of each source. */
  readonly np: number;
  /** SAE: W_r = W_p. Transcoder: directions of their own. Crosscoder: `sources` stacked, divided by the root of their number. */
  readonly variant: 'sae' | 'transcoder' | 'crosscoder';
  /** Transcoder: n_r. */
  readonly nr: number;
  readonly sources: number;
  /** N; sample s is a function of the seed and s mod N. */
  readonly samples: number;
  readonly interference: Interference;
  readonly activity: Activity;
}

/**
 * Parents that are active iff one of their children is (Definition 3.2): with probability 1 - S a parent is active, and one child,
 * drawn by its share, with it. Features are the parents, then their children.
 */
export interface HierarchyData {
  readonly kind: 'hierarchy';
  readonly parents: number;
  /** How often each child of a parent is the active one; they add up to 1. */
  readonly shares: readonly number[];
  readonly np: number;
  readonly samples: number;
  readonly interference: Interference;
  readonly activity: Activity;
}

/** The generator of SynthSAEBench (arXiv 2602.14687). Features are in the order of how often they fire, roots of trees first. */
export interface SynthData {
  readonly kind: 'synth';
  readonly features: number;
  readonly np: number;
  readonly samples: number;
  /** Zipf's law between two ends. */
  readonly firing: { readonly exponent: number; readonly max: number; readonly min: number };
  /** Means fall from `first` to `last`; deviations are |mean + deviation N(0, 1)|, one for each feature. */
  readonly magnitudes: {
    readonly first: number;
    readonly last: number;
    readonly spread: { readonly mean: number; readonly deviation: number };
  };
  /** A child needs its parent, is scaled by it, and excludes its siblings. */
  readonly trees: { readonly roots: number; readonly branching: number; readonly depth: number };
  /** Of the Gaussian copula: entries scale N(0, 1) of the factors. */
  readonly correlation: { readonly rank: number; readonly scale: number };
  /** Steps of Adam that push directions apart. */
  readonly apart: { readonly steps: number; readonly rate: number };
  /** Length of what is added to every sample. */
  readonly bias: number;
  /** Of directions, correlations, deviations and bias: runs with other seeds then learn of the same features. Without it the run's. */
  readonly seed?: number;
}

/** The features of an instance file one at a time, sqrt(M_d) each, in their order: the batch of all n has L~ / n as its error. */
export interface InstanceData {
  readonly kind: 'instance';
  readonly file: string;
}

/** Rows of activations: `.npy`, or a tensor of a `.safetensors` file. */
export interface ActivationData {
  readonly kind: 'activations';
  readonly inputs: string;
  readonly targets?: string;
  /** Class of each row, integers; their means serve as anchors and as what recovery is measured by. */
  readonly labels?: string;
  /** The tensor's name, where a file has several. */
  readonly tensor?: string;
  /** Divide all rows by one number so that their mean length is sqrt(n_p). */
  readonly normalize: boolean;
}

export type Data = BenchData | HierarchyData | SynthData | InstanceData | ActivationData;

export interface Anchoring {
  /** k: the first k neurons are drawn to the first k features. */
  readonly count: number;
  /** lambda of lambda sum_i (|e_i - w_i|^2 + |u_i - r_i|^2), or the rows are fixed there. */
  readonly weight: number | 'fixed';
  readonly from: 'truth' | 'means';
}

export interface Resampling {
  /** Every so many steps, neurons with no activity since the last time start anew. */
  readonly every: number;
  /** Not after this step. */
  readonly until: number;
  /** Length of the new encoder row, relative to the mean of the living ones. */
  readonly scale: number;
}

/** Which biases are trained, from 0. Of a gated model the encoder has two, b_gate and b_mag. */
export interface Biases {
  readonly encoder: boolean;
  /** b_d is added to what is decoded; `subtracted`: and taken from what the encoder reads (SAELens' apply_b_dec_to_input), where n_r = n_p. */
  readonly decoder: 'none' | 'added' | 'subtracted';
}

export const biasesOf = ({ biases }: Pick<TrainConfig, 'biases'>): Biases =>
  typeof biases === 'boolean' ? { encoder: biases, decoder: biases ? 'added' : 'none' } : biases;

export interface Optimizer {
  readonly kind: 'adam' | 'adamw' | 'sgd';
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly momentum: number;
}

export interface Schedule {
  /** Steps over which the rate rises from 0. */
  readonly warmup: number;
  readonly kind: 'constant' | 'cosine';
  /** Cosine ends at this share of the rate. */
  readonly final: number;
}

export interface TrainConfig {
  readonly format: 'dictum/train@1';
  readonly name: string;
  readonly seed: number;
  readonly backend: BackendName;
  readonly data: Data;
  readonly method: Method;
  /** n_q */
  readonly neurons: number;
  /** Decoder columns start on the sphere of this radius; tied: the encoder rows are their copies (SAE only), else drawn alike. */
  readonly start: { readonly radius: number; readonly tied: boolean };
  readonly biases: boolean | Biases;
  /**
   * Random baselines (arXiv 2602.14111): the decoder's directions, or the encoder's rows, stay as they were drawn; `soft-decoder`: the
   * decoder's directions stay within cosine 0.8 of them.
   */
  readonly frozen?: 'decoder' | 'encoder' | 'soft-decoder';
  /** Decoder columns are put back to length 1 after each step. */
  readonly normalizeDecoder: boolean;
  readonly anchoring?: Anchoring;
  readonly resampling?: Resampling;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batch: number;
  readonly steps: number;
  /** Steps between records in the log, and between checkpoints; 0 is only at the end. */
  readonly logEvery: number;
  readonly checkpointEvery: number;
  /** Inputs the metrics are measured on, after the last one trained on. Without it, what a file holds is seen once, each of it. */
  readonly evaluation?: number;
}

/** Where b_d, which is like a target, cannot be taken from an input. */
export const NOT_ACROSS = '"none" or "added", as targets are not the inputs';

/** Whether outputs are compared with something else than the inputs. */
export const hasOtherTargets = ({ data }: TrainConfig): boolean =>
  data.kind === 'bench' ? data.variant === 'transcoder' : data.kind === 'activations' && data.targets !== undefined;

/** What no schema says. */
export function checkConfig(c: TrainConfig): void {
  const refuse = (path: string, expected: string, found: unknown): never => {
    throw new TrainProblem('out-of-range', path, expected, `${found}`);
  };
  const { method, neurons, data } = c;
  if ('k' in method && method.k > neurons) refuse('$.method.k', `at most ${neurons}, the neurons`, method.k);
  if (method.kind === 'topk' && method.auxiliary && method.auxiliary.k > neurons) {
    refuse('$.method.auxiliary.k', `at most ${neurons}, the neurons`, method.auxiliary.k);
  }
  if (method.kind === 'matryoshka') {
    method.prefixes.forEach((bound, g) => {
      if (bound <= (method.prefixes[g - 1] ?? 0)) refuse(`$.method.prefixes[${g}]`, 'increasing numbers', bound);
    });
    if (method.prefixes.at(-1) !== neurons)
      refuse('$.method.prefixes', `the last one ${neurons}`, method.prefixes.at(-1));
  }
  if (data.kind === 'hierarchy') {
    const sum = data.shares.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > 1e-9) refuse('$.data.shares', 'shares that add up to 1', sum);
  }
  if (hasOtherTargets(c) && biasesOf(c).decoder === 'subtracted')
    refuse('$.biases.decoder', NOT_ACROSS, '"subtracted"');
  if (data.kind === 'synth' && data.firing.min >= data.firing.max) {
    refuse('$.data.firing.min', `below ${data.firing.max}, the largest`, data.firing.min);
  }
  const features =
    data.kind === 'bench' || data.kind === 'synth'
      ? data.features
      : data.kind === 'hierarchy'
        ? featuresOf(data)
        : undefined;
  if (c.frozen && (c.resampling || c.anchoring)) {
    refuse('$.frozen', 'neither resampling nor anchoring, which move what is frozen', c.frozen);
  }
  const { anchoring } = c;
  if (anchoring && anchoring.count > Math.min(neurons, features ?? neurons)) {
    refuse('$.anchoring.count', `at most ${Math.min(neurons, features ?? neurons)}`, anchoring.count);
  }
  if (anchoring?.from === 'truth' && data.kind === 'activations') refuse('$.anchoring.from', '"means"', '"truth"');
  if (anchoring?.from === 'means' && !(data.kind === 'activations' && data.labels !== undefined)) {
    refuse('$.data.labels', 'labels, whose means anchor', 'none');
  }
}

export const featuresOf = (data: HierarchyData): number => data.parents * (1 + data.shares.length);
