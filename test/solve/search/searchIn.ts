/** Searches a cell named as the matrix names it, and runs a search to its end. */

import { cellAt, runTask, taskOf } from '../../../src/commands/audit/searching.ts';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import type { Subject } from '../../../src/kernel/model/subject.ts';
import type { Claim, Hypothesis, Reading } from '../../../src/kernel/proof/claim.ts';
import { PACKS } from '../../../src/solve/proofs/rules.ts';
import { type Cell, cellsOf } from '../../../src/solve/search/cell.ts';
import { type SearchOptions, type SearchResult, searching } from '../../../src/solve/search/search.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';

export function cellNamed(name: string): Cell {
  const [claim = '', reading = '', column = ''] = name.split('/');
  return cellAt({ claim, reading, column });
}

export const searchIn = (name: string, runs: number, seed = 0): SearchResult =>
  runTask(taskOf(cellNamed(name), runs, seed));

type Replayed = Checked['accepted'] & { readonly instance: Instance };

/** What the kernel says of a counterexample's certificate; throws where it refuses it. */
export function replayed(result: SearchResult, claims: ReadonlyMap<string, Claim<Subject>> = CLAIMS): Replayed {
  const found = check(result.counterexample?.certificate ?? '', claims, sha256);
  if (!(found instanceof Checked)) throw new Error(`refused: ${found}`);
  const { instance } = found.accepted;
  if (instance.format !== 'dictum/instance@1') throw new Error(`of ${instance.format}`);
  return { ...found.accepted, instance };
}

/** A claim made up for a test. */
export function claimOf(conclusion: Reading['conclusion'], hypotheses: readonly Hypothesis[] = []): Claim {
  return { id: 'X', title: 'made up', rules: PACKS, readings: { paper: { says: 'so', hypotheses, conclusion } } };
}

/** Searches the first cell of a claim, or the one of that column. */
export function searchClaim(claim: Claim, options: Partial<SearchOptions> = {}, column?: string): SearchResult {
  const cell = cellsOf(claim).find((c) => column === undefined || c.column === column) as Cell;
  const steps = searching(cell, { runs: 300, seed: 0, sha256, proposals: {}, ...options });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
