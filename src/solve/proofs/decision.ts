/** What comes of deciding a goal: which of it and its negation holds, with a proof of that one, or why it stays open. */
import type { Document } from './document.ts';

export type Decision =
  | { readonly truth: boolean; readonly proof: Document }
  | { readonly truth: 'undecided'; readonly why: string };

export const undecided = (why: string): Decision => ({ truth: 'undecided', why });
