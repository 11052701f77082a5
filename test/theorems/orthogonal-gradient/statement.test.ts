import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { gradients } from '../../../src/kernel/model/model.ts';
import { integer } from '../../kernel/arbitraries.ts';
import { configuration, instance } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };
const repaired = (name: string, dropped?: string) => decided('T6-orthogonal', 'repaired', name, dropped);

describe('T6-orthogonal', () => {
  // The counterexample to T6: the gradient in e_1 is (4/9, -4/9), not 0, and orthogonal to (1, 1).
  it('on unequal weights, where the gradient itself is not 0', () => {
    expect(repaired('unequal-weights')).toMatchObject({
      verdict: 'holds',
      facts: '<grad_1, e_1> = 0 (|grad_1|^2 = 32/81); <grad_2, e_2> = 0 (|grad_2|^2 = 0)',
    });
  });

  it('under Top-k, with sets that meet', () => {
    expect(repaired('overlap')).toMatchObject({ verdict: 'holds' });
  });

  it('needs a stationary decoder', () => {
    expect(repaired('other-decoder').verdict).toBe('not-applicable');
    expect(repaired('other-decoder', 'stationary-decoder')).toMatchObject({
      verdict: 'refuted',
      facts: '<grad_1, e_1> = 6 > 0 (|grad_1|^2 = 20) (stationary-decoder fails: |grad_W_D L~|^2 = 20 > 0)',
    });
  });
});

/** What it rests on, for any configuration, stationary or not: both gradients have the same product with their own weights. */
test('<grad_e, e> = <grad_u, u>, for each activation that passes values unchanged', () => {
  const kinds = [
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'jumprelu', theta: '1/2' },
    { kind: 'topk', k: 1 },
  ] as const;
  const pair = fc.tuple(integer(5), integer(5));
  const some = fc.array(pair, { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(some, some, fc.constantFrom(...kinds), (e, u, activation) => {
      const wp = [
        [1, 0],
        ['3/5', '4/5'],
        ['-5/13', '12/13'],
      ];
      const m = instance({ wp, weights: [1, 2, 3], activation: { ...activation }, neurons: 2 });
      // Equal rows would tie under Top-k.
      const at = configuration(m, { e: [e[0]!, [100 + Number(e[1]![0]), e[1]![1]]], u });
      const { we, wd } = gradients(m, at);
      at.we.forEach((row, i) => {
        expect(`${we[i]!.dot(row)}`).toBe(`${wd[i]!.dot(at.wd[i]!)}`);
      });
    }),
    { numRuns: amount(50, 500) },
  );
});

describe.skipIf(noSecond)('both checkers', () => {
  const change = (with_: (document: Json, instance: Json) => void): Json => {
    const whole = JSON.parse(repaired('unequal-weights').certificate) as Json;
    with_(whole, whole.instance as Json);
    return whole;
  };
  const stationary = (whole: Json): Json => (whole.witness as Json).hypotheses as Json;

  test('say the same', () => {
    const cases: Case[] = [
      ['as written', change(() => {})],
      [
        'another decoder',
        change((_, m) =>
          Object.assign(m, {
            wd: [
              ['1/3', '0'],
              ['1', '0'],
            ],
          }),
        ),
        'does-not-hold',
      ],
      ['another weight', change((_, m) => Object.assign((m.features as Json[])[0]!, { weight: '3' })), 'does-not-hold'],
      [
        'no configuration',
        change((_, m) => {
          delete m.we;
          delete m.wd;
        }),
        'missing-data',
      ],
      [
        'the hypothesis left out',
        change((whole) => {
          delete stationary(whole)['stationary-decoder'];
        }),
        'missing-key',
      ],
      [
        'another word',
        change((whole) => {
          (whole.witness as Json).conclusion = ['compute', 'true'];
        }),
        'unknown-word',
      ],
      [
        'one neuron less',
        change((whole) => {
          (whole.witness as Json).conclusion = ['compute'];
        }),
        'wrong-size',
      ],
      [
        'refuted',
        change((whole) => {
          whole.verdict = 'refuted';
          (whole.witness as Json).conclusion = { choose: 1, proof: 'compute' };
        }),
        'does-not-hold',
      ],
    ].map(([what, document, code]) => [what, document, ...(code ? [`(?:${code})`] : [])] as unknown as Case);
    sayTheSame(cases);
  });
});
