/** The landscape where theory tells what it is: every case is decided exactly, and the kernel replays each proof. */
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/cli/digest.ts';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { Surveyor } from '../../../src/solve/landscape/entry.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { decided } from '../../theorems/decided.ts';
import { KNOWN, known } from './cases.ts';

test.each(KNOWN.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const pattern = one.pattern.map((set) => set.map((d) => d - 1));
  const { entry, certificate } = new Surveyor(known(one), sha256).survey(pattern);
  expect(entry.why).toBeUndefined();
  expect({ class: entry.class, loss: entry.loss }).toEqual({
    class: one.class,
    loss: one.loss === null ? null : { exact: one.loss },
  });
  expect(entry.stationary).toBe(one.class !== null);
  expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});

test.each([
  ['acute-pair', 'holds', 'holds'],
  ['equal-weights', 'holds', 'holds'],
  ['unequal-weights', 'refuted', 'refuted'],
  ['parallel-targets', 'refuted', 'refuted'],
  ['antipodal-targets', 'holds', 'holds'],
  ['repeated-eigenvalue', 'holds', 'holds'],
  ['irrational-eigenvalue', 'holds', 'holds'],
  ['superposition', 'holds', 'holds'],
  ['smaller-eigenvalue', 'holds', 'holds'],
])('T6 on %s: walkthrough %s, paper %s', (name, walkthrough, paper) => {
  expect(decided('T6', 'walkthrough', name).verdict).toBe(walkthrough);
  expect(decided('T6', 'paper', name).verdict).toBe(paper);
  expect(decided('T6', 'repaired', name).verdict).toBe('holds');
});

test.each([
  ['T6-spanning', 'plane', 'holds'],
  ['T6-spanning', 'half-plane', 'not-applicable'],
  ['T6-dead', 'half-plane', 'holds'],
  ['T6-dead', 'antipodal-pair', 'refuted'],
  ['T6-perron', 'two-pairs', 'holds'],
  ['T6-perron', 'orthogonal-targets', 'not-applicable'],
  ['T6-perron', 'dependent-directions', 'not-applicable'],
  ['T6-strict', 'smaller-eigenvalue', 'holds'],
  ['T6-minimum', 'trapped-by-kinks', 'holds'],
  ['T6-saddle', 'positive-span', 'holds'],
])('%s on %s: %s', (id, name, verdict) => {
  expect(decided(id, 'repaired', name).verdict).toBe(verdict);
});
