/** What `dictum inspect` prints: at most 60 lines, whatever the model. */
import type { InspectResult, LatentCard } from '../inspect/request.ts';
import { printable } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';
import { counted } from '../words/names.ts';
import {
  changeText,
  findings,
  lineOf,
  ofKind,
  percent,
  rowName,
  rowsText,
  short,
  shortList,
  signsText,
  topNames,
} from './findings.ts';

/** Of F1. */
export const WEAK = 0.3;
const [PAIRS, PRICES, LATENTS, NEVER, GROUPS, NOTES] = [12, 6, 12, 6, 5, 4];

export interface Head {
  readonly file: string;
  readonly from: string;
  readonly notes: readonly string[];
}

export function inspectText(r: InspectResult, { file, from, notes }: Head): string {
  const { np, nr, nq } = r.shape;
  const fvu = r.fvu === undefined ? '' : `FVU ${short(r.fvu)}, `;
  const all = [...notes, ...r.notes];
  return [
    `${file}: ${from}, ${r.method}${r.k === undefined ? '' : ` ${r.k}`}, ${nq} latents, ${np === nr ? np : `${np} to ${nr}`} dimensions; ${rowsText(r)}${r.of === 'data' && r.labelNames.length > 0 ? `, ${counted(r.labelNames.length, 'label')}` : ''}`,
    `${fvu}${short(r.l0)} latents on per ${r.of === 'data' ? 'row' : 'atom'}. ${signsText(r)}`,
    ...hierarchyLines(r),
    '',
    ...findings(r).map((text, k) => `${k + 1}. ${text}`),
    ...bookLines(r),
    ...priceLines(r),
    ...latentLines(r),
    ...neverLines(r),
    ...groupLines(r),
    ...(all.length > 0 ? ['', ...all.slice(0, NOTES).map((text) => `note: ${text}`)] : []),
    ...(all.length > NOTES ? [`... ${counted(all.length - NOTES, 'note')} more, with --json`] : []),
    '',
  ]
    .map((line) => printable(line, 2000))
    .join('\n');
}

function hierarchyLines({ hierarchy, labelNames }: InspectResult): string[] {
  const { pairs, from } = hierarchy;
  if (from !== 'found') return [];
  const names = (k: number): string => labelNames[k] ?? '';
  return [
    `Hierarchy found in the labels (80% or more of the child's rows have the parent, and it is rarer): ${shortList(pairs.map(({ child, parent }) => `${names(child)} < ${names(parent)}`))}`,
  ];
}

function bookLines(r: InspectResult): string[] {
  if (r.books.length === 0) return [];
  const order = { absorbed: 0, faded: 1, lost: 2, kept: 3 };
  const books = [...r.books].sort((a, b) => order[a.verdict] - order[b.verdict]).slice(0, PAIRS);
  const rows = books.map((book) => {
    const { parent, child, carrier, verdict, alone, beside, comers, silent } = lineOf(r, book);
    const others = comers.slice(0, 3).map(({ latent, share }) => `#${latent} ${percent(share)}`);
    return [
      parent,
      child,
      carrier === undefined ? '-' : `#${carrier}`,
      percent(alone),
      percent(beside),
      others.join(', ') || '-',
      `${verdict}${silent && verdict === 'absorbed' ? ', silent at all strengths' : ''}`,
    ];
  });
  const basis = r.books[0]?.basis === 'labels' ? 'from labels' : `at strength ${middleText(r)}`;
  return [
    '',
    `Absorption: shares of the parent's direction that its latent writes, alone and beside the child (exact, ${basis})`,
    table([['parent', 'child', 'latent', 'alone', 'beside', 'comes with the child', 'verdict'], ...rows]),
    ...(r.books.length > PAIRS ? [`... ${r.books.length} pairs; --html and --csv have all`] : []),
  ].flatMap((block) => block.split('\n'));
}

