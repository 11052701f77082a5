/** Every format that a claim is about. The checker takes the claim's own; producers, who hold documents of all of them, read by this list. */

import type { Node } from '../document/node.ts';
import { SCALE } from './generatedModel.ts';
import { type Format, INSTANCE, type Instance, type Subject } from './instance.ts';
import { REPORT } from './reportedRow.ts';

const FORMATS: Readonly<Record<Subject, Format>> = {
  'dictum/instance@1': INSTANCE,
  'dictum/report@1': REPORT,
  'dictum/scale@1': SCALE,
};

/** Reads the format named, and refuses any other. */
export const readSubject = (node: Node, about: Subject): Instance => FORMATS[about].read(node);

export const subjectOf = (m: Instance): Subject =>
  m.report ? 'dictum/report@1' : m.scale ? 'dictum/scale@1' : 'dictum/instance@1';
