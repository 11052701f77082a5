/** Instances, patterns and limits as callers give them. */
import { parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import { readSubject, type SubjectOf } from '../kernel/model/formats.ts';
import type { Instance, Pattern } from '../kernel/model/instance.ts';
import { SECOND } from '../kernel/model/lifted.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { Rejection } from '../kernel/numbers/rejection.ts';
import { bounded, isTooMuch } from '../kernel/numbers/work.ts';
import { configurationDocument, instanceDocument, vectorDocument } from '../solve/proofs/document.ts';
import { inputError, refuse } from './error.ts';
import { textOf } from './text.ts';

/** An exact number: `'-12/13'`, `'0.25'`, `'1.5e-3'`, or a whole number. A number with a fraction is refused: it may not be what was meant. */
export type Quantity = string | number | bigint;

/**
 * An instance in the form of `dictum/instance@1`, schemas/instance.schema.json, or @2, schemas/instance-2.schema.json. Shapes: docs/certificate-format.md,
 * sections 2 and 3.
 */
export interface InstanceDocument {
  readonly format: 'dictum/instance@1' | 'dictum/instance@2';
  readonly name: string;
  readonly features: readonly {
    /** Each once. */
    readonly label: string;
    /** Input direction w_d, of length n_p. */
    readonly wp: readonly Quantity[];
    /** Target direction r_d, of length n_r; without it, w_d. */
    readonly wr?: readonly Quantity[];
    /** M_d >= 0; without it, 1. */
    readonly weight?: Quantity;
  }[];
  readonly activation: {
    readonly kind: 'relu' | 'identity' | 'gated' | 'jumprelu' | 'topk' | 'topk-pure' | 'batchtopk';
    /** Of jumprelu, the threshold; @2: or one > 0 for each neuron. */
    readonly theta?: Quantity | readonly Quantity[];
    /** Of the Top-k kinds, how many neurons pass. */
    readonly k?: number;
  };
  /** n_q. */
  readonly neurons: number;
  readonly hierarchy?: readonly { readonly parent: string; readonly children: readonly string[] }[];
  /** For each neuron the features it is active on, counted from 1, in increasing order. */
  readonly pattern?: readonly (readonly number[])[];
  /** W_E, n_q x n_p, and W_D, n_r x n_q: both or neither. */
  readonly we?: readonly (readonly Quantity[])[];
  readonly wd?: readonly (readonly Quantity[])[];
  /** Of gated, n_q x n_p, and of length n_q. */
  readonly gate?: readonly (readonly Quantity[])[];
  readonly bias?: readonly Quantity[];
  /** Of the inputs: docs/certificate-format.md. */
  readonly distribution?: object;
  /** Features that the first neurons are fixed to, counted from 1. */
  readonly anchors?: readonly number[];
  /** For claims about all instances that are so near, entry by entry. */
  readonly radius?: Quantity;
  /** @2: what `features` are. Inputs on one ray become one feature. */
  readonly subject?: 'features' | 'inputs';
  /** @2: whether each neuron has a bias, the last entry of its row of `we`. */
  readonly encoderBias?: Bias;
  /** @2: subtracted from each direction, of length n_p. */
  readonly inputBias?: readonly Quantity[];
  /** @2: subtracted from each target, of length n_r. */
  readonly decoderBias?: readonly Quantity[];
}

/** Whether a neuron may have any bias, or has none. */
export type Bias = 'none' | 'free';

/** An instance: the text of a file, or the object that it is. */
export type InstanceInput = string | InstanceDocument;

/** For each neuron its set of features: by number, from 1, or by label. An empty set is a dead neuron. */
export type PatternInput = readonly (readonly (number | string)[])[];

/** The model that a question is about. */
export interface ModelOptions {
  /** Whether each neuron may have a bias; without it as the instance says, of which `dictum/instance@1` has none. */
  readonly bias?: Bias;
}

/** How much a function may spend before it answers `undecided`. */
export interface Limits {
  /**
   * Units of work, about a nanosecond each (src/kernel/numbers/work.ts); the same input ends in the same place on every machine.
   * Without it 15,000,000,000, about half a minute.
   */
  readonly work?: number;
}

/** Called as the work goes on: how much is done, and of how much, where that is known. */
export type Tell = (done: number, of?: number) => void;

/** A question that stays open, and why: more work, or longer numbers, than is allowed; or the methods do not reach it. */
export interface Undecided {
  readonly verdict: 'undecided';
  readonly why: string;
  /** The same with what it is about. */
  readonly sentence: string;
}

export const undecided = (about: string, why: string): Undecided => ({
  verdict: 'undecided',
  why,
  sentence: `${about} undecided: ${why}`,
});

/** The instance of a question, with the pattern asked about in place of its own. */
export function askedAbout(read: Instance, { pattern }: { readonly pattern?: PatternInput }, keep: boolean): Instance {
  return pattern === undefined ? read : withPattern(read, patternFrom(read, pattern), keep);
}

/** The instance with a bias for each neuron, or without, as `bias` says; rows of its own configuration get the bias 0. */
export function withBias(m: Instance, bias: Bias | undefined): Instance {
  const free = m.lifted?.encoderBias === true;
  if (bias === undefined || free === (bias === 'free')) return m;
  if (free && m.configuration) refuse('bad-option', 'bias', 'free, as the rows of "we" have biases', 'none');
  const { configuration: at, ...rest } = m;
  const we = at && { we: at.we.map((e) => [...vectorDocument(e), '0']), wd: configurationDocument(at, m.nr).wd };
  const document = { ...instanceDocument(rest), format: SECOND, encoderBias: bias, ...we };
  return instanceFrom(document);
}

/** As on the command line. */
export const DEFAULT_WORK = 15_000_000_000;

export function instanceFrom<F extends Subject['format'] = 'dictum/instance@1'>(
  input: string | object,
  about: F = 'dictum/instance@1' as F,
): SubjectOf<F> {
  const text = textOf(input, 'instance');
  try {
    return bounded(() => readSubject(new Node(parseJson(text)), about));
  } catch (thrown) {
    if (thrown instanceof Rejection) throw inputError(thrown);
    throw thrown;
  }
}

/** Runs a solver within the limits; the reason where it meets them. A rejection is of the input. */
export function within<T>({ work = DEFAULT_WORK }: Limits, solve: () => T): T | { readonly why: string } {
  whole(work, 'work', Number.MAX_SAFE_INTEGER);
  try {
    return bounded(solve, work);
  } catch (thrown) {
    if (!(thrown instanceof Rejection)) throw thrown;
    if (!isTooMuch(thrown)) throw inputError(thrown);
    return { why: `this takes more than the limit, ${thrown.expected}` };
  }
}

/** An option that is a whole number from 1. */
export function whole(value: number, option: string, most: number): number {
  return Number.isSafeInteger(value) && value >= 1 && value <= most
    ? value
    : refuse('out-of-range', option, `a whole number from 1 to ${most}`, `${value}`);
}

export function patternFrom(m: Instance, input: PatternInput, option = 'pattern'): Pattern {
  if (!Array.isArray(input)) return refuse('wrong-type', option, 'an array with a set for each neuron', typeof input);
  return input.map((set: unknown, i) => featuresFrom(m, set, `${option}[${i}]`));
}

/** Zero-based, in increasing order. */
export function featuresFrom({ features }: Instance, input: unknown, path: string): number[] {
  if (!Array.isArray(input)) return refuse('wrong-type', path, 'an array of features', typeof input);
  const set = input.map((name: unknown, k) => {
    const at = `${path}[${k}]`;
    if (typeof name === 'string') {
      const d = features.findIndex(({ label }) => label === name);
      return d >= 0 ? d : refuse('unknown-feature', at, 'the label of a feature', JSON.stringify(name));
    }
    return typeof name === 'number' && Number.isInteger(name) && name >= 1 && name <= features.length
      ? name - 1
      : refuse('unknown-feature', at, `a number from 1 to ${features.length}, or a label`, `${String(name)}`);
  });
  set.sort((a, b) => a - b);
  const twice = set.find((d, k) => d === set[k + 1]);
  return twice === undefined ? set : refuse('bad-pattern', path, 'each feature once', `${twice + 1} twice`);
}

/** The instance with this pattern, and as many neurons; a configuration of its own stays only if `keep` and it still fits. */
export function withPattern(m: Instance, pattern: Pattern, keep = false): Instance {
  if (pattern.length === 0) refuse('wrong-size', 'pattern', 'at least one neuron', 'none');
  if (m.lifted?.thresholds && pattern.length !== m.neurons)
    refuse('wrong-size', 'pattern', `${m.neurons} sets, as there are thresholds`, `${pattern.length}`);
  if (keep && pattern.length === m.neurons) return { ...m, pattern };
  const { configuration: _, ...shape } = m;
  return { ...shape, neurons: pattern.length, pattern };
}
