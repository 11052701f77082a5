/** A training step run on ranges of groups: what is called, and how this thread calls it. */
import { wasm } from '../../train/wasm/webassembly.ts';
import type { Layout } from './memory.ts';

/** Advances all runs of a layout by `steps`. */
export interface Advance {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  readonly steps: number;
  readonly firstRun: number;
  readonly firstStep: number;
  readonly seed: number;
  readonly rate: number;
  readonly factor: number;
}

export interface StepThreads {
  readonly advance: (work: Advance) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Groups given to a worker at once. */
const CHUNK = 512;

export type Call = readonly [
  base: number,
  groups: number,
  steps: number,
  run: number,
  first: number,
  seed: number,
  rate: number,
  factor: number,
];

export function callsOf({ layout, steps, firstRun, firstStep, seed, rate, factor }: Advance): Call[] {
  const calls: Call[] = [];
  for (let group = 0; group < layout.groups; group += CHUNK) {
    const count = Math.min(CHUNK, layout.groups - group);
    const base = group * layout.stride;
    calls.push([base, count, steps, firstRun + group * layout.lanes, firstStep, seed | 0, rate, factor]);
  }
  return calls;
}

/** In this thread alone: in a browser, or where one thread is asked for. */
export const stepsHere: StepThreads = {
  async advance(work) {
    if (work.steps < 1) return;
    const { memory } = work.layout;
    const { exports } = new wasm.Instance(new wasm.Module(work.bytes), { env: { memory } });
    for (const call of callsOf(work)) exports.step(...call);
  },
  close: async () => undefined,
};
