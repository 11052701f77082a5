/** What a root of a face can be found to be: a critical row, or refuted; with the data the kernel's rules replay. */
import type { Element, Root } from '../../kernel/numbers/algebraic.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';

/** A critical row: (A - lambda B) e = sum mu_t w_t, with mu of length n. */
export interface CriticalRow {
  readonly lambda: Root;
  readonly e: Element;
  readonly mu: Element;
}

export interface Refuted {
  readonly lambda: Root;
  readonly y: Element;
  readonly c: Element;
}

export type Answer =
  | ({ readonly is: 'critical' } & CriticalRow)
  | ({ readonly is: 'refuted' } & Refuted)
  | { readonly is: 'undecided'; readonly lambda: Root; readonly why: string };

export function rootDocument({ f, from, to }: Root): Document {
  return from.equals(to) ? `${from}` : { f: f.map(String), in: [`${from}`, `${to}`] };
}

export const elementDocument = (x: Element): Document => x.map(vectorDocument);
