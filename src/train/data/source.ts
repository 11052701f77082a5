/** Where inputs come from: sample s of a source is a function of s alone, so a run that stops and goes on sees the same. */
import type { Latents, Rows } from '../backend/backend.ts';

/** Directions recovery is measured by: the true ones, or class means as proxies. */
export interface Truth {
  /** w_d, n rows of n_p. */
  readonly wp: readonly Float64Array[];
  /** r_d, n rows of n_r. */
  readonly wr: readonly Float64Array[];
  /** Features of each parent and of its children. */
  readonly hierarchy?: readonly { readonly parent: number; readonly children: readonly number[] }[];
}

export interface Source {
  readonly np: number;
  readonly nr: number;
  readonly truth?: Truth;
  /** How many different samples there are, where they come from a file: every so many in a row are each of them once. */
  readonly samples?: number;
  /** What the numbers of the files were multiplied by, where they were. */
  readonly factors?: { readonly inputs: number; readonly targets: number };
  /** Puts samples first, first + 1, ... into the rows of x and r. */
  fill(first: number, x: Rows, r: Rows): void;
  /** The same samples as lists: which features, how much of each. False where there is no room for them in `into`. */
  list?(first: number, into: Latents): boolean;
  /** Latents are measured as detectors of features. */
  readonly detects?: true;
  /** The features active in sample s. */
  active?(s: number): readonly number[];
}
