/** Products by ONNX Runtime: the same parity test as the other backends', matrices and lists of latents, errors planted in products. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Backend, type Latents, type Table, tableOf } from '../../../../src/train/backend/backend.ts';
import { nativeBackend, nativeOn } from '../../../../src/train/backend/native/native.ts';
import { openRuntime } from '../../../../src/train/backend/native/runtime.ts';
import { plainBackend } from '../../../../src/train/backend/plain.ts';
import { bits } from '../../../../src/train/backend/random.ts';
import type { Method } from '../../../../src/train/methods/method.ts';
import { cases, difference, exact, LIMIT } from '../../exactSmall.ts';
import { changed, installed } from '../../native.ts';
import { computed, small, updated, WIDE, wide } from '../../small.ts';

const opened: Backend[] = [];
const kept = (backend: Backend): Backend => {
  opened.push(backend);
  return backend;
};
const native = async (): Promise<Backend> => kept(await nativeBackend());
afterEach(() => {
  for (const backend of opened.splice(0)) backend.close();
});

const draw = (salt: number, at: number): number => ((bits(11, salt, at) % 2047) - 1023) / 1024;
function drawn(backend: Backend, rows: number, columns: number, salt: number): Table {
  const table = tableOf(backend, rows, columns);
  for (let b = 0; b < rows; b++)
    for (let k = 0; k < columns; k++) table.data[b * table.stride + k] = draw(salt, b * columns + k);
  return table;
}
const listed = ({ start, index, value, inputs }: Latents): number[][] => [
  [...start],
  [...index.subarray(0, start[inputs])],
  [...value.subarray(0, start[inputs])].map((one) => Math.round(one * 2 ** 20)),
];

describe.skipIf(!installed)('with onnxruntime-node', () => {
  test.each(cases)('$variant, $name: loss and gradients agree with exact arithmetic', async (one) => {
    const s = small(one.method, one.variant, one.seed);
    const expected = exact(s);
    const { loss, gradient } = await computed(await native(), s);
    expect(Math.abs(loss.total - expected.loss) / expected.loss).toBeLessThan(LIMIT);
    expect(difference(gradient, expected.gradient)).toBeLessThan(LIMIT);
  });

  test.each(cases)('$variant, $name: a sign error in any one product is caught', async (one) => {
    const s = small(one.method, one.variant, one.seed);
    const expected = exact(s);
    const withWrong = async (wrong: number): Promise<{ calls: number; apart: number }> => {
      let calls = 0;
      const negates = (call: number, y: Float32Array): void => {
        calls++;
        if (call === wrong) y.set(y.map((value) => -value));
      };
      const { gradient } = await computed(kept(nativeOn(await changed(negates))), s);
      return { calls, apart: difference(gradient, expected.gradient) };
    };
    const { calls, apart } = await withWrong(-1);
    expect(apart).toBeLessThan(LIMIT);
    // Lists have one product here, the encoder's; matrices, of a few neurons one block each, the others too. Of one model few are active.
    const few = one.method.kind === 'relu' && one.variant === 'sae, b_d subtracted';
    expect(calls).toBe(few ? 1 : ({ relu: 5, jumprelu: 5, gated: 8 }[one.method.kind as string] ?? 1));
    for (let at = 0; at < calls; at++)
      expect((await withWrong(at)).apart, `product ${at}`).toBeGreaterThan(100 * LIMIT);
  });

  test.each(WIDE.flatMap((method) => [true, false].map((few) => [method, few] as const)))(
    '%j, many equal values: %s: as the plain backend',
    async (method, few) => {
      const s = wide(method, few);
      const [here, there] = [await computed(plainBackend(), s), await computed(await native(), s)];
      expect(Math.abs(there.loss.total - here.loss.total) / here.loss.total).toBeLessThan(LIMIT);
      expect(difference(there.gradient, here.gradient)).toBeLessThan(LIMIT);
    },
  );

  const SEVERAL: readonly Method[] = [WIDE[0]!, WIDE[1]!, WIDE[2]!];
  test.each(SEVERAL)('$kind, matrices of three blocks, the last not whole: as the plain backend', async (method) => {
    const s = wide(method, false, 29, 1101);
    const [here, there] = [await computed(plainBackend(), s), await computed(await native(), s)];
    expect(Math.abs(there.loss.total - here.loss.total) / here.loss.total).toBeLessThan(LIMIT);
    expect(difference(there.gradient, here.gradient)).toBeLessThan(LIMIT);
  });

  test('parameters: Adam, momentum, clamping, lengths, places as on the host; rows of zeros stay', async () => {
    const backend = await native();
    const after = await Promise.all([plainBackend(), backend].map(updated));
    expect(difference(after[1]!, after[0]!)).toBeLessThan(LIMIT);
    expect(Math.abs(after[0]!.all[0]![0]!)).toBeGreaterThan(1e-3);
    const rows = tableOf(backend, 2, 3);
    rows.data.set([0, 3, 4], rows.stride);
    backend.normalize(rows);
    expect([...rows.data.subarray(0, 11)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, Math.fround(0.6), Math.fround(0.8)]);
  });

  /** Thresholds by which about one latent in two, or one in fifty, is active. */
  test.each([
    ['every other latent', 0, 7],
    ['few', 2.5, 1],
  ])('%s active: the way products go, and the same latents, counts, marks and sums', async (_, threshold, products) => {
    let calls = 0;
    const counting = await changed(() => calls++);
    const [inputs, neurons, width] = [13, 523, 21];
    const run = async (backend: Backend) => {
      const [x, we] = [drawn(backend, inputs, width, 1), drawn(backend, neurons, width, 2)];
      const above = backend.floats(528).fill(threshold);
      const l = backend.latents(inputs, neurons);
      backend.encodeAbove({ x, we, bias: backend.floats(528), z: tableOf(backend, inputs, neurons) }, above, l);
      const out = drawn(backend, inputs, width, 3);
      const pulled = backend.coefficients(l);
      const last = backend.integers(neurons);
      const sums = backend.sums(3);
      const into = backend.floats(528);
      backend.decode(l, -1, we, out);
      backend.pull(l, out, we, 0.5, 0.25, pulled);
      backend.scatter(l, 0.125, pulled, out, we);
      backend.tally(l, pulled, { plus: 0, divisor: 1 }, into);
      backend.tally(l, pulled, { scale: above, plus: 0.5, divisor: -2 }, into);
      backend.count(l, { sums, at: 0 });
      backend.total(l, { sums, at: 1 });
      backend.squares(out, { sums, at: 2 });
      backend.mark(l, 9, last);
      await backend.fetch(l, sums);
      return { numbers: { sums: [[...sums]], out: [[...out.data]], we: [[...we.data]], into: [[...into]] }, l, last };
    };
    const [expected, found] = [await run(plainBackend()), await run(kept(nativeOn(counting)))];
    expect(calls).toBe(products);
    expect(listed(found.l)).toEqual(listed(expected.l));
    expect([...found.last]).toEqual([...expected.last]);
    expect(new Set(found.last)).toEqual(threshold === 0 ? new Set([9]) : new Set([0, 9]));
    expect(difference(found.numbers, expected.numbers)).toBeLessThan(LIMIT);
    expect(found.numbers.sums[0]![0]).toBe(expected.numbers.sums[0]![0]);
  });

  test('latents taken back as a list go on as one', async () => {
    const backend = await native();
    const [x, we] = [drawn(backend, 4, 8, 1), drawn(backend, 16, 8, 2)];
    const l = backend.latents(4, 16);
    const from = { x, we, bias: backend.floats(16), z: tableOf(backend, 4, 16) };
    const [before, after] = [tableOf(backend, 4, 8), tableOf(backend, 4, 8)];
    backend.encodeAbove(from, backend.floats(16), l);
    backend.decode(l, 1, we, before);
    await backend.fetch(l);
    backend.decode(l, 1, we, after);
    expect(difference({ after: [[...after.data]] }, { after: [[...before.data]] })).toBeLessThan(LIMIT);
    expect(Math.abs(after.data[0]!)).toBeGreaterThan(1e-3);
  });

  test.each([
    { m: 3, n: 5, k: 4, alpha: -0.75 },
    { m: 3, n: 5, k: 4, alpha: 2, transA: true, plus: 'row' as const },
    { m: 1, n: 7, k: 300, alpha: 1, transB: true, plus: 'all' as const },
    { m: 130, n: 1, k: 2, alpha: 0.1, transA: true, transB: true },
  ])('a product of its own: %j', async (g) => {
    const runtime = await openRuntime();
    const { m, n, k, alpha, transA, transB, plus } = { transA: false, transB: false, plus: undefined, ...g };
    const floats = (salt: number, length: number) => Float32Array.from({ length }, (_, at) => draw(salt, at));
    const [a, b, y] = [floats(1, m * k), floats(2, k * n), new Float32Array(m * n)];
    const c = plus === undefined ? undefined : floats(3, plus === 'row' ? n : m * n);
    runtime.gemm(g, { a, b, y, ...(c && { c }) });
    runtime.close();
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = c ? c[plus === 'row' ? j : i * n + j]! : 0;
        for (let t = 0; t < k; t++)
          sum += alpha * a[transA ? t * m + i : i * k + t]! * b[transB ? j * k + t : t * n + j]!;
        expect(Math.abs(y[i * n + j]! - sum)).toBeLessThan(1e-4);
      }
    }
  });
});