function priceLines(r: InspectResult): string[] {
  if (!r.prices || r.prices.of.length === 0) return [];
  const rows = [...r.prices.of]
    .sort((a, b) => a.change - b.change)
    .slice(0, PRICES)
    .map((p) => [
      r.labelNames[p.parent] ?? '',
      `#${p.carrier}`,
      `${percent(p.found[0])} -> ${percent(p.found[1])}`,
      short(p.error),
      short(p.penalty),
      changeText(p),
    ]);
  return [
    '',
    ...priceHead(r),
    ...table([['parent', 'latent', 'found', 'error', 'penalty', 'together'], ...rows]).split('\n'),
    ...(r.prices.of.length > PRICES ? [`... ${r.prices.of.length} parents; --html and --csv have all`] : []),
  ];
}

function priceHead({ prices, method }: InspectResult): string[] {
  const penalty = method === 'jumprelu' ? 'latents on' : 'activations x |u_i|';
  return [
    `Price of un-absorbing: changes a row on rows not fitted to, penalty = ${penalty}, together = error + ${short(prices?.coefficient ?? 0)} x penalty, ± standard error`,
  ];
}

export function middleText({ strengths }: InspectResult): string {
  const [low = 1, high = 1] = (strengths ?? []).map((text) => {
    const [num = '1', den = '1'] = text.split('/');
    return Number(num) / Number(den);
  });
  return `${(low + high) / 2}`;
}

function latentLines(r: InspectResult): string[] {
  const on = r.latents.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows || a.latent - b.latent);
  if (on.length === 0) return [];
  const kinds = (['absorbed', 'detects', 'other', 'rare', 'loses', 'never'] as const).flatMap((kind) => {
    const many = ofKind(r, kind).length;
    return many > 0 ? [`${many} ${kind}`] : [];
  });
  const labelled = r.labelNames.length > 0;
  const named = !labelled || (r.of === 'data' && r.rowNames !== undefined);
  const row = (l: LatentCard): string[] => {
    // A label that says nothing of the latent is no best one.
    const best = l.best && l.best.f1 >= WEAK ? l.best : undefined;
    const label = best ? [r.labelNames[best.label] ?? '', percent(best.found), percent(best.right)] : ['-', '-', '-'];
    return [`#${l.latent}`, l.kind, `${l.rows}`, ...(labelled ? label : []), ...(named ? [topNames(r, l, 4)] : [])];
  };
  const head = [
    'latent',
    'kind',
    'on in',
    ...(labelled ? ['best label', 'found', 'right'] : []),
    ...(named ? ['largest in'] : []),
  ];
  return [
    '',
    `Latents: ${kinds.join(', ')}. The most frequent:`,
    ...table([head, ...on.slice(0, LATENTS).map(row)]).split('\n'),
  ];
}

function neverLines(r: InspectResult): string[] {
  const never = [...ofKind(r, 'never'), ...ofKind(r, 'loses')].sort((a, b) => b.most.distance - a.most.distance);
  if (never.length === 0) return [];
  const features = r.featureNames.length > 0;
  const rows = never
    .slice(0, NEVER)
    .map(({ latent, kind, most, onset, trees }) => [
      `#${latent}`,
      kind,
      rowName(r, most.row),
      short(most.margin),
      short(most.distance),
      ...(features
        ? [onset ? `${r.featureNames[onset.feature]} at ${short(onset.strength)}` : '-', treesText(trees)]
        : []),
    ]);
  const head = [
    'latent',
    'kind',
    'nearest row',
    'margin',
    'distance',
    ...(features ? ['alone needs', 'together'] : []),
  ];
  return ['', `Never on (${never.length}), the nearest first:`, ...table([head, ...rows]).split('\n')];
}

export const treesText = (trees: number | undefined): string =>
  trees === undefined ? '' : trees < 0 ? 'not by all together' : trees === 0 ? 'on at 0' : `${trees} or more`;

function groupLines(r: InspectResult): string[] {
  const { groups, threshold } = r.groups;
  if (groups.length === 0) return [];
  const name = (i: number): string => {
    const best = r.latents[i]?.best;
    return best && best.f1 >= 0.5 ? `#${i} ${r.labelNames[best.label]}` : `#${i}`;
  };
  return [
    '',
    `Latents that come on together (${percent(threshold ?? 0)} of their rows or more): ${counted(groups.length, 'group')}`,
    ...groups.slice(0, GROUPS).map((group) => `  ${shortList(group.map(name), 8)}`),
    ...(groups.length > GROUPS ? [`  ... ${groups.length - GROUPS} more`] : []),
  ];
}
