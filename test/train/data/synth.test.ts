import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../src/train/backend/backend.ts';
import { wasmBackend, wasmKernels } from '../../../src/train/backend/wasm.ts';
import { checkConfig, type SynthData, type TrainConfig } from '../../../src/train/config/config.ts';
import { complete } from '../../../src/train/config/defaults.ts';
import { corrected, parentsOf, synthSource, zipf } from '../../../src/train/data/synth.ts';
import { measure } from '../../../src/train/metrics/metrics.ts';
import { startTraining } from '../../../src/train/run/training.ts';

const configOf = (data: object, more: object = {}): TrainConfig =>
  complete({
    format: 'dictum/train@1',
    data: { kind: 'synth', ...data },
    method: { kind: 'batchtopk', k: 4 },
    neurons: 24,
    ...more,
  });
const dataOf = (data: object): SynthData => configOf(data).data as SynthData;

const SMALL = {
  features: 84,
  np: 20,
  trees: { roots: 4, branching: 4, depth: 2 },
  firing: { exponent: 0.5, max: 0.4, min: 0.02 },
  apart: { steps: 40, rate: 0.01 },
};

/** The features of many samples. */
function samplesOf(data: SynthData, many: number, seed = 7): { d: number }[][] {
  const { active } = synthSource(wasmKernels(), data, seed);
  return Array.from({ length: many }, (_, s) => (active?.(s) ?? []).map((d) => ({ d })));
}

