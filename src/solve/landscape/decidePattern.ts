/**
 * One pattern whose sets do not meet: does it carry a critical point, and of what class is the best of them? Minima come before other
 * points, and among equals the smaller loss. Every answer has been through the kernel's rules.
 */

import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import type { Interval, Root } from '../../kernel/numbers/algebraic.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { type Judgement, judge, not } from '../../kernel/proof/goal.ts';
import { held as heldByRivals } from '../../kernel/rules/criticalPoint.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { refusal } from '../proofs/replay.ts';
import { rootDocument } from './answers.ts';
import { blockPoint } from './blocks.ts';
import { criticalRows, deadRow, lossOf, type Point, pointDocument, type Row } from './criticalPoints.ts';
import { enclosedPoint, MOST_EXACT } from './enclosed.ts';
import { type EveryPoint, everyPoint, type Faces } from './everyPoint.ts';
import { analyseSet, facesDocument, type SetAnalysis } from './faces.ts';
import { minimumProof } from './minimumProof.ts';
import { ranked } from './ranked.ts';
import { refined } from './realRoots.ts';
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
      /** Of a critical point whose kind is open: why. */
      readonly why?: string;
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
    const carriers = new Map<number, number>();
    for (const set of live) for (const d of set) carriers.set(d, (carriers.get(d) ?? 0) + 1);
    const shared = (set: readonly number[]): boolean => set.some((d) => (carriers.get(d) ?? 0) > 1);
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
      if (why === undefined) return { is: 'none', proof };
      return { is: 'undecided', why: 'no critical row was found, and the proof that there is none is not complete' };
    }
    if (live.some(shared)) return this.#blocks(pattern);
    const without = live.find((set) => this.set(set, held).rows.length === 0);
    if (without) {
      const { visited, cut } = this.set(without, held).analysis;
      if (cut !== undefined) return { is: 'undecided', why: cut };
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
    const cut = live.flatMap((set) => this.set(set, held).analysis.cut ?? [])[0];
    if (found.is === 'critical' && found.class.endsWith('minimum')) return found;
    if (cut !== undefined) return { is: 'undecided', why: cut };
    return found.is === 'critical' && found.class === 'degenerate' ? this.#settledClass(pattern, found) : found;
  }

  /**
   * Whether the pattern carries a critical point of a kind, where it carries some and the best of them is not of that kind: all of them are
   * gone through. Sets that do not meet.
   */
  settle(pattern: Pattern, kind: 'minimum' | 'saddle'): Settled {
    const held = heldFeatures(this.m, pattern);
    const live = pattern.flatMap((set, i) => (set.length > 0 ? [i] : []));
    const sets = live.map((i) => pattern[i] ?? []);
    if (new Set(sets.flat()).size < sets.flat().length) {
      return { is: 'open', why: `that shared sets carry no ${kind} besides is not decided` };
    }
    if (sets.some((set) => set.length > MOST_EXACT)) {
      return { is: 'open', why: `all critical points are gone through for sets of at most ${MOST_EXACT} features` };
    }
    const rows = sets.map((set) => this.set(set, held).rows);
    if (kind === 'saddle') {
      for (const chosen of combinations(rows, MOST_POINTS)) {
        const found = this.#saddle(pattern, chosen, held);
        if (found) return found;
      }
    }
    const surveys = live.map((i, k) =>
      everyPoint(this.set(sets[k] ?? [], held).analysis, kind, (t) =>
        pattern.some((set, j) => j !== i && set.includes(t)),
      ),
    );
    const proof = this.#without(pattern, kind, live, surveys);
    if (proof) return { is: 'without', proof };
    const more = surveys.map(({ found }) => found);
    if (kind === 'minimum') {
      const choices = rows.map((own, k) => [...(more[k] ?? []).map(({ row }) => row), ...own]);
      const found = this.#classified(pattern, choices);
      if (found.is === 'critical' && found.class.endsWith('minimum')) return { is: 'with', answer: found };
    } else {
      for (const [k, list] of more.entries()) {
        for (const { row, v } of list) {
          for (const chosen of combinations(rows.with(k, [row]), MOST_POINTS)) {
            const found = this.#saddle(pattern, chosen, held, v && { neuron: live[k] as number, v });
            if (found) return found;
          }
        }
      }
    }
    const why = surveys.flatMap((survey) => survey.why ?? [])[0];
    return { is: 'open', why: why ?? (live.length > 1 ? 'kinks that several neurons share' : 'no proof either way') };
  }

  /** A minimum or a saddle, where all critical points are gone through and there is one; or why that did not tell. */
  #settledClass(pattern: Pattern, found: Extract<PatternAnswer, { is: 'critical' }>): PatternAnswer {
    let why: string | undefined;
    for (const kind of ['minimum', 'saddle'] as const) {
      const settled = this.settle(pattern, kind);
      if (settled.is === 'with') return settled.answer;
      if (settled.is === 'open') why ??= settled.why;
    }
    return { ...found, why: why ?? 'no proof either way' };
  }

  /** A saddle at these rows; one may bring its way down. */
  #saddle(
    pattern: Pattern,
    chosen: readonly Row[],
    held: readonly number[],
    down?: { readonly neuron: number; readonly v: Vector },
  ): Extract<Settled, { is: 'with' }> | undefined {
    const live = held.length > 0 ? ranked(this.m, chosen) : chosen;
    if (!live) return undefined;
    const zero = Vector.zero(this.m.np);
    const all = this.m.features.flatMap((_, d) => (held.includes(d) ? [] : [d]));
    const dead = [this.#dead, ...(pattern.some((set) => set.length === 0) ? [{ e: zero, kinks: all }] : [])];
    for (const { e, kinks } of dead) {
      const point: Point = { m: this.m, pattern, live, dead: e, deadKinks: kinks.filter((d) => !held.includes(d)) };
      const narrow = (bits: number): Point => narrowed(point, bits);
      const own = down
        ? ['bend', 'cross', 'turn'].map((way) => (bits: number): Document => {
            const at = pointDocument(narrow(bits), Vector.zero(this.m.nr));
            return { rule: 'saddle', ...at, down: { way, neuron: down.neuron + 1, v: vectorDocument(down.v) } };
          })
        : [];
      const others = down ? [] : [...saddleProofs(point)].map((proof) => (bits: number) => widened(proof, point, bits));
      for (const make of [...own, ...others]) {
        const proof = this.#accepted(pattern, 'saddle', make);
        if (proof) {
          return {
            is: 'with',
            answer: { is: 'critical', class: 'saddle', ...shown(point), loss: lossOf(point), proof },
          };
        }
      }
    }
    return undefined;
  }

  /** That no critical point is of the kind: a minimum by one neuron, a saddle by all. */
  #without(
    pattern: Pattern,
    kind: 'minimum' | 'saddle',
    live: readonly number[],
    surveys: readonly EveryPoint[],
  ): Document | undefined {
    const made: Faces[] = [];
    if (kind === 'minimum') {
      surveys.forEach(({ faces }, k) => {
        if (faces) made.push((bits) => ({ rule: 'no-minimum', neuron: (live[k] ?? 0) + 1, faces: faces(bits) }));
      });
    } else if (live.length === pattern.length && surveys.every(({ faces }) => faces)) {
      made.push((bits) => ({
        rule: 'no-saddle',
        neurons: surveys.map(({ faces }) => ({ faces: faces?.(bits) ?? [] })),
      }));
    }
    for (const make of made) {
      const proof = this.#accepted(pattern, kind, make, false);
      if (proof) return proof;
    }
    return undefined;
  }

  /** The proof that the kernel accepts, with roots narrow enough to show the signs; undefined if it is refused for another reason. */
  #accepted(
    pattern: Pattern,
    as: Extract<Judgement, { as: unknown }>['as'],
    make: (bits: number) => Document | undefined,
    truth = true,
  ): Document | undefined {
    const goal = judge({ predicate: 'critical', pattern, as });
    for (const bits of NARROWER) {
      const proof = make(bits);
      const refused = proof && refusal(truth ? goal : not(goal), proof, this.m);
      if (!refused) return proof;
      if (!NARROW.has(refused.code)) return undefined;
    }
    return undefined;
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
      const proof = this.#accepted(pattern, 'minimum', (bits) => minimumProof(narrowed(point, bits)));
      if (proof) {
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
    for (const found of saddleProofs(point)) {
      const proof = this.#accepted(pattern, 'saddle', (bits) => widened(found, point, bits));
      if (proof) return { is: 'critical', class: 'saddle', ...shown(point), loss, proof };
    }
    const proof = this.#accepted(pattern, 'any', (bits) => ({
      rule: 'critical-point',
      ...pointDocument(narrowed(point, bits), Vector.zero(this.m.nr)),
    }));
    return proof
      ? { is: 'critical', class: 'degenerate', ...shown(point), loss, proof }
      : { is: 'undecided', why: 'a critical row was found whose eigenvalue is not known narrowly enough' };
  }
}

/** How many bits intervals are narrowed by, one after the other, where the kernel finds them too wide. */
const NARROWER = [0, 128, 512, 2048];
/** What intervals too wide are refused with. */
const NARROW = new Set(['too-wide', 'wrong-pattern']);

/** The point with intervals of its roots narrower by some bits. */
const narrowed = (point: Point, bits: number): Point => ({
  ...point,
  live: point.live.map((row) => ({ ...row, lambda: refined(row.lambda, bits) })),
});

/** The proof with the roots of `live` narrowed. */
function widened(proof: Document, point: Point, bits: number): Document {
  const { live, ...rest } = proof as { [key: string]: Document };
  const roots = narrowed(point, bits).live.map(({ lambda }) => rootDocument(lambda));
  return {
    ...rest,
    live: (live as readonly { [key: string]: Document }[]).map((row, k) => ({ ...row, lambda: roots[k] ?? '' })),
  };
}

export type Settled =
  | { readonly is: 'with'; readonly answer: Extract<PatternAnswer, { is: 'critical' }> }
  | { readonly is: 'without'; readonly proof: Document }
  | { readonly is: 'open'; readonly why: string };

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
