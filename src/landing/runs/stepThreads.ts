/**
 * Worker threads that run a training step on ranges of groups. A worker's own code is a few lines given as text: it needs
 * nothing but the module's bytes and the memory, so it runs the same from dist/, under tsx and in tests.
 */
import { Worker } from 'node:worker_threads';
import { callsOf, type StepThreads, stepsHere } from './steps.ts';

const WORKER = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ bytes, memory, calls }) => {
  const { step } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  for (const call of calls) step(...call);
  parentPort.postMessage('done');
});`;

/** `threads` workers, or this thread alone. */
export function stepThreads(threads: number): StepThreads {
  if (threads <= 1) return stepsHere;
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { eval: true }));
  return {
    async advance(work) {
      if (work.steps < 1) return;
      const calls = callsOf(work);
      const { memory } = work.layout;
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
