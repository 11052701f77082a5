/**
 * The linear dependencies that a configuration of zero loss needs, made exact. Z has the pre-activations that pass (neurons x
 * features), and n with Z n = 0 must have R n = 0. Z n = 0 asks each row e_i to be perpendicular to v_i(n) = sum_{F_i} n_d w_d.
 * Where v_i(n) = 0 that asks nothing, which rounding n must not change: such n are found and rounded among those with v_i(n) = 0.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { combine, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { nullSpace } from '../../solve/linear/linear.ts';
import { toNumber } from '../runs/problem.ts';
import { rounded, simplest } from './dyadic.ts';
import { independentOf } from './elimination.ts';
import { leastSquares, type Rows } from './floats.ts';
import { dotOf, encoderOf, inputOf, type Part, type State } from './state.ts';

/** What is this near to 0 is 0 at the exact point. */
const NULL = 1e-6;
const COEFFICIENT_BITS = 30;

/** v_i(n) for the features of a part, n in their order. */
export function asked(m: Instance, s: State, { features }: Part, i: number, n: Vector): Vector {
  const set = features.flatMap((d, k) => (s.on[i]?.includes(d) ? [[d, k] as const] : []));
  return combine(
    set.map(([, k]) => n.at(k)),
    set.map(([d]) => m.features[d]?.wp as Vector),
    m.np,
  );
}

/** A basis of the n with Z n = 0; undefined where none that is exact was found. */
export function dependencies(m: Instance, s: State, part: Part): Vector[] | undefined {
  const { neurons, features } = part;
  const targets = transpose(
    features.map((d) => m.features[d]?.wr as Vector),
    m.nr,
  );
  const base = nullSpace(targets, features.length);
  if (base.length === 0) return [];
  const on = (i: number, d: number): boolean => s.on[i]?.includes(d) === true;
  const z = neurons.map((i) => features.map((d) => (on(i, d) ? dotOf(encoderOf(s, i), inputOf(s.p, d)) : 0)));
  const floats = base.map((n) => normalized(n.entries().map(toNumber)));
  let open = kernelOf(
    floats,
    floats.map((n) => z.map((row) => dotOf(row, n))),
  );
  const seenBy = (i: number, n: readonly number[]): number[] =>
    Array.from({ length: s.p.np }, (_, k) =>
      features.reduce((sum, d, at) => (on(i, d) ? sum + (n[at] as number) * (inputOf(s.p, d)[k] as number) : sum), 0),
    );
  const found: Vector[] = [];
  while (open.length > 0) {
    const candidates = neurons.flatMap((i) =>
      kernelOf(
        open,
        open.map((n) => seenBy(i, n)),
      ),
    );
    const idle = (n: readonly number[]): number[] => neurons.filter((i) => Math.hypot(...seenBy(i, n)) < NULL);
    const best = [...candidates, ...open].reduce((a, b) => (idle(b).length > idle(a).length ? b : a));
    const rows = idle(best).flatMap((i) =>
      Array.from({ length: m.np }, (_, k) =>
        Vector.of(features.map((d) => (on(i, d) ? (m.features[d]?.wp.at(k) as Rational) : Rational.of(0n)))),
      ),
    );
    const exact = nearRational(best, rows.length === 0 ? base : nullSpace([...targets, ...rows], features.length));
    if (!exact) return undefined;
    found.push(exact);
    const { after } = independentOf(
      found.map((n) => normalized(n.entries().map(toNumber))),
      open,
      1e-3,
    );
    if (after.length >= open.length) return undefined;
    open = after.map((k) => open[k] as number[]);
  }
  return found;
}

function normalized(n: readonly number[]): number[] {
  const length = Math.hypot(...n) || 1;
  return n.map((x) => x / length);
}

/** Combinations, of length 1, of the vectors whose images combine to 0: as many as are independent. */
function kernelOf(vectors: Rows, images: Rows): number[][] {
  const longest = largestOf(
    images.map((image) => Math.hypot(...image)),
    0,
  );
  const kept = longest < NULL ? [] : independentOf([], images, NULL, true).after;
  return vectors.flatMap((v, free) => {
    if (kept.includes(free)) return [];
    const image = images[free] as readonly number[];
    const shares =
      kept.length === 0
        ? []
        : leastSquares(
            image.map((_, j) => kept.map((k) => images[k]?.[j] as number)),
            [...image],
          );
    return [
      normalized(
        v.map((x, j) => kept.reduce((sum, k, at) => sum - (shares[at] as number) * (vectors[k]?.[j] as number), x)),
      ),
    ];
  });
}

/** A rational vector of the space near n, its coefficients simple fractions where such are near. */
function nearRational(n: readonly number[], space: readonly Vector[]): Vector | undefined {
  if (space.length === 0) return undefined;
  const floats = space.map((v) => normalized(v.entries().map(toNumber)));
  const shares = leastSquares(
    n.map((_, j) => floats.map((v) => v[j] as number)),
    [...n],
  );
  const missed = n.some(
    (x, j) => Math.abs(x - floats.reduce((sum, v, k) => sum + (shares[k] as number) * (v[j] as number), 0)) > 1e-4,
  );
  if (missed) return undefined;
  const lengths = space.map((v) => Math.hypot(...v.entries().map(toNumber)) || 1);
  const raw = shares.map((x, k) => x / (lengths[k] as number));
  const most = raw.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const scaled = raw.map((x) => x / most);
  return combine(
    scaled.map((x) => simplest(x, 64, NULL) ?? rounded(x, COEFFICIENT_BITS)),
    space,
    n.length,
  );
}
