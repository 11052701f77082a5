/**
 * The transition at superposition ratio 2 (docs/claims.md, T6): the share of random instances of which some polysemantic partition traps
 * strictly, for n_p = 2 .. 6 and n / n_p from 1 to 3, from certificates alone.
 * - `trap`: some partition with a set of two or more features carries a local minimum without kinks of live neurons (rule `minimum`).
 * - `none`: no such partition does, by rule `no-strict-trap` (the directions span positively and no two are parallel, so that a set of two
 *   has C of rank 2; n_q = n), or as every set of two or more features is refuted (rules `farkas`, `no-critical-point`).
 * - `undecided`: neither. Partitions are sampled at random, set by set, until the first trap or until so many sets were tried.
 * The plot has the certified share of traps, a band up to what is undecided, and 95% Wilson intervals at both edges.
 *
 *   npx tsx bench/transition.ts [instances per point] [seed] [sets tried per instance] > transition.svg
 */

import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../src/kernel/model/instance.ts';
import { judge, not } from '../src/kernel/proof/goal.ts';
import { criticalRows } from '../src/solve/landscape/criticalPoints.ts';
import { noStrictTrapProof } from '../src/solve/landscape/deadNeurons.ts';
import { Landscape } from '../src/solve/landscape/decidePattern.ts';
import { analyseSet, facesDocument } from '../src/solve/landscape/faces.ts';
import { randomNumbers } from '../src/solve/landscape/partitionPatterns.ts';
import { rank } from '../src/solve/linear/linear.ts';
import { refusal } from '../src/solve/proofs/replay.ts';
import { realizeSet } from '../src/solve/realize/realize.ts';
import { type Point, transitionPlot } from './transitionPlot.ts';

const [count = 40, seed = 1, budget = 150] = process.argv.slice(2).map(Number);
const random = randomNumbers(seed);

/** Nearly Gaussian integers, so that directions are nearly uniform; SAE, all weights 1, n_q = n. */
function drawInstance(n: number, np: number): Instance {
  const entry = (): number => Math.round((Array.from({ length: 6 }, random).reduce((a, b) => a + b) - 3) * 20);
  const features = Array.from({ length: n }, (_, d) => {
    const wp = Array.from({ length: np }, entry);
    return { label: `${d + 1}`, wp: (wp.some((x) => x !== 0) ? wp : wp.map(() => 1)).map(String) };
  });
  const text = JSON.stringify({
    format: 'dictum/instance@1',
    name: 'random',
    features,
    activation: { kind: 'relu' },
    neurons: n,
  });
  return readInstance(new Node(parseJson(text)));
}

type Outcome = 'trap' | 'none' | 'undecided';

const membersOf = (mask: number): number[] => [...Array(31).keys()].filter((d) => (mask >> d) & 1);

/** What one set allows: a strict row at its largest eigenvalue, none of any kind (certified), or neither. */
type SetAnswer = 'good' | 'refuted' | 'other';

/** Sets that were tried, of one instance. */
class Sets {
  readonly #m: Instance;
  readonly #known = new Map<number, SetAnswer>();

  constructor(m: Instance) {
    this.#m = m;
  }

  get tried(): number {
    return this.#known.size;
  }

  answer(mask: number): SetAnswer {
    const known = this.#known.get(mask);
    if (known) return known;
    const made = this.#decided(membersOf(mask));
    this.#known.set(mask, made);
    return made;
  }

