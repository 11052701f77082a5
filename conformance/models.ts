/** The tiny models: every number is rational, no two values that are compared are equal, and lengths that are needed are rational. */

export interface Weights {
  /** Encoder rows, n_q x n. */
  readonly we: readonly (readonly string[])[];
  /** Of a gated model: of the gates. */
  readonly be: readonly string[];
  /** Decoder directions, n_q x n. */
  readonly wd: readonly (readonly string[])[];
  /** Added to outputs. */
  readonly bd: readonly string[];
  /** JumpReLU: of the thresholds, positive. */
  readonly theta?: readonly string[];
  /** Gated: r_mag, 0, as exp(0) is rational; and b_mag. */
  readonly r_mag?: readonly string[];
  readonly b_mag?: readonly string[];
}

/** Directions of known features, and which of them are active on each input. */
export interface Truth {
  readonly directions: readonly (readonly string[])[];
  readonly active: readonly (readonly number[])[];
}

/** What a method leaves open; latents are counted from 0. */
export interface Settings {
  readonly l1?: string;
  readonly l0?: string;
  readonly target_l0?: string;
  readonly bandwidth?: string;
  readonly k?: number;
  /** The second k of Multi-TopK. */
  readonly k_more?: number;
  readonly k_aux?: number;
  readonly alpha?: string;
  readonly dead?: readonly number[];
  readonly prefixes?: readonly number[];
}

export interface Model {
  /** Whether the encoder reads x - b_d, or x. */
  readonly subtracts: boolean;
  readonly weights: Weights;
  readonly inputs: readonly (readonly string[])[];
  readonly settings: Settings;
  readonly truth?: Truth;
}

const rows = (text: string): string[][] => text.split(';').map((row) => row.trim().split(/\s+/));
const row = (text: string): string[] => text.trim().split(/\s+/);

/** Inputs, outputs and errors all have rational lengths; the last latent is dead, the mean error is far from 0. */
export const MEASURED: Model = {
  subtracts: true,
  weights: {
    we: rows('2 0; 1 0; 0 1; -1 0'),
    be: row('-12 -6 -8 -40'),
    wd: rows('1/4 0; 1/2 0; 0 1; 3 4'),
    bd: row('0 0'),
  },
  inputs: rows('-15 20; 9 12; 15 -8; 15 8; 15 20; 18 24; 12 16; -15 36'),
  settings: {},
};

/** Decoder directions of length 2, 1/2 and 1. */
const SPARSE: Weights = {
  we: rows('1 1/2; -1/2 2; 3/4 -1'),
  be: row('1/8 -1/4 1/2'),
  wd: rows('6/5 8/5; 3/10 -2/5; -1 0'),
  bd: row('1/4 -1/8'),
};
const FEW = rows('2 1; -1 3/2; 1/2 -5/4; 3/4 5/8');

export const PENALIZED: Model = { subtracts: true, weights: SPARSE, inputs: FEW, settings: { l1: '1/4' } };

/** On the second input and the third one latent is positive: fewer than k. */
export const TOPK: Model = {
  subtracts: true,
  weights: {
    we: rows('1 1/2; -1/2 2; 3/4 -1; -3/4 -5/4'),
    be: row('1/8 -1/4 1/2 -1'),
    wd: rows('3/5 4/5; 0 1; -1 0; 5/13 -12/13'),
    bd: row('1/4 -1/8'),
  },
  inputs: rows('2 1; -1 3/2; 3/8 -3/4; 5/8 7/8'),
  settings: { k: 2 },
};

/** Both latents are chosen for every input, and the second is never positive. */
export const NEVER: Model = {
  subtracts: true,
  weights: { we: rows('1 0; -1 0'), be: row('0 -1/2'), wd: rows('1 0; 0 1'), bd: row('0 0') },
  inputs: rows('2 1; 1 3/2; 3/8 -5/8'),
  settings: { k: 2 },
};

