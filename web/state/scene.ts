/** What the views speak of: labelled directions, an activation, and which neuron is to be active on what. Numbers are exact strings. */
import type { InstanceDocument } from '../../src/browser.ts';

export interface SceneFeature {
  readonly label: string;
  /** w_d */
  readonly wp: readonly string[];
  /** r_d; without it w_d. */
  readonly wr?: readonly string[];
  /** M_d; without it 1. */
  readonly weight?: string;
}

export type SceneActivation =
  | { readonly kind: 'relu' }
  | { readonly kind: 'jumprelu'; readonly theta: string }
  | { readonly kind: 'topk'; readonly k: number };

export interface Scene {
  readonly name: string;
  readonly features: readonly SceneFeature[];
  readonly activation: SceneActivation;
  /** Whether each neuron adds a number of its own: <e_i, w_d> + b_i. */
  readonly bias?: boolean;
  /** A set for each neuron, counted from 1, in increasing order. */
  readonly pattern: readonly (readonly number[])[];
}

export const MOST_FEATURES = 40;
export const MOST_NEURONS = 16;

export const dimensionOf = ({ features }: Scene): number => features[0]?.wp.length ?? 2;

/** `-12/13`, `0.25`; not with a denominator of 0. A number of more than 300 digits is no double, and could not be drawn. */
export const isQuantity = (text: string): boolean =>
  /^-?[0-9]{1,300}(\/[0-9]{1,300}|\.[0-9]{1,300})?$/.test(text) && !/\/0+$/.test(text);

/** The nearest double, for pictures alone. */
export function toFloat(text: string): number {
  const [num = '0', den = '1'] = text.split('/');
  return Number(num) / Number(den);
}

/**
 * The scene in the form that commands and library take. A bias is a coordinate that is 1 for every feature: <e, w> + b = <(e, b), (w, 1)>, with w
 * as the target as before. So what is decided of the longer directions is decided of neurons with biases.
 */
export function instanceOf(scene: Scene): InstanceDocument {
  const { name, activation, pattern, bias = false } = scene;
  const features = bias
    ? scene.features.map(({ wp, wr = wp, ...rest }) => ({ ...rest, wp: [...wp, '1'], wr }))
    : scene.features;
  return { format: 'dictum/instance@1', name, features, activation, neurons: pattern.length, pattern };
}

/** Why a document is nothing that can be explored here. */
export class Unfit extends Error {}

const list = (of: unknown): readonly unknown[] => (Array.isArray(of) ? of : []);
const quantity = (of: unknown): string => {
  const text = typeof of === 'string' || typeof of === 'number' ? `${of}` : '';
  if (!isQuantity(text)) throw new Unfit(`a number that is none, or is too long: ${JSON.stringify(of).slice(0, 40)}`);
  return text;
};
const vector = (of: unknown, length?: number): readonly string[] => {
  const read = list(of).map(quantity);
  if (read.length === 0 || (length !== undefined && read.length !== length)) throw new Unfit('vectors of two lengths');
  return read;
};

function activationFrom(of: unknown): SceneActivation {
  const { kind, theta, k } = (of ?? {}) as { kind?: unknown; theta?: unknown; k?: unknown };
  if (kind === 'relu') return { kind };
  if (kind === 'jumprelu') return { kind, theta: quantity(theta) };
  if (kind === 'topk' && Number.isInteger(k)) return { kind, k: k as number };
  throw new Unfit(`the activation ${JSON.stringify(kind)}: relu, jumprelu and topk can be explored`);
}

/** From `dictum/instance@1` that was parsed as JSON; what the views do not speak of is left out. */
export function sceneFrom(document: object): Scene {
  const { name, features, activation, neurons, pattern } = document as Partial<Record<string, unknown>>;
  const given = list(features);
  if (given.length === 0 || given.length > MOST_FEATURES) throw new Unfit(`1 to ${MOST_FEATURES} features`);
  let np: number | undefined;
  const read = given.map((of, d): SceneFeature => {
    const { label, wp, wr, weight } = of as Partial<Record<string, unknown>>;
    const direction = vector(wp, np);
    np = direction.length;
    return {
      label: typeof label === 'string' ? label : `${d + 1}`,
      wp: direction,
      ...(wr !== undefined && { wr: vector(wr) }),
      ...(weight !== undefined && quantity(weight) !== '1' && { weight: quantity(weight) }),
    };
  });
  const sets = list(pattern).map((set) => list(set).filter((d) => Number.isInteger(d)) as number[]);
  const many = typeof neurons === 'number' && Number.isInteger(neurons) && neurons > 0 ? neurons : 1;
  if (Math.max(many, sets.length) > MOST_NEURONS) throw new Unfit(`at most ${MOST_NEURONS} neurons`);
  return {
    name: typeof name === 'string' ? name : 'explored',
    features: read,
    activation: activationFrom(activation),
    pattern: sets.length > 0 ? sets : Array.from({ length: many }, () => []),
  };
}
