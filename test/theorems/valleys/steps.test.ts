/** T6-path, and rule `steps`: paths that are walked by the losses of configurations on them alone. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Configuration,
  configurationOf,
  type Instance,
  readInstance,
} from '../../../src/kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../src/kernel/model/model.ts';
import { ONE, type Rational } from '../../../src/kernel/numbers/rational.ts';
import { type Matrix, transpose } from '../../../src/kernel/numbers/vector.ts';
import { judge } from '../../../src/kernel/proof/goal.ts';
import { stepsDown } from '../../../src/solve/decide/steps.ts';
import { established } from '../../../src/solve/proofs/replay.ts';
import { smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, node, q, vector } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { both, type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };
type Step = { readonly we?: string[][]; readonly wd?: string[][] };

const conclusion = (certificate: string): { rule: string; steps: Step[] } =>
  (JSON.parse(certificate) as { witness: { conclusion: { rule: string; steps: Step[] } } }).witness.conclusion;

/** The losses at ten points of each step, in order. */
function losses(m: Instance, steps: readonly Step[]): Rational[] {
  const mixed = (a: Matrix, b: Matrix, t: Rational): Matrix =>
    a.map((row, i) => row.times(ONE.minus(t)).plus(b[i]!.times(t)));
  let from: Configuration = configurationOf(m);
  return steps.flatMap(({ we, wd }) => {
    const rows = we?.map((row) => vector(...row)) ?? from.we;
    const columns = wd
      ? transpose(
          wd.map((row) => vector(...row)),
          m.neurons,
        )
      : from.wd; // prettier-ignore
    const found = Array.from({ length: 10 }, (_, k) => {
      const t = q(`${k}/9`);
      return approximateLoss(m, { we: mixed(from.we, rows, t), wd: mixed(from.wd, columns, t) });
    });
    from = { we: rows, wd: columns };
    return found;
  });
}

const neverRises = (m: Instance, steps: readonly Step[]): Rational => {
  const along = losses(m, steps);
  for (const [k, loss] of along.slice(1).entries()) expect(loss.compare(along[k]!)).toBeLessThanOrEqual(0);
  return along.at(-1)!;
};

describe('T6-path', () => {
  it('leaves a point at a kink where both gradients are 0', () => {
    const m = canonical('T6-path', 'kink');
    const { we, wd } = gradients(m, configurationOf(m));
    expect([...we, ...wd].every((row) => row.isZero())).toBe(true);
    const { verdict, facts, certificate } = decided('T6-path', 'repaired', 'kink');
    expect([verdict, facts]).toEqual([
      'holds',
      'from the configuration, L~ = 1, a path along which L~ never rises leads to L~ ≈ 0.438614, in 5 steps',
    ]);
    const end = neverRises(m, conclusion(certificate).steps);
    expect([end.compare(q('2/5')), end.compare(q('11/25'))]).toEqual([1, -1]);
  });

  it('by hand: e = (4/5, 0) gives 16/25', () => {
    const m = canonical('T6-path', 'kink');
    expect(`${neverRises(m, [{ we: [['4/5', '0']] }])}`).toBe('16/25');
  });

  it('takes the paths of T6-exit, and says nothing where it finds none', () => {
    expect(decided('T6-path', 'repaired', 'overlap').facts).toContain('neuron 4 gives its column up');
    expect(decided('T6-path', 'repaired', 'one-neuron')).toMatchObject({ verdict: 'undecided' });
    expect(decided('T6-path', 'repaired', 'top-1')).toMatchObject({ verdict: 'not-applicable' });
  });
});

