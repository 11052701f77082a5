/** What an explanation is made of, and how numbers and vectors stand in it. */

import type { Node } from '../kernel/document/node.ts';
import type { Configuration, Instance, Pattern } from '../kernel/model/instance.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { type Element, enclosures, type Interval, type Root, signAt } from '../kernel/numbers/algebraic.ts';
import { Rational, sum } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import type { Judged } from '../kernel/proof/fact.ts';
import { entriesOf } from '../kernel/proof/fact.ts';
import type { Context, Goal, Judgement } from '../kernel/proof/goal.ts';
import { type Labelled, symbolText } from '../words/names.ts';
import { boundsText, enclosure, equation, numberText, rowText } from '../words/number.ts';
import type { Weighted } from '../words/parts.ts';

/** One step of an argument: what it establishes, by what numbers, and of which steps it is made. */
export interface Step {
  readonly says: string;
  /** The rule of the checker that it is an application of; none where computing settles it. */
  readonly rule?: string;
  /** Where its proof stands in the certificate, `$.witness.conclusion[0]`: what a rejection begins with that speaks of it. */
  readonly path?: string;
  readonly lines: readonly string[];
  readonly steps: readonly Step[];
  readonly figure?: Figure;
  /** Of a judgement, what was established; and what other looks at the same thing start from. */
  readonly fact?: Judged;
  readonly seen?: Seen;
}

/** In doubles: good for looking, and nothing is decided by it. */
export interface Seen {
  /** The configuration that the step is about, and which features each neuron is active on there. */
  readonly point?: { readonly we: Rows; readonly wd: Rows; readonly sets: Pattern };
  /** From a saddle: the neuron, from 0, whose row moves along v, its column along u or with the best one. */
  readonly down?: { readonly neuron: number; readonly v: readonly number[]; readonly u?: readonly number[] };
  /** Rows that are excluded, each of a neuron. */
  readonly candidates?: readonly { readonly neuron: number; readonly row: readonly number[] }[];
}
export type Rows = readonly (readonly number[])[];

/** What a drawing shows: rows with the features each should be active on; or a sum of directions that comes back to 0. */
export type Figure =
  | { readonly kind: 'rows'; readonly rows: readonly DrawnRow[] }
  | { readonly kind: 'chain'; readonly terms: readonly { readonly feature: number; readonly weight: number }[] };

export interface DrawnRow {
  readonly title: string;
  /** Coordinates, for a picture alone. */
  readonly row: readonly number[];
  /** Counted from 0; what the row should be above the threshold on. */
  readonly set: readonly number[];
}

/** A judgement with the proof that was accepted for it. */
export interface Argument<J extends Judgement = Judgement> {
  readonly judgement: J;
  readonly node: Node;
  readonly m: Instance;
  readonly fact: Judged;
  /** The steps of a proof within this one. */
  readonly steps: (
    goal: Goal,
    proof: Node,
    other?: Partial<Pick<Context<Subject>, 'instance' | 'rules'>>,
  ) => readonly Step[];
}

export type Lines = Pick<Step, 'lines'> & Partial<Pick<Step, 'steps' | 'figure' | 'seen'>>;
/** The words of a rule. */
export type Words = (at: Argument) => Lines;

export const lines = (...all: readonly (string | readonly string[])[]): Lines => ({ lines: all.flat() });

/** The judgement as one of this predicate: the rule proves no other. */
export const judged = <P extends Judgement['predicate']>(
  judgement: Judgement,
  ...predicates: readonly P[]
): Extract<Judgement, { predicate: P }> => {
  if (!(predicates as readonly string[]).includes(judgement.predicate))
    throw new Error(`a rule for ${judgement.predicate}`);
  return judgement as Extract<Judgement, { predicate: P }>;
};

/** More items than this are counted, not listed. */
const MOST = 12;

export function listed(items: readonly string[], what: string): string[] {
  return items.length <= MOST ? [...items] : [...items.slice(0, MOST), `... and ${items.length - MOST} more ${what}`];
}

export const exact = (x: Rational): string => numberText(`${x}`);
export const vector = (v: Vector): string => rowText(entriesOf(v));
export const named = (name: string, x: Rational): string => equation(name, `${x}`);
export const bounds = ([least, most]: Interval): string => boundsText([`${least}`, `${most}`]);
export const between = (name: string, [least, most]: Interval): string => enclosure(name, [`${least}`, `${most}`]);
const intervals = (of: readonly Interval[]): string => {
  const shown = of.slice(0, 8).map(bounds);
  return `(${[...shown, ...(of.length > 8 ? [`... ${of.length} coordinates`] : [])].join(', ')})`;
};

