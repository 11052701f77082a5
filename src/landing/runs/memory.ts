/** Weights of many runs in the memory of a training step: groups of lanes, weight by weight (step.ts says where). */

import { lanesOf, type Precision } from '../../train/wasm/lanes.ts';
import { type SharedMemory, wasm } from '../../train/wasm/webassembly.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import { type StepOptions, strideOf } from './step.ts';

export interface Layout {
  readonly memory: SharedMemory;
  readonly groups: number;
  readonly lanes: number;
  /** In bytes. */
  readonly stride: number;
}

const PAGE = 65_536;

export function layOut(p: SdlProblem, runs: number, optimizer: StepOptions['optimizer'], precision: Precision): Layout {
  const lanes = lanesOf(precision);
  const groups = Math.ceil(runs / lanes);
  const stride = strideOf(p, optimizer);
  const initial = Math.ceil((groups * stride) / PAGE);
  if (initial > PAGE) throw new RangeError(`${runs} runs need more than 4 GiB: train them in parts`);
  const memory = new wasm.Memory({ initial, maximum: PAGE, shared: true });
  return { memory, groups, lanes, stride };
}

function view({ memory, lanes }: Layout): Float64Array | Float32Array {
  return lanes === 2 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
}

/** Puts the weights of `runs` (rows of `weights`, one a run) into the memory; lanes without a run repeat the last one. */
export function put(p: SdlProblem, layout: Layout, weights: Float64Array, runs: Int32Array): void {
  const to = view(layout);
  const [count, step] = [weightCount(p), (layout.stride / 16) * layout.lanes];
  for (let slot = 0; slot < layout.groups * layout.lanes; slot++) {
    const from = (runs[Math.min(slot, runs.length - 1)] as number) * count;
    const at = Math.floor(slot / layout.lanes) * step + (slot % layout.lanes);
    for (let j = 0; j < count; j++) to[at + j * layout.lanes] = weights[from + j] as number;
  }
}

/** The other way. */
export function take(p: SdlProblem, layout: Layout, weights: Float64Array, runs: Int32Array): void {
  const from = view(layout);
  const [count, step] = [weightCount(p), (layout.stride / 16) * layout.lanes];
  for (let slot = 0; slot < runs.length; slot++) {
    const to = (runs[slot] as number) * count;
    const at = Math.floor(slot / layout.lanes) * step + (slot % layout.lanes);
    for (let j = 0; j < count; j++) weights[to + j] = from[at + j * layout.lanes] as number;
  }
}
