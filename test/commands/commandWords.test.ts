/**
 * What realize, patterns, landscape, land, regress, the matrix, metrics and tables print, held against what was decided: a reader must not
 * be able to understand more than that.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { landText } from '../../src/commands/land/text.ts';
import { landscapeText } from '../../src/commands/landscape/text.ts';
import { componentsText } from '../../src/commands/metrics/componentsText.ts';
import { countText, neighboursText, patternsDocument, patternsText } from '../../src/commands/patterns/text.ts';
import { answerDocument, checked } from '../../src/commands/realize/answer.ts';
import { answerText } from '../../src/commands/realize/text.ts';
import { auditTables } from '../../src/commands/tables/audit.ts';
import { readTables } from '../../src/commands/tables/readTables.ts';
import { tablesText } from '../../src/commands/tables/text.ts';
import { activeUnits } from '../../src/kernel/model/activation.ts';
import { type Instance, type Pattern, readInstance } from '../../src/kernel/model/instance.ts';
import { encode, patternOfActive, patternShown } from '../../src/kernel/model/model.ts';
import { checkLanding, type Landed } from '../../src/landing/check/landing.ts';
import { study } from '../../src/landing/match/study.ts';
import { dyadic } from '../../src/landing/propose/dyadic.ts';
import { DEFAULTS } from '../../src/landing/runs/settings.ts';
import { trapsOf } from '../../src/solve/landscape/counts.ts';
import { outcomeOf } from '../../src/solve/landscape/outcome.ts';
import { partitionPatterns } from '../../src/solve/landscape/partitionPatterns.ts';
import { type Entry, Surveyor } from '../../src/solve/landscape/survey.ts';
import { neighbours } from '../../src/solve/patterns/neighbours.ts';
import { realize } from '../../src/solve/realize/realize.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { node, q } from '../kernel/read.ts';
import { KNOWN, known } from '../solve/landscape/cases.ts';

/** One of a thing in the plural: `1 patterns`, `1 rows`. */
const ONE_OF_MANY =
  /(?<![\w./-])1 (?!x )\w*(?:sets|features|neurons|chambers|patterns|runs|rows|components|certificates|neighbours|partitions|kinds|inequalities)\b/;

const read = (document: object): Instance =>
  readInstance(
    node({ format: 'dictum/instance@1', name: 'case', activation: { kind: 'relu' }, neurons: 1, ...document }),
  );

const features = (...rows: (readonly [string, readonly (string | number)[]])[]): object[] =>
  rows.map(([label, wp]) => ({ label, wp: wp.map(String) }));

const answered = (m: Instance, pattern: Pattern): string => {
  const { configuration: _, ...shape } = m;
  const shaped: Instance = { ...shape, neurons: pattern.length, pattern };
  return answerText(shaped, pattern, checked(shaped, pattern, realize(shaped, pattern)));
};

const subsets = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, mask) => Array.from({ length: n }, (_, d) => d).filter((d) => (mask >> d) & 1));

/** d is the midpoint of a and c: no gate is open on d alone, but the neuron given is active on d alone. */
const gated = read({
  features: features(['a', ['3/5', '4/5']], ['c', ['3/5', '-4/5']], ['d', ['3/5', 0]]),
  activation: { kind: 'gated' },
  pattern: [[3]],
  we: [['1', '-1']],
  wd: [['0'], ['0']],
  gate: [['0', '1']],
  bias: ['1/10'],
});

describe('under gates the sets are said to be those that gates are open on', () => {
  test.each(subsets(3).map((set) => [set]))('realize %j', (set) => {
    const text = answered(gated, [set]);
    expect(text).toMatch(/^(realizable: gates that are open on the pattern|not realizable)\n/);
    expect(text).toContain('the sets that gates are open on');
    expect(text).not.toMatch(/cannot be active|encoder that shows|encoder row/);
  });

  test('the neuron shows a set that no gate has: both sentences can be true', () => {
    if (!gated.configuration) throw new Error('the case has weights');
    expect(patternShown(gated, gated.configuration)).toEqual([[2]]);
    expect(answered(gated, [[2]])).toContain('the gate of neuron 1 cannot be open on {d} and on nothing else');
    const { configuration: _, ...shape } = gated;
    const answer = checked(shape, [[2]], realize(shape, [[2]]));
    expect(answerDocument(shape, answer)).toMatchObject({ realizable: false, gates: true });
    expect(answerDocument(read({ features: features(['a', [1]]) }), answer)).not.toHaveProperty('gates');
  });

  test('patterns, their number and their neighbours', () => {
    const of = { features: 3, dimension: 2, gates: true } as const;
    const whole = { ...of, found: 6, chambers: 6, bySize: [1, 2, 2, 1], partitions: [0n, 1n, 2n] };
    const near = [...neighbours(gated, [[0]])];
    for (const text of [
      patternsText(whole),
      countText({ ...of, strict: false, found: 6n, chambers: 6n }),
      neighboursText([[0]], near, { names: ['a', 'c', 'd'], gates: true }),
    ]) {
      expect(text).toMatch(/the sets that (one gate is|gates are) open on/);
      expect(text).not.toMatch(/6 realizable sets/);
    }
    expect(patternsText(whole)).toContain('6 sets, 6 of them chambers (the sets that one gate is open on)');
    expect(patternsDocument(whole)).toHaveProperty('gates', true);
  });

  test('other activations have no gates; identity counts z > 0, not what it lets pass', () => {
    const three = { features: features(['a', [1, 0]], ['b', [0, 1]], ['c', [1, 1]]) };
    expect(answered(read(three), [[2]])).toContain('neuron 1 cannot be active on {c} and on nothing else');
    expect(answered(read(three), [[2]])).not.toContain('gate');
    const identity = read({ ...three, activation: { kind: 'identity' } });
    expect(answered(identity, [[2]])).toContain('neuron 1 cannot be positive on {c} and on nothing else');
  });
});

