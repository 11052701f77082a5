/**
 * The compiled command in a thread of the test's process, one run after the other: what run.ts starts. Every run evaluates
 * main.js anew, with arguments and streams of its own; what main.js imports is loaded once.
 */
import { Readable } from 'node:stream';
import { workerData } from 'node:worker_threads';

const { main, work, port, turn } = workerData;

/** What a run has written so far. */
let written = { out: [], err: [] };
let runs = 0;

/** The streams stay those of the thread; what a run writes to them goes here. */
for (const [stream, chunks] of [
  [process.stdout, () => written.out],
  [process.stderr, () => written.err],
])
  stream.write = (chunk) => chunks().push(Buffer.from(chunk)) > 0;

function answer(last) {
  const [out, err] = [written.out, written.err].map((chunks) => Buffer.concat(chunks).toString());
  port.postMessage({ code: process.exitCode ?? 0, out, err, last });
  Atomics.store(turn, 0, 1);
  Atomics.notify(turn, 0);
}

// A run that ends the process, as after an exception that nobody caught, ends this thread.
process.on('exit', () => answer(true));
// Awaited only now: where dist/ is missing, this thread ends, and says so.
const { boundThread } = await import(work);
port.on('message', async ({ args, input }) => {
  written = { out: [], err: [] };
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)]);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  // What an earlier run allowed itself is not this one's bound.
  boundThread(Number.POSITIVE_INFINITY);
  await import(`file://${main}?run=${runs++}`);
  // Those of main.js; the next run adds them again.
  process.removeAllListeners('uncaughtException');
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  answer(false);
});
