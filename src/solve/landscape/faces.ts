/**
 * All critical rows of one neuron's set, face by face, in the order of the kernel's rule `no-critical-point`; and the data of that rule
 * where there are none.
 */

import { wholeLoss } from '../../kernel/criticalPoint.ts';
import { rank } from '../../kernel/elimination.ts';
import type { Instance } from '../../kernel/instance.ts';
import { Rational } from '../../kernel/rational.ts';
import { Vector } from '../../kernel/vector.ts';
import { type Document, matrixDocument } from '../document.ts';
import { motzkin } from '../motzkin.ts';
import { type Answer, elementDocument, rootDocument } from './answers.ts';
import { decideRoot } from './decideRoot.ts';
import { type Cluster, clusterOf, directions, type Face, faceOf } from './face.ts';

/** A face that was gone through: empty, or with an answer for each of its roots. */
export type Visited =
  | { readonly tight: readonly number[]; readonly empty: readonly bigint[] }
  | { readonly tight: readonly number[]; readonly face: Face; readonly answers: readonly Answer[] };

export interface SetAnalysis {
  readonly set: readonly number[];
  readonly cluster: Cluster;
  readonly visited: readonly Visited[];
  /** Why not all faces were gone through. */
  readonly cut?: string;
}

/** Sets T looked at, faces or not: as many as the kernel replays. */
const MOST_TRIED = 5_000;
/** Where there may be more than that: what they may cost together, each n n_p^2, so that the answer comes at once. */
const MOST_COST = 1_000_000;

/** Goes through the faces; with `stationary` or a threshold, only T = {}. On `held` features rivals hold the neuron down. */
export function analyseSet(
  m: Instance,
  set: readonly number[],
  stationary = false,
  held: readonly number[] = [],
): SetAnalysis {
  const cluster = clusterOf(m, set, held);
  const { live, off } = cluster;
  const rankOf = (features: readonly number[]): number => rank(directions(m, features));
  const loose = (tight: readonly number[], t: number): boolean =>
    rankOf([...live, ...tight]) > rankOf([...live, ...tight.filter((other) => other !== t)]);
  const candidates = stationary || cluster.threshold ? [] : off.filter((t) => !loose(off, t));
  const visited: Visited[] = [];
  const faces = chosen(candidates.length, m.np - 1);
  const limit =
    faces <= MOST_TRIED ? MOST_TRIED : Math.min(MOST_TRIED, Math.ceil(MOST_COST / (m.features.length * m.np * m.np)));
  let tried = 0;
  const visit = (tight: readonly number[], first: number): void => {
    if (++tried > limit) return;
    const independent = rankOf(tight);
    if (independent < tight.length || rankOf([...tight, ...live]) === independent) return;
    if (!tight.some((t) => loose(tight, t))) {
      const empty = emptiness(cluster, tight);
      if (empty) {
        visited.push({ tight, empty });
        return;
      }
      const face = faceOf(cluster, tight);
      visited.push({ tight, face, answers: face.roots.map((root) => decideRoot(face, root)) });
    }
    candidates.forEach((t, k) => {
      if (k >= first) visit([...tight, t], k + 1);
    });
  };
  visit([], 0);
  if (tried <= limit) return { set, cluster, visited };
  const cut = `{${set.map((d) => d + 1)}}: ${candidates.length} features off the set may be at their kinks, on up to ${faces} faces; after ${limit} the search ends (a proof goes through at most ${MOST_TRIED})`;
  return { set, cluster, visited, cut };
}

/** How many sets of at most `most` of n there are. */
function chosen(n: number, most: number): number {
  let [total, next] = [1, 1];
  for (let k = 1; k <= Math.min(n, most); k++) {
    next = (next * (n - k + 1)) / k;
    total += next;
  }
  return total;
}

/** c with sum c_d w_d = 0, >= 0 on the set and not all 0, <= 0 off the set and T; undefined where the face has rows. */
function emptiness({ m, set, off, threshold }: Cluster, tight: readonly number[]): bigint[] | undefined {
  const loose = off.filter((t) => !tight.includes(t));
  const level = (w: Vector, s: bigint): Vector => (threshold ? Vector.ints([...w.num, s * w.den], w.den) : w);
  const answer = motzkin({
    dimension: m.np + (threshold ? 1 : 0),
    strict: [...directions(m, set).map((w) => level(w, -1n)), ...(threshold ? [level(Vector.zero(m.np), 1n)] : [])],
    weak: directions(m, loose).map((w) => level(w.negated(), 1n)),
    equal: directions(m, tight),
  });
  if (answer.solvable) return undefined;
  return m.features.map((_, d) => {
    if (set.includes(d)) return answer.strict[set.indexOf(d)] ?? 0n;
    if (tight.includes(d)) return answer.equal[tight.indexOf(d)] ?? 0n;
    return -(answer.weak[loose.indexOf(d)] ?? 0n);
  });
}

/** The entry `faces` of rule `no-critical-point`; undefined where there is a critical row that cannot be spared, or a doubt. */
export function facesDocument(
  { cluster, set, visited, cut }: SetAnalysis,
  sparing: boolean,
): { faces: Document; spared: boolean } | undefined {
  if (cut !== undefined) return undefined;
  const whole = wholeLoss(cluster.m, set);
  let spared = false;
  const faces: Document[] = [];
  for (const entry of visited) {
    const tight = entry.tight.map((t) => t + 1);
    if ('empty' in entry) {
      faces.push({ tight, empty: entry.empty.map((c) => `${Rational.of(c)}`) });
      continue;
    }
    const roots: Document[] = [];
    for (const answer of entry.answers) {
      const { lambda } = answer;
      if (answer.is === 'refuted') {
        roots.push({ lambda: rootDocument(lambda), y: elementDocument(answer.y), c: elementDocument(answer.c) });
      } else if (sparing && lambda.from.equals(lambda.to) && lambda.from.equals(whole)) {
        spared = true;
        roots.push({ lambda: rootDocument(lambda) });
      } else return undefined;
    }
    faces.push({ tight, basis: matrixDocument(entry.face.basis), roots });
  }
  return { faces, spared };
}
