import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/terminal/digest.ts';
import { generic, resonance } from '../../solve/patterns/arrangements.ts';
import { dictum, folder, main } from '../run.ts';

const instances = fileURLToPath(new URL('../../../theorems/pattern-count/instances/', import.meta.url));
const named = (name: string): string => join(instances, `${name}.json`);

function file(rows: readonly (readonly number[])[], more: object = {}): string {
  const path = join(folder(), 'instance.json');
  const features = rows.map((row, d) => ({ label: `word ${d + 1}`, wp: row.map(String) }));
  const document = {
    format: 'dictum/instance@1',
    name: 'x',
    features,
    activation: { kind: 'relu' },
    neurons: 1,
    ...more,
  };
  writeFileSync(path, JSON.stringify(document));
  return path;
}

describe('dictum patterns', () => {
  test('counts as JSON', () => {
    const { code, out, err } = dictum(['patterns', named('opposite-pair'), '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      '{"format":"dictum/patterns@1","features":2,"dimension":1,"realizable":3,"bySize":[1,2,0],"chambers":2}\n',
    );
    const strict = dictum(['patterns', named('resonance-4'), '--strict', '--json']);
    expect(JSON.parse(strict.out)).toMatchObject({ features: 15, dimension: 4, chambers: 370 });
    expect(strict.out).not.toContain('realizable');
  });

  test('--count says what listing finds, and lists nothing', () => {
    const units = file(Array.from({ length: 20 }, (_, i) => Array.from({ length: 20 }, (_, j) => (i === j ? 1 : 0))));
    expect(dictum(['patterns', units, '--count', '--strict']).out).toBe(
      '20 features in dimension 20\n1048576 chambers\n',
    );
    expect(JSON.parse(dictum(['patterns', units, '--count', '--json']).out)).toEqual({
      format: 'dictum/pattern-count@1',
      features: 20,
      dimension: 20,
      realizable: '1048576',
      chambers: '1048576',
    });
    for (const of of ['degenerate-gated', 'generic-9-in-4']) {
      for (const more of [[], ['--strict']]) {
        const { chambers, realizable } = JSON.parse(dictum(['patterns', named(of), '--json', ...more]).out);
        const counted = dictum(['patterns', named(of), '--count', '--json', ...more]);
        const sets = realizable === undefined ? {} : { realizable: `${realizable}` };
        if (counted.code === 0) expect(JSON.parse(counted.out)).toMatchObject({ chambers: `${chambers}`, ...sets });
        else
          expect([counted.code, counted.out, more, counted.err]).toEqual([
            3,
            '',
            [],
            expect.stringContaining(`${chambers} chambers`),
          ]);
      }
    }
    const certificate = join(folder(), 'count.json');
    const certified = dictum(['patterns', named('resonance-5'), '--count', '--strict', '--certify', certificate]);
    expect([certified.code, dictum(['check', certificate]).code]).toEqual([0, 0]);
    expect(dictum(['patterns', units, '--count', '--list']).code).toBe(2);
    // A dozen processes.
  }, 300_000);

  test('a count that needs a list says how many chambers there are', () => {
    const pairs = file([
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]);
    expect(dictum(['patterns', pairs, '--count'])).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('4 chambers;'),
    });
  });

  test('a list, with numbers, labels and as JSON; it goes back in as patterns', () => {
    const path = file([
      [1, 0],
      [0, 1],
      [-1, -1],
    ]);
    const list = dictum(['patterns', path, '--list']);
    expect(list.out.split('\n').sort()).toEqual(['', '', '1', '1,2', '1,3', '2', '2,3', '3']);
    expect(list.err).toContain('7 realizable sets, 6 of them chambers');
    expect(dictum(['patterns', path, '--list', '--labels']).out).toContain('"word 1","word 2"\n');
    const document = JSON.parse(dictum(['patterns', path, '--list', '--json', '--labels']).out);
    expect(document.sets).toContainEqual(['word 1', 'word 2']);
    expect(document.realizable).toBe(document.sets.length);
    const counted = (...options: string[]) =>
      JSON.parse(dictum(['patterns', path, '--partitions', '--json', ...options]).out);
    // Each alone, two together in three ways; labels like "word 1" do not change the count, with the list or without.
    expect(counted().partitions).toEqual({ realizable: '4', byNeurons: ['0', '0', '3', '1'] });
    expect(counted('--labels')).toEqual(counted());
    expect(counted('--labels', '--list')).toEqual({ ...counted(), sets: document.sets });
    const back = dictum(['realize', path, '--patterns', '-'], { input: list.out });
    expect(back.out).toContain('7 patterns, 7 realizable');
  });

  test('--max-size, --containing, --partitions, --neighbours', () => {
    const path = named('degenerate');
    const sets = (...options: string[]): number[][] =>
      JSON.parse(dictum(['patterns', path, '--list', '--json', ...options]).out).sets;
    const all = sets();
    expect(sets('--max-size', '3')).toEqual(all.filter((set) => set.length <= 3));
    expect(sets('--containing', '4,7').sort()).toEqual(all.filter((set) => set.includes(4) && set.includes(7)).sort());
    const { partitions } = JSON.parse(dictum(['patterns', path, '--partitions', '--json']).out);
    expect(partitions).toEqual({ realizable: '36', byNeurons: ['0', '0', '9', '21', '6', '0', '0', '0', '0'] });
    const next = JSON.parse(dictum(['patterns', path, '--neighbours', '1,2', '--json']).out).neighbours;
    const keys = new Set(all.map(String));
    for (const { pattern } of next) for (const set of pattern) expect(keys.has(String(set))).toBe(true);
    expect(next.length).toBeGreaterThan(0);
  });

  test.each([
    ['--max-size', '0'],
    ['--containing', '9'],
    ['--jobs', 'two'],
    ['--certify', '/tmp/c.json', '--max-size', '2'],
    ['--partitions', '--strict'],
  ])('bad arguments: %s %s', (...options) => {
    expect(dictum(['patterns', named('degenerate'), ...options]).code).toBe(2);
  });

  test('neurons that depend on each other are refused', () => {
    const { code, err } = dictum(['patterns', file([[1, 0]], { activation: { kind: 'topk', k: 1 } })]);
    expect(code).toBe(2);
    expect(err).toContain('expected relu, identity, jumprelu or gated, found topk (not-separate)');
  });
});