describe('the generator of SynthSAEBench', () => {
  const data = dataOf(SMALL);
  const parents = parentsOf(data);
  const many = 8000;
  const samples = samplesOf(data, many);
  const on = samples.map((list) => new Set(list.map(({ d }) => d)));

  test('presets have the numbers that are published, and may be changed in part', () => {
    const full = dataOf({});
    expect(full).toMatchObject({ features: 16_384, np: 768, trees: { roots: 128, branching: 4, depth: 3 }, bias: 0.5 });
    // 128 trees of 1 + 4 + 16 + 64 features.
    expect(parentsOf(full).filter((p) => p >= 0)).toHaveLength(128 * 84);
    const tenth = dataOf({ preset: 'tenth', firing: { max: 0.3 } });
    expect(tenth).toMatchObject({ features: 1638, np: 77, firing: { exponent: 0.5, max: 0.3, min: 5e-4 } });
    expect(tenth).not.toHaveProperty('preset');
  });

  test('a child needs its parent, and no two siblings are active', () => {
    let children = 0;
    for (const set of on) {
      const taken = new Set<number>();
      for (const d of set) {
        const parent = parents[d]!;
        if (parent < 0) continue;
        children++;
        expect(set.has(parent)).toBe(true);
        expect(taken.has(parent)).toBe(false);
        taken.add(parent);
      }
    }
    expect(children).toBeGreaterThan(1000);
  });

  test('without correlations features are active as often as their law, trees and siblings say', () => {
    const plain = dataOf({
      ...SMALL,
      correlation: { scale: 0 },
      magnitudes: { spread: { mean: 0.1, deviation: 0.1 } },
    });
    const sets = samplesOf(plain, many).map((list) => new Set(list.map(({ d }) => d)));
    const law = zipf(plain);
    expect([law[0], law.at(-1)]).toEqual([0.4, 0.02]);
    const fires = corrected(law, parents);
    const wanted: number[] = [];
    fires.forEach((p, i) => {
      const parent = parents[i]!;
      const rivals = [...parents.keys()].filter((d) => d !== i && parent >= 0 && parents[d] === parent);
      // Where k of them fire too, it stays with chance 1 / (k + 1): over all sets of them.
      const alone = [...Array(2 ** rivals.length).keys()].reduce((sum, set) => {
        const chance = rivals.reduce((product, d, k) => product * ((set >> k) & 1 ? fires[d]! : 1 - fires[d]!), 1);
        return sum + chance / (1 + [...set.toString(2)].filter((bit) => bit === '1').length);
      }, 0);
      wanted.push((parent < 0 ? 1 : wanted[parent]!) * p * alone);
    });
    wanted.forEach((p, d) => {
      const rate = sets.filter((set) => set.has(d)).length / many;
      expect(Math.abs(rate - p), `${d}`).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / many));
      if (parents[d]! < 0) expect(p).toBe(law[d]);
    });
  });

  test('two features of one factor are active together more often, of opposite factors less', () => {
    const strong = dataOf({
      ...SMALL,
      trees: { roots: 0, branching: 1, depth: 0 },
      correlation: { rank: 1, scale: 0.7 },
    });
    const sets = samplesOf(strong, many).map((list) => new Set(list.map(({ d }) => d)));
    const share = (test: (set: Set<number>) => boolean): number => sets.filter(test).length / many;
    const excess = [...Array(8).keys()].flatMap((i) =>
      [...Array(i).keys()].map(
        (j) => share((set) => set.has(i) && set.has(j)) / (share((s) => s.has(i)) * share((s) => s.has(j))),
      ),
    );
    expect(Math.max(...excess)).toBeGreaterThan(1.3);
    expect(Math.min(...excess)).toBeLessThan(0.7);
  });

  test('as many features of a sample as are published for it: about 34, about 25 of the first 4096', () => {
    const full = samplesOf(dataOf({ np: 2, apart: { steps: 0 } }), 150);
    const mean = (count: (list: { d: number }[]) => number): number =>
      full.reduce((sum, list) => sum + count(list), 0) / full.length;
    expect(Math.abs(mean((list) => list.length) - 34)).toBeLessThan(3);
    expect(Math.abs(mean((list) => list.filter(({ d }) => d < 4096).length) - 25)).toBeLessThan(3);
  });

  test('directions are unit and are pushed apart', () => {
    const overlap = (steps: number): number => {
      const wp = synthSource(wasmKernels(), dataOf({ ...SMALL, apart: { steps, rate: 0.01 } }), 7).truth!.wp;
      const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
      expect(Math.abs(dot(wp[3]!, wp[3]!) - 1)).toBeLessThan(1e-6);
      return wp.reduce((sum, w, i) => sum + wp.slice(0, i).reduce((s, v) => s + dot(w, v) ** 2, 0), 0);
    };
    // n^2 / n_p - n over 2 is the least there can be.
    const least = (84 ** 2 / 20 - 84) / 2;
    expect(overlap(40)).toBeLessThan(overlap(0));
    expect(overlap(40) / least).toBeLessThan(1.05);
  });

  test('a world of its own: other samples of the same directions, bias and law', () => {
    const [first, second] = [1, 2].map((seed) => synthSource(wasmKernels(), dataOf({ ...SMALL, seed: 7 }), seed));
    const alone = synthSource(wasmKernels(), dataOf(SMALL), 7);
    expect(first!.truth!.wp).toEqual(alone.truth!.wp);
    expect(second!.truth).toEqual(alone.truth);
    const lists = [first, second].map((source) => [...Array(20).keys()].map((s) => source!.active!(s)));
    expect(lists[0]).not.toEqual(lists[1]);
    const again = synthSource(wasmKernels(), dataOf({ ...SMALL, seed: 7 }), 7);
    expect([...Array(20).keys()].map((s) => again.active!(s))).toEqual(
      [...Array(20).keys()].map((s) => alone.active!(s)),
    );
    const others = synthSource(wasmKernels(), dataOf(SMALL), 8).truth!.wp;
    expect(others).not.toEqual(alone.truth!.wp);
  });

  test('its trees are what absorption is measured by', () => {
    const { hierarchy = [] } = synthSource(wasmKernels(), data, 7).truth!;
    const pairs = hierarchy.flatMap(({ parent, children }) => children.map((child) => [child, parent]));
    expect(pairs).toHaveLength(80);
    for (const [child, parent] of pairs) expect(parents[child!]).toBe(parent);
  });

  test('a sample is the sum of its features and of a bias of the length said', () => {
    const at = (bias: number): Float64Array => {
      const x = { rows: 1, columns: 20, stride: 20, data: new Float64Array(20) };
      synthSource(wasmKernels(), dataOf({ ...SMALL, bias }), 7).fill(3, x, { ...x, data: new Float64Array(20) });
      return x.data;
    };
    const none = at(0);
    expect(Math.hypot(...at(0.5).map((x, k) => x - none[k]!))).toBeCloseTo(0.5, 9);
    expect(Math.hypot(...none)).toBeGreaterThan(1);
  });
});

