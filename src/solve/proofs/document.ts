/** Plain JSON values for what the solvers produce: quantities as strings, indices as numbers, from 1. */
import { type Digest, documentId } from '../../kernel/document/canonical.ts';
import { parseJson } from '../../kernel/document/json.ts';
import type { Distribution } from '../../kernel/model/distribution.ts';
import type { Activation, Configuration, Encoder, Feature, Instance, Pattern } from '../../kernel/model/instance.ts';
import { type Lifted, SECOND } from '../../kernel/model/lifted.ts';
import type { Comparison, GeneratedModel, Latents, ReportedRow, Subject } from '../../kernel/model/subject.ts';
import { ONE } from '../../kernel/numbers/rational.ts';
import { type Matrix, transpose, type Vector } from '../../kernel/numbers/vector.ts';

export type Document = string | number | readonly Document[] | { readonly [key: string]: Document };

export const vectorDocument = (v: Vector): string[] => v.entries().map(String);

export const matrixDocument = (rows: Matrix): string[][] => rows.map(vectorDocument);

/** W_E, and the gate of a gated model. */
export function encoderDocument({ we, gate }: Encoder): { readonly [key: string]: Document } {
  const gates = gate && { gate: matrixDocument(gate.rows), bias: vectorDocument(gate.bias) };
  return { we: matrixDocument(we), ...gates };
}

/** W_E and W_D; W_D as the paper writes it, n_r x n_q. */
export function configurationDocument(at: Configuration, nr: number): { readonly [key: string]: Document } {
  return { ...encoderDocument(at), wd: matrixDocument(transpose(at.wd, nr)) };
}

export const patternDocument = (pattern: Pattern): number[][] => pattern.map((set) => set.map((d) => d + 1));

/** What a claim is about, in the one form that certificates embed. */
export function subjectDocument(m: Subject): { readonly [key: string]: Document } {
  switch (m.format) {
    case 'dictum/instance@1':
      return instanceDocument(m);
    case 'dictum/report@1':
      return rowDocument(m);
    case 'dictum/comparison@1':
      return comparisonDocument(m);
    case 'dictum/scale@1':
      return modelDocument(m);
    case 'dictum/latents@1':
      return latentsDocument(m);
  }
}

export function instanceDocument(m: Instance): { readonly [key: string]: Document } {
  if (m.lifted) return liftedDocument(m, m.lifted);
  return {
    format: m.format,
    name: m.name,
    features: m.features.map(featureDocument),
    activation: activationDocument(m.activation),
    neurons: m.neurons,
    ...hierarchyDocument(m),
    ...(m.pattern && { pattern: patternDocument(m.pattern) }),
    ...(m.configuration && configurationDocument(m.configuration, m.nr)),
    ...(m.distribution && { distribution: distributionDocument(m.distribution) }),
    ...(m.anchors && { anchors: m.anchors.map((d) => d + 1) }),
    ...(m.radius && { radius: `${m.radius}` }),
  };
}

const activationDocument = (activation: Activation): { readonly [key: string]: Document } => ({
  kind: activation.kind,
  ...('theta' in activation ? { theta: `${activation.theta}` } : 'k' in activation ? { k: activation.k } : {}),
});

const featureDocument = (f: Feature): { readonly [key: string]: Document } => ({
  label: f.label,
  wp: vectorDocument(f.wp),
  ...(f.wr.equals(f.wp) ? {} : { wr: vectorDocument(f.wr) }),
  weight: `${f.weight}`,
});

const hierarchyDocument = (m: Instance): { readonly [key: string]: Document } =>
  m.hierarchy.length === 0
    ? {}
    : {
        hierarchy: m.hierarchy.map(({ parent, children }) => ({
          parent,
          children: children.map((d) => m.features[d]?.label ?? ''),
        })),
      };

