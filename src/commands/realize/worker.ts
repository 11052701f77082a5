/** A thread of `dictum realize --patterns`; it is given the text of the instance. */
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Pattern, readInstance } from '../../kernel/model/instance.ts';
import { given } from '../../threads/given.ts';
import { type Answer, decider } from './batch.ts';

const text = given<string>();
const decide = decider(readInstance(new Node(parseJson(text))));

export default (batch: readonly Pattern[]): Answer[] => decide(batch);
