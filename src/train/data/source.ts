/** Where inputs come from: sample s of a source is a function of s alone, so a run that stops and goes on sees the same. */
import type { Latents, Table } from '../backend/backend.ts';

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
  /** Puts samples first, first + 1, ... into the rows of x and r. */
  fill(first: number, x: Table, r: Table): void;
  /** The same samples as lists: which features, how much of each. False where there is no room for them in `into`. */
  list?(first: number, into: Latents): boolean;
  /** The features active in sample s. */
  active?(s: number): readonly number[];
}
