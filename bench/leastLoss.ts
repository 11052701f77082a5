/**
 * The least L~ of one neuron as proved, against a float search that shares no code with it: `npx tsx bench/leastLoss.ts [--count N] [--seed S] [--n N --np P] [--kind sae|general]`. Instances with
 * integer entries, parallel, opposite and repeated directions among them; the search descends L~ in (e, u) from many starts by coordinates: best column, then a gradient step in the row.
 */
import { parseArgs } from 'node:util';
import type { Instance } from '../src/kernel/model/instance.ts';
import { Rational } from '../src/kernel/numbers/rational.ts';
import { Vector } from '../src/kernel/numbers/vector.ts';
import { bounded } from '../src/kernel/numbers/work.ts';
import { judge } from '../src/kernel/proof/goal.ts';
import { leastLossProof } from '../src/solve/decide/leastLoss.ts';
import { randomNumbers } from '../src/solve/landscape/partitionPatterns.ts';
import { established } from '../src/solve/proofs/replay.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    n: { type: 'string' },
    np: { type: 'string' },
    kind: { type: 'string' },
    starts: { type: 'string', default: '100' },
  },
});
const random = randomNumbers(Number(values.seed));
const upTo = (k: number): number => Math.floor(random() * k);

function drawn(k: number): Instance {
  const n = values.n ? Number(values.n) : 1 + upTo(8);
  const np = values.np ? Number(values.np) : 1 + upTo(4);
  const tied = values.kind ? values.kind === 'sae' : k % 2 === 0;
  const nr = tied ? np : 1 + upTo(4);
  const most = random() < 0.3 ? 1 : 4;
  const vector = (length: number, zero: boolean): bigint[] => {
    const v = Array.from({ length }, () => BigInt(upTo(2 * most + 1) - most));
    return zero || v.some((x) => x !== 0n) ? v : vector(length, zero);
  };
  const w: bigint[][] = [];
  while (w.length < n) {
    const old = w[upTo(w.length)];
    const chance = random();
    if (!old || chance > 0.2) w.push(vector(np, false));
    else w.push(old.map((x) => (chance < 0.07 ? -x : chance < 0.14 ? x : 2n * x)));
  }
  const features = w.map((x, d) => ({
    label: `${d + 1}`,
    wp: Vector.ints(x),
    wr: Vector.ints(tied ? x : vector(nr, true)),
    weight: Rational.of(random() < 0.5 ? 1n : BigInt(upTo(4))),
  }));
  return {
    format: 'dictum/instance@1',
    name: `random-${k}`,
    features,
    activation: { kind: 'relu' },
    neurons: 1,
    np,
    nr,
    hierarchy: [],
  };
}

const number = (x: Rational): number => Number(x.num) / Number(x.den);

/** The least L~ of many descents: what is left with the best column is lowered in e, with a step that adapts. */
function searched(m: Instance): number {
  const M = m.features.map((f) => number(f.weight));
  const [w, r] = [m.features.map((f) => f.wp.entries().map(number)), m.features.map((f) => f.wr.entries().map(number))];
  const whole = r.reduce((total, v, d) => total + (M[d] as number) * v.reduce((s, x) => s + x * x, 0), 0);
  const at = (e: readonly number[]): { loss: number; gradient: number[] } => {
    const z = w.map((v) =>
      Math.max(
        0,
        v.reduce((s, x, i) => s + x * (e[i] as number), 0),
      ),
    );
    const s = z.reduce((t, x, d) => t + (M[d] as number) * x * x, 0);
    if (s < 1e-12) return { loss: whole, gradient: e.map(() => 0) };
    const u = (r[0] as number[]).map(
      (_, q) => r.reduce((t, v, d) => t + (M[d] as number) * (z[d] as number) * (v[q] as number), 0) / s,
    );
    const uu = u.reduce((t, x) => t + x * x, 0);
    let loss = 0;
    const gradient = e.map(() => 0);
    for (const [d, v] of r.entries()) {
      const ru = v.reduce((t, x, q) => t + x * (u[q] as number), 0);
      loss += (M[d] as number) * v.reduce((t, x, q) => t + (x - (z[d] as number) * (u[q] as number)) ** 2, 0);
      if ((z[d] as number) > 0)
        for (const [i, x] of (w[d] as number[]).entries())
          gradient[i] = (gradient[i] as number) - 2 * (M[d] as number) * (ru - (z[d] as number) * uu) * x;
    }
    return { loss, gradient };
  };
  let best = whole;
  for (let start = 0; start < Number(values.starts); start++) {
    let e = Array.from({ length: m.np }, () => random() + random() + random() - 1.5);
    if (start < 2 * w.length) e = (w[start % w.length] as number[]).map((x) => (start < w.length ? x : -x));
    let [step, here] = [0.1, at(e)];
    for (let k = 0; k < 4_000 && step > 1e-14; k++) {
      const size = Math.sqrt(e.reduce((t, x) => t + x * x, 0));
      const next = e.map((x, i) => (x - step * (here.gradient[i] as number)) / size);
      const there = at(next);
      if (there.loss < here.loss) [e, here, step] = [next, there, step * 1.3];
      else step *= 0.5;
    }
    best = Math.min(best, here.loss);
  }
  return best;
}

const goal = judge({ predicate: 'least-loss' });
let [decided, above, equal, exact, leaves, mostLeaves, seconds, slowest, longest] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
const count = Number(values.count);
for (let k = 0; k < count; k++) {
  const m = drawn(k);
  const started = performance.now();
  let proof: ReturnType<typeof leastLossProof>;
  try {
    proof = leastLossProof(m);
  } catch (thrown) {
    console.log(`${m.name}: ${thrown}`);
  }
  const time = (performance.now() - started) / 1000;
  seconds += time;
  slowest = Math.max(slowest, time);
  const text = JSON.stringify(m.features.map((f) => [`${f.wp}`, `${f.wr}`, `${f.weight}`]));
  const outcome = proof && bounded(() => established(goal, proof, m));
  if (!outcome || 'refused' in outcome) {
    console.log(`${m.name}: ${outcome ? outcome.refused.code : 'undecided'} ${text}`);
    continue;
  }
  decided += 1;
  longest = Math.max(longest, JSON.stringify(proof).length);
  const [fact] = outcome.facts as unknown as { loss: [string, string]; count: string }[];
  const [from, to] = (fact?.loss ?? []).map((x) => number(Rational.parse(x) as Rational)) as [number, number];
  if (fact?.loss[0] === fact?.loss[1]) exact += 1;
  leaves += Number(fact?.count);
  mostLeaves = Math.max(mostLeaves, Number(fact?.count));
  if (Number(values.starts) === 0) continue;
  const found = searched(m);
  const scale = Math.max(1, to);
  if (found < from - 1e-9 * scale) {
    above += 1;
    console.log(`${m.name}: proved ${from}, found ${found} ${text}`);
  }
  if (found < to + 1e-9 * scale) equal += 1;
}
console.log(
  `${decided} of ${count} decided, ${exact} of them rational; ${(seconds / count).toFixed(3)} s each, at most ${slowest.toFixed(2)} s; ${(leaves / decided).toFixed(1)} leaves each, at most ${mostLeaves}; at most ${longest} characters`,
);
console.log(`the search was below what is proved ${above} times, within 1e-9 of it ${equal} times`);
