/**
 * A critical configuration near weights that are given: descent in floats goes on from them until it rests, and what is near its end is proved, by the certificate of a
 * landing. The distance in it is that from the weights given.
 */
import type { Digest } from '../../kernel/document/canonical.ts';
import { configurationOf, type Instance } from '../../kernel/model/instance.ts';
import { type Certified, certifyRun } from '../propose/certify.ts';
import { stateOf } from '../propose/pattern.ts';
import { isRefused, reasonOf } from '../propose/refusal.ts';
import { descend } from '../runs/descend.ts';
import { finish } from '../runs/finish.ts';
import { evaluate, tape } from '../runs/loss.ts';
import { sdlProblem, toNumber } from '../runs/problem.ts';
import { LAND_DEFAULTS } from './landOn.ts';
import { readingsFor } from './match.ts';

/** Coordinates of all neurons, where descent ends at loss 0 and where it does not: there each way to read the signs takes the third power of them. */
const [MOST_AT_ZERO, MOST_COORDINATES] = [900, 400];
const MOST_READ = MOST_COORDINATES ** 3;
/** Coordinates of all residuals, where they become 0. */
const MOST_RESIDUALS = 400;
/** Within this of a kink a pre-activation may be held at it. */
const WIDTH = 1e-6;
const STEPS = 3000;
/** Coordinates up to which second derivatives help descent to its end. */
const MOST_FINISHED = 250;
/** A loss below this, relative to that of no neurons, is likely to be 0. */
const NO_LOSS = 1e-12;

/** The certificate, or why there is none. No coordinate is farther than `radius` from the weights of the instance. */
export function landNear(m: Instance, radius: number, sha256: Digest): Certified | { readonly why: string } {
  if (m.lifted) return { why: 'not looked for with biases, thresholds or inputs of their own' };
  const size = m.neurons * (m.np + m.nr);
  const residuals = m.features.length * m.nr;
  const most = residuals > MOST_RESIDUALS ? MOST_COORDINATES : MOST_AT_ZERO;
  if (size > most) return { why: `${size} coordinates, at most ${most} are tried` };
  const p = sdlProblem(m, MOST_AT_ZERO);
  if (!p) return { why: `not looked for under ${m.activation.kind}` };
  const end = configurationOf(m);
  const weights = Float64Array.from([...end.we, ...end.wd].flatMap((v) => v.entries().map(toNumber)));
  descend(p, weights, STEPS);
  if (size <= MOST_FINISHED) finish(p, weights, 0, tape(p), WIDTH);
  const none = evaluate(p, new Float64Array(size), 0, tape(p));
  const zero = evaluate(p, weights, 0, tape(p)) <= NO_LOSS * none && residuals <= MOST_RESIDUALS;
  if (!zero && size > MOST_COORDINATES) {
    return { why: `${size} coordinates, at most ${MOST_COORDINATES} are tried where descent does not end at loss 0` };
  }
  let why: string | undefined;
  for (const reading of readingsFor(p, weights, LAND_DEFAULTS).slice(0, zero ? 1 : Math.floor(MOST_READ / size ** 3))) {
    const name = { backend: 'given', seed: 0, index: 0, steps: 0, settings: {} } as const;
    const found = certifyRun({ m, p, end, name }, stateOf(p, weights, reading), radius, sha256);
    if (!isRefused(found)) return found;
    why ??= reasonOf(found);
  }
  return { why: why ?? 'no point near was found' };
}
