import { describe, expect, test } from 'vitest';
import { all, computed, type Goal, judge, not, some } from '../../../src/kernel/proof/goal.ts';
import { RULES } from '../../../src/solve/proofs/rules.ts';
import { expectRejection, instance } from '../read.ts';
import { accept } from '../rules/proofs.ts';
import { said } from '../said.ts';

const m = instance({ wp: [[1], [-1]], activation: { kind: 'relu' } });
const [yes, no] = [computed(true, said('1 = 1')), computed(false, said('1 = 2'))];
const shown = judge({ predicate: 'realizable', pattern: [[0]] });
const impossible = judge({ predicate: 'realizable', pattern: [[0, 1]] });
const realizes = { rule: 'realizes', we: [['1']] };
const terms = [
  { feature: 1, weight: '1' },
  { feature: 2, weight: '1' },
];
const farkas = { rule: 'farkas', neuron: 1, on: terms, off: [] };
const choose = (k: unknown, proof: unknown): object => ({ choose: k, proof });

// biome-ignore format: a table, one case a line
const accepted: readonly (readonly [what: string, goal: Goal, proof: unknown])[] = [
  ['computed', yes, 'compute'],
  ['the negation of what is false', not(no), 'compute'],
  ['twice negated', not(not(yes)), 'compute'],
  ['all of none', all(), []],
  ['all', all(yes, shown), ['compute', realizes]],
  ['some', some(no, yes), choose(2, 'compute')],
  ['not some: all negations', not(some(no, impossible)), ['compute', farkas]],
  ['not all: one negation', not(all(yes, impossible)), choose(2, farkas)],
  ['not some of none: nothing to show', not(some()), []],
  ['nested', all(some(all(yes), no), all()), [choose(1, ['compute']), []]],
  ['a judgement', shown, realizes],
  ['a negated judgement', not(impossible), farkas],
  ['a judgement twice negated', not(not(shown)), realizes],
];

// biome-ignore format: a table, one case a line
const rejected: readonly (readonly [what: string, goal: Goal, proof: unknown, code: string, path: string])[] = [
  ['computed, and false', no, 'compute', 'does-not-hold', '$'],
  ['the negation of what is true', not(yes), 'compute', 'does-not-hold', '$'],
  ['another word', yes, 'true', 'unknown-word', '$'],
  ['a proof for something to compute', yes, realizes, 'unknown-word', '$'],
  ['all, one proof too few', all(yes, yes), ['compute'], 'wrong-size', '$'],
  ['all, one proof too many', all(yes), ['compute', 'compute'], 'wrong-size', '$'],
  ['all of none, with a proof', all(), ['compute'], 'wrong-size', '$'],
  ['all, one part false', all(yes, no), ['compute', 'compute'], 'does-not-hold', '$[1]'],
  ['all, by an object', all(yes), { 0: 'compute', length: 1 }, 'wrong-type', '$'],
  ['all, as if it were some', all(yes, no), choose(1, 'compute'), 'wrong-type', '$'],
  ['some, as if it were all', some(yes), ['compute'], 'wrong-type', '$'],
  ['some of none', some(), choose(1, 'compute'), 'out-of-range', '$.choose'],
  ['not all of none', not(all()), choose(1, 'compute'), 'out-of-range', '$.choose'],
  ['some, the false part', some(no, yes), choose(1, 'compute'), 'does-not-hold', '$.proof'],
  ['some, part 0', some(yes), choose(0, 'compute'), 'out-of-range', '$.choose'],
  ['some, a part that is not there', some(yes), choose(2, 'compute'), 'out-of-range', '$.choose'],
  ['some, part "1"', some(yes), choose('1', 'compute'), 'out-of-range', '$.choose'],
  ['some, part length', some(yes), choose('length', 'compute'), 'out-of-range', '$.choose'],
  ['some, without a choice', some(yes), { proof: 'compute' }, 'missing-key', '$.choose'],
  ['some, with another key', some(yes), { ...choose(1, 'compute'), else: 1 }, 'unknown-key', '$.else'],
  ['a judgement, computed', shown, 'compute', 'wrong-type', '$'],
  ['a judgement without a rule', shown, { we: [['1']] }, 'missing-key', '$.rule'],
  ['an unknown rule', shown, { ...realizes, rule: 'sorry' }, 'unknown-word', '$.rule'],
  ['constructor as a rule', shown, { ...realizes, rule: 'constructor' }, 'unknown-word', '$.rule'],
  ['__proto__ as a rule', shown, { ...realizes, rule: '__proto__' }, 'unknown-word', '$.rule'],
  ['a rule by number', shown, { ...realizes, rule: 1 }, 'unknown-word', '$.rule'],
  ['a rule of the other sign', not(shown), realizes, 'wrong-rule', '$.rule'],
  ['a rule for something else', shown, { rule: 'zero-loss' }, 'wrong-rule', '$.rule'],
];

test.each(accepted)('accepts %s', (_, goal, proof) => {
  expect(() => accept(goal, proof, m)).not.toThrow();
});

describe('refuses', () => {
  test.each(rejected)('%s', (_, goal, proof, code, path) => {
    expectRejection(() => accept(goal, proof, m), code, path);
  });
});

