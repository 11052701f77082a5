/** A certificate for the page: its steps with their pictures, or why it is none. */

import { type Drawing, drawing, instanceDrawing } from '../../src/explain/drawing.ts';
import { explain } from '../../src/explain/explain.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import type { Step } from '../../src/explain/step.ts';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { documentId } from '../../src/kernel/document/canonical.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import type { Subject } from '../../src/kernel/model/subject.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { sha256 } from '../../src/library/sha256.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { edited, otherDigits } from '../certificate/edit.ts';
import type { Edit } from '../state/state.ts';

const MOST_TRIES = 40;

export interface ShownStep {
  readonly says: string;
  readonly rule?: string;
  readonly path?: string;
  readonly lines: readonly string[];
  readonly steps: readonly ShownStep[];
  readonly drawing?: Drawing;
}

export interface Accepted extends Pick<Explanation, 'about' | 'asked' | 'symbols' | 'sentence' | 'instance' | 'id'> {
  readonly accepted: true;
  readonly argument: readonly ShownStep[];
  readonly drawing?: Drawing;
}

export interface Rejected {
  readonly accepted: false;
  readonly kind: 'malformed' | 'invalid';
  readonly code: string;
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export function explained(text: string): Accepted | Rejected {
  const found = explain(text, CLAIMS, sha256);
  if (!('asked' in found)) {
    const { kind, code, path, expected, found: instead } = found;
    return { accepted: false, kind, code, path, expected, found: instead };
  }
  const { about, asked, symbols, sentence, instance, id, subject, argument } = found;
  const drawn = subject.format === 'dictum/instance@1' ? instanceDrawing(subject) : undefined;
  return {
    accepted: true,
    ...(about && { about }),
    asked,
    symbols,
    sentence,
    instance,
    id,
    argument: argument.map((step) => shown(step, subject)),
    ...(drawn && { drawing: drawn }),
  };
}

function shown({ says, rule, path, lines, steps, figure }: Step, subject: Subject): ShownStep {
  const drawn = figure && subject.format === 'dictum/instance@1' ? drawing(subject, figure) : undefined;
  return {
    says,
    ...(rule !== undefined && { rule }),
    ...(path !== undefined && { path }),
    lines,
    steps: steps.map((step) => shown(step, subject)),
    ...(drawn && { drawing: drawn }),
  };
}

/** A certificate that was changed: with the id that its content has now, so that the proof itself is judged. */
export function replayed(text: string): { readonly outcome: Accepted | Rejected; readonly resealed: boolean } {
  const sealed = resealed(text);
  return { outcome: explained(sealed), resealed: sealed !== text };
}

function resealed(text: string): string {
  try {
    const document = parseJson(text);
    const id = document instanceof Map ? document.get('id') : undefined;
    return typeof id === 'string' ? text.replace(id, documentId(document, sha256)) : text;
  } catch (thrown) {
    // What cannot be read has no id; the checker says why.
    if (thrown instanceof Rejection) return text;
    throw thrown;
  }
}

/** Not every digit matters: a row times two shows what the row shows. One that does, if a few tries find it. */
export function breaking(text: string): Edit | undefined {
  let tries = 0;
  for (const edit of otherDigits(text)) {
    const outcome = check(resealed(edited(text, edit)), CLAIMS, sha256);
    if (!(outcome instanceof Checked)) return edit;
    if (++tries === MOST_TRIES) return undefined;
  }
  return undefined;
}
