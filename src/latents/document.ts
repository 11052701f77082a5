/** `dictum/inspect@1`, schemas/inspect.schema.json: latents by their index in the tensor, from 0; labels and features by name; shares exact, as text. */
import type { Book } from '../inspect/book.ts';
import type { Groups } from '../inspect/groups.ts';
import type { InspectResult } from '../inspect/request.ts';
import { double } from '../train/checkpoint/double.ts';
import { atomName, namesIn } from './findings.ts';
import type { Head } from './text.ts';

/** A row by its number, with its name or that of the atom that it is. */
export interface InspectedRow {
  readonly row: number;
  readonly name?: string;
}

/** How well a latent tells a label: parts of the label's rows, of its own rows, and their harmonic mean. */
export interface InspectedMatch {
  readonly found: number;
  readonly right: number;
  readonly f1: number;
}

/** One latent, by its index in the tensor, from 0; kinds and words: docs/inspect.md. */
export interface InspectedLatent {
  readonly latent: number;
  readonly kind: 'absorbed' | 'detects' | 'other' | 'rare' | 'loses' | 'never';
  /** Rows that it is on in, and its mean activation there. */
  readonly rows: number;
  readonly mean: number;
  readonly best?: InspectedMatch & { readonly label: string };
  /** Rows of the largest activations. */
  readonly top: readonly (InspectedRow & { readonly activation: number })[];
  /** The largest margin, and how far that is in space: margin / |e_i|. */
  readonly most?: InspectedRow & { readonly margin: number; readonly distance: number };
  /** The margin nearest to 0. */
  readonly closest: number;
  /** The feature that wakes it at the least strength, alone. */
  readonly onset?: { readonly feature: string; readonly strength: number };
  /** Features, each with at most one child, that must come together; null: all together do not wake it. */
  readonly trees?: number | null;
  /** The feature whose atoms are exactly those that it is on at. */
  readonly exactly?: { readonly feature: string; readonly everyStrength: boolean };
  /** Atoms that it is on at: at the middle strength, at every strength, at some but not the middle one. */
  readonly atoms?: {
    readonly on: readonly string[];
    readonly always: readonly string[];
    readonly some: readonly string[];
  };
  /** Children that it falls silent beside, and parents that it writes beside their child. */
  readonly absorbed: readonly string[];
  readonly absorbs: readonly string[];
}

/** One label and the latent that tells it best. */
export interface InspectedLabel {
  readonly label: string;
  readonly rows: number;
  readonly best?: InspectedMatch & { readonly latent: number };
}

/** A parent and its child: who writes the parent's direction, alone and beside the child. Exact shares as text. */
export interface AbsorptionBook {
  readonly parent: string;
  readonly child: string;
  readonly basis: Book['basis'];
  readonly verdict: 'absorbed' | 'faded' | 'kept' | 'lost';
  /** The latent with the largest share of the parent alone. */
  readonly carrier?: number;
  /** Its share alone and beside the child, and that of all that come with the child. */
  readonly alone: string;
  readonly beside: string;
  readonly others: string;
  /** The same, rounded. */
  readonly about: { readonly alone: number; readonly beside: number; readonly others: number };
  readonly shares: readonly {
    readonly latent: number;
    readonly comes: boolean;
    readonly alone: string;
    readonly beside: string;
  }[];
  /** What the decoder's bias writes, alone and beside. */
  readonly bias: readonly string[];
  /** The carrier is off beside the child at all strengths. */
  readonly silent?: boolean;
  /** Of the parent's rows those that the carrier is on in. */
  readonly found?: number;
  /** Rows of the parent alone and of the child. */
  readonly rows?: readonly [alone: number, beside: number];
}

/** What was found, without where the model came from: `dictum/inspect@1`, schemas/inspect.schema.json. */
export interface Inspected {
  readonly method: string;
  readonly k?: number;
  readonly np: number;
  readonly nr: number;
  readonly nq: number;
  readonly rows: number;
  /** What the rows are: those given, or the atoms of the features at the middle strength. */
  readonly of: 'data' | 'atoms';
  readonly strengths?: readonly [low: string, high: string];
  /** How the signs were decided: all are exact. */
  readonly signs: {
    readonly decided: number;
    /** In integers, as the float64 product was within its error bound of 0. */
    readonly exact: number;
    /** So near 0 that 32-bit arithmetic may see the other sign. */
    readonly near: number;
    /** Values of Top-k that were compared as fractions. */
    readonly compared: number;
    readonly smallest: number | null;
    readonly ties: readonly { readonly row: number; readonly latents: readonly number[] }[];
  };
  /** Latents on per row. */
  readonly l0: number;
  /** Sum of squared errors over that of the rows from their mean; null where all rows are the same. */
  readonly fvu?: number | null;
  readonly hierarchy: {
    readonly from: 'given' | 'found' | 'none';
    readonly pairs: readonly { readonly child: string; readonly parent: string; readonly share?: number }[];
  };
  readonly latents: readonly InspectedLatent[];
  readonly labels: readonly InspectedLabel[];
  readonly absorption: readonly AbsorptionBook[];
  /** Where features decide, what labels alone say of the same pairs. */
  readonly absorptionByLabels: readonly AbsorptionBook[];
  readonly notCompared: readonly { readonly parent: string; readonly child: string; readonly why: string }[];
  /** What un-absorbing would cost, where it was asked for. */
  readonly prices?: { readonly coefficient: number; readonly of: readonly InspectedPrice[] };
  readonly groups: Groups;
  readonly notes: readonly string[];
}

