/** Everything that decides how a run goes, with the defaults in one place; the result records it. */

export interface Settings {
  /** `gd`: full batches of L~. `sgd`: inputs sampled with probability M_d / sum M. `adam`: full batches. */
  readonly optimizer: 'gd' | 'sgd' | 'adam';
  /** Where the run proper goes on in 32-bit floats; without it here, in 64-bit ones, as continuations always do. */
  readonly backend?: 'webgpu';
  readonly rate: number;
  /** Steps before convergence is looked at for the first time. */
  readonly steps: number;
  /** Inputs in a sampled batch. */
  readonly batch: number;
  /** e_i and u_i start normal with standard deviation scale / sqrt(n_p) and scale / sqrt(n_r); biases start at 0. */
  readonly scale: number;
  /** The first neurons are held at (w_d, r_d) of these features (0-based) for `steps` steps, then released: feature anchoring. */
  readonly anchors: readonly number[];
  /** Every so many steps, neurons dead on all features start anew; 0 is never. The last quarter of the steps is left alone. */
  readonly resample: number;
  readonly seed: number;
  /** Continuations, and the steps of each: full batches of L~ after the run itself, for what has not converged. */
  readonly rounds: number;
  readonly roundSteps: number;
  /** After every so many rounds, what is left is brought to rest by damped Newton steps (finish.ts). 0 is never. */
  readonly finishAfter: number;
  /** Converged: |gradient|_inf <= tolerance, kinks counted on either side. */
  readonly tolerance: number;
  /** The same for a run on a face: there steps of any size overshoot, and rest is as fine as the last of them. */
  readonly faceTolerance: number;
}

export const DEFAULTS: Settings = {
  optimizer: 'gd',
  rate: 0.05,
  steps: 4000,
  batch: 1,
  scale: 1,
  anchors: [],
  resample: 0,
  seed: 1,
  rounds: 12,
  roundSteps: 8000,
  finishAfter: 4,
  tolerance: 1e-9,
  faceTolerance: 1e-4,
};

/** The rate of Adam where none is given. */
export const ADAM_RATE = 0.01;
