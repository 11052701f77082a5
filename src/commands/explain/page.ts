/** An explanation as one HTML file, with pictures. */
import { type Drawing, drawing, instanceDrawing } from '../../explain/drawing.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Step } from '../../explain/step.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import { escapeHtml, tableHtml } from '../../terminal/markdown.ts';
import { page } from '../../terminal/page.ts';
import { visible } from '../../terminal/printable.ts';
import type { Look } from './evidence/look.ts';
import type { PaperWords } from './paper.ts';

/** What a file says goes onto the page as text; what could turn its direction is spelt out. */
export const html = (text: string): string => escapeHtml(visible(text));

export const figureHtml = ({ svg, caption }: Drawing): string =>
  `<figure><div class="drawn">${visible(svg)}</div><figcaption>${html(caption)}</figcaption></figure>`;

function lineHtml(line: string): string {
  const deep = line.startsWith('    ') ? ' class="deeper"' : line.startsWith('  ') ? ' class="deep"' : '';
  return `<li${deep}>${html(line.trimStart())}</li>`;
}

function stepHtml({ says, lines, steps, figure }: Step, subject: Subject): string {
  const drawn = figure && subject.format === 'dictum/instance@1' ? drawing(subject, figure) : undefined;
  return [
    `<li>${html(says)}`,
    lines.length > 0 ? `<ul class="lines">${lines.map(lineHtml).join('')}</ul>` : '',
    drawn ? figureHtml(drawn) : '',
    steps.length > 0 ? stepsHtml(steps, subject) : '',
    '</li>',
  ].join('');
}

export const stepsHtml = (steps: readonly Step[], subject: Subject): string =>
  `<ol class="steps">${steps.map((step) => stepHtml(step, subject)).join('')}</ol>`;

/** Where the instance is in the plane, a picture of it. */
export function subjectHtml(subject: Subject): string {
  const drawn = subject.format === 'dictum/instance@1' ? instanceDrawing(subject) : undefined;
  return drawn ? figureHtml(drawn) : '';
}

/** Only the first look decides. */
export function evidenceHtml(evidence: readonly Look[]): string {
  const rows = evidence.map(({ look, outcome, says, lines }) => [
    html(look),
    html(outcome),
    `${html(says)}${look === 'exact' ? '' : `<ul class="lines">${lines.map(lineHtml).join('')}</ul>`}`,
  ]);
  return `${tableHtml([['look', 'outcome', 'what it says'], ...rows])}<p class="quiet">Only the first decides; the others are floats and samples.</p>`;
}

const symbolsHtml = (symbols: Explanation['symbols']): string =>
  `<details><summary>What the symbols mean</summary><dl class="symbols">${symbols
    .map(({ symbol, says }) => `<dt>${html(symbol)}</dt><dd>${html(says)}</dd>`)
    .join('')}</dl></details>`;

export function explanationPage(
  of: Explanation,
  file: string,
  paper: PaperWords | undefined,
  evidence: readonly Look[] | undefined,
): string {
  const { about, asked, symbols, sentence, argument, subject, id } = of;
  const title = about ? `${about.claim}: ${about.title}` : 'Where a training run ended';
  const [first = '', ...rest] = asked;
  return page({
    title: `${title}: ${of.instance}`,
    header: `<p class="quiet">Dictum: a certificate, explained</p><h1>${html(title)}</h1>`,
    main: [
      `<p class="verdict ${about?.verdict ?? ''}">${html(sentence)}.</p>`,
      paper
        ? `<h2>${html(paper.heading)}</h2><p>${html(paper.words)} <span class="quiet">(${html(paper.page)})</span></p>`
        : '',
      about ? `<h2>Its reading “${about.reading}”</h2><p>${html(about.says)}.</p>` : '',
      `<h2>What was asked</h2><p>${html(first)}</p><ul class="lines">${rest.map(lineHtml).join('')}</ul>`,
      symbolsHtml(symbols),
      subjectHtml(subject),
      `<h2>Why, step by step</h2>${stepsHtml(argument, subject)}`,
      about && about.assumes.length > 0
        ? `<h2>Taken for granted beyond the arithmetic</h2><ul>${about.assumes.map(lineHtml).join('')}</ul>`
        : '',
      evidence ? `<h2>Looked at in other ways</h2>${evidenceHtml(evidence)}` : '',
    ]
      .filter((part) => part !== '')
      .join('\n'),
    footer: `<p>Every step was replayed when this page was written. Replay it: <code>dictum check ${html(file)}</code>. What a word means: <code>dictum explain --word pattern</code>. Certificate ${id}.</p>`,
  });
}
