/** What a folder of certificates says of each claim: every certificate replayed, counted by reading and verdict. */
import { join } from 'node:path';
import { CLAIMS } from '../../../theorems/statements.ts';
import { ASKS, WITNESSES } from '../../../theorems/witnesses.ts';
import { Checked, check } from '../../kernel/certificate.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import type { ReadingName, Verdict } from '../../kernel/proof/claim.ts';
import { AS_REPAIRED, AS_STATED, cellName } from '../../solve/search/cell.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readText } from '../../terminal/files.ts';
import { Failure, problemOf } from '../../terminal/problem.ts';
import { reasonText } from '../../words/sentence.ts';
import { pageName } from '../explain/paper.ts';
import { MATRIX_FILE, readMatrixFile } from './matrix.ts';
import { type MatrixRow, matrixRows } from './matrixText.ts';
import { allCells, counterexampleFile } from './searching.ts';

export interface Entry {
  /** Relative to the folder. */
  readonly file: string;
  readonly text: string;
  readonly claim: string;
  readonly reading: ReadingName;
  readonly verdict: Verdict;
  /** The hypothesis left out. */
  readonly dropped?: string;
  readonly subject: Subject;
  /** Why the verdict is what it is. */
  readonly reason: string;
  /** Whether it is one of the canonical instances, or was found by the search of the matrix. */
  readonly found: boolean;
}

export interface ReadingOf {
  readonly reading: ReadingName;
  readonly says: string;
  /** Without hypotheses left out, the smallest instance first. */
  readonly refuted: readonly Entry[];
  readonly holding: readonly Entry[];
  readonly outside: readonly Entry[];
}

export interface ClaimOf {
  readonly id: string;
  readonly title: string;
  /** Below docs/claims/, without its ending. */
  readonly page: string;
  /** A question of each instance, to which both answers are good ones. */
  readonly asks: boolean;
  readonly readings: readonly ReadingOf[];
  readonly matrix: readonly { readonly row: MatrixRow; readonly outcome: string }[];
}

export interface Collected {
  readonly folder: string;
  readonly replayed: number;
  readonly claims: readonly ClaimOf[];
}

/** Features, dimensions, neurons, and then what takes the fewest characters to write. */
function sizeOf({ subject, text }: Entry): number {
  const [n, np, nq] =
    subject.format === 'dictum/instance@1' ? [subject.features.length, subject.np, subject.neurons] : [1, 1, 1];
  return ((n * 32 + np) * 1024 + nq) * 1e6 + text.length;
}

const bySize = (a: Entry, b: Entry): number => sizeOf(a) - sizeOf(b);

export async function collect(
  folder: string,
  listed: readonly string[],
  tell: (done: number, total: number, name: string) => void,
): Promise<Collected> {
  const files = [...listed].sort();
  const entries: Entry[] = [];
  for (const [k, file] of files.entries()) {
    if (k % 20 === 0) {
      tell(k, files.length, 'certificates for the report');
      await new Promise((resume) => setImmediate(resume));
    }
    const text = await readText(join(folder, file), { own: true, found: true });
    const outcome = check(text, CLAIMS, sha256);
    // What is no certificate of a claim, or proves nothing, has no place in a report of what is proved.
    if (!(outcome instanceof Checked)) throw new Failure(problemOf(outcome, join(folder, file)));
    const { accepted } = outcome;
    const { claim, reading, verdict, dropped, instance } = accepted;
    const found = file.includes('/search--');
    const reason = reasonText(accepted, instance);
    entries.push({
      file,
      text,
      claim,
      reading,
      verdict,
      ...(dropped !== undefined && { dropped }),
      subject: instance,
      reason,
      found,
    });
  }
  const rows = await matrixOf(folder);
  const claims = [...CLAIMS.values()].flatMap(({ id, title, readings }): ClaimOf[] => {
    const own = entries.filter((entry) => entry.claim === id);
    const witness = WITNESSES.get(id);
    if (own.length === 0 || !witness) return [];
    return [
      {
        id,
        title,
        page: pageName(witness.folder),
        asks: witness.notSearched === ASKS,
        readings: (Object.keys(readings) as ReadingName[]).flatMap((reading) => {
          const of = (verdict: Verdict): Entry[] =>
            own.filter((e) => e.reading === reading && e.verdict === verdict && e.dropped === undefined).sort(bySize);
          const [refuted, holding, outside] = [of('refuted'), of('holds'), of('not-applicable')];
          const says = readings[reading]?.says ?? '';
          return refuted.length + holding.length + outside.length > 0
            ? [{ reading, says, refuted, holding, outside }]
            : [];
        }),
        matrix: rows.filter(({ row }) => row.cell.claim.id === id),
      },
    ];
  });
  return { folder, replayed: entries.length, claims };
}

