/**
 * Proposes a proof for rule `lossless`: moves the neurons of a group to where its features are reconstructed exactly, others
 * fixed, by least-norm Newton steps, and takes as many coordinates as there are equations to be solved for.
 */
import type { Instance } from '../../kernel/instance.ts';
import { Rational } from '../../kernel/rational.ts';
import { Vector } from '../../kernel/vector.ts';
import { matrixDocument } from '../../solve/document.ts';
import { rounded } from './dyadic.ts';
import { generalInverse, leastSquares, pivotColumns } from './floats.ts';
import { CENTER_BITS, type NewtonProposal, RADIUS_BITS, rowsDocument } from './newton.ts';
import { coordinatesOf, decoderOf, dotOf, encoderOf, inputOf, type Part, residualOf, type State } from './state.ts';

const STEPS = 6;
/** These neurons answer to the others, which may be anywhere in their own box: theirs is 2^WIDER times as wide. */
const WIDER = 8;
/** Equations that depend on each other to this relative accuracy are refused: no step could be certified. */
const DEPENDENT = 1e-6;

/** Slopes of the residuals of the features in the coordinates of the neurons: n_r |features| rows. */
function slopesOf(s: State, { neurons, features }: Part): number[][] {
  const { nr } = s.p;
  return features.flatMap((d) => {
    const w = inputOf(s.p, d);
    return Array.from({ length: nr }, (_, k) =>
      neurons.flatMap((i) => {
        const on = s.on[i]?.includes(d) ? 1 : 0;
        const z = dotOf(encoderOf(s, i), w);
        const u = decoderOf(s, i)[k] as number;
        return [...w.map((x) => -on * x * u), ...Array.from({ length: nr }, (_, l) => (l === k ? -on * z : 0))];
      }),
    );
  });
}

/** A proposal, or why there is none. Moves the neurons of `group` in `s.x`. */
export function proposeLossless(m: Instance, s: State, group: Part): NewtonProposal | string {
  const at = coordinatesOf(s.p, group.neurons);
  const equations = group.features.length * m.nr;
  if (at.length < equations) return 'more equations than coordinates for zero loss';
  for (let step = 0; step < STEPS; step++) {
    const rho = group.features.flatMap((d) => [...residualOf(s, d)]);
    if (Math.max(...rho.map(Math.abs)) < 1e-15) break;
    const move = leastSquares(
      slopesOf(s, group),
      rho.map((x) => -x),
      DEPENDENT,
    );
    at.forEach((index, j) => {
      s.x[index] = (s.x[index] as number) + (move[j] as number);
    });
  }
  const center = at.map((index) => rounded(s.x[index] as number, CENTER_BITS));
  at.forEach((index, j) => {
    s.x[index] = Number((center[j] as Rational).num) / Number((center[j] as Rational).den);
  });
  const slopes = slopesOf(s, group);
  const { columns } = pivotColumns(slopes, DEPENDENT);
  if (columns.length < equations) return 'equations for zero loss that depend on each other';
  const inverse = generalInverse(slopes.map((row) => columns.map((c) => row[c] as number)));
  const slice = columns.map((c) => Vector.ints(at.map((_, j) => (j === c ? 1n : 0n))));
  const proofs = RADIUS_BITS.map((bits) => ({
    rule: 'lossless',
    radius: `${Rational.of(1n, 1n << BigInt(bits - WIDER))}`,
    slice: matrixDocument(slice),
    inverse: rowsDocument(inverse),
  }));
  return { center, proofs };
}
