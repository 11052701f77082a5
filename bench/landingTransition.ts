/**
 * The transition at superposition ratio 2, as training shows it: the share of gradient descent's end points that are strict
 * polysemantic partitions, over random instances, n_q = n (theory: docs/claims.md, T6). bench/transition.ts plots what
 * certificates alone say. `npx tsx bench/landingTransition.ts [instances a point] [runs] [seed] [largest n_p] > landing.svg`.
 */

import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../src/kernel/model/instance.ts';
import { stateOf } from '../src/landing/propose/pattern.ts';
import { wilson } from '../src/landing/propose/wilson.ts';
import { evaluate, tape } from '../src/landing/runs/loss.ts';
import { LARGEST, sdlProblem, weightCount } from '../src/landing/runs/problem.ts';
import { DEFAULTS } from '../src/landing/runs/settings.ts';
import { train } from '../src/landing/runs/train.ts';
import { linePlot } from '../src/terminal/linePlot.ts';
import { normal } from '../src/train/backend/random.ts';

const [count = 10, runs = 200, seed = 1, most = 8] = process.argv.slice(2).map(Number);

/** Gaussian directions, rounded to three decimals of their length. */
function drawInstance(n: number, np: number, index: number): Instance {
  const features = Array.from({ length: n }, (_, d) => {
    const w = Array.from({ length: np }, (_, k) => normal(seed, 1000 * index + n, 64 * d + k));
    const length = Math.hypot(...w);
    return { label: `${d + 1}`, wp: w.map((x) => (x / length).toFixed(3)) };
  });
  const activation = { kind: 'relu' };
  const document = { format: 'dictum/instance@1', name: 'random', features, activation, neurons: n };
  return readInstance(new Node(parseJson(JSON.stringify(document))));
}

interface Counted {
  readonly partitions: number;
  readonly polysemantic: number;
  readonly converged: number;
}

/** Ends, strict to 1e-6, in which the sets partition the features and one has two or more; and in which some neuron has. */
async function countEnds(m: Instance): Promise<Counted> {
  const p = sdlProblem(m);
  if (!p) throw new Error('no training step');
  const trained = await train(
    p,
    { ...DEFAULTS, steps: 3000, rounds: 4, roundSteps: 3000, tolerance: 1e-5, seed },
    runs,
  );
  const size = weightCount(p);
  const none = evaluate(p, new Float64Array(size), 0, tape(p));
  let [partitions, polysemantic, converged] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    if (!trained.converged[run]) continue;
    converged++;
    const s = stateOf(p, trained.weights.subarray(run * size, (run + 1) * size), { width: 1e-6, near: 'off' });
    const members = s.on.flat();
    const alone = new Set(members).size === members.length;
    const shared = s.on.some((set) => set.length >= 2);
    const loss = trained.loss[run] as number;
    if (shared && loss > 1e-6 * none) {
      polysemantic++;
      if (alone && members.length === p.n) partitions++;
    }
  }
  return { partitions, polysemantic, converged };
}

const series: { name: string; points: { x: number; y: number; low: number; high: number }[] }[] = [];
for (let np = 3; np <= most; np++) {
  const points: { x: number; y: number; low: number; high: number }[] = [];
  for (const ratio of [1, 1.5, 2, 2.5, 3]) {
    const n = Math.round(np * ratio);
    if (n > LARGEST) continue;
    let [hits, all, mixed] = [0, 0, 0];
    for (let k = 0; k < count; k++) {
      const found = await countEnds(drawInstance(n, np, k));
      hits += found.partitions;
      mixed += found.polysemantic;
      all += found.converged;
    }
    const { lower, upper } = wilson(hits, all);
    process.stderr.write(
      `${JSON.stringify({ np, n, runs: count * runs, converged: all, partitions: hits, polysemantic: mixed })}\n`,
    );
    points.push({ x: n / np, y: hits / Math.max(1, all), low: lower, high: upper });
  }
  series.push({ name: `n_p = ${np}`, points });
}
process.stdout.write(
  linePlot({
    title: 'Runs that end in a strict polysemantic partition',
    x: 'n / n_p',
    y: 'share of converged runs',
    series,
    note: `${count} random instances a point, ${runs} runs each, seed ${seed}; bars: 95% Wilson intervals of the runs`,
  }),
);
