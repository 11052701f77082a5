/**
 * Where do floats or training disagree with a proof? Random instances, each asked whether its pattern is realizable, carries a partial minimum and
 * a minimum; of every certificate the four looks of `dictum explain --evidence`. Three in five have directions of small integers; the others are thin:
 * some directions are others, or sums of them, but for 10^-3 to 10^-10.
 *
 *     npx tsx bench/evidence.ts 100 200 > bench/results/evidence.json
 */

import { evidenceOf } from '../src/commands/explain/evidence/evidence.ts';
import type { Look } from '../src/commands/explain/evidence/look.ts';
import { explain } from '../src/explain/explain.ts';
import type { Instance } from '../src/kernel/model/instance.ts';
import { Rational } from '../src/kernel/numbers/rational.ts';
import { Vector } from '../src/kernel/numbers/vector.ts';
import { certify } from '../src/solve/decide/certify.ts';
import { randomNumbers } from '../src/solve/landscape/partitionPatterns.ts';
import { sha256 } from '../src/terminal/digest.ts';
import { CLAIMS } from '../theorems/statements.ts';
import { proposalsFor } from '../theorems/witnesses.ts';

const [COUNT, RUNS] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 200)];
/** Of five instances, so many have small integers. */
const PLAIN = 3;
const random = randomNumbers(16);
const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

function direction(length: number): Vector {
  for (;;) {
    const v = Vector.ints(Array.from({ length }, () => BigInt(whole(-6, 6))));
    // About as long as 1, so that the rate of the training runs suits them.
    if (!v.isZero()) return v.times(Rational.of(1n, 6n));
  }
}

/** Nearly one of the directions given, or the sum of two. */
function near(others: readonly Vector[], digits: number): Vector {
  const [a, b] = [0, 1].map(() => others[whole(0, others.length - 1)] as Vector) as [Vector, Vector];
  const sum = whole(0, 1) === 0 ? a : a.plus(b);
  const off = direction(a.length).times(Rational.of(1n, 10n ** BigInt(digits)));
  return sum.plus(off).isZero() ? near(others, digits) : sum.plus(off);
}

function directions(k: number, n: number, np: number): Vector[] {
  const found = Array.from({ length: Math.min(n, np) }, () => direction(np));
  const digits = 3 + (Math.floor(k / 5) % 8);
  while (found.length < n) found.push(k % 5 < PLAIN ? direction(np) : near(found, digits));
  return found;
}

/** Half of the patterns are those that some encoder shows: of the others few are realizable. */
function draw(k: number): Instance {
  const [n, np, neurons] = [whole(2, 5), whole(2, 3), whole(1, 3)];
  const features = directions(k, n, np).map((wp, d) => ({
    label: `${d + 1}`,
    wp,
    wr: k % 3 === 0 ? direction(np) : wp,
    weight: Rational.of(BigInt(whole(1, 3))),
  }));
  const owner = Array.from({ length: n }, () => whole(0, neurons));
  const drawn = Array.from({ length: neurons }, (_, i) => owner.flatMap((o, d) => (o === i ? [d] : [])));
  const rows = drawn.map(() => direction(np));
  const taken = new Set<number>();
  const shown = rows.map((e) => features.flatMap(({ wp }, d) => (e.dot(wp).sign() > 0 ? [d] : [])));
  // A partition, as the claims about critical points want: the sets that rows show, if they do not meet.
  const apart = shown.every((set) => set.every((d) => !taken.has(d) && taken.add(d)));
  return {
    format: 'dictum/instance@1',
    name: `${k % 5 < PLAIN ? 'small integers' : 'thin'} ${k + 1}`,
    features,
    activation: { kind: 'relu' },
    neurons,
    np,
    nr: np,
    hierarchy: [],
    pattern: apart ? shown : drawn,
  };
}

const QUESTIONS = [
  ['R', 'paper'],
  ['T6-critical', 'repaired'],
  ['T6-minimum', 'repaired'],
] as const;

const counts: Record<string, Record<string, number>> = {};
const odd: object[] = [];
let certificates = 0;
let undecided = 0;
let unvisited = 0;
for (let k = 0; k < COUNT; k++) {
  const instance = draw(k);
  for (const [id, reading] of QUESTIONS) {
    const claim = CLAIMS.get(id);
    if (!claim) throw new Error(id);
    const outcome = certify({ claim, reading, instance, proposals: proposalsFor(id) }, sha256);
    if (outcome.verdict === 'undecided') {
      undecided++;
      continue;
    }
    if (outcome.verdict === 'not-applicable') continue;
    certificates++;
    const found = explain(outcome.certificate, CLAIMS, sha256);
    if (!('asked' in found)) throw new Error(`${found}`);
    const looks = await evidenceOf(found, { runs: RUNS });
    for (const { look, outcome: word } of looks) {
      counts[look] = { ...counts[look], [word]: (counts[look]?.[word] ?? 0) + 1 };
    }
    // That no run ends at a minimum contradicts no proof, and is what a reader of runs alone would never learn.
    const unseen = (l: Look): boolean => l.look === 'training' && l.says.endsWith('a minimum need not draw runs');
    const strange = looks.filter((l) => l.outcome === 'differs' || l.outcome === 'too close to tell' || unseen(l));
    if (looks.some(unseen)) unvisited++;
    if (strange.length > 0) odd.push({ instance: instance.name, claim: id, sentence: found.sentence, looks: strange });
  }
  process.stderr.write(`\r${k + 1}/${COUNT}`);
}
process.stdout.write(
  `${JSON.stringify({ instances: COUNT, runs: RUNS, certificates, undecided, looks: counts, minimaWithoutRuns: unvisited, disagreements: odd }, null, 2)}\n`,
);
// The threads of the trainer would keep the process.
process.exit(0);