/** The committed matrix; none where the folder has no such file. */
async function matrixOf(folder: string): Promise<{ row: MatrixRow; outcome: string }[]> {
  const committed = await readMatrixFile(join(folder, MATRIX_FILE));
  const rows = allCells().flatMap((cell): MatrixRow[] => {
    const result = committed.get(cellName(cell));
    return result ? [{ cell, result, ...(result.counterexample && { file: counterexampleFile(cellName(cell)) }) }] : [];
  });
  return matrixRows(rows);
}

export const wordOf = ({ refuted, holding }: ReadingOf): 'refuted' | 'holds' | 'outside' =>
  refuted.length > 0 ? 'refuted' : holding.length > 0 ? 'holds' : 'outside';

/** `paper refuted on 2 of 5`; of a question `true of 3, not of 4`. */
export function verdictText(
  { asks }: Pick<ClaimOf, 'asks'>,
  { reading, refuted, holding, outside }: ReadingOf,
): string {
  const own = (list: readonly Entry[]): number => list.filter(({ found }) => !found).length;
  const [no, yes] = [own(refuted), own(holding)];
  if (asks) return `true of ${yes}, not of ${no}`;
  if (refuted.length > 0)
    return no > 0 ? `${reading} refuted on ${no} of ${no + yes}` : `${reading} refuted by search, holds on ${yes}`;
  if (holding.length > 0) return `${reading} holds on ${yes}`;
  return `${reading} does not apply to ${outside.length}`;
}

/** An instance that a picture says something of: two dimensions or more, and no two directions on one ray or opposite. */
export function isPlain({ subject: m }: Entry): boolean {
  if (m.format !== 'dictum/instance@1') return false;
  const parallel = m.features.some(({ wp: v }, d) =>
    m.features.slice(0, d).some(({ wp: w }) => {
      const product = v.dot(w);
      return product.times(product).equals(v.dot(v).times(w.dot(w)));
    }),
  );
  return m.np >= 2 && !parallel;
}

/** The certificate that a claim is shown by: the smallest that refutes what a text says, or else one that holds; of a plain instance if there is one. */
export function shownBy({ asks, readings }: ClaimOf): Entry | undefined {
  const order: readonly ReadingName[] = ['paper', 'walkthrough', 'ours', 'repaired'];
  const sorted = order.flatMap((name) => readings.filter(({ reading }) => reading === name));
  const of = (list: 'refuted' | 'holding' | 'outside'): Entry | undefined => {
    const first = sorted.find((r) => r[list].length > 0)?.[list];
    return first?.find(isPlain) ?? first?.[0];
  };
  return asks ? (of('holding') ?? of('refuted')) : (of('refuted') ?? of('holding') ?? of('outside'));
}

/** `2/5`: hypotheses without which the conclusion was refuted, of those tried one by one. */
export function loadText({ matrix }: ClaimOf): string {
  const columns = new Map<string, boolean>();
  for (const { row } of matrix) {
    const { column } = row.cell;
    if (column === AS_STATED || column === AS_REPAIRED || row.result.empty) continue;
    columns.set(column, (columns.get(column) ?? false) || row.result.counterexample !== undefined);
  }
  const needed = [...columns.values()].filter(Boolean).length;
  return columns.size === 0 ? '-' : `${needed}/${columns.size}`;
}
