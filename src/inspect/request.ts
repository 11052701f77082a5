/** What is asked of a model, and what is answered: plain values, latents by their index in the tensor, from 0. */
import type { Rational } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import type { Floats } from '../train/backend/backend.ts';
import type { FileModel } from '../train/checkpoint/foreign.ts';
import type { Book, Closed } from './book.ts';
import type { Groups } from './groups.ts';
import type { Pair } from './hierarchy.ts';

export interface InspectRequest {
  readonly model: FileModel;
  /** Rows one after the other, as the model gets them. */
  readonly data?: { readonly values: Floats; readonly rows: number; readonly names?: readonly string[] };
  /** For each label a byte per row, 0 or 1. */
  readonly labels?: { readonly names: readonly string[]; readonly columns: readonly Uint8Array[] };
  readonly features?: {
    readonly names: readonly string[];
    readonly wp: readonly Vector[];
    readonly wr: readonly Vector[];
    readonly strengths: readonly [low: Rational, high: Rational];
  };
  /** Child and parent by index among the labels, and among the features; without it the labels' is found. */
  readonly hierarchy?: { readonly labels?: readonly Pair[]; readonly features?: readonly Pair[] };
  /** The coefficient of the penalty that un-absorbing is priced with; without it no price is told. */
  readonly price?: number;
}

/**
 * `loses`: its margin is above 0 somewhere, and Top-k never takes it. `never`: its margin is at most 0 in every row. `rare`: on in fewer than one of
 * 1000 rows. `absorbed`: it carries a parent, and falls silent beside a child. `detects`: with one label it has an F1 of 0.8 or more. `other`: none of these.
 */
export type Kind = 'absorbed' | 'detects' | 'other' | 'rare' | 'loses' | 'never';

export interface Match {
  readonly label: number;
  /** Rows with the label where it is on; rows where it is on that have the label. */
  readonly found: number;
  readonly right: number;
  readonly f1: number;
}

export interface LatentCard {
  readonly latent: number;
  readonly kind: Kind;
  /** Rows that it is on in, and the sum of activations there over their number. */
  readonly rows: number;
  readonly mean: number;
  readonly best?: Match;
  /** Rows of the largest activations. */
  readonly top: readonly { readonly row: number; readonly activation: number }[];
  /** The largest margin, where, and its distance in space: margin / |e_i|. */
  readonly most: { readonly margin: number; readonly row: number; readonly distance: number };
  /** The margin nearest to 0. */
  readonly closest: number;
  /** Atoms that it is on at: at the middle strength; at every strength; at some but not at the middle one. */
  readonly atoms?: {
    readonly on: readonly number[];
    readonly always: readonly number[];
    readonly some: readonly number[];
  };
  /** The feature that is in all atoms it is on at, and in no other, exactly. */
  readonly exactly?: { readonly feature: number; readonly everyStrength: boolean };
  readonly onset?: { readonly feature: number; readonly strength: number };
  /** Trees that must come together; -1: all together do not wake it. */
  readonly trees?: number;
  /** Books in which it is the carrier that is absorbed, and those in which it comes with the child. */
  readonly absorbedIn: readonly number[];
  readonly absorbsIn: readonly number[];
}

export interface LabelCard {
  readonly label: number;
  readonly rows: number;
  readonly best?: { readonly latent: number; readonly found: number; readonly right: number; readonly f1: number };
}

export interface AtomCard {
  readonly root: number;
  readonly child?: number;
  /** Latents on at the middle strength and their activations; on at some strengths only. */
  readonly on: readonly { readonly latent: number; readonly activation: number }[];
  readonly some: readonly number[];
}

/** What un-absorbing one parent would cost: price.ts. */
export interface Price {
  /** By number among the labels. */
  readonly parent: number;
  readonly carrier: number;
  /** Latents that come with a child. */
  readonly absorbers: readonly number[];
  /** Rows fitted to, and rows compared on: every second one. */
  readonly rows: readonly [fitted: number, compared: number];
  /** Of the compared rows with the parent those that its latent is on in, before and after. */
  readonly found: readonly [before: number, after: number];
  /** Change a row: of the squared error, of the penalty, of error + coefficient x penalty. */
  readonly error: number;
  readonly penalty: number;
  readonly change: number;
  /** Standard error of `change`, over the paired differences. */
  readonly deviation: number;
}

export interface InspectResult {
  readonly method: string;
  readonly k?: number;
  readonly shape: FileModel['shape'];
  readonly rows: number;
  /** What the rows are: those of the data, or atoms at the middle strength. */
  readonly of: 'data' | 'atoms';
  readonly rowNames?: readonly string[];
  /** The labels of a row. */
  readonly labelsOf: (row: number) => readonly number[];
  readonly signs: {
    readonly decided: number;
    readonly exact: number;
    readonly near: number;
    readonly compared: number;
    /** The margin nearest to 0 of all. */
    readonly smallest: number;
    readonly ties: readonly { readonly row: number; readonly latents: readonly number[] }[];
  };
  /** Latents on per row. */
  readonly l0: number;
  /** Sum of squared errors over that of the rows from their mean; of SAEs on data. */
  readonly fvu?: number;
  readonly labelNames: readonly string[];
  readonly featureNames: readonly string[];
  readonly hierarchy: { readonly pairs: readonly Pair[]; readonly from: 'given' | 'found' | 'none' };
  readonly strengths?: readonly [low: string, high: string];
  readonly latents: readonly LatentCard[];
  readonly labels: readonly LabelCard[];
  readonly atoms: readonly AtomCard[];
  readonly books: readonly Book[];
  readonly closed: readonly Closed[];
  /** Of the books by directions, what labels alone say of the same pairs. */
  readonly byLabels: readonly Book[];
  /** Latents x labels: the share of the label's rows in which the latent is on. */
  readonly found: Float64Array;
  readonly prices?: { readonly coefficient: number; readonly of: readonly Price[] };
  readonly groups: Groups;
  readonly notes: readonly string[];
}
