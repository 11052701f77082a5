/**
 * One pattern whose sets do not meet: does it carry a critical point, and of what class is the best of them? Minima come before other
 * points, and among equals the smaller loss. Every answer has been through the kernel's rules.
 */
import type { Interval } from '../../kernel/algebraic.ts';
import { type Judgement, judge, not } from '../../kernel/goal.ts';
import type { Instance, Pattern } from '../../kernel/instance.ts';
import type { Rational } from '../../kernel/rational.ts';
import { Vector } from '../../kernel/vector.ts';
import type { Document } from '../document.ts';
import { refusal } from '../proof.ts';
import { analyseSet, facesDocument, type SetAnalysis } from './faces.ts';
import { minimumProof } from './minimumProof.ts';
import { criticalRows, deadRow, lossOf, type Point, pointDocument, type Row } from './points.ts';
import { saddleProofs } from './saddleProof.ts';

export type Class = 'local-minimum' | 'face-minimum' | 'saddle' | 'degenerate';

export type PatternAnswer =
  | {
      readonly is: 'critical';
      readonly class: Class;
      readonly point: Point;
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

  set(features: readonly number[]): { analysis: SetAnalysis; rows: readonly Row[]; faces: Document | undefined } {
    const key = features.join();
    const known = this.#sets.get(key);
    if (known) return known;
    const analysis = analyseSet(this.m, features);
    const rows = [...criticalRows(analysis)].sort((a, b) => b.lambda.from.compare(a.lambda.from));
    const made = { analysis, rows, faces: rows.length > 0 ? undefined : facesDocument(analysis, false)?.faces };
    this.#sets.set(key, made);
    return made;
  }

  decide(pattern: Pattern): PatternAnswer {
    const members = pattern.flat();
    if (new Set(members).size < members.length) return { is: 'undecided', why: 'sets that meet' };
    const live = pattern.filter((set) => set.length > 0);
    for (const [i, set] of pattern.entries()) {
      if (set.length === 0) continue;
      const { faces } = this.set(set);
      if (faces === undefined) continue;
      const proof = { rule: 'no-critical-point', neurons: [{ neuron: i + 1, faces }] };
      const why = this.#refusal(pattern, 'any', proof, false);
      return why === undefined ? { is: 'none', proof } : { is: 'undecided', why };
    }
    const without = live.find((set) => this.set(set).rows.length === 0);
    if (without) {
      const { visited } = this.set(without).analysis;
      const open = visited
        .flatMap((entry) => ('answers' in entry ? entry.answers : []))
        .find((a) => a.is === 'undecided');
      return {
        is: 'undecided',
        why: `{${without.map((d) => d + 1)}}: ${open && 'why' in open ? open.why : 'no answer'}`,
      };
    }
    return this.#classified(
      pattern,
      live.map((set) => this.set(set).rows),
    );
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

  #classified(pattern: Pattern, choices: readonly (readonly Row[])[]): PatternAnswer {
    let fallback: PatternAnswer | undefined;
    for (const live of combinations(choices, MOST_POINTS)) {
      const point: Point = { m: this.m, pattern, live, dead: this.#dead.e, deadKinks: this.#dead.kinks };
      const loss = lossOf(point);
      const proof = minimumProof(point);
      if (proof && this.#refusal(pattern, 'minimum', proof) === undefined) {
        const face = live.some(({ stationary }) => !stationary);
        return { is: 'critical', class: face ? 'face-minimum' : 'local-minimum', point, loss, proof };
      }
      fallback ??= this.#otherwise(point, loss);
    }
    return fallback ?? { is: 'undecided', why: 'no combination of critical rows' };
  }

  /** A saddle, or a critical point of no settled class. */
  #otherwise(point: Point, loss: Interval): PatternAnswer {
    const { pattern } = point;
    for (const proof of saddleProofs(point)) {
      if (this.#refusal(pattern, 'saddle', proof) === undefined)
        return { is: 'critical', class: 'saddle', point, loss, proof };
    }
    const proof = { rule: 'critical-point', ...pointDocument(point, Vector.zero(this.m.nr)) };
    const why = this.#refusal(pattern, 'any', proof);
    return why === undefined ? { is: 'critical', class: 'degenerate', point, loss, proof } : { is: 'undecided', why };
  }
}

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
