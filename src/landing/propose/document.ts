/** The text of a landing certificate, `dictum/landing@1` (docs/certificate-format.md, section 8). */
import { type Digest, documentId } from '../../kernel/document/canonical.ts';
import { parseJson } from '../../kernel/document/json.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { gradients } from '../../kernel/model/model.ts';
import { type Rational, sum } from '../../kernel/numbers/rational.ts';
import { configurationDocument, type Document, instanceDocument, sealed } from '../../solve/proofs/document.ts';
import type { LandingClass } from '../check/landing.ts';
import type { Part } from './state.ts';

/** How a run is named in its certificate. */
export interface RunName {
  /** `given`: no run, weights that were given. */
  readonly backend?: 'given';
  readonly seed: number;
  readonly index: number;
  readonly steps: number;
  readonly settings: { readonly [key: string]: string };
}

export interface Group extends Part {
  readonly class: LandingClass;
  /** The proof, or the one with the radius 2^-bits. */
  readonly proof: Document | ((bits: number) => Document);
  readonly bits: number;
}

/** What is said of the end weights, whatever they are matched to. */
export interface EndDocument {
  readonly instance: Document;
  readonly gradient: string;
  readonly weights: string;
}

export function endDocument(m: Instance, end: Configuration, sha256: Digest): EndDocument {
  const { pattern: _, ...shape } = m;
  const instance = instanceDocument({ ...shape, configuration: end });
  const { we, wd } = gradients(m, end);
  const weights = documentId(parseJson(JSON.stringify({ wd: instance.wd, we: instance.we })), sha256);
  return { instance, gradient: `${sum([...we, ...wd].map((row) => row.dot(row)))}`, weights };
}

interface Known {
  readonly instance: EndDocument;
  readonly at: Configuration;
  readonly within: Rational;
  readonly name: RunName;
}

/** `more`: added to the bits of every radius. */
export function landingText(
  m: Instance,
  { instance: { instance, gradient, weights }, at, within, name }: Known,
  groups: readonly Group[],
  more: number,
  sha256: Digest,
): string {
  const covered = new Set(groups.flatMap((part) => part.features));
  const pays = (f: Instance['features'][number], d: number): boolean =>
    f.weight.sign() > 0 && !f.wr.isZero() && !covered.has(d);
  const classes = groups.map((part) => part.class);
  const lossless = classes.every((c) => c === 'zero-loss') && !m.features.some(pays);
  const document = {
    format: 'dictum/landing@1',
    instance,
    run: {
      backend: name.backend ?? 'tiny',
      seed: name.seed,
      index: name.index,
      steps: name.steps,
      settings: name.settings,
      weights,
    },
    gradient,
    distance: `${within}`,
    ...configurationDocument(at, m.nr),
    components: groups.map((part) => ({
      neurons: part.neurons.map((i) => i + 1),
      features: part.features.map((d) => d + 1),
      class: part.class,
      proof: typeof part.proof === 'function' ? part.proof(part.bits + more) : part.proof,
    })),
    class: lossless
      ? 'zero-loss'
      : ((['saddle', 'face-minimum'] as const).find((c) => classes.includes(c)) ?? 'local-minimum'),
  };
  return sealed(document, sha256);
}
