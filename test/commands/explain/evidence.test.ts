/** The other looks agree where they should, and say why where they cannot tell; a planted disagreement is found. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/commands/explain/evidence/evidence.ts';
import { gradientLook } from '../../../src/commands/explain/evidence/gradient.ts';
import { optional, together } from '../../../src/commands/explain/evidence/look.ts';
import { lpLook } from '../../../src/commands/explain/evidence/lp.ts';
import { explain } from '../../../src/explain/explain.ts';
import type { Explanation } from '../../../src/explain/explanation.ts';
import type { Step } from '../../../src/explain/step.ts';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { certificates, dictum } from '../run.ts';

const explained = (file: string): Explanation => {
  const found = explain(readFileSync(join(certificates, file), 'utf8'), CLAIMS, sha256);
  if (!('asked' in found)) throw new Error(`${found}`);
  return found;
};
const about = ({ subject }: Explanation): Instance => {
  if (subject.format !== 'dictum/instance@1') throw new Error(subject.format);
  return subject;
};

test('four looks at a minimum agree', async () => {
  const found = await evidenceOf(explained('T6-minimum/repaired--acute-pair.json'), { runs: 40 });
  expect(found.map(({ look, outcome }) => [look, outcome])).toEqual([
    ['exact', 'proved'],
    ['LP in floats', 'agrees'],
    ['gradient in numbers', 'agrees'],
    ['training', 'agrees'],
  ]);
  expect(found[3]?.says).toMatch(/^\d+ of 40 end there$/);
});

test('on a face the gradient is not 0, and that is said', async () => {
  const at = explained('T6-minimum/repaired--face-minimum.json');
  const { outcome, lines } = await gradientLook(about(at), at.argument);
  expect(outcome).toBe('agrees');
  // By hand: 2 mu |w_3| / s with mu = 16 and s = 675, e = (0, 25).
  expect(lines[0]).toContain(
    `the largest partial derivative of L~ on the pattern is ≈${Number((32 / 675).toPrecision(3))}`,
  );
  expect(lines[0]).toContain('presses against the kinks');
});

test('directions too near for doubles: too close to tell, with the margin', async () => {
  const at = explained('R/paper--long-and-flat.json');
  const { outcome, lines } = await lpLook(about(at), at.argument);
  expect(outcome).toBe('too close to tell');
  expect(lines[0]).toMatch(/margin 0, proved realizable; .* too thin for doubles/);
});

test('a Farkas vector: no margin', async () => {
  const at = explained('T8/paper--four-directions.json');
  const { outcome, lines } = await lpLook(about(at), at.argument);
  expect([outcome, lines.length]).toEqual(['agrees', 3]);
});

describe('planted', () => {
  /** The same steps with every realizability the other way round. */
  const turned = (steps: readonly Step[]): Step[] =>
    steps.map((step) => ({
      ...step,
      steps: turned(step.steps),
      ...(step.fact?.relation === 'realizable' && { fact: { ...step.fact, truth: !step.fact.truth } }),
    }));

  test('a wrong verdict differs from the linear program', async () => {
    const at = explained('T8/paper--four-directions.json');
    const { outcome, says } = await lpLook(about(at), turned(at.argument));
    expect(outcome).toBe('differs');
    expect(says).toBe('differs in 1 of 3 questions');
  });

  test('a point moved aside has a gradient', async () => {
    const at = explained('T6-minimum/repaired--acute-pair.json');
    const moved = (steps: readonly Step[]): Step[] =>
      steps.map((step) => ({
        ...step,
        steps: moved(step.steps),
        ...(step.seen?.point && {
          seen: { point: { ...step.seen.point, wd: step.seen.point.wd.map((u) => u.map((x) => x + 0.01)) } },
        }),
      }));
    expect((await gradientLook(about(at), moved(at.argument))).outcome).toBe('differs');
  });
});

test('a package that is not there is no fault, any other failure is', async () => {
  expect(await optional(() => import('no-such-package-at-all' as string))).toBeUndefined();
  await expect(optional(() => Promise.reject(new TypeError('broken')))).rejects.toThrow('broken');
});

test('the worst of several', () => {
  expect(together(['agrees', 'too close to tell'])).toBe('too close to tell');
  expect(together(['agrees', 'differs', 'too close to tell'])).toBe('differs');
  expect(together([])).toBe('nothing to ask');
});

test('the command prints them, and refuses options it cannot read', () => {
  const file = join(certificates, 'T6-minimum', 'repaired--acute-pair.json');
  const { code, out } = dictum(['explain', file, '--evidence', '--runs', '20']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /Looked at in other ways\n {2}exact +proved: the certificate replayed, 2 rules applied\n {2}LP in floats/,
  );
  expect(dictum(['explain', file, '--evidence', '--runs', '0']).code).toBe(2);
  expect(dictum(['explain', file, '--evidence', '--backend', 'abacus']).code).toBe(2);
});
