/**
 * Worker threads that run a training step on ranges of groups. A worker's own code is a few lines given as text: it needs
 * nothing but the module's bytes and the memory, so it runs the same from dist/, under tsx and in tests.
 */
import { Worker } from 'node:worker_threads';
import { wasm } from '../../train/wasm/webassembly.ts';
import type { Layout } from './memory.ts';

const WORKER = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ bytes, memory, calls }) => {
  const { step } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  for (const call of calls) step(...call);
  parentPort.postMessage('done');
});`;

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

type Call = readonly [
  base: number,
  groups: number,
  steps: number,
  run: number,
  first: number,
  seed: number,
  rate: number,
  factor: number,
];

function callsOf({ layout, steps, firstRun, firstStep, seed, rate, factor }: Advance): Call[] {
  const calls: Call[] = [];
  for (let group = 0; group < layout.groups; group += CHUNK) {
    const count = Math.min(CHUNK, layout.groups - group);
    const base = group * layout.stride;
    calls.push([base, count, steps, firstRun + group * layout.lanes, firstStep, seed | 0, rate, factor]);
  }
  return calls;
}

/** `threads` workers, or this thread alone. */
export function stepThreads(threads: number): StepThreads {
  const workers = threads > 1 ? Array.from({ length: threads }, () => new Worker(WORKER, { eval: true })) : [];
  return {
    async advance(work) {
      if (work.steps < 1) return;
      const calls = callsOf(work);
      const { memory } = work.layout;
      if (workers.length === 0) {
        const { exports } = new wasm.Instance(new wasm.Module(work.bytes), { env: { memory } });
        for (const call of calls) exports.step(...call);
        return;
      }
      const each = workers.map((worker, w) =>
        asked(worker, { bytes: work.bytes, memory, calls: calls.filter((_, c) => c % workers.length === w) }),
      );
      await Promise.all(each);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function asked(worker: Worker, work: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      worker.off('message', done).off('error', failed);
      settle();
    };
    const done = (): void => finish(resolve);
    const failed = (error: Error): void => finish(() => reject(error));
    worker.on('message', done).on('error', failed);
    worker.postMessage(work);
  });
}
