/** The backend node-gpu without its package, without a device, and which way its products go. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, expect, test, vi } from 'vitest';
import { type Latents, tableOf } from '../../../src/train/backend/backend.ts';
import { hostBackend } from '../../../src/train/backend/host.ts';
import { type TensorFlow, tensorFlowKernels } from '../../../src/train/backend/nodeGpu.ts';
import { plainKernels } from '../../../src/train/backend/plain.ts';
import { wasmKernels } from '../../../src/train/backend/wasm.ts';

afterEach(() => {
  vi.doUnmock('@tensorflow/tfjs-node-gpu');
  vi.resetModules();
});

const open = async (): Promise<unknown> => {
  const { nodeGpuBackend } = await import('../../../src/train/backend/nodeGpu.ts');
  return nodeGpuBackend(wasmKernels()).catch((thrown: unknown) => thrown);
};

test('without the package: which one, and what it needs', async () => {
  expect(await open()).toMatchObject({
    code: 'no-adapter',
    path: '$.backend',
    expected:
      'the package @tensorflow/tfjs-node-gpu 4.22.0 (npm install @tensorflow/tfjs-node-gpu@4.22.0), on Node 20 or 22, with CUDA 11 and cuDNN 8',
    found: expect.stringContaining('@tensorflow/tfjs-node-gpu') as string,
  });
});

test('with the package and no device: refused, not computed on the CPU', async () => {
  vi.doMock('@tensorflow/tfjs-node-gpu', () => ({ default: { backend: () => ({ isUsingGpuDevice: false }) } }));
  expect(await open()).toMatchObject({ code: 'no-adapter', expected: 'a CUDA device' });
});

test('with a device: a backend of that name', async () => {
  vi.doMock('@tensorflow/tfjs-node-gpu', () => ({ default: { ...tf, backend: () => ({ isUsingGpuDevice: true }) } }));
  expect(await open()).toMatchObject({ name: 'node-gpu', device: 'CUDA, through TensorFlow' });
  // 32-bit products, not 19-bit ones.
  expect(process.env.NVIDIA_TF32_OVERRIDE).toBe('0');
});

test.each([
  ['every latent: on the device', 1, 4],
  ['one of sixteen: on the host, but for the encoder', 16, 1],
])('%s; the results are those of plain loops', (_, step, products) => {
  let called = 0;
  const counting: TensorFlow<tf.Tensor> = {
    tensor2d: (values, shape) => tf.tensor2d(values, shape),
    matMul: (a, b, ...turned) => {
      called++;
      return tf.matMul(a, b, ...turned);
    },
    tidy: (work) => {
      let result: ReturnType<typeof work> | undefined;
      tf.tidy(() => {
        result = work();
      });
      return result as ReturnType<typeof work>;
    },
  };
  const [inputs, neurons, width] = [5, 32, 11];
  const run = (kernels: ReturnType<typeof plainKernels>): number[][] => {
    const backend = hostBackend(kernels);
    const filled = (rows: number, columns: number, phase: number) => {
      const t = tableOf(backend, rows, columns);
      for (let b = 0; b < rows; b++)
        for (let k = 0; k < columns; k++) t.data[b * t.stride + k] = Math.sin(phase + 7 * b + 3 * k);
      return t;
    };
    const [x, we] = [filled(8, width, 1), filled(neurons, width, 2)];
    const z = tableOf(backend, 8, neurons);
    const bias = kernels.floats(neurons);
    bias.fill(0.25);
    kernels.encode(inputs, x, we, bias, z);
    const l: Latents = backend.latents(inputs, neurons);
    let t = 0;
    for (let b = 0; b < inputs; b++) {
      l.start[b] = t;
      for (let i = b % 3; i < neurons; i += step) {
        l.index[t] = i;
        l.value[t] = Math.cos(t);
        t++;
      }
    }
    l.start[inputs] = t;
    const [out, into] = [filled(inputs, width, 4), filled(neurons, width, 5)];
    const pulled = backend.coefficients(l);
    kernels.decode(l, l.value, we, out);
    kernels.pull(l, out, we, pulled);
    kernels.scatter(l, l.value, out, into);
    const rows = Array.from({ length: inputs }, (_, b) => [...z.data.subarray(b * z.stride, b * z.stride + neurons)]);
    return [rows.flat(), [...out.data], [...pulled.subarray(0, t)], [...into.data]];
  };
  const found = run(tensorFlowKernels(counting, wasmKernels()));
  expect(called).toBe(products);
  for (const [k, values] of run(plainKernels()).entries()) {
    for (const [at, value] of values.entries()) expect(Math.abs(value - found[k]![at]!)).toBeLessThan(1e-4);
  }
});
