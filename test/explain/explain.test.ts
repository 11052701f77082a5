/** Every published certificate in words: all of its steps, no raw path, no long or bare number, no rule without words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawing } from '../../src/explain/drawing.ts';
import { explain } from '../../src/explain/explain.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { RULE_WORDS } from '../../src/explain/rules.ts';
import type { Step } from '../../src/explain/step.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import type { Subject } from '../../src/kernel/model/subject.ts';
import { RULE_NAMES } from '../../src/kernel/proof/goal.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { certificates } from '../commands/run.ts';
import { instance, node } from '../kernel/read.ts';
import { amount } from '../thorough.ts';

const files = readdirSync(certificates, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
  .sort();

function explained(text: string): Explanation {
  const found = explain(text, CLAIMS, sha256);
  if (!('asked' in found)) throw new Error(`${found}`);
  return found;
}

const flat = (steps: readonly Step[]): Step[] => steps.flatMap((step) => [step, ...flat(step.steps)]);
const linesOf = ({ about, asked, sentence, argument }: Explanation): string[] => [
  ...(about ? [about.says, ...about.assumes] : []),
  ...asked,
  sentence,
  ...flat(argument).flatMap(({ says, lines }) => [says, ...lines]),
];

/** What a reader could make nothing of. */
function unreadable(said: string): string | undefined {
  // Names of instances are their own.
  const line = said.replaceAll(/^"[^"]*"/g, '""');
  if (/\$[.[]|\/(?:proof|witness|conclusion|hypotheses)\b/.test(line)) return 'a raw path';
  if (/undefined|NaN|\[object|Infinity/.test(line)) return 'a value of the program';
  if (/[\d/]{13,}/.test(line)) return 'a long number';
  if (/= ≈/.test(line)) return 'two signs of equality';
  // The number of a feature is no value, and no value is to be taken for one.
  if (
    /(?<![=<>≈] -?|[\d/.])\b[1-9]\d* (?:>|<|>=|<=) 0\b/.test(line) ||
    /\bon \d+(?! inputs)\b|\bat \d+[:,;]/.test(line)
  )
    return 'a feature that looks like a value';
  if (/\b1 (?:times|products|columns|neurons|features|rows|sets|cases|cells|steps|kinks|anchors)\b/.test(line))
    return 'one of many';
  if (/(?:^|[(+-] ?|= -?)1 (?:t\b|<\w|w[_(])/.test(line)) return 'a coefficient 1';
  // A number needs a name or a word in its line.
  if (!/[A-Za-z]{2,}|[=<>≈]/.test(line)) return 'a bare number';
  return undefined;
}

const SYMBOL =
  /(?<![\p{L}\p{N}_"'~-])((?:\p{L}|lambda|mu|rho|theta|sigma|phi|eps|tau|delta|Omega|cos)(?:_[A-Za-z0-9]+)?|L~)(?![\p{L}\p{N}_"'(~-]|\.\p{L})/gu;

/** Symbols that nothing on the page gives a meaning: not its table, no `X = ...`, no `for some X`. */
function unexplained(found: Explanation): string[] {
  const { subject, symbols } = found;
  const labels = subject.format === 'dictum/instance@1' ? subject.features.map(({ label }) => label) : [];
  const parents = subject.format === 'dictum/instance@1' ? subject.hierarchy.map(({ parent }) => parent) : [];
  // What papers say stands as it stands there.
  if (subject.format === 'dictum/comparison@1') return [];
  const text = linesOf(found)
    .join('\n')
    .replaceAll(/"[^"\n]*"/g, '');
  const names = symbols.flatMap(({ symbol }) => symbol.split(', '));
  const given = [
    ...text.matchAll(/(\p{L}\w*)(?: = | ≈ | lower)|(?:some|every|any|matrix|along|olumns?|ows?|change) (\p{L})\b/gu),
  ];
  const known = new Set([
    ...names,
    ...given.flatMap(([, is, some]) => is ?? some ?? []),
    ...labels,
    ...parents,
    found.about?.claim ?? '',
    'a',
    'T',
  ]);
  const stems = new Set([...known].map((name) => name.split('_')[0]));
  return [...text.matchAll(SYMBOL)]
    .map(([, name = '']) => name)
    .filter((name) => !known.has(name) && !stems.has(name.split('_')[0]));
}

function rulesOf(json: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(json)) for (const item of json) rulesOf(item, found);
  else if (json !== null && typeof json === 'object') {
    const { rule } = json as { rule?: unknown };
    if (typeof rule === 'string') found.add(rule);
    for (const value of Object.values(json)) rulesOf(value, found);
  }
  return found;
}

test('every rule of the format has words, and nothing else has', () => {
  expect([...RULE_WORDS.keys()].sort()).toEqual([...RULE_NAMES].sort());
});

test('every published certificate is explained, with each of its rules, in lines that can be read', {
  timeout: 120_000,
}, () => {
  expect(files.length).toBeGreaterThan(600);
  const faults: string[] = [];
  // Every third in `npm test`, and of all claims some.
  for (const file of files.filter((_, k) => k % amount(3, 1) === 0)) {
    const text = readFileSync(join(certificates, file), 'utf8');
    const found = explained(text);
    faults.push(
      ...linesOf(found).flatMap((line) => {
        const fault = unreadable(line);
        return fault === undefined ? [] : [`${file}: ${fault}: ${line}`];
      }),
      ...[...new Set(unexplained(found))].map((symbol) => `${file}: no meaning of ${symbol}`),
    );
    const told = new Set(flat(found.argument).flatMap(({ rule }) => rule ?? []));
    expect([file, [...told].sort()]).toEqual([file, [...rulesOf(JSON.parse(text))].sort()]);
    for (const { rule, lines } of flat(found.argument))
      if (rule) expect(lines.length, `${file} ${rule}`).toBeGreaterThan(0);
    for (const { figure } of flat(found.argument)) {
      if (!figure || found.subject.format !== 'dictum/instance@1') continue;
      const svg = drawing(found.subject, figure)?.svg ?? '';
      expect(svg, file).not.toMatch(/NaN|undefined|Infinity/);
    }
  }
  expect(faults).toEqual([]);
});

test('what no reader could use is found', () => {
  expect(unreadable('rows with 2 > 0, 3 <= 0')).toBe('a feature that looks like a value');
  expect(unreadable('on its set: 1/5 on 3')).toBe('a feature that looks like a value');
  expect(unreadable('reached with L~ = ≈0.18')).toBe('two signs of equality');
  expect(unreadable('a combination of 1 columns')).toBe('one of many');
  expect(unreadable('13/5 <e, w_1> - 1 <e, w_2>')).toBe('a coefficient 1');
  const found = explained(readFileSync(join(certificates, 'T8/paper--four-directions.json'), 'utf8'));
  expect(unexplained({ ...found, symbols: found.symbols.filter(({ symbol }) => symbol !== 'M_d') })).toContain('M_d');
  expect(unreadable('$.witness.conclusion: wrong')).toBe('a raw path');
  expect(unreadable('lambda = 12345678901234/5')).toBe('a long number');
  expect(unreadable('(1, 2)')).toBe('a bare number');
  expect(unreadable('lambda = 2/5')).toBeUndefined();
});

const proved = (claim: string, reading: 'paper' | 'ours' | 'repaired', m: Subject): Explanation => {
  const outcome = certify({ claim: CLAIMS.get(claim)!, reading, instance: m, proposals: proposalsFor(claim) }, sha256);
  if (outcome.verdict === 'undecided') throw new Error(outcome.why);
  return explained(outcome.certificate);
};
const steps = (found: Explanation, rule: string): Step[] => flat(found.argument).filter((step) => step.rule === rule);

const topk = { wp: [[1], [2]], activation: { kind: 'topk', k: 1 }, neurons: 2 };

describe('rules that no published certificate has', () => {
  test('capacity', () => {
    const m = { ...instance(topk), pattern: [[0], [0]] };
    const [step] = steps(proved('R', 'paper', m), 'capacity');
    expect(step?.lines).toEqual([
      'Counting is enough: topk lets at most 1 neuron through for each feature, and the pattern has 2 on feature 1.',
    ]);
  });

  test('farkas-joint', () => {
    const m = { ...instance(topk), pattern: [[0], [1]] };
    const [step] = steps(proved('R', 'paper', m), 'farkas-joint');
    expect(step?.lines.join('\n')).toMatch(/times z_1,1 > z_2,1, as it is let through, and the other is not/);
  });

  test('rank-mod-p', () => {
    const scale = { format: 'dictum/scale@1', name: 'small', features: 12, dimensions: 20, neurons: 40, entries: 3 };
    const m = readSubject(node({ ...scale, directions: { seed: 3 }, encoder: { seed: 4 } }), 'dictum/scale@1');
    const [step] = steps(proved('T4-scale', 'ours', m), 'rank-mod-p');
    expect(step?.lines.join('\n')).toMatch(/takes 12 rows .* modulo p = \d+: there is a pivot in every row/);
  });

  test('enclosed-minimum', () => {
    const n = 16;
    const wp = Array.from({ length: n }, (_, d) =>
      Array.from({ length: n }, (_, k) => ((d * 7 + k * 5) % 9) + (k === d ? 6 : 0)),
    );
    const pattern = [Array.from({ length: n }, (_, d) => d), [n]];
    const m = { ...instance({ wp: [...wp, wp[0]!.map(() => -1)], neurons: 2 }), pattern };
    const [step] = steps(proved('T6-minimum', 'repaired', m), 'enclosed-minimum');
    expect(step?.lines.join('\n')).toMatch(
      /near an eigenvector: its quotient e\^T A e \/ e\^T B e ≈ [\d.]+ is at most/,
    );
  });

  test('a landing', () => {
    const landed = readFileSync(new URL('../corpora/valid/landing-shear-at-kink.json', import.meta.url), 'utf8');
    const found = explained(landed);
    expect(found.about).toBeUndefined();
    for (const line of linesOf(found)) expect([line, unreadable(line)]).toEqual([line, undefined]);
    expect(flat(found.argument).some(({ rule }) => rule === 'landing newton')).toBe(true);
  });
});

/** From the texts: these numbers were worked out by hand for docs/claims. */
test.each([
  ['T8/search--paper--positive-threshold.json', /5 w_3 = \(4, 3\) = 3 w_1 \+ 4 w_2/],
  [
    'T6/paper--equal-weights-plane.json',
    /lambda = 2\/5: the candidate, up to its length, is e = \(1, 2\), .*<e, w_3> = 2\/5/,
  ],
  [
    'T6-minimum/repaired--trapped-by-kinks.json',
    /neuron 1 at the kink of feature 3: for each unit of pre-activation L~ rises by -2 M_3 <rho_3, u_1> = 144\/145/,
  ],
  ['E5/repaired--relu.json', /Along it L~ = 1 - 2 t\^2 \+ 2 t\^4/],
  [
    'T2/paper--topk-pure.json',
    /L~ is 0 and 25\/4 at the ends. A convex L~ were at most 15\/4 at t = 3\/5 of the way, but it is 25\/4/,
  ],
  ['T6-exit/repaired--acute-pair.json', /by \|phi\|\^2 \/ sum_d M_d f_d\^2 = 1\/5, to 1\/5/],
])('%s', (file, expected) => {
  expect(linesOf(explained(readFileSync(join(certificates, file), 'utf8'))).join('\n')).toMatch(expected);
});

test('a chain of directions leads back to 0 in the picture', () => {
  const found = explained(readFileSync(join(certificates, 'T8/paper--four-directions.json'), 'utf8'));
  const [step] = steps(found, 'farkas');
  if (!step?.figure || found.subject.format !== 'dictum/instance@1') throw new Error('no figure');
  const { svg, caption } = drawing(found.subject, step.figure)!;
  const tips = [...svg.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const heads = [...svg.matchAll(/points="([\d.]+),([\d.]+) /g)].map(([, x, y]) => [Number(x), Number(y)]);
  expect(heads.length).toBe(3);
  expect(heads.at(-1)).toEqual(tips[0]);
  expect(caption).toContain('The way ends where it began');
});

test('a certificate with one digit changed is not explained', () => {
  const text = readFileSync(join(certificates, 'T8/paper--four-directions.json'), 'utf8');
  const found = explain(text.replace('"169"', '"168"'), CLAIMS, sha256);
  expect('code' in found && found.code).toBe('wrong-id');
});
