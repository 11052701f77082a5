/** A thread of `dictum realize --patterns`; it is given the text of the instance. */
import { workerData } from 'node:worker_threads';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Pattern, readInstance } from '../../kernel/model/instance.ts';
import { type Answer, decider } from './batch.ts';

/** Piscina hands over what it was given as `workerData` beside its own. */
const text = (Array.isArray(workerData) ? workerData[1] : workerData) as string;
const decide = decider(readInstance(new Node(parseJson(text))));

export default (batch: readonly Pattern[]): Answer[] => decide(batch);
