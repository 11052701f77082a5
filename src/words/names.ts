/** Features by their labels. Control characters in them are left to whoever prints. */

import type { Feature, Instance } from '../kernel/model/instance.ts';
import type { Sets } from '../kernel/proof/fact.ts';

export type Labelled = readonly Pick<Feature, 'label'>[];

/** What of an instance the words need. */
export type Named = Pick<Instance, 'features' | 'activation' | 'lifted'> & {
  /** Figures of tables that are compared: `84.7 - 86.1`. */
  readonly figures?: string;
};

const LONGEST_SET = 12;
const LONGEST_LABEL = 40;

/** Letters of formulas, by their names. */
const LETTERS = /^(?:lambda|sigma|theta|rho|mu|phi|tau|delta|eps|Omega)$/;

/** A label for running text: bare where it is a word, quoted where it could be taken for something else. */
export const labelText = (label: string): string =>
  /^\p{L}[\p{L}\p{N}_-]*$/u.test(label) && !LETTERS.test(label) ? label : JSON.stringify(label);

/** Of a trained model: `#39`, its place in the tensor. */
export const latentText = (name: string): string => (/^#\d+$/.test(name) ? name : labelText(name));

const cut = (text: string): string => (text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL)}...` : text);

/** Of feature `number`, counted from 1: its label, or the number where that is the label, or there is none. */
export function nameText(features: Labelled, number: number): string {
  const label = features[number - 1]?.label;
  return label === undefined || label === `${number}` ? `${number}` : cut(labelText(label));
}

/** `feature 3`, or its label. */
export function featureText(features: Labelled, number: number): string {
  const name = nameText(features, number);
  return name === `${number}` ? `feature ${name}` : name;
}

/** `w_3`; `w(dog)` where the feature has a label. */
export function symbolText(letter: string, features: Labelled, number: number): string {
  const name = nameText(features, number);
  return name === `${number}` ? `${letter}_${number}` : `${letter}(${name})`;
}

/** `{1,2}`, `{dog, cat}` */
export function setText(features: Labelled, set: readonly number[]): string {
  const names = set.slice(0, LONGEST_SET).map((d) => nameText(features, d));
  const more = set.length > LONGEST_SET ? [`... ${set.length} features`] : [];
  const numbersOnly = names.every((name, k) => name === `${set[k]}`) && more.length === 0;
  return `{${[...names, ...more].join(numbersOnly ? ',' : ', ')}}`;
}

/** `({1,2},{})`, `({dog, cat},{})` */
export const patternText = (features: Labelled, pattern: Sets): string =>
  `(${pattern.map((set) => setText(features, set)).join(',')})`;

/** `1 set`, `6 sets` */
export const counted = (count: number | string, what: string): string =>
  `${count} ${what}${`${count}` === '1' ? '' : 's'}`;
