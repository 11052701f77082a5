/**
 * The instance a claim is decided on: `dictum/instance@1`, docs/certificate-format.md. Notation of the paper's section 2:
 * n features with input directions w_d (columns of W_p, n_p x n), target directions r_d (columns of W_r, n_r x n) and
 * weights M_d >= 0; n_q neurons with encoder rows e_i (W_E, n_q x n_p) and decoder columns u_i (W_D, n_r x n_q).
 */

import type { Node } from '../document/node.ts';
import { ONE, type Rational, ZERO } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import { type Matrix, transpose, Vector } from '../numbers/vector.ts';
import { type Distribution, readDistribution } from './distribution.ts';

export type Activation =
  | { readonly kind: 'relu' | 'identity' | 'gated' }
  | { readonly kind: 'jumprelu'; readonly theta: Rational }
  | { readonly kind: 'topk' | 'topk-pure' | 'batchtopk'; readonly k: number };

export interface Feature {
  readonly label: string;
  /** w_d, of length n_p. */
  readonly wp: Vector;
  /** r_d, of length n_r. */
  readonly wr: Vector;
  /** M_d. */
  readonly weight: Rational;
}

export interface Encoder {
  /** Encoder rows e_i: n_q x n_p. */
  readonly we: Matrix;
  /** Gated only: neuron i is open on x iff <rows_i, x> + bias_i > 0. */
  readonly gate?: { readonly rows: Matrix; readonly bias: Vector };
}

export interface Configuration extends Encoder {
  /** Decoder columns u_i: n_q x n_r, the transpose of W_D. */
  readonly wd: Matrix;
}

/** F_i for every neuron i: zero-based features in increasing order (Definition 3.1). */
export type Pattern = readonly (readonly number[])[];

/** Three readings of "neuron i responds to feature d", and no region at all: region.ts. */
export type Region = 'threshold' | 'positive' | 'active' | 'everywhere';

export interface Instance {
  readonly format: 'dictum/instance@1';
  readonly name: string;
  readonly features: readonly Feature[];
  readonly activation: Activation;
  /** n_q */
  readonly neurons: number;
  readonly np: number;
  readonly nr: number;
  /** Sub-concepts of each parent concept (Definition 3.2), zero-based. */
  readonly hierarchy: readonly { readonly parent: string; readonly children: readonly number[] }[];
  readonly pattern?: Pattern;
  readonly configuration?: Configuration;
  /** Of the inputs x, for claims about the true loss. */
  readonly distribution?: Distribution;
  /** Features K whose directions the first |K| neurons are fixed to, zero-based (section 4). */
  readonly anchors?: readonly number[];
  /** For claims about all instances whose w_d, r_d and M_d are so near, entry by entry. */
  readonly radius?: Rational;
}

/** What a claim is about, by its documents: the name they carry, and the reader that refuses any other. */
export interface Format<S extends { readonly format: string }> {
  readonly name: S['format'];
  readonly read: (node: Node) => S;
}

const MAX_NEURONS = 1_000_000;

function readActivation(node: Node): Activation {
  const kinds = ['relu', 'identity', 'gated', 'jumprelu', 'topk', 'topk-pure', 'batchtopk'] as const;
  const kind = node.fields(['kind'], ['theta', 'k']).kind.word(kinds);
  if (kind === 'jumprelu') {
    const { theta } = node.fields(['kind', 'theta']);
    const value = theta.rational();
    if (value.sign() < 0) malformed('out-of-range', theta.path, 'theta >= 0', `${value}`);
    return { kind, theta: value };
  }
  if (kind === 'topk' || kind === 'topk-pure' || kind === 'batchtopk') {
    return { kind, k: node.fields(['kind', 'k']).k.index(1, MAX_NEURONS) };
  }
  node.fields(['kind']);
  return { kind };
}

function readFeature(node: Node, np?: number, nr?: number): Feature {
  const { label, wp, wr = wp, weight } = node.fields(['label', 'wp'], ['wr', 'weight']);
  const feature = {
    label: label.text(),
    wp: wp.vector(np),
    wr: wr.vector(nr),
    weight: weight?.rational() ?? ONE,
  };
  if (feature.wp.length === 0) malformed('wrong-size', wp.path, 'at least one coordinate', 'none');
  if (feature.wr.length === 0) malformed('wrong-size', wr.path, 'at least one coordinate', 'none');
  if (feature.wp.isZero()) malformed('zero-direction', wp.path, 'a direction that is not zero', `${feature.wp}`);
  if (feature.weight.sign() < 0) malformed('out-of-range', `${node.path}.weight`, 'a weight >= 0', `${feature.weight}`);
  return feature;
}

function readFeatures(node: Node): Feature[] {
  const features: Feature[] = [];
  const labels = new Set<string>();
  for (const item of node.items()) {
    const first = features[0];
    const feature = readFeature(item, first?.wp.length, first?.wr.length);
    if (labels.has(feature.label)) {
      malformed('duplicate-label', `${item.path}.label`, 'each label once', JSON.stringify(feature.label));
    }
    labels.add(feature.label);
    features.push(feature);
  }
  if (features.length === 0) malformed('wrong-size', node.path, 'at least one feature', 'none');
  return features;
}

/** A set of one-based feature numbers, in strictly increasing order; returned zero-based. */
export function readFeatureSet(node: Node, n: number): number[] {
  const set: number[] = [];
  for (const item of node.items()) {
    const d = item.index(1, n) - 1;
    if (d <= (set.at(-1) ?? -1)) malformed('not-increasing', item.path, 'increasing feature numbers', `${d + 1}`);
    set.push(d);
  }
  return set;
}