test('what cannot be is refused', () => {
  for (const [path, config] of [
    ['$.data.firing.min', configOf({ firing: { max: 0.1, min: 0.2 } })],
    ['$.frozen', configOf({}, { frozen: 'decoder', resampling: { every: 10 } })],
    ['$.frozen', configOf({}, { frozen: 'encoder', anchoring: { count: 1 } })],
    ['$.frozen', configOf({}, { frozen: 'soft-decoder', resampling: { every: 10 } })],
  ] as const) {
    expect(() => checkConfig(config)).toThrow(expect.objectContaining({ code: 'out-of-range', path }));
  }
  expect(() => checkConfig(configOf({}, { frozen: 'decoder' }))).not.toThrow();
});

describe('training on it', () => {
  const run = async (frozen?: TrainConfig['frozen'], rate = 1e-3) => {
    const config = configOf(
      { ...SMALL },
      { steps: 60, batch: 64, evaluation: 512, optimizer: { rate }, ...(frozen && { frozen }) },
    );
    const source = synthSource(wasmKernels(), config.data as SynthData, config.seed);
    const training = startTraining(config, source, wasmBackend());
    const begun = { we: training.work.weights.we.data.slice(), wd: training.work.weights.wd.data.slice() };
    for (let step = 0; step < config.steps; step++) await training.advance();
    const { we, wd } = training.work.weights;
    const metrics = await measure(config, training.work, training.objective, source);
    return {
      metrics,
      begun: begun.wd,
      wd,
      moved: { we: String(begun.we) !== String(we.data), wd: String(begun.wd) !== String(wd.data) },
    };
  };

  test('what is frozen stays to the last bit, the rest learns', async () => {
    expect((await run()).moved).toEqual({ we: true, wd: true });
    expect((await run('decoder')).moved).toEqual({ we: true, wd: false });
    expect((await run('encoder')).moved).toEqual({ we: false, wd: true });
  });

  test('a soft-frozen decoder moves, to the edge of its cone and no further', async () => {
    const { begun, wd, moved } = await run('soft-decoder', 0.05);
    expect(moved).toEqual({ we: true, wd: true });
    const nearness = [...Array(wd.rows).keys()].map((i) => {
      const [u, drawn] = [rowOf(wd, i), rowOf({ ...wd, data: begun }, i)];
      const dot = u.reduce((sum, x, k) => sum + x * drawn[k]!, 0);
      return dot / (Math.hypot(...u) * Math.hypot(...drawn));
    });
    expect(Math.min(...nearness)).toBeGreaterThan(0.8 - 1e-6);
    expect(Math.min(...nearness)).toBeLessThan(0.8 + 1e-6);
    const free = await run(undefined, 0.05);
    const far = [...Array(wd.rows).keys()].filter((i) => {
      const [u, drawn] = [rowOf(free.wd, i), rowOf({ ...wd, data: free.begun }, i)];
      return u.reduce((sum, x, k) => sum + x * drawn[k]!, 0) < 0.7;
    });
    expect(far.length).toBeGreaterThan(0);
  });

  test('latents are measured as detectors', async () => {
    const { detection, usage } = (await run()).metrics;
    expect(detection).toBeDefined();
    for (const [name, value] of Object.entries(detection!)) {
      expect(value, name).toBeGreaterThan(0);
      if (name !== 'trueL0') expect(value, name).toBeLessThanOrEqual(1);
    }
    expect(usage.inputs).toBe(512);
  });
});
