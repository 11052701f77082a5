/** A row of a table of results, as `dictum tables` reads it. */
import type { Rational } from '../../kernel/numbers/rational.ts';

export interface TableRow {
  readonly table: string;
  /** From 1, as in the file. */
  readonly row: number;
  readonly method: string;
  readonly anchored: boolean;
  readonly condition: string;
  readonly recovery: string;
  readonly mean: string;
  /** n, from the table's parameters or the row's condition `n=800`; undefined where neither says. */
  readonly features?: number;
  /** Where the table says how many. */
  readonly anchors?: number;
  /** The table's sparsity S, for the regime of Theorem 3.1. */
  readonly sparsity?: Rational;
}
