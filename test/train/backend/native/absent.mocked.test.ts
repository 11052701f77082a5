/** The backend native without its package, with another version, with a package that multiplies otherwise: refused, whatever this machine has. */
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('onnxruntime-node');
  vi.doUnmock('onnxruntime-node/dist/binding.js');
  vi.resetModules();
});

const open = async (): Promise<unknown> =>
  (await import('../../../../src/train/backend/open.ts'))
    .openBackend('native', (await import('../../../../src/train/backend/wasm.ts')).wasmKernels())
    .catch((thrown: unknown) => thrown);

const packageIs = (version: string, run: () => void): void => {
  vi.doMock('onnxruntime-node', () => ({ Tensor: class {}, env: { versions: { node: version } } }));
  vi.doMock('onnxruntime-node/dist/binding.js', () => ({
    initOrt: () => undefined,
    binding: {
      InferenceSession: class {
        loadModel = (): void => undefined;
        run = run;
      },
    },
  }));
};

const NEEDS = 'the optional package onnxruntime-node 1.30.0 (npm install onnxruntime-node@1.30.0 --ignore-scripts)';

test('without the package: which one', async () => {
  vi.doMock('onnxruntime-node', () => {
    throw new Error('Cannot find package');
  });
  expect(await open()).toMatchObject({ code: 'no-adapter', path: '$.backend', expected: NEEDS });
});

test('another version: refused, as its inner calls may be others', async () => {
  packageIs('1.31.0', () => undefined);
  expect(await open()).toMatchObject({ code: 'no-adapter', expected: NEEDS, found: 'onnxruntime-node 1.31.0' });
});

test('this version, but products that are none: refused', async () => {
  packageIs('1.30.0', () => undefined);
  expect(await open()).toMatchObject({ code: 'no-adapter', found: 'onnxruntime-node multiplies to 1,1,1,1' });
});
