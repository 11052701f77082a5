/** `dictum search` as a command. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dictum, folder, main } from '../run.ts';

describe('dictum search', () => {
  test('prints a certificate that dictum check accepts; what was searched goes to stderr', () => {
    const { code, out, err } = dictum(['search', 'T8', '--reading', 'repaired', '--drop', 'distinct-directions']);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^T8\/repaired\/distinct-directions: refuted without it: n=2 n_p=1 n_q=1, \d+ bits\n {2}accepted \d+ of \d+ drawn/,
    );
    expect(JSON.parse(out)).toMatchObject({ claim: 'T8', dropped: 'distinct-directions', verdict: 'refuted' });
    expect(dictum(['check', '-'], { input: out }).code).toBe(0);
  });

  test('writes it to a file, byte for byte the same for the same seed', () => {
    const at = folder();
    for (const name of ['a', 'b']) {
      const { code, out } = dictum(['search', 'T3', '--drop', 'negatives-cut', '--out', join(at, `${name}.json`)]);
      expect({ code, out }).toEqual({ code: 0, out: '' });
    }
    const text = readFileSync(join(at, 'a.json'), 'utf8');
    expect(readFileSync(join(at, 'b.json'), 'utf8')).toBe(text);
    expect(dictum(['check', at]).code).toBe(0);
    // A paper reading does not have the hypothesis of its repair, so nothing is dropped: the reading itself is refuted.
    expect(JSON.parse(text)).not.toHaveProperty('dropped');
  });

  test('finds nothing where nothing is known to fail, and says on how many instances', () => {
    const { code, out, err } = dictum(['search', 'T4', '--reading', 'repaired', '--runs', '200', '--json']);
    expect(code).toBe(0);
    expect(err).toContain('T4/repaired/as-stated: no counterexample in ');
    const document = JSON.parse(out);
    expect(document).toMatchObject({ format: 'dictum/search@1', claim: 'T4', seed: 0, runs: 200, interrupted: false });
    expect(document).not.toHaveProperty('counterexample');
    expect(document.accepted).toBeGreaterThanOrEqual(200);
    expect(document.drawn).toBe(document.accepted + Number(document.outside.tie ?? 0));
  });

  test('one JSON document with the counterexample and its certificate', () => {
    const { code, out } = dictum(['search', 'T4', '--seed', '5', '--json']);
    expect(code).toBe(0);
    const { seed, counterexample } = JSON.parse(out);
    expect(seed).toBe(5);
    expect(counterexample.size.slice(0, 3)).toEqual([1, 1, 1]);
    expect(counterexample.certificate.id).toBe(counterexample.id);
  });

  test('exit code 3 where nothing can be decided or no instance exists', () => {
    const { code, err } = dictum(['search', 'T8', '--reading', 'repaired', '--drop', 'activation']);
    expect(code).toBe(3);
    expect(err).toContain('cannot fail alone');
  });

  test.each([
    [['T9'], 'a claim: T1'],
    [['T8', '--reading', 'nonsense'], 'a reading of T8: walkthrough, paper, repaired'],
    [['T8', '--drop', 'nonsense'], 'one of unit-norm, has-parent, realizable'],
    [['T8', '--suppose', 'nonsense'], 'there is no such hypothesis'],
    [['T8', '--drop', 'unit-norm', '--repaired'], 'one of --drop, --suppose and --repaired'],
    [['T8', '--runs', '0'], 'an integer from 1'],
    [['T8', '--seed', '-1'], 'an integer from 0'],
    [[], '<claim>'],
  ])('bad input: %j', (args, expected) => {
    const { code, out, err } = dictum(['search', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
  });

  test('Ctrl-C: what was searched until then, and exit code 130', async () => {
    const args = [main, 'search', 'T1', '--reading', 'repaired', '--runs', '9999999', '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    // The first line of progress: it is at work.
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(await ended).toBe(130);
    const document = JSON.parse(out);
    expect(document.interrupted).toBe(true);
    expect(document.accepted).toBeGreaterThan(0);
  });
});
