/**
 * Kinks priced together, bends, and proofs about all critical points of a pattern: accepted on small instances worked out by hand, refused where
 * anything is missing. Each instance is one of a kind; what the solver answers on many random ones is in test/solve/landscape/pencils.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { decided } from '../../theorems/decided.ts';
import { instance, type Plain, rejection } from '../read.ts';
import { accept, critical } from './proofs.ts';

type Answers = readonly [critical: string, minimum: string, saddle: string];

const answers = (plain: Plain, pattern: number[][]): { verdicts: Answers; certificates: string[] } => {
  const m = { ...instance(plain), pattern: pattern.map((set) => set.map((d) => d - 1)) };
  const all = ['T6-critical', 'T6-minimum', 'T6-saddle'].map((id) => decided(id, 'repaired', m));
  return {
    verdicts: all.map(({ verdict }) => verdict) as unknown as Answers,
    certificates: all.map((a) => a.certificate),
  };
};

/** e = (1, 0) and u = 3/2 are critical on {1, 2}; features 3 and 4 share a kink there. */
const twoKinks = (third: number | string, fourth: number | string, more: Partial<Plain> = {}): Plain => ({
  wp: [
    [1, 1],
    [1, -1],
    [0, 1],
    [0, 1],
  ],
  wr: [[2], [1], [third], [fourth]],
  neurons: 1,
  ...more,
});

/** Directions (1, 1) and nearly so. */
const nearlyParallel = (digits: number): Plain => ({
  wp: [
    [1, 1],
    [1, `1${'0'.repeat(digits - 1)}1/1${'0'.repeat(digits)}`],
  ],
  wr: [
    [1, 0],
    [1, 1],
  ],
  weights: [1, 2],
  neurons: 1,
});

describe('each question is decided', () => {
  test.each([3, 10, 40])(
    'nearly singular B, 10^-%i: the interval of lambda is narrowed until it shows e^T B e > 0',
    (digits) => {
      expect(answers(nearlyParallel(digits), [[1, 2]]).verdicts).toEqual(['holds', 'holds', 'refuted']);
    },
  );

  test.each([
    // Along (1, t), t > 0, the loss falls at rate 3.
    [-1, 1, 'a saddle', ['holds', 'refuted', 'holds']],
    // It rises at rate 3/2 there, and at 3 on the other side.
    [-2, '1/2', 'a minimum', ['holds', 'holds', 'refuted']],
  ] as const)('two features at one kink with targets %s and %s: %s', (third, fourth, _, verdicts) => {
    expect(answers(twoKinks(third, fourth), [[1, 2]]).verdicts).toEqual(verdicts);
  });

  test('a saddle of lambda 0 beside a minimum on a face', () => {
    const plain = {
      wp: [
        [0, 2],
        [1, -3],
        [3, -2],
        [1, 3],
      ],
      wr: [[1], [-2], [1], [-2]],
      weights: [1, '1/2', 3, 3],
      neurons: 1,
    };
    expect(answers(plain as Plain, [[2, 3]]).verdicts).toEqual(['holds', 'holds', 'holds']);
  });

  test('the only critical point is a saddle on a face', () => {
    const plain = {
      wp: [
        [3, 1],
        [0, 1],
        [3, -3],
        [0, -2],
      ],
      weights: [2, 2, '1/2', 1],
      neurons: 1,
    };
    expect(answers(plain as Plain, [[1, 2]]).verdicts).toEqual(['holds', 'refuted', 'holds']);
  });

  test('kinks whose prices are 0, of which waking gains to second order: a bend', () => {
    // Targets of 0 on the set: u = 0 and every price is 0; waking feature 2 or 3 lowers the loss all the same.
    const plain = {
      wp: [
        [1, 0],
        [0, 1],
        [0, -1],
      ],
      wr: [[0], [1], [1]],
      neurons: 1,
    };
    const { verdicts, certificates } = answers(plain, [[1]]);
    expect(verdicts).toEqual(['holds', 'refuted', 'holds']);
    expect(certificates[2]).toContain('"way":"bend"');
  });

  test('a row of zeros as a dead one wakes: a saddle beside every minimum with a dead neuron and loss left', () => {
    const plain = {
      wp: [
        [1, 0],
        ['3/5', '4/5'],
      ],
      neurons: 2,
    };
    expect(answers(plain, [[1, 2], []]).verdicts).toEqual(['holds', 'holds', 'holds']);
  });

  test('the class of such points in a survey is no longer open', () => {
    const classes = [twoKinks(-1, 1), twoKinks(-2, '1/2')].map(
      (plain) => new Surveyor(instance(plain), { claims: CLAIMS, sha256 }).survey([[0, 1]]).entry.class,
    );
    expect(classes).toEqual(['saddle', 'face-minimum']);
  });

  test('a kink at a feature of another set, whose target is reached: a way down is found beside it', () => {
    // Feature 3 is in the set of neuron 2: waking neuron 1 there costs nothing to first order, and feature 4 gains.
    const plain = {
      wp: [
        [1, 1],
        [1, -1],
        [0, 1],
        [0, -1],
      ],
      wr: [[1], [1], [1], [1]],
      neurons: 2,
    };
    const m = { ...instance(plain), pattern: [[0, 1], [2]] };
    const { verdict, facts } = decided('T6-saddle', 'repaired', m);
    expect([verdict, facts]).toEqual([
      'holds',
      '({1,2},{3}) carries a critical point that is no local minimum of L~: L~ = 1, down by neuron 1',
    ]);
  });
});

