/** No package, no adapter: what the commands say, whatever this machine has. */
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('webgpu');
  vi.resetModules();
});

const open = async (): Promise<unknown> =>
  (await import('../../../../src/train/backend/webgpu/adapter.ts')).openDevice().catch((thrown: unknown) => thrown);

test('without the package: which one', async () => {
  vi.doMock('webgpu', () => {
    throw new Error('Cannot find package');
  });
  expect(await open()).toMatchObject({
    code: 'no-adapter',
    path: '$.backend',
    expected: 'the optional package webgpu 0.6.2 (npm install webgpu@0.6.2)',
  });
});

test('without an adapter: what would be one, and which backend needs none', async () => {
  vi.doMock('webgpu', () => ({ create: () => ({ requestAdapter: () => Promise.resolve(null) }) }));
  expect(await open()).toMatchObject({
    code: 'no-adapter',
    expected: 'a GPU that Vulkan, Metal or Direct3D 12 can reach; the backend wasm needs none',
    found: 'no adapter',
  });
});
