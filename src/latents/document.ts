/** `dictum/inspect@1`, schemas/inspect.schema.json: latents by their index in the tensor, from 0; labels and features by name; shares exact, as text. */
import type { Book } from '../inspect/book.ts';
import type { InspectResult } from '../inspect/request.ts';
import { double } from '../train/checkpoint/double.ts';
import { atomName, namesIn } from './findings.ts';
import type { Head } from './text.ts';

export function inspectDocument(r: InspectResult, { file, from, notes }: Head): object {
  const label = (j: number): string => r.labelNames[j] ?? '';
  const feature = (f: number): string => r.featureNames[f] ?? '';
  const names = namesIn(r);
  const { groups } = r;
  return {
    format: 'dictum/inspect@1',
    file,
    from,
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
    groups,
    notes: [...notes, ...r.notes],
  };
}

const named = (r: InspectResult, row: number): object => ({
  row,
  ...(r.of === 'atoms' ? { name: atomName(r, row) } : r.rowNames?.[row] !== undefined && { name: r.rowNames[row] }),
});

function bookDocument(
  { parent, child, basis, verdict, carrier, shares, bias, silent, found, rows, ...book }: Book,
  names: readonly string[],
): object {
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
