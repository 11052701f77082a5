import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { documentId } from '../../src/kernel/document/canonical.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import type { Fact } from '../../src/kernel/proof/fact.ts';
import { computed, judge } from '../../src/kernel/proof/goal.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { document } from './read.ts';
import { said } from './said.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** An ad-hoc claim: with two features of weight 1 or more each, the pattern of the instance is realizable. */
const claim: Claim = {
  id: 'X1',
  title: 'for tests',
  rules: [realizabilityRules],
  readings: {
    paper: {
      says: 'the pattern is realizable',
      hypotheses: [
        {
          name: 'two',
          says: 'n = 2',
          goal: (m) => computed(m.features.length === 2, said(`n = ${m.features.length}`)),
        },
        { name: 'constructor', says: 'n_q = 1', goal: (m) => computed(m.neurons === 1, said(`n_q = ${m.neurons}`)) },
      ],
      conclusion: (m) => judge({ predicate: 'realizable', pattern: patternOf(m) }),
      assumes: ['nothing'],
    },
    repaired: { says: '1 = 1', hypotheses: [], conclusion: () => computed(true, said('1 = 1')) },
  },
};
const claims = new Map([[claim.id, claim]]);

const instance = (pattern: number[][], wp: number[] = [1, -1]): object => ({
  ...document({ wp: wp.map((w) => [w]) }),
  pattern,
});
const hypotheses = { two: 'compute', constructor: 'compute' };
const realizes = { rule: 'realizes', we: [['1']] };
const terms = [
  { feature: 1, weight: '1' },
  { feature: 2, weight: '1' },
];
const farkas = { rule: 'farkas', neuron: 1, on: terms, off: [] };

type Parts = Record<string, unknown>;
const base: Parts = {
  format: 'dictum/certificate@1',
  claim: 'X1',
  reading: 'paper',
  instance: instance([[1]]),
  verdict: 'holds',
  witness: { hypotheses, conclusion: realizes },
};
const refuting: Parts = {
  ...base,
  instance: instance([[1, 2]]),
  verdict: 'refuted',
  witness: { hypotheses, conclusion: farkas },
};
const three: Parts = {
  ...base,
  instance: instance([[1]], [1, 2, 3]),
  verdict: 'not-applicable',
  witness: { fails: 'two', proof: 'compute' },
};
const dropping: Parts = {
  ...refuting,
  instance: instance([[1, 2]], [1, -1, 1]),
  dropped: 'two',
  witness: { hypotheses: { constructor: 'compute' }, dropped: 'compute', conclusion: farkas },
};

/** The document with its right id, as a text. */
function sealed(parts: Parts): string {
  const { id: _, ...rest } = parts;
  return JSON.stringify({ ...rest, id: documentId(parseJson(JSON.stringify(rest)), sha256) });
}
const run = (text: string): Checked | Rejection => check(text, claims, sha256);