describe('certificates', () => {
  test.each([
    [
      'resonance-3',
      ['--strict'],
      'R-chambers ours holds: one neuron can show just 32 sets of features with no feature at its kink: there are just 32 chambers',
    ],
    ['degenerate', [], 'R-count ours holds: one neuron can show just 33 sets of features'],
    ['degenerate-threshold', [], 'R-count ours holds: one neuron can show just 18 sets of features'],
    ['generic-9-in-4', [], 'R-count ours holds: one neuron can show just 187 sets of features'],
  ])('%s %j', (name, options, says) => {
    const certificate = join(folder(), 'c.json');
    expect(dictum(['patterns', named(name), ...options, '--certify', certificate]).code).toBe(0);
    const { code, out } = dictum(['check', certificate]);
    expect([code, out.includes(says)]).toEqual([0, true]);
    const text = readFileSync(certificate, 'utf8');
    const document = JSON.parse(text.replace(/"count":"(\d+)"/, (_, n) => `"count":"${Number(n) + 1}"`));
    const { id: _, ...rest } = document;
    const keys = (value: unknown): unknown =>
      Array.isArray(value) || typeof value !== 'object' || value === null
        ? value
        : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    const id = sha256(JSON.stringify(rest, (_key, value) => keys(value)));
    writeFileSync(certificate, JSON.stringify({ ...rest, id }));
    const refused = dictum(['check', certificate]);
    expect([refused.code, refused.out.includes('wrong-count')]).toEqual([1, true]);
  });

  test.each([
    ['1,2', 'R paper holds'],
    ['1,3', 'R paper refuted'],
  ])('dictum realize --certificate: %s', (pattern, says) => {
    const certificate = join(folder(), 'r.json');
    const path = file([
      [1, 0],
      [0, 1],
      [-1, 0],
    ]);
    expect(dictum(['realize', path, '--pattern', pattern, '--certificate', certificate]).code).toBe(0);
    expect(dictum(['check', certificate]).out).toContain(says);
  });
});

