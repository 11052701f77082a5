/**
 * Two checkers that share no code, on the same files: `dictum check` and verify/dictum_check.py, which was written from the documents
 * alone. They have to agree on every committed certificate and on a seeded sample of mutants of them.
 *
 *     DICTUM_AGREEMENT_MUTANTS=10000   how many mutants at least (default 100, 1500 where DICTUM_THOROUGH=1)
 *     DICTUM_AGREEMENT_SEED=7          which (default 1)
 *     DICTUM_AGREEMENT_COMMAND=FILE    another build of the command than dist/src/commands/main.js
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resealed, type Value } from '../theorems/mutate.ts';
import { amount } from '../thorough.ts';
import { sample } from './sample.ts';

const ROOT = join(import.meta.dirname, '../..');
const CERTIFICATES = join(ROOT, 'certificates');
const COMMAND = process.env.DICTUM_AGREEMENT_COMMAND ?? join(ROOT, 'dist/src/commands/main.js');
const SECOND = join(ROOT, 'verify/dictum_check.py');
const SAMPLE = Number(process.env.DICTUM_AGREEMENT_MUTANTS ?? amount(100, 1500));
const SEED = Number(process.env.DICTUM_AGREEMENT_SEED ?? 1);

interface Result {
  readonly file: string;
  readonly accepted: boolean;
  readonly kind?: string;
  readonly code?: string;
  readonly verdict?: string;
  readonly facts?: readonly unknown[];
  readonly landing?: object;
}

/** What was decided, as a value: both checkers have to return the same. Of a landing, all but the enclosure of L~, which each has its own of. */
function verdictOf(result: Result | undefined): unknown {
  const { claim, reading, verdict, fails, dropped, lacks, facts, landing } = (result ?? {}) as Record<string, unknown>;
  const { with: also, constant } = (result ?? {}) as Record<string, unknown>;
  const { loss: _, ...landed } = (landing ?? {}) as Record<string, unknown>;
  return { claim, reading, verdict, also, constant, fails, dropped, lacks, facts, landed };
}

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
const skipped = !python && !process.env.CI;
if (skipped) console.warn('python3 (3.11 or later) is missing: the second checker is not compared');

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
  if (result === undefined) return 'not read';
  return result.accepted ? `accepted ${JSON.stringify(verdictOf(result))}` : `rejected (${result.code})`;
}

const decided = (result: Result | undefined): unknown[] => [
  result?.accepted,
  ...(result?.accepted ? [verdictOf(result)] : []),
];

/** The files on which the two differ, and what each says. */
function disagreements(
  [one, other]: readonly [Map<string, Result>, Map<string, Result>],
  name: (file: string) => string,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((file) => !isDeepStrictEqual(decided(one.get(file)), decided(other.get(file))))
    .map((file) => `${name(file)}: dictum ${told(one.get(file))}, dictum_check.py ${told(other.get(file))}`);
}

