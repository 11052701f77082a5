import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folder } from '../commands/run.ts';
import { type Cluster, until } from './cluster.ts';
import { lines, stateOf, sweep, sweepWithLosses, writeSpec } from './lostNodes.ts';

// The moments at which nodes are lost; another one each time unless it is given.
const seed = Number(process.env.DICTUM_SEED ?? Date.now() % 1_000_000);
const at = folder();
let cluster: Cluster | undefined;
afterAll(() => cluster?.stop());

describe(`a sweep on Slurm, seed ${seed}`, () => {
  const spec = writeSpec(at, 12, 40);
  const alone = join(at, 'alone');

  test('two of three nodes lost and the controller begun again: the bytes are those of one machine', async () => {
    const here = sweep([spec, '--out', alone, '--jobs', '2']);
    expect(here.code, here.err).toBe(3);
    expect(here.out).toContain('60 jobs: 48 done, 12 failed');
    const out = join(at, 'cluster');
    const lost = await sweepWithLosses(spec, join(at, 'slurm'), out, 5, seed, 180);
    cluster = lost.cluster;
    console.log([...lost.story, `${lost.restarts} tasks begun again`].join('\n'));
    const collected = sweep(['collect', spec, '--out', out]);
    expect(collected.code, `${collected.out}${collected.err}`).toBe(3);
    expect(collected.out).toContain('60 jobs: 48 done, 12 failed');
    expect(collected.out).toContain(
      'failed: instances/poisoned.json, runs 40, seed 1: instances/poisoned.json: $.features',
    );
    const rows = lines(join(out, 'results.jsonl'));
    expect(rows.length).toBe(60);
    expect(new Set(rows.map((row) => (JSON.parse(row) as { job: string }).job)).size).toBe(60);
    expect(readFileSync(join(out, 'results.jsonl'), 'utf8')).toBe(readFileSync(join(alone, 'results.jsonl'), 'utf8'));
    // Lost in earnest: Slurm had to begin tasks again.
    expect(lost.restarts).toBeGreaterThan(0);
  });

  test('cancelled, what is done stays; submitted once more, what is left is done', async () => {
    const running = cluster as Cluster;
    const small = writeSpec(join(at, 'small'), 4, 40);
    const [out, here] = [join(at, 'cancelled'), join(at, 'here')];
    const submit = (): ReturnType<typeof sweep> =>
      sweep(
        ['--out', out, '--slurm', '--pack', '2', '--sbatch', '--time=9', '--sbatch', '--comment=ours', small],
        running.env,
      );
    expect(submit()).toMatchObject({ code: 0, err: '' });
    expect(submit()).toMatchObject({ code: 2, err: expect.stringContaining('(submitted)') });
    expect(running.ask('squeue', '-h', '-o', '%l %k')).toMatch(/^9:00 ours$/m);
    await until(() => stateOf(small, out, running).done > 0, 120, 'a job done');
    expect(sweep(['cancel', small, '--out', out], running.env).code).toBe(0);
    await until(() => stateOf(small, out, running).tasks.length === 0, 60, 'cancelled tasks gone');
    const before = stateOf(small, out, running);
    expect(before.done).toBeLessThan(16);
    const status = sweep(['status', small, '--out', out], running.env);
    expect(status).toMatchObject({ code: 3 });
    expect(status.out).toMatch(/ to do\nSlurm job [0-9]+: no task in the queue\n$/);
    expect(submit()).toMatchObject({ code: 0 });
    await until(() => stateOf(small, out, running).tasks.length === 0, 240, 'no task in the queue');
    expect(sweep(['collect', small, '--out', out]).code).toBe(3);
    expect(sweep([small, '--out', here]).out).toContain('20 jobs: 16 done, 4 failed');
    expect(readFileSync(join(out, 'results.jsonl'), 'utf8')).toBe(readFileSync(join(here, 'results.jsonl'), 'utf8'));
  });
});