function handmade(): Case[] {
  const { certificate } = decided('T6-path', 'repaired', 'kink');
  const alive = decided('T6-path', 'repaired', 'alive').certificate;
  const steps = (...of: Value[]): Json => {
    const whole = JSON.parse(certificate) as Json;
    (whole.witness as Json).conclusion = { rule: 'steps', steps: of };
    return whole;
  };
  const under = (activation: Value, ...of: Value[]): Json => {
    const whole = steps(...of);
    (whole.instance as Json).activation = activation;
    return whole;
  };
  const woken = { we: [['4/5', '0']] };
  return [
    ['as it is', JSON.parse(certificate) as Value],
    ['to zero, in one step of columns', JSON.parse(alive) as Value],
    ['one step by hand', steps(woken)],
    ['and a step that goes nowhere', steps(woken, woken)],
    ['past the least point of the step, where L~ rises again', steps({ we: [['4/5', '3/5']] }), 'does-not-hold'],
    ['as far, in two steps, of which the second rises', steps(woken, { we: [['4/5', '3/5']] }), 'does-not-hold'],
    ['no step', steps(), 'no-descent'],
    ['a step that costs nothing and gains nothing', steps({ we: [['4/5', '-8/5']] }), 'no-descent'],
    [
      'a step across the hyperplane of feature 2',
      steps({ we: [['4/5', '-8/5']] }, { we: [['4/5', '0']] }),
      'wrong-side',
    ],
    ['with a rest on it', steps({ we: [['4/5', '-8/5']] }, { we: [['4/5', '-3/5']] }, woken)],
    ['a step of both', steps({ we: [['4/5', '0']], wd: [['5/4'], ['0']] }), 'unknown-key', 'malformed'],
    ['a step of neither', steps({}), 'missing-key', 'malformed'],
    [
      'a row too many',
      steps({
        we: [
          ['4/5', '0'],
          ['0', '0'],
        ],
      }),
      'wrong-size',
      'malformed',
    ],
    ['columns that are worse', steps({ wd: [['1'], ['0']] }), 'does-not-hold'],
    ['under JumpReLU with threshold 0', under({ kind: 'jumprelu', theta: '0' }, woken)],
    ['over a threshold', under({ kind: 'jumprelu', theta: '1/4' }, woken), 'wrong-side'],
    ['up to a threshold', under({ kind: 'jumprelu', theta: '1/2' }, { we: [['4/5', '0']] }), 'no-descent'],
    ['Top-1', under({ kind: 'topk', k: 1 }, woken), 'does-not-hold'],
  ]; // prettier-ignore
}

test.skipIf(noSecond)('both checkers on proofs by hand', () => sayTheSame(handmade()));

test('the rule refuses neurons that compete', () => {
  const m = { ...canonical('T6-path', 'kink'), activation: { kind: 'topk', k: 1 } as const };
  const goal = judge({ predicate: 'valley-exit', at: configurationOf(m), to: 'lower' });
  const found = established(goal, { rule: 'steps', steps: [{ we: [['4/5', '0']] }] }, m);
  expect('refused' in found && found.refused.code).toBe('wrong-rule');
});

test('on every path that the solver proposes and the kernel accepts L~ rises nowhere; both checkers say so', () => {
  const certificates: string[] = [];
  let walked = 0;
  fc.assert(
    fc.property(smallCase(fc.constant({ kind: 'relu' })), ({ plain, at }) => {
      const m = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
      const { verdict, certificate } = decided('T6-path', 'repaired', m);
      if (verdict === 'undecided') return;
      certificates.push(certificate.replaceAll('\n', ' '));
      const proof = stepsDown(m, configurationOf(m)) as { steps: Step[] } | undefined;
      const goal = judge({ predicate: 'valley-exit', at: configurationOf(m), to: 'lower' });
      if (!proof || 'refused' in established(goal, proof as never, m)) return;
      walked++;
      expect(neverRises(m, proof.steps).compare(approximateLoss(m, configurationOf(m)))).toBe(-1);
    }),
    { numRuns: amount(100, 1000), seed: 12 },
  );
  expect(walked).toBeGreaterThan(amount(40, 400));
  if (noSecond) return;
  for (const answers of both(certificates)) expect(answers).toEqual(['accepted', 'accepted']);
});