describe('how many a Top-k lets through is the number that acts', () => {
  test('topk-pure: min(k, n_q), as sigma has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.nat(15), (k, neurons, mask) => {
        const m = read({ features: features(['one', [1]]), activation: { kind: 'topk-pure', k }, neurons });
        const pattern = Array.from({ length: neurons }, (_, i) => ((mask >> i) & 1 ? [0] : []));
        const has = pattern.filter((set) => set.length > 0).length;
        const z = pattern.map((_, i) => [[q(i + 1)]]);
        const passing = activeUnits(m.activation, z).filter(([on]) => on).length;
        const text = answered(m, pattern);
        if (has === passing) {
          expect(text).toMatch(/^realizable/);
          return;
        }
        const said = /lets (.*) through for each feature, and the pattern has (\d+) on one/.exec(text);
        const all = ['', 'the one neuron', 'both neurons', 'all 3 neurons', 'all 4 neurons'][neurons];
        expect(said?.[1]).toBe(k >= neurons ? all : `just ${k} neuron${k === 1 ? '' : 's'}`);
        expect([passing, Number(said?.[2])]).toEqual([Math.min(k, neurons), has]);
        expect(text).not.toMatch(ONE_OF_MANY);
      }),
      { numRuns: 60 },
    );
  });

  test('batchtopk: pairs of the whole batch', () => {
    const m = read({ features: features(['a', [1]], ['b', [2]]), activation: { kind: 'batchtopk', k: 1 }, neurons: 2 });
    expect(answered(m, [[0, 1], [1]])).toContain('batchtopk lets 2 active pairs through, and the pattern has 3');
  });

  test('a full batch cuts at a level t, which need not be 0', () => {
    // Both neurons are positive on both features, and the smaller two are inactive all the same.
    const shown = read({
      features: features(['a', [1, 0]], ['b', [0, 1]]),
      activation: { kind: 'batchtopk', k: 1 },
      neurons: 2,
      we: [
        ['5', '1'],
        ['1', '4'],
      ],
      wd: [
        ['1', '0'],
        ['0', '1'],
      ],
    });
    if (!shown.configuration) throw new Error('the case has weights');
    expect(patternOfActive(encode(shown, [shown.configuration]).active)).toEqual([[0], [1]]);
    // b = 2 a: what is above the level on a is so on b.
    const full = read({
      features: features(['a', [1]], ['b', [2]]),
      activation: { kind: 'batchtopk', k: 1 },
      neurons: 2,
    });
    const text = answered(full, [[0], [0]]);
    expect(text).toMatch(/inequalities that the pattern needs, for some t >= 0, add up to 0 > c t with c >= 0:/);
    expect(text).toMatch(/\(z\[\d\] on a > t\)/);
    expect(text).toMatch(/\(z\[\d\] on b <= t\)/);
    expect(text).not.toMatch(/[<>]=? 0\)/);
    // With room left, the level is 0.
    const room = read({
      features: features(['a', [1]], ['b', [2]]),
      activation: { kind: 'batchtopk', k: 2 },
      neurons: 2,
    });
    expect(answered(room, [[0], [0]])).toMatch(/\(z\[\d\] on b <= 0\)/);
  });
});

