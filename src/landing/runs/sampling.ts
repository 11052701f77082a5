/** Batches of sampled inputs as instructions: the counter-based numbers of ./random.ts in SIMD lanes, one run a lane. */

import { MIX } from '../../train/backend/random.ts';
import type { Local } from '../../train/wasm/assembler.ts';
import type { Lanes } from '../../train/wasm/lanes.ts';
import type { SdlProblem } from './problem.ts';

/** x = mix(x) */
function hash(a: Lanes, x: Local): void {
  const multiply = (factor: number): void => {
    a.i32(factor).vector('i32Splat').vector('i32Mul').set(x);
  };
  a.get(x).get(x).shiftRight(16).vector('xor');
  multiply(MIX.first);
  a.get(x).get(x).shiftRight(15).vector('xor');
  multiply(MIX.second);
  a.get(x).get(x).shiftRight(16).vector('xor').set(x);
}

/** runs = mix(run * MIX.run + seed) in the first lanes, `first` the run in the first lane of group 0. */
export function seedRuns(
  a: Lanes,
  { group, first, seed }: { readonly group: Local; readonly first: Local; readonly seed: Local },
  runs: Local,
): void {
  a.get(group).i32(a.count).scalar('i32Mul').get(first).scalar('i32Add').vector('i32Splat');
  a.constant(new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer)).vector('i32Add');
  a.i32(MIX.run).vector('i32Splat').vector('i32Mul').get(seed).vector('i32Splat').vector('i32Add').set(runs);
  hash(a, runs);
}

/** For each feature, in each lane, sum M / batch for every time the lane's batch drew it in step `first + step`. */
export function samples(
  a: Lanes,
  { n, weight }: SdlProblem,
  batch: number,
  { runs, step, first }: { readonly runs: Local; readonly step: Local; readonly first: Local },
): Local[] {
  const total = weight.reduce((t, x) => t + x, 0);
  const counts = Array.from({ length: n }, () => a.local('v128'));
  for (const count of counts) a.all(0).set(count);
  const [x, u] = [a.local('v128'), a.local('v128')];
  for (let b = 0; b < batch; b++) {
    a.get(step).get(first).scalar('i32Add').i32(batch).scalar('i32Mul').i32(b).scalar('i32Add');
    a.i32(MIX.counter).scalar('i32Mul').vector('i32Splat').get(runs).vector('xor').set(x);
    hash(a, x);
    a.get(x)
      .shiftRight(8)
      .vector(a.count === 4 ? 'f32FromI32' : 'f64FromI32');
    a.all(2 ** -24)
      .op('mul')
      .set(u);
    let below = 0;
    counts.forEach((count, d) => {
      const from = below;
      below += weight[d] as number;
      a.get(count).get(u);
      a.all(from / total)
        .op('ge')
        .get(u);
      a.all(d === n - 1 ? 2 : below / total)
        .op('lt')
        .vector('and');
      a.all(total / batch)
        .vector('and')
        .op('add')
        .set(count);
    });
  }
  return counts;
}
