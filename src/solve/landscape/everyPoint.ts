/** All critical rows of one neuron's set, root by root (./cells.ts): data for the rules `no-minimum` and `no-saddle`, or rows that show the opposite. */
import type { Root } from '../../kernel/algebraic.ts';
import type { Vector } from '../../kernel/vector.ts';
import { type Document, matrixDocument } from '../document.ts';
import { elementDocument, rootDocument } from './answers.ts';
import { Cells } from './cells.ts';
import type { SetAnalysis } from './faces.ts';
import type { Row } from './points.ts';
import { refined } from './realRoots.ts';

/** The entry `faces` of the rules, with the intervals of its roots narrower by some bits. */
export type Faces = (bits: number) => Document;

export interface EveryPoint {
  /** Absent where some row is found, or open. */
  readonly faces?: Faces;
  /** Rows that are minima of what the neuron costs, or saddles, with the way down. */
  readonly found: readonly { readonly row: Row; readonly v?: Vector }[];
  readonly why?: string;
}

export function everyPoint(
  { visited, cut }: SetAnalysis,
  kind: 'minimum' | 'saddle',
  covered: (t: number) => boolean,
): EveryPoint {
  if (cut) return { found: [], why: cut };
  const found: { row: Row; v?: Vector }[] = [];
  let why: string | undefined;
  const entries: Faces[] = [];
  for (const entry of visited) {
    const tight = entry.tight.map((t) => t + 1);
    if ('empty' in entry) {
      const empty = entry.empty.map(String);
      entries.push(() => ({ tight, empty }));
      continue;
    }
    const roots: { root: Root; rows: Document }[] = [];
    for (const answer of entry.answers) {
      if (answer.is === 'refuted') {
        const excluded = { y: elementDocument(answer.y), c: elementDocument(answer.c) };
        roots.push({ root: answer.lambda, rows: kind === 'minimum' ? { ...excluded, ways: [] } : excluded });
        continue;
      }
      const cells = new Cells(entry.face, answer.lambda, covered);
      const survey = kind === 'minimum' ? cells.noMinimum() : cells.noSaddle();
      if (survey.is === 'found') found.push(survey);
      else if (survey.is === 'open') why ??= survey.why;
      else roots.push({ root: cells.root, rows: survey.rows });
    }
    const basis = matrixDocument(entry.face.basis);
    entries.push((bits) => ({
      tight,
      basis,
      roots: roots.map(({ root, rows }) => ({ lambda: rootDocument(refined(root, bits)), rows })),
    }));
  }
  if (why !== undefined) return { found, why };
  return found.length > 0 ? { found } : { found, faces: (bits) => entries.map((entry) => entry(bits)) };
}
