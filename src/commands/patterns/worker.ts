/** A thread of `dictum patterns`: walks the parts that it is told to. */
import { workerData } from 'node:worker_threads';
import { bounded } from '../../kernel/numbers/work.ts';
import type { Prefix } from '../../solve/patterns/lpRegion.ts';
import { type Part, runPart, type Task } from '../../solve/patterns/part.ts';
import { MOST_SEARCH } from '../../terminal/limits.ts';

/** Piscina hands over what it was given as `workerData` beside its own. */
const task = (Array.isArray(workerData) ? workerData[1] : workerData) as Task;

export default (from: Prefix): Part => bounded(() => runPart(task, from), MOST_SEARCH);