/** The conclusion of a certificate. */
// biome-ignore lint/suspicious/noExplicitAny: JSON that tests change at will
const conclusion = (certificate: string): any => JSON.parse(certificate).witness.conclusion;

describe('refused', () => {
  const minimum = twoKinks(-2, '1/2');
  const [, held, refuted] = answers(minimum, [[1, 2]]).certificates as [string, string, string];
  const saddle = twoKinks(-1, 1);
  const [, none] = answers(saddle, [[1, 2]]).certificates as [string, string, string];
  const goals = {
    minimum: critical(true, [[1, 2]], 'minimum'),
    noMinimum: critical(false, [[1, 2]], 'minimum'),
    noSaddle: critical(false, [[1, 2]], 'saddle'),
    saddle: critical(true, [[1, 2]], 'saddle'),
  };
  const codeOf = (plain: Plain, goal: keyof typeof goals, proof: unknown): string =>
    rejection(() => accept(goals[goal], proof, instance(plain))).code;

  test('what is accepted to begin with', () => {
    for (const text of [held, refuted, none]) expect(check(text, CLAIMS, sha256)).toBeInstanceOf(Checked);
    expect(conclusion(held).live[0].joint).toEqual([3, 4]);
    expect(conclusion(refuted).rule).toBe('no-saddle');
    expect(conclusion(none).rule).toBe('no-minimum');
  });

  test('joint kinks that are together too cheap', () => {
    expect(codeOf(twoKinks(-1, 1), 'minimum', conclusion(held))).toBe('no-price');
    // At a target of 1 they cost just what features 1 and 2 gain, and the loss rises to second order: a minimum still.
    expect(accept(goals.minimum, conclusion(held), instance(twoKinks(-2, 1))).length).toBe(1);
    expect(codeOf(twoKinks(-2, '1000001/1000000'), 'minimum', conclusion(held))).toBe('no-price');
  });

  test('a joint kink left out, or none', () => {
    const proof = conclusion(held);
    proof.live[0].joint = [3];
    expect(codeOf(minimum, 'minimum', proof)).toBe('no-price');
    proof.live[0].joint = [2, 3, 4];
    expect(codeOf(minimum, 'minimum', proof)).toBe('wrong-side');
    proof.live[0].joint = [4, 3];
    expect(codeOf(minimum, 'minimum', proof)).toBe('not-increasing');
    proof.live[0].top = { basis: [], roots: [] };
    expect(codeOf(minimum, 'minimum', proof)).toBe('unknown-key');
  });

  test('joint kinks at a feature of another set, or where another neuron is at a kink', () => {
    const own = conclusion(held);
    // A dead row of zeros is at every kink.
    const dead = { ...own, dead: [{ e: ['0', '0'], u: ['0'] }] };
    const two = instance({ ...minimum, neurons: 2 });
    expect(rejection(() => accept(critical(true, [[1, 2], []], 'minimum'), dead, two)).code).toBe('wrong-side');
    // Feature 4 as the set of a second neuron: it is none of no set.
    const second = { lambda: '1/4', e: [['0', '1']], mu: [], top: { basis: [['0', '1']], roots: [] } };
    const owned = { ...own, live: [own.live[0], second] };
    expect(rejection(() => accept(critical(true, [[1, 2], [4]], 'minimum'), owned, two)).code).toBe('wrong-pattern');
  });

  test('a bend that wakes what costs, or gains nothing', () => {
    const live = conclusion(held).live.map(({ joint: _, ...row }: { joint: unknown }) => row);
    const down = (v: string[]): unknown => ({ rule: 'saddle', live, dead: [], down: { way: 'bend', neuron: 1, v } });
    for (const v of [
      ['0', '1'],
      ['0', '-1'],
      ['1', '0'],
      ['0', '0'],
    ]) {
      expect(codeOf(minimum, 'saddle', down(v))).toBe('no-descent');
    }
  });

  test('no-minimum where there is a minimum, and no-saddle where there is a saddle', () => {
    expect(codeOf(minimum, 'noMinimum', conclusion(none))).toBe('farkas-unequal');
    expect(codeOf(saddle, 'noSaddle', conclusion(refuted))).toBe('farkas-unequal');
    expect(codeOf(saddle, 'noSaddle', conclusion(none))).toBe('wrong-rule');
    expect(codeOf(minimum, 'noMinimum', conclusion(refuted))).toBe('wrong-rule');
  });

  test('a face, a root, a ray or a side that is missing', () => {
    const without = (text: string, change: (proof: ReturnType<typeof conclusion>) => void): unknown => {
      const proof = conclusion(text);
      change(proof);
      return proof;
    };
    const last = without(none, (proof) => proof.faces.pop());
    expect(codeOf(saddle, 'noMinimum', last)).toBe('missing-data');
    const root = without(none, (proof) => proof.faces.find((face: { roots?: unknown[] }) => face.roots)?.roots.pop());
    expect(codeOf(saddle, 'noMinimum', root)).toBe('missing-root');
    const leaves = (node: ReturnType<typeof conclusion>): ReturnType<typeof conclusion>[] =>
      node.split === undefined ? [node] : [...leaves(node.zero), ...leaves(node.below)];
    const rayless = without(refuted, (proof) => {
      const rows = proof.neurons[0].faces.flatMap((face: { roots?: { rows: unknown }[] }) => face.roots ?? []);
      const leaf = rows
        .flatMap(({ rows: tree }: { rows: unknown }) => leaves(tree))
        .find((at: { rays?: unknown[] }) => at.rays?.length);
      leaf.rays.pop();
    });
    expect(codeOf(minimum, 'noSaddle', rayless)).toBe('missing-data');
    // A leaf of settled rows in place of a tree: the sides are open.
    const sideless = without(refuted, (proof) => {
      for (const face of proof.neurons[0].faces)
        for (const item of face.roots ?? []) if (item.rows.split) item.rows = { rays: [] };
    });
    expect(codeOf(minimum, 'noSaddle', sideless)).toBe('missing-data');
  });

  test('no-saddle with a dead neuron, or a threshold', () => {
    const dead = { ...conclusion(refuted), neurons: [...conclusion(refuted).neurons, { faces: [] }] };
    const two = instance({ ...minimum, neurons: 2 });
    expect(rejection(() => accept(critical(false, [[1, 2], []], 'saddle'), dead, two)).code).toBe('missing-data');
    const threshold = instance({ ...minimum, activation: { kind: 'jumprelu', theta: '1/2' } } as Plain);
    expect(rejection(() => accept(goals.noSaddle, conclusion(refuted), threshold)).code).toBe('wrong-rule');
  });
});
