/**
 * The instance a claim is decided on: `dictum/instance@1` or @2, docs/certificate-format.md. Notation of the paper's section 2:
 * n features with input directions w_d (columns of W_p, n_p x n), target directions r_d (columns of W_r, n_r x n) and
 * weights M_d >= 0; n_q neurons with encoder rows e_i (W_E, n_q x n_p) and decoder columns u_i (W_D, n_r x n_q).
 */

import type { Node } from '../document/node.ts';
import { ONE, type Rational, ZERO } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import { type Matrix, transpose, Vector } from '../numbers/vector.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import { type Feature, type Lifted, lift, SECOND } from './lifted.ts';

export type { Feature } from './lifted.ts';

export type Activation =
  | { readonly kind: 'relu' | 'identity' | 'gated' }
  | { readonly kind: 'jumprelu'; readonly theta: Rational }
  | { readonly kind: 'topk' | 'topk-pure' | 'batchtopk'; readonly k: number };

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
  /** In the form of @1, which one read from @2 is brought into. */
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
  /** Of one read from @2: what it says beyond @1, already part of features, configuration and activation. */
  readonly lifted?: Lifted;
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

function readFeature(node: Node, zeros: boolean, np?: number, nr?: number): Feature {
  const { label, wp, wr = wp, weight } = node.fields(['label', 'wp'], ['wr', 'weight']);
  const text = label.text();
  const direction = wp.vector(np);
  const feature = {
    label: text,
    wp: direction,
    wr: wr === wp && direction.length === (nr ?? direction.length) ? direction : wr.vector(nr),
    weight: weight?.rational() ?? ONE,
  };
  if (feature.wp.length === 0) malformed('wrong-size', wp.path, 'at least one coordinate', 'none');
  if (feature.wr.length === 0) malformed('wrong-size', wr.path, 'at least one coordinate', 'none');
  if (!zeros && feature.wp.isZero())
    malformed('zero-direction', wp.path, 'a direction that is not zero', `${feature.wp}`);
  if (feature.weight.sign() < 0) malformed('out-of-range', `${node.path}.weight`, 'a weight >= 0', `${feature.weight}`);
  return feature;
}

/** `zeros`: of inputs, which may be 0. */
function readFeatures(node: Node, zeros = false): Feature[] {
  const features: Feature[] = [];
  const labels = new Set<string>();
  for (const item of node.items()) {
    const first = features[0];
    const feature = readFeature(item, zeros, first?.wp.length, first?.wr.length);
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

/** Reads `dictum/instance@1`, and @2, which it brings into the form of @1. */
export function readInstance(node: Node): Instance {
  return node.members().get('format')?.json === SECOND ? readSecond(node) : readFirst(node);
}

/** `dictum/instance@1` alone. */
export function readFirst(node: Node): Instance {
  const parts = node.fields(
    ['format', 'name', 'features', 'activation', 'neurons'],
    ['hierarchy', 'pattern', 'we', 'wd', 'gate', 'bias', 'distribution', 'anchors', 'radius'],
  );
  parts.format.word(['dictum/instance@1']);
  const features = readFeatures(parts.features);
  const n = features.length;
  const activation = readActivation(parts.activation);
  const m = readWith(parts, features, activation, node);
  return {
    ...m,
    ...(parts.distribution && { distribution: readDistribution(parts.distribution, n) }),
    ...(parts.radius && { radius: parts.radius.rational() }),
    ...(parts.anchors && { anchors: readAnchors(parts.anchors, n, m.neurons) }),
  };
}

/** What a model has beside single features and weights: docs/certificate-format.md, section 2, "Biases, thresholds, inputs". */
function readSecond(node: Node): Instance {
  const parts = node.fields(
    ['format', 'name', 'features', 'activation', 'neurons'],
    ['subject', 'encoderBias', 'inputBias', 'decoderBias', 'hierarchy', 'pattern', 'we', 'wd'],
  );
  const inputs = parts.subject?.word(['features', 'inputs']) === 'inputs';
  if (inputs && parts.hierarchy)
    malformed('unknown-key', parts.hierarchy.path, 'no hierarchy of inputs', '"hierarchy"');
  const given = readFeatures(parts.features, inputs);
  const neurons = parts.neurons.index(1, MAX_NEURONS);
  const { activation, thresholds } = readThresholds(parts.activation, neurons);
  if (inputs && activation.kind === 'batchtopk')
    malformed('unknown-word', `${parts.activation.path}.kind`, 'an activation of one input at a time', 'batchtopk');
  const lifted = lift(
    {
      given,
      inputs,
      encoderBias: parts.encoderBias?.word(['none', 'free']) === 'free',
      ...(parts.inputBias && { inputBias: parts.inputBias.vector(given[0]?.wp.length) }),
      ...(parts.decoderBias && { decoderBias: parts.decoderBias.vector(given[0]?.wr.length) }),
      ...(thresholds && { thresholds }),
    },
    !(activation.kind === 'jumprelu' && activation.theta.sign() > 0),
    parts.features,
  );
  const m = readWith(parts, lifted.features, activation, node);
  const at = m.configuration;
  return { ...m, lifted, ...(at && thresholds && { configuration: inThresholds(at, thresholds) }) };
}

/** The activation, with a threshold for each neuron as JumpReLU with theta = 1: `inThresholds`. */
function readThresholds(node: Node, neurons: number): { activation: Activation; thresholds?: Vector } {
  const { kind, theta } = node.fields(['kind'], ['theta', 'k']);
  if (kind.json === 'gated') malformed('unknown-word', kind.path, 'an activation without gates', 'gated');
  if (kind.json !== 'jumprelu' || !theta || !Array.isArray(theta.json)) return { activation: readActivation(node) };
  node.fields(['kind', 'theta']);
  const thresholds = theta.vector(neurons);
  if (thresholds.num.some((x) => x <= 0n)) malformed('out-of-range', theta.path, 'thresholds > 0', `${thresholds}`);
  return { activation: { kind: 'jumprelu', theta: ONE }, thresholds };
}

/** <e_i, w> > theta_i iff <e_i / theta_i, w> > 1, and z_i u_i is (z_i / theta_i) (theta_i u_i): the same outputs, smoothly, for theta_i > 0. */
const inThresholds = ({ we, wd }: Configuration, thresholds: Vector): Configuration => ({
  we: we.map((e, i) => e.times(ONE.over(thresholds.at(i)))),
  wd: wd.map((u, i) => u.times(thresholds.at(i))),
});

type Parts = Partial<Record<'hierarchy' | 'pattern' | 'we' | 'wd' | 'gate' | 'bias', Node>> &
  Record<'name' | 'neurons', Node>;

/** What both formats have beside features and activation. */
function readWith(parts: Parts, features: readonly Feature[], activation: Activation, node: Node): Instance {
  const n = features.length;
  const shape = {
    activation,
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
    format: 'dictum/instance@1',
    name: parts.name.text(),
    features,
    ...shape,
    hierarchy,
    ...(pattern && { pattern }),
    ...(configuration && { configuration }),
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
