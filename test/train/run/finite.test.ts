/** A run that leaves the numbers ends with the step and the tensor, and leaves nothing behind that looks like a result. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TrainFolder } from '../../../src/commands/train/folder.ts';
import { type Ended, runTraining } from '../../../src/commands/train/run.ts';
import { Failure, type Problem } from '../../../src/terminal/problem.ts';
import type { BackendName } from '../../../src/train/backend/backend.ts';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import { writeSafetensors } from '../../../src/train/data/safetensors.ts';
import { arraysOf } from '../../../src/train/model/weights.ts';
import { readCheckpoint } from '../../../src/train/run/checkpoint.ts';
import { folder } from '../../commands/run.ts';
import { npy } from '../data/npyBytes.ts';
import { advance, configOf, start } from '../runs.ts';

interface Place {
  readonly run: (resume?: boolean) => Promise<Ended>;
  readonly at: (name: string) => string;
}

/** A run on these rows of two numbers. */
async function place(rows: readonly number[], change: object): Promise<Place> {
  const here = folder();
  writeFileSync(join(here, 'x.npy'), npy('<f4', [rows.length / 2, 2], Float32Array.from(rows)));
  const config = configOf({
    data: { kind: 'activations', inputs: 'x.npy', normalize: false },
    method: { kind: 'relu', l1: 0.1 },
    neurons: 8,
    evaluation: 64,
    ...change,
  });
  const out = await TrainFolder.open(join(here, 'run'));
  const run = (resume = false): Promise<Ended> =>
    runTraining({ config, file: join(here, 'config.json'), folder: out, resume });
  return { run, at: (name) => out.at(name) };
}

async function problem(run: Promise<Ended>): Promise<Problem> {
  const thrown: unknown = await run.then(
    (ended) => ended,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return (thrown as Failure).problem;
}

const ROWS = Array.from({ length: 128 }, (_, k) => Math.sin(k + 1));
const RESULTS = ['result.json', 'metrics.csv', 'report.html'];
const HOSTS: readonly BackendName[] = ['wasm', 'plain'];

describe.each(HOSTS)('on %s', (backend) => {
  test('a loss that no 32-bit float holds: at the first step, no result, no checkpoint, and no word of the rate', async () => {
    const { run, at } = await place(
      ROWS.map((x) => 1e20 * x),
      { backend },
    );
    const refused = await problem(run());
    expect(refused).toMatchObject({ code: 'not-finite', path: 'step 1', expected: 'a finite loss', kind: 'malformed' });
    expect(refused.next).toMatch(/inputs.*no checkpoint/);
    for (const name of [...RESULTS, 'checkpoint.safetensors']) expect(existsSync(at(name))).toBe(false);
  });

  test('moments that overflow while the loss does not: by the name of the tensor', async () => {
    const { run, at } = await place(
      ROWS.map((x) => 1e12 * x),
      { backend },
    );
    const refused = await problem(run());
    expect(refused).toMatchObject({ code: 'not-finite', found: 'Infinity' });
    expect(refused.path).toMatch(/^step 1, adam\.v\.W_(enc|dec)$/);
    for (const name of RESULTS) expect(existsSync(at(name))).toBe(false);
  });

  test('in mid-run: the last checkpoint is kept and good, and --resume ends at the same step with the same words', async () => {
    const { run, at } = await place(ROWS, {
      backend,
      normalizeDecoder: false,
      optimizer: { kind: 'sgd', rate: 1.5 },
      checkpointEvery: 2,
      steps: 5000,
      schedule: { warmup: 0 },
    });
    const refused = await problem(run());
    const step = Number(/^step ([0-9]+)/.exec(refused.path ?? '')?.[1]);
    expect(step).toBeGreaterThan(2);
    const bytes = readFileSync(at('checkpoint.safetensors'));
    const saved = readCheckpoint(bytes, 'x')!;
    expect(saved.step).toBe(step - (step % 2 === 0 ? 2 : 1));
    for (const { values } of saved.tensors.values()) expect([...values].every(Number.isFinite)).toBe(true);
    expect(refused.next).toContain(`The checkpoint of step ${saved.step} was kept`);
    expect(await problem(run(true))).toEqual(refused);
    expect(readFileSync(at('checkpoint.safetensors')).equals(bytes)).toBe(true);
    for (const name of RESULTS) expect(existsSync(at(name))).toBe(false);
  });

  test('a row of NaN, whose neuron merely counts as inactive, is seen at the next step', async () => {
    for (const name of ['we', 'wd', 'be'] as const) {
      const training = start(configOf({ backend, biases: true, logEvery: 1000 }));
      await advance(training, 3);
      arraysOf(training.work.weights).get(name)![1] = Number.NaN;
      const thrown: unknown = await training.advance().catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(TrainProblem);
      // Through the products NaN may reach other tensors and the loss before.
      expect((thrown as TrainProblem).path).toMatch(/^step 4(, [a-zA-Z_.]+)?$/);
      await expect(training.state()).rejects.toThrow(/finite numbers/);
    }
  });
});

test('inputs on which only the evaluation overflows: the checkpoint is there, the result is not', async () => {
  // The large row is the last of the pass that training has only begun.
  const rows = ROWS.slice();
  const found: string[] = [];
  for (let row = 0; row < 64 && found.length === 0; row++) {
    const { run, at } = await place(
      rows.map((x, k) => (k >> 1 === row ? 1e25 * x : x)),
      { batch: 4, steps: 2, evaluation: 64 },
    );
    const refused = await problem(run());
    if (refused.path !== 'evaluation') continue;
    found.push(refused.code);
    expect(existsSync(at('checkpoint.safetensors'))).toBe(true);
    for (const name of RESULTS) expect(existsSync(at(name))).toBe(false);
  }
  expect(found).toEqual(['not-finite']);
});

test('a checkpoint with NaN in it is not gone on from', async () => {
  const { run, at } = await place(ROWS, { steps: 4, checkpointEvery: 2 });
  expect('result' in (await run())).toBe(true);
  const file = at('checkpoint.safetensors');
  const { tensors, config } = readCheckpoint(readFileSync(file), file)!;
  tensors.get('adam.m.W_dec')!.values[3] = Number.NaN;
  const metadata = { format: 'dictum/checkpoint@1', step: '2', config: JSON.stringify(config) };
  writeFileSync(file, writeSafetensors({ metadata, tensors }));
  const refused = await problem(run(true));
  expect(refused).toMatchObject({ code: 'not-finite', path: 'step 2, adam.m.W_dec', found: 'NaN' });
  expect(refused.next).toContain('leave out --resume');
});

test('data that no training can begin with: all zero, not finite, too large for 32 bits', async () => {
  const zero = await place(new Array<number>(8).fill(0), { data: { kind: 'activations', inputs: 'x.npy' } });
  expect(await problem(zero.run())).toMatchObject({ code: 'out-of-range', path: 'rows' });
  const nan = await place([1, 2, 3, Number.NaN], {});
  expect(await problem(nan.run())).toMatchObject({ code: 'not-a-number', path: 'row 1, column 1', found: 'NaN' });
});
