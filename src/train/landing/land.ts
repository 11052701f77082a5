/**
 * Matches the end point of every run to a certified critical configuration. A component that the kernel has certified once, in
 * one run, serves for others with the same sets and the same predictions (so the same point up to the gauge); every other run is
 * certified by itself.
 */
import type { Digest } from '../../kernel/canonical.ts';
import type { Instance } from '../../kernel/instance.ts';
import type { LandingClass } from '../../kernel/landing/landing.ts';
import { evaluate, tape } from '../tiny/loss.ts';
import { type TinyProblem, weightCount } from '../tiny/problem.ts';
import type { TrainedRuns } from '../tiny/train.ts';
import { type Certified, certifyRun, predictionsOf, type RunName } from './certify.ts';
import { type Reading, stateOf } from './pattern.ts';
import { dotOf, encoderOf, inputOf, type Part, partsOf, type State, stateLoss } from './state.ts';

export interface LandSettings {
  /** How near-kink signs are read, one way after the other. */
  readonly readings: readonly Reading[];
  /** Farthest that a certified configuration may be from the end weights, in any coordinate. */
  readonly radius: number;
  /** Every kind of end gets a certificate of its own, also where other runs' certificates cover all of its components. */
  readonly each: boolean;
}

export const LAND_DEFAULTS: LandSettings = {
  readings: [
    { width: 1e-6, near: 'off' },
    { width: 1e-4, near: 'off' },
    { width: 1e-4, near: 'on' },
    { width: 1e-3, near: 'off' },
    { width: 1e-3, near: 'on' },
  ],
  radius: 1e-2,
  each: false,
};

export interface End {
  /** F_i, 0-based, sets first, in lexicographic order: neurons have no names. */
  readonly pattern: readonly (readonly number[])[];
  readonly class: LandingClass;
  readonly loss: number;
  readonly count: number;
  /** The run whose certificate is `certificate`. */
  readonly run: number;
  readonly certificate: Certified | undefined;
}

export interface Open {
  readonly run: number;
  readonly why: string;
}

export interface Landing {
  readonly runs: number;
  readonly converged: number;
  readonly matched: number;
  readonly ends: readonly End[];
  /** Converged and matched to nothing; not converged at all. */
  readonly unmatched: readonly Open[];
  readonly unconverged: readonly Open[];
  /** Certificates that the kernel replayed for this. */
  readonly certified: number;
}

interface Found {
  readonly classes: readonly LandingClass[];
  readonly state: State;
  readonly outcome: Certified | undefined;
}

interface Known {
  readonly predictions: readonly number[];
  readonly class: LandingClass;
}

const SAME = 1e-5;

/** The sets of a component, without the names of its neurons. */
const keyOf = (s: State, { neurons }: Part): string =>
  neurons
    .map((i) => `${(s.on[i] as number[]).join(',')}|${(s.kinks[i] as number[]).join(',')}`)
    .sort()
    .join(';');

const close = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((x, k) => Math.abs(x - (b[k] as number)) <= SAME * (1 + Math.abs(x)));

/** Every pair that is neither on nor held is off by a margin: nothing at a kink is left to settle. */
function strictlyOff(s: State, width: number): boolean {
  if (s.p.activation.kind !== 'relu') return true;
  return s.on.every((set, i) =>
    Array.from({ length: s.p.n }, (_, d) => d).every(
      (d) => set.includes(d) || s.kinks[i]?.includes(d) || dotOf(encoderOf(s, i), inputOf(s.p, d)) <= -width / 4,
    ),
  );
}

const patternOfEnd = (s: State): number[][] =>
  s.on.map((set) => [...set]).sort((a, b) => (a.length === 0 ? 1 : b.length === 0 ? -1 : `${a}` < `${b}` ? -1 : 1));

