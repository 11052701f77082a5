/** The landing of one run: proposes the critical configuration near its end weights and has the kernel replay the certificate. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import type { Document } from '../../solve/proofs/document.ts';
import { checkLanding, type Landed } from '../check/landing.ts';
import { type SdlProblem, toNumber } from '../runs/problem.ts';
import { endDocument, type Group, landingText, type RunName } from './document.ts';
import { configurationOfRun, powerAbove } from './dyadic.ts';
import { eckartYoungPoint, eigenspacePoint, zeroLossPoint } from './exact.ts';
import { proposeLossless } from './lossless.ts';
import { type NewtonProposal, proposeNewton } from './newton.ts';
import { isRefused, type Refusal } from './refusal.ts';
import { movedTo, type Part, type Point, partsOf, residualOf, type State } from './state.ts';

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
  readonly p: SdlProblem;
  /** Its end weights, exactly. */
  readonly end: Configuration;
  readonly name: RunName;
}

/**
 * The certificate of a run, or why there is none. `at` is what the weights are taken for; the critical configuration may be no
 * farther from the weights than `radius`, in any coordinate.
 */
export function certifyRun(run: EndedRun, at: State, radius: number, sha256: Digest): Certified | Refusal {
  const start: Point = { ...at, at: configurationOfRun(run.p, at.x) };
  try {
    const proposal = propose(run.m, start, false);
    if (isRefused(proposal)) return proposal;
    const found = certified(run, proposal, radius, sha256);
    if (!isRefused(found) || !proposal.groups.some(byIntervals)) return found;
    // What was refused has a group by rule `lossless`: an exact point may do instead.
    const exact = propose(run.m, start, true);
    const instead = isRefused(exact) ? exact : certified(run, exact, radius, sha256);
    return isRefused(instead) ? found : instead;
  } catch (thrown) {
    if (thrown instanceof Rejection && thrown.code === 'tie') return { refused: 'tie', found: thrown.found };
    throw thrown;
  }
}

const byIntervals = ({ class: word, proof }: Group): boolean => word === 'zero-loss' && typeof proof === 'function';

/** A point, and the groups that are proved there. */
interface Proposal {
  readonly point: Point;
  readonly groups: readonly Group[];
}

/** `exact`: parts of zero loss by an exact point only, not by intervals. */
function propose(m: Instance, start: Point, exact: boolean): Proposal | Refusal {
  return each(partsOf(start.on, start.p), start, (point, part) => proposePart(m, point, part, exact));
}

/** One part after the other, each from where those before it went. */
function each(
  parts: readonly Part[],
  start: Point,
  propose: (point: Point, part: Part) => Proposal | Refusal,
): Proposal | Refusal {
  const groups: Group[] = [];
  let point = start;
  for (const part of parts) {
    const found = propose(point, part);
    if (isRefused(found)) return found;
    point = found.point;
    for (const one of found.groups) groups.push(one);
  }
  return { point, groups };
}

function certified(
  { m, end, name }: EndedRun,
  { point: { at }, groups }: Proposal,
  radius: number,
  sha256: Digest,
): Certified | Refusal {
  const apart = distance(end, at);
  if (apart > radius) return { refused: 'too-far', apart };
  const instance = endDocument(m, end, sha256);
  const known = { instance, at, within: powerAbove(2 * apart + 1e-5), name };
  let refused: Rejection | undefined;
  for (const more of groups.some(({ proof }) => typeof proof === 'function') ? ATTEMPTS : [0]) {
    const text = landingText(m, known, groups, more, sha256);
    const landed = checkLanding(text, sha256);
    if (!(landed instanceof Rejection)) return { text, landed };
    refused ??= landed;
  }
  return { refused: 'by-check', code: `${refused?.code}`, said: `${refused}` };
}

/** A component: its features with and without loss apart if that can be, or else as one. */
function proposePart(m: Instance, s: Point, part: Part, exact: boolean): Proposal | Refusal {
  const size = largestOf(s.p.wr.map(Math.abs));
  const isLossless = (d: number): boolean => largestOf(residualOf(s, d).map(Math.abs)) <= LOSSLESS * size;
  const lossless = part.features.filter(isLossless);
  if (lossless.length === part.features.length) {
    const found = exact ? undefined : byMoving(s, part, proposeLossless(m, s, part));
    if (found && !isRefused(found)) return found;
    const at = zeroLossPoint(m, s, part);
    if (at) return oneGroup({ ...s, at }, { ...part, proof: { rule: 'zero-loss' }, bits: 0, class: 'zero-loss' });
  } else if (lossless.length > 0) {
    const peeled = peel(m, s, part, lossless);
    if (!isRefused(peeled)) return peeled;
  }
  return proposeGroup(m, s, part);
}

/** Features with loss and all neurons active on them, component by component; then the others, by the neurons that are left. */
function peel(m: Instance, s: Point, part: Part, lossless: readonly number[]): Proposal | Refusal {
  const within = s.on.map((set, i) => (part.neurons.includes(i) ? set.filter((d) => !lossless.includes(d)) : []));
  const paying = each(partsOf(within, s.p), { ...s, on: within }, (point, group) => proposeGroup(m, point, group));
  if (isRefused(paying)) return paying;
  const slack = part.neurons.filter((i) => within[i]?.length === 0);
  const rest = s.on.map((set, i) => (slack.includes(i) ? set : []));
  const reached = new Set(rest.flat());
  if (!lossless.every((d) => reached.has(d))) return { refused: 'no-own-neuron' };
  const free = each(partsOf(rest, s.p), { ...paying.point, on: s.on }, (point, group) =>
    byMoving(point, group, proposeLossless(m, point, group)),
  );
  if (isRefused(free)) return free;
  const widest = largestOf(
    free.groups.map(({ bits }) => bits),
    0,
  );
  const narrow = paying.groups.map((group) => ({ ...group, bits: Math.max(group.bits, widest + WIDER) }));
  return { point: free.point, groups: [...narrow, ...free.groups] };
}

/** One group by rule `top-eigenvalue`, `newton` or `eckart-young`. */
function proposeGroup(m: Instance, s: Point, group: Part): Proposal | Refusal {
  const minimum = ({ at, proof }: { at: Configuration; proof: Document }): Proposal =>
    oneGroup({ ...s, at }, { ...group, proof, bits: 0, class: 'local-minimum' });
  const faces = group.neurons.some((i) => (s.kinks[i] as number[]).length > 0);
  const space = faces ? undefined : eigenspacePoint(m, s, group);
  if (space) return minimum(space);
  const found = byMoving(s, group, proposeNewton(m, s, group));
  if (!isRefused(found)) return found;
  const best = eckartYoungPoint(m, s, group);
  return best ? minimum(best) : found;
}

const oneGroup = (point: Point, group: Group): Proposal => ({ point, groups: [group] });

/** The neurons of a proposal where it says. */
function byMoving(s: Point, group: Part, found: NewtonProposal | Refusal): Proposal | Refusal {
  if (isRefused(found)) return found;
  const { np, nr } = s.p;
  const rows = (old: readonly Vector[], from: number, length: number): Vector[] =>
    old.map((row, i) => {
      const first = group.neurons.indexOf(i) * (np + nr) + from;
      return group.neurons.includes(i) ? Vector.of(found.center.slice(first, first + length)) : row;
    });
  const at = { we: rows(s.at.we, 0, np), wd: rows(s.at.wd, np, nr) };
  const moved = movedTo(s, group.neurons, found.center.map(toNumber));
  return oneGroup({ ...moved, at }, { ...group, proof: found.proof, bits: found.bits, class: found.class });
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
