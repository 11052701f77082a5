/**
 * Proofs for `least-loss`: the largest gain of one neuron, exactly, and a tree of cases for it (src/kernel/rules/leastLoss.ts). A cell is settled by what bounds its form there; if nothing
 * does, it is split, by a feature while one is without a side, then across its longest edge. Where a cell holds a row that gains more, all starts again from that.
 */

import { featureAt, type Instance, unitVector } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { outerSum, Vector } from '../../kernel/numbers/vector.ts';
import { complement, dot, eigen, type Floats, largestOnCone, unitOf } from '../inequalities/coneForm.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import type { NumberField } from '../landscape/numberField.ts';
import { largestOf } from '../linear/extremes.ts';
import { nullSpace } from '../linear/linear.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import {
  aboutOf,
  bestShowing,
  type Candidate,
  candidates,
  type ExactPoint,
  exactPoint,
  floatForm,
  floats,
  type Place,
  type Task,
  taskOf,
} from './leastGain.ts';
import { Leaves, type Pencil } from './leastLeaf.ts';
import {
  apart,
  inSpace,
  minusShadow,
  orthogonal,
  raysOf,
  type Side,
  seen,
  throughRays,
  withoutShadow,
} from './sides.ts';

const MOST_NODES = 20_000;
const MOST_CUTS = 24;
const FEW_CUTS = 3;
const MOST_RESTARTS = 8;

interface Cell {
  readonly sides: readonly Side[];
  readonly on: readonly number[];
  readonly off: readonly number[];
  readonly cuts: number;
}

class Better extends Error {
  readonly candidate: Candidate;
  constructor(candidate: Candidate) {
    super('a row that gains more');
    this.candidate = candidate;
  }
}

/** Undefined where none was found. */
export function leastLossProof(m: Instance): Document | undefined {
  if (m.activation.kind !== 'relu' || m.neurons !== 1) return undefined;
  const task = taskOf(m);
  let found = candidates(task);
  for (let k = 0; k < MOST_RESTARTS; k++) {
    const best = found[0] as Candidate;
    try {
      const point = exactPoint(task, best);
      const tree = point && new Tree(task, point, found).grow();
      return tree && point && documentOf(task, point, tree);
    } catch (thrown) {
      if (!(thrown instanceof Better)) throw thrown;
      found = [thrown.candidate, ...found];
    }
  }
  return undefined;
}

function documentOf({ by }: Task, { field, e }: ExactPoint, tree: Document): Document {
  const { f, from, to } = field.root;
  const lambda = from.equals(to) ? `${from}` : { f: f.map(String), in: [`${from}`, `${to}`] };
  return { rule: 'least-loss', lambda, e: field.element(e).map(vectorDocument), by, tree };
}

class Tree {
  readonly #task: Task;
  readonly #point: ExactPoint;
  readonly #field: NumberField;
  readonly #leaves: Leaves;
  readonly #lambda: number;
  readonly #size: number;
  #nodes = 0;

  constructor(task: Task, point: ExactPoint, found: readonly Candidate[]) {
    this.#task = task;
    this.#point = point;
    this.#field = point.field;
    this.#lambda = point.lambda;
    this.#size = task.by === 'row' ? task.m.np : task.m.nr;
    this.#leaves = new Leaves(point.field, point.lambda, this.#size);
    for (const one of found) {
      if (one.gain > point.lambda - 1e-9 * Math.max(1, point.lambda) && one.gain > 0) this.#meet(one);
    }
  }

  #meet(candidate: Candidate, place?: Place): boolean {
    const near = unitOf(candidate.e);
    if (this.#leaves.touching.some(({ floats: x }) => dot(x, near) > 1 - 1e-9)) return false;
    const own =
      this.#leaves.touching.length === 0 ? this.#point : exactPoint(this.#task, candidate, this.#field, place);
    if (!own) return false;
    this.#leaves.touching.push({ exact: own.e, floats: unitOf(own.e.map((x) => aboutOf(this.#field, x))) });
    return true;
  }

  grow(): Document | undefined {
    return this.#settle({ sides: [], on: [], off: [], cuts: 0 });
  }

  #settle(cell: Cell): Document | undefined {
    if (++this.#nodes > MOST_NODES) return undefined;
    const empty = this.#empty(cell);
    if (empty) return empty;
    const { m, by, weights } = this.#task;
    const open = m.features.flatMap((_, d) => (cell.off.includes(d) ? [] : [d]));
    const free = open.filter((d) => !cell.on.includes(d) && (weights[d] ?? 0) > 0);
    const targets = this.#targets(open);
    const decided = free.length === 0;
    if (by === 'row') {
      const leaf = this.#leaves.positive(targets);
      if (leaf) return { targets: leaf.factors as Document, ...leaf.below };
    }
    const form = by === 'column' ? targets : decided ? pencil(m, cell.on) : undefined;
    const leaf = form && this.#leaf(cell, form);
    if (leaf) return leaf;
    if (!decided) return this.#byFeature(cell, free, targets);
    if (form && this.#lookForMore(cell, form)) {
      const again = this.#leaf(cell, form);
      if (again) return again;
    }
    if (cell.cuts >= MOST_CUTS) return undefined;
    return this.#byCut(cell);
  }

