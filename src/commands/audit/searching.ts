/** What `dictum search` and the matrix of `dictum audit` share: a cell named in words, and its search. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { proposalsFor, WITNESSES } from '../../../theorems/witnesses.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import type { Claim } from '../../kernel/proof/claim.ts';
import { askedOfInstances, type Cell, cellsOf, unknownPart } from '../../solve/search/cell.ts';
import { type Searching, type SearchResult, searching } from '../../solve/search/search.ts';
import { sha256 } from '../../terminal/digest.ts';

/** A search as plain data, which also goes to worker threads. */
export interface Task {
  readonly claim: string;
  readonly reading: string;
  readonly column: string;
  readonly runs: number;
  readonly seed: number;
}

/** The cells of every claim that is searched, in the order of the matrix. */
export function allCells(): Cell[] {
  return [...CLAIMS.values()].flatMap((claim) => (unsearched(claim) === undefined ? cellsOfClaim(claim) : []));
}

/** The cells of a claim, with what its witness wants supposed besides. */
export const cellsOfClaim = (claim: Claim<Subject>): Cell[] =>
  cellsOf(askedOfInstances(claim), WITNESSES.get(claim.id)?.supposing);

/** Why a claim is not searched, if it is not. */
function unsearched(claim: Claim<Subject>): string | undefined {
  const witness = WITNESSES.get(claim.id);
  if (witness?.notSearched !== undefined || witness?.generator) return witness.notSearched;
  const part = unknownPart(askedOfInstances(claim));
  return part === undefined ? undefined : `nothing draws what it is about, ${part.replace('$.instance.', '')}`;
}

/** The claims that are not searched, with the reasons. */
export const unsearchedClaims = (): string[] =>
  [...CLAIMS.values()].flatMap((claim) => {
    const why = unsearched(claim);
    return why === undefined ? [] : [`${claim.id}: ${why}`];
  });

export function cellAt({ claim: id, reading, column }: Pick<Task, 'claim' | 'reading' | 'column'>): Cell {
  const claim = CLAIMS.get(id);
  const cell =
    claim && cellsOfClaim(claim).find((c) => c.readings.some((name) => name === reading) && c.column === column);
  if (!cell) throw new RangeError(`no cell ${id}/${reading}/${column}`);
  return cell;
}

export const taskOf = (cell: Cell, runs: number, seed: number): Task => ({
  claim: cell.claim.id,
  reading: cell.readings[0],
  column: cell.column,
  runs,
  seed,
});

/** The search of a task, not yet begun. */
export function startSearch(task: Task): Searching {
  const cell = cellAt(task);
  const generator = WITNESSES.get(task.claim)?.generator;
  const proposals = proposalsFor(task.claim);
  return searching(cell, { runs: task.runs, seed: task.seed, sha256, proposals, ...(generator && { generator }) });
}

/** A whole search at once. */
export function runTask(task: Task): SearchResult {
  const steps = startSearch(task);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `T8/search--paper--distinct-directions.json`, below the folder of certificates, for the cell of that name. */
export function counterexampleFile(cell: string): string {
  const [claim, reading, column] = cell.split('/');
  return `${claim}/search--${reading}--${column}.json`;
}

/** Whether it is a name of that form. */
export const isCounterexampleFile = (file: string): boolean => /^[^/]+\/search--[^/]+\.json$/.test(file);
