/** What the threads of ./pool.ts were given: Piscina hands it over beside its own. */
import { workerData } from 'node:worker_threads';

export const given = <T>(): T => (Array.isArray(workerData) ? workerData[1] : workerData) as T;
