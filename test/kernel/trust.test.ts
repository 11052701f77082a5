/** Per claim: what its checking reaches, and that this is what TRUST.md says. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { CLAIMS } from '../../theorems/statements.ts';
import { closureOf, linesOf, parts, reached, source, stated, trusted, withTable } from './trusted.ts';

const T8 = closureOf('T8');
const rulesOf = (claim: string): string[] =>
  [...closureOf(claim)].flatMap((file) => (file.startsWith('src/kernel/rules/') ? [basename(file, '.ts')] : [])).sort();

test('each claim is stated in one file', () => {
  expect([...stated.values()].flat().sort()).toEqual([...CLAIMS.keys()].sort());
});

test('what a claim reaches is trusted, and no more than there is', () => {
  for (const claim of CLAIMS.keys()) {
    expect([...closureOf(claim)].filter((file) => !trusted.includes(file))).toEqual([]);
    expect([...closureOf(claim)].filter((file) => file.startsWith('src/landing/'))).toEqual([]);
  }
});

test('the checker alone knows no rule and no statement', () => {
  const checker = [...reached('src/kernel/certificate.ts')];
  expect(checker.filter((file) => /^src\/kernel\/rules|^theorems/.test(file))).toEqual([]);
});

test('T8 reaches what it needs, file by file', () => {
  expect([...T8].sort()).toEqual(
    [
      ...['certificate.ts'],
      ...['canonical', 'json', 'node'].map((name) => `document/${name}.ts`),
      ...['activation', 'distribution', 'instance', 'lifted', 'model', 'subject'].map((name) => `model/${name}.ts`),
      ...['gcd', 'germ', 'rational', 'rejection', 'system', 'vector', 'work'].map((name) => `numbers/${name}.ts`),
      ...['claim', 'fact', 'goal', 'hypotheses', 'outside', 'terms'].map((name) => `proof/${name}.ts`),
      ...['rules/realizability.ts'],
    ]
      .map((file) => `src/kernel/${file}`)
      .concat('theorems/absorption/statement.ts'),
  );
});

test.each([
  ['T1', []],
  ['T2', ['biconvexity', 'definite']],
  // With T3-global, which is stated in the same file.
  ['T3', ['globalMinimum']],
  ['T4', []],
  ['T4-scale', ['scale']],
  [
    'T6',
    [
      'blocks',
      'classes',
      'critical',
      'criticalPoint',
      'definite',
      'enclosed',
      'partialMinimum',
      'realizability',
      'slope',
    ],
  ],
  ['T6-valley', ['valley']],
  ['T6-encoders', ['exclusion', 'existence']],
  ['T6-open', ['refutedNear']],
  ['T6-orthogonal', []],
  ['G1', ['definite', 'leastLoss', 'rankBound']],
  ['T6-spanning', ['definite', 'directions', 'localMinimum', 'strictTrap']],
  ['T6-weights', ['partialMinimum', 'realizability', 'weights']],
  ['T8-loss', ['bestLoss', 'definite', 'realizability']],
  ['Hedging', []],
  ['Hedging-one', ['definite']],
  ['HS-codes', ['uniqueCodes']],
  ['HS-dictionary', ['exclusion', 'existence', 'uniqueCodes']],
  ['Probe', ['realizability']],
  ['R-count', ['counting', 'realizability']],
] as const)('%s rests on these files of rules', (claim, rules) => {
  expect(rulesOf(claim)).toEqual(rules);
});

/** The plan was 1,500 for each. The checker alone takes 1,550: TRUST.md says of what. */
test.each([
  ['T1', 2060],
  ['T2', 1975],
  ['T3', 2060],
  ['T4', 1945],
  ['T6', 3345],
  ['T6-valley', 2295],
  ['T6-spanning', 2300],
  ['T6-encoders', 1980],
  ['T6-weights', 2290],
  ['T6-open', 2190],
  ['T6-orthogonal', 1940],
  ['G1', 2305],
  ['Hedging', 2075],
  ['Hedging-one', 2040],
  ['HS-codes', 2160],
  ['HS-dictionary', 2260],
  ['Probe', 2200],
  ['T8', 2195],
])('%s takes %d lines at most', (claim, most) => {
  expect(linesOf(closureOf(claim))).toBeLessThanOrEqual(most);
});

test('a file more is found: its lines, and what it imports', () => {
  const more = reached(...T8, 'src/kernel/rules/counting.ts');
  expect([...more].filter((file) => !T8.has(file)).sort()).toEqual([
    'src/kernel/numbers/chambers.ts',
    'src/kernel/numbers/residues.ts',
    'src/kernel/rules/counting.ts',
  ]);
  expect(linesOf(more)).toBeGreaterThan(linesOf(T8));
});

test('the table of TRUST.md is current', () => {
  const text = source('TRUST.md');
  expect(text, 'run "npm run trust"').toBe(withTable(text));
});

test.each(Object.entries(parts))('the lines of `%s are in TRUST.md, to the nearest ten', (part, lines) => {
  const [row] = source('TRUST.md').match(new RegExp(`^\\| \`${part} \\| [\\d,]+ \\|`, 'm')) ?? [];
  expect(row).toBe(`| \`${part} | ${(Math.round(lines / 10) * 10).toLocaleString('en')} |`);
});
