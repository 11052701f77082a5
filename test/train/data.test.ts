import { describe, expect, test } from 'vitest';
import { tableOf } from '../../src/train/backend/backend.ts';
import { plainBackend } from '../../src/train/backend/plain.ts';
import { wasmKernels } from '../../src/train/backend/wasm.ts';
import type { BenchData } from '../../src/train/config.ts';
import { activationSource, readTensor } from '../../src/train/data/activations.ts';
import { benchSource, hierarchySource } from '../../src/train/data/bench.ts';
import { readNpy } from '../../src/train/data/npy.ts';
import { readSafetensors, writeSafetensors } from '../../src/train/data/safetensors.ts';
import type { ForeignSettings } from '../../src/train/foreign/settings.ts';
import { foreignModel } from '../../src/train/foreign.ts';
import { doubleModel } from '../../src/train/metrics/double.ts';
import { TrainProblem } from '../../src/train/problem.ts';
import { npy } from './npyBytes.ts';
import { BENCH, configOf, hierarchyOf } from './runs.ts';

const where = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(TrainProblem);
    return (thrown as TrainProblem).path;
  }
  return 'accepted';
};

describe('the bench', () => {
  const data = (change: object): BenchData => configOf({ data: { ...BENCH, ...change } }).data as BenchData;
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

  test.each(['sae', 'transcoder', 'crosscoder'])('%s: unit directions, bounded interference', (variant) => {
    const { truth, np, nr } = benchSource(wasmKernels(), data({ variant, nr: 8 }), 3);
    expect([np, nr]).toEqual(variant === 'sae' ? [9, 9] : variant === 'transcoder' ? [9, 8] : [18, 18]);
    for (const directions of [truth!.wp, truth!.wr]) {
      directions.forEach((w, d) => {
        expect(dot(w, w)).toBeCloseTo(1, 5);
        for (const other of directions.slice(d + 1)) expect(dot(w, other)).toBeLessThanOrEqual(0.3 + 1e-6);
      });
    }
  });

  test('features are active with probability 1 - S, magnitudes at least c_min; sample s repeats after N', () => {
    const activity = { sparsity: 0.95, min: 0.5, mean: 2 };
    const source = benchSource(wasmKernels(), data({ activity, samples: 6000 }), 3);
    const counts = new Array<number>(12).fill(0);
    for (let s = 0; s < 6000; s++) for (const d of source.active!(s)) counts[d]!++;
    // 300 expected, deviation 17.
    for (const count of counts) expect(Math.abs(count - 300)).toBeLessThan(85);
    expect(source.active!(6001)).toEqual(source.active!(1));
    const [x, r] = [tableOf(plainBackend(), 64, 9), tableOf(plainBackend(), 64, 9)];
    source.fill(0, x, r);
    expect(x.data).toEqual(r.data);
    const alone = Array.from({ length: 64 }, (_, s) => s).filter((s) => source.active!(s).length === 1);
    expect(alone.length).toBeGreaterThan(5);
    for (const s of alone)
      expect(Math.hypot(...x.data.subarray(s * x.stride, s * x.stride + 9))).toBeGreaterThanOrEqual(0.4999);
  });

  test('S = 0: all features in every sample', () => {
    const source = benchSource(wasmKernels(), data({ activity: { sparsity: 0, min: 1, mean: 1 } }), 3);
    expect(source.active!(7)).toEqual(Array.from({ length: 12 }, (_, d) => d));
  });

  test('hierarchy: a parent with just one child, children by their shares', () => {
    const data = hierarchyOf({ parents: 2, shares: [0.75, 0.25], np: 6, interference: { max: 0.5 } });
    const source = hierarchySource(wasmKernels(), data, 5);
    const counts = new Array<number>(6).fill(0);
    for (let s = 0; s < 4000; s++) {
      const on = source.active!(s);
      for (const d of on) counts[d]!++;
      for (const { parent, children } of source.truth!.hierarchy!) {
        expect(children.filter((child) => on.includes(child))).toHaveLength(on.includes(parent) ? 1 : 0);
      }
    }
    expect(counts[2]! / counts[0]!).toBeCloseTo(0.75, 1);
    expect(counts[0]! / 4000).toBeCloseTo(0.5, 1);
  });
});

