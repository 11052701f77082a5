/**
 * Two checkers that share no code, on the same files: `dictum check` and verify/dictum_check.py, which was written from the documents
 * alone. They have to agree on every committed certificate and on a seeded sample of mutants of them.
 *
 *     DICTUM_AGREEMENT_MUTANTS=10000   how many mutants at least (default 1500)
 *     DICTUM_AGREEMENT_SEED=7          which (default 1)
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mutant, mutants, type Value } from '../theorems/mutate.ts';

const ROOT = join(import.meta.dirname, '../..');
const CERTIFICATES = join(ROOT, 'certificates');
const COMMAND = join(ROOT, 'dist/src/cli/main.js');
const SECOND = join(ROOT, 'verify/dictum_check.py');
const SAMPLE = Number(process.env.DICTUM_AGREEMENT_MUTANTS ?? 1500);
const SEED = Number(process.env.DICTUM_AGREEMENT_SEED ?? 1);

interface Result {
  readonly file: string;
  readonly accepted: boolean;
  readonly kind?: string;
  readonly code?: string;
  readonly verdict?: string;
}

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
const skipped = !python && !process.env.CI;
if (skipped) console.warn('python3 (3.11 or later) is missing: the second checker is not compared');

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed | 0; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function results(program: string, args: readonly string[]): Map<string, Result> {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status === null || status > 2) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  const document = JSON.parse(stdout) as { results: Result[] };
  return new Map(document.results.map((result) => [result.file, result]));
}

/** What each checker says of the files of a folder. */
function both(folder: string): [Map<string, Result>, Map<string, Result>] {
  return [
    results(process.execPath, [COMMAND, 'check', folder, '--json']),
    results('python3', [SECOND, folder, '--json']),
  ];
}

function told(result: Result | undefined): string {
  return result === undefined ? 'not read' : result.accepted ? 'accepted' : `rejected (${result.code})`;
}

/**
 * The one known difference (verify/README.md): the documents call a certificate invalid if its instance lacks the pattern or
 * configuration that the claim is about. Dictum accepts a `not-applicable` whose proof needs neither, the second checker does not.
 */
function isKnown(one: Result | undefined, other: Result | undefined): boolean {
  return one?.verdict === 'not-applicable' && other?.code === 'missing-data';
}

/** The files on which the two differ otherwise, and what each says. */
function disagreements(
  [one, other]: readonly [Map<string, Result>, Map<string, Result>],
  name: (file: string) => string,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((file) => one.get(file)?.accepted !== other.get(file)?.accepted)
    .filter((file) => !isKnown(one.get(file), other.get(file)))
    .map((file) => `${name(file)}: dictum ${told(one.get(file))}, dictum_check.py ${told(other.get(file))}`);
}

const committed = (): string[] =>
  readdirSync(CERTIFICATES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();

const read = (name: string): string => readFileSync(join(CERTIFICATES, name), 'utf8');

/** Not worth a mutant: at paper scale each takes the second checker a quarter of a minute. */
const atPaperScale = (text: string): boolean => /"neurons":\s*\d{5}/.test(text);

/** The claim ids, rule names and hypotheses in use: groups of words for the mutants to exchange. */
function words(texts: readonly string[]): string[][] {
  return ['claim', 'rule', 'fails'].map((key) => {
    const used = new RegExp(`"${key}": ?"([^"]*)"`, 'g');
    return [...new Set(texts.flatMap((text) => Array.from(text.matchAll(used), (match) => match[1] as string)))];
  });
}

interface Changed extends Mutant {
  readonly of: string;
}

/** At least `size` mutants if there are, as many of each certificate, drawn without repetition. */
function sample(names: readonly string[], size: number, seed: number): Changed[] {
  const next = random(seed);
  const texts = names.map(read);
  const groups = words(texts);
  const each = Math.ceil(size / names.length);
  return names.flatMap((of, index) => {
    const all = [...mutants(texts[index] as string, groups)];
    const drawn = Math.min(each, all.length);
    for (let k = 0; k < drawn; k += 1) {
      const other = k + Math.floor(next.next().value * (all.length - k));
      [all[k], all[other]] = [all[other] as Mutant, all[k] as Mutant];
    }
    return all.slice(0, drawn).map((mutant) => ({ of, ...mutant }));
  });
}

describe.skipIf(skipped)('the second checker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dictum-agreement-'));
  beforeAll(() => {
    if (!existsSync(COMMAND)) throw new Error('dist/ is missing: npm run build');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('accepts every committed certificate, as the first does', { timeout: 180_000 }, () => {
    const names = committed();
    const [one, other] = both(CERTIFICATES);
    expect(names.length).toBeGreaterThan(50);
    expect([one.size, other.size]).toEqual([names.length, names.length]);
    expect(disagreements([one, other], (file) => file)).toEqual([]);
    expect([...other.values()].filter((result) => !result.accepted)).toEqual([]);
  });

  test(`agrees with the first on ${SAMPLE} mutants, seed ${SEED}`, { timeout: 60_000 + 60 * SAMPLE }, () => {
    const names = committed().filter((name) => !atPaperScale(read(name)));
    const changed = new Map(
      sample(names, SAMPLE, SEED).map((mutant, k) => [join(folder, `${String(k).padStart(6, '0')}.json`), mutant]),
    );
    for (const [file, { text }] of changed) writeFileSync(file, text);
    const [one, other] = both(folder);
    expect(changed.size).toBeGreaterThanOrEqual(SAMPLE);
    expect([one.size, other.size]).toEqual([changed.size, changed.size]);
    const rejected = [...other.values()].filter((result) => !result.accepted).length;
    console.info(`${changed.size} mutants of ${names.length} certificates, ${rejected} rejected`);
    // One that rejects everything, or next to nothing, would agree too easily.
    expect(rejected).toBeGreaterThan(changed.size / 2);
    expect(rejected).toBeLessThan(changed.size);
    const name = (file: string) => {
      const mutant = changed.get(file);
      return `${mutant?.of}, ${mutant?.path.join('.')} ${mutant?.what}`;
    };
    expect(disagreements([one, other], name)).toEqual([]);
  });

  test('tells a proof, a changed document and one that cannot be read apart, line by line', () => {
    const text = read(committed()[0] as string);
    const document = JSON.parse(text) as { [key: string]: Value };
    const cases: [string, string | undefined][] = [
      [text, undefined],
      [JSON.stringify({ ...document, id: '0'.repeat(64) }), 'invalid'],
      [text.slice(0, -5), 'malformed'],
      [JSON.stringify({ ...document, claim: 'T0' }), 'malformed'],
    ];
    const input = cases.map(([line]) => line.replaceAll('\n', ' ')).join('\n');
    const { stdout, status } = spawnSync('python3', [SECOND, '--lines'], { input, encoding: 'utf8' });
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Result);
    expect(said.map((result) => result.kind)).toEqual(cases.map(([, kind]) => kind));
    expect(said.map((result) => result.accepted)).toEqual([true, false, false, false]);
    expect(status).toBe(2);
  });
});
