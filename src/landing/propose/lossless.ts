/**
 * Proposes a proof for rule `lossless`: goes with the neurons of a group to where its features are reconstructed exactly, others
 * fixed, by least-norm Newton steps, and takes as many coordinates as there are equations to be solved for. Rows with a
 * pre-activation near 0 move last: which side it is on must not change.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { largestOf, smallestOf } from '../../solve/linear/extremes.ts';
import { toNumber } from '../runs/problem.ts';
import { dyadic, rounded } from './dyadic.ts';
import { independentOf, inverted, solved } from './elimination.ts';
import { projected } from './exact.ts';
import { perpendicular } from './gauge.ts';
import { CENTER_BITS, likelyBits, type NewtonProposal, rowsDocument, sliceDocument } from './newton.ts';
import type { Refusal } from './refusal.ts';
import {
  coordinatesAt,
  decoderOf,
  dotOf,
  encoderOf,
  inputOf,
  movedTo,
  type Part,
  residualOf,
  type State,
} from './state.ts';

const STEPS = 8;
/** Equations that depend on each other to this relative accuracy are refused: no step could be certified. */
const DEPENDENT = 1e-5;
/** A row whose least pre-activation is below this moves less, in proportion. */
const NEAR = 1e-2;

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

/** How freely each coordinate moves, 0 to 1. Rows of a neuron at a kink do not. */
function freedom(s: State, { neurons }: Part): number[] {
  const { n, np, nr } = s.p;
  return neurons.flatMap((i) => {
    const e = encoderOf(s, i);
    const least = smallestOf(Array.from({ length: n }, (_, d) => Math.abs(dotOf(e, inputOf(s.p, d)))));
    const own = (s.kinks[i] as number[]).length > 0 ? 0 : Math.min(1, least / NEAR);
    return [...new Array<number>(np).fill(own), ...new Array<number>(nr).fill(1)];
  });
}

/** The rows of neurons at kinks, exactly there, by the neuron's place in the group; undefined where one would be 0. */
function restingRows(m: Instance, s: State, { neurons }: Part): Map<number, Vector> | undefined {
  const rows = new Map<number, Vector>();
  for (const [a, i] of neurons.entries()) {
    const kinks = s.kinks[i] as number[];
    if (kinks.length === 0) continue;
    const row = projected(Vector.of(encoderOf(s, i).map(dyadic)), perpendicular(m, kinks));
    if (!row) return undefined;
    rows.set(a, row);
  }
  return rows;
}

/** A proposal, or why there is none. */
export function proposeLossless(m: Instance, end: State, group: Part): NewtonProposal | Refusal {
  const { neurons } = group;
  const size = m.np + m.nr;
  const equations = group.features.length * m.nr;
  if (neurons.length * size < equations) return { refused: 'few-coordinates' };
  const rows = restingRows(m, end, group);
  if (!rows) return { refused: 'zero-row' };
  const resting = (j: number): Rational | undefined => rows.get(Math.floor(j / size))?.entries()[j % size];
  let s = movedTo(
    end,
    neurons,
    coordinatesAt(end, neurons).map((x, j) => {
      const row = resting(j);
      return row ? toNumber(row) : x;
    }),
  );
  const weights = freedom(s, group);
  const scaled = (): number[][] => slopesOf(s, group).map((row) => row.map((x, j) => x * (weights[j] as number)));
  for (let step = 0; step < STEPS; step++) {
    const rho = group.features.flatMap((d) => [...residualOf(s, d)]);
    if (largestOf(rho.map(Math.abs)) < 1e-15) break;
    const slopes = scaled();
    const gram = slopes.map((a) => slopes.map((b) => dotOf(a, b)));
    const multipliers = solved(
      gram,
      rho.map((x) => -x),
    );
    if (!multipliers?.every(Number.isFinite)) return { refused: 'dependent-equations' };
    s = movedTo(
      s,
      neurons,
      coordinatesAt(s, neurons).map((x, j) => {
        const along = slopes.reduce((sum, row, k) => sum + (row[j] as number) * (multipliers[k] as number), 0);
        return x + along * (weights[j] as number);
      }),
    );
  }
  if (!s.x.every(Number.isFinite)) return { refused: 'diverged' };
  const center = coordinatesAt(s, neurons).map((x, j) => resting(j) ?? rounded(x, CENTER_BITS));
  s = movedTo(s, neurons, center.map(toNumber));
  const slopes = scaled();
  const columns = independentColumns(slopes);
  if (columns.length < equations) return { refused: 'dependent-equations' };
  const inverse = inverted(slopesOf(s, group).map((row) => columns.map((c) => row[c] as number)));
  if (!inverse) return { refused: 'dependent-equations' };
  const slice = columns.map((c) => Vector.ints(center.map((_, j) => (j === c ? 1n : 0n))));
  const fixed = { rule: 'lossless', slice: sliceDocument(slice), inverse: rowsDocument(inverse) };
  return {
    center,
    class: 'zero-loss',
    proof: (bits) => ({ ...fixed, radius: `${Rational.of(1n, 1n << BigInt(bits))}` }),
    bits: likelyBits(inverse),
  };
}

/** Large columns first; what is left of one is measured by the largest of all. */
function independentColumns(rows: readonly (readonly number[])[]): number[] {
  const columns = (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] as number));
  return independentOf([], columns, DEPENDENT, true).after;
}
