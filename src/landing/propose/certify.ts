/** The landing of one run: proposes the critical configuration near its end weights and has the kernel replay the certificate. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { checkLanding, type Landed } from '../check/landing.ts';
import { type TinyProblem, toNumber } from '../runs/problem.ts';
import { endDocument, type Group, landingText, type RunName } from './document.ts';
import { configurationOfRun, powerAbove } from './dyadic.ts';
import { eckartYoungPoint, eigenspacePoint, zeroLossPoint } from './exact.ts';
import { proposeLossless } from './lossless.ts';
import { type NewtonProposal, proposeNewton } from './newton.ts';
import { type Part, partsOf, residualOf, type State } from './state.ts';

/** Residuals below this, relative to the targets, are taken for 0. */
const LOSSLESS = 3e-4;
/** Added to the bits of the likeliest radius, in the order they are tried. */
const ATTEMPTS: readonly number[] = [0, 6, -5, 12];
/** Neurons of a `lossless` group answer to the others, which may be anywhere in their own box: theirs is 2^WIDER times as wide. */
const WIDER = 9;

export interface Certified {
  readonly text: string;
  readonly landed: Landed;
}

/** A run that has ended. */
export interface EndedRun {
  readonly m: Instance;
  readonly p: TinyProblem;
  readonly weights: Float32Array;
  readonly name: RunName;
}

/**
 * The certificate of a run, or why there is none. `state` is what the weights were taken for; it is moved to the critical point, which
 * may be no farther from the weights than `radius`, in any coordinate.
 */
export function certifyRun(run: EndedRun, state: State, radius: number, sha256: Digest): Certified | string {
  const before = Float64Array.from(state.x);
  try {
    const found = certifyBy(run, state, radius, sha256, false);
    if (typeof found !== 'string' || !found.startsWith(INTERVALS)) return found;
    state.x.set(before);
    const exact = certifyBy(run, state, radius, sha256, true);
    return typeof exact === 'string' ? found.slice(INTERVALS.length) : exact;
  } catch (thrown) {
    // Weights at which Top-k does not say who passes: L~ is not defined there.
    if (thrown instanceof Rejection && thrown.code === 'tie') return thrown.found;
    throw thrown;
  }
}

/** Begins the reason why a certificate was refused that has a group by rule `lossless`: an exact point may do instead. */
const INTERVALS = 'by intervals: ';

/** `exact`: parts of zero loss by an exact point only, not by intervals. */
function certifyBy(
  { m, p, weights, name }: EndedRun,
  state: State,
  radius: number,
  sha256: Digest,
  exact: boolean,
): Certified | string {
  const groups: Group[] = [];
  let at: Configuration = configurationOfRun(p, state.x);
  for (const part of partsOf(state.on)) {
    const found = proposePart(m, state, part, at, exact);
    if (typeof found === 'string') return found;
    at = found.at;
    for (const one of found.groups) groups.push(one);
    if (!state.x.every(Number.isFinite)) return 'Newton steps that leave the numbers';
  }
  const intervals = groups.some(({ class: word, proof }) => word === 'zero-loss' && typeof proof === 'function');
  const refusal = (why: string): string => `${intervals ? INTERVALS : ''}${why}`;
  const end = configurationOfRun(p, weights);
  const apart = distance(end, at);
  if (apart > radius) return refusal(`the nearest critical configuration found is ${apart.toExponential(2)} away`);
  const instance = endDocument(m, end, sha256);
  const known = { instance, at, within: powerAbove(2 * apart + 1e-5), name };
  let refused: Rejection | undefined;
  for (const more of groups.some(({ proof }) => typeof proof === 'function') ? ATTEMPTS : [0]) {
    const text = landingText(m, known, groups, more, sha256);
    const landed = checkLanding(text, sha256);
    if (!(landed instanceof Rejection)) return { text, landed };
    refused ??= landed;
  }
  return refusal(`${refused}`);
}

interface PartFound {
  readonly at: Configuration;
  readonly groups: readonly Group[];
}

