/**
 * Every sentence against the formal goal: of all committed certificates, of small instances where no certificate has the combination of
 * claim, reading and verdict, and of landings of every class. What a sentence must say and may not say is in ./qualifiers.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import type { GeneratedModel, ReportedRow, Subject } from '../../src/kernel/model/subject.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { type Fact, type Judged, setsOf } from '../../src/kernel/proof/fact.ts';
import { type Goal, type Judgement, not } from '../../src/kernel/proof/goal.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { KNOWN_PROPERTIES } from '../../src/words/property.ts';
import { namedOf, reasonText, sentence } from '../../src/words/sentence.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { document, instance, node, type Plain } from '../kernel/read.ts';
import { demandOf } from './qualifiers.ts';

const ROOT = join(import.meta.dirname, '../..');
const CERTIFICATES = join(ROOT, 'certificates');

type Accepted = Checked['accepted'];

const committed: readonly Accepted[] = readdirSync(CERTIFICATES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name.includes('/'))
  .map((name) => {
    const checked = check(readFileSync(join(CERTIFICATES, name), 'utf8'), CLAIMS, sha256);
    if (!(checked instanceof Checked)) throw new Error(`${name}: ${checked}`);
    return checked.accepted;
  });

const read = (plain: Plain, more: object = {}): Instance => readInstance(node({ ...document(plain), ...more }));

/** Decided on the spot. */
function decide(id: string, reading: ReadingName, instance: Subject, dropped?: string): Accepted {
  const claim = CLAIMS.get(id)!;
  const proposals = proposalsFor(id);
  const outcome = certify({ claim, reading, instance, proposals, ...(dropped && { dropped }) }, sha256);
  if (outcome.verdict === 'undecided') throw new Error(`${id} ${reading}: ${outcome.why}`);
  return outcome.checked.accepted;
}

/** Two long directions, none of them of length 1: what asks for unit norms does not apply. */
const long = read(
  {
    wp: [
      [2, 0],
      [0, 3],
    ],
    neurons: 3,
  },
  {
    pattern: [[1, 2], [], []],
    we: [
      ['1', '1'],
      ['0', '0'],
      ['0', '0'],
    ],
    wd: [
      ['1', '0', '0'],
      ['0', '0', '0'],
    ],
    anchors: [1],
    distribution: { joint: [{ probability: '1/2', x: ['1', '0'] }] },
  },
);
/** Nothing here is about pure Top-k. */
const pure = read(
  {
    wp: [
      [1, 0],
      [0, 1],
    ],
    neurons: 2,
    activation: { kind: 'topk-pure', k: 1 },
  },
  { pattern: [[1], [2]] },
);
const exact = read(
  {
    wp: [
      [1, 0],
      [0, 1],
    ],
    neurons: 2,
  },
  {
    pattern: [[1], [2]],
    we: [
      ['1', '0'],
      ['0', '1'],
    ],
    wd: [
      ['1', '0'],
      ['0', '1'],
    ],
  },
);
const report = (changes: object): ReportedRow =>
  readSubject(
    node({
      format: 'dictum/report@1',
      name: 'r',
      source: 's',
      tau: '0.9',
      recovery: '50.00',
      mean: '0.9',
      denominators: [2],
      ...changes,
    }),
    'dictum/report@1',
  );
const scale = (changes: object = {}): GeneratedModel =>
  readSubject(
    node({
      format: 'dictum/scale@1',
      name: 's',
      features: 2,
      dimensions: 6,
      neurons: 12,
      entries: 2,
      directions: { seed: 3 },
      encoder: { seed: 4 },
      ...changes,
    }),
    'dictum/scale@1',
  );

const NOT_APPLICABLE: readonly (readonly [string, ReadingName, Subject])[] = [
  ['T1', 'walkthrough', long],
  ['T3', 'paper', long],
  ['T3-global', 'walkthrough', long],
  ['T3-global', 'paper', long],
  ['T4-nonidentifiable', 'walkthrough', long],
  ['T4-nonidentifiable', 'paper', long],
  ['E5', 'paper', long],
  ['E5', 'repaired', long],
  ['T6', 'repaired', pure],
  ['T6-critical', 'repaired', pure],
  ['T6-minimum', 'repaired', pure],
  ['T6-saddle', 'repaired', pure],
  [
    'T6-strict',
    'repaired',
    read({ wp: [[1]], neurons: 1, activation: { kind: 'identity' } }, { pattern: [[1]], we: [['1']], wd: [['1']] }),
  ],
  ['T6-dead', 'repaired', pure],
  ['T6-open', 'ours', pure],
  ['G1', 'ours', pure],
  ['T8', 'walkthrough', long],
  ['T8', 'paper', long],
  ['T8-polysemantic', 'paper', long],
  ['A1', 'paper', long],
  ['A1', 'repaired', long],
  ['A1-true', 'paper', long],
  ['A1-interference', 'ours', long],
  ['R-count', 'ours', pure],
  ['R-chambers', 'ours', pure],
  ['B1-count', 'ours', report({ denominators: [] })],
];
const small: readonly Accepted[] = [
  ...NOT_APPLICABLE.map(([id, reading, m]) => decide(id, reading, m)),
  decide('E5', 'paper', exact),
  decide('E5', 'repaired', exact),
  decide('B1-unit', 'ours', report({ tau: '3/2' })),
  decide('T4-scale', 'ours', scale()),
  decide(
    'T4-scale',
    'ours',
    scale({ encoder: { seed: 4, overrides: [{ neuron: 1, row: ['0', '0', '0', '0', '0', '0'] }] } }),
  ),
];

