/** What a result says in sentences, each no stronger than what was found: text and page print the same ones. */

import type { Book } from '../inspect/book.ts';
import type { InspectResult, LatentCard, Price } from '../inspect/request.ts';
import { largestOf, smallestOf } from '../solve/linear/extremes.ts';
import { double } from '../train/checkpoint/double.ts';
import { counted } from '../words/names.ts';

export const percent = (share: number): string => `${Math.round(100 * share)}%`;
export const short = (x: number): string =>
  x === 0 ? '0' : Math.abs(x) >= 0.001 && Math.abs(x) < 1e6 ? `${Number(x.toPrecision(3))}` : x.toExponential(1);
export const thousands = (x: number): string => `${x}`.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Names of what books are about. */
export const namesIn = ({ books, featureNames, labelNames }: InspectResult): readonly string[] =>
  books[0]?.basis === 'labels' || featureNames.length === 0 ? labelNames : featureNames;

export const atomName = (r: InspectResult, a: number): string => {
  const { root, child } = r.atoms[a] ?? { root: 0 };
  const of = (f: number): string => r.featureNames[f] ?? `${f}`;
  return child === undefined ? of(root) : `${of(root)}+${of(child)}`;
};

/** A row by its name, its atom or its number; with a few of its labels. */
export function rowName(r: InspectResult, row: number): string {
  if (r.of === 'atoms') return atomName(r, row);
  const labels = r.labelsOf(row).map((j) => r.labelNames[j] ?? '');
  const some = labels.length > 4 ? [...labels.slice(0, 4), '...'] : labels;
  const name = r.rowNames?.[row] ?? `row ${row}`;
  return some.length > 0 ? `${name} (${some.join(', ')})` : name;
}

/** The rows of its largest activations, by name alone. */
export const topNames = (r: InspectResult, { top }: LatentCard, most: number): string =>
  top
    .slice(0, most)
    .map(({ row }) => (r.of === 'atoms' ? atomName(r, row) : (r.rowNames?.[row] ?? `row ${row}`)))
    .join(', ');

/** Of one pair what was written by whom. */
export interface Line {
  readonly parent: string;
  readonly child: string;
  readonly carrier: number | undefined;
  readonly verdict: Book['verdict'];
  readonly alone: number;
  readonly beside: number;
  readonly comers: readonly { readonly latent: number; readonly share: number }[];
  readonly others: number;
  readonly silent: boolean;
}

export function lineOf(r: InspectResult, book: Book): Line {
  const names = namesIn(r);
  return {
    parent: names[book.parent] ?? '',
    child: names[book.child] ?? '',
    carrier: book.carrier,
    verdict: book.verdict,
    alone: double(book.alone),
    beside: double(book.beside),
    comers: book.shares.filter(({ comes }) => comes).map(({ latent, beside }) => ({ latent, share: double(beside) })),
    others: double(book.others),
    silent: book.silent === true,
  };
}

/** Those with the same parent, in the order of the first pair of each. */
export function byParent(books: readonly Book[]): Book[][] {
  const all = new Map<number, Book[]>();
  for (const book of books) {
    const own = all.get(book.parent);
    if (own) own.push(book);
    else all.set(book.parent, [book]);
  }
  return [...all.values()];
}

export const ofKind = (r: InspectResult, kind: LatentCard['kind']): LatentCard[] =>
  r.latents.filter((l) => l.kind === kind);

/** What the rows are, as in `in these 10,000 rows`. */
export const rowsText = (r: InspectResult): string =>
  r.of === 'data' ? `${thousands(r.rows)} rows` : `${counted(r.rows, 'atom')} of the features`;

