/**
 * One pattern whose sets do not meet: does it carry a critical point, and of what class is the best of them? Minima come before other
 * points, and among equals the smaller loss. Every answer has been through the kernel's rules.
 */
import type { Interval, Root } from '../../kernel/algebraic.ts';
import { held as heldByRivals } from '../../kernel/criticalPoint.ts';
import { type Judgement, judge, not } from '../../kernel/goal.ts';
import type { Instance, Pattern } from '../../kernel/instance.ts';
import type { Rational } from '../../kernel/rational.ts';
import { Vector } from '../../kernel/vector.ts';
import type { Document } from '../document.ts';
import { refusal } from '../proof.ts';
import { blockPoint } from './blocks.ts';
import { enclosedPoint, MOST_EXACT } from './enclosed.ts';
import { analyseSet, facesDocument, type SetAnalysis } from './faces.ts';
import { minimumProof } from './minimumProof.ts';
import { criticalRows, deadRow, lossOf, type Point, pointDocument, type Row } from './points.ts';
import { ranked } from './ranked.ts';
import { saddleProofs } from './saddleProof.ts';

/** With more features than this off a set, its faces are looked at last: there may be 2^MANY_OFF. */
const MANY_OFF = 12;

export type Class = 'local-minimum' | 'face-minimum' | 'saddle' | 'degenerate';

export type PatternAnswer =
  | {
      readonly is: 'critical';
      readonly class: Class;
      /** Absent where sets are shared (./blocks.ts). */
      readonly point?: Point;
      readonly eigenvalues: readonly Interval[];
      readonly stationary: boolean;
      /** No minimum was among the combinations of critical rows looked at, of least loss, and there are more. */
      readonly cut?: { readonly looked: number; readonly of: number };
      readonly loss: Interval;
      readonly proof: Document;
    }
  | { readonly is: 'none'; readonly proof: Document }
  | { readonly is: 'undecided'; readonly why: string };

/** Combinations of critical rows that are looked at for a minimum. */
const MOST_POINTS = 64;

/** Decides patterns of one instance; sets are analysed once. */
export class Landscape {
  readonly m: Instance;
  readonly #sets = new Map<string, { analysis: SetAnalysis; rows: readonly Row[]; faces: Document | undefined }>();
  readonly #dead: { e: Vector; kinks: number[] };

  constructor(m: Instance) {
    this.m = m;
    this.#dead = deadRow(m);
  }

  /** `held`: where rivals hold the neuron down whatever its row (Top-k). */
  set(
    features: readonly number[],
    held: readonly number[] = [],
  ): { analysis: SetAnalysis; rows: readonly Row[]; faces: Document | undefined } {
    const key = `${features.join()};${held.join()}`;
    const known = this.#sets.get(key);
    if (known) return known;
    const analysis = analyseSet(this.m, features, false, held);
    const rows = [...criticalRows(analysis)].sort((a, b) => b.lambda.from.compare(a.lambda.from));
    const made = { analysis, rows, faces: rows.length > 0 ? undefined : facesDocument(analysis, false)?.faces };
    this.#sets.set(key, made);
    return made;
  }