describe('interrupted and resumed', () => {
  const path = file(generic(16, 5, 8));
  const args = ['patterns', path, '--list', '--json'];
  const whole = dictum(args).out;

  /** Runs with the journal and ends the process with `signal` once the journal has so many lines. */
  async function ended(
    journal: string,
    signal: NodeJS.Signals,
    lines: number,
  ): Promise<{ code: number | null; err: string }> {
    const child = spawn(process.execPath, [main, ...args, '--resume', journal], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      err += part;
    });
    const watch = setInterval(() => {
      if (existsSync(journal) && readFileSync(journal, 'utf8').split('\n').length > lines) {
        clearInterval(watch);
        child.kill(signal);
      }
    }, 2);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    clearInterval(watch);
    return { code, err };
  }

  test.each([
    ['SIGKILL', 1],
    ['SIGKILL', 2],
    ['SIGKILL', 4],
    ['SIGINT', 3],
  ] as const)('%s after %i lines of the journal, then the same bytes', async (signal, lines) => {
    const journal = join(folder(), 'journal');
    const { code, err } = await ended(journal, signal, lines);
    // It may have ended before it was killed; then everything is in the journal.
    if (signal === 'SIGINT' && code !== 0) {
      expect(code).toBe(130);
      expect(err).toContain(`goes on from ${journal}`);
    }
    await ended(journal, signal, lines + 2);
    // A line that was cut off.
    appendFileSync(journal, '{"from":"+-","bySi');
    const before = statSync(journal).size;
    expect(dictum([...args, '--resume', journal]).out).toBe(whole);
    expect(statSync(journal).size).not.toBe(before);
    expect(dictum([...args, '--resume', journal, '--jobs', '1']).out).toBe(whole);
  });

  test('the number of threads does not change a byte', () => {
    expect(dictum([...args, '--jobs', '1']).out).toBe(whole);
    expect(dictum([...args, '--jobs', '3']).out).toBe(whole);
  });

  test('a journal of something else is refused and left alone', () => {
    const journal = join(folder(), 'journal');
    expect(dictum([...args, '--resume', journal]).code).toBe(0);
    const before = readFileSync(journal, 'utf8');
    const other = dictum(['patterns', file(resonance(3)), '--resume', journal]);
    expect([other.code, other.err.includes('wrong-journal')]).toEqual([2, true]);
    expect(readFileSync(journal, 'utf8')).toBe(before);
    const text = join(folder(), 'text');
    writeFileSync(text, 'my notes\n');
    expect(dictum([...args, '--resume', text]).err).toContain('another file (wrong-journal)');
    expect(readFileSync(text, 'utf8')).toBe('my notes\n');
    const line = join(folder(), 'text');
    writeFileSync(line, 'no line break');
    expect(dictum([...args, '--resume', line]).code).toBe(2);
    expect(readFileSync(line, 'utf8')).toBe('no line break');
  });
});

describe('dictum realize --patterns', () => {
  const path = file([
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ]);
  const patterns = ['1,2', '1,3', '', '1;2', '2,4;1', '"word 3"'];

  test('a pattern a line', () => {
    const input = `${patterns.join('\n')}\n`;
    const { code, out } = dictum(['realize', path, '--patterns', '-'], { input });
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.startsWith('realizable'))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
    const one = (pattern: string): unknown => {
      const { format: _, ...answer } = JSON.parse(dictum(['realize', path, '--pattern', pattern, '--json']).out);
      return answer.realizable;
    };
    const document = JSON.parse(dictum(['realize', path, '--patterns', '-', '--json'], { input }).out);
    expect(document).toMatchObject({ format: 'dictum/realizations@1', realizable: 4 });
    expect(document.results.map((r: { realizable: boolean }) => r.realizable)).toEqual(patterns.map(one));
  });

  test('many, on several threads, in order; a bad line is named', () => {
    const input = Array.from({ length: 40 }, () => patterns)
      .flat()
      .join('\n');
    const options = ['realize', path, '--patterns', '-', '--json'];
    const { out } = dictum([...options, '--jobs', '2'], { input });
    expect(JSON.parse(out)).toMatchObject({ realizable: 160 });
    expect(dictum([...options, '--jobs', '1'], { input }).out).toBe(out);
    const bad = dictum(options, { input: '1\n9\n' });
    expect([bad.code, bad.err.includes('-:2: expected')]).toEqual([2, true]);
  });
});