describe('patterns', () => {
  test('one of a thing is one', () => {
    const of = { features: 1, dimension: 1 };
    const one = patternsText({ ...of, found: 1, chambers: 1, bySize: [0, 1], partitions: [0n, 1n] });
    expect(one).toBe(
      '1 feature in dimension 1\n1 realizable set, 1 of them a chamber\n  by size\n      1  1\n' +
        '1 partition of all features into realizable sets\n  by neurons\n      1  1\n',
    );
    expect(countText({ ...of, strict: true, gates: false, found: 1n, chambers: 1n })).toBe(
      '1 feature in dimension 1\n1 chamber\n',
    );
  });

  test('with only some of the sets looked for, the count says which', () => {
    const of = { features: 3, dimension: 2, found: 2, chambers: 2, bySize: [0, 2] };
    const labels = [{ label: 'king' }];
    expect(patternsText(of, { maxSize: 1, containing: [1] }, labels)).toContain(
      '2 realizable sets of at most 1 feature with king, 2 of them chambers',
    );
    expect(patternsText(of, { strict: true, containing: ['king'] })).toContain('2 chambers with king');
    expect(patternsText(of)).toContain('2 realizable sets, 2 of them chambers');
  });

  test('splits of large sets that were not looked at are named', () => {
    const around = { names: ['a'], gates: false };
    const first = (n: number): number[] => [...new Array(n).keys()];
    expect(neighboursText([[0], first(13)], [], around)).toContain('of more than 12 features were only split into one');
    expect(neighboursText([first(12)], [], around)).toBe('0 realizable neighbours\n');
  });
});

const surveyed = (m: Instance, patterns: readonly Pattern[]): Entry[] => {
  const surveyor = new Surveyor(m);
  return patterns.map((pattern) => surveyor.survey(pattern).entry);
};

const printed = (m: Instance, entries: readonly Entry[], more: object = {}): string =>
  landscapeText(entries, true, m.features, more);

describe('landscape', () => {
  test('points of loss 0 are global minima and no traps', () => {
    const m = read({
      features: [
        { label: '1', wp: ['1', '0'], wr: ['1', '0'] },
        { label: '2', wp: ['0', '1'], wr: ['1', '0'], weight: '2' },
      ],
      neurons: 2,
    });
    const text = printed(m, surveyed(m, [...partitionPatterns(2, 2)]));
    expect(text).toContain('\n2 patterns: 2 global-minimum\n0 of them trap: no point shown was proved');
    expect(text).toContain('\nglobal-minimum: L~ = 0, the least there is, and so no trap\n');
  });

  test.each(KNOWN.map((one) => [one.name, one] as const))(
    '%s: what is counted a trap is a minimum of positive loss',
    (_, one) => {
      const m = known(one);
      const [entry] = surveyed(m, [one.pattern.map((set) => set.map((d) => d - 1))]) as [Entry];
      const isTrap = one.class !== null && one.class !== 'saddle' && one.loss !== '0';
      const text = printed(m, [entry]);
      expect(trapsOf([entry])).toEqual({ traps: isTrap ? 1 : 0, globalMinima: one.loss === '0' ? 1 : 0 });
      expect(text).toContain(`\n${isTrap ? 1 : 0} of them trap: `);
      expect(/ global-minimum/.test(text)).toBe(one.loss === '0');
      expect(text).not.toMatch(ONE_OF_MANY);
      // What a class means, and that the meaning is so of this point.
      const meaning = /^(global-minimum|local-minimum|face-minimum|saddle|none|unrealizable): (.*)$/m.exec(text);
      expect(meaning?.[1]).toBe(one.loss === '0' ? 'global-minimum' : (entry.class ?? entry.verdict));
      if (meaning?.[1] === 'local-minimum')
        expect([meaning?.[2], entry.gradients]).toEqual([expect.stringContaining('both gradients are 0'), 'zero']);
      if (one.class === 'face-minimum')
        expect([meaning?.[2], entry.gradients]).toEqual([expect.stringContaining('its gradient is not 0'), 'not zero']);
      if (one.class === 'saddle') expect(meaning?.[2]).toContain('no local minimum of L~; no minimum was found');
    },
  );

  test('a point whose kind is open, or whose loss may be 0, is neither a trap nor none', () => {
    const of = (change: Partial<Entry>): Entry => ({
      pattern: [[1, 2], []],
      verdict: 'critical',
      stationary: true,
      gradients: 'zero',
      class: 'local-minimum',
      loss: { exact: '1' },
      eigenvalues: [],
      ...change,
    });
    expect(outcomeOf(of({}))).toBe('trap');
    expect(outcomeOf(of({ loss: { lower: '0.000000000001', upper: '0.000000000002' } }))).toBe('trap');
    expect(outcomeOf(of({ loss: { lower: '0.000000000000', upper: '0.000000000001' } }))).toBe('open');
    expect(outcomeOf(of({ class: 'degenerate' }))).toBe('open');
    expect(outcomeOf(of({ class: 'degenerate', loss: { exact: '0' } }))).toBe('global-minimum');
    expect(outcomeOf(of({ class: null, loss: null, verdict: 'undecided' }))).toBe('open');
    expect(outcomeOf(of({ class: null, loss: null, verdict: 'none' }))).toBe('none');
    const m = known(KNOWN[0] as (typeof KNOWN)[number]);
    const text = printed(m, [of({ class: 'degenerate' }), of({})], { sampled: true, of: 3 });
    expect(text).toContain('2 patterns of a sample of 3, the others not looked at: 1 local-minimum, 1 degenerate');
    expect(text).toContain('1 of them trap');
    expect(text).toContain('of 1 of them it is open whether it traps');
    expect(text).toContain('degenerate: a critical point whose kind is open');
  });

  test('labels instead of numbers; what is long is rounded and says so', () => {
    const m = read({
      features: [
        { label: 'dog', wp: ['1', '0'], wr: ['1', '0'] },
        { label: 'cat', wp: ['0', '1'], wr: ['1', '1'] },
        { label: 'up\u001b[2J', wp: ['-1', '-1'], wr: ['0', '1'] },
      ],
      neurons: 2,
    });
    const entries = surveyed(m, [[[0, 1], []]]);
    expect(entries[0]?.class).not.toBeNull();
    const text = printed(m, entries);
    expect(text).toContain('({dog, cat},{})');
    expect(text).not.toContain('{1,2}');
    for (const number of text.match(/\d+\.\d+/g) ?? []) expect(text).toContain(`≈${number}`);
    const eigenvalue = entries[0]?.eigenvalues?.[0];
    expect(eigenvalue).toHaveProperty('lower');
    const [, said = ''] = /≈(\d\.\d{5})$/m.exec(text) ?? [];
    const { lower = '' } = eigenvalue as { lower?: string };
    expect(Math.abs(Number(said) - Number(lower))).toBeLessThan(1e-5);
    expect(printed(m, surveyed(m, [[[2], []]]))).toContain('\\u001b[2J');
  });
});

