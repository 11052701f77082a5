/** The landscape where theory tells what it is: every case is decided exactly, and the kernel replays each proof. */
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { instance } from '../../kernel/read.ts';
import { decided } from '../../theorems/decided.ts';
import { KNOWN, known } from './cases.ts';

test.each(KNOWN.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const pattern = one.pattern.map((set) => set.map((d) => d - 1));
  const { entry, certificate } = new Surveyor(known(one), { claims: CLAIMS, sha256 }).survey(pattern);
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

test.each([1, 2, 3])(
  '24 features: a minimum off every face is found without the 2^22 sets T, else they are too many; seed %i',
  (seed) => {
    const next = randomNumbers(seed);
    const draw = (): number[] => Array.from({ length: 8 }, () => Math.floor(next() * 9) - 4);
    const e = draw();
    // Turned so that row e is active on the first two alone.
    const wp = Array.from({ length: 24 }, (_, d) => {
      const w = draw();
      const z = w.reduce((sum, x, k) => sum + x * (e[k] ?? 0), 0);
      return z > 0 === d < 2 ? w : w.map((x) => -x);
    });
    const { entry, certificate } = new Surveyor(instance({ wp, neurons: 1 }), { claims: CLAIMS, sha256 }).survey([
      [0, 1],
    ]);
    expect(entry).toMatchObject({ verdict: 'critical', class: 'local-minimum', stationary: true });
    expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
    // Targets that pull the two apart: the largest eigenvalue has no row off the faces.
    const wr = wp.map((_, d) => [d === 0 ? 2 : -1, 1]);
    const apart = new Surveyor(instance({ wp, wr, neurons: 1 }), { claims: CLAIMS, sha256 }).survey([[0, 1]]).entry;
    expect(apart).toMatchObject({
      verdict: 'undecided',
      why: expect.stringMatching(/^\{1,2\}: 22 features off the set may be at their kinks, on up to \d+ faces/),
    });
  },
);