describe('accepts', () => {
  test.each([
    ['holds', base],
    ['refuted', refuting],
    ['not applicable', three],
    ['refuted, a hypothesis dropped', dropping],
    [
      'a reading without hypotheses',
      { ...base, reading: 'repaired', witness: { hypotheses: {}, conclusion: 'compute' } },
    ],
  ])('%s', (_, parts: Parts) => {
    const result = run(sealed(parts));
    if (result instanceof Rejection) throw new Error(`${result}`);
    const { verdict, dropped, claim: id, reading, facts } = result.accepted;
    expect({ verdict, dropped, id, reading }).toEqual({
      verdict: parts.verdict,
      dropped: parts.dropped,
      id: 'X1',
      reading: parts.reading,
    });
    expect(facts.length).toBeGreaterThan(0);
  });

  test('whatever the layout; ids are those of the canonical forms', () => {
    const laidOut = JSON.stringify(JSON.parse(sealed(base)), null, 2);
    const result = run(laidOut) as Checked;
    expect(result.accepted.id).toBe(JSON.parse(laidOut).id);
    expect(result.accepted.instanceId).toBe(sha256(JSON.stringify(sortKeys(base.instance))));
  });
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}

// biome-ignore format: a table, one case a line
const rejected: readonly (readonly [what: string, parts: Parts, kind: string, code: string, path: string])[] = [
  ['an unknown claim', { ...base, claim: 'X2' }, 'malformed', 'unknown-word', '$.claim'],
  ['constructor as a claim', { ...base, claim: 'constructor' }, 'malformed', 'unknown-word', '$.claim'],
  ['an unknown reading', { ...base, reading: 'folklore' }, 'malformed', 'unknown-word', '$.reading'],
  ['a reading this claim has not', { ...base, reading: 'walkthrough' }, 'malformed', 'unknown-word', '$.reading'],
  ['__proto__ as a reading', { ...base, reading: '__proto__' }, 'malformed', 'unknown-word', '$.reading'],
  ['an unknown verdict', { ...base, verdict: 'undecided' }, 'malformed', 'unknown-word', '$.verdict'],
  ['another format', { ...base, format: 'dictum/certificate@2' }, 'malformed', 'unknown-word', '$.format'],
  ['a goal of its own', { ...base, goal: 'compute' }, 'malformed', 'unknown-key', '$.goal'],
  ['no witness', { ...base, witness: undefined }, 'malformed', 'missing-key', '$.witness'],
  ['a float', { ...base, instance: { ...instance([[1]]), neurons: 1.5 } }, 'malformed', 'float', '$.instance.neurons'],
  ['a negative number', { ...base, witness: { hypotheses, conclusion: { ...realizes, we: [[-1]] } } }, 'malformed', 'float', '$.witness.conclusion.we[0][0]'],
  ['an index of ten digits', { ...base, instance: { ...instance([[1]]), neurons: 1_000_000_000 } }, 'malformed', 'float', '$.instance.neurons'],
  ['a malformed instance', { ...base, instance: { ...instance([[1]]), features: [] } }, 'malformed', 'wrong-size', '$.instance.features'],
  ['no pattern, where the claim is about one', { ...base, instance: document({ wp: [[1], [-1]] }) }, 'invalid', 'missing-data', '$.instance.pattern'],
  ['holds, with a refutation', { ...refuting, verdict: 'holds' }, 'invalid', 'wrong-rule', '$.witness.conclusion.rule'],
  ['refuted, with a witness', { ...base, verdict: 'refuted' }, 'invalid', 'wrong-rule', '$.witness.conclusion.rule'],
  ['a proof of another instance', { ...base, instance: instance([[2]]) }, 'invalid', 'wrong-pattern', '$.witness.conclusion.we'],
  ['no conclusion', { ...base, witness: { hypotheses } }, 'malformed', 'missing-key', '$.witness.conclusion'],
  ['a hypothesis unproved', { ...base, witness: { hypotheses: { constructor: 'compute' }, conclusion: realizes } }, 'malformed', 'missing-key', '$.witness.hypotheses.two'],
  ['constructor unproved, though every object has one', { ...base, witness: { hypotheses: { two: 'compute' }, conclusion: realizes } }, 'malformed', 'missing-key', '$.witness.hypotheses.constructor'],
  ['a hypothesis too many', { ...base, witness: { hypotheses: { ...hypotheses, three: 'compute' }, conclusion: realizes } }, 'malformed', 'unknown-key', '$.witness.hypotheses.three'],
  ['a hypothesis that fails', { ...refuting, instance: instance([[1, 2]], [1, -1, 1]) }, 'invalid', 'does-not-hold', '$.witness.hypotheses.two'],
  ['not applicable, though the hypothesis holds', { ...three, instance: instance([[1]]) }, 'invalid', 'does-not-hold', '$.witness.proof'],
  ['not applicable for no hypothesis', { ...three, witness: { fails: 'three', proof: 'compute' } }, 'malformed', 'unknown-word', '$.witness.fails'],
  ['not applicable, with a conclusion', { ...three, witness: { ...(three.witness as object), conclusion: realizes } }, 'malformed', 'unknown-key', '$.witness.conclusion'],
  ['holds, a hypothesis dropped', { ...base, dropped: 'two', witness: { hypotheses: { constructor: 'compute' }, conclusion: realizes } }, 'invalid', 'wrong-verdict', '$.verdict'],
  ['not applicable, a hypothesis dropped', { ...three, dropped: 'two' }, 'invalid', 'wrong-verdict', '$.verdict'],
  ['dropped, and not shown to fail', { ...dropping, witness: { hypotheses: { constructor: 'compute' }, conclusion: farkas } }, 'malformed', 'missing-key', '$.witness.dropped'],
  ['dropped, though it holds', { ...dropping, instance: instance([[1, 2]]) }, 'invalid', 'does-not-hold', '$.witness.dropped'],
  ['shown to fail, though not dropped', { ...refuting, witness: { hypotheses, dropped: 'compute', conclusion: farkas } }, 'malformed', 'unknown-key', '$.witness.dropped'],
  ['dropped, and proved all the same', { ...dropping, witness: { hypotheses, dropped: 'compute', conclusion: farkas } }, 'malformed', 'unknown-key', '$.witness.hypotheses.two'],
  ['an unknown hypothesis dropped', { ...refuting, dropped: 'three' }, 'malformed', 'unknown-word', '$.dropped'],
  ['null dropped', { ...refuting, dropped: null }, 'malformed', 'unknown-word', '$.dropped'],
  ['two hypotheses dropped', { ...refuting, dropped: ['two', 'constructor'] }, 'malformed', 'unknown-word', '$.dropped'],
];

describe('refuses', () => {
  test.each(rejected)('%s', (_, parts, kind, code, path) => {
    const result = run(sealed(parts));
    expect(result).toBeInstanceOf(Rejection);
    expect(result).toMatchObject({ kind, code, path });
  });

  test.each([
    ['another id', { ...base, id: '0'.repeat(64) }],
    ['the id in capitals', { ...base, id: JSON.parse(sealed(base)).id.toUpperCase() }],
    ['the id of another document', { ...refuting, id: JSON.parse(sealed(base)).id }],
    ['an empty id', { ...base, id: '' }],
  ])('%s', (_, parts) => {
    expect(run(JSON.stringify(parts))).toMatchObject({ kind: 'invalid', code: 'wrong-id', path: '$.id' });
  });

  test.each([
    ['no JSON', 'certificate', 'not-json', '$'],
    ['a byte order mark', `\ufeff${sealed(base)}`, 'not-json', '$'],
    ['an array', '[]', 'wrong-type', '$'],
    ['null', 'null', 'wrong-type', '$'],
    [
      'a second verdict',
      sealed(base).replace('"verdict"', '"verdict":"refuted","verdict"'),
      'duplicate-key',
      '$.verdict',
    ],
    ['__proto__ with the rest', `{"__proto__":${sealed(base)}}`, 'missing-key', '$.format'],
  ])('%s', (_, text, code, path) => {
    expect(run(text)).toMatchObject({ kind: 'malformed', code, path });
  });

  test('a bug in a claim is not passed off as a rejection', () => {
    const broken: Claim = {
      ...claim,
      readings: {
        repaired: {
          says: '',
          hypotheses: [],
          conclusion: () => {
            throw new Error('bug');
          },
        },
      },
    };
    const text = sealed({ ...base, reading: 'repaired', witness: { hypotheses: {}, conclusion: 'compute' } });
    expect(() => check(text, new Map([['X1', broken]]), sha256)).toThrow('bug');
  });
});

describe('Checked cannot be forged', () => {
  const genuine = run(sealed(base)) as Checked;
  const accepted = { ...genuine.accepted, verdict: 'refuted' as const };

  test.each([
    ['new', () => new (Checked as unknown as new (a: object) => Checked)(accepted)],
    ['the constructor of a genuine one', () => new (genuine.constructor as new (a: object) => Checked)(accepted)],
    ['Reflect.construct with a guess at the key', () => Reflect.construct(Checked, [accepted, Symbol('check')])],
    ['a subclass', () => new (class extends (Checked as unknown as new (a: object) => object) {})(accepted)],
    ['Object.create', () => Object.create(Checked.prototype).accepted],
    ['a copy', () => Object.assign(Object.create(Checked.prototype), genuine).accepted],
    ['the getter on something else', () => Reflect.get(Checked.prototype, 'accepted', { accepted })],
    ['a proxy', () => new Proxy(genuine, {}).accepted],
  ])('by %s', (_, forge) => {
    expect(forge).toThrow(TypeError);
  });

  test('nor by its shape: the types are nominal', () => {
    // @ts-expect-error an object of the same shape is no Checked
    const shaped: Checked = { accepted };
    // @ts-expect-error the constructor is private
    const built = (): Checked => new Checked(accepted);
    expect(shaped).not.toBeInstanceOf(Checked);
    expect(built).toThrow(TypeError);
  });

  test('nor changed afterwards', () => {
    expect(() => Object.assign(genuine.accepted, { verdict: 'refuted' })).toThrow(TypeError);
    expect(() => (genuine.accepted.facts as Fact[]).push(said('false'))).toThrow(TypeError);
    expect(() => Object.assign(genuine, { accepted })).toThrow(TypeError);
    expect(genuine.accepted.verdict).toBe('holds');
  });
});

describe('a claim has the rules that it names', () => {
  const conclusion = (proof: object): string => sealed({ ...base, witness: { hypotheses, conclusion: proof } });
  const of = (...rules: Claim['rules']) => new Map([[claim.id, { ...claim, rules }]]);
  const code = (result: Checked | Rejection): string =>
    result instanceof Checked ? 'accepted' : `${result.code} at ${result.path}`;
  const unknown = 'unknown-word at $.witness.conclusion.rule';

  test('of all its packs', () => {
    expect(code(check(conclusion(realizes), of(existenceRules, realizabilityRules), sha256))).toBe('accepted');
  });

  test('and no other: the proof that its packs accept is refused without them', () => {
    expect(code(check(conclusion(realizes), of(existenceRules), sha256))).toBe(unknown);
    expect(code(check(conclusion(realizes), of(), sha256))).toBe(unknown);
  });

  test('so that a rule of another claim is no rule here', () => {
    expect(code(run(conclusion({ rule: 'zero-loss' })))).toBe(unknown);
  });

  test('in a hypothesis and in the negation of one dropped, too', () => {
    const pattern = (m: Instance) => judge({ predicate: 'realizable', pattern: patternOf(m) });
    const shown = { name: 'shown', says: 'the pattern is realizable', goal: pattern };
    const readings = {
      paper: { says: '0 = 1', hypotheses: [shown], conclusion: () => computed(false, said('0 = 1')) },
    };
    const supposing = (rules: Claim['rules']) => new Map([[claim.id, { ...claim, rules, readings }]]);
    const refuted = sealed({
      ...base,
      verdict: 'refuted',
      witness: { hypotheses: { shown: realizes }, conclusion: 'compute' },
    });
    const dropped = sealed({
      ...refuting,
      dropped: 'shown',
      witness: { hypotheses: {}, dropped: farkas, conclusion: 'compute' },
    });
    const failing = sealed({ ...refuting, verdict: 'not-applicable', witness: { fails: 'shown', proof: farkas } });
    for (const text of [refuted, dropped, failing]) {
      expect(code(check(text, supposing([realizabilityRules]), sha256))).toBe('accepted');
      expect(code(check(text, supposing([]), sha256))).toMatch(/^unknown-word at \$\.witness\..*rule$/);
    }
  });
});
