/** The report: one HTML file. First the claims as a table of sentences with pictures; then a section for each page of docs/claims; tables, landings, how to replay. */
import type { Subject } from '../../kernel/model/subject.ts';
import { htmlOf, type Target, tableHtml } from '../../terminal/markdown.ts';
import { page } from '../../terminal/page.ts';
import { counted } from '../../words/names.ts';
import { evidenceHtml, figureHtml, html, stepsHtml } from '../explain/page.ts';
import { type ClaimOf, type Collected, type Entry, isPlain, type ReadingOf, verdictText, wordOf } from './collect.ts';
import { pictureOf } from './picture.ts';
import type { Shown } from './shown.ts';

export interface ReportParts {
  readonly collected: Collected;
  readonly shown: readonly Shown[];
  /** Text of docs/claims/NAME.md by name. */
  readonly pages: ReadonlyMap<string, string>;
  readonly glossary: string;
  /** What `dictum tables` prints of the paper's. */
  readonly tables: string;
  /** A row a study of the committed suite, the head first. */
  readonly landings: readonly (readonly string[])[];
  readonly version: string;
}

/** The picture alone, for the table: of several panels the first. */
function thumbnail(shown: Shown): string {
  const svg = pictureOf(shown.explanation)?.svg ?? '';
  const first = svg.slice(0, svg.indexOf('</svg>') + '</svg>'.length);
  return first === '' ? '' : `<div class="thumb">${first}</div>`;
}

/** In its colour. */
const wordHtml = (claim: ClaimOf, reading: ReadingOf): string =>
  `<span class="word-${claim.asks ? 'holds' : wordOf(reading)}">${html(verdictText(claim, reading))}</span>`;

function readingHtml(claim: ClaimOf, reading: ReadingOf): string {
  const [entry] = [...reading.refuted, ...reading.holding, ...reading.outside];
  return `<p>${wordHtml(claim, reading)}: ${html(reading.says)}.${entry ? ` <span class="quiet">${html(entry.reason)}</span>` : ''}</p>`;
}

function claimRow(shown: Shown): readonly string[] {
  const { claim } = shown;
  return [
    `<a href="#${claim.id}">${claim.id}</a><br>${html(claim.title)}`,
    claim.readings.map((reading) => readingHtml(claim, reading)).join(''),
    thumbnail(shown),
  ];
}

