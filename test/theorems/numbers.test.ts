/** The numbers that the literature of these claims and our own notes on them state: all computed afresh here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import { gradients, pencil } from '../../src/kernel/model/model.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { combine, multiply, transpose, Vector } from '../../src/kernel/numbers/vector.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { realize } from '../../src/solve/realize/realize.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { reasonText } from '../../src/words/sentence.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor, WITNESSES } from '../../theorems/witnesses.ts';

function instance(claim: string, name: string): Instance {
  const folder = WITNESSES.get(claim)?.folder ?? '';
  const file = join(import.meta.dirname, '../../theorems', folder, 'instances', `${name}.json`);
  return readInstance(new Node(parseJson(readFileSync(file, 'utf8'))));
}

/** The verdict, and what was computed on the way. */
function decided(id: string, reading: ReadingName, name: string, dropped?: string): [string, string] {
  const claim = CLAIMS.get(id)!;
  const drop = dropped === undefined ? {} : { dropped };
  const proposals = proposalsFor(id);
  const m = instance(id, name);
  const outcome = certify({ claim, reading, instance: m, proposals, ...drop }, sha256);
  return [outcome.verdict, outcome.verdict === 'undecided' ? outcome.why : reasonText(outcome.checked.accepted, m)];
}

describe('T3', () => {
  it.each([
    ['large-targets', 'L~ = 162/25 > 72/25'],
    ['high-threshold', 'L~ = 2 > 0'],
    ['negatives-pass', 'L~ = 18/25 > 0'],
  ])('is refuted as the paper states it on %s', (name, fact) => {
    const [verdict, facts] = decided('T3', 'paper', name);
    expect(verdict).toBe('refuted');
    expect(facts).toContain(fact);
  });

  it.each([
    ['large-targets', 'targets-within-unit', 'L~ = 162/25 > 18/25'],
    ['high-threshold', 'own-neuron-active', 'L~ = 2 > 0'],
    ['negatives-pass', 'negatives-cut', 'L~ = 18/25 > 0'],
  ])('needs, on %s, the hypothesis %s', (name, dropped, fact) => {
    const [verdict, facts] = decided('T3', 'repaired', name, dropped);
    expect(verdict).toBe('refuted');
    expect(facts).toContain(fact);
  });

  it('is no global minimum where another configuration has zero loss', () => {
    expect(decided('T3-global', 'paper', 'two-directions')).toEqual([
      'refuted',
      'the ground-truth configuration is no global minimum of L~: L~ = 18/25, and another has L~ = 0',
    ]);
  });
});

describe('T4', () => {
  it('needs positive weights', () => {
    const [verdict, facts] = decided('T4', 'paper', 'weightless-feature');
    expect([verdict, facts]).toEqual([
      'refuted',
      'L~ = 0, and r_2 is not W_D sigma(W_E w_2); L~ does not contain {2}, of weight 0',
    ]);
  });

  it('has encoder cosine 1/sqrt 2 and decoder cosine 1/sqrt n for the identity plus a cyclic shift', () => {
    const [verdict, facts] = decided('T4-nonidentifiable', 'paper', 'orthonormal-3-at-the-kink');
    expect(verdict).toBe('holds');
    expect(facts).toContain('max cos(e_i, w_d)^2 = 1/2 <');
    expect(facts).toContain('max cos(u_i, r_d)^2 = 1/3 <');
  });

  it.each(['five-lines-6', 'orthonormal-3-8'])('has true loss 0 beside rows and columns with room, %s', (name) => {
    const [verdict, facts] = decided('T4-nonidentifiable', 'repaired', name);
    expect(verdict).toBe('holds');
    expect(facts).toContain('the true loss is 0 for every distribution');
  });

  it.each([
    ['one-dimension', 'room-for-rows fails: every encoder row but 0 recovers a feature'],
    ['dense-plane', 'room-for-rows fails: least cos |cos| of neighbouring lines = 16/25 > 961/2500'],
    ['six-lines', 'room-for-rows fails'],
    ['transcoder-kernel', 'factors fails: rank of W_p and W_r = 3 > 2 = rank of W_p'],
    ['transcoder-same-direction', 'factors fails'],
    ['five-lines-4', 'enough-pairs fails'],
  ])('says nothing of %s: %s', (name, says) => {
    const [verdict, facts] = decided('T4-nonidentifiable', 'repaired', name);
    expect([verdict, facts]).toEqual(['not-applicable', expect.stringContaining(says)]);
  });
});

