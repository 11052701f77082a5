import { expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/landing/runs/settings.ts';
import { train } from '../../../src/landing/runs/train.ts';
import { problemOf, suiteInstance } from '../../train/support.ts';

const p = problemOf(suiteInstance('acute-pair'));
const quick = { ...DEFAULTS, steps: 500, rounds: 2, roundSteps: 500 };

test('a run depends on its seed and number alone: not on the other runs, not on the threads', async () => {
  const [few, many] = [await train(p, quick, 5, { threads: 1 }), await train(p, quick, 1500, { threads: 2 })];
  expect(many.weights.slice(0, few.weights.length)).toEqual(few.weights);
  const other = await train(p, { ...quick, seed: 2 }, 5, { threads: 1 });
  expect(other.weights).not.toEqual(few.weights);
});

test('sampled inputs depend on seed and run alone, too', async () => {
  const sgd = { ...quick, optimizer: 'sgd', rounds: 0 } as const;
  const [few, many] = [await train(p, sgd, 3, { threads: 1 }), await train(p, sgd, 1200, { threads: 2 })];
  expect(many.weights.slice(0, few.weights.length)).toEqual(few.weights);
});

test('anchored neurons stay at their features, until they are released for the continuation', async () => {
  const { weights } = await train(p, { ...quick, rounds: 0, finishAfter: 0, anchors: [1] }, 4, { threads: 1 });
  const size = p.nq * (p.np + p.nr);
  for (let run = 0; run < 4; run++) {
    const row = weights.slice(run * size, (run + 1) * size);
    expect([...row.slice(0, p.np)]).toEqual([...p.wp.slice(p.np, 2 * p.np)].map(Math.fround));
    expect([...row.slice(p.nq * p.np, p.nq * p.np + p.nr)]).toEqual([...p.wr.slice(p.nr, 2 * p.nr)].map(Math.fround));
  }
});

test('from anchors on training ends at critical points of the whole loss', async () => {
  const { converged } = await train(p, { ...DEFAULTS, steps: 500, anchors: [1] }, 20, { threads: 1 });
  expect([...converged]).toEqual(Array.from({ length: 20 }, () => 1));
});

test('resampling leaves fewer runs at the loss of two dead neurons', async () => {
  const settings = { ...DEFAULTS, steps: 2000 };
  const stuck = async (resample: number): Promise<number> =>
    (await train(p, { ...settings, resample }, 400, { threads: 1 })).loss.filter((loss) => loss > 0.3).length;
  const [without, with_] = [await stuck(0), await stuck(250)];
  expect(without).toBeGreaterThan(100);
  expect(with_).toBeLessThan(without / 4);
});

test('runs that diverge are reported as not converged, none is dropped', async () => {
  const { converged, gradient } = await train(problemOf(suiteInstance('non-top')), { ...quick, rate: 0.2 }, 50, {
    threads: 1,
  });
  const diverged = [...gradient].flatMap((g, run) => (Number.isFinite(g) ? [] : [run]));
  expect(diverged.length).toBeGreaterThan(10);
  expect(diverged.filter((run) => converged[run])).toEqual([]);
  expect(converged.length).toBe(50);
});
