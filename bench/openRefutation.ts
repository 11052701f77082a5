/**
 * How far around the canonical instances of T6-open the kernel accepts that all refute T6, and T6's own decider on random ones so near, which shares no rule with it:
 * `npx tsx bench/openRefutation.ts [--count N]`. Each random instance is an SAE: weights and directions in 1/1024 of the radius (half of them at its ends), r_d = w_d.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { type Instance, patternOf, readInstance } from '../src/kernel/model/instance.ts';
import { Rational } from '../src/kernel/numbers/rational.ts';
import { judge } from '../src/kernel/proof/goal.ts';
import { decide } from '../src/solve/decide/decide.ts';
import { refutedNearProof } from '../src/solve/decide/refutedNear.ts';
import { nearby } from '../test/theorems/open-refutation/nearby.ts';

const at = process.argv.indexOf('--count');
const count = at < 0 ? 1_000 : Number(process.argv[at + 1]);
const folder = new URL('../theorems/open-refutation/instances/', import.meta.url);

/** The largest 1/k with k a whole number for which a cover is found, by bisection. */
function largest(m: Instance): number {
  let [no, yes] = [1, 4_096];
  while (yes - no > 1) {
    const k = Math.floor((no + yes) / 2);
    if (refutedNearProof(m, patternOf(m), Rational.of(1n, BigInt(k)))) yes = k;
    else no = k;
  }
  return yes;
}

for (const name of readdirSync(folder)) {
  const m = readInstance(new Node(parseJson(readFileSync(new URL(name, folder), 'utf8'))));
  const pattern = patternOf(m);
  const goals = [true, false].map((stationary) => judge({ predicate: 'partial-minimum', pattern, stationary }));
  const verdicts = new Map<string, number>();
  const start = performance.now();
  for (const instance of nearby(m, count)) {
    const shown = decide(judge({ predicate: 'realizable', pattern }), instance, {}).truth;
    const carries = goals.map((goal) => decide(goal, instance, {}).truth);
    const verdict = `realizable ${shown}, point with both gradients 0 ${carries[0]}, partial minimum ${carries[1]}`;
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name}: radius ${m.radius}, covers found up to 1/${largest(m)}`);
  for (const [verdict, times] of verdicts) console.log(`  ${times} of ${count}: ${verdict}`);
  console.log(`  ${seconds.toFixed(1)} s`);
}
