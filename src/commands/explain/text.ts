/** An explanation for a terminal: short lines, steps numbered as in a proof. */
import type { Explanation } from '../../explain/explanation.ts';
import type { Step } from '../../explain/step.ts';
import { paint } from '../../terminal/paint.ts';
import { printableVerdict } from '../../terminal/printable.ts';
import type { Look } from './evidence/look.ts';
import type { PaperWords } from './paper.ts';

const WIDTH = 100;
/** No line ends beside an equals sign, or within <e_1, w_2>. */
const BREAK = /(?<! [=<>≈]=?|<[\w()]+,) (?![=<>≈]=? )/;

/** The words, in lines that begin with `first`, and then with as many spaces. */
export function wrapped(words: string, first: string, width: number = WIDTH): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of printableVerdict(words).split(BREAK)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** Lines of a step keep the indent that they come with. */
const itemised = (line: string, indent: string): string[] => {
  const deep = line.length - line.trimStart().length;
  return wrapped(line.trimStart(), `${indent}${' '.repeat(deep)}- `);
};

function stepLines({ says, lines, steps }: Step, number: string, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const own = wrapped(says, `${indent}${number} `);
  const below = `${indent}${' '.repeat(number.length + 1)}`;
  return [
    ...own,
    ...lines.flatMap((line) => itemised(line, below)),
    ...steps.flatMap((step, k) => stepLines(step, `${number.replace(/\.$/, '')}.${k + 1}`, depth + 1)),
  ];
}

/** A line a look; below it what was asked. */
function evidenceLines(evidence: readonly Look[]): string[] {
  return evidence.flatMap(({ look, outcome, says, lines }) => [
    ...wrapped(`${look.padEnd(19)}  ${outcome === says.slice(0, outcome.length) ? says : `${outcome}: ${says}`}`, '  '),
    ...(look === 'exact' ? [] : lines.flatMap((line) => itemised(line, '      '))),
  ]);
}

export function explanationText(
  { about, asked, symbols, sentence, argument }: Explanation,
  file: string,
  paper: PaperWords | undefined,
  evidence: readonly Look[] = [],
): string {
  const head = (words: string): string => paint('bold', words);
  const [first = '', ...rest] = asked;
  return [
    ...(about ? [head(`${about.claim}: ${about.title}`)] : []),
    ...(paper ? ['', head(paper.heading), ...wrapped(`${paper.words} [${paper.page}]`, '  ')] : []),
    ...(about ? ['', head(`Its reading "${about.reading}"`), ...wrapped(`${about.says}.`, '  ')] : []),
    '',
    head('What was asked'),
    ...wrapped(first, '  '),
    ...rest.flatMap((line) => wrapped(line, '    ')),
    '',
    head('Verdict'),
    ...wrapped(`${sentence}.`, '  '),
    '',
    head('Why, step by step'),
    ...argument.flatMap((step, k) => stepLines(step, `${k + 1}.`, 1)),
    ...(about && about.assumes.length > 0
      ? [
          '',
          head('Taken for granted beyond the arithmetic'),
          ...about.assumes.flatMap((line) => wrapped(`${line}.`, '  ')),
        ]
      : []),
    ...(symbols.length > 0 ? ['', head('Symbols')] : []),
    ...symbols.flatMap(({ symbol, says }) => wrapped(says, `  ${symbol.padEnd(11)} `)),
    ...(evidence.length > 0 ? ['', head('Looked at in other ways'), ...evidenceLines(evidence)] : []),
    '',
    'Every step was replayed just now. All exact numbers are in the file; this replays it with the small checker alone:',
    `  dictum check ${printableVerdict(file)}`,
    '',
  ].join('\n');
}