test('land: pattern, class and loss are of a point near the end, whose distance and gradient are bounds of what was certified', async () => {
  const m = read({ features: features(['dog', [1, 0]], ['cat', [0, 1]]), neurons: 2 });
  const result = await study(m, { ...DEFAULTS, seed: 3 }, 12, sha256, { threads: 1, each: true });
  if (!result) throw new Error('relu has a training step');
  const text = landText(m, result);
  const [, apart, gradient] =
    /configuration within (\S+) of the end weights in each coordinate; \|grad L~\| at these is at most (\S+)\.\n/.exec(
      text,
    ) ?? [];
  const { ends } = result.landing;
  expect(ends.length).toBeGreaterThan(0);
  for (const end of ends) {
    const landed = checkLanding(end.certificate ?? '', sha256) as Landed;
    // Of the run whose certificate it is; the bounds are of all runs.
    const square = dyadic(end.gradient).times(dyadic(end.gradient));
    expect([dyadic(end.apart).compare(landed.apart) >= 0, square.compare(landed.gradient) >= 0]).toEqual([true, true]);
    expect(Number(apart)).toBeGreaterThanOrEqual(end.apart);
    expect(Number(gradient)).toBeGreaterThanOrEqual(end.gradient);
    expect(text).toContain(`\n${end.class}: `);
  }
  expect(text).toContain('dog');
  expect(text).not.toMatch(/\{[12]/);
  expect(text).toContain('predicted: yes at a minimum, where descent may come to rest, no at a saddle');
  expect(landText(m, { ...result, landing: { ...result.landing, runs: 1 } })).toContain('case: 1 run, ');
});

test('metrics and tables: one of a thing is one', () => {
  const m = read({ features: features(['dog', [1]]) });
  expect(componentsText({ parts: [{ neurons: [0], features: [0] }], dead: [1], uncovered: [0] }, m, String)).toBe(
    'pattern on single features: 1 component, 1 neuron dead, 1 feature uncovered\n  1  neuron 1 on {dog}\n',
  );
  const table = {
    source: 'test',
    metric: { tau: '0.95' },
    tables: [
      {
        id: 'a',
        columns: ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'],
        rows: [['ours', true, 'x', '50.00', '0.1']],
      },
    ],
  };
  const text = tablesText(auditTables(readTables(JSON.stringify(table), 'f')), 'f');
  expect(text).toContain('f: 1 row, 1 inconsistent, 1 certificate\n');
  expect(text).toContain('1 row does not tell n or the number of anchors: its share was not checked');
  expect(text).not.toMatch(ONE_OF_MANY);
});
