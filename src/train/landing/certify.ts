/** The landing of one run: proposes the critical configuration near its end weights and has the kernel replay the certificate. */
import type { Digest } from '../../kernel/canonical.ts';
import { documentId } from '../../kernel/canonical.ts';
import type { Configuration, Instance } from '../../kernel/instance.ts';
import { parseJson } from '../../kernel/json.ts';
import { checkLanding, type Landed, type LandingClass } from '../../kernel/landing/landing.ts';
import { gradients } from '../../kernel/model.ts';
import { type Rational, sum } from '../../kernel/rational.ts';
import { Rejection } from '../../kernel/rejection.ts';
import { Vector } from '../../kernel/vector.ts';
import { configurationDocument, type Document, instanceDocument, sealed } from '../../solve/document.ts';
import { type TinyProblem, toNumber } from '../tiny/problem.ts';
import { configurationOfRun, powerAbove } from './dyadic.ts';
import { eigenspacePoint, zeroLossPoint } from './exact.ts';
import { proposeLossless } from './lossless.ts';
import { type NewtonProposal, proposeNewton } from './newton.ts';
import { dotOf, type Part, partsOf, residualOf, type State } from './state.ts';

/** Residuals below this, relative to the targets, are taken for 0. */
const LOSSLESS = 3e-4;

/** How a run is named in its certificate. */
export interface RunName {
  readonly seed: number;
  readonly index: number;
  readonly steps: number;
  readonly settings: { readonly [key: string]: string };
}

export interface Certified {
  readonly text: string;
  readonly landed: Landed;
}

interface Proposal extends Part {
  /** By attempt: radii differ. */
  readonly proofs: readonly Document[];
  readonly class: LandingClass;
}

/** The certificate of a run, or why there is none. `state` is what the weights were taken for; it is moved to the critical point. */
export function certifyRun(
  m: Instance,
  p: TinyProblem,
  weights: Float32Array,
  state: State,
  name: RunName,
  radius: number,
  sha256: Digest,
): Certified | string {
  const proposals: Proposal[] = [];
  let at: Configuration = configurationOfRun(p, state.x);
  for (const part of partsOf(state.on)) {
    const found = proposePart(m, state, part, at);
    if (typeof found === 'string') return found;
    at = found.at;
    proposals.push(...found.groups);
    if (!state.x.every(Number.isFinite)) return 'Newton steps that leave the numbers';
  }
  const end = configurationOfRun(p, weights);
  const apart = distance(end, at);
  if (apart > radius) return `the nearest critical configuration found is ${apart.toExponential(2)} away`;
  const attempts = Math.max(1, ...proposals.map(({ proofs }) => proofs.length));
  let refused: Rejection | undefined;
  for (let k = 0; k < attempts; k++) {
    const text = landingText(m, end, at, proposals, k, powerAbove(2 * apart + 1e-6), name, sha256);
    const landed = checkLanding(text, sha256);
    if (!(landed instanceof Rejection)) return { text, landed };
    refused ??= landed;
  }
  return `${refused}`;
}

interface PartFound {
  readonly at: Configuration;
  readonly groups: readonly Proposal[];
}

/** A component: its features with and without loss apart if that can be, or else as one. */
function proposePart(m: Instance, s: State, part: Part, at: Configuration): PartFound | string {
  const size = Math.max(...s.p.wr.map(Math.abs));
  const isLossless = (d: number): boolean => Math.max(...residualOf(s, d).map(Math.abs)) <= LOSSLESS * size;
  const lossless = part.features.filter(isLossless);
  const before = Float64Array.from(s.x);
  const restore = (): void => s.x.set(before);
  if (lossless.length === part.features.length) {
    const found = groupOf(m, s, part, at, 'zero-loss', proposeLossless(m, s, part));
    if (typeof found !== 'string') return found;
    const exact = zeroLossPoint(m, s, part, configurationOfRun(s.p, s.x));
    if (exact) return { at: exact, groups: [{ ...part, proofs: [{ rule: 'zero-loss' }], class: 'zero-loss' }] };
    restore();
  } else if (lossless.length > 0) {
    const peeled = peel(m, s, part, lossless, at);
    if (typeof peeled !== 'string') return peeled;
    restore();
  }
  return proposeGroup(m, s, part, at);
}

