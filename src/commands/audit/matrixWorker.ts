/** A worker thread of the matrix: one task after the other, each a whole search. */
import { parentPort } from 'node:worker_threads';
import { runTask, type Task } from './searching.ts';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(runTask(task)));
