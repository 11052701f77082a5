import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

async function hasRealInput(data: string, required: string): Promise<boolean> {
  vi.resetModules(); // The path is read when the module is loaded.
  vi.stubEnv('DICTUM_DATA', data);
  vi.stubEnv('DICTUM_REQUIRE_DATA', required);
  return (await import('./realInput.ts')).hasRealInput();
}

test('the real input may be missing on a user machine, where the tests that need it skip', async () => {
  expect(await hasRealInput('/no/such/file.json', '')).toBe(false);
  expect(await hasRealInput(import.meta.filename, '')).toBe(true);
});

test('the real input may not be missing where it is required, lest a skip look like a pass', async () => {
  await expect(hasRealInput('/no/such/file.json', '1')).rejects.toThrow('/no/such/file.json');
  expect(await hasRealInput(import.meta.filename, '1')).toBe(true);
});
