/** BatchTopK: the least of the k B largest positive entries of the batch, and how many of those equal to it each row keeps. */
import { RUNNING } from './choose.ts';
import { type Kernel, SCAN, SIZE } from './kernel.ts';

/** Of the batch: bins of one pass. `state`: prefix, what is left to find, and whether all stay. */
export const BINS: Kernel = {
  name: 'bins',
  reads: { z: 'f32', state: 'u32' },
  writes: { bins_of_all: 'atomic<u32>' },
  told: { rows: 'u32', n: 'u32', stride: 'u32', round: 'u32' },
  before: 'var<workgroup> bins: array<atomic<u32>, 256>;',
  code: `  let round = p.round;
  atomicStore(&bins[lane], 0u);
  workgroupBarrier();
  for (var b = g; b < p.rows; b += groups.x) {
    for (var i = lane; i < p.n; i += ${SIZE}u) {
      let value = z[b * p.stride + i];
      if (!(value > 0)) { continue; }
      let bits = bitcast<u32>(value);
      if ${RUNNING}state[0]) { atomicAdd(&bins[(bits >> (24u - 8u * round)) & 255u], 1u); }
    }
  }
  workgroupBarrier();
  let own = atomicLoad(&bins[lane]);
  if (own > 0u) { atomicAdd(&bins_of_all[lane], own); }`,
};
export const PICK: Kernel = {
  name: 'pick',
  reads: {},
  writes: { bins_of_all: 'atomic<u32>', state: 'u32' },
  told: { round: 'u32', k: 'u32' },
  code: `  if (lane == 0u) {
    var prefix = state[0];
    var left = state[1];
    var all = state[2];
    if (p.round == 0u) { prefix = 0u; left = p.k; all = 0u; }
    if (all == 0u) {
      var digit = 256u;
      for (var d = 255u; d < 256u; d--) {
        let count = atomicLoad(&bins_of_all[d]);
        if (left <= count) { digit = d; break; }
        left -= count;
      }
      if (digit == 256u) { all = 1u; } else { prefix = (prefix << 8u) | digit; }
    }
    state[0] = select(prefix, 0u, all == 1u);
    state[1] = select(left, 0u, all == 1u);
    state[2] = all;
  }
  storageBarrier();
  workgroupBarrier();
  atomicStore(&bins_of_all[lane], 0u);`,
};

/** Entries of each row that equal the least of the batch. */
export const EQUALS: Kernel = {
  name: 'equals',
  reads: { z: 'f32', state: 'u32' },
  writes: { equal: 'u32' },
  told: { rows: 'u32', n: 'u32', stride: 'u32' },
  before: SCAN,
  code: `  if (g >= p.rows) { return; }
  var own = 0u;
  for (var i = lane; i < p.n; i += ${SIZE}u) {
    let value = z[g * p.stride + i];
    if (value > 0 && bitcast<u32>(value) == state[0]) { own++; }
  }
  scan(lane, own);
  if (lane == 0u) { equal[g] = scan_total; }`,
};
/** How many of each row's stay, the rows before it having had theirs. */
export const SHARES: Kernel = {
  name: 'shares',
  reads: { state: 'u32', before: 'u32' },
  writes: { least: 'u32', allowed: 'u32' },
  told: { n: 'u32' },
  code: `  let b = g * ${SIZE}u + lane;
  if (b >= p.n) { return; }
  least[b] = state[0];
  allowed[b] = min(before[b + 1u] - before[b], state[1] - min(state[1], before[b]));`,
};