/** `dictum/instance@2`, from which the kernel makes this instance again. */
function liftedDocument(m: Instance, lifted: Lifted): { readonly [key: string]: Document } {
  const { given, inputs, encoderBias, inputBias, decoderBias, thresholds } = lifted;
  const at = m.configuration;
  const own = at && thresholds && configurationDocument(outOfThresholds(at, thresholds), m.nr);
  return {
    format: SECOND,
    name: m.name,
    ...(inputs && { subject: 'inputs' }),
    features: given.map(featureDocument),
    activation: thresholds
      ? { kind: m.activation.kind, theta: vectorDocument(thresholds) }
      : activationDocument(m.activation),
    neurons: m.neurons,
    ...(encoderBias && { encoderBias: 'free' }),
    ...(inputBias && { inputBias: vectorDocument(inputBias) }),
    ...(decoderBias && { decoderBias: vectorDocument(decoderBias) }),
    ...hierarchyDocument(m),
    ...(m.pattern && { pattern: patternDocument(m.pattern) }),
    ...(own ?? (at && configurationDocument(at, m.nr))),
  };
}

/** Rows and columns as they stand in the document. */
const outOfThresholds = ({ we, wd }: Configuration, thresholds: Vector): Configuration => ({
  we: we.map((e, i) => e.times(thresholds.at(i))),
  wd: wd.map((u, i) => u.times(ONE.over(thresholds.at(i)))),
});

function rowDocument({ format, name, source, tau, recovery, mean, denominators }: ReportedRow): {
  readonly [key: string]: Document;
} {
  const figures = { tau: `${tau}`, recovery: recovery.text, mean: mean.text, denominators };
  return { format, name, source, ...figures };
}

function comparisonDocument({ format, name, source, says, terms, relation }: Comparison): {
  readonly [key: string]: Document;
} {
  const figures = terms.map(({ figure, printed, times }) => ({ figure, printed: printed.text, times: `${times}` }));
  return { format, name, source, says, terms: figures, relation };
}

/** A target is written where it is not the input itself. */
export function latentsDocument({ format, name, source, latents, inputs, strengths, sums }: Latents): {
  readonly [key: string]: Document;
} {
  return {
    format,
    name,
    source,
    latents: latents.map((latent) => ({
      name: latent.name,
      row: vectorDocument(latent.row),
      constant: `${latent.constant}`,
      threshold: `${latent.threshold}`,
      column: vectorDocument(latent.column),
    })),
    inputs: inputs.map(({ label, x, target }) => ({
      label,
      x: vectorDocument(x),
      ...(!x.equals(target) && { target: vectorDocument(target) }),
    })),
    ...(strengths && { strengths: strengths.map(String) }),
    ...(sums && { sums: { most: sums.most, strength: `${sums.strength}` } }),
  };
}

function modelDocument(m: GeneratedModel): { readonly [key: string]: Document } {
  const { format, name, features, dimensions, neurons, entries, anchors } = m;
  const overrides = m.overrides.map(({ neuron, row }) => ({ neuron: neuron + 1, row: [...row].map(String) }));
  return {
    format,
    name,
    features,
    dimensions,
    neurons,
    entries,
    directions: { seed: m.directionSeed },
    encoder: { seed: m.encoderSeed, ...(overrides.length > 0 && { overrides }) },
    ...(anchors > 0 && { anchors }),
  };
}

function distributionDocument(distribution: Distribution): { readonly [key: string]: Document } {
  if (distribution.kind === 'joint') {
    return {
      joint: distribution.atoms.map(({ probability, x }) => ({ probability: `${probability}`, x: vectorDocument(x) })),
    };
  }
  const list = distribution.magnitudes.map((values) =>
    values.map(({ probability, value }) => ({ probability: `${probability}`, value: `${value}` })),
  );
  return { independent: list };
}

/** The document with its id, as text: one key a line at the top, so that differences can be read. */
export function sealed(document: { readonly [key: string]: Document }, sha256: Digest): string {
  const id = documentId(parseJson(JSON.stringify(document)), sha256);
  const lines = Object.entries({ ...document, id }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