type Shape = Pick<Instance, 'neurons' | 'np' | 'nr' | 'activation'>;
type EncoderNodes = { readonly we: Node; readonly gate?: Node; readonly bias?: Node };

/** W_E, with gate and bias for a gated model and for no other. */
export function readEncoder({ we: rows, gate, bias }: EncoderNodes, shape: Shape): Encoder {
  const we = rows.matrix(shape.neurons, shape.np);
  if (shape.activation.kind !== 'gated') {
    const extra = gate ?? bias;
    return extra ? malformed('unknown-key', extra.path, 'a gate only for kind "gated"', 'a gate') : { we };
  }
  if (!gate || !bias) return malformed('missing-key', rows.path, 'the keys "gate" and "bias" beside it', 'not both');
  return { we, gate: { rows: gate.matrix(shape.neurons, shape.np), bias: bias.vector(shape.neurons) } };
}

/** W_E and W_D; W_D stands in files as the paper writes it, n_r x n_q. */
export function readConfiguration(of: EncoderNodes & { readonly wd: Node }, shape: Shape): Configuration {
  const wd = transpose(of.wd.matrix(shape.nr, shape.neurons), shape.neurons);
  return { ...readEncoder(of, shape), wd };
}

/** Reads `dictum/instance@1`. */
export function readInstance(node: Node): Instance {
  const parts = node.fields(
    ['format', 'name', 'features', 'activation', 'neurons'],
    ['hierarchy', 'pattern', 'we', 'wd', 'gate', 'bias', 'distribution', 'anchors', 'radius'],
  );
  const format = parts.format.word(['dictum/instance@1']);
  const features = readFeatures(parts.features);
  const n = features.length;
  const shape = {
    activation: readActivation(parts.activation),
    neurons: parts.neurons.index(1, MAX_NEURONS),
    np: features[0]?.wp.length ?? 0,
    nr: features[0]?.wr.length ?? 0,
  };
  const hierarchy = (parts.hierarchy?.items() ?? []).map((item) => {
    const { parent, children } = item.fields(['parent', 'children']);
    return {
      parent: parent.text(),
      children: children.items().map((child) => featureNamed(child, features)),
    };
  });
  const pattern = parts.pattern?.items(shape.neurons).map((set) => readFeatureSet(set, n));
  const { we, wd, gate, bias } = parts;
  if (!we !== !wd || (!we && (gate ?? bias))) {
    malformed('missing-key', node.path, 'the keys "we" and "wd" together', 'only some of them');
  }
  const gates = { ...(gate && { gate }), ...(bias && { bias }) };
  const configuration = we && wd && readConfiguration({ we, wd, ...gates }, shape);
  return {
    format,
    name: parts.name.text(),
    features,
    ...shape,
    hierarchy,
    ...(pattern && { pattern }),
    ...(configuration && { configuration }),
    ...(parts.distribution && { distribution: readDistribution(parts.distribution, n) }),
    ...(parts.radius && { radius: parts.radius.rational() }),
    ...(parts.anchors && { anchors: readAnchors(parts.anchors, n, shape.neurons) }),
  };
}

export const INSTANCE: Format<Instance> = { name: 'dictum/instance@1', read: readInstance };

function readAnchors(node: Node, n: number, neurons: number): number[] {
  const anchors = readFeatureSet(node, n);
  if (anchors.length > neurons) malformed('wrong-size', node.path, `at most ${neurons} features`, `${anchors.length}`);
  return anchors;
}

function featureNamed(node: Node, features: readonly Feature[]): number {
  const label = node.text();
  const d = features.findIndex((feature) => feature.label === label);
  return d >= 0 ? d : malformed('unknown-feature', node.path, 'the label of a feature', JSON.stringify(label));
}

export const inputs = (m: Instance): Matrix => m.features.map((f) => f.wp);
export const targets = (m: Instance): Matrix => m.features.map((f) => f.wr);
export const weights = (m: Instance): Rational[] => m.features.map((f) => f.weight);

/** The direction w_d of feature d. */
export function featureAt(m: Instance, d: number): Feature {
  const feature = m.features[d];
  if (feature === undefined) throw new RangeError(`feature ${d} of ${m.features.length}`);
  return feature;
}

/** The instance's pattern; a claim about patterns cannot be decided without one. */
export function patternOf(m: Instance): Pattern {
  return m.pattern ?? invalid('missing-data', '$.instance.pattern', 'a pattern, which this claim is about', 'none');
}

export function configurationOf(m: Instance): Configuration {
  return m.configuration ?? invalid('missing-data', '$.instance.we', 'W_E and W_D, which this claim is about', 'none');
}

/** A vector e_k of length n. */
export function unitVector(length: number, k: number): Vector {
  return Vector.of(Array.from({ length }, (_, i) => (i === k ? ONE : ZERO)));
}

/** M = max over i != j of <w_i, w_j>, the largest interference; undefined with fewer than two features. */
export function interference(m: Instance): Rational | undefined {
  let most: Rational | undefined;
  m.features.forEach((a, i) => {
    for (const b of m.features.slice(i + 1)) {
      const g = a.wp.dot(b.wp);
      if (most === undefined || g.compare(most) > 0) most = g;
    }
  });
  return most;
}
