/**
 * A critical configuration near weights that are given: descent in floats goes on from them until it rests, and what is near its end is proved, by the certificate of a
 * landing. The distance in it is that from the weights given.
 */
import type { Digest } from '../../kernel/document/canonical.ts';
import { configurationOf, type Instance } from '../../kernel/model/instance.ts';
import { type Certified, certifyRun } from '../propose/certify.ts';
import { stateOf } from '../propose/pattern.ts';
import { isRefused, reasonOf } from '../propose/refusal.ts';
import { finish } from '../runs/finish.ts';
import { tape } from '../runs/loss.ts';
import { sdlProblem, toNumber } from '../runs/problem.ts';
import { LAND_DEFAULTS } from './landOn.ts';
import { readingsFor } from './match.ts';

/** Coordinates of all neurons: the third power of their number is what it takes. */
export const MOST_COORDINATES = 400;
/** Within this of a kink a pre-activation may be held at it. */
const WIDTH = 1e-6;

/** The certificate, or why there is none. No coordinate is farther than `radius` from the weights of the instance. */
export function landNear(m: Instance, radius: number, sha256: Digest): Certified | { readonly why: string } {
  if (m.lifted) return { why: 'a point near is looked for without biases, thresholds and inputs of their own only' };
  const size = m.neurons * (m.np + m.nr);
  if (size > MOST_COORDINATES) {
    return { why: `a point near takes the third power of ${size} coordinates, at most ${MOST_COORDINATES} are tried` };
  }
  const p = sdlProblem(m, MOST_COORDINATES);
  if (!p) return { why: `a point near is not looked for under ${m.activation.kind}` };
  const end = configurationOf(m);
  const weights = Float64Array.from([...end.we, ...end.wd].flatMap((v) => v.entries().map(toNumber)));
  finish(p, weights, 0, tape(p), WIDTH);
  let why: string | undefined;
  for (const reading of readingsFor(p, weights, LAND_DEFAULTS)) {
    const name = { backend: 'given', seed: 0, index: 0, steps: 0, settings: {} } as const;
    const found = certifyRun({ m, p, end, name }, stateOf(p, weights, reading), radius, sha256);
    if (!isRefused(found)) return found;
    why ??= reasonOf(found);
  }
  return { why: why ?? 'no point near was found' };
}
