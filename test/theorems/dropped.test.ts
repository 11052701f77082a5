/** A hypothesis is called needed only where it fails: no refutation becomes one "without H" by leaving the proof of H away. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/cli/digest.ts';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { resealed, type Value } from './mutate.ts';

interface Certificate {
  readonly verdict: string;
  readonly dropped?: string;
  readonly witness: {
    readonly hypotheses: Record<string, Value>;
    readonly dropped?: Value;
    readonly conclusion: Value;
  };
}

const FOLDER = join(import.meta.dirname, '../../certificates');
const refutations = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
  .map((name) => ({ name, document: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Certificate }))
  .filter(({ document }) => document.verdict === 'refuted');
const accepted = (document: unknown): boolean => check(resealed(document as Value), CLAIMS, sha256) instanceof Checked;

test('there are refutations of both kinds', () => {
  const dropping = refutations.filter(({ document }) => document.dropped !== undefined).length;
  expect(dropping).toBeGreaterThan(50);
  expect(refutations.length - dropping).toBeGreaterThan(30);
});

test.each(refutations.filter(({ document }) => document.dropped === undefined))(
  '$name: none of its hypotheses can be dropped, as all hold',
  ({ document }) => {
    expect(accepted(document)).toBe(true);
    for (const [name, proof] of Object.entries(document.witness.hypotheses)) {
      const { [name]: _, ...hypotheses } = document.witness.hypotheses;
      for (const dropped of ['compute', proof, document.witness.conclusion]) {
        const witness = { ...document.witness, hypotheses, dropped };
        expect(accepted({ ...document, dropped: name, witness }), name).toBe(false);
      }
      expect(accepted({ ...document, dropped: name, witness: { ...document.witness, hypotheses } }), name).toBe(false);
    }
  },
);

test.each(refutations.filter(({ document }) => document.dropped !== undefined))(
  '$name: not without the proof that the hypothesis fails, nor as if it held',
  ({ document }) => {
    const { dropped, ...rest } = document;
    const { dropped: proof, ...witness } = document.witness;
    expect(accepted({ ...document, witness })).toBe(false);
    const hypotheses = { ...witness.hypotheses, [dropped as string]: proof as Value };
    expect(accepted({ ...rest, witness: { ...witness, hypotheses } })).toBe(false);
  },
);
