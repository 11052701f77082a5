import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { corpora, dictumProcess, folder, main, type Ran } from '../run.ts';

const regress = new URL('../../../regress/instances/', import.meta.url).pathname;

/** A sweep in a folder of its own; instances are of the committed suite, `poisoned` is none. */
function place(spec: object, names: readonly string[] = []): { at: string; spec: string; out: string } {
  const at = folder();
  mkdirSync(join(at, 'instances'));
  for (const name of names) {
    const to = join(at, 'instances', `${name}.json`);
    if (name === 'poisoned') writeFileSync(to, '{"format": "dictum/instance@1", "name": "no features"}');
    else cpSync(join(regress, `${name}.json`), to);
  }
  writeFileSync(join(at, 'sweep.json'), JSON.stringify({ format: 'dictum/sweep@1', ...spec }));
  return { at, spec: join(at, 'sweep.json'), out: join(at, 'out') };
}

const sweep = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran =>
  dictumProcess(['sweep', ...args], { env });

const read = (file: string): string => readFileSync(file, 'utf8');
const rowsOf = (file: string): Record<string, unknown>[] =>
  read(file)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The files of a kind, with when they were written. */
function files(out: string, kind: 'results' | 'failed'): Map<string, number> {
  if (!existsSync(join(out, kind))) return new Map();
  const names = readdirSync(join(out, kind), { recursive: true }).map(String);
  return new Map(
    names.filter((name) => name.endsWith('.json')).map((name) => [name, statSync(join(out, kind, name)).mtimeMs]),
  );
}

async function until(holds: () => boolean): Promise<void> {
  for (let k = 0; k < 1200 && !holds(); k++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(holds()).toBe(true);
}

const ending = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));

const LAND = { command: 'land', inputs: ['instances'], options: { runs: 5, seed: { from: 1, to: 6 } } };
const LANDED = ['acute-pair', 'face', 'poisoned'];

describe('on one machine', () => {
  test('rows in job order, the failed ones with their reason; the same bytes with any number of workers; done is done', async () => {
    const { spec, out, at } = place(LAND, LANDED);
    const first = sweep([spec, '--out', out, '--jobs', '1']);
    expect(first.code, first.err).toBe(3);
    expect(first.out).toMatch(/^18 jobs: 12 done, 6 failed; [0-9.]+ s with 1 job at a time, [0-9.]+ s a job$/m);
    const reason = 'instances/poisoned.json: $.features: expected the key "features", found none (missing-key)';
    expect(first.out).toContain(`failed: instances/poisoned.json, runs 5, seed 1: ${reason}\n`);
    const rows = rowsOf(join(out, 'results.jsonl'));
    expect(rows.map(({ input, options }) => [input, options])).toEqual(
      ['acute-pair', 'face', 'poisoned'].flatMap((name) =>
        [1, 2, 3, 4, 5, 6].map((seed) => [`instances/${name}.json`, { runs: 5, seed }]),
      ),
    );
    // What the command itself says, run by hand.
    const alone = dictumProcess(['land', join(at, 'instances', 'face.json'), '--runs', '5', '--seed', '2', '--json']);
    expect(rows[7]).toEqual({ ...rows[7], exit: alone.code, result: JSON.parse(alone.out) as unknown });
    expect(rows[12]).toMatchObject({ failed: { code: 'missing-key', reason } });
    const times = read(join(out, 'times.csv')).trimEnd().split('\n');
    expect(times.map((line) => line.split(',')[0])).toEqual(['job', ...rows.map(({ job }) => job)]);

    const before = files(out, 'results');
    // Named from elsewhere: the folder and the inputs are found all the same.
    const args = ['sweep', '../sweep.json', '--out', '../out', '--json', '--results', '../again.jsonl'];
    const again = dictumProcess(args, { cwd: join(at, 'instances') });
    expect(JSON.parse(again.out)).toMatchObject({
      format: 'dictum/swept@1',
      jobs: 18,
      done: 12,
      failed: 6,
      before: 12,
    });
    expect(files(out, 'results')).toEqual(before);
    dictumProcess(['sweep', 'sweep.json', '--out', 'three', '--jobs', '3'], { cwd: at });
    for (const other of ['again.jsonl', 'three/results.jsonl'])
      expect(read(join(at, other))).toBe(read(join(out, 'results.jsonl')));

    // The same as Parquet.
    const parquet = join(at, 'rows.parquet');
    expect(sweep(['collect', spec, '--out', out, '--results', parquet]).code).toBe(3);
    const bytes = readFileSync(parquet);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const objects = await parquetReadObjects({ file });
    expect(objects).toHaveLength(18);
    for (const [k, object] of objects.entries()) {
      const { job, input, options, result, failed } = rows[k] as {
        job: string;
        input: string;
        options: { seed: number };
        result?: { matched: number; ends: unknown[]; settings: { rate: string } };
        failed?: { reason: string };
      };
      expect(object).toMatchObject({ job, input, 'option.seed': options.seed });
      expect(object['result.matched'] ?? undefined).toBe(result?.matched);
      expect(object['result.settings.rate'] ?? undefined).toBe(result?.settings.rate);
      expect(object['failed.reason'] ?? undefined).toBe(failed?.reason);
      if (result) expect(JSON.parse(String(object['result.ends']))).toEqual(result.ends);
    }
  });

  test('a failed job is tried again by the next run, and a damaged result is none', () => {
    const { spec, out } = place({ ...LAND, options: { runs: 5, seed: 1 } }, ['face', 'acute-pair']);
    expect(sweep([spec, '--out', out]).code).toBe(0);
    const whole = read(join(out, 'results.jsonl'));
    const [first, second] = [...files(out, 'results').keys()] as [string, string];
    writeFileSync(join(out, 'results', first), '{"format":"dictum/job@1","jo');
    cpSync(join(out, 'results', second), join(out, 'results', first.replace(/\.json$/, '.json')));
    for (const text of ['', '{"format":"dictum/job@1","jo', 'null', read(join(out, 'results', second))]) {
      writeFileSync(join(out, 'results', first), text);
      rmSync(join(out, 'results.jsonl'));
      const ran = sweep([spec, '--out', out, '--json']);
      expect(JSON.parse(ran.out)).toMatchObject({ done: 2, before: 1 });
      expect(read(join(out, 'results.jsonl'))).toBe(whole);
    }
  });

  test('two inputs that say the same are one job in two rows', () => {
    const { spec, out, at } = place({ ...LAND, options: { runs: 5 } }, ['face']);
    cpSync(join(at, 'instances', 'face.json'), join(at, 'instances', 'copy.json'));
    expect(sweep([spec, '--out', out]).code).toBe(0);
    expect(files(out, 'results').size).toBe(1);
    const rows = rowsOf(join(out, 'results.jsonl'));
    expect(rows.map(({ input }) => input)).toEqual(['instances/copy.json', 'instances/face.json']);
    expect(rows[0]).toEqual({ ...rows[1], input: 'instances/copy.json' });
  });
});

