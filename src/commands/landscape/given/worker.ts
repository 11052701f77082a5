/** A thread of `dictum landscape --given`: answers for one component after the other. */
import { parseJson } from '../../../kernel/document/json.ts';
import { Node } from '../../../kernel/document/node.ts';
import { readInstance } from '../../../kernel/model/instance.ts';
import { type Answered, type Asking, answersFor } from './answers.ts';

export interface GivenTask {
  /** The instance as JSON text. */
  readonly instance: string;
  readonly asking: Asking;
}

export default ({ instance, asking }: GivenTask): Answered =>
  answersFor(readInstance(new Node(parseJson(instance))), asking);
