/**
 * Rules that exclude something, against a search for it: what a Farkas vector rules out must not turn
 * up on a grid of encoders, by the naive model. Each property counts its acceptances.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount } from '../../thorough.ts';
import { array, integer } from '../arbitraries.ts';
import { activeAt, activeBy, exact, inner } from '../naive.ts';
import { instance, type Plain, q, refused } from '../read.ts';
import { accept, realizable } from './proofs.ts';

const range = (most: number): number[] => Array.from({ length: 2 * most + 1 }, (_, k) => k - most);
const plane = (most: number): number[][] => range(most).flatMap((x) => range(most).map((y) => [x, y]));
const nonZero = (length: number, most: number): fc.Arbitrary<number[]> =>
  array(integer(most), length).filter((w) => w.some((x) => x !== 0));

test('farkas: no encoder on a grid shows the set', () => {
  let accepted = 0;
  const kinds = fc.constantFrom<Record<string, unknown>>(
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'jumprelu', theta: '0' },
    { kind: 'jumprelu', theta: '1' },
    { kind: 'gated' },
  );
  const cases = fc.record({
    wp: array(nonZero(2, 2), 3),
    activation: kinds,
    on: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
    off: array(fc.integer({ min: 0, max: 2 }), 4),
    own: fc.subarray([1, 2, 3, 4], { minLength: 1 }),
  });
  fc.assert(
    fc.property(cases, ({ wp, activation, on, off, own }) => {
      // The fourth direction is a combination of the others, so that sums can agree; the proof is what it was made from.
      const last = [0, 1].map((k) =>
        wp.reduce((total, w, d) => total + w[k]! * (off[d]! - (own.includes(d + 1) ? 1 : 0)), 0),
      );
      if (last.every((x) => x === 0)) return;
      const plain: Plain = { wp: [...wp, last], activation };
      const weighted = (inside: boolean, weight: (d: number) => number): object[] =>
        [1, 2, 3, 4]
          .filter((d) => own.includes(d) === inside && weight(d) > 0)
          .map((feature) => ({ feature, weight: `${weight(feature)}` }));
      const proof = {
        rule: 'farkas',
        neuron: 1,
        on: weighted(true, (d) => (d === 4 ? 1 : on.includes(d) ? 1 : off[d - 1] === 0 ? 1 : 0)),
        off: weighted(false, (d) => (d === 4 ? 1 : off[d - 1]!)),
      };
      if (refused(() => accept(realizable(false, own), proof, instance(plain)))) return;
      accepted++;
      const m = exact(plain);
      for (const e of plane(5)) {
        for (const b of activation.kind === 'gated' ? range(4) : [0]) {
          const z = [m.wp.map((w) => inner(e.map(q), w))];
          const shown =
            activation.kind === 'gated'
              ? [z[0]!.map((x) => x.plus(q(b)).sign() > 0)]
              : activation.kind === 'identity'
                ? [z[0]!.map((x) => x.sign() > 0)]
                : (activeBy(m, z) as boolean[][]);
          expect(shown[0]!.flatMap((there, d) => (there ? [d + 1] : []))).not.toEqual(own);
        }
      }
    }),
    { numRuns: amount(500, 1500), seed: 7 },
  );
  expect(accepted).toBeGreaterThan(amount(8, 30));
});

const topks = fc.record({
  kind: fc.constantFrom('topk', 'topk-pure', 'topk-pure', 'batchtopk'),
  k: fc.integer({ min: 1, max: 2 }),
});
const patterns = array(fc.subarray([1, 2, 3]), 2);
const lines = array(fc.constantFrom(-2, -1, 1, 2), 3).map((wp) => wp.map((w) => [w]));

/** Is the pattern shown by two rows among the multiples of 1/2 up to 3. On a line these meet every order of six values that matters here. */
function turnsUp(plain: Plain, pattern: number[][]): boolean {
  const m = exact(plain);
  const values = range(6).map((x) => [q(x).times(q('1/2'))]);
  return values.some((first) =>
    values.some((second) => {
      const active = activeAt(m, { e: [first, second], u: [] });
      return active !== 'tie' && active.every((row, i) => row.every((on, d) => on === pattern[i]!.includes(d + 1)));
    }),
  );
}

