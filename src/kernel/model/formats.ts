/** Every format that a claim is about. The checker takes the claim's own; producers, who hold documents of all of them, read by this list. */

import type { Node } from '../document/node.ts';
import { COMPARISON } from './comparison.ts';
import { SCALE } from './generatedModel.ts';
import { type Format, INSTANCE } from './instance.ts';
import { LATENTS } from './latents.ts';
import { REPORT } from './reportedRow.ts';
import type { Subject } from './subject.ts';

export type SubjectOf<F> = Extract<Subject, { readonly format: F }>;

const FORMATS: { readonly [F in Subject['format']]: Format<SubjectOf<F>> } = {
  'dictum/instance@1': INSTANCE,
  'dictum/report@1': REPORT,
  'dictum/comparison@1': COMPARISON,
  'dictum/scale@1': SCALE,
  'dictum/latents@1': LATENTS,
};

/** Reads the format named, and refuses any other. */
export const readSubject = <F extends Subject['format']>(node: Node, about: F): SubjectOf<F> =>
  FORMATS[about].read(node);
