import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { node } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };

describe('a linear boundary in concept space', () => {
  it.each([
    ['ours', 'two-of-three', undefined, 'refuted', '3 w("1 and 2") + 3 w("1 and 3") + 2 w("2 and 3") = 8 w(none)'],
    ['ours', 'how-much', undefined, 'refuted', 'w("1 and 2") + w("1 and 3") = 2 w(nothing)'],
    ['ours', 'on-a-line', undefined, 'refuted', '2 w_2 = w_1 + w_3'],
    ['ours', 'one-of-three', undefined, 'holds', 'is realizable'],
    ['repaired', 'three-in-space', undefined, 'holds', 'is realizable'],
    ['repaired', 'two-of-three', undefined, 'not-applicable', 'rank of W_p = 3 < 4 = rank of W_r'],
    ['repaired', 'on-a-line', 'injective', 'refuted', '2 w_2 = w_1 + w_3'],
    [
      'repaired',
      'two-of-two',
      'linear-in-concepts',
      'refuted',
      'the boundary in concept space labels {none} otherwise',
    ],
    ['repaired', 'no-projection', 'projected', 'refuted', 'rank of W_r = 3 < 4 = rank of W_r and W_p'],
    ['repaired', 'always-on', 'activation', 'refuted', 'sigma is topk-pure, not relu'],
  ] as const)('%s on %s without %s: %s', (reading, name, dropped, verdict, fact) => {
    const outcome = decided('Probe', reading, name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });
});

const small = fc.integer({ min: -3, max: 3 });
const pair = fc.tuple(small, small);
/** Inputs z in the plane, their activations A z, and a boundary <u, z> + b > 0; none labelled yes where none is. */
function projection(zs: [number, number][], a: [number, number][], u: [number, number], b: number) {
  const value = ([x, y]: [number, number], [p, q]: [number, number]): number => x * p + y * q;
  const features = zs.map((z, d) => ({
    label: `${d}`,
    wp: [...a.map((row) => `${value(row, z)}`), '1'],
    wr: [`${z[0]}`, `${z[1]}`, '1'],
  }));
  const yes = zs.flatMap((z, d) => (value(u, z) + b > 0 ? [d + 1] : []));
  const parts = {
    format: 'dictum/instance@1',
    name: 'test',
    neurons: 1,
    activation: { kind: 'relu' },
    features,
    pattern: [yes],
  };
  return readInstance(node({ ...parts, we: [[...a.map(() => '0'), '0']], wd: [[`${u[0]}`], [`${u[1]}`], [`${b}`]] }));
}

test('stays linear under an injective projection; under one to a line just where no label lies between two others', () => {
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 3, maxLength: 6 }),
      fc.array(pair, { minLength: 1, maxLength: 3 }),
      pair,
      small,
      (zs, a, u, b) => {
        const { verdict } = decided('Probe', 'ours', projection(zs, a, u, b));
        if (a.length > 1 && a.some((v) => a.some((w) => v[0] * w[1] !== v[1] * w[0]))) expect(verdict).toBe('holds');
        else {
          // On a line, by the positions: a half-line with all that is labelled yes, and nothing else.
          const row = a.find(([x, y]) => x !== 0 || y !== 0) ?? [0, 0];
          const at = zs.map((z) => row[0] * z[0] + row[1] * z[1]);
          const [yes, no] = [true, false].map((label) =>
            at.filter((_, d) => u[0] * zs[d]![0] + u[1] * zs[d]![1] + b > 0 === label),
          ) as [number[], number[]];
          const apart = yes.length === 0 || Math.min(...yes) > Math.max(...no) || Math.max(...yes) < Math.min(...no);
          expect(verdict).toBe(apart ? 'holds' : 'refuted');
        }
      },
    ),
    { numRuns: amount(80, 800) },
  );
});

describe.skipIf(noSecond)('both checkers', () => {
  const change = (name: string, reading: 'ours' | 'repaired', with_: (proof: Json, m: Json) => void): Json => {
    const whole = JSON.parse(decided('Probe', reading, name).certificate) as Json;
    with_((whole.witness as Json).conclusion as Json, whole.instance as Json);
    return whole;
  };
  const cases: Case[] = [
    ['as written', change('two-of-three', 'ours', () => {})],
    [
      'another weight',
      change('two-of-three', 'ours', (proof) => Object.assign((proof.on as Json[])[0]!, { weight: '4' })),
      'farkas-unequal',
    ],
    [
      'another boundary',
      change('two-of-three', 'ours', (_, m) => Object.assign(m, { wd: [['1'], ['0'], ['0'], ['-1/2']] })),
      'does-not-hold',
    ],
    [
      'an activation moved',
      change('two-of-three', 'ours', (_, m) => Object.assign((m.features as Json[])[1]!, { wp: ['2', '0', '1'] })),
      'does-not-hold',
    ],
    [
      'no configuration',
      change('two-of-three', 'ours', (_, m) => {
        delete m.we;
        delete m.wd;
      }),
      'missing-data',
    ],
    [
      'no pattern',
      change('two-of-three', 'ours', (_, m) => {
        delete m.pattern;
      }),
      'missing-data',
    ],
    [
      'another row',
      change('three-in-space', 'repaired', (proof) => Object.assign(proof, { we: [['1', '1', '1', '0']] })),
      'wrong-pattern',
    ],
    [
      'a dimension less',
      change('three-in-space', 'repaired', (_, m) =>
        (m.features as Json[]).map((f) =>
          Object.assign(f, { wp: [(f.wp as Value[])[0]!, (f.wp as Value[])[1]!, '0', '1'] }),
        ),
      ),
      'does-not-hold',
    ],
  ];
  test('say the same', () => sayTheSame(cases));
});
