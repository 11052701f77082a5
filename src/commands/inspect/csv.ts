/** The tables of a result as CSV files (RFC 4180). */
import type { InspectResult } from '../../inspect/request.ts';
import { lineOf, namesIn, rowName } from '../../latents/findings.ts';

type Cell = string | number | undefined;

export function inspectCsv(r: InspectResult): ReadonlyMap<string, string> {
  const label = (j: number | undefined): string => (j === undefined ? '' : (r.labelNames[j] ?? ''));
  const names = namesIn(r);
  return new Map([
    [
      'latents.csv',
      csv([
        [
          'latent',
          'kind',
          'rows',
          'mean',
          'label',
          'found',
          'right',
          'f1',
          'margin',
          'nearest',
          'distance',
          'closest',
          'onset_feature',
          'onset',
          'trees',
          'absorbed_by',
          'absorbs',
          'top',
        ],
        ...r.latents.map((l) => [
          l.latent,
          l.kind,
          l.rows,
          l.mean,
          label(l.best?.label),
          l.best?.found,
          l.best?.right,
          l.best?.f1,
          l.most.margin,
          l.most.row < 0 ? '' : rowName(r, l.most.row),
          l.most.distance,
          l.closest,
          l.onset && r.featureNames[l.onset.feature],
          l.onset?.strength,
          l.trees,
          l.absorbedIn.map((k) => names[r.books[k]?.child ?? 0]).join(' '),
          l.absorbsIn.map((k) => names[r.books[k]?.parent ?? 0]).join(' '),
          l.top.map(({ row }) => rowName(r, row)).join('; '),
        ]),
      ]),
    ],
    [
      'absorption.csv',
      csv([
        ['parent', 'child', 'verdict', 'latent', 'alone', 'beside', 'others', 'comes', 'found', 'silent'],
        ...r.books.map((book) => {
          const line = lineOf(r, book);
          const comers = line.comers.map(({ latent, share }) => `#${latent} ${share.toFixed(4)}`).join(' ');
          return [
            line.parent,
            line.child,
            line.verdict,
            line.carrier,
            line.alone,
            line.beside,
            line.others,
            comers,
            book.found,
            line.silent ? 1 : 0,
          ];
        }),
      ]),
    ],
    ...(r.prices
      ? [
          [
            'prices.csv',
            csv([
              [
                'parent',
                'latent',
                'absorbers',
                'found_before',
                'found_after',
                'error',
                'penalty',
                'change',
                'deviation',
              ],
              ...r.prices.of.map((p) => [
                label(p.parent),
                p.carrier,
                p.absorbers.map((i) => `#${i}`).join(' '),
                ...p.found,
                p.error,
                p.penalty,
                p.change,
                p.deviation,
              ]),
            ]),
          ] as const,
        ]
      : []),
    [
      'labels.csv',
      csv([
        ['label', 'rows', 'latent', 'found', 'right', 'f1'],
        ...r.labels.map(({ label: j, rows, best }) => [
          label(j),
          rows,
          best?.latent,
          best?.found,
          best?.right,
          best?.f1,
        ]),
      ]),
    ],
    ['groups.csv', csv([['group', 'latent'], ...r.groups.groups.flatMap((group, g) => group.map((i) => [g, i]))])],
  ]);
}

const csv = (rows: readonly (readonly Cell[])[]): string =>
  `${rows.map((row) => row.map(field).join(',')).join('\n')}\n`;

function field(cell: Cell): string {
  const text = `${cell ?? ''}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