/** A component: its features with and without loss apart if that can be, or else as one. */
function proposePart(m: Instance, s: State, part: Part, at: Configuration, exact: boolean): PartFound | string {
  const size = largestOf(s.p.wr.map(Math.abs));
  const isLossless = (d: number): boolean => largestOf(residualOf(s, d).map(Math.abs)) <= LOSSLESS * size;
  const lossless = part.features.filter(isLossless);
  const before = Float64Array.from(s.x);
  if (lossless.length === part.features.length) {
    const found = exact ? 'no' : groupOf(m, part, at, proposeLossless(m, s, part));
    if (typeof found !== 'string') return found;
    s.x.set(before);
    const point = zeroLossPoint(m, s, part, at);
    if (point) return { at: point, groups: [{ ...part, proof: { rule: 'zero-loss' }, bits: 0, class: 'zero-loss' }] };
  } else if (lossless.length > 0) {
    const peeled = peel(m, s, part, lossless, at);
    if (typeof peeled !== 'string') return peeled;
    s.x.set(before);
  }
  return proposeGroup(m, s, part, at);
}

/** Features with loss and all neurons active on them, component by component; then the others, by the neurons that are left. */
function peel(m: Instance, s: State, part: Part, lossless: readonly number[], at: Configuration): PartFound | string {
  const within = s.on.map((set, i) => (part.neurons.includes(i) ? set.filter((d) => !lossless.includes(d)) : []));
  const inner: State = { ...s, on: within };
  const groups: Group[] = [];
  let now = at;
  for (const group of partsOf(within)) {
    const found = proposeGroup(m, inner, group, now);
    if (typeof found === 'string') return found;
    now = found.at;
    for (const one of found.groups) groups.push(one);
  }
  const slack = part.neurons.filter((i) => within[i]?.length === 0);
  const rest = s.on.map((set, i) => (slack.includes(i) ? set : []));
  const reached = new Set(rest.flat());
  if (!lossless.every((d) => reached.has(d))) return 'no neuron of its own for a feature without loss';
  const free: Group[] = [];
  for (const group of partsOf(rest)) {
    const found = groupOf(m, group, now, proposeLossless(m, s, group));
    if (typeof found === 'string') return found;
    now = found.at;
    for (const one of found.groups) free.push(one);
  }
  const widest = largestOf(
    free.map(({ bits }) => bits),
    0,
  );
  const narrow = groups.map((group) => ({ ...group, bits: Math.max(group.bits, widest + WIDER) }));
  return { at: now, groups: [...narrow, ...free] };
}

/** One group by rule `top-eigenvalue` or `newton`. */
function proposeGroup(m: Instance, s: State, group: Part, at: Configuration): PartFound | string {
  const faces = group.neurons.some((i) => (s.kinks[i] as number[]).length > 0);
  const space = faces ? undefined : eigenspacePoint(m, s, group, at);
  if (space) return { at: space.at, groups: [{ ...group, proof: space.proof, bits: 0, class: 'local-minimum' }] };
  const before = Float64Array.from(s.x);
  const found = proposeNewton(m, s, group);
  if (typeof found !== 'string') return groupOf(m, group, at, found);
  s.x.set(before);
  const best = eckartYoungPoint(m, s, group, at);
  if (!best) return found;
  return { at: best.at, groups: [{ ...group, proof: best.proof, bits: 0, class: 'local-minimum' }] };
}

/** Puts the neurons of a proposal where it says. */
function groupOf(m: Instance, group: Part, at: Configuration, found: NewtonProposal | string): PartFound | string {
  if (typeof found === 'string') return found;
  const size = m.np + m.nr;
  const rows = (old: readonly Vector[], from: number, length: number): Vector[] =>
    old.map((row, i) => {
      const k = group.neurons.indexOf(i);
      return k < 0 ? row : Vector.of(found.center.slice(k * size + from, k * size + from + length));
    });
  const moved = { we: rows(at.we, 0, m.np), wd: rows(at.wd, m.np, m.nr) };
  return { at: moved, groups: [{ ...group, proof: found.proof, bits: found.bits, class: found.class }] };
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