  decide(pattern: Pattern): PatternAnswer {
    const { kind } = this.m.activation;
    if (!['relu', 'jumprelu', 'topk'].includes(kind)) {
      return { is: 'undecided', why: `critical points are decided for ReLU, JumpReLU and Top-k, not for ${kind}` };
    }
    const held = heldFeatures(this.m, pattern);
    const live = pattern.filter((set) => set.length > 0);
    const shared = (set: readonly number[]): boolean =>
      set.some((d) => pattern.filter((other) => other.includes(d)).length > 1);
    // The faces of the smaller sets are too many beside such a one, too.
    if (live.some((set) => set.length > MOST_EXACT) && !live.some(shared)) return this.#enclosed(pattern);
    if (live.some((set) => this.m.features.length - set.length > MANY_OFF) && !live.some(shared)) {
      const found = this.#largest(pattern, live, held);
      if (found) return found;
    }
    for (const [i, set] of pattern.entries()) {
      if (set.length === 0 || shared(set)) continue;
      const { faces } = this.set(set, held);
      if (faces === undefined) continue;
      const proof = { rule: 'no-critical-point', neurons: [{ neuron: i + 1, faces }] };
      const why = this.#refusal(pattern, 'any', proof, false);
      return why === undefined ? { is: 'none', proof } : { is: 'undecided', why };
    }
    if (live.some(shared)) return this.#blocks(pattern);
    const without = live.find((set) => this.set(set, held).rows.length === 0);
    if (without) {
      const { visited, cut } = this.set(without, held).analysis;
      if (cut) return { is: 'undecided', why: `{${without.map((d) => d + 1)}}: too many faces` };
      const open = visited
        .flatMap((entry) => ('answers' in entry ? entry.answers : []))
        .find((a) => a.is === 'undecided');
      return {
        is: 'undecided',
        why: `{${without.map((d) => d + 1)}}: ${open && 'why' in open ? open.why : 'no answer'}`,
      };
    }
    const found = this.#classified(
      pattern,
      live.map((set) => this.set(set, held).rows),
    );
    const open = live.find((set) => this.set(set, held).analysis.cut);
    return open && (found.is !== 'critical' || !found.class.endsWith('minimum'))
      ? { is: 'undecided', why: `{${open.map((d) => d + 1)}}: too many faces` }
      : found;
  }

  /** A minimum with every neuron at its largest eigenvalue and off every face, the least loss there is: no need to look at faces. */
  #largest(pattern: Pattern, live: readonly (readonly number[])[], held: readonly number[]): PatternAnswer | undefined {
    const byEigenvalue = (a: { lambda: Root }, b: { lambda: Root }): number => b.lambda.from.compare(a.lambda.from);
    const rows = live.map((set) => {
      const analysis = analyseSet(this.m, set, true, held);
      const [top] = analysis.visited.flatMap((entry) => ('answers' in entry ? entry.answers : [])).sort(byEigenvalue);
      return top?.is === 'critical' ? criticalRows(analysis).sort(byEigenvalue)[0] : undefined;
    });
    const chosen = rows.flatMap((row) => (row ? [[row]] : []));
    const found = chosen.length === live.length ? this.#classified(pattern, chosen) : undefined;
    return found?.is === 'critical' && found.class === 'local-minimum' ? found : undefined;
  }

  #refusal(
    pattern: Pattern,
    as: Extract<Judgement, { as: unknown }>['as'],
    proof: Document,
    truth = true,
  ): string | undefined {
    const goal = judge({ predicate: 'critical', pattern, as });
    const refused = refusal(truth ? goal : not(goal), proof, this.m);
    return refused && `${refused}`;
  }

  /** Where neurons share sets. */
  #blocks(pattern: Pattern): PatternAnswer {
    const distinct = [...new Map(pattern.map((set) => [set.join(), set])).values()].flat();
    if (new Set(distinct).size < distinct.length) return { is: 'undecided', why: 'sets that meet and differ' };
    if (pattern.some((set) => set.length > MOST_EXACT)) {
      return { is: 'undecided', why: `shared sets are decided for at most ${MOST_EXACT} features` };
    }
    const found = blockPoint(this.m, pattern, this.#dead.e);
    if ('why' in found) return { is: 'undecided', why: found.why };
    const { proof, loss, eigenvalues, largest } = found;
    const why = this.#refusal(pattern, largest ? 'minimum' : 'saddle', proof);
    if (why !== undefined) return { is: 'undecided', why };
    const shownValues = eigenvalues.map(({ from, to }): Interval => [from, to]);
    const kind = largest ? 'local-minimum' : 'saddle';
    return { is: 'critical', class: kind, loss, eigenvalues: shownValues, stationary: true, proof };
  }

  /** Where a set is too large for exact eigenvalues. */
  #enclosed(pattern: Pattern): PatternAnswer {
    const found = enclosedPoint(this.m, pattern, this.#dead.e);
    if ('why' in found) return { is: 'undecided', why: found.why };
    const why = this.#refusal(pattern, 'minimum', found.proof);
    if (why !== undefined) return { is: 'undecided', why };
    return { is: 'critical', class: 'local-minimum', stationary: true, ...found };
  }

  #classified(pattern: Pattern, choices: readonly (readonly Row[])[]): PatternAnswer {
    let fallback: PatternAnswer | undefined;
    const held = heldFeatures(this.m, pattern);
    const deadKinks = this.#dead.kinks.filter((d) => !held.includes(d));
    for (const chosen of combinations(choices, MOST_POINTS)) {
      const live = held.length > 0 ? ranked(this.m, chosen) : chosen;
      if (!live) continue;
      const point: Point = { m: this.m, pattern, live, dead: this.#dead.e, deadKinks };
      const loss = lossOf(point);
      const proof = minimumProof(point);
      if (proof && this.#refusal(pattern, 'minimum', proof) === undefined) {
        const face = live.some(({ stationary }) => !stationary);
        return { is: 'critical', class: face ? 'face-minimum' : 'local-minimum', ...shown(point), loss, proof };
      }
      fallback ??= this.#otherwise(point, loss);
    }
    const why = 'every neuron has critical rows, but none were found that are above all others on their own features';
    if (fallback?.is !== 'critical') return fallback ?? { is: 'undecided', why };
    const of = choices.reduce((product, rows) => product * rows.length, 1);
    return of > MOST_POINTS ? { ...fallback, cut: { looked: MOST_POINTS, of } } : fallback;
  }

  /** A saddle, or a critical point of no settled class. */
  #otherwise(point: Point, loss: Interval): PatternAnswer {
    const { pattern } = point;
    for (const proof of saddleProofs(point)) {
      if (this.#refusal(pattern, 'saddle', proof) === undefined)
        return { is: 'critical', class: 'saddle', ...shown(point), loss, proof };
    }
    const proof = { rule: 'critical-point', ...pointDocument(point, Vector.zero(this.m.nr)) };
    const why = this.#refusal(pattern, 'any', proof);
    return why === undefined
      ? { is: 'critical', class: 'degenerate', ...shown(point), loss, proof }
      : { is: 'undecided', why };
  }
}

const shown = (point: Point) => ({
  point,
  eigenvalues: point.live.map(({ lambda }): Interval => [lambda.from, lambda.to]),
  stationary: point.live.every(({ stationary }) => stationary),
});

/** Where rivals hold every inactive neuron down. */
const heldFeatures = (m: Instance, pattern: Pattern): number[] =>
  heldByRivals(m, pattern).flatMap((isHeld, d) => (isHeld ? [d] : []));

/** At most `most` choices of one row each, by decreasing sum of eigenvalues. */
export function combinations(choices: readonly (readonly Row[])[], most: number): Row[][] {
  const value = (rows: readonly Row[]): Rational | undefined =>
    rows.reduce<Rational | undefined>((total, { lambda }) => total?.plus(lambda.from) ?? lambda.from, undefined);
  let found: Row[][] = [[]];
  for (const rows of choices) {
    const longer = found.flatMap((chosen) => rows.map((row) => [...chosen, row]));
    longer.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return x && y ? y.compare(x) : 0;
    });
    found = longer.slice(0, most);
  }
  return found;
}