export function land(
  m: Instance,
  p: TinyProblem,
  trained: TrainedRuns,
  nameOf: (run: number) => RunName,
  settings: LandSettings,
  sha256: Digest,
  tell: (done: number) => void = () => undefined,
): Landing {
  const library = new Map<string, Known[]>();
  const ends = new Map<string, { -readonly [K in keyof End]: End[K] }>();
  const [unmatched, unconverged]: [Open[], Open[]] = [[], []];
  const [count, t] = [weightCount(p), tape(p)];
  let certified = 0;
  const matchRun = (run: number, weights: Float32Array): Found | { readonly why: string } => {
    let why = '';
    for (const reading of settings.readings) {
      const state = stateOf(p, weights, reading);
      const parts = partsOf(state.on);
      const described = parts.map((part) => ({ key: keyOf(state, part), predictions: predictionsOf(state, part) }));
      const known = described.map(({ key, predictions }) =>
        library.get(key)?.find((k) => close(predictions, k.predictions)),
      );
      if (known.every((k) => k !== undefined) && parts.length > 0 && strictlyOff(state, reading.width)) {
        return { classes: known.map((k) => k.class), state, outcome: undefined };
      }
      const outcome = certifyRun(m, p, weights, state, nameOf(run), settings.radius, sha256);
      if (typeof outcome === 'string') {
        why ||= outcome;
        continue;
      }
      certified++;
      const { components } = outcome.landed;
      const classes = parts.map(({ features }) =>
        overall(
          components.flatMap((c) => (c.features.some((d) => features.includes(d)) ? [c.class] : [])),
          false,
        ),
      );
      described.forEach(({ key, predictions }, k) => {
        if (known[k]) return;
        library.set(key, [...(library.get(key) ?? []), { predictions, class: classes[k] as LandingClass }]);
      });
      return { classes, state, outcome };
    }
    return { why };
  };
  const certifyOne = (run: number): Certified | undefined => {
    const weights = trained.weights.subarray(run * count, (run + 1) * count);
    for (const reading of settings.readings) {
      const state = stateOf(p, weights, reading);
      const found = certifyRun(m, p, weights, state, nameOf(run), settings.radius, sha256);
      if (typeof found !== 'string') return found;
    }
    return undefined;
  };
  for (let run = 0; run < trained.runs; run++) {
    if (run % 500 === 0) tell(run);
    const weights = trained.weights.subarray(run * count, (run + 1) * count);
    if (!trained.converged[run]) {
      const size = trained.gradient[run] as number;
      unconverged.push({ run, why: `gradient ${size.toExponential(2)} after ${trained.steps[run]} steps` });
      continue;
    }
    const found = matchRun(run, weights);
    if ('why' in found) {
      unmatched.push({ run, why: found.why });
      continue;
    }
    const { classes, state, outcome } = found;
    const pattern = patternOfEnd(state);
    const loss = evaluate(p, Float64Array.from(weights), 0, t);
    const covers = stateLoss(state) > 0 && loss <= 1e-9 * stateLoss(state);
    const whole = covers ? 'zero-loss' : overall([...classes, 'local-minimum'], false);
    const key = `${JSON.stringify(pattern)} ${whole} ${whole === 'zero-loss' ? 0 : loss.toPrecision(5)}`;
    const end = ends.get(key);
    if (end) {
      end.count++;
      if (!end.certificate && outcome) [end.certificate, end.run] = [outcome, run];
    } else
      ends.set(key, {
        pattern,
        class: whole,
        loss: whole === 'zero-loss' ? 0 : loss,
        count: 1,
        run,
        certificate: outcome,
      });
  }
  const list = [...ends.values()].sort((a, b) => b.count - a.count);
  if (settings.each) {
    for (const end of list) {
      if (end.certificate) continue;
      end.certificate = certifyOne(end.run);
      if (end.certificate) certified++;
    }
  }
  const converged = trained.runs - unconverged.length;
  return {
    runs: trained.runs,
    converged,
    matched: converged - unmatched.length,
    ends: list,
    unmatched,
    unconverged,
    certified,
  };
}

function overall(classes: readonly LandingClass[], lossless: boolean): LandingClass {
  if (lossless || (classes.length > 0 && classes.every((c) => c === 'zero-loss'))) return 'zero-loss';
  return (['saddle', 'face-minimum'] as const).find((c) => classes.includes(c)) ?? 'local-minimum';
}
