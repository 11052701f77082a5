/** A thread that matches chunks of runs. */
import { createHash } from 'node:crypto';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { readInstance } from '../../kernel/model/instance.ts';
import { given } from '../../threads/given.ts';
import { sdlProblem } from '../runs/problem.ts';
import { type Chunk, type Matches, matchChunk } from './chunks.ts';
import type { MatchTask } from './pool.ts';

const task = given<MatchTask>();
const m = readInstance(new Node(parseJson(task.instance)));
const p = sdlProblem(m);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export default (chunk: Chunk): Matches => {
  if (!p) throw new Error(`${m.name} has no training step`);
  return matchChunk(m, p, task.settings, sha256, chunk);
};
