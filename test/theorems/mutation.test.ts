import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { RULES } from '../../src/solve/proofs/rules.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { amount } from '../thorough.ts';
import { explanation } from './explanation.ts';
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

/** Tried of the mutants of each certificate: one in so many. */
const ONE_IN = amount(72, 1);

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
