/**
 * End points of training, one for each combination of rules that landings were certified by, as 32-bit floats. Each matches, with its
 * class; its certificate replays; moved by a tenth it does not match; and what is changed in a proof is refused.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentId } from '../../../src/kernel/document/canonical.ts';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { checkLanding, isLanding, type Landed } from '../../../src/landing/check/landing.ts';
import { land } from '../../../src/landing/match/land.ts';
import { LAND_DEFAULTS } from '../../../src/landing/match/landOn.ts';
import { type Match, matchRun } from '../../../src/landing/match/match.ts';
import { isRefused, type Refusal } from '../../../src/landing/propose/refusal.ts';
import { amount } from '../../thorough.ts';
import { problemOf, sha256, suiteInstance } from '../../train/support.ts';

interface Recorded {
  readonly instance: string;
  readonly class: string;
  readonly rules: string;
  readonly weights: readonly number[];
}

type Json = { [key: string]: Json } & Json[] & string;

const recorded = JSON.parse(readFileSync(new URL('./landed.json', import.meta.url), 'utf8')) as Recorded[];
const named = recorded.map((r) => [`${r.class} by ${r.rules}, ${r.instance}`, r] as const);
const alive = named.filter(([, { rules }]) => !rules.startsWith('none'));

function matched({ instance, weights }: Recorded): Match | Refusal {
  const m = suiteInstance(instance);
  const name = { seed: 1, index: 0, steps: 0, settings: {} };
  return matchRun(m, problemOf(m), Float32Array.from(weights), LAND_DEFAULTS, name, sha256);
}

const certificates = new Map<Recorded, string>();
function certificate(r: Recorded): string {
  let text = certificates.get(r);
  if (text === undefined) {
    const found = matched(r);
    text = isRefused(found) ? '' : found.text;
    certificates.set(r, text);
  }
  return text;
}

/** The certificate changed, with hashes and the gradient of the end made anew. */
function changed(text: string, change: (document: Json) => void): Landed | Rejection {
  const document = JSON.parse(text) as Json;
  change(document);
  const { we, wd } = document.instance as Json;
  const hash = (value: object): string => documentId(parseJson(JSON.stringify(value)), sha256);
  (document.run as Json).weights = hash({ wd, we }) as Json;
  const check = (): Landed | Rejection => {
    const { id: _, ...rest } = document as { [key: string]: Json };
    return checkLanding(JSON.stringify({ ...rest, id: hash(rest) }), sha256);
  };
  const outcome = check();
  if (!(outcome instanceof Rejection) || outcome.path !== '$.gradient') return outcome;
  document.gradient = outcome.expected as Json;
  return check();
}

test('every rule is among them', () => {
  const rules = recorded.map((r) => r.rules).join(' ');
  for (const word of [
    'zero-loss',
    'lossless',
    'top-eigenvalue',
    'eckart-young',
    'lift',
    'relations',
    'faces',
    'between',
    'block',
    'joint',
  ]) {
    expect(`${rules} ${recorded.map((r) => r.class).join(' ')}`).toContain(word);
  }
});

test.each(named)('matches: %s', (_, r) => {
  const text = certificate(r);
  expect(isLanding(text)).toBe(true);
  const landed = checkLanding(text, sha256);
  expect(landed instanceof Rejection ? `${landed}` : landed.class).toBe(r.class);
});

test.each(alive)('a decoder moved by a tenth does not match: %s', (_, r) => {
  const m = suiteInstance(r.instance);
  const landed = checkLanding(certificate(r), sha256) as Landed;
  const i = landed.components[0]?.neurons[0] as number;
  const at = m.neurons * m.np + i * m.nr;
  const moved = r.weights.map((x, k) => (k === at ? x + 0.1 : x));
  expect(matched({ ...r, weights: moved })).toHaveProperty('refused');
});

test.each(named)('an end weight beyond the stated distance is refused: %s', (_, r) => {
  const outcome = changed(certificate(r), (d) => {
    const row = (d.instance as Json).wd?.[0] as Json;
    row[0] = plus(row[0] as string, 1n) as Json;
  });
  expect(outcome instanceof Rejection ? outcome.code : 'accepted').toBe('too-far');
});

/** Entries of a proof, at most so many of each, evenly taken. */
const SAMPLE = 6;
/**
 * Numbers with room: an approximate inverse may be another, a smaller box may do, another coordinate be solved for, a column of
 * L stand under a pivot 0.
 */
const ROOM = ['inverse', 'span', 'root', 'radius', 'descent', 'slice', 'duals', 'definite'];

