/** What a claim can be about. A claim names one of them, and is asked about no other: its goals are functions of that type. */

import type { Rational } from '../numbers/rational.ts';
import type { Vector } from '../numbers/vector.ts';
import type { Instance } from './instance.ts';

export type Subject = Instance | ReportedRow | Comparison | GeneratedModel | Latents;

/** A decimal as printed: anything up to half a unit of its last place away. */
export interface Rounded {
  readonly text: string;
  /** At least 0. */
  readonly low: Rational;
  readonly high: Rational;
}

/** A row of a table of results, its figures as printed: reportedRow.ts. */
export interface ReportedRow {
  readonly format: 'dictum/report@1';
  readonly name: string;
  readonly source: string;
  /** A feature counts as recovered if its best match is above tau. */
  readonly tau: Rational;
  /** The share of features recovered, in percent. */
  readonly recovery: Rounded;
  /** The mean over the features of the best match. */
  readonly mean: Rounded;
  /** How many features the share may be of. */
  readonly denominators: readonly number[];
}

/** What a sentence says of reported figures: their sum, each times a factor, is in this relation to 0. comparison.ts. */
export interface Comparison {
  readonly format: 'dictum/comparison@1';
  readonly name: string;
  readonly source: string;
  /** The words that are compared with the figures. */
  readonly says: string;
  /** At least one, each of another figure. */
  readonly terms: readonly { readonly figure: string; readonly printed: Rounded; readonly times: Rational }[];
  readonly relation: '>=' | '>' | '=';
}

/** Latents of a trained model, and inputs: latents.ts. */
export interface Latents {
  readonly format: 'dictum/latents@1';
  readonly name: string;
  /** The file they are from. */
  readonly source: string;
  /** On where <row, x> + constant > 0, and then that and the threshold is given out, times the column. */
  readonly latents: readonly {
    readonly name: string;
    readonly row: Vector;
    readonly constant: Rational;
    readonly threshold: Rational;
    readonly column: Vector;
  }[];
  readonly inputs: readonly { readonly label: string; readonly x: Vector; readonly target: Vector }[];
  readonly strengths?: readonly [Rational, Rational];
  /** Sums of at most `most` inputs, each from 0 to `strength` times. */
  readonly sums?: { readonly most: number; readonly strength: Rational };
}

/** Directions and a ReLU encoder from a stated generator: generatedModel.ts. */
export interface GeneratedModel {
  readonly format: 'dictum/scale@1';
  readonly name: string;
  readonly features: number;
  readonly dimensions: number;
  readonly neurons: number;
  /** a: entries are from -a to a. */
  readonly entries: number;
  readonly directionSeed: number;
  readonly encoderSeed: number;
  readonly overrides: readonly { readonly neuron: number; readonly row: Int8Array }[];
  /** k: the first k neurons have the first k directions as rows. */
  readonly anchors: number;
}