describe('.npy', () => {
  test('floats and integers, versions 1 and 2', () => {
    expect(readNpy(npy('<f4', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)), 'a.npy')).toEqual({
      shape: [2, 3],
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
    expect([...readNpy(npy('<i8', [2], BigInt64Array.of(7n, -1n), 2), 'a.npy').values]).toEqual([7, -1]);
  });

  const good = npy('<f8', [2], Float64Array.of(1, 2));
  const text = (from: string, to: string): Uint8Array =>
    Uint8Array.from(Buffer.from(Buffer.from(good).toString('latin1').replace(from, to), 'latin1'));
  test.each([
    ['header', good.subarray(0, 5)],
    ['header', text('NUMPY', 'NUMPI')],
    ['header', good.subarray(0, 40)],
    ["header 'descr'", text("'<f8'", "'|O' ")],
    ['header', text('False', 'Maybe')],
    ['header', text("'shape'", "'shaqe'")],
    ['data', good.subarray(0, good.length - 1)],
    ['data', npy('<i8', [1], BigInt64Array.of(2n ** 40n))],
  ])('refused: %s', (path, bytes) => expect(where(() => readNpy(bytes, 'a.npy'))).toBe(path));
});

describe('.safetensors', () => {
  const tensors = new Map([
    ['a', { shape: [2, 2], values: Float32Array.of(1, -2, 3, 0.5) }],
    ['b', { shape: [3], values: Int32Array.of(1, 2, 3) }],
  ]);
  const good = writeSafetensors({ metadata: { format: 'test' }, tensors });
  const raw = (header: string, data: number[]): Uint8Array => {
    const bytes = new Uint8Array(8 + header.length + data.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set(data, 8 + header.length);
    return bytes;
  };
  const entry = (dtype: string, shape: number[], offsets: number[]): string =>
    `{"a":${JSON.stringify({ dtype, shape, data_offsets: offsets })}}`;

  test('what is written is read', () => {
    expect(readSafetensors(good, 'x')).toEqual({ metadata: { format: 'test' }, tensors });
    expect((good.length - 28) % 8).toBe(0);
  });
  test('half precision: 1.5, the smallest subnormal, -2 as binary16; -3 as bfloat16', () => {
    const half = readSafetensors(raw(entry('F16', [3], [0, 6]), [0x00, 0x3e, 0x01, 0x00, 0x00, 0xc0]), 'x');
    expect([...half.tensors.get('a')!.values]).toEqual([1.5, 2 ** -24, -2]);
    expect([...readSafetensors(raw(entry('BF16', [1], [0, 2]), [0x40, 0xc0]), 'x').tensors.get('a')!.values]).toEqual([
      -3,
    ]);
  });
  test.each<[string, Uint8Array]>([
    ['header', Uint8Array.of(1, 2)],
    ['header', good.subarray(0, 20)],
    ['header', raw('[1]', [])],
    ['header', raw('{"a":', [])],
    ['a', raw(entry('F32', [1], [4, 8]), [0, 0, 0, 0, 0, 0, 0, 0])],
    ['a', raw(entry('F32', [2], [0, 4]), [0, 0, 0, 0])],
    ['a', raw(entry('F32', [1], [0, 4]), [0, 0])],
    ['a', raw(entry('C64', [1], [0, 8]), [0, 0, 0, 0, 0, 0, 0, 0])],
    ['a', raw('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', [0, 0, 0, 0])],
    ['a', raw('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', [0, 0, 0, 0])],
  ])('refused: %s', (path, bytes) => expect(where(() => readSafetensors(bytes, 'x'))).toBe(path));
  test('bytes too many', () => expect(where(() => readSafetensors(Uint8Array.from([...good, 0]), 'x'))).toBe('data'));
  test('one of several tensors has to be named', () => {
    expect(where(() => readTensor(good, 'x.safetensors'))).toBe('$.data.tensor');
    expect(readTensor(good, 'x.safetensors', 'b').shape).toEqual([3]);
  });
});

describe('activations', () => {
  const data = { kind: 'activations', inputs: 'x.npy', targets: 'y.npy', labels: 'l.npy', normalize: false } as const;
  const x = { shape: [4, 2], values: Float32Array.of(1, 0, 3, 0, 0, 2, 0, 4) };
  const labels = { shape: [4], values: Int32Array.of(5, 5, 2, 2) };

  test('each row once in a pass, another order in the next; class means in the order of the labels', () => {
    const source = activationSource({ inputs: x, labels }, data, 1);
    const [a, b] = [tableOf(plainBackend(), 4, 2), tableOf(plainBackend(), 4, 2)];
    const rows = (first: number): string[] => {
      source.fill(first, a, b);
      return Array.from({ length: 4 }, (_, k) => [...a.data.subarray(k * 8, k * 8 + 2)].join());
    };
    expect([...rows(0)].sort()).toEqual(['0,2', '0,4', '1,0', '3,0']);
    expect([0, 4, 8, 12].map(rows).some((order) => order.join() !== rows(0).join())).toBe(true);
    expect(source.truth!.wp.map((w) => [...w])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test.each([
    ['shape', { inputs: { shape: [8], values: x.values } }],
    ['shape', { inputs: x, targets: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) } }],
    ['shape', { inputs: x, labels: { shape: [3], values: Int32Array.of(1, 2, 3) } }],
    ['row 1, column 1', { inputs: { shape: [2, 2], values: Float32Array.of(1, 2, 3, Number.NaN) } }],
    ['row 0, column 0', { inputs: { shape: [1, 1], values: Float32Array.of(Infinity) } }],
  ])('refused: %s', (path, files) => expect(where(() => activationSource(files, data, 1))).toBe(path));
});

describe('checkpoints of others', () => {
  const FILES = { file: 'x', cfg: 'cfg.json' };
  const floats = (shape: number[], scale: number) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(k * scale + 1)),
  });
  const [encoder, decoder, be, bd] = [floats([3, 5], 1.7), floats([5, 3], 0.9), floats([5], 2.3), floats([3], 3.1)];
  const turned = {
    shape: [5, 3],
    values: Float32Array.from({ length: 15 }, (_, k) => encoder.values[(k % 3) * 5 + Math.floor(k / 3)]!),
  };
  const saelens = new Map([
    ['W_enc', encoder],
    ['W_dec', decoder],
    ['b_enc', be],
    ['b_dec', bd],
  ]);
  const sparsify = new Map([
    ['encoder.weight', turned],
    ['encoder.bias', be],
    ['W_dec', decoder],
    ['b_dec', bd],
  ]);

  /** What the model gives for one input. */
  function output(
    tensors: Map<string, { shape: number[]; values: Float32Array }>,
    settings: ForeignSettings,
  ): number[] {
    const double = doubleModel(foreignModel(tensors, settings, FILES), 1);
    double.x.data.set([0.3, -0.4, 0.8]);
    double.run(1);
    return Array.from(double.residual.data, (value) => -value);
  }

  /** The same from the definition: k largest positive of W_enc^T (x - shift b_dec) + b_enc, decoded. */
  function defined(k: number, shift: number): number[] {
    const x = [0.3, -0.4, 0.8].map((value, c) => value - shift * bd.values[c]!);
    const z = be.values.map(
      (bias, i) => bias + x.reduce((sum, value, c) => sum + value * encoder.values[c * 5 + i]!, 0),
    );
    const least = [...z].sort((a, b) => b - a)[k - 1]!;
    return [0, 1, 2].map((c) =>
      z.reduce(
        (sum, value, i) => sum + (value > 0 && value >= least ? value * decoder.values[i * 3 + c]! : 0),
        bd.values[c]!,
      ),
    );
  }

  test('SAELens standard and topk, with and without b_dec subtracted; sparsify subtracts it', () => {
    const close = (a: number[], b: number[]): void => {
      for (const [c, value] of a.entries()) expect(value).toBeCloseTo(b[c]!, 5);
    };
    close(output(saelens, { architecture: 'standard', apply_b_dec_to_input: false }), defined(5, 0));
    close(output(saelens, { architecture: 'standard', apply_b_dec_to_input: true }), defined(5, 1));
    close(
      output(saelens, {
        architecture: 'standard',
        activation_fn_str: 'topk',
        activation_fn_kwargs: { k: 2 },
        apply_b_dec_to_input: false,
      }),
      defined(2, 0),
    );
    close(output(sparsify, { k: 2 }), defined(2, 1));
  });

  test.each([
    ['tensors', new Map([['W', encoder]]), {}],
    [
      'tensors',
      new Map([
        ['W_enc', encoder],
        ['W_dec', encoder],
      ]),
      {},
    ],
    ['b_enc', new Map([...saelens, ['b_enc', bd]]), {}],
    ['$.k', sparsify, {}],
    ['W_enc', new Map([...saelens, ['W_enc', { shape: [3, 5], values: encoder.values.map(() => Number.NaN) }]]), {}],
  ])('refused: %s', (path, tensors, settings) =>
    expect(where(() => foreignModel(tensors, settings, FILES))).toBe(path),
  );
});