test('farkas-joint: no two rows on a grid show the pattern', () => {
  const accepted = new Map<string, number>();
  const feature = fc.integer({ min: 1, max: 3 });
  const kind = fc.constantFrom('on', 'off', 'compare');
  const first = fc.record({ kind, neuron: fc.integer({ min: 1, max: 2 }), feature, weight: fc.constantFrom(1, 2) });
  fc.assert(
    fc.property(
      lines,
      topks,
      patterns,
      first,
      feature,
      fc.constantFrom('1', '1', '2'),
      (wp, activation, pattern, row, other, spoiled) => {
        const plain: Plain = { wp, activation, neurons: 2 };
        const [w, v] = [wp[row.feature - 1]![0]!, wp[other - 1]![0]!];
        // A second row that cancels the first one: its kind follows from the signs, its weight from the lengths.
        const against = w * v > 0;
        const weight = q(row.weight)
          .times(q(`${Math.abs(w)}/${Math.abs(v)}`))
          .times(q(spoiled));
        const second =
          row.kind === 'compare'
            ? {
                kind: 'compare',
                neuron: against ? 3 - row.neuron : row.neuron,
                over: against ? row.neuron : 3 - row.neuron,
              }
            : { kind: against === (row.kind === 'on') ? 'off' : 'on', neuron: row.neuron };
        const rows = [
          { ...row, weight: `${row.weight}`, ...(row.kind === 'compare' && { over: 3 - row.neuron }) },
          { ...second, feature: other, weight: `${weight}` },
        ];
        if (refused(() => accept(realizable(false, ...pattern), { rule: 'farkas-joint', rows }, instance(plain))))
          return;
        accepted.set(activation.kind, (accepted.get(activation.kind) ?? 0) + 1);
        expect(turnsUp(plain, pattern)).toBe(false);
      },
    ),
    { numRuns: amount(2500, 5000), seed: 7 },
  );
  for (const kind of ['topk', 'topk-pure', 'batchtopk']) expect(accepted.get(kind), kind).toBeGreaterThan(amount(0, 2));
});

test('capacity: no two rows on a grid show the pattern', () => {
  let accepted = 0;
  fc.assert(
    // One neuron fewer in the instance than in the pattern, sometimes: a pattern with a neuron split off.
    fc.property(lines, topks, patterns, fc.integer({ min: 1, max: 3 }), (wp, activation, pattern, neurons) => {
      const plain: Plain = { wp, activation, neurons };
      if (refused(() => accept(realizable(false, ...pattern), { rule: 'capacity' }, instance(plain)))) return;
      accepted++;
      expect(turnsUp(plain, pattern)).toBe(false);
    }),
    { numRuns: amount(150, 400), seed: 7 },
  );
  expect(accepted).toBeGreaterThan(amount(15, 60));
});

test('realizes and the exclusions never both accept', () => {
  let shown = 0;
  fc.assert(
    fc.property(lines, topks, array(integer(3), 2), (wp, activation, e) => {
      const plain: Plain = { wp, activation, neurons: 2 };
      const active = activeAt(exact(plain), { e: e.map((x) => [q(x)]), u: [] });
      if (active === 'tie') return;
      const pattern = active.map((row) => row.flatMap((on, d) => (on ? [d + 1] : [])));
      shown++;
      accept(realizable(true, ...pattern), { rule: 'realizes', we: e.map((x) => [`${x}`]) }, instance(plain));
      expect(refused(() => accept(realizable(false, ...pattern), { rule: 'capacity' }, instance(plain)))).toBe(true);
    }),
    { numRuns: amount(120, 300), seed: 7 },
  );
  expect(shown).toBeGreaterThan(amount(30, 100));
});
