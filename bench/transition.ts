/**
 * The transition at superposition ratio 2 (docs/claims.md, T6): the share of random instances of which some polysemantic partition traps,
 * for n_p = 2 .. 6 and n / n_p from 1 to 3, from certificates alone.
 * An instance *can trap* if a partition with a set of two or more features carries a minimum (rule `minimum`). It *cannot trap strictly* if
 * its directions span positively (rule `no-strict-trap` on every such partition, n_q = n). Between the two shares lies what is undecided;
 * the intervals add the 95% Wilson interval of the sample on either side.
 *
 *   npx tsx bench/transition.ts [instances per point] [seed] [largest n searched for traps] > transition.svg
 */
import { type Instance, readInstance } from '../src/kernel/instance.ts';
import { parseJson } from '../src/kernel/json.ts';
import { Node } from '../src/kernel/node.ts';
import { linePlot } from '../src/report/linePlot.ts';
import { positiveRelation } from '../src/solve/landscape/deadNeurons.ts';
import { Landscape } from '../src/solve/landscape/decidePattern.ts';
import { analyseSet } from '../src/solve/landscape/faces.ts';
import { randomNumbers } from '../src/solve/landscape/partitionPatterns.ts';
import { criticalRows } from '../src/solve/landscape/points.ts';

const [count = 20, seed = 1, mostSearched = 7] = process.argv.slice(2).map(Number);
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

/** A partition with a set of two or more whose sets all carry a strict critical row at their largest eigenvalue. */
function* candidates(m: Instance): Generator<number[][]> {
  const n = m.features.length;
  const good = new Map<number, boolean>();
  const traps = (mask: number): boolean => {
    const known = good.get(mask);
    if (known !== undefined) return known;
    const set = Array.from({ length: n }, (_, d) => d).filter((d) => (mask >> d) & 1);
    const analysis = analyseSet(m, set, true);
    const top = analysis.visited.flatMap((v) => ('face' in v ? v.face.roots.slice(-1) : []))[0]?.root;
    const found = criticalRows(analysis).some(
      (row) => row.kinks.length === 0 && top?.from.compare(row.lambda.to) !== 1,
    );
    good.set(mask, found);
    return found;
  };
  function* cover(left: number, sets: number[]): Generator<number[][]> {
    if (left === 0) {
      const partition = sets.map((mask) => Array.from({ length: n }, (_, d) => d).filter((d) => (mask >> d) & 1));
      if (partition.some((set) => set.length >= 2)) yield Array.from({ length: n }, (_, i) => partition[i] ?? []);
      return;
    }
    const low = left & -left;
    const rest = left ^ low;
    for (let part = rest; ; part = (part - 1) & rest) {
      if (traps(low | part)) yield* cover(rest ^ part, [...sets, low | part]);
      if (part === 0) return;
    }
  }
  yield* cover((1 << n) - 1, []);
}

function canTrap(m: Instance): 'trap' | 'no strict trap' | 'undecided' {
  if (positiveRelation(m)) return 'no strict trap';
  if (m.features.length > mostSearched) return 'undecided';
  const landscape = new Landscape(m);
  let tried = 0;
  for (const pattern of candidates(m)) {
    const answer = landscape.decide(pattern);
    if (answer.is === 'critical' && answer.class.endsWith('minimum')) return 'trap';
    if (++tried >= 5) break;
  }
  return 'undecided';
}

/** The 95% Wilson score interval. */
function wilson(hits: number, of: number): [number, number] {
  const [z, p] = [1.96, hits / of];
  const centre = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [(centre - spread) / (1 + (z * z) / of), (centre + spread) / (1 + (z * z) / of)];
}

const series = [2, 3, 4, 5, 6].map((np) => {
  const points = [1, 1.5, 2, 2.5, 3].map((ratio) => {
    const n = Math.round(np * ratio);
    const found = { trap: 0, 'no strict trap': 0, undecided: 0 };
    for (let k = 0; k < count; k++) found[canTrap(drawInstance(n, np))]++;
    process.stderr.write(`${JSON.stringify({ np, n, ...found })}\n`);
    const low = wilson(found.trap, count)[0];
    const high = wilson(found.trap + found.undecided, count)[1];
    return { x: n / np, y: found.trap / count, low: Math.max(0, low), high: Math.min(1, high) };
  });
  return { name: `n_p = ${np}`, points };
});

process.stdout.write(
  linePlot({
    title: 'Instances with a polysemantic partition that traps',
    x: 'n / n_p',
    y: 'certified share',
    series,
    note: `${count} random instances a point, seed ${seed}; bars: undecided above n = ${mostSearched}, and 95% Wilson intervals`,
  }),
);
