/**
 * The page of `dictum inspect`: one HTML file that fetches nothing. Tables are tables, drawings have their text beside them, and without
 * scripts all of it is there: the script only opens the card that a link points at.
 */

import type { Together } from '../inspect/groups.ts';
import type { InspectResult, LatentCard } from '../inspect/request.ts';
import { largestOf } from '../solve/linear/extremes.ts';
import { counted } from '../words/names.ts';
import { escaped, groupsDrawing, heatMap, STYLE, shareBar } from './drawings.ts';
import {
  atomName,
  byParent,
  changeText,
  findings,
  lineOf,
  namesIn,
  ofKind,
  percent,
  rowName,
  rowsText,
  short,
  shortList,
  signsText,
  thousands,
  topNames,
} from './findings.ts';
import { type Head, middleText, treesText, WEAK } from './text.ts';

/** More cards make the page slow; --csv has all latents. */
const CARDS = 400;
const NEVER = 12;
/** Cards that stand open to the eye; a longer list is folded. */
const FIRST = 16;
const OPEN = 40;

export function inspectPage(r: InspectResult, head: Head): string {
  const name = head.file.split('/').slice(-2).join('/');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Latents of ${escaped(name)}</title>
<style>${STYLE}</style></head><body><main>
<h1>Latents of <code>${escaped(name)}</code></h1>
${inspectSections(r, head)}
</main><script>${SCRIPT}</script></body></html>
`;
}

/** All of the page below its heading; a link to a latent is `#l` and its number. */
export function inspectSections(r: InspectResult, head: Head): string {
  const { np, nr, nq } = r.shape;
  const cards = shownCards(r);
  return `<p class="mut">${escaped(head.from)}, ${escaped(r.method)}${r.k === undefined ? '' : ` with k = ${r.k}`}, ${thousands(nq)} latents, ${np === nr ? np : `${np} to ${nr}`} dimensions · ${escaped(rowsText(r))}${hierarchyText(r)}</p>
${tiles(r)}
<p class="mut">${escaped(signsText(r))}</p>
${section(
  'know',
  'What to know first',
  `<ol class="f">${findings(r)
    .map((text) => `<li>${lead(text)}</li>`)
    .join('')}</ol>`,
)}
${absorptionSection(r)}
${priceSection(r)}
${heatSection(r)}
${cardSection(r, cards)}
${groupSection(r)}
${neverSection(r)}
${tableSection(r, new Set(cards.map(({ latent }) => latent)))}
${section('words', 'What the words mean', WORDS)}
${notesSection(r, head)}`;
}

/** The card of one latent, whether or not the page has room for it. */
export function latentCard(r: InspectResult, latent: number): string {
  const l = r.latents[latent];
  if (!l) return '';
  const links = r.groups.links.filter(({ latents }) => latents.includes(latent));
  return `<p><strong>#${latent}</strong> ${tag(l.kind)} ${escaped(summaryOf(r, l))}</p>${card(r, l, new Map([[latent, links]]))}`;
}

const SCRIPT =
  "const show=()=>{const d=document.getElementById(location.hash.slice(1));if(d&&d.tagName==='DETAILS'){for(let e=d;e;e=e.parentElement)if(e.tagName==='DETAILS')e.open=true;d.scrollIntoView()}};addEventListener('hashchange',show);show()";

const section = (id: string, title: string, body: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}</section>`;

/** The first sentence of a finding stands out. */
function lead(text: string): string {
  const end = /^(.*?[^0-9][.:;])(\s|$)/.exec(text)?.[1] ?? text;
  return `<b>${escaped(end)}</b>${escaped(text.slice(end.length))}`;
}

function hierarchyText({ hierarchy }: InspectResult): string {
  const { pairs, from } = hierarchy;
  if (pairs.length === 0) return '';
  return ` · ${counted(pairs.length, 'pair')} of parent and child, ${from === 'found' ? "found in the labels (80% or more of the child's rows have the parent)" : 'given'}`;
}

function tiles(r: InspectResult): string {
  const absorbed = r.books.filter(({ verdict }) => verdict === 'absorbed').length;
  const silent = ofKind(r, 'never').length;
  const losing = ofKind(r, 'loses').length;
  const all: (readonly [string, string])[] = [
    ...(r.fvu === undefined ? [] : [[short(r.fvu), 'of the variance unexplained on the rows (FVU)'] as const]),
    [short(r.l0), `latents on per ${r.of === 'data' ? 'row' : 'atom'}`],
    [`${thousands(silent)} / ${thousands(r.shape.nq)}`, 'never on in these rows'],
    ...(losing > 0 ? [[thousands(losing), 'lose the competition of Top-k everywhere'] as const] : []),
    ...(r.labelNames.length > 0
      ? [
          [
            thousands(ofKind(r, 'detects').length),
            r.of === 'data' ? 'detect one label (F1 of 0.8 or more)' : 'are on at the atoms of one feature, exactly',
          ] as const,
        ]
      : []),
    ...(r.books.length > 0
      ? [[`${absorbed} / ${r.books.length}`, 'pairs where the child absorbs the parent'] as const]
      : []),
  ];
  return `<ul class="tiles">${all.map(([value, what]) => `<li><b>${value}</b><span>${what}</span></li>`).join('')}</ul>`;
}

function absorptionSection(r: InspectResult): string {
  if (r.books.length === 0) return '';
  const names = namesIn(r);
  const parents = byParent(r.books);
  const most = largestOf(parents.map((own) => own.length));
  const basis =
    r.books[0]?.basis === 'labels'
      ? 'From labels: means of rows and of activations, less those of rows without the parent.'
      : `At strength ${middleText(r)} each.`;
  const columns = Array.from({ length: most }, (_, k) => (most === 1 ? 'with the child' : `with child ${k + 1}`));
  const rows = parents.map((own) => {
    const lines = own.map((book) => lineOf(r, book));
    const [first] = lines;
    const [book] = own;
    const cells = lines.map((line) => {
      const lead = line.comers[0];
      const mark = line.verdict === 'absorbed' && lead ? `#${lead.latent}` : percent(line.beside);
      const tip = `${line.child}: #${line.carrier ?? '-'} writes ${percent(line.beside)}, latents that come with it ${percent(line.others)}`;
      return `<td data-label="${escaped(line.child)}">${shareBar([line.beside, line.others], tip)}<span class="sub">${escaped(line.child)} ${line.verdict === 'absorbed' ? `<strong>${mark}</strong>` : mark}</span></td>`;
    });
    const found = book?.found === undefined ? '' : percent(book.found);
    const verdict =
      (['absorbed', 'faded'] as const).find((worse) => lines.some((line) => line.verdict === worse)) ??
      first?.verdict ??
      'kept';
    return `<tr><th scope="row">${escaped(first?.parent ?? '')}</th><td>${first?.carrier === undefined ? 'none' : link(first.carrier)}</td><td>${tag(verdict)}</td><td>${shareBar([first?.alone ?? 0, 0], `alone ${percent(first?.alone ?? 0)}`)}<span class="sub">${percent(first?.alone ?? 0)}</span></td>${cells.join('')}${'<td></td>'.repeat(most - cells.length)}<td class="n">${found}</td></tr>`;
  });
  const unread = r.closed.map(({ parent, child, why }) => `${names[parent]} and ${names[child]}: ${why}`);
  const labelsToo = agreement(r);
  return section(
    'absorption',
    'Absorption',
    `<p class="mut">How much of the parent's strength is written, when the parent is alone and with each child: activation times the part of the decoder row along the parent, as an exact fraction. ${basis} <span class="k1">Orange</span>: the latent that carries the parent alone. <span class="k2">Blue</span>: latents that come on with the child; the number names the first of them. Bars end at 100%.</p>
<div class="wide" tabindex="0" role="region" aria-label="Table of parents and children"><table><thead><tr><th scope="col">parent</th><th scope="col">latent</th><th scope="col">verdict</th><th scope="col">alone</th>${columns.map((c) => `<th scope="col">${c}</th>`).join('')}<th scope="col" class="n">found in its rows</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>${labelsToo}${unread.length > 0 ? `<p class="mut">Not compared: ${escaped(shortList(unread, 10))}</p>` : ''}`,
  );
}

