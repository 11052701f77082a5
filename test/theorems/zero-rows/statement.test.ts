/** T6-null, T6-row: whatever the other neurons do, a neuron at 0 gives a way down. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { grid, integer } from '../../kernel/arbitraries.ts';
import { document, node } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { codeOf, decided } from '../decided.ts';

type Document = Parameters<Parameters<typeof codeOf>[1]>[0];
interface Curve {
  readonly we: string[][][];
  readonly wd: string[][][];
}
const conclusion = (certificate: string): Curve =>
  (JSON.parse(certificate) as { witness: { conclusion: Curve } }).witness.conclusion;

const at = (wp: number[][], wr: number[][], we: number[][], wd: number[][]): Instance =>
  readInstance(
    node({
      ...document({ wp, wr, neurons: we.length }),
      we: we.map((row) => row.map(String)),
      wd: wd.map((row) => row.map(String)),
    }),
  );

describe('canonical instances', () => {
  it.each([
    ['T6-null', 'example-3-5', 'holds', 'L~ = 1 - 2 t^2 + 2 t^4 for small t > 0'],
    ['T6-null', 'overlap', 'holds', 'L~ = 1 - 4 t^2 + 9 t^4 for small t > 0'],
    ['T6-null', 'one-feature', 'not-applicable', 'no neuron has row and column 0'],
    ['T6-null', 'one-ray', 'not-applicable', '{2} is on the ray of another feature'],
    ['T6-row', 'example-3-5', 'holds', 'L~ = 1 - 2 t^2 + 2 t^4'],
    ['T6-row', 'overlap', 'holds', 'the configuration is no local minimum of L~'],
    ['T6-row', 'column-against', 'holds', 'the configuration is no local minimum of L~'],
    ['T6-row', 'moving-column', 'holds', 'the configuration is no local minimum of L~'],
    ['T6-row', 'one-feature', 'not-applicable', 'each neuron is at a kink, or its H_i is 0'],
  ])('%s, %s: %s', (id, name, verdict, facts) => {
    expect(decided(id, 'repaired', name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
  });

  it('what is supposed is needed: a zero row whose column points away is at a minimum, of which no curve leads down', () => {
    expect(decided('T6-null', 'repaired', 'one-feature', 'null-neuron').verdict).toBe('undecided');
  });
});

test('a curve that does not fall proves nothing', () => {
  const { certificate } = decided('T6-null', 'repaired', 'example-3-5');
  const still = (document: Document): void => {
    const { wd } = (document.witness as unknown as { conclusion: Curve }).conclusion;
    wd[0] = wd[0]!.map((row) => row.map(() => '0'));
  };
  expect(codeOf(certificate, still)).toBe('no-descent');
  const columnsOfOne = (document: Document): void => {
    Object.assign(document.instance as object, {
      wd: [
        ['1/2', '1'],
        ['1/2', '1'],
      ],
    });
  };
  expect(codeOf(certificate, columnsOfOne)).toBe('does-not-hold');
});

test('a null neuron at positive loss, any others beside it, kinks or not: always a curve', () => {
  const verdicts = { holds: 0, 'not-applicable': 0 };
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((n) =>
          fc.tuple(grid(integer(3), n, 2), grid(integer(2), n, 2), grid(integer(2), 2, 2), grid(integer(2), 2, 2)),
        ),
      ([wp, wr, rows, columns]) => {
        fc.pre(wp.every((w) => w.some((x) => x !== 0)));
        const m = at(
          wp,
          wr,
          [...rows, [0, 0]],
          columns.map((row) => [...row, 0]),
        );
        const { verdict } = decided('T6-null', 'repaired', m);
        verdicts[verdict as 'holds']++;
        return verdict !== 'undecided';
      },
    ),
    { seed: 14, numRuns: amount(60, 1000) },
  );
  expect(verdicts.holds).toBeGreaterThan(20);
});

test('a zero row with any column beside a neuron off its kinks, H_i not 0: always a curve', () => {
  let holds = 0;
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 3 })
        .chain((n) =>
          fc.tuple(grid(integer(3), n, 2), grid(integer(2), n, 2), grid(integer(2), 1, 2), grid(integer(2), 2, 2)),
        ),
      ([wp, wr, rows, columns]) => {
        fc.pre(wp.every((w) => w.some((x) => x !== 0)));
        const { verdict } = decided('T6-row', 'repaired', at(wp, wr, [...rows, [0, 0]], columns));
        if (verdict === 'holds') holds++;
        return verdict !== 'undecided';
      },
    ),
    { seed: 14, numRuns: amount(60, 1000) },
  );
  expect(holds).toBeGreaterThan(10);
});

test('where each direction, and each difference of two, leads up: powers 3 and 4 of t', () => {
  const { certificate, facts } = decided('T6-row', 'repaired', 'held-back');
  expect(conclusion(certificate).we).toHaveLength(4);
  expect(facts).toMatch(/L~ = 201 - 2 t\^4 - t\^5/);
  // Turned round it leads up.
  const turned = (document: Document): void => {
    const { we, wd } = (document.witness as unknown as { conclusion: Curve }).conclusion;
    const minus = (x: string): string => (x === '0' ? x : x.startsWith('-') ? x.slice(1) : `-${x}`);
    we[3] = we[3]!.map((row) => row.map(minus));
    wd[0] = wd[0]!.map((row) => row.map(minus));
  };
  expect(codeOf(certificate, turned)).toBe('no-descent');
});
