import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { decide } from '../../src/solve/decide/decide.ts';
import { RULES } from '../../src/solve/proofs/rules.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { amount } from '../thorough.ts';
import { type Mutant, mutants, type Value } from './mutate.ts';

const folder = join(import.meta.dirname, '../../certificates');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
  .sort();
const WORDS = [[...CLAIMS.keys()], [...RULES.keys()]];

let tried = 0;
const rejections = new Map<string, number>();
const explained = new Map<string, number>();
const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

/** The rule whose data the mutant changes, or the part of the certificate. */
function part(text: string, { path }: Mutant): string {
  let value = JSON.parse(text) as Value;
  let rule = path[0] === 'witness' ? 'quantifiers' : String(path[0] ?? 'document');
  for (const step of path) {
    value = (value as { [key: string]: Value })[step as string] as Value;
    const name = value !== null && typeof value === 'object' && !Array.isArray(value) ? value.rule : undefined;
    if (typeof name === 'string') rule = name;
  }
  return rule;
}

/**
 * Why an accepted mutant is still a proof, or undefined. A mutant never carries its goal, so what it proves is what it says:
 * the same verdict of a changed instance, a changed claim or reading, or by a changed witness. The solvers decide the question of
 * the mutant afresh; they must come to its verdict.
 */
function explanation(mutant: Mutant, accepted: Checked['accepted']): string | undefined {
  const document = JSON.parse(mutant.text) as {
    claim: string;
    reading: ReadingName;
    instance: Value;
    dropped?: string;
  };
  const claim = CLAIMS.get(document.claim);
  if (!claim) return undefined;
  const instance = readSubject(
    new Node(parseJson(JSON.stringify(document.instance))),
    claim.about?.name ?? 'dictum/instance@1',
  );
  const proposals = proposalsFor(document.claim);
  if (accepted.verdict === 'not-applicable') {
    // The hypothesis named fails, whatever else the document lacks.
    const { fails } = (JSON.parse(mutant.text) as { witness: { fails: string } }).witness;
    const hypothesis = claim.readings[document.reading]?.hypotheses.find((h) => h.name === fails);
    const decision = hypothesis && decide(hypothesis.goal(instance), instance, proposals);
    return decision?.truth === false ? 'the hypothesis fails there too' : undefined;
  }
  const drop = document.dropped === undefined ? {} : { dropped: document.dropped };
  try {
    const afresh = certify({ claim, reading: document.reading, instance, proposals, ...drop }, sha256);
    if (afresh.verdict !== accepted.verdict) {
      return afresh.verdict === 'undecided'
        ? 'true of the changed instance, by a witness the solvers do not look for'
        : undefined;
    }
  } catch (thrown) {
    if (!(thrown instanceof Rejection)) throw thrown;
    return undefined;
  }
  return (
    { instance: 'true of the changed instance too', witness: 'another witness of the same' }[String(mutant.path[0])] ??
    'true as changed'
  );
}

/** Tried of the mutants of each certificate: one in so many. */
const ONE_IN = amount(8, 1);

describe('mutants of every published certificate, with their ids recomputed,', () => {
  it.each(files)('of %s are rejected, or still proofs', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(check(text, CLAIMS, sha256)).toBeInstanceOf(Checked);
    // Another of the first for each certificate, so that no place in a document is left out of all.
    let turn = files.indexOf(file) % ONE_IN;
    for (const mutant of mutants(text, WORDS)) {
      if (turn++ % ONE_IN !== 0) continue;
      tried++;
      const outcome = check(mutant.text, CLAIMS, sha256);
      if (outcome instanceof Checked) {
        const why = explanation(mutant, outcome.accepted);
        expect(why, `${mutant.path.join('.')}: ${mutant.what}`).toBeDefined();
        count(explained, `${part(text, mutant)}: ${why}`);
        // A changed verdict is never a proof of the same instance.
        expect(mutant.path[0], mutant.what).not.toBe('verdict');
      } else count(rejections, part(text, mutant));
    }
  });

  it('are many, and most are rejected', () => {
    const rejected = [...rejections.values()].reduce((a, b) => a + b, 0);
    expect(tried).toBeGreaterThan(100_000 / ONE_IN);
    expect(rejected).toBeGreaterThan(tried / 2);
    expect(rejected).toBeLessThan(tried);
  });

  afterAll(() => {
    const lines = (map: Map<string, number>): string =>
      [...map]
        .sort()
        .map(([key, n]) => `  ${key}: ${n}`)
        .join('\n');
    console.info(`mutants rejected, by rule or part:\n${lines(rejections)}\nstill proofs:\n${lines(explained)}`);
  });
});