describe('other commands', () => {
  test('search, realize and landscape', () => {
    const search = place({ command: 'search', inputs: ['T8', 'T3'], options: { runs: 20, seed: [1, 2] } });
    expect(sweep([search.spec, '--out', search.out]).code).toBe(0);
    expect(rowsOf(join(search.out, 'results.jsonl'))).toMatchObject(
      ['T8', 'T3'].flatMap((claim) =>
        [1, 2].map((seed) => ({ exit: 0, result: { format: 'dictum/search@1', claim, seed } })),
      ),
    );
    const realize = place({ command: 'realize', inputs: ['instances'], options: { pattern: ['1;2', '1,2;', '9'] } }, [
      'acute-pair',
    ]);
    expect(sweep([realize.spec, '--out', realize.out]).code).toBe(3);
    const rows = rowsOf(join(realize.out, 'results.jsonl'));
    expect(rows.map(({ exit }) => exit)).toEqual([0, 0, undefined]);
    expect(rows[2]).toMatchObject({ failed: { reason: expect.stringContaining('--pattern') } });
    const landscape = place({ command: 'landscape', inputs: ['instances'], options: {} }, ['acute-pair']);
    expect(sweep([landscape.spec, '--out', landscape.out]).code).toBe(0);
    expect(rowsOf(join(landscape.out, 'results.jsonl'))).toMatchObject([{ result: { format: 'dictum/landscape@1' } }]);
  });

  const CONFIG = {
    format: 'dictum/train@1',
    name: 'small',
    data: { kind: 'bench', features: 12, np: 9, interference: { max: 0.3 }, activity: { sparsity: 0.9 } },
    method: { kind: 'topk', k: 2 },
    neurons: 24,
    batch: 32,
    steps: 60,
    evaluation: 256,
  };

  test('train: keys of the configuration, a folder for each job, times left out of the rows', () => {
    const { spec, out, at } = place({
      command: 'train',
      inputs: ['c.json'],
      options: { seed: [1, 2], 'method.k': [1, 2] },
    });
    writeFileSync(join(at, 'c.json'), JSON.stringify(CONFIG));
    const ran = sweep([spec, '--out', out]);
    expect(ran.code, ran.err).toBe(0);
    const rows = rowsOf(join(out, 'results.jsonl'));
    expect(rows).toMatchObject(
      [1, 2].flatMap((seed) => [1, 2].map((k) => ({ result: { config: { seed, method: { k } } } }))),
    );
    const { result, job } = rows[3] as { result: Record<string, unknown>; job: string };
    for (const key of ['seconds', 'machine', 'records']) expect(result).not.toHaveProperty(key);
    expect(existsSync(join(out, 'runs', job, 'checkpoint.safetensors'))).toBe(true);
    sweep([spec, '--out', join(at, 'again')]);
    expect(read(join(at, 'again', 'results.jsonl'))).toBe(read(join(out, 'results.jsonl')));
  });

  test('train is interrupted within a job, and goes on from its checkpoint', async () => {
    const { spec, out, at } = place({ command: 'train', inputs: ['c.json'] });
    writeFileSync(join(at, 'c.json'), JSON.stringify({ ...CONFIG, steps: 12_000, checkpointEvery: 100 }));
    const child = spawn(process.execPath, [main, 'sweep', spec, '--out', out], { detached: true, stdio: 'ignore' });
    const runs = join(out, 'runs');
    await until(
      () => existsSync(runs) && readdirSync(runs).some((job) => existsSync(join(runs, job, 'checkpoint.safetensors'))),
    );
    process.kill(-(child.pid as number), 'SIGINT');
    expect(await ending(child)).toBe(130);
    expect(files(out, 'results').size).toBe(0);
    expect(sweep([spec, '--out', out]).code).toBe(0);
    expect(sweep([spec, '--out', join(at, 'straight')]).code).toBe(0);
    expect(read(join(out, 'results.jsonl'))).toBe(read(join(at, 'straight', 'results.jsonl')));
  });
});

