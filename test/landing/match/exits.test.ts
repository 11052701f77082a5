import { expect, test } from 'vitest';
import { exitsOf } from '../../../src/landing/match/exits.ts';
import { study } from '../../../src/landing/match/study.ts';
import { DEFAULTS } from '../../../src/landing/runs/settings.ts';
import { land } from '../../../src/library/land.ts';
import { instanceDocument } from '../../../src/solve/proofs/document.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { suiteInstance } from '../../train/support.ts';

const of = async (name: string, runs = 100) => {
  const m = suiteInstance(name);
  const found = await study(m, DEFAULTS, runs, sha256, { threads: 1 });
  if (!found) throw new Error(`${name} has no training step`);
  return { found, exits: await exitsOf(m, found, { threads: 1 }) };
};

test('n_q >= n: from every trap a certified path, and descent along it goes below the loss that is proved', async () => {
  const { found, exits } = await of('acute-pair');
  const minima = found.landing.ends.filter(({ class: word }) => word.endsWith('minimum'));
  expect(exits?.traps).toBe(minima.reduce((total, { count }) => total + count, 0));
  expect(exits?.traps).toBeGreaterThan(50);
  expect(exits?.path).toMatchObject({ tried: exits?.traps, left: exits?.traps, below: exits?.traps });
  expect(exits?.path.median).toBeGreaterThan(0);
  // A strict minimum but for its dead neuron: sampled inputs do not leave it.
  expect(exits?.alone).toMatchObject({ tried: exits?.traps, left: 0, zero: 0 });
});

test('where codes are dependent and no neuron is dead, columns go over to others first', async () => {
  const { exits } = await of('superposition-4x2-4');
  expect(exits?.resampled).toEqual({ tried: 0, left: 0, zero: 0 });
  expect(exits?.path.tried).toBe(exits?.traps);
  expect(exits?.path.left).toBeGreaterThan(0.8 * (exits?.traps ?? 0));
});

test('n_q < n with independent codes: no path is claimed', async () => {
  const { exits } = await of('hierarchy-3');
  expect(exits?.path.tried).toBeLessThan(exits?.traps ?? 0);
  expect(exits?.alone.tried).toBe(exits?.traps);
});

test('a threshold: a row keeps what it passes, and descent goes down from there', async () => {
  const { exits } = await of('jumprelu-4x3');
  expect(exits?.path.tried).toBe(exits?.traps);
  expect(exits?.path.left).toBeGreaterThan(0.7 * (exits?.traps ?? 0));
});

test('the library has the same, and refuses what the theorem is not about', async () => {
  const m = suiteInstance('acute-pair');
  const { exits } = await land(JSON.stringify(instanceDocument(m)), { runs: 100, threads: 1, exits: true });
  expect(exits).toEqual((await of('acute-pair')).exits);
  const top = JSON.stringify(instanceDocument(suiteInstance('top-1-5x3')));
  await expect(land(top, { runs: 1, exits: true })).rejects.toThrow('an instance with relu or jumprelu');
  const found = await study(suiteInstance('top-1-5x3'), DEFAULTS, 1, sha256, { threads: 1 });
  expect(found && (await exitsOf(suiteInstance('top-1-5x3'), found))).toBe(undefined);
});
