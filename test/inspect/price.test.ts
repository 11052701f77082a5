/** Models whose price of un-absorbing is known: orthonormal features, e_p -= kappa e_c, u_c += kappa w_p, and rows in which all strengths come equally often. */
import { describe, expect, test } from 'vitest';
import { inspect } from '../../src/inspect/inspect.ts';
import type { InspectRequest, InspectResult } from '../../src/inspect/request.ts';
import { findings } from '../../src/latents/findings.ts';
import { modelOf, type Told } from './support.ts';

/** Each pair of rows the same, so that those fitted to and those compared on are alike. */
function rowsFor(pairs: number): { values: Float64Array; rows: number; columns: Uint8Array[] } {
  const [rows, on] = [[] as number[][], [] as number[][]];
  for (let repeat = 0; repeat < 12; repeat++) {
    for (let p = 0; p < pairs; p++) {
      for (const t of [1, 2]) {
        for (const s of [0, 0, 0, 1, 2]) {
          for (let twice = 0; twice < 2; twice++) {
            rows.push(Array.from({ length: 2 * pairs }, (_, k) => (k === p ? t : k === pairs + p ? s : 0)));
            on.push([p, ...(s > 0 ? [pairs + p] : [])]);
          }
        }
      }
    }
  }
  return {
    values: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns: Array.from({ length: 2 * pairs }, (_, j) => Uint8Array.from(on, (own) => (own.includes(j) ? 1 : 0))),
  };
}

const PAIRS = 3;
function planted(kappa: number, told: Told = {}): InspectRequest['model'] {
  const unit = (d: number): number[] => Array.from({ length: 2 * PAIRS }, (_, k) => (k === d ? 1 : 0));
  const all = (): number[][] => Array.from({ length: 2 * PAIRS }, (_, d) => unit(d));
  const [we, wd] = [all(), all()];
  for (let p = 0; p < PAIRS; p++) {
    (we[p] as number[])[PAIRS + p] = -kappa;
    (wd[PAIRS + p] as number[])[p] = kappa;
  }
  return modelOf(we, wd, told);
}

const { values, rows, columns } = rowsFor(PAIRS);
const asked = (model: InspectRequest['model'], price: number): Promise<InspectResult> =>
  inspect({
    model,
    data: { values, rows },
    labels: { names: ['p0', 'p1', 'p2', 'c0', 'c1', 'c2'], columns },
    hierarchy: { labels: [0, 1, 2].map((p) => ({ parent: p, child: PAIRS + p })) },
    price,
  });
const jump = { theta: new Array<number>(2 * PAIRS).fill(0.125) };

describe('JumpReLU', () => {
  /** Of the 10 cases of a pair, (t, s) = (1, 1), (1, 2), (2, 2) silence the carrier at kappa 1; in (1, 2) the child's latent writes 2 in place of 1: error 1. */
  test('the change is the known one: nearly no error left, one latent more in three of ten rows', async () => {
    for (const coefficient of [0, 0.1, 1]) {
      const { prices, books } = await asked(planted(1, jump), coefficient);
      expect(books.map(({ verdict }) => verdict)).toEqual(new Array(PAIRS).fill('absorbed'));
      expect(prices?.of.map(({ parent, carrier, absorbers }) => [parent, carrier, absorbers])).toEqual(
        [0, 1, 2].map((p) => [p, p, [PAIRS + p]]),
      );
      for (const { rows: used, found, error, penalty, change, deviation } of prices?.of ?? []) {
        expect(used).toEqual([rows / 2, rows / 2]);
        expect(found[0]).toBeCloseTo(0.7, 12);
        expect(found[1]).toBe(1);
        // No less than no error can be left; the readout is not quite linear in the strength.
        expect(error).toBeGreaterThanOrEqual(-0.1 / PAIRS);
        expect(error).toBeLessThan(-0.095 / PAIRS);
        expect(penalty).toBeCloseTo(0.3 / PAIRS, 12);
        expect(change).toBeCloseTo(error + coefficient * penalty, 12);
        // Two of ten rows change by the coefficient, one by it less 1.
        const second = (0.2 * coefficient ** 2 + 0.1 * (coefficient - 1) ** 2) / PAIRS;
        const half = rows / 2;
        expect(deviation).toBeCloseTo(Math.sqrt((second - ((0.3 * coefficient - 0.1) / PAIRS) ** 2) / (half - 1)), 2);
      }
    }
  });

  test('the sentence says what was found and no more', async () => {
    const cheap = findings(await asked(planted(1, jump), 0.1)).join(' ');
    expect(cheap).toContain('in floats, is lower by more than two standard errors for 3 of 3 absorbed parents priced');
    expect(cheap).toContain('on these rows that loss does not force absorption there');
    expect(cheap).not.toContain('proves nothing');
    const dear = findings(await asked(planted(1, jump), 1)).join(' ');
    expect(dear).toContain(
      'in floats, is lower by more than two standard errors for none of 3 absorbed parents priced. That proves nothing: only this change was tried.',
    );
  });

  test('what is lower by less than two standard errors is counted, and is not the finding', async () => {
    const result = await asked(planted(1, jump), 0.1);
    const of = (result.prices?.of ?? []).map((price, k) => (k === 0 ? { ...price, deviation: -price.change } : price));
    const said = findings({ ...result, prices: { coefficient: 0.1, of } }).join(' ');
    expect(said).toContain('for 2 of 3 absorbed parents priced');
    expect(said).toContain('there. For 1 more it is lower by less than that.');
    const none = of.map((price) => ({ ...price, deviation: Math.abs(price.change) }));
    expect(findings({ ...result, prices: { coefficient: 0.1, of: none } }).join(' ')).toContain(
      'for none of 3 absorbed parents priced. For 3 it is lower by less than that. That proves nothing',
    );
  });

  test('what is not absorbed has no price, and without a coefficient nothing is priced', async () => {
    expect((await asked(planted(0, jump), 0.1)).prices).toEqual({ coefficient: 0.1, of: [] });
    expect(findings(await asked(planted(0, jump), 0.1)).join(' ')).not.toContain('priced');
    const { price: _, ...without } = { price: 1, model: planted(1, jump), data: { values, rows } };
    expect((await inspect(without)).prices).toBeUndefined();
  });
});

test('ReLU keeps an activation that a ReLU has: what its threshold takes away, the column gives back as far as it can', async () => {
  const { prices, method } = await asked(planted(1), 0);
  expect(method).toBe('relu');
  for (const { found, change, error } of prices?.of ?? []) {
    expect(found[1]).toBe(1);
    expect(change).toBe(error);
    // The readout is 0 where the parent is not, so the threshold between 0 and its least value shrinks t to t - tau: best scaled, an error stays.
    expect(error).toBeGreaterThan(-0.1 / PAIRS);
  }
  expect(prices?.of).toHaveLength(PAIRS);
});

test('Top-k competes, and few rows fit anything: both are said, not priced', async () => {
  const topk = await asked(planted(1, { k: 1 }), 0.1);
  expect(topk.prices).toBeUndefined();
  expect(topk.notes.join()).toContain('no price of un-absorbing: Top-k latents compete');
  const few = await inspect({
    model: planted(1, jump),
    data: { values: values.slice(0, 6 * 20), rows: 20 },
    labels: { names: ['p0'], columns: [(columns[0] as Uint8Array).slice(0, 20)] },
    price: 0.1,
  });
  expect(few.notes.join()).toContain('20 rows are too few to fit 6 dimensions to half of them');
});