describe('E5', () => {
  it('has loss 1 and both gradients 0', () => {
    for (const name of ['top-1', 'top-2', 'relu']) {
      expect(decided('E5', 'paper', name)).toEqual([
        'holds',
        'it shows ({1,2},{}), a set of which has two features or more; both gradients are 0; L~ = 1 > 0',
      ]);
    }
  });

  it.each([
    ['top-1', 'a local minimum of L~: L~ = 1'],
    ['top-2', '1 - 2 t^2 + 2 t^4'],
    ['relu', '1 - 2 t^2 + 2 t^4'],
  ])('under %s: %s', (name, fact) => {
    const [verdict, facts] = decided('E5', 'repaired', name);
    expect(verdict).toBe('holds');
    expect(facts).toContain(fact);
  });
});

describe('E5, of other pairs', () => {
  it.each([
    ['merged-transcoder', '3/25 - 6 t^2 + 150 t^4'],
    ['merged-transcoder-top-1', 'a local minimum of L~: L~ = 3/25'],
  ])('%s: %s', (name, fact) => {
    const [verdict, facts] = decided('E5', 'repaired', name);
    expect([verdict, facts]).toEqual(['holds', expect.stringContaining(fact)]);
  });

  it('says nothing where the dead neuron cannot wake', () => {
    const [verdict, facts] = decided('E5', 'repaired', 'asleep');
    expect([verdict, facts]).toEqual(['not-applicable', expect.stringContaining('merged-pair fails')]);
  });
});

describe('T6', () => {
  it('is refuted with weights 1 and 2', () => {
    for (const reading of ['walkthrough', 'paper'] as const)
      expect(decided('T6', reading, 'unequal-weights')[0]).toBe('refuted');
  });

  it('has the encoder gradient (4/9, -4/9) there at e = (1, 1) with the best decoder', () => {
    const m = instance('T6', 'unequal-weights');
    const e = Vector.ints([1n, 1n]);
    const { b, c } = pencil(m, [0, 1]);
    const s = e.dot(combine(e.entries(), b, 2));
    const u = (multiply([e], transpose(c, 2), 2)[0] as Vector).times(Rational.of(1n).over(s));
    const zero = Vector.zero(2);
    expect(`${gradients(m, { we: [e, zero], wd: [u, zero] }).we[0]}`).toBe('(4/9, -4/9)');
  });

  it('has a local minimum of loss 2/5 on the acute pair', () => {
    const [verdict, facts] = decided('T6-strict', 'repaired', 'acute-pair');
    expect(verdict).toBe('holds');
    expect(facts).toContain('a local minimum of L~: L~ = 2/5');
  });
});

describe('T8', () => {
  it('is refuted in both readings on the six directions', () => {
    for (const reading of ['walkthrough', 'paper'] as const)
      expect(decided('T8', reading, 'six-directions')[0]).toBe('refuted');
    expect(decided('T8', 'paper', 'four-directions')[0]).toBe('refuted');
  });

  it('w_1 = 169/119 w_2 + 120/119 w_3', () => {
    const answer = realize({ ...instance('T8', 'four-directions'), neurons: 1 }, [[0]]);
    expect(answer.realizable).toBe(false);
    if (answer.realizable || answer.refutation.rule !== 'farkas') throw new Error('a Farkas vector was expected');
    const { on, off } = answer.refutation;
    const ratio = (k: number): string => `${Rational.parse(off[k]!.weight)!.over(Rational.parse(on[0]!.weight)!)}`;
    expect([off[0]?.feature, ratio(0), off[1]?.feature, ratio(1)]).toEqual([2, '169/119', 3, '120/119']);
  });

  it('b = 5/6 (a + c), which refutes the walkthrough with and without a threshold', () => {
    for (const name of ['middle-feature', 'middle-feature-threshold']) {
      const [verdict, facts] = decided('T8', 'walkthrough', name);
      expect(verdict).toBe('refuted');
      expect(facts).toMatch(/5 w\(a\) \+ 5 w\(c\) = 6 w\(b\)/);
    }
  });

  it('holds under JumpReLU by the construction of the repair', () => {
    for (const name of ['six-directions-threshold', 'middle-feature-threshold', 'tied']) {
      expect(decided('T8', 'repaired', name)[0]).toBe('holds');
    }
  });
});