function priceSection(r: InspectResult): string {
  if (!r.prices || r.prices.of.length === 0) return '';
  const { coefficient, of } = r.prices;
  const penalty = r.method === 'jumprelu' ? 'latents on' : 'activations times |u_i|';
  const head = [
    'parent',
    'latent',
    'writes beside a child',
    'found before',
    'found after',
    'error',
    'penalty',
    'together',
  ];
  const rows = [...of]
    .sort((a, b) => a.change - b.change)
    .map((p) => {
      const numbers = [percent(p.found[0]), percent(p.found[1]), short(p.error), short(p.penalty), changeText(p)];
      const others = shortList(
        p.absorbers.map((i) => `#${i}`),
        4,
      );
      return `<tr><th scope="row">${escaped(r.labelNames[p.parent] ?? '')}</th><td>${link(p.carrier)}</td><td>${others}</td>${numbers.map((n) => `<td class="n">${n}</td>`).join('')}</tr>`;
    });
  const [fitted = 0, compared = 0] = of[0]?.rows ?? [];
  return section(
    'price',
    'What un-absorbing would cost',
    `<p class="mut">The latent of an absorbed parent aimed at it anew (least squares, threshold of the best F1), the decoder rows of it and of those that write beside the children fitted anew, all on ${thousands(fitted)} rows; the change a row on ${thousands(compared)} others, in floats. Penalty: ${penalty}. Together: error + ${short(coefficient)} × penalty, with the standard error of the paired differences. Below 0: on these rows that loss does not force the absorption. Above 0 proves nothing: only this change was tried.</p>
<div class="wide" tabindex="0" role="region" aria-label="Table of prices"><table><thead><tr>${head.map((h, k) => `<th scope="col"${k > 2 ? ' class="n"' : ''}>${h}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`,
  );
}

/** Where directions and labels both speak. */
function agreement(r: InspectResult): string {
  const { featureNames, labelNames } = r;
  const key = (names: readonly string[], p: number, c: number): string => `${names[p]} ${names[c]}`;
  const labels = new Map(r.byLabels.map((book) => [key(labelNames, book.parent, book.child), book.verdict]));
  const both = r.books.flatMap((book) => {
    const other = labels.get(key(featureNames, book.parent, book.child));
    return other === undefined ? [] : [other === book.verdict];
  });
  if (both.length === 0) return '';
  return `<p class="mut">From the rows' labels alone the verdict is the same for ${both.filter(Boolean).length} of ${counted(both.length, 'pair')}.</p>`;
}

function heatSection(r: InspectResult): string {
  const map = heatMap(r);
  if (map === undefined) return '';
  const family = r.hierarchy.pairs.length > 0;
  const what =
    r.atoms.length > 0
      ? `Columns: each ${family ? 'parent or plain feature alone, then with each child' : 'feature alone'}, at strength ${middleText(r)}. Dark: activation as a share of the latent's largest. ${family ? "A gap in a parent's row is absorption; two" : 'Two'} groups in one row, a latent for two things.${r.method === 'topk' ? '' : ' A dot: on at some strengths, off at the middle one.'}`
      : 'Columns: labels, children after their parents. Dark: the share of the rows with the label in which the latent is on.';
  return section('map', 'Which latents are on for which inputs', `<p class="mut">${what} ${map.said}</p>${map.svg}`);
}

const TAGS: Readonly<Record<string, string>> = {
  absorbed: 'bad',
  faded: 'bad',
  lost: 'bad',
  detects: 'good',
  kept: 'good',
  rare: 'dim',
  never: 'dim',
  loses: 'dim',
  other: 'plain',
};
const tag = (kind: string): string => `<span class="tag ${TAGS[kind] ?? 'plain'}">${kind}</span>`;
const link = (latent: number): string => `<a href="#l${latent}">#${latent}</a>`;

/** The most telling ones first: absorbed, then absorbing, then by rows. */
function shownCards(r: InspectResult): LatentCard[] {
  const order = (l: LatentCard): number =>
    l.absorbedIn.length > 0 ? 0 : l.absorbsIn.length > 0 ? 1 : l.rows > 0 ? 2 : 3;
  return [...r.latents]
    .sort(
      (a, b) =>
        order(a) - order(b) || b.absorbedIn.length - a.absorbedIn.length || b.rows - a.rows || a.latent - b.latent,
    )
    .slice(0, CARDS);
}

function cardSection(r: InspectResult, cards: readonly LatentCard[]): string {
  const rest =
    r.latents.length > cards.length
      ? ` ${thousands(cards.length)} of ${thousands(r.latents.length)}; --csv has all.`
      : '';
  const often = new Map(cards.map(({ latent }) => [latent, [] as Together[]]));
  for (const link of r.groups.links) for (const i of link.latents) often.get(i)?.push(link);
  const body = cards.map(
    (l, k) =>
      `<details id="l${l.latent}"${k === 0 ? ' open' : ''}><summary>#${l.latent} ${tag(l.kind)} ${escaped(summaryOf(r, l))}</summary>${card(r, l, often)}</details>`,
  );
  const more = body.slice(FIRST);
  const folded =
    more.length > 0
      ? `<details><summary>${counted(more.length, 'more latent')}</summary>${more.join('\n')}</details>`
      : '';
  return section(
    'cards',
    'Latent by latent',
    `<p class="mut">Numbers are those in the tensor: #39 is W_dec[39]. The most telling first.${rest}</p>${body.slice(0, FIRST).join('\n')}${folded}`,
  );
}

function summaryOf(r: InspectResult, l: LatentCard): string {
  const { best } = l;
  if (l.rows === 0) return `margin at most ${short(l.most.margin)}`;
  const rows = `on in ${thousands(l.rows)} ${r.of === 'data' ? 'rows' : 'atoms'}`;
  if (r.rowNames !== undefined && (best?.f1 ?? 0) < 0.5) return `${topNames(r, l, 3)}; ${rows}`;
  return best
    ? `${r.labelNames[best.label]}: found ${percent(best.found)}, right ${percent(best.right)}; ${rows}`
    : rows;
}

function card(r: InspectResult, l: LatentCard, often: ReadonlyMap<number, Together[]>): string {
  const names = namesIn(r);
  const absorbed = l.absorbedIn.flatMap((k) => {
    const book = r.books[k];
    if (!book) return [];
    const { parent, child, beside, comers } = lineOf(r, book);
    const lead = comers.slice(0, 2).map(({ latent, share }) => `#${latent} writes ${percent(share)}`);
    return [`${lead.join(', ')} of ${parent} when ${child} is there, #${l.latent} ${percent(beside)}`];
  });
  const absorbs = l.absorbsIn.flatMap((k) => {
    const book = r.books[k];
    return book ? [`${names[book.parent]} when ${names[book.child]} is there, in place of #${book.carrier}`] : [];
  });
  const { best, onset, trees, atoms } = l;
  const together = (often.get(l.latent) ?? [])
    .sort((a, b) => b.share - a.share)
    .slice(0, 6)
    .map(({ latents: [a, b], share }) => `#${a === l.latent ? b : a} ${share.toFixed(2)}`);
  const atomList = (list: readonly number[]): string =>
    shortList(
      list.map((a) => atomName(r, a)),
      12,
    );
  const entries: (readonly [string, string])[] = [
    ['on in', `${thousands(l.rows)} of ${rowsText(r)}${l.rows > 0 ? `, ${short(l.mean)} on average there` : ''}`],
    ...(best
      ? [
          [
            'best label',
            `${r.labelNames[best.label]}: found ${percent(best.found)}, right ${percent(best.right)}, F1 ${best.f1.toFixed(2)}`,
          ] as const,
        ]
      : []),
    ...(l.top.length > 0
      ? [
          [
            'largest in',
            l.top.map(({ row, activation }) => `${rowName(r, row)} ${short(activation)}`).join('; '),
          ] as const,
        ]
      : []),
    ...(l.exactly
      ? [
          [
            'detects',
            `${r.featureNames[l.exactly.feature]}: on at its atoms and at no other, ${l.exactly.everyStrength ? 'at every strength' : 'at the middle strength'}`,
          ] as const,
        ]
      : []),
    ...(atoms && atoms.always.length > 0 ? [['on at every strength', atomList(atoms.always)] as const] : []),
    ...(atoms && atoms.on.length > 0 && r.method === 'topk' ? [['on at', atomList(atoms.on)] as const] : []),
    ...(atoms && atoms.some.length > 0 ? [['on at some strengths', atomList(atoms.some)] as const] : []),
    ...(l.rows === 0 && l.most.row >= 0
      ? [
          [
            'nearest row',
            `${rowName(r, l.most.row)}, margin ${short(l.most.margin)}, distance ${short(l.most.distance)}`,
          ] as const,
        ]
      : []),
    ['closest call', `margin ${short(l.closest)}`],
    ...(onset
      ? [['wakes alone', `${r.featureNames[onset.feature]} at strength ${short(onset.strength)}`] as const]
      : []),
    ...(trees === undefined ? [] : [['features together', treesText(trees)] as const]),
    ...(absorbed.length > 0 ? [['absorbed by', absorbed.join('; ')] as const] : []),
    ...(absorbs.length > 0 ? [['writes', absorbs.join('; ')] as const] : []),
    ...(together.length > 0 ? [['often on with', together.join(', ')] as const] : []),
  ];
  return `<dl class="card">${entries.map(([term, text]) => `<div><dt>${term}</dt><dd>${escaped(text)}</dd></div>`).join('')}</dl>`;
}

function groupSection(r: InspectResult): string {
  const { groups, threshold, duplicates, near, every } = r.groups;
  const thin = every > 1 ? ` Every ${every}th row was compared.` : '';
  const same =
    duplicates.length > 0
      ? `<p>On in exactly the same rows: ${escaped(
          shortList(
            duplicates.map((own) => own.map((i) => `#${i}`).join(' = ')),
            10,
          ),
        )}.</p>`
      : '';
  const almost =
    near.length > 0
      ? `<p>More than 80% of their rows shared: ${escaped(
          shortList(
            near.map(({ latents: [a, b], share }) => `#${a} and #${b} (${percent(share)})`),
            10,
          ),
        )}.</p>`
      : '';
  if (groups.length === 0) {
    const why =
      threshold === undefined
        ? 'At every threshold nearly all latents hang together: no groups stand out.'
        : 'No two latents come on together often.';
    return section('groups', 'Latents that come on together', `<p class="mut">${why}${thin}</p>${same}${almost}`);
  }
  const alone = r.latents.filter(({ rows }) => rows > 0).length - groups.flat().length;
  const said = `An edge where two latents share at least ${percent(threshold ?? 0)} of the rows in which either is on (width: the share). The threshold is the lowest of 5, 10, 20 and 30% at which no group holds more than an eighth of the latents. ${counted(groups.length, 'group')}; ${counted(alone, 'latent')} alone.${thin}`;
  return section(
    'groups',
    'Latents that come on together',
    `<p class="mut">${said}</p>${groupsDrawing(r)}${same}${almost}`,
  );
}

function neverSection(r: InspectResult): string {
  const never = [...ofKind(r, 'never'), ...ofKind(r, 'loses')].sort((a, b) => b.most.distance - a.most.distance);
  if (never.length === 0) return '';
  const features = r.featureNames.length > 0;
  const head = [
    'latent',
    'kind',
    'nearest row',
    'margin',
    'distance',
    ...(features ? ['needs alone', `features that must come together, up to strength ${r.strengths?.[1]}`] : []),
  ];
  const rows = never.slice(0, NEVER).map(({ latent, kind, most, onset, trees }) => {
    const cells = [link(latent), tag(kind), escaped(rowName(r, most.row))];
    const numbers = [short(most.margin), short(most.distance)];
    const needs = features
      ? [
          onset
            ? escaped(`${r.featureNames[onset.feature]} at ${short(onset.strength)}`)
            : trees === 0
              ? 'nothing'
              : 'no feature points its way',
          treesText(trees),
        ]
      : [];
    return `<tr>${[...cells].map((c) => `<td>${c}</td>`).join('')}${numbers.map((c) => `<td class="n">${c}</td>`).join('')}${needs.map((c) => `<td>${c}</td>`).join('')}</tr>`;
  });
  const loses =
    ofKind(r, 'loses').length > 0
      ? ' Those that lose have a positive margin somewhere: of Top-k they are never among the largest, which is another ailment with another remedy.'
      : '';
  return section(
    'never',
    'Never on',
    `<p class="mut">In ${escaped(rowsText(r))}. Whether other rows wake them is not decided here: the table says how far they are.${loses}</p>