/** Links of a page of docs/claims that lead to a place of this one. */
const linkFrom =
  (pages: ReadonlyMap<string, string>): Target =>
  (link) => {
    if (/^https?:/.test(link)) return link;
    const name = /(?:^|\/)([\w-]+)\.md(?:#.*)?$/.exec(link)?.[1] ?? '';
    if (name === 'glossary') return `#${link.split('#')[1] ?? 'glossary'}`;
    if (name === 'README') return '#claims';
    return pages.has(name) && !link.startsWith('../../') ? `#page-${name}` : undefined;
  };

const certificates = (list: readonly Entry[]): string =>
  list.length === 0
    ? 'none'
    : list
        .slice(0, 4)
        .map(({ file }) => `<code>${html(file)}</code>`)
        .join(', ') + (list.length > 4 ? `, and ${list.length - 4} more` : '');

function matrixHtml({ matrix }: ClaimOf): string {
  if (matrix.length === 0) return '';
  const rows = matrix.map(({ row, outcome }) => [
    html(row.cell.readings.join(', ')),
    html(row.cell.failing === undefined ? `(${row.cell.column})` : row.cell.column),
    html(outcome),
    row.file === undefined ? '' : `<code>${html(row.file)}</code>`,
  ]);
  return `<h4>Which hypotheses carry load</h4><p>Random instances on which one hypothesis fails and all others hold: is the conclusion false somewhere?</p>${tableHtml([['reading', 'without', 'outcome', 'certificate'], ...rows])}`;
}

function claimSection(shown: Shown): string {
  const { claim, entry, explanation, evidence } = shown;
  const readings = claim.readings.map((reading) => [
    wordHtml(claim, reading),
    html(reading.says),
    certificates([...reading.refuted, ...reading.holding, ...reading.outside]),
  ]);
  const picture = pictureOf(shown.explanation);
  const [first = '', ...rest] = explanation.asked;
  const refuted = entry.verdict === 'refuted' && !claim.asks;
  return [
    `<h3 id="${claim.id}">${claim.id}: ${html(claim.title)}</h3>`,
    `<div class="cards">${tableHtml([['verdict', 'the reading says', 'certificates, the smallest first'], ...readings])}</div>`,
    `<h4>${refuted ? `The smallest counterexample${isPlain(entry) ? ', of those with two dimensions or more and no two directions on a line' : ''}` : 'An example'}</h4>`,
    `<p class="verdict ${entry.verdict}">${html(explanation.sentence)}.</p>`,
    picture ? figureHtml(picture) : '',
    `<details><summary>Step by step: <code>dictum explain certificates/${html(entry.file)}</code></summary>`,
    `<p>${html(first)}</p><ul class="lines">${rest.map((line) => `<li>${html(line)}</li>`).join('')}</ul>`,
    stepsHtml(explanation.argument, explanation.subject),
    '</details>',
    evidence ? `<h4>Looked at in other ways</h4>${evidenceHtml(evidence)}` : '',
    matrixHtml(claim),
  ].join('\n');
}

const isReal = (subject: Subject): boolean => subject.format === 'dictum/instance@1';

export function reportPage({ collected, shown, pages, glossary, tables, landings, version }: ReportParts): string {
  const target = linkFrom(pages);
  const names = [...new Set(shown.map(({ claim }) => claim.page))];
  const refuted = shown.filter(({ claim, entry }) => entry.verdict === 'refuted' && !claim.asks).length;
  const instances = new Set(
    collected.claims.flatMap(({ readings }) =>
      readings.flatMap((r) =>
        [...r.refuted, ...r.holding, ...r.outside].flatMap(({ subject }) => (isReal(subject) ? [subject.name] : [])),
      ),
    ),
  ).size;
  const sections = names.map((name) => {
    const text = pages.get(name) ?? '';
    return `<section id="page-${name}">${htmlOf(text, target, 2)}${shown
      .filter(({ claim }) => claim.page === name)
      .map(claimSection)
      .join('\n')}<p><a href="#claims">All claims</a></p></section>`;
  });
  return page({
    title: 'Dictum: what is decided',
    header: [
      '<h1>What is decided, and why</h1>',
      `<p>${counted(shown.length, 'claim')}, most of them of <em>A Unified Theory of Sparse Dictionary Learning in Mechanistic Interpretability</em> (arXiv 2512.05534), on ${counted(instances, 'instance')}. ${counted(collected.replayed, 'certificate')} were replayed for this page. In ${refuted} claims some text is refuted: the smallest instance on which it is false is drawn and explained. <em>paper</em> and <em>walkthrough</em> are the two texts, <em>ours</em> stands in neither, <em>repaired</em> is what is true.</p>`,
      '<nav aria-label="parts"><a href="#claims">Claims</a> · <a href="#tables">Tables of the paper</a> · <a href="#landings">Where training ends</a> · <a href="#glossary">Glossary</a> · <a href="#replay">Replay it</a></nav>',
    ].join(''),
    main: [
      `<section id="claims"><h2>The claims</h2><div class="cards">${tableHtml([['claim', 'verdict, reading by reading', 'smallest example'], ...shown.map(claimRow)])}</div></section>`,
      ...sections,
      `<section id="tables"><h2>The paper's tables, audited</h2><p>Which reported figures cannot be right as described; docs/paper-figures.json has the figures.</p><pre tabindex="0">${html(tables)}</pre></section>`,
      `<section id="landings"><h2>Where training ends</h2><p>Many small runs each, every end certified; the intervals are for shares of all runs, fixed in regress/suite.json, and <code>dictum regress</code> compares with them.</p>${tableHtml(landings.map((row) => row.map(html)))}</section>`,
      `<section id="glossary">${htmlOf(glossary, target, 2)}</section>`,
      [
        '<section id="replay"><h2>Replay it</h2>',
        '<pre tabindex="0">npm ci\nnpx dictum check certificates                     # the small checker alone, all of them\nnpx dictum explain certificates/FILE.json         # one of them step by step\nnpx dictum audit                                  # decide everything again\npython3 verify/dictum_check.py certificates       # the second checker, written from the documents</pre>',
        '<p>A certificate speaks of one instance. A refutation of a claim made for all instances needs no more than one; that a claim holds on ten proves nothing of the eleventh. Where a section says <em>proved in general</em>, it has the proof.</p></section>',
      ].join(''),
    ].join('\n'),
    footer: `<p>Dictum ${html(version)}. This file needs no network.</p>`,
  });
}