/** `z = 1/5`; of a value that is text already, as `≈0.2` or `≈0.2 to ≈0.3`. */
export const stated = (name: string, value: string): string =>
  value.startsWith('≈') && !value.includes(' ') ? `${name} ≈ ${value.slice(1)}` : `${name} = ${value}`;

/** `<e_2, w_3> = -1/5`: what a row gives on a feature, counted from 0. */
export const productText = (m: Instance, row: string, d: number, value: string): string =>
  stated(`<${row}, ${symbolText('w', m.features, d + 1)}>`, value);

/** `e_2 = (1, -1)`; by interval arithmetic where the entries are no rationals. */
export const rowOf = (name: string, v: Vector): string => `${name} = ${vector(v)}`;
export const elementOf = (name: string, x: Element, root: Root, length: number): string =>
  `${name} = ${intervals(enclosures(x, root, length))}`;
export const intervalsOf = (name: string, of: readonly Interval[]): string => `${name} = ${intervals(of)}`;

/** The root in an interval so narrow that six digits show: what is known of it stays the same. */
export function refined(root: Root): Root {
  let { from, to } = root;
  if (from.equals(to)) return root;
  const side = signAt(root.f, from);
  const narrow = Rational.of(1n, 1n << 80n);
  const half = Rational.of(1n, 2n);
  for (let k = 0; k < 400 && to.minus(from).compare(narrow) > 0; k++) {
    const middle = from.plus(to).times(half);
    const sign = signAt(root.f, middle);
    if (sign === 0) return { f: root.f, from: middle, to: middle };
    if (sign === side) from = middle;
    else to = middle;
  }
  return { f: root.f, from, to };
}

/** `3 w(dog) + 4 w(cat)`, features counted from 0; terms of 0 are left out. */
export function sumText(terms: readonly Weighted[], features: Labelled, letter = 'w'): string {
  const shown = terms
    .filter(({ weight }) => weight.sign() !== 0)
    .map(({ feature, weight }) => {
      const symbol = symbolText(letter, features, feature + 1);
      const size = `${weight}`.replace(/^-/, '');
      return { minus: weight.sign() < 0, text: size === '1' ? symbol : `${numberText(size)} ${symbol}` };
    });
  const most = shown.slice(0, MOST);
  const text = most.map(({ minus, text }, k) =>
    k === 0 ? `${minus ? '-' : ''}${text}` : `${minus ? '-' : '+'} ${text}`,
  );
  if (shown.length > MOST) text.push(`+ ... (${shown.length} terms)`);
  return text.length === 0 ? '0' : text.join(' ');
}

export const termsOf = (weights: readonly Rational[]): Weighted[] =>
  weights.map((weight, feature) => ({ feature, weight }));

/** Rows and columns, neuron by neuron. */
export function configurationLines(at: Configuration): string[] {
  const rows = at.we.map((e, i) => {
    const gate = at.gate
      ? `, gate (${rowOf('row', at.gate.rows[i] as Vector)}, ${named('bias', at.gate.bias.at(i))})`
      : '';
    return `neuron ${i + 1}: ${rowOf(`e_${i + 1}`, e)}, ${rowOf(`u_${i + 1}`, at.wd[i] as Vector)}${gate}`;
  });
  return listed(rows, 'neurons');
}

/** `sum_d M_d |r_d|^2 = 2` */
export const wholeText = (m: Instance): string =>
  named('sum_d M_d |r_d|^2', sum(m.features.map((f) => f.weight.times(f.wr.dot(f.wr)))));

/** The nearest double: for pictures. */
export function float(x: Rational): number {
  const shift = BigInt(Math.max(0, x.den.toString(2).length - x.num.toString(2).length + 64));
  return Number((x.num << shift) / x.den) / 2 ** Number(shift);
}

export const floats = (v: Vector): number[] => v.entries().map(float);
export const middles = (of: readonly Interval[]): number[] => of.map(([a, b]) => (float(a) + float(b)) / 2);

/** Rows with the sets that they should show. */
export const rowsFigure = (rows: readonly (readonly number[])[], sets: readonly (readonly number[])[]): Figure => ({
  kind: 'rows',
  rows: rows.map((row, i) => ({ title: `neuron ${i + 1}`, row, set: sets[i] ?? [] })),
});

export const chainFigure = (terms: readonly Weighted[]): Figure => ({
  kind: 'chain',
  terms: terms
    .filter(({ weight }) => weight.sign() !== 0)
    .map(({ feature, weight }) => ({ feature, weight: float(weight) })),
});