  /** Rows that no feature of the set sees change nothing. */
  #leaf({ sides }: Cell, form: Pencil): Document | undefined {
    return this.#leaves.leaf(form, sides, this.#task.by === 'row' ? nullSpace(form.b, this.#size) : []);
  }

  #empty({ sides }: Cell): Document | undefined {
    const [strict, weak] = [true, false].map((which) => sides.filter((side) => side.strict === which)) as [
      Side[],
      Side[],
    ];
    if (strict.length === 0) return undefined;
    const answer = motzkin({ dimension: this.#size, strict: strict.map(({ g }) => g), weak: weak.map(({ g }) => g) });
    if (answer.solvable) return undefined;
    const of = new Map<Side, bigint>([
      ...strict.map((side, k) => [side, answer.strict[k] ?? 0n] as const),
      ...weak.map((side, k) => [side, answer.weak[k] ?? 0n] as const),
    ]);
    // The kernel has <= 0 of the outward normal.
    return { empty: sides.map((side) => `${side.strict ? of.get(side) : -(of.get(side) ?? 0n)}`) };
  }

  /** lambda I - sum M r r^T */
  #targets(open: readonly number[]): Pencil {
    const { m } = this.#task;
    const r = open.map((d) => featureAt(m, d).wr);
    const weights = open.map((d) => featureAt(m, d).weight);
    const a = outerSum(weights, r, r, [m.nr, m.nr]);
    return { a, b: a.map((_, k) => unitVector(m.nr, k)) };
  }

  #byFeature(cell: Cell, free: readonly number[], targets: Pencil): Document | undefined {
    const { m, by, r, weights } = this.#task;
    const [top] = eigen(floatForm(targets.a)).sort((a, b) => b.value - a.value);
    // What gains most of all features that are open; by rows, of their targets.
    const share = (d: number): number => (weights[d] ?? 0) * dot(r[d] ?? [], top?.vector ?? []) ** 2;
    const d = free.reduce((best, k) => (share(k) > share(best) ? k : best));
    const g = featureAt(m, d)[by === 'row' ? 'wp' : 'wr'];
    return this.#split(cell, { feature: d + 1 }, g, d);
  }

  #split(cell: Cell, split: { readonly [key: string]: Document }, g: Vector, d?: number): Document | undefined {
    const own = d === undefined ? [] : [d];
    const cuts = cell.cuts + (d === undefined ? 1 : 0);
    const side = (normal: Vector, strict: boolean): Side => ({ g: normal, floats: floats(normal), strict });
    const above = this.#settle({ ...cell, cuts, on: [...cell.on, ...own], sides: [...cell.sides, side(g, true)] });
    if (!above) return undefined;
    const below = this.#settle({
      ...cell,
      cuts,
      off: [...cell.off, ...own],
      sides: [...cell.sides, side(g.negated(), false)],
    });
    return below && { ...split, parts: [above, below] };
  }

  /** Whether some point of the cell gains as much as lambda, and was not met; starts again from one that gains more. */
  #lookForMore(cell: Cell, { a, b }: Pencil): boolean {
    const { by } = this.#task;
    const slack = 1e-9 * Math.max(1, this.#lambda);
    const normals = cell.sides.map(({ floats: g }) => g);
    const best =
      by === 'row' ? bestShowing(this.#task, cell.on, normals) : largestOnCone(floatForm(a), floatForm(b), normals);
    if (best && best.value > this.#lambda + slack) throw new Better({ gain: best.value, e: best.x });
    if (by === 'column')
      return !!best && best.value > this.#lambda - slack && this.#meet({ gain: best.value, e: best.x });
    const sides = seen(cell.sides, nullSpace(b, this.#size));
    const top = largestOnCone(
      floatForm(a),
      floatForm(b),
      sides.map(({ floats: g }) => g),
    );
    if (!top || top.value < this.#lambda - slack) return false;
    const tight = sides.filter(({ floats: g }) => Math.abs(dot(unitOf(g), top.x)) < 1e-8).map(({ g }) => g);
    return this.#meet({ gain: top.value, e: top.x }, { on: cell.on, tight });
  }

  /** Between two points of the largest gain; through rays, as long as the cell is no simplex; or across the longest edge. */
  #byCut(cell: Cell): Document | undefined {
    const blind = this.#task.by === 'row' ? nullSpace(pencil(this.#task.m, cell.on).b, this.#size) : [];
    const hidden = orthogonal(blind);
    const basis = complement(hidden.map(floats), this.#size) as number[][];
    const sides = seen(cell.sides, blind);
    const held = this.#leaves.held(sides, blind);
    // Points of the largest gain may fill a face: cuts between two of them would never end.
    if (held.length < 2 || cell.cuts >= FEW_CUTS) {
      const g = throughRays(apart(sides), blind, basis);
      if (g) return this.#split(cell, { cut: vectorDocument(g) }, g);
    }
    const rays = raysOf(
      sides.map(({ floats: g }) => unitOf(basis.map((b) => dot(b, g)))),
      basis.length,
    ).map((y) => inSpace(y, basis));
    const ends = held.length > 1 ? held.map(({ floats: x }) => minusShadow(x, hidden.map(floats))) : rays;
    let pair: readonly [Floats, Floats] | undefined;
    let most = 1e-12;
    for (const [k, a] of ends.entries()) {
      for (const b of ends.slice(k + 1)) {
        const far = 1 - dot(a, b);
        if (far > most) [pair, most] = [[a, b], far];
      }
    }
    if (!pair) return undefined;
    const difference = (pair[0] as Floats).map((x, i) => x - (pair?.[1][i] ?? 0));
    const largest = largestOf(difference.map(Math.abs));
    const near = Vector.ints(difference.map((x) => BigInt(Math.round((x / largest) * 64))));
    const g = withoutShadow(near, hidden);
    return g.isZero() ? undefined : this.#split(cell, { cut: vectorDocument(g) }, g);
  }
}
