/** The WGSL backend: the same parity test as the host's, larger sizes against the plain backend, and errors planted in kernels. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, tableOf } from '../../../../src/train/backend/backend.ts';
import { plainBackend } from '../../../../src/train/backend/plain.ts';
import { openDevice } from '../../../../src/train/backend/webgpu/adapter.ts';
import { commandsOf } from '../../../../src/train/backend/webgpu/device.ts';
import { backendOn } from '../../../../src/train/backend/webgpu/webgpu.ts';
import type { Method } from '../../../../src/train/methods/method.ts';
import { adapter, counted } from '../../adapter.ts';
import { cases, difference, exact, LIMIT } from '../../exactSmall.ts';
import { computed, small, updated, WIDE, wide } from '../../small.ts';
import { planted } from './planted.ts';

let edit = (_: string, code: string): string => code;
let gpu: Backend;
async function backendWith(change: (name: string, code: string) => string): Promise<Backend> {
  const { device, name } = await openDevice();
  return backendOn(planted(commandsOf(device), change), name);
}

describe.skipIf(adapter === undefined)('on a device', () => {
  counted();
  beforeAll(async () => {
    gpu = await backendWith((name, code) => edit(name, code));
  });
  afterAll(() => gpu.close());

  test.each(cases)(
    '$variant, $name: loss and gradients agree with exact arithmetic',
    async ({ method, variant, seed }) => {
      const s = small(method, variant, seed);
      const expected = exact(s);
      const { loss, gradient } = await computed(gpu, s);
      expect(Math.abs(loss.total - expected.loss) / expected.loss).toBeLessThan(LIMIT);
      expect(difference(gradient, expected.gradient)).toBeLessThan(LIMIT);
    },
  );

  /** Kernels by the method that runs them, and the text whose sign is turned. */
  const PLANTS: readonly (readonly [Method['kind'], string, string, string])[] = [
    ['relu', 'encode-above', 'let pre = value', 'let pre = -value'],
    ['relu', 'decode', 'select(vec4f(0), value', 'select(vec4f(0), -value'],
    ['relu', 'decode-sum', 'p.factor * own', '-p.factor * own'],
    ['relu', 'pull', 'p.factor * value', '-p.factor * value'],
    ['relu', 'scatter', 'p.factor * value', '-p.factor * value'],
    ['relu', 'tally', 'out[i] +=', 'out[i] -='],
    ['relu', 'shift', '- bias', '+ bias'],
    ['relu', 'sum-down', 'out[i] +=', 'out[i] -='],
    ['relu', 'weighted-down', 'weight[b] * x[j]', '-weight[b] * x[j]'],
    ['jumprelu', 'encode-near', 'let pre = value', 'let pre = -value'],
    ['jumprelu', 'tally-scaled', 'scale[i] * all.x', '-scale[i] * all.x'],
    ['topk', 'encode', 'let pre = value', 'let pre = -value'],
    ['topk', 'fill', 'value_of[t] = z', 'value_of[t] = -z'],
    ['topk', 'sparse-decode', 'p.factor * own', '-p.factor * own'],
    ['topk', 'sparse-pull', 'p.factor * room', '-p.factor * room'],
    ['topk', 'sparse-scatter', 'p.factor * own', '-p.factor * own'],
    ['topk', 'sparse-tally', 'out[j] +=', 'out[j] -='],
    ['matryoshka', 'add', 'out[j] +=', 'out[j] -='],
    ['gated', 'open', '+ magnitude_bias', '- magnitude_bias'],
    ['gated', 'through-gates', '- magnitude_bias', '+ magnitude_bias'],
  ];
  test.each(PLANTS)('%s: a sign error planted in the kernel %s is caught', async (kind, kernel, right, wrong) => {
    const { method, seed } = cases.find((one) => one.method.kind === kind)!;
    const s = small(method, kernel === 'weighted-down' ? 'sae, b_d subtracted' : 'sae', seed);
    const expected = exact(s);
    let plants = 0;
    edit = (name, code) => {
      if (name !== kernel || !code.includes(right)) return code;
      plants++;
      return code.replaceAll(right, wrong);
    };
    const { gradient } = await computed(gpu, s);
    edit = (_, code) => code;
    expect(plants).toBeGreaterThan(0);
    expect(difference(gradient, expected.gradient)).toBeGreaterThan(100 * LIMIT);
  });

  test('a kernel that does not compile is told at the next result', async () => {
    const broken = await backendWith((name, code) => (name === 'add' ? code.replace('+=', '+*=') : code));
    const t = tableOf(broken, 2, 2);
    broken.add(t, tableOf(broken, 2, 2));
    await expect(broken.fetch(t.data)).rejects.toThrow('expected a device until the end of the run');
    broken.close();
  });

  test.each(WIDE.flatMap((method) => [true, false].map((few) => [method, few] as const)))(
    '%j, many blocks, many equal values: %s: as the plain backend',
    async (method, few) => {
      const s = wide(method, few);
      const [here, there] = [await computed(plainBackend(), s), await computed(gpu, s)];
      expect(Math.abs(there.loss.total - here.loss.total) / here.loss.total).toBeLessThan(LIMIT);
      expect(difference(there.gradient, here.gradient)).toBeLessThan(LIMIT);
    },
  );

  test('parameters: Adam, momentum, clamping, lengths, places as on the host', async () => {
    const after = await Promise.all([plainBackend(), gpu].map(updated));
    expect(difference(after[1]!, after[0]!)).toBeLessThan(LIMIT);
    expect(Math.abs(after[0]!.all[0]![0]!)).toBeGreaterThan(1e-3);
  });
});