/** An absorbed parent with its latent aimed anew and decoder rows fitted anew, on rows that nothing was fitted to: docs/inspect.md. */
export interface InspectedPrice {
  readonly parent: string;
  readonly carrier: number;
  readonly absorbers: readonly number[];
  readonly rows: readonly [fitted: number, compared: number];
  /** Of the compared rows with the parent those that its latent is on in. */
  readonly found: readonly [before: number, after: number];
  /** Changes a row: of the squared error, of the penalty, of error + coefficient x penalty. */
  readonly error: number;
  readonly penalty: number;
  readonly change: number;
  /** Standard error of `change`. */
  readonly deviation: number;
}

export const inspectDocument = (r: InspectResult, { file, from, notes }: Head): object => ({
  format: 'dictum/inspect@1',
  file,
  from,
  ...inspected(r, notes),
});

/** `notes`: how the model was read. */
export function inspected(r: InspectResult, notes: readonly string[]): Inspected {
  const label = (j: number): string => r.labelNames[j] ?? '';
  const feature = (f: number): string => r.featureNames[f] ?? '';
  const names = namesIn(r);
  const { groups } = r;
  return {
    method: r.method,
    ...(r.k !== undefined && { k: r.k }),
    ...r.shape,
    rows: r.rows,
    of: r.of,
    ...(r.strengths && { strengths: r.strengths }),
    signs: { ...r.signs, smallest: Number.isFinite(r.signs.smallest) ? r.signs.smallest : null },
    l0: r.l0,
    ...(r.fvu !== undefined && { fvu: Number.isFinite(r.fvu) ? r.fvu : null }),
    hierarchy: {
      from: r.hierarchy.from,
      pairs: r.hierarchy.pairs.map(({ child, parent, share }) => ({
        child: r.labelNames[child] ?? '',
        parent: r.labelNames[parent] ?? '',
        ...(share !== undefined && { share }),
      })),
    },
    latents: r.latents.map(({ best, most, onset, trees, exactly, atoms, absorbedIn, absorbsIn, top, ...l }) => ({
      ...l,
      ...(best && { best: { ...best, label: label(best.label) } }),
      top: top.map(({ row, activation }) => ({ ...named(r, row), activation })),
      ...(most.row >= 0 && { most: { margin: most.margin, distance: most.distance, ...named(r, most.row) } }),
      ...(onset && { onset: { feature: feature(onset.feature), strength: onset.strength } }),
      ...(trees !== undefined && { trees: trees < 0 ? null : trees }),
      ...(exactly && { exactly: { feature: feature(exactly.feature), everyStrength: exactly.everyStrength } }),
      ...(atoms && {
        atoms: {
          on: atoms.on.map((a) => atomName(r, a)),
          always: atoms.always.map((a) => atomName(r, a)),
          some: atoms.some.map((a) => atomName(r, a)),
        },
      }),
      absorbed: absorbedIn.map((k) => names[(r.books[k] as Book).child] ?? ''),
      absorbs: absorbsIn.map((k) => names[(r.books[k] as Book).parent] ?? ''),
    })),
    labels: r.labels.map(({ label: j, ...rest }) => ({ label: label(j), ...rest })),
    absorption: r.books.map((book) => bookDocument(book, names)),
    absorptionByLabels: r.byLabels.map((book) => bookDocument(book, r.labelNames)),
    notCompared: r.closed.map(({ parent, child, why }) => ({
      parent: names[parent] ?? '',
      child: names[child] ?? '',
      why,
    })),
    ...(r.prices && {
      prices: {
        coefficient: r.prices.coefficient,
        of: r.prices.of.map(({ parent, ...price }) => ({ parent: label(parent), ...price })),
      },
    }),
    groups,
    notes: [...notes, ...r.notes],
  };
}

const named = (r: InspectResult, row: number): InspectedRow => ({
  row,
  ...(r.of === 'atoms' ? { name: atomName(r, row) } : r.rowNames?.[row] !== undefined && { name: r.rowNames[row] }),
});

function bookDocument(
  { parent, child, basis, verdict, carrier, shares, bias, silent, found, rows, ...book }: Book,
  names: readonly string[],
): AbsorptionBook {
  return {
    parent: names[parent] ?? '',
    child: names[child] ?? '',
    basis,
    verdict,
    ...(carrier !== undefined && { carrier }),
    alone: `${book.alone}`,
    beside: `${book.beside}`,
    others: `${book.others}`,
    about: { alone: double(book.alone), beside: double(book.beside), others: double(book.others) },
    shares: shares.map((share) => ({
      latent: share.latent,
      comes: share.comes,
      alone: `${share.alone}`,
      beside: `${share.beside}`,
    })),
    bias: bias.map(String),
    ...(silent !== undefined && { silent }),
    ...(found !== undefined && { found }),
    ...(rows && { rows }),
  };
}