export function signsText({ signs }: InspectResult): string {
  const { decided, exact, near, compared, smallest, ties } = signs;
  const rest =
    exact === 0
      ? 'each float64 product is further from 0 than its error bound'
      : `${thousands(decided - exact)} by float64 products further from 0 than their error bound, ${thousands(exact)} in integers`;
  const smallestText = Number.isFinite(smallest) && smallest > 0 ? ` (margin nearest to 0: ${short(smallest)})` : '';
  const lines = [`All ${thousands(decided)} signs are those of exact arithmetic: ${rest}${smallestText}.`];
  if (near > 0) lines.push(`${thousands(near)} are so near 0 that 32-bit arithmetic may see the other side.`);
  if (compared > 0) lines.push(`Top-k: ${thousands(compared)} values were compared as fractions.`);
  if (ties.length > 0) {
    const [first] = ties;
    lines.push(
      `In ${counted(ties.length, 'row')} latents share the last place of Top-k exactly (row ${first?.row}: ${first?.latents
        .slice(0, 4)
        .map((i) => `#${i}`)
        .join(', ')}): which is on there depends on the program; here it is the first.`,
    );
  }
  return lines.join(' ');
}

/** The three to six things to know first. */
export function findings(r: InspectResult): string[] {
  return [...absorptionFindings(r), ...priceFindings(r), ...labelFindings(r), ...neverFindings(r), ...sameFindings(r)];
}

function absorptionFindings(r: InspectResult): string[] {
  const { books, closed } = r;
  const names = namesIn(r);
  const unread =
    closed.length > 0
      ? [
          `${counted(closed.length, 'pair')} cannot be compared: ${names[closed[0]?.parent ?? 0]} and ${names[closed[0]?.child ?? 0]}, ${closed[0]?.why}.`,
        ]
      : [];
  if (books.length === 0) return unread;
  const parents = byParent(books);
  const absorbed = books.filter(({ verdict }) => verdict === 'absorbed');
  const lost = parents.filter(([book]) => book?.verdict === 'lost');
  const said: string[] = [];
  if (absorbed.length === 0) {
    said.push(
      `No parent is absorbed by a child, in ${counted(books.length, 'pair')}${lost.length > 0 ? ' (those whose parent no latent carries are none of them)' : ''}.`,
    );
  } else {
    const hit = parents.filter((own) => own.some(({ verdict }) => verdict === 'absorbed'));
    const worst = [...hit].sort((a, b) => worstness(b) - worstness(a))[0] ?? [];
    const [first] = worst;
    const takers = [
      ...new Set(
        worst.flatMap((book) => (book.verdict === 'absorbed' ? (lineOf(r, book).comers[0]?.latent ?? []) : [])),
      ),
    ];
    const found =
      first?.found === undefined || r.of === 'atoms'
        ? ''
        : `latent #${first.carrier} is on in ${percent(first.found)} of the rows that have it; `;
    said.push(
      `${hit.length} of ${counted(parents.length, 'parent')} ${hit.length === 1 ? 'is' : 'are'} absorbed by a child or more, in ${absorbed.length} of ${counted(books.length, 'pair')}: beside the child their latent writes less than half of what it writes of the parent alone, and latents that come with the child write a quarter or more. Worst: ${names[first?.parent ?? 0]}: ${found}beside its children ${takers
        .slice(0, 5)
        .map((i) => `#${i}`)
        .join(', ')} ${takers.length === 1 ? 'writes' : 'write'} its direction in place of #${first?.carrier}.`,
    );
  }
  const faded = books.filter(({ verdict }) => verdict === 'faded');
  if (faded.length > 0) {
    const pairs = faded.map(({ parent, child }) => `${names[parent]} beside ${names[child]}`);
    said.push(
      `In ${counted(faded.length, 'pair')} the parent's latent falls below half, and no latents that come with the child write a quarter: ${shortList(pairs)}.`,
    );
  }
  if (lost.length > 0) {
    said.push(
      `${counted(lost.length, 'parent')} ${lost.length === 1 ? 'is' : 'are'} carried by no latent, also alone: none writes a quarter of ${shortList(lost.map(([book]) => names[book?.parent ?? 0] ?? ''))}.`,
    );
  }
  return [...said, ...unread];
}

/** Signed, with its standard error. */
export const changeText = ({ change, deviation }: Price): string =>
  `${change > 0 ? '+' : ''}${short(change)} ± ${short(deviation)}`;