/** Combinations that no certificate can have, and why. */
const NEVER: Readonly<Record<string, string>> = {
  'T2 repaired refuted': 'a theorem',
  'T6-spanning repaired refuted': 'a theorem',
  'T6-exit repaired refuted': 'a theorem',
  'T6-null repaired refuted': 'a theorem',
  'T6-row repaired refuted': 'a theorem',
  'T6-path repaired refuted': 'no rule proves that there is no path',
  'T6-open ours refuted': 'no rule proves that there is no such radius',
  'G1 ours refuted': 'L~ has a least value',
  'G2 ours refuted': 'L~ has an infimum',
  'T4-growth paper holds': 'a theorem says that it never does',
  'A1-dimension paper refuted': 'a theorem',
  'T2-global repaired refuted': 'a theorem',
  'T4-growth repaired refuted': 'a theorem',
  'T6-overlap repaired refuted': 'a theorem',
  'T8-threshold repaired refuted': 'a theorem',
  'T6-orthogonal repaired refuted': 'a theorem',
  'Probe repaired refuted': 'a theorem',
  'HS-codes paper refuted': 'a theorem',
  'HS-dictionary repaired refuted': 'a theorem',
  'HS-wide repaired refuted': 'a theorem',
  'Hedging paper refuted': 'a theorem',
  'Hedging repaired refuted': 'a theorem',
  'Hedging-plain repaired refuted': 'a theorem',
  'Hedging-one repaired refuted': 'a theorem',
  'E5 repaired refuted': 'a theorem',
  'A2 repaired refuted': 'a theorem',
  'T4-nonidentifiable repaired refuted': 'a theorem',
  'A1 repaired refuted': 'a theorem',
  'A1-true repaired refuted': 'a theorem',
  'R-count ours refuted': 'the count is the certificate’s own',
  'R-chambers ours refuted': 'the count is the certificate’s own',
  'T4-scale ours refuted': 'at this size none is recovered; test/theorems/paper-scale/statement.test.ts has one',
};

test('every claim x reading x verdict is there, but for those that cannot be', () => {
  const seen = new Set([...committed, ...small].map((a) => `${a.claim} ${a.reading} ${a.verdict}`));
  const missing = [...CLAIMS.values()].flatMap((claim) =>
    Object.entries(claim.readings).flatMap(([reading, { hypotheses }]) =>
      ['holds', 'refuted', ...(hypotheses.length > 0 ? ['not-applicable'] : [])]
        .map((verdict) => `${claim.id} ${reading} ${verdict}`)
        .filter((name) => !seen.has(name)),
    ),
  );
  expect(missing.filter((name) => !(name in NEVER))).toEqual([]);
});

/** A fact and those inside it. */
const flat = (fact: Fact): Fact[] => [fact, ...('facts' in fact ? (fact.facts ?? []) : []).flatMap(flat)];

