import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/inspect/book.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import type { InspectRequest, InspectResult } from '../../src/inspect/request.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { modelOf, type Told, vector, whole } from './support.ts';

/** Row animal - dog, and dog's column writes animal too: on animal latent 0, on animal and dog latent 1 alone. */
const absorbed = modelOf(
  [
    [1, -1],
    [0, 1],
  ],
  [
    [1, 0],
    [1, 1],
  ],
);
const features = (names: readonly string[], high = 1, low = 1): NonNullable<InspectRequest['features']> => {
  const w = names.map((_, d) => vector(...names.map((_, k) => (k === d ? 1 : 0))));
  return { names, wp: w, wr: w, strengths: [whole(low), whole(high)] };
};
const animals = { features: features(['animal', 'dog']), hierarchy: { features: [{ parent: 0, child: 1 }] } };

const texts = (r: InspectResult): object[] =>
  r.books.map(({ verdict, carrier, alone, beside, others }) => ({
    verdict,
    carrier,
    alone: `${alone}`,
    beside: `${beside}`,
    others: `${others}`,
  }));

describe('the absorbed SAE by hand', () => {
  test('in integers', async () => {
    const r = await inspect({ model: absorbed, ...animals });
    expect(texts(r)).toEqual([{ verdict: 'absorbed', carrier: 0, alone: '1', beside: '0', others: '1' }]);
    expect(r.books[0]?.shares.map((s) => [s.latent, `${s.alone}`, `${s.beside}`, s.comes])).toEqual([
      [0, '1', '0', false],
      [1, '0', '1', true],
    ]);
    expect(r.books[0]?.silent).toBe(true);
    expect(r.latents.map(({ kind, most, closest }) => [kind, most.margin, closest])).toEqual([
      ['absorbed', 1, 0],
      ['detects', 1, 0],
    ]);
    // Both margins that are exactly 0 needed integers, at the middle and at each corner.
    expect(r.signs.exact).toBeGreaterThan(0);
    expect(r.latents[1]?.exactly).toEqual({ feature: 1, everyStrength: true });
    expect(r.latents[0]?.absorbedIn).toEqual([0]);
    expect(r.latents[1]?.absorbsIn).toEqual([0]);
  });

  test('between strengths 1 and 2 it is not silent: 2 animal + dog wakes it', async () => {
    const r = await inspect({ model: absorbed, ...animals, features: features(['animal', 'dog'], 2) });
    expect(r.books[0]).toMatchObject({ verdict: 'absorbed', silent: false });
    expect(r.latents[0]?.atoms).toEqual({ on: [0], always: [0], some: [1] });
  });

  test('from rows and labels alone', async () => {
    const rows = [
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
    ];
    const columns = [0, 1].map((j) => Uint8Array.from(rows, (row) => row[j] as number));
    const data = { values: Float32Array.from(rows.flat()), rows: 6 };
    const r = await inspect({
      model: absorbed,
      data,
      labels: { names: ['animal', 'dog'], columns },
      hierarchy: { labels: [{ parent: 0, child: 1 }] },
    });
    expect(texts(r)).toEqual([{ verdict: 'absorbed', carrier: 0, alone: '1', beside: '0', others: '1' }]);
    expect(r.books[0]).toMatchObject({ basis: 'labels', rows: [2, 2], found: 0.5 });
    expect(r.fvu).toBe(0);
    expect(r.l0).toBeCloseTo(4 / 6);
  });

  test('of a transcoder, whose outputs are of another place, rows of inputs say neither FVU nor shares', async () => {
    const rows = [
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    const columns = [0, 1].map((j) => Uint8Array.from(rows, (row) => row[j] as number));
    const r = await inspect({
      model: { ...absorbed, across: true },
      data: { values: Float32Array.from(rows.flat()), rows: 3 },
      labels: { names: ['animal', 'dog'], columns },
      hierarchy: { labels: [{ parent: 0, child: 1 }] },
    });
    expect(r.fvu).toBeUndefined();
    expect([r.books, r.closed]).toEqual([[], []]);
    expect(r.notes.join()).toContain('is not known to reconstruct its inputs');
  });

  test('without the parent alone there is nothing to compare', async () => {
    const rows = [
      [1, 1],
      [1, 1],
      [0, 0],
    ];
    const columns = [0, 1].map((j) => Uint8Array.from(rows, (row) => row[j] as number));
    const r = await inspect({
      model: absorbed,
      data: { values: Float32Array.from(rows.flat()), rows: 3 },
      labels: { names: ['animal', 'dog'], columns },
      hierarchy: { labels: [{ parent: 0, child: 1 }] },
    });
    expect(r.books).toEqual([]);
    expect(r.closed[0]?.why).toContain('no row has animal without a label below it');
  });
});

test('the verdict is by what the carrier keeps, and by what others write in its place', () => {
  const at = (alone: number, beside: number, others: number): string => {
    const hundredths = [alone, beside, others].map((x) => Rational.of(BigInt(x), 100n));
    return verdictOf(...(hundredths as [Rational, Rational, Rational]));
  };
  expect(at(24, 24, 0)).toBe('lost');
  expect([at(32, 9, 24), at(32, 15, 24), at(100, -10, 0)]).toEqual(['faded', 'faded', 'faded']);
  expect([at(32, 9, 25), at(100, 49, 25)]).toEqual(['absorbed', 'absorbed']);
  expect([at(32, 16, 90), at(100, 50, 0)]).toEqual(['kept', 'kept']);
});

describe('planted absorption: e_p -= kappa e_c, u_c += kappa w_p', () => {
  const PAIRS = 12;
  const planted = (kappa: number, told: Told = {}): ReturnType<typeof modelOf> => {
    const unit = (d: number): number[] => Array.from({ length: 2 * PAIRS }, (_, k) => (k === d ? 1 : 0));
    const [we, wd] = [
      Array.from({ length: 2 * PAIRS }, (_, d) => unit(d)),
      Array.from({ length: 2 * PAIRS }, (_, d) => unit(d)),
    ];
    for (let p = 0; p < PAIRS; p++) {
      (we[p] as number[])[PAIRS + p] = -kappa;
      (wd[PAIRS + p] as number[])[p] = kappa;
    }
    return modelOf(we, wd, told);
  };
  const asked = {
    features: features(
      Array.from({ length: 2 * PAIRS }, (_, d) => `w${d}`),
      2,
    ),
    hierarchy: { features: Array.from({ length: PAIRS }, (_, p) => ({ parent: p, child: PAIRS + p })) },
  };
  const be = new Array<number>(2 * PAIRS).fill(-0.2);

  test.each([
    [0, 0],
    [0.3, 0],
    [0.6, PAIRS],
    [1, PAIRS],
    [1.5, PAIRS],
  ])('kappa %d: %d verdicts', async (kappa, verdicts) => {
    const r = await inspect({ model: planted(kappa, { be }), ...asked });
    expect(r.books.filter(({ verdict }) => verdict === 'absorbed')).toHaveLength(verdicts);
    expect(r.books.every(({ verdict }) => verdict !== 'lost')).toBe(true);
    expect(r.books.every(({ carrier }, p) => carrier === p)).toBe(true);
  });

  test('shares are the fractions that they should be', async () => {
    // Strength 3/2: alone (3/2 - 1/4) / (3/2) = 5/6; beside (3/2 - 3/4 - 1/4) / (3/2) = 1/3; the child's (5/4) (1/2) / (3/2) = 5/12.
    const r = await inspect({ model: planted(0.5, { be: be.map(() => -0.25) }), ...asked });
    expect(texts(r)[0]).toEqual({ verdict: 'absorbed', carrier: 0, alone: '5/6', beside: '1/3', others: '5/12' });
  });

  test('at kappa 1 the carrier is silent where the child is as strong', async () => {
    const r = await inspect({
      model: planted(1, { be }),
      ...asked,
      features: { ...asked.features, strengths: [whole(1), whole(1)] },
    });
    expect(r.books.every(({ silent }) => silent)).toBe(true);
  });

  test('a parent that nobody carries is lost, not absorbed', async () => {
    const r = await inspect({ model: planted(0, { be: be.map(() => -1.4) }), ...asked });
    expect(r.books.map(({ verdict }) => verdict)).toEqual(new Array(PAIRS).fill('lost'));
  });
});

describe('never on', () => {
  test('onset and the number of features that must come together', async () => {
    // Latent 0 needs strength 5/2 of a, or two features; latent 1 all three; latent 2 is against all.
    const model = modelOf(
      [
        [1, 1, 1],
        [1, 1, 1],
        [-1, -1, -1],
        [1, 0, 0],
      ],
      [
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
      ],
      { be: [-2.5, -4, 0, 1] },
    );
    const r = await inspect({ model, features: features(['a', 'b', 'c'], 2) });
    expect(r.latents.map(({ kind, trees, onset }) => [kind, trees, onset?.strength])).toEqual([
      ['never', 2, 2.5],
      ['never', 3, 4],
      // The exact sum of all gains is 0: not above it.
      ['never', -1, undefined],
      ['other', 0, undefined],
    ]);
  });

  test('a tree counts once, its child included', async () => {
    const model = modelOf([[1, 1]], [[1, 0]], { be: [-3] });
    const r = await inspect({ model, ...animals, features: features(['animal', 'dog'], 2) });
    expect(r.latents[0]?.trees).toBe(1);
    const apart = await inspect({ model, features: features(['animal', 'dog'], 2) });
    expect(apart.latents[0]?.trees).toBe(2);
  });

  test('Top-k: a positive margin that never wins is another thing than silence', async () => {
    const model = modelOf(
      [
        [1, 1],
        [0.5, 0.5],
        [-1, -1],
      ],
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      { k: 1 },
    );
    const r = await inspect({ model, data: { values: Float64Array.of(1, 2, 3, 4), rows: 2 } });
    expect(r.latents.map(({ kind }) => kind)).toEqual(['other', 'loses', 'never']);
    expect(r.latents[2]?.most).toMatchObject({ row: 0, margin: -3 });
    expect(r.latents[2]?.most.distance).toBeCloseTo(-3 / Math.SQRT2, 12);
  });
});

describe('rows', () => {
  test('found hierarchies, best labels, groups and duplicates', async () => {
    // 40 rows: p in 20, c in 8 of those, q in 10 others. Latents: p, c twice, q, none.
    const rows = Array.from({ length: 40 }, (_, r) => [r < 20 ? 1 : 0, r < 8 ? 1 : 0, r >= 30 ? 1 : 0]);
    const model = modelOf(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 2, 0],
        [0, 0, 1],
        [-1, -1, -1],
      ],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
    );
    const r = await inspect({
      model,
      data: { values: Float64Array.from(rows.flat()), rows: 40 },
      labels: {
        names: ['p', 'c', 'q'],
        columns: [0, 1, 2].map((j) => Uint8Array.from(rows, (row) => row[j] as number)),
      },
    });
    expect(r.hierarchy).toEqual({ from: 'found', pairs: [{ parent: 0, child: 1, share: 1 }] });
    expect(r.latents.map(({ best, rows: on }) => [best?.label, best?.f1, on])).toEqual([
      [0, 1, 20],
      [1, 1, 8],
      [1, 1, 8],
      [2, 1, 10],
      [undefined, undefined, 0],
    ]);
    expect(r.books[0]).toMatchObject({ verdict: 'kept', carrier: 0 });
    expect(r.groups.duplicates).toEqual([[1, 2]]);
    expect(r.labels.map(({ best }) => best?.latent)).toEqual([0, 1, 3]);
  });

  const ENCODER = [
    [1, 0, 1],
    [0, -1, 1],
    [1, 1, 1],
  ];
  const BIAS = [-0.5, 0, 0.25];

  test('more rows than a block, in whichever way they are cut', async () => {
    const rows = 700;
    const values = Float64Array.from({ length: 3 * rows }, (_, k) => Math.sin(k * k));
    const model = modelOf(ENCODER, ENCODER, { be: BIAS });
    const r = await inspect({ model, data: { values, rows } });
    const slow = [0, 1, 2].map((i) => {
      let on = 0;
      for (let row = 0; row < rows; row++) {
        const e = ENCODER[i] as readonly number[];
        const s = e.reduce((sum, x, k) => sum + x * (values[3 * row + k] as number), BIAS[i] as number);
        if (s > 0) on++;
      }
      return on;
    });
    expect(r.latents.map(({ rows: on }) => on)).toEqual(slow);
    const most = r.latents[0]?.top.map(({ activation }) => activation) ?? [];
    expect(most).toEqual([...most].sort((a, b) => b - a));
    expect(most).toHaveLength(6);
  });
});

test('shares are exact numbers, not floats', async () => {
  const third = { ...features(['animal', 'dog']), strengths: [Rational.of(1n, 3n), Rational.of(1n)] as const };
  const r = await inspect({
    model: modelOf(
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 1],
      ],
      { be: [-0.125, 0] },
    ),
    ...animals,
    features: third,
  });
  // Middle strength 2/3: (2/3 - 1/8) / (2/3).
  expect(`${r.books[0]?.alone}`).toBe('13/16');
});