describe('what can go wrong', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s keeps what finished, names what failed, and the same command goes on',
    async (signal) => {
      const { spec, out, at } = place({ ...LAND, options: { runs: 20, seed: { from: 1, to: 8 } } }, [
        'acute-pair',
        'poisoned',
        'superposition-4x2-4',
      ]);
      const args = [main, 'sweep', spec, '--out', out, '--jobs', '2'];
      const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      let err = '';
      child.stderr.on('data', (chunk) => {
        err += `${chunk}`;
      });
      await until(() => files(out, 'results').size >= 9);
      // As a terminal does it: to every process of the group.
      process.kill(-(child.pid as number), signal);
      expect(await ending(child)).toBe(130);
      const kept = files(out, 'results');
      expect(kept.size).toBeLessThan(16);
      expect(err).toMatch(/failed: instances\/poisoned\.json, runs 20, seed 1: .*\(missing-key\)/);
      expect(err).toMatch(/interrupted: 24 jobs: [0-9]+ done, 8 failed, [0-9]+ to do; the same command goes on/);
      expect(existsSync(join(out, 'results.jsonl'))).toBe(false);
      expect(sweep(['status', spec, '--out', out]).code).toBe(3);
      const ran = sweep([spec, '--out', out, '--json']);
      expect(JSON.parse(ran.out)).toMatchObject({ done: 16, failed: 8, before: kept.size });
      for (const [name, written] of kept) expect(files(out, 'results').get(name)).toBe(written);
      sweep([spec, '--out', join(at, 'straight')]);
      expect(read(join(out, 'results.jsonl'))).toBe(read(join(at, 'straight', 'results.jsonl')));
      expect(readdirSync(out, { recursive: true }).filter((name) => `${name}`.endsWith('.tmp'))).toEqual([]);
    },
  );

  test('a full disk: a clear error, nothing lost, nothing half written; with room the same command goes on', () => {
    const { spec, out, at } = place({ ...LAND, options: { runs: 5, seed: { from: 1, to: 15 } } }, [
      'acute-pair',
      'face',
    ]);
    mkdirSync(out);
    // A file system of 80 kB, of this process alone: no right of the machine is needed.
    const script = `
      mount -t tmpfs -o size=80k tmpfs '${out}' || exit 99
      '${process.execPath}' '${main}' sweep '${spec}' --out '${out}' --json > '${at}/first.json' 2> '${at}/first.err'
      echo $? > '${at}/first.code'
      cp -r '${out}' '${at}/first'
      mount -o remount,size=10m '${out}' || exit 99
      '${process.execPath}' '${main}' sweep '${spec}' --out '${out}' --json > '${at}/second.json' || exit 98
      cp '${out}/results.jsonl' '${at}/second.jsonl'`;
    const ran = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script], {
      encoding: 'utf8',
    });
    expect(ran.status, ran.stderr).toBe(0);
    expect(read(join(at, 'first.code'))).toBe('2\n');
    expect(read(join(at, 'first.err'))).toMatch(
      /expected a place to write to, found a full disk \(cannot-write\)\n {2}Make room/,
    );
    expect(JSON.parse(read(join(at, 'first.json')))).toMatchObject({ format: 'dictum/error@1', code: 'cannot-write' });
    const kept = files(join(at, 'first'), 'results');
    expect(kept.size).toBeGreaterThan(3);
    expect(kept.size).toBeLessThan(30);
    for (const name of kept.keys()) JSON.parse(read(join(at, 'first', 'results', name)));
    expect(readdirSync(join(at, 'first'), { recursive: true }).filter((name) => `${name}`.endsWith('.tmp'))).toEqual(
      [],
    );
    expect(JSON.parse(read(join(at, 'second.json')))).toMatchObject({ done: 30, failed: 0, before: kept.size });
    sweep([spec, '--out', join(at, 'straight')]);
    expect(read(join(at, 'second.jsonl'))).toBe(read(join(at, 'straight', 'results.jsonl')));
  });

  test('a job that takes too long is ended and named, and stops no other', () => {
    const { spec, out, at } = place({ ...LAND, options: { runs: [5, 900_000] }, seconds: 8 }, ['face']);
    const ran = sweep([spec, '--out', out]);
    expect(ran.code, `${ran.out}${ran.err}`).toBe(3);
    expect(ran.out).toContain('failed: instances/face.json, runs 900000: not done after 8 s\n2 jobs: 1 done, 1 failed');
    expect(existsSync(join(at, 'out', 'results.jsonl'))).toBe(true);
  });

  test('a job that runs out of memory is named, and stops no other', () => {
    const { spec, out, at } = place({
      command: 'realize',
      inputs: ['instances', 'small.json'],
      options: { pattern: '1' },
    });
    const feature = (k: number): object => ({ label: `f${k}`, wp: Array.from({ length: 1000 }, () => '1') });
    const features = Array.from({ length: 2000 }, (_, k) => feature(k));
    const rest = { format: 'dictum/instance@1', name: 'large', activation: { kind: 'relu' }, neurons: 1 };
    writeFileSync(join(at, 'instances', 'large.json'), JSON.stringify({ ...rest, features }));
    cpSync(join(corpora, 'valid', 'instance-relu.json'), join(at, 'small.json'));
    const ran = sweep([spec, '--out', out, '--jobs', '1'], { NODE_OPTIONS: '--max-old-space-size=100' });
    expect(ran.code, ran.err).toBe(3);
    expect(ran.out).toContain(
      'failed: instances/large.json, pattern 1: its process ran out of memory\n2 jobs: 1 done, 1 failed',
    );
  });

  test('a process that is killed from outside is no fault of its job, unless it happens each time', async () => {
    const { spec, out } = place({ ...LAND, options: { runs: 20_000 } }, ['superposition-4x2-4']);
    const child = spawn(process.execPath, [main, 'sweep', spec, '--out', out], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = ending(child);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += `${chunk}`;
    });
    const killed = new Set<number>();
    for (let k = 0; k < 3; k++) {
      await until(() => workersOf(child.pid as number).some((pid) => !killed.has(pid)));
      for (const pid of workersOf(child.pid as number).filter((one) => !killed.has(one))) {
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      }
      if (k < 2) expect(files(out, 'failed').size).toBe(0);
    }
    expect(await ended).toBe(3);
    expect(killed.size).toBe(3);
    expect(said).toContain('its process was ended by SIGKILL\n1 job: 0 done, 1 failed');
  });

  test('where Slurm is not, --slurm says so, and nothing is submitted', () => {
    const { spec, out } = place({ ...LAND, options: { runs: 5 } }, ['face']);
    const ran = sweep([spec, '--out', out, '--slurm'], { PATH: '/nowhere' });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(
      /^sbatch: expected an answer of Slurm, found no such command \(no-slurm\)\n {2}Slurm's commands/,
    );
    expect(sweep(['cancel', spec, '--out', out]).err).toMatch(
      /expected a sweep that was submitted, found none \(no-files\)/,
    );
    expect(sweep(['status', spec, '--out', out]).out).toBe('1 job: 0 done, 0 failed, 1 to do\n');
    expect(sweep([spec, '--out', out, '--pack', '3']).err).toMatch(/--slurm beside --pack/);
  });

  test('a task of an array whose sweep was changed since does nothing', () => {
    const { spec, out } = place({ ...LAND, options: { runs: 5 } }, ['face']);
    const ran = sweep(['task', spec, '--out', out, '--part', '0', '--of', '1', '--plan', 'f'.repeat(64)]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(
      /expected the jobs that were submitted, found others \(wrong-plan\)\n {2}An input or the sweep/,
    );
    expect(files(out, 'results').size).toBe(0);
  });
});

/** The processes that run jobs of this one. */
function workersOf(parent: number): number[] {
  const status = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8');
    } catch {
      return '';
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.filter((pid) => new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status(pid))).map(Number);
}