/** Features with loss and all neurons active on them, component by component; then the others, by the neurons that are left. */
function peel(m: Instance, s: State, part: Part, lossless: readonly number[], at: Configuration): PartFound | string {
  const within = s.on.map((set, i) => (part.neurons.includes(i) ? set.filter((d) => !lossless.includes(d)) : []));
  const inner: State = { ...s, on: within };
  const groups: Proposal[] = [];
  let now = at;
  for (const group of partsOf(within)) {
    const found = proposeGroup(m, inner, group, now);
    if (typeof found === 'string') return found;
    now = found.at;
    groups.push(...found.groups);
  }
  const slack = part.neurons.filter((i) => within[i]?.length === 0);
  const rest = s.on.map((set, i) => (slack.includes(i) ? set : []));
  const reached = new Set(rest.flat());
  if (!lossless.every((d) => reached.has(d))) return 'no neuron of its own for a feature without loss';
  for (const group of partsOf(rest)) {
    const found = groupOf(m, s, group, now, 'zero-loss', proposeLossless(m, s, group));
    if (typeof found === 'string') return found;
    now = found.at;
    groups.push(...found.groups);
  }
  return { at: now, groups };
}

/** One group by rule `top-eigenvalue` or `newton`. */
function proposeGroup(m: Instance, s: State, group: Part, at: Configuration): PartFound | string {
  const faces = group.neurons.some((i) => (s.kinks[i] as number[]).length > 0);
  const space = faces ? undefined : eigenspacePoint(m, s, group, at);
  if (space) return { at: space.at, groups: [{ ...group, proofs: [space.proof], class: 'local-minimum' }] };
  const found = proposeNewton(m, s, group);
  const saddle = typeof found !== 'string' && found.proofs.some((proof) => Object.hasOwn(proof as object, 'descent'));
  return groupOf(m, s, group, at, saddle ? 'saddle' : faces ? 'face-minimum' : 'local-minimum', found);
}

/** Puts the neurons of a proposal where it says. */
function groupOf(
  m: Instance,
  s: State,
  group: Part,
  at: Configuration,
  word: LandingClass,
  found: NewtonProposal | string,
): PartFound | string {
  if (typeof found === 'string') return found;
  const size = m.np + m.nr;
  const rows = (old: readonly Vector[], from: number, length: number): Vector[] =>
    old.map((row, i) => {
      const k = group.neurons.indexOf(i);
      return k < 0 ? row : Vector.of(found.center.slice(k * size + from, k * size + from + length));
    });
  const moved = { we: rows(at.we, 0, m.np), wd: rows(at.wd, m.np, s.p.nr) };
  return { at: moved, groups: [{ ...group, proofs: found.proofs, class: word }] };
}

function distance(a: Configuration, b: Configuration): number {
  let most = 0;
  for (const key of ['we', 'wd'] as const) {
    a[key].forEach((row, i) => {
      for (const x of row.minus(b[key][i] as Vector).entries()) most = Math.max(most, Math.abs(toNumber(x)));
    });
  }
  return most;
}

function landingText(
  m: Instance,
  end: Configuration,
  at: Configuration,
  proposals: readonly Proposal[],
  attempt: number,
  within: Rational,
  name: RunName,
  sha256: Digest,
): string {
  const { pattern: _, ...shape } = m;
  const instance = instanceDocument({ ...shape, configuration: end });
  const { we, wd } = gradients(m, end);
  const weights = documentId(parseJson(JSON.stringify({ wd: instance.wd, we: instance.we })), sha256);
  const classes = proposals.map((part) => part.class);
  const covered = new Set(proposals.flatMap((part) => part.features));
  const pays = (f: Instance['features'][number], d: number): boolean =>
    f.weight.sign() > 0 && !f.wr.isZero() && !covered.has(d);
  const lossless = classes.every((c) => c === 'zero-loss') && !m.features.some(pays);
  const document = {
    format: 'dictum/landing@1',
    instance,
    run: { backend: 'tiny', seed: name.seed, index: name.index, steps: name.steps, settings: name.settings, weights },
    gradient: `${sum([...we, ...wd].map((row) => row.dot(row)))}`,
    distance: `${within}`,
    ...configurationDocument(at, m.nr),
    components: proposals.map((part) => ({
      neurons: part.neurons.map((i) => i + 1),
      features: part.features.map((d) => d + 1),
      class: part.class,
      proof: part.proofs[Math.min(attempt, part.proofs.length - 1)] as Document,
    })),
    class: lossless
      ? 'zero-loss'
      : ((['saddle', 'face-minimum'] as const).find((c) => classes.includes(c)) ?? 'local-minimum'),
  };
  return sealed(document, sha256);
}

/** What a component predicts: equal for critical points that differ by the gauge only. */
export function predictionsOf(s: State, part: Part): number[] {
  return part.features.flatMap((d) => {
    const rho = residualOf(s, d);
    return [...rho, dotOf(rho, rho)];
  });
}