test('every sentence says each condition of what was proved, and none that was not', () => {
  const relations = new Set<string>();
  for (const accepted of [...committed, ...small]) {
    const { instance: m } = accepted;
    for (const fact of [...accepted.facts, ...(accepted.lacks ?? [])].flatMap(flat)) {
      relations.add(fact.relation);
      const said = sentence(fact, namedOf(m));
      const { must, never } = demandOf(fact);
      const about = `${accepted.claim} ${accepted.reading}: ${JSON.stringify(fact)}\n${said}`;
      for (const words of must) expect(said, about).toMatch(words);
      for (const words of never) expect(said, about).not.toMatch(words);
      expect(said, about).not.toMatch(/undefined|NaN|\[object|\b1 (?:sets|features|neurons|patterns|pairs)\b/);
    }
  }
  // All but what only reviews or larger instances show.
  expect(relations.size).toBeGreaterThan(30);
});

/** The judgements of a goal, with their signs. */
function judgements(goal: Goal): Judgement[] {
  return goal.kind === 'all' || goal.kind === 'some'
    ? goal.of.flatMap(judgements)
    : goal.kind === 'judgement'
      ? [goal]
      : [];
}

test('every fact of a judgement is one of the goal: same sign, same pattern, same conditions', () => {
  let compared = 0;
  for (const { claim, reading, verdict, instance: m, facts } of [...committed, ...small]) {
    if (verdict === 'not-applicable') continue;
    const conclusion = CLAIMS.get(claim)!.readings[reading]!.conclusion(m);
    const goals = judgements(verdict === 'holds' ? conclusion : not(conclusion));
    const judged = facts.filter((fact): fact is Judged => 'by' in fact && 'truth' in fact);
    for (const fact of judged) {
      const same = goals.some(
        (goal) =>
          goal.predicate === fact.relation &&
          goal.truth === fact.truth &&
          (!('pattern' in goal) || ('pattern' in fact && `${setsOf(goal.pattern)}` === `${fact.pattern}`)) &&
          (!('as' in goal) || ('as' in fact && goal.as === fact.as)) &&
          (!('stationary' in goal) || ('stationary' in fact && goal.stationary === fact.stationary)) &&
          (!('gates' in fact) || fact.gates === (namedOf(m).activation.kind === 'gated')),
      );
      expect(same, `${claim} ${reading} ${JSON.stringify(fact)}`).toBe(true);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(200);
});

test('every property that the kernel and the statements name has its words', () => {
  const files = ['src/kernel', 'theorems'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const named = files.flatMap((text) =>
    [...text.matchAll(/\b(?:property\(|everyFeature\(m, |ofPattern\(\s*m,\s*)'([a-z-]+)'/g)].map(
      ([, name]) => name as string,
    ),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !KNOWN_PROPERTIES.includes(name))).toEqual([]);
});

const said = (accepted: Accepted): string => reasonText(accepted, accepted.instance);

describe('what a reader could have understood too much of', () => {
  test('a point on a face: no point with zero gradients, and yet a partial minimum', () => {
    // Row (0, 25), lambda 5/3, at the kink of feature 3.
    const files = committed.filter((a) => a.claim === 'T6' && a.reading !== 'repaired');
    for (const reading of ['walkthrough', 'paper']) {
      const refuted = files.find((a) => a.reading === reading && a.verdict === 'refuted')!;
      expect(said(refuted)).toContain(
        reading === 'paper'
          ? 'carries no partial minimum of positive loss'
          : 'carries no point with both gradients 0 and L~ > 0',
      );
    }
  });

  test('of a zero of L~: no partial minimum of positive loss, and a local minimum of loss 0', () => {
    const m = read(
      {
        wp: [
          [1, 0],
          [0, 1],
        ],
        wr: [[1], [1]],
        neurons: 2,
      },
      { pattern: [[1, 2], []] },
    );
    expect(said(decide('T6', 'paper', m))).toBe('({1,2},{}) carries no partial minimum of positive loss, by neuron 1');
    expect(said(decide('T6-minimum', 'repaired', m))).toBe(
      '({1,2},{}) carries a local minimum of L~: L~ = 0, the least there is',
    );
  });

  test('gates: a set that the instance shows and no gate is open on alone', () => {
    const m = readInstance(
      node({
        ...document({
          wp: [
            [1, 0],
            [-1, 0],
            [0, 1],
          ],
          neurons: 1,
          activation: { kind: 'gated' },
        }),
        pattern: [[1, 2, 3]],
      }),
    );
    const counted = said(decide('R-count', 'ours', m));
    expect(counted).toMatch(/^one gate can be open on just \d+ sets of features$/);
    expect(said(decide('R', 'paper', m))).not.toMatch(/realizable/);
  });

  test('features of weight 0 or target 0: what is said of L~ does not speak of them', () => {
    const square: Plain = {
      wp: [
        [1, 0],
        [0, 1],
      ],
      neurons: 1,
    };
    const point = { we: [['1', '0']], wd: [['1'], ['0']] };
    const t4 = (plain: Partial<Plain>): string => said(decide('T4', 'paper', read({ ...square, ...plain }, point)));
    expect(t4({ weights: [1, 0] })).toContain('; L~ does not contain {2}, of weight 0');
    expect(
      t4({
        wr: [
          [1, 0],
          [0, 0],
        ],
      }),
    ).toContain('; the target of {2} is 0');
    expect(t4({})).not.toMatch(/of weight 0|target/);
    expect(t4({ weights: [0, 0] })).toContain('; every weight is 0, so L~ is 0 everywhere');
  });

  test('a dropped hypothesis: the words say that it fails, and nowhere that it is needed', () => {
    const m = read({ wp: [[1], [1]], wr: [[1], [-1]], neurons: 1 }, { we: [['1']], wd: [['0']] });
    const accepted = decide('A2', 'paper', m, 'dead-neuron');
    expect(accepted).toMatchObject({ dropped: 'dead-neuron', lacks: [{ property: 'dead-neuron', truth: false }] });
    expect(said(accepted)).toBe(
      'v = w_1 as a further neuron does not lower L~ (dead-neuron fails: every neuron is active on some feature)',
    );
  });

  test('what an instance has beyond the first format is said with every verdict on it', () => {
    const lifted = committed.filter((accepted) => accepted.with);
    expect(new Set(lifted.flatMap((accepted) => accepted.with ?? [])).size).toBe(5);
    const phrases = {
      'encoder-bias': /^with an encoder bias \(rows \(e_i, b_i\), directions \([wx]_d, 1\)\)/,
      'input-bias': /with inputBias subtracted before the encoder/,
      'decoder-bias': /with decoderBias added to the output/,
      thresholds: /with a threshold for each neuron/,
      inputs: /\bon \d+ inputs.*: (?:L~ is their loss|their loss is L~ \+ )/,
    };
    for (const accepted of lifted) {
      for (const what of accepted.with ?? []) expect(said(accepted)).toMatch(phrases[what]);
      if (accepted.with?.includes('encoder-bias')) expect(said(accepted)).not.toMatch(/no bias/);
      if (!accepted.with?.includes('inputs') && accepted.with?.some((what) => what.endsWith('-bias')))
        expect(said(accepted)).toContain('each feature alone at strength 1');
    }
    for (const accepted of committed.filter((one) => !one.with))
      expect(said(accepted)).not.toMatch(/encoder bias|strength 1|on \d+ inputs/);
  });

  test('more neurons let through than there are', () => {
    const m = read({ wp: [[1]], neurons: 2, activation: { kind: 'topk-pure', k: 3 } }, { pattern: [[1], []] });
    expect(said(decide('R', 'paper', m))).toBe(
      '({1},{}) is not realizable: topk-pure lets both neurons through for each feature, and the pattern has 1 on feature 1',
    );
  });

  test('recovery beside anchors is that of the others', () => {
    const a1 = committed.filter(({ claim }) => claim === 'A1' || claim === 'A1-true');
    const found = a1
      .flatMap((a) => a.facts)
      .flatMap(flat)
      .filter((fact) => fact.relation === 'order' && /max cos/.test(fact.left.name));
    expect(found.length).toBeGreaterThan(10);
    for (const fact of found) expect(sentence(fact, long)).toContain('over d that are no anchors');
  });

  test('labels, not numbers; long ones cut; a label that is the number stays bare', () => {
    const labelled = (labels: string[]): Instance =>
      readInstance(
        node({
          ...document({
            wp: [
              [1, 0],
              [0, 1],
            ],
            neurons: 1,
          }),
          features: labels.map((label, d) => ({ label, wp: d === 0 ? ['1', '0'] : ['0', '1'] })),
          pattern: [[1, 2]],
        }),
      );
    expect(said(decide('R', 'paper', labelled(['dog', 'black cat'])))).toBe('({dog, "black cat"}) is realizable');
    expect(said(decide('R', 'paper', labelled(['1', '2'])))).toBe('({1,2}) is realizable');
    expect(said(decide('R', 'paper', labelled(['2', '1'])))).toBe('({"2", "1"}) is realizable');
    expect(said(decide('R', 'paper', labelled(['x'.repeat(1000), 'y']))).length).toBeLessThan(100);
  });
});

describe('a reason', () => {
  const farkas = (neuron: number, feature: number): Fact => ({
    relation: 'realizable',
    pattern: neuron === 1 ? [[feature], [2]] : [[2], [feature]],
    gates: false,
    truth: false,
    by: 'farkas',
    neuron,
    on: [{ feature, weight: '1' }],
    off: [{ feature: feature === 3 ? 1 : 3, weight: '1' }],
  });
  const named = instance({
    wp: [
      [0, 1],
      [1, 0],
      [0, 1],
    ],
  });
  const reason = (...facts: Fact[]): string =>
    reasonText({ claim: 'T8', reading: 'paper', verdict: 'refuted', facts } as unknown as Accepted, named);

  test('is said once, though two patterns are excluded by it', () => {
    const one = reason(farkas(1, 3));
    expect(one).toMatch(/^\{.*\} is not realizable: /);
    expect(reason(farkas(1, 3), farkas(2, 3))).toBe(one);
  });

  test('and another one beside it', () => {
    const both = reason(farkas(1, 3), farkas(2, 3), farkas(2, 1));
    expect(both.split('; ')).toEqual([reason(farkas(1, 3)), reason(farkas(2, 1))]);
  });
});
