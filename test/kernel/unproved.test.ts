/**
 * Certificates that reviews found accepted, or accepted by one of the two checkers alone, though they do not prove their claim. Each has
 * its right id; test/verify/agreement.test.ts has the second checker look at them too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../src/kernel/certificate.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';

const FOLDER = join(import.meta.dirname, '../corpora/unproved');

// biome-ignore format: a table, one case a line
const CASES: readonly (readonly [file: string, code: string, path: string, why: string])[] = [
  ['gates-missing', 'missing-data', '$.instance', 'gated without gates was taken for all gates closed'],
  ['gates-missing-lower-loss', 'missing-data', '$.instance', 'the same, by a lower loss'],
  ['gates-thrown-away', 'does-not-hold', '$.witness.conclusion.proof', 'the unmoved configuration had lost its gates: with them both losses are 0'],
  ['decrease-of-relu', 'does-not-hold', '$.witness.conclusion', 'under this JumpReLU the resampled row lowers L~ by 1'],
  ['decrease-of-relu-gated', 'does-not-hold', '$.witness.conclusion', 'and with these gates'],
  ['rank-deficient-relu', 'missing-data', '$.instance', 'u_1 e_1 + u_2 e_2 = 0 at u = 0: two pieces of dimension 4, not 5'],
  ['rank-deficient-identity', 'missing-data', '$.instance', 'e u = 0 at 0: dimension 1, not 2'],
  ['more-than-all-unit', 'does-not-hold', '$.witness.conclusion', '150% recovered'],
  ['more-than-all-mean', 'does-not-hold', '$.witness.conclusion', '150% recovered'],
  ['dead-at-threshold', 'missing-data', '$.instance.activation', 'below a threshold e = 0 is dead, whatever the hull'],
  ['dead-by-gate', 'missing-data', '$.instance.activation', 'and behind a closed gate'],
  ['dropped-though-it-holds', 'does-not-hold', '$.witness.dropped', 'says that two features are needed, on two features'],
  ['dropped-though-realizable', 'wrong-type', '$.witness.dropped', 'says that a realizable pattern is needed, of a realizable one'],
  ['polysemantic-by-gates', 'does-not-hold', '$.witness.conclusion[0]', 'gates are open on two features, and nothing passes'],
  ['pencils-of-open-gates', 'does-not-hold', '$.witness.hypotheses.strict', 'lambda of a set on which the neuron passes nothing'],
  ['pencils-of-another-pattern', 'missing-data', '$.instance.we', 'lambda of a pattern that the configuration does not show'],
  ['trap-by-gates', 'missing-key', '$.witness.conclusion.rule', 'a trap that passes nothing'],
  ['absorbing-denied', 'does-not-hold', '$.witness.proof', 'the configuration is the moved one'],
  ['tie-looked-past', 'tie', '$', 'L~ is not defined'],
  ['tie-at-delta-0', 'tie', '$', 'the penalty at delta = 0 is not defined'],
];

test.each(CASES)('%s: %s at %s, as %s', (file, code, path) => {
  const found = check(readFileSync(join(FOLDER, `${file}.json`), 'utf8'), CLAIMS, sha256);
  expect(found).toBeInstanceOf(Rejection);
  expect(found).toMatchObject({ code, path });
});

test('no file of the folder is left out', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(CASES.map(([file]) => `${file}.json`).sort());
});
