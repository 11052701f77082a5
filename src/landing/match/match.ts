/** One run: its end weights matched to a critical configuration by a certificate of its own, which the kernel has replayed. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import type { LandingClass } from '../check/landing.ts';
import { certifyRun } from '../propose/certify.ts';
import type { RunName } from '../propose/document.ts';
import { configurationOfRun } from '../propose/dyadic.ts';
import { type Reading, stateOf } from '../propose/pattern.ts';
import { isRefused, type Refusal } from '../propose/refusal.ts';
import { dotOf, encoderOf, inputOf, type State } from '../propose/state.ts';
import { evaluate, tape } from '../runs/loss.ts';
import { type SdlProblem, toNumber } from '../runs/problem.ts';

export interface MatchSettings {
  /** How near-kink signs are read, one way after the other; before them, as the floats are. */
  readonly readings: readonly Reading[];
  /** Farthest that a certified configuration may be from the end weights, in any coordinate. */
  readonly radius: number;
}

export interface Match {
  /** F_i, 0-based, sets first, in lexicographic order: neurons have no names. */
  readonly pattern: readonly (readonly number[])[];
  readonly class: LandingClass;
  /** Of the certified configuration, exactly 0 where it is of zero loss. */
  readonly loss: number;
  /** Bounds, rounded up: how far the certified configuration is from the end weights in any coordinate, and |grad L~| at these. */
  readonly apart: number;
  readonly gradient: number;
  /** The text of the certificate. */
  readonly text: string;
}

const AS_IS: Reading = { width: 0, near: 'off' };
/** Beyond this from every kink there is one way to read the signs. */
const CLEAR = 2e-3;
/** Nearer than this, signs of floats say nothing, unless the loss is 0. */
const DOUBTFUL = 1e-5;
/** A loss below this, relative to that of no neurons at all, is likely to be 0. */
const NO_LOSS = 1e-7;

export function matchRun(
  m: Instance,
  p: SdlProblem,
  weights: Float32Array,
  settings: MatchSettings,
  name: RunName,
  sha256: Digest,
): Match | Refusal {
  const end = configurationOfRun(p, weights);
  let refusal: Refusal | undefined;
  for (const reading of readingsFor(p, weights, settings)) {
    const state = stateOf(p, weights, reading);
    const outcome = certifyRun({ m, p, end, name }, state, settings.radius, sha256);
    if (isRefused(outcome)) {
      refusal ??= outcome;
      continue;
    }
    const { landed, text } = outcome;
    const middle = (toNumber(landed.loss.lower) + toNumber(landed.loss.upper)) / 2;
    const loss = landed.class === 'zero-loss' ? 0 : middle;
    const gradient = Math.sqrt(raised(landed.gradient));
    return { pattern: patternOfEnd(state), class: landed.class, loss, apart: raised(landed.apart), gradient, text };
  }
  return refusal as Refusal;
}

/** A float no smaller than x >= 0: `toNumber` and one operation more are off by less than 2^-40. */
const raised = (x: Rational): number => toNumber(x) * (1 + 2 ** -40);

export function readingsFor(
  p: SdlProblem,
  weights: ArrayLike<number>,
  { readings }: MatchSettings,
): readonly Reading[] {
  if (p.activation.kind !== 'relu') return [AS_IS];
  const x = Float64Array.from(weights);
  const loss = evaluate(p, x, 0, tape(p));
  const none = evaluate(p, new Float64Array(x.length), 0, tape(p));
  const state: State = { p, x: [...x], on: [], kinks: [] };
  let least = Infinity;
  for (let at = 0; at < p.nq * p.n; at++) {
    least = Math.min(least, Math.abs(dotOf(encoderOf(state, Math.floor(at / p.n)), inputOf(p, at % p.n))));
  }
  if (least > CLEAR) return [AS_IS];
  if (loss <= NO_LOSS * none || least > DOUBTFUL) return [AS_IS, ...readings];
  return [...readings, AS_IS];
}

const patternOfEnd = (s: State): number[][] =>
  s.on.map((set) => [...set]).sort((a, b) => (a.length === 0 ? 1 : b.length === 0 ? -1 : `${a}` < `${b}` ? -1 : 1));