<div class="wide" tabindex="0" role="region" aria-label="Table of latents never on"><table><thead><tr>${head.map((h) => `<th scope="col">${h}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${never.length > NEVER ? `<p class="mut">The ${NEVER} nearest of ${never.length}.</p>` : ''}`,
  );
}

function tableSection(r: InspectResult, cards: ReadonlySet<number>): string {
  const features = r.featureNames.length > 0;
  const labels = r.labelNames.length > 0;
  const named = !labels || (r.of === 'data' && r.rowNames !== undefined);
  const all = [...r.latents].sort((a, b) => b.rows - a.rows || a.latent - b.latent).slice(0, CARDS);
  const head = [
    'latent',
    'kind',
    r.of === 'data' ? 'rows' : 'atoms',
    ...(labels ? ['best label', 'found', 'right'] : []),
    ...(named ? ['largest in'] : []),
    ...(features ? ['wakes alone at'] : []),
  ];
  const rows = all.map((l) => {
    const best = l.best && l.best.f1 >= WEAK ? l.best : undefined;
    const label = [
      `<td>${escaped(best ? (r.labelNames[best.label] ?? '') : '')}</td>`,
      `<td class="n">${best ? percent(best.found) : ''}</td>`,
      `<td class="n">${best ? percent(best.right) : ''}</td>`,
    ];
    const cells = [...(labels ? label : []), ...(named ? [`<td>${escaped(topNames(r, l, 5))}</td>`] : [])];
    return `<tr><td>${cards.has(l.latent) ? link(l.latent) : `#${l.latent}`}</td><td>${tag(l.kind)}</td><td class="n">${thousands(l.rows)}</td>${cells.join('')}${features ? `<td class="n">${l.onset ? short(l.onset.strength) : ''}</td>` : ''}</tr>`;
  });
  const rest =
    r.latents.length > all.length
      ? `<p class="mut">The ${all.length} most frequent of ${thousands(r.latents.length)}; --csv has all.</p>`
      : '';
  return section(
    'all',
    'All latents',
    `<details${all.length <= OPEN ? ' open' : ''}><summary>${counted(all.length, 'latent')}, most frequent first</summary><div class="wide" tabindex="0" role="region" aria-label="Table of all latents"><table><thead><tr>${head.map((h, k) => `<th scope="col"${k >= 2 && h !== 'best label' && h !== 'largest in' ? ' class="n"' : ''}>${h}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${rest}</details>`,
  );
}

const WORDS = `<dl class="words">
<div><dt>margin</dt><dd>e_i·x + c_i with c_i = b_enc,i − e_i·b_dec (where b_dec is subtracted) − θ_i. The latent is on if it is above 0; of Top-k also among the k largest.</dd></div>
<div><dt>found, right</dt><dd>Of the rows with the label those where the latent is on; of the rows where it is on those with the label. F1 is their harmonic mean.</dd></div>
<div><dt>atom</dt><dd>An input that the features make alone: a parent, or a parent with one child. Children never come alone, so a single child would say nothing of the model.</dd></div>
<div><dt>share</dt><dd>What a latent writes of a feature: activation times the part of its decoder row along the feature, over the feature's strength. All shares add up to the strength in the reconstruction.</dd></div>
<div><dt>absorbed</dt><dd>Beside the child the parent's latent writes less than half of what it writes of the parent alone, and latents that come on with the child write a quarter or more.</dd></div>
<div><dt>faded</dt><dd>The parent's latent writes less than half as much beside the child, and latents that come on with the child write less than a quarter: nobody takes its place.</dd></div>
<div><dt>lost</dt><dd>No latent writes a quarter of the parent even when it is alone.</dd></div>
<div><dt>never, loses, rare</dt><dd>In no row on, the margin never above 0; in no row on, though the margin is above 0 somewhere (Top-k); on in fewer than one of 1000 rows.</dd></div>
<div><dt>distance</dt><dd>How far the row would have to move to wake the latent: margin over |e_i|.</dd></div>
</dl>`;

function notesSection(r: InspectResult, { notes }: Head): string {
  const all = [...notes, ...r.notes];
  return all.length === 0
    ? ''
    : section('notes', 'How it was read', `<ul>${all.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`);
}