const committed = (): string[] =>
  readdirSync(CERTIFICATES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
    .sort();

const read = (name: string): string => readFileSync(join(CERTIFICATES, name), 'utf8');

/** Not worth a mutant: at paper scale each takes the second checker a quarter of a minute. */
const atPaperScale = (text: string): boolean => /"neurons":\s*\d{5}/.test(text);

/** Instances whose runs end in configurations of every kind. */
const LANDED = [
  'face',
  'e5-top-1',
  'jumprelu-4x2-4',
  'superposition-5x2-3',
  'orthonormal-3',
  'random-4x3-4',
  'random-6x5-3',
  'non-top',
  'transcoder-4x3x4-4',
  'bias-5x2-3',
  'thresholds-4x2-4',
  'inputs-3x2-2',
];
const LANDING_RULES = [
  'eckart-young',
  'lossless',
  'newton',
  'newton with faces',
  'newton, lifted',
  'top-eigenvalue',
  'zero-loss',
];

/** The rules of a landing; what some of the proofs of `newton` hold makes a great difference. */
function rulesOf(text: string): string[] {
  type Component = {
    readonly proof: { readonly rule: string; readonly duals?: readonly unknown[]; readonly lift?: unknown };
  };
  return (JSON.parse(text) as { components: Component[] }).components.flatMap(
    ({ proof: { rule, duals = [], lift } }) => [
      rule,
      ...(duals.length > 0 ? [`${rule} with faces`] : []),
      ...(lift === undefined ? [] : [`${rule}, lifted`]),
    ],
  );
}

/** Trains, and keeps in the folder one certificate for each combination of rules on each instance; and one whose weights are said to be given. */
function landings(folder: string): Map<string, string> {
  const kept = new Map<string, string>();
  for (const instance of LANDED) {
    const into = join(folder, instance);
    const file = join(ROOT, 'regress/instances', `${instance}.json`);
    const options = ['--runs', `${amount(12, 40)}`, '--steps', '3000', '--threads', '1', '--certificates', into];
    spawnSync(process.execPath, [COMMAND, 'land', file, ...options]);
    const seen = new Set<string>();
    for (const name of readdirSync(into).sort()) {
      const text = readFileSync(join(into, name), 'utf8');
      const rules = rulesOf(text).sort().join(' ');
      if (seen.has(rules)) rmSync(join(into, name));
      else kept.set(`${instance}/${name}`, text);
      seen.add(rules);
    }
  }
  const [name, text] = [...kept][0] as [string, string];
  const document = JSON.parse(text) as { [key: string]: Value };
  const of = `${name}-given.json`;
  kept.set(of, resealed({ ...document, run: { ...(document.run as { [key: string]: Value }), backend: 'given' } }));
  writeFileSync(join(folder, of), kept.get(of) as string);
  return kept;
}

describe.skipIf(skipped)('the second checker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dictum-agreement-'));
  beforeAll(() => {
    if (!existsSync(COMMAND)) throw new Error('dist/ is missing: npm run build');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('accepts a shear at a kink that its neuron shares, as the first does', () => {
    const into = join(folder, 'shear');
    mkdirSync(into);
    copyFileSync(join(ROOT, 'test/corpora/valid/landing-shear-at-kink.json'), join(into, 'landing.json'));
    for (const found of both(into)) expect([...found.values()].map((result) => result.accepted)).toEqual([true]);
  });

  test('runs from any folder, and leaves nothing beside itself', () => {
    const landing = join(ROOT, 'test/corpora/valid/landing-shear-at-kink.json');
    const before = readdirSync(join(ROOT, 'verify'));
    const { stdout, stderr, status } = spawnSync('python3', [SECOND, landing], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('accepted: a landing');
    expect(readdirSync(join(ROOT, 'verify'))).toEqual(before);
  });

  test('accepts nothing that reviews found accepted, as the first does', () => {
    for (const found of both(join(ROOT, 'test/corpora/unproved'))) {
      expect(found.size).toBeGreaterThan(15);
      expect([...found.values()].filter((result) => result.accepted)).toEqual([]);
    }
  });

  test('accepts every committed certificate, as the first does', { timeout: 180_000 }, () => {
    const names = committed();
    const [one, other] = both(CERTIFICATES);
    expect(names.length).toBeGreaterThan(50);
    expect([one.size, other.size]).toEqual([names.length, names.length]);
    expect(disagreements([one, other], (file) => file)).toEqual([]);
    expect([...other.values()].filter((result) => !result.accepted)).toEqual([]);
    // The values compared are there.
    for (const result of other.values()) expect(result.facts?.length, result.file).toBeGreaterThan(0);
  });

  test('a verdict that differs in one number of one fact is a disagreement', () => {
    const found = (loss: string): Map<string, Result> =>
      new Map([
        ['c', { file: 'c', accepted: true, verdict: 'holds', facts: [{ relation: 'critical', loss: [loss, '1'] }] }],
      ]);
    expect(disagreements([found('1'), found('1')], (file) => file)).toEqual([]);
    expect(disagreements([found('1'), found('2/3')], (file) => file)).toHaveLength(1);
  });

  /** Writes the mutants, asks both, and expects the same of them, most rejected but not all. */
  function agree(certificates: ReadonlyMap<string, string>, size: number): void {
    const folder = mkdtempSync(join(tmpdir(), 'dictum-agreement-'));
    const changed = new Map(
      [...sample(certificates, size, SEED)].map((mutant, k) => [
        join(folder, `${String(k).padStart(6, '0')}.json`),
        mutant,
      ]),
    );
    for (const [file, { text }] of changed) writeFileSync(file, text);
    const [one, other] = both(folder);
    rmSync(folder, { recursive: true });
    expect(changed.size).toBeGreaterThanOrEqual(size);
    expect([one.size, other.size]).toEqual([changed.size, changed.size]);
    const rejected = [...other.values()].filter((result) => !result.accepted).length;
    console.info(`${changed.size} mutants of ${certificates.size} certificates, ${rejected} rejected`);
    // One that rejects everything, or next to nothing, would agree too easily.
    expect(rejected).toBeGreaterThan(changed.size / 2);
    expect(rejected).toBeLessThan(changed.size);
    const name = (file: string) => `${changed.get(file)?.of}, ${changed.get(file)?.what}`;
    expect(disagreements([one, other], name)).toEqual([]);
    // Malformed and invalid are told apart in the same way, but for files with several faults, found in another order.
    const kinds = [...one].filter(([file, result]) => result.kind !== other.get(file)?.kind);
    expect(kinds.length, kinds.map(([file]) => name(file)).join('\n')).toBeLessThanOrEqual(
      Math.max(2, changed.size / 50),
    );
  }

  test(`agrees with the first on ${SAMPLE} mutants, seed ${SEED}`, { timeout: 60_000 + 60 * SAMPLE }, () => {
    const texts = committed().map((name) => [name, read(name)] as const);
    agree(new Map(texts.filter(([, text]) => !atPaperScale(text))), SAMPLE);
  });

  test('agrees with the first on landings, as they are and changed', { timeout: 120_000 + 60 * SAMPLE }, () => {
    const texts = landings(folder);
    expect([...new Set([...texts.values()].flatMap(rulesOf))].sort()).toEqual(LANDING_RULES);
    const [one, other] = both(folder);
    expect(disagreements([one, other], (file) => file)).toEqual([]);
    expect([...other.values()].filter((result) => !result.accepted)).toEqual([]);
    agree(texts, Math.ceil(SAMPLE / 5));
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