/** For each rule the judgements it does not refuse at once; `!` marks a negated one. */
const SERVES: Readonly<Record<string, readonly string[]>> = {
  'best-losses': ['best-loss-at-most', '!best-loss-at-most'],
  blocks: ['critical any', 'critical minimum', 'critical saddle'],
  capacity: ['!realizable'],
  cells: ['refuted-near'],
  configuration: ['exists'],
  'convexity-violation': ['!biconvex'],
  'critical-point': ['partial-minimum', 'critical any', 'critical minimum', 'critical saddle'],
  'deletion-restriction': ['counted sets', 'counted chambers'],
  'descent-curve': ['!local-minimum'],
  'enclosed-minimum': ['critical any', 'critical minimum'],
  excluded: ['!exists'],
  farkas: ['!realizable'],
  'farkas-joint': ['!realizable'],
  'fixed-active-sets': ['biconvex'],
  'half-space-row': ['!spanning'],
  'hull-relation': ['!strictly-dead'],
  'independent-columns': ['unique-codes'],
  ldl: ['definite'],
  'least-loss': ['least-loss'],
  'lower-loss': ['!global-minimum'],
  minimum: ['critical any', 'critical minimum', 'critical saddle'],
  'negative-direction': ['!definite'],
  'negative-row': ['strictly-dead'],
  'no-loss': ['local-minimum'],
  'no-critical-point': ['!partial-minimum', '!critical any', '!critical minimum', '!critical saddle'],
  'no-minimum': ['!critical minimum'],
  'no-saddle': ['!critical saddle'],
  'no-strict-trap': ['!strict-trap'],
  'no-weights': ['!some-weights'],
  'no-zero-loss': ['!valley-exit zero'],
  'paired-rows': ['reconstructs'],
  'partial-minimum': ['partial-minimum'],
  'pattern-tree': ['counted sets', 'counted chambers'],
  'rank-bound': ['least-loss'],
  'rank-mod-p': ['independent-codes'],
  realizes: ['realizable'],
  saddle: ['critical any', 'critical minimum', 'critical saddle'],
  'separating-rows': ['unique-codes'],
  'spanning-relation': ['spanning'],
  'strict-minimum': ['strict-trap'],
  steps: ['valley-exit zero', 'valley-exit lower'],
  'top-eigenvalue': ['local-minimum'],
  'two-codes': ['!unique-codes'],
  'valley-exit': ['valley-exit zero', 'valley-exit lower'],
  weights: ['some-weights'],
  'zero-loss': ['global-minimum'],
};

test('every rule refuses every judgement but its own, with its own sign', () => {
  const at = { we: [], wd: [] };
  const pattern = [[0]];
  const scale = {} as never;
  const goals = [
    shown,
    judge({ predicate: 'exists', what: '', such: () => yes }),
    judge({ predicate: 'local-minimum', at }),
    judge({ predicate: 'global-minimum', at }),
    judge({ predicate: 'reconstructs', at }),
    judge({ predicate: 'partial-minimum', pattern, stationary: false }),
    judge({ predicate: 'critical', pattern, as: 'any' }),
    judge({ predicate: 'critical', pattern, as: 'minimum' }),
    judge({ predicate: 'critical', pattern, as: 'saddle' }),
    judge({ predicate: 'strict-trap', pattern }),
    judge({ predicate: 'some-weights', pattern }),
    judge({ predicate: 'refuted-near', pattern }),
    judge({ predicate: 'least-loss' }),
    judge({ predicate: 'strictly-dead' }),
    judge({ predicate: 'spanning' }),
    judge({ predicate: 'counted', of: 'sets' }),
    judge({ predicate: 'counted', of: 'chambers' }),
    judge({ predicate: 'definite', matrix: [], what: { matrix: 'hessian', block: 'W_D' } }),
    judge({ predicate: 'unique-codes', k: 1, signed: true }),
    judge({ predicate: 'best-loss-at-most', left: pattern, right: pattern }),
    judge({ predicate: 'independent-codes', scale }),
    judge({ predicate: 'biconvex', pattern, region: 'shown' as never }),
    judge({ predicate: 'valley-exit', at, to: 'zero' }),
    judge({ predicate: 'valley-exit', at, to: 'lower' }),
  ].flatMap((goal) => [goal, not(goal)]);
  const name = (goal: Goal): string => {
    if (goal.kind !== 'judgement') throw new Error('a judgement was expected');
    const as = 'as' in goal ? ` ${goal.as}` : 'of' in goal ? ` ${goal.of}` : 'to' in goal ? ` ${goal.to}` : '';
    return `${goal.truth ? '' : '!'}${goal.predicate}${as}`;
  };
  const refusedAtOnce = (goal: Goal, rule: string): boolean => {
    try {
      accept(goal, { rule }, m);
    } catch (thrown) {
      const { code, found } = thrown as { code?: string; found?: string };
      return code === 'wrong-rule' && (found ?? '').startsWith('one for ');
    }
    return false;
  };
  const served = [...RULES.keys()].map((rule) => [rule, goals.filter((goal) => !refusedAtOnce(goal, rule)).map(name)]);
  expect(Object.fromEntries(served)).toEqual(SERVES);
});

test('a negation of very many parts is no deeper than one of few', () => {
  const many: Goal = { kind: 'all', of: Array.from({ length: 300_000 }, () => yes) };
  const negated = not(many);
  expect(negated.kind === 'some' && negated.of.length).toBe(300_000);
});

test('facts say what was found, in the order of the proof', () => {
  expect(accept(all(yes, some(no, not(no))), ['compute', choose(2, 'compute')], m)).toEqual([
    said('1 = 1'),
    said('1 = 2'),
  ]);
});