const WIDE: Weights = {
  we: rows('1 0 1/2 0; 0 1 0 -1/2; 1/2 1/2 1 -1/4; 0 1/16 0 1/4; -1/4 1/16 1/8 1/32; 1/16 -1/8 0 3/16'),
  be: row('1/2 -1/4 1/8 1/64 -1/8 1/16'),
  wd: rows('3/5 0 4/5 0; 0 1 0 0; 0 3/5 0 -4/5; 0 0 0 1; -1 0 0 0; 1/2 1/2 -1/2 1/2'),
  bd: row('1/8 -1/4 1/2 1/16'),
};
const LONG = rows('2 1 -1 3/4; -1 3/2 1 1/2; 1/2 -1 7/4 -3; 1 2 3/8 -1/8; -1 5/2 -1/4 2');

/** Dead latents are never among the k largest; k_aux is half the dimension, as the libraries have it; for two inputs a dead latent chosen is negative. */
export const AUXILIARY: Model = {
  subtracts: true,
  weights: WIDE,
  inputs: LONG,
  settings: { k: 1, k_aux: 2, alpha: '1/32', dead: [3, 4, 5] },
};

/** One dead latent, positive on all inputs but one. */
export const ONE_DEAD: Model = {
  subtracts: true,
  weights: WIDE,
  inputs: LONG,
  settings: { k: 1, k_aux: 2, alpha: '1/32', dead: [5] },
};

export const BATCH: Model = { subtracts: true, weights: TOPK.weights, inputs: TOPK.inputs, settings: { k: 1 } };

export const NESTED: Model = {
  subtracts: true,
  weights: TOPK.weights,
  inputs: TOPK.inputs,
  settings: { k: 1, prefixes: [1, 4] },
};

export const MULTI: Model = { subtracts: true, weights: WIDE, inputs: LONG, settings: { k: 1, k_more: 4 } };

/** Two latents have the gate open and no magnitude, or a magnitude and the gate closed, on some input. */
export const GATES: Model = {
  subtracts: true,
  weights: { ...TOPK.weights, r_mag: row('0 0 0 0'), b_mag: row('-1/2 1/4 -3/4 5/4') },
  inputs: FEW,
  settings: { l1: '1/8' },
};

/** Pre-activations on both sides of the thresholds, inside and outside of the band. */
export const JUMPS: Model = {
  subtracts: false,
  weights: {
    we: rows('1 1/2; -1/2 2; 3/4 -1'),
    be: row('1/8 -1/4 1/2'),
    wd: rows('3/5 4/5; 0 1; -1 0'),
    bd: row('1/8 -1/4'),
    theta: row('3/2 3/4 5/8'),
  },
  inputs: rows('2 9/8; -1 3/2; 1/2 -1/4; 3/4 5/8; 1 1/8'),
  settings: { l0: '1/2', target_l0: '2', bandwidth: '3/2' },
};

/** One latent is dead; inputs and living encoder rows have rational lengths. */
export const RESAMPLED: Model = {
  subtracts: true,
  weights: {
    we: rows('3/5 4/5; 5/2 6; -1 -1'),
    be: row('0 -1/2 -20'),
    wd: rows('3/5 4/5; 5/13 12/13; 0 1'),
    bd: row('0 0'),
  },
  inputs: rows('3 4; -5 12; 8 -15; 4 3'),
  settings: { dead: [2] },
};

/** Five features, four latents: the first two are nearest to the same feature, the last is never active. */
export const DETECTORS: Model = {
  subtracts: true,
  weights: {
    we: rows('1 0; 1/2 0; 0 1; -1 -1'),
    be: row('-6 -12 -8 -200'),
    wd: rows('1 0; 12/13 5/13; 0 1; -3/5 -4/5'),
    bd: row('0 0'),
  },
  inputs: MEASURED.inputs,
  settings: {},
  truth: {
    directions: rows('1 0; 0 1; 4/5 -3/5; 8/17 15/17; -12/13 5/13'),
    active: [[1, 4], [0, 1], [0, 2], [0], [0, 1, 3], [1, 3], [0, 3], [1]],
  },
};

/** Pre-activations of dead latents are exactly 0, so that exp of them is 1; errors and what the dead make have rational lengths. */
export const GHOSTS: Model = {
  subtracts: true,
  weights: {
    we: rows('1 0; 0 1; 0 0; 0 0'),
    be: row('-3 -4 0 0'),
    wd: rows('1 0; 0 1; 3/5 0; 0 4/5'),
    bd: row('0 0'),
  },
  inputs: rows('6 8; 9 12; 3 20; 27 36'),
  settings: { dead: [2, 3] },
};
