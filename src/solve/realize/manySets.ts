/**
 * Decides many sets of one neuron on one instance. What does not depend on the set is prepared once, and the proposer starts from
 * the support it found for the most similar set before. Farkas vectors found before are tried first: one of them may serve.
 * For relu and identity; the exact steps are those of `motzkin`, which also decides what the floats do not.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { ZERO } from '../../kernel/numbers/rational.ts';
import { nonNegativeLeastSquares } from '../inequalities/nonNegativeLeastSquares.ts';
import { exactWeights, roundedPoint } from '../inequalities/rationalize.ts';
import { floatColumns } from '../inequalities/rowSigns.ts';
import { primitive } from '../linear/linear.ts';
import { realizeSet, type SetRealization } from './realize.ts';

/** Sets whose supports are remembered, and Farkas vectors. */
const REMEMBERED = 32;

interface Before {
  readonly sides: Int8Array;
  readonly support: readonly number[];
}

type Refuted = Extract<SetRealization, { realizable: false }>;

export class Realizer {
  readonly #m: Instance;
  readonly #rows: readonly (readonly bigint[])[];
  readonly #negated: readonly (readonly bigint[])[];
  /** (w_d / |w_d|; 1), one after the other. */
  readonly #columns: Float64Array;
  #before: Before[] = [];
  #farkas: Refuted[] = [];

  constructor(m: Instance) {
    this.#m = m;
    this.#rows = m.features.map((f) => f.wp.num);
    this.#negated = this.#rows.map((row) => row.map((x) => -x));
    const all = [...this.#rows.keys()];
    this.#columns = floatColumns(this.#rows, all, () => true);
  }

  /** What comes next does not depend on what came before. */
  forget(): void {
    this.#before = [];
    this.#farkas = [];
  }

  realize(set: readonly number[]): SetRealization {
    const n = this.#rows.length;
    const sides = new Int8Array(n).fill(-1);
    for (const d of set) sides[d] = 1;
    if (set.length === 0) return realizeSet(this.#m, set);
    const served = this.#farkas.find(
      ({ on, off }) =>
        on.every(({ feature }) => sides[feature - 1] === 1) && off.every(({ feature }) => sides[feature - 1] === -1),
    );
    if (served) return served;
    const width = this.#m.np + 1;
    const proposal = nonNegativeLeastSquares(this.#signed(sides, width), width, n, this.#similar(sides));
    this.#before = [{ sides, support: proposal.support }, ...this.#before].slice(0, REMEMBERED);
    const rows = this.#rows.map((row, d) => (sides[d] === 1 ? row : (this.#negated[d] as readonly bigint[])));
    const strict = Array.from(sides, (side) => side === 1);
    const all = [...rows.keys()];
    const point = roundedPoint(rows, strict, all, proposal.support, proposal.residual);
    if (point) return { realizable: true, e: primitive(point), bias: ZERO };
    const weights = exactWeights(rows, proposal.support);
    if (!weights || ![...weights.keys()].some((d) => strict[d])) return realizeSet(this.#m, set);
    const found = this.#refuted(weights, strict);
    this.#farkas = [found, ...this.#farkas].slice(0, REMEMBERED);
    return found;
  }

  #signed(sides: Int8Array, width: number): Float64Array {
    const columns = this.#columns.slice();
    sides.forEach((side, d) => {
      if (side === 1) return;
      for (let k = d * width; k < (d + 1) * width - 1; k++) columns[k] = -(columns[k] as number);
    });
    return columns;
  }

  /** The support of the set before that differs in fewest features, if those are few. */
  #similar(sides: Int8Array): readonly number[] {
    let best: readonly number[] = [];
    let fewest = sides.length / 20;
    for (const before of this.#before) {
      let differing = 0;
      for (let d = 0; d < sides.length; d++) if (sides[d] !== before.sides[d]) differing++;
      if (differing > fewest) continue;
      fewest = differing;
      best = before.support;
    }
    return best;
  }

  /** Weights of the integer rows as weights of the directions, coprime. */
  #refuted(weights: ReadonlyMap<number, bigint>, strict: readonly boolean[]): Refuted {
    const features = [...weights.keys()].sort((a, b) => a - b);
    const scaled = primitive(features.map((d) => (weights.get(d) as bigint) * (this.#m.features[d]?.wp.den ?? 1n))).num;
    const side = (inside: boolean): Refuted['on'] =>
      features.flatMap((d, k) => (strict[d] === inside ? [{ feature: d + 1, weight: `${scaled[k]}` }] : []));
    return { realizable: false, on: side(true), off: side(false) };
  }
}
