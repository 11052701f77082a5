/** An instance as the kernel has it, for words and pictures. */
import type { InstanceDocument } from '../../src/browser.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';

export const readOf = (instance: InstanceDocument): Instance =>
  readInstance(new Node(parseJson(JSON.stringify(instance))));
