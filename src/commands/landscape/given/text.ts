/** What `dictum landscape --given` prints of a configuration: each component with what was proved of it, and what was not. */
import type { Instance } from '../../../kernel/model/instance.ts';
import { numbered } from '../../../kernel/proof/fact.ts';
import { paint } from '../../../terminal/paint.ts';
import { printable } from '../../../terminal/printable.ts';
import { LANDING_CLASSES } from '../../../words/landing.ts';
import { counted, setText } from '../../../words/names.ts';
import { enclosure, equation, numberText, rootText } from '../../../words/number.ts';
import { type Answer, isAnswered, KINDS, type Kind } from './answers.ts';
import type { Given, Told } from './given.ts';

const MOST_LISTED = 12;

/** `#3`, `#4, #10`, `#0, #1, ... (96)`: rows of "we", from 0 as in a tensor. */
function neuronsText(neurons: readonly number[]): string {
  const names = neurons.slice(0, MOST_LISTED).map((i) => `#${i}`);
  return [...names, ...(neurons.length > MOST_LISTED ? [`... (${neurons.length})`] : [])].join(', ');
}

/** One answer, of a component by itself or of the whole. */
export function answerText({ kind, class: word, loss = ['', ''], apart = '' }: Answer, neurons: number): string {
  switch (kind) {
    case 'least':
      return `no configuration of ${counted(neurons, 'neuron')} has less L~ than this one: a global minimum`;
    case 'minimum':
      return 'this configuration is a local minimum of L~';
    case 'path-to-zero':
      return 'a path along which L~ never rises leads from here to L~ = 0';
    case 'near': {
      const found = word === 'zero-loss' ? '' : `, ${enclosure('L~', loss)}`;
      return `a point near, within ${numberText(apart)} in each coordinate, is ${LANDING_CLASSES[word ?? 'saddle']}${found}`;
    }
    case 'saddle':
      return 'a saddle: both gradients are 0, and on a curve from here L~ falls';
    case 'path-to-less':
      return `a path along which L~ never rises leads from here to ${equation('L~', loss[0])}`;
    case 'no-minimum':
      return 'no local minimum: on a curve from here L~ falls';
    case 'bound':
      return `no configuration of ${counted(neurons, 'neuron')} has less than ${equation('L~', loss[0])}`;
  }
}

const COUNTED: Readonly<Record<Kind, string>> = {
  least: 'at a global minimum',
  minimum: 'at a local minimum',
  'path-to-zero': 'with a path to L~ = 0',
  near: 'with a critical point near',
  saddle: 'at a saddle',
  'path-to-less': 'with a path to less',
  'no-minimum': 'at no local minimum',
  bound: '',
};

export function givenText(m: Instance, { whole, told, dead, uncovered }: Given): string {
  const parts = told.filter(({ part }) => part !== whole);
  // Of the whole only what was found is said.
  const blocks = told
    .filter((one) => one.part !== whole || isAnswered(one))
    .map((one) => block(m, one, one.part === whole));
  const answered = parts.filter(isAnswered);
  const kinds = KINDS.filter((kind) => COUNTED[kind] !== '').flatMap((kind) => {
    const count = parts.filter(({ answers }) => answers.some((answer) => answer.kind === kind)).length;
    return count > 0 ? [`${count} ${COUNTED[kind]}`] : [];
  });
  const lone = [
    ...(dead.length > 0 ? [`dead: ${neuronsText(dead)}`] : []),
    ...(uncovered.length > 0 ? [`no neuron is active on ${setText(m.features, numbered(uncovered))}`] : []),
  ];
  return [
    `the weights given, ${counted(m.neurons, 'neuron')}: rows of "we" are #0, #1, ...${whole ? '; each component by itself, without the others' : ''}`,
    ...blocks,
    ...lone.map(printable),
    '',
    `${counted(parts.length, 'component')}, ${answered.length} answered${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}`,
    '',
  ].join('\n');
}

function block(m: Instance, { part, answers, open, loss, gradient, files }: Told, whole: boolean): string {
  const who = whole
    ? `all ${counted(part.neurons.length, 'neuron')}, on all ${counted(part.features.length, 'feature')}`
    : `${neuronsText(part.neurons)} on ${printable(setText(m.features, numbered(part.features)))}`;
  const here = loss === undefined ? '' : `: ${equation('L~', loss)}, |grad L~| ${gradientText(gradient ?? '0')}`;
  const bare = answers.every(({ kind }) => kind === 'bound');
  return [
    `${paint('bold', who)}${here}`,
    ...answers.map(
      (answer, k) => `  ${answerText(answer, part.neurons.length)}${files[k] === undefined ? '' : ` (${files[k]})`}`,
    ),
    ...(bare ? [`  undecided: ${printable(open.join('; '))}`] : []),
  ].join('\n');
}

const gradientText = (square: string): string =>
  square === '0' ? '= 0' : `${rootText(square)}`.replace(/^(?!≈)/, '= ').replace(/^≈/, '≈ ');

/** Plain values for `--json`. Neurons from 0, as rows of "we"; features from 1. */
export function givenDocument({ whole, told, dead, uncovered }: Given): object {
  const one = ({ part, answers, open, loss, gradient, files }: Told): object => ({
    neurons: part.neurons,
    features: numbered(part.features),
    ...(loss !== undefined && { loss, gradient }),
    answers: answers.map(({ certificate: _, ...answer }, k) => ({ ...answer, ...(files[k] && { file: files[k] }) })),
    open,
  });
  const first = told.find(({ part }) => part === whole);
  return {
    ...(first && { whole: one(first) }),
    components: told.filter(({ part }) => part !== whole).map(one),
    dead,
    uncovered: numbered(uncovered),
  };
}