function priceFindings(r: InspectResult): string[] {
  if (!r.prices || r.prices.of.length === 0) return [];
  const { coefficient, of } = r.prices;
  const clear = of.filter(({ change, deviation }) => change < -2 * deviation);
  const slight = of.filter(({ change }) => change < 0).length - clear.length;
  const what = `error + ${short(coefficient)} x ${r.method === 'jumprelu' ? 'latents on' : 'activations'}`;
  const list = shortList(clear.map((price) => `${r.labelNames[price.parent]} ${changeText(price)}`));
  const all = counted(of.length, 'absorbed parent');
  const tried = `With the latent aimed at its parent anew and decoder rows fitted anew, ${what} a row, in floats, is lower by more than two standard errors for`;
  const less = slight > 0 ? ` For ${clear.length > 0 ? `${slight} more` : slight} it is lower by less than that.` : '';
  const nothing = ' proves nothing: only this change was tried.';
  if (clear.length === 0) return [`${tried} none of ${all} priced.${less} That${nothing}`];
  const others = clear.length + slight < of.length ? ` Where it is not lower, that${nothing}` : '';
  return [
    `${tried} ${clear.length} of ${all} priced (${list}): on these rows that loss does not force absorption there.${less}${others}`,
  ];
}

const worstness = (books: readonly Book[]): number =>
  books.filter(({ verdict }) => verdict === 'absorbed').length + 1 - (books[0]?.found ?? 1);

function labelFindings(r: InspectResult): string[] {
  if (r.labels.length === 0 || r.of === 'atoms') return [];
  const weak = r.labels.filter(({ rows, best }) => rows > 0 && (best?.f1 ?? 0) < 0.8);
  const all = r.labels.filter(({ rows }) => rows > 0).length;
  return weak.length === 0
    ? [`Each of ${counted(all, 'label')} has a latent with an F1 of 0.8 or more.`]
    : [
        `${weak.length} of ${counted(all, 'label')} have no latent with an F1 of 0.8 or more: ${shortList(weak.map(({ label }) => r.labelNames[label] ?? ''))}.`,
      ];
}

function neverFindings(r: InspectResult): string[] {
  const said: string[] = [];
  const never = ofKind(r, 'never');
  const loses = ofKind(r, 'loses');
  if (never.length > 0) {
    const onsets = never.flatMap(({ onset }) => (onset && Number.isFinite(onset.strength) ? [onset.strength] : []));
    const most = r.strengths?.[1];
    const need = never.filter(({ trees }) => trees !== undefined && (trees < 0 || trees >= 2)).length;
    const alone =
      onsets.length > 0
        ? ` A single feature would need strength ${short(smallestOf(onsets))} to ${short(largestOf(onsets))} to wake one, where strengths go up to ${most}.`
        : '';
    const together =
      need > 0
        ? ` ${need === never.length ? (need === 1 ? 'It is' : 'All of them are') : `${need} of them are`} silent as long as fewer than two features (each with at most one child) are there, at any of these strengths.`
        : '';
    said.push(
      `${counted(never.length, 'latent')} ${never.length === 1 ? 'is' : 'are'} never on in ${rowsText(r)}; that other rows wake none is not proved.${together}${alone}`,
    );
  }
  if (loses.length > 0) {
    said.push(
      `${counted(loses.length, 'latent')} ${loses.length === 1 ? 'has' : 'have'} a positive margin somewhere and ${loses.length === 1 ? 'is' : 'are'} never among the ${r.k} largest: ${loses.length === 1 ? 'it loses the competition' : 'they lose the competition'}.`,
    );
  }
  return said;
}

function sameFindings({ groups }: InspectResult): string[] {
  const { duplicates, near, threshold, every } = groups;
  const thin = every > 1 ? ` (every ${every}th row was compared)` : '';
  return [
    ...(duplicates.length > 0
      ? [
          `${counted(duplicates.length, 'set')} of latents are on in exactly the same rows: ${shortList(
            duplicates.map((own) =>
              own
                .slice(0, 5)
                .map((i) => `#${i}`)
                .join(' = '),
            ),
          )}.`,
        ]
      : []),
    ...(near.length > 0 && duplicates.length === 0
      ? [
          `${counted(near.length, 'pair')} of latents share more than 80% of their rows: ${shortList(near.map(({ latents: [a, b] }) => `#${a} and #${b}`))}${thin}.`,
        ]
      : []),
    ...(threshold === undefined ? [`No groups stand out: nearly all latents come on together${thin}.`] : []),
  ];
}

export const shortList = (names: readonly string[], most = 6): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