  #decided(set: readonly number[]): SetAnswer {
    // A Farkas vector; the kernel replays it where it matters, in `everySetRefuted`.
    if (!realizeSet(this.#m, set).realizable) return 'refuted';
    const analysis = analyseSet(this.#m, set, true);
    const top = analysis.visited.flatMap((v) => ('face' in v ? v.face.roots.slice(-1) : []))[0]?.root;
    const rows = criticalRows(analysis);
    if (rows.some((row) => row.kinks.length === 0 && top?.from.compare(row.lambda.to) !== 1)) return 'good';
    return rows.length === 0 && facesDocument(analysis, false) ? 'refuted' : 'other';
  }
}

/** A random partition whose sets are all good and one of which has two features or more; undefined where the budget ends first. */
function sampledPartition(n: number, sets: Sets, most: number): number[] | undefined {
  const cover = (left: number, chosen: readonly number[]): number[] | undefined => {
    if (left === 0) return chosen.some((mask) => (mask & (mask - 1)) !== 0) ? [...chosen] : undefined;
    const low = left & -left;
    const rest = left ^ low;
    // All that is left, then random parts of it of every size.
    const parts = [rest, ...Array.from({ length: 12 }, () => randomPart(rest)), 0];
    for (const part of new Set(parts)) {
      if (sets.tried >= most) return undefined;
      if (sets.answer(low | part) !== 'good') continue;
      const found = cover(rest ^ part, [...chosen, low | part]);
      if (found) return found;
    }
    return undefined;
  };
  for (let attempt = 0; attempt < 20 && sets.tried < most; attempt++) {
    const found = cover(2 ** n - 1, []);
    if (found) return found;
  }
  return undefined;
}

function randomPart(mask: number): number {
  const share = random();
  return membersOf(mask).reduce((part, d) => (random() < share ? part | (1 << d) : part), 0);
}

/** The pattern's point is a certified minimum, without kinks of live neurons. */
function strictTrap(m: Instance, masks: readonly number[]): boolean {
  const pattern = m.features.map((_, i) => (masks[i] === undefined ? [] : membersOf(masks[i])));
  const answer = new Landscape(m).decide(pattern);
  return (
    answer.is === 'critical' &&
    answer.class === 'local-minimum' &&
    (answer.point?.live.every(({ kinks }) => kinks.length === 0) ?? false)
  );
}

/** For few features: every set of two or more is refuted, each by a proof that the kernel accepts. */
function everySetRefuted(m: Instance): boolean {
  const n = m.features.length;
  if (n > 6) return false;
  for (let mask = 1; mask < 1 << n; mask++) {
    if ((mask & (mask - 1)) === 0) continue;
    const set = membersOf(mask);
    const faces = facesDocument(analyseSet(m, set, true), false);
    const goal = judge({ predicate: 'partial-minimum', pattern: [set], stationary: true });
    if (!faces) return false;
    const proof = { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: faces.faces }] };
    if (refusal(not(goal), proof, m) !== undefined) return false;
  }
  return true;
}

function decide(m: Instance): Outcome {
  const n = m.features.length;
  const pairs = m.features.flatMap((f, c) => m.features.slice(0, c).map((g) => [f.wp, g.wp]));
  const pattern = [[0, 1], ...m.features.slice(2).map((_, k) => [k + 2]), []];
  const proof = n > 1 ? noStrictTrapProof(m, pattern) : undefined;
  if (proof && pairs.every((pair) => rank(pair, m.np) === 2)) {
    const accepted = refusal(not(judge({ predicate: 'strict-trap', pattern })), proof, m) === undefined;
    if (accepted) return 'none';
  }
  const sets = new Sets(m);
  while (sets.tried < budget) {
    const before = sets.tried;
    const found = sampledPartition(n, sets, budget);
    if (found && strictTrap(m, found)) return 'trap';
    if (sets.tried === before) break;
  }
  return everySetRefuted(m) ? 'none' : 'undecided';
}

const points: Point[] = [];
for (const np of [2, 3, 4, 5, 6]) {
  for (const ratio of [1, 1.5, 2, 2.5, 3]) {
    const n = Math.round(np * ratio);
    const found: Record<Outcome, number> = { trap: 0, none: 0, undecided: 0 };
    const started = Date.now();
    for (let k = 0; k < count; k++) found[decide(drawInstance(n, np))]++;
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    process.stderr.write(`${JSON.stringify({ np, n, ...found, seconds })}\n`);
    points.push({ np, ratio: n / np, ...found });
  }
}
const note = `${count} random instances a point, seed ${seed}, at most ${budget} sets tried each: a random sample of partitions`;
process.stdout.write(transitionPlot(points, note));
