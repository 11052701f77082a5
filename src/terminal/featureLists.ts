/**
 * Features named on a command line: `1,2;3`, `king,queen;"Paris, France"`. Digits are a feature's number, counted from 1; any
 * other word is a label, and so is whatever stands in double quotes (with JSON's escapes).
 */
import type { Feature, Pattern } from '../kernel/model/instance.ts';
import { labelText } from '../words/names.ts';
import { closest } from './closest.ts';
import { fail } from './problem.ts';

export interface Name {
  readonly text: string;
  readonly quoted: boolean;
}

/** Lists separated by `;`, names separated by `,`; white space around names does not count. An empty list is allowed. */
export function readLists(text: string, option: string): readonly (readonly Name[])[] {
  const token = /\s*(?:("(?:[^"\\]|\\.)*")|([^",;]*?))\s*(,|;|$)/y;
  const lists: Name[][] = [[]];
  for (;;) {
    const at = token.lastIndex;
    const [, quoted, bare = '', separator = ''] =
      token.exec(text) ?? fail('bad-pattern', { file: option }, 'names separated by "," and ";"', text.slice(at));
    const list = lists.at(-1) ?? [];
    if (quoted !== undefined) list.push({ text: unquoted(quoted, option), quoted: true });
    else if (bare !== '') list.push({ text: bare, quoted: false });
    else if (separator === ',' || list.length > 0) {
      fail('bad-pattern', { file: option }, 'a name on both sides of ","', JSON.stringify(text));
    }
    if (separator === '') return lists;
    if (separator === ';') lists.push([]);
  }
}

function unquoted(text: string, option: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return fail('bad-pattern', { file: option }, 'a quoted name with the escapes of JSON', text);
  }
}

/** The pattern that an option's text says: one set of features per neuron. */
export function readPattern(text: string, features: readonly Pick<Feature, 'label'>[], option: string): Pattern {
  const numbers = new Map(features.map(({ label }, d) => [label, d]));
  const find = (name: Name): number => {
    const labelled = numbers.get(name.text);
    if (name.quoted || !/^[0-9]+$/.test(name.text)) {
      return labelled ?? unknown(`a label, as ${examples(features)}`, name, option, numbers.keys());
    }
    const d = Number(name.text) - 1;
    if (labelled !== undefined && labelled !== d) {
      fail(
        'ambiguous-feature',
        { file: option },
        'a number or a label',
        `${name.text}, label of number ${labelled + 1}`,
      );
    }
    return d >= 0 && d < features.length
      ? d
      : unknown(`a number from 1 to ${features.length}, or a label`, name, option, []);
  };
  return readLists(text, option).map((list) => {
    const set = list.map(find).sort((a, b) => a - b);
    const twice = set.find((d, k) => d === set[k + 1]);
    if (twice !== undefined) fail('bad-pattern', { file: option }, 'each feature once in a set', `${twice + 1} twice`);
    return set;
  });
}

const unknown = (expected: string, name: Name, option: string, labels: Iterable<string>): never =>
  fail('unknown-feature', { file: option }, expected, JSON.stringify(name.text), didYouMean(name.text, labels));

/** Of a label that is none; undefined where nothing is near. */
export function didYouMean(text: string, labels: Iterable<string>): string | undefined {
  const near = closest(text, labels);
  return near === undefined ? undefined : `Did you mean ${labelText(near)}?`;
}

const examples = (features: readonly Pick<Feature, 'label'>[]): string =>
  features
    .slice(0, 3)
    .map(({ label }) => JSON.stringify(label))
    .join(', ');