test.each(alive)('changed proofs are refused: %s', (_, r) => {
  const text = certificate(r);
  const { components } = JSON.parse(text) as { components: { proof: Json }[] };
  let refused = 0;
  components.forEach(({ proof }, c) => {
    for (const key of Object.keys(proof)) {
      const paths = leaves(proof[key], [key]);
      const every = Math.ceil(paths.length / SAMPLE);
      for (const path of paths.filter((_, k) => k % every === 0)) {
        const outcome = changed(text, (d) => {
          let node = (d.components as Json)[c]?.proof as Json;
          for (const step of path.slice(0, -1)) node = node[step as never] as Json;
          const last = path.at(-1) as never;
          const value = node[last] as unknown;
          const by = ['inverse', 'span', 'root'].includes(key) ? 2n ** 36n : 1n;
          node[last] = (typeof value === 'number' ? value + 1 : plus(value as string, by)) as never;
        });
        if (outcome instanceof Rejection) refused++;
        // What is accepted nevertheless shows the same, and only where there is room for another number.
        else expect([outcome.class, ROOM.includes(key) ? '' : `${key} of ${path}`]).toEqual([r.class, '']);
      }
    }
  });
  const proofs = components.filter(({ proof }) => (proof.rule as unknown) !== 'zero-loss').length;
  expect(refused).toBeGreaterThanOrEqual(proofs);
});

test('a run without a certificate is listed with its weights, exactly, and the reason', async () => {
  const m = suiteInstance('e5-relu');
  const p = problemOf(m);
  // Two runs: one that has not converged, one at no critical point.
  const weights = Float32Array.from([1, 0.1, 0.5, 2, 1, 0, 0, -3, 1, 0.1, 0.5, 2, 1, 0, 0, -3]);
  const trained = {
    runs: 2,
    weights,
    loss: new Float64Array(2),
    gradient: Float64Array.of(0.5, 0),
    converged: Uint8Array.of(0, 1),
    steps: Uint32Array.of(9, 9),
    finished: new Uint8Array(2),
  };
  const name = { seed: 1, index: 0, steps: 9, settings: {} };
  const found = await land(m, p, trained, () => name, LAND_DEFAULTS, sha256);
  expect([found.converged, found.matched]).toEqual([1, 0]);
  const tenth = '13421773/134217728';
  const listed = {
    we: [
      ['1', tenth],
      ['1/2', '2'],
    ],
    wd: [
      ['1', '0'],
      ['0', '-3'],
    ],
  };
  expect(found.unconverged).toEqual([
    { run: 0, why: 'gradient 5.00e-1 after 9 steps, largest weight 3.00', weights: listed },
  ]);
  expect(found.unmatched).toEqual([{ run: 1, why: expect.any(String), weights: listed }]);
});

function leaves(value: unknown, path: (string | number)[]): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, k) => leaves(item, [...path, k]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([k, item]) => leaves(item, [...path, k]));
  return typeof value === 'number' || /^-?[0-9/]+$/.test(`${value}`) ? [path] : [];
}

/** x + by, for x a fraction. */
function plus(text: string, by: bigint): string {
  const [num, den = '1'] = text.split('/');
  return `${BigInt(num as string) + by * BigInt(den)}/${den}`.replace(/\/1$/, '');
}

const codeOf = (outcome: Landed | Rejection): string => (outcome instanceof Rejection ? outcome.code : 'accepted');
const withSlice = alive.filter(([, r]) => certificate(r).includes('"slice"'));
type Proof = Record<string, unknown>;
const proofsOf = (document: Json): Proof[] =>
  [...(document.components as Json)].map((part) => part.proof as unknown as Proof).filter((p) => 'slice' in p);

test('a group without features is refused', () => {
  const [, r] = alive[0] as (typeof alive)[number];
  const outcome = changed(certificate(r), (document) => {
    (document.components as Json).push({
      neurons: [],
      features: [],
      class: 'local-minimum',
      proof: { rule: 'eckart-young', t: '0', definite: { l: [], d: [] } },
    } as unknown as Json);
  });
  expect(codeOf(outcome)).toBe('wrong-pattern');
});

test('a slice of more directions than coordinates is refused before it is built', () => {
  expect(withSlice.length).toBeGreaterThan(0);
  for (const [, r] of withSlice.slice(0, amount(2, withSlice.length))) {
    const outcome = changed(certificate(r), (document) => {
      for (const proof of proofsOf(document)) proof.slice = Array.from({ length: 100_000 }, () => 1);
    });
    expect(codeOf(outcome)).toBe('too-large');
  }
});

test('a proof has a root or a descent, not both', () => {
  const newton = withSlice.filter(([, r]) => certificate(r).includes('"root"'));
  expect(newton.length).toBeGreaterThan(0);
  for (const [, r] of newton) {
    const outcome = changed(certificate(r), (document) => {
      for (const proof of proofsOf(document)) {
        if (proof.root !== undefined) proof.descent = (proof.slice as unknown[]).map(() => '1');
      }
    });
    expect(codeOf(outcome)).toBe('unknown-key');
  }
});
