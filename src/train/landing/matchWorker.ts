/** A thread that matches chunks of runs. */
import { createHash } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { readInstance } from '../../kernel/instance.ts';
import { parseJson } from '../../kernel/json.ts';
import { Node } from '../../kernel/node.ts';
import { tinyProblem } from '../tiny/problem.ts';
import { type Chunk, type Matches, type MatchTask, matchChunk } from './pool.ts';

/** Piscina hands over what it was given as `workerData` beside its own. */
const task = (Array.isArray(workerData) ? workerData[1] : workerData) as MatchTask;
const m = readInstance(new Node(parseJson(task.instance)));
const p = tinyProblem(m);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export default (chunk: Chunk): Matches => {
  if (!p) throw new Error(`${m.name} has no training step`);
  return matchChunk(m, p, task.settings, sha256, chunk);
};
