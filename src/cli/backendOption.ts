/** --backend of the commands that train. */
import type { BackendName } from '../train/backend/backend.ts';
import { fail } from './problem.ts';

export const BACKENDS: readonly BackendName[] = ['wasm', 'plain', 'webgpu', 'node-gpu'];

export const backendNamed = (text: string): BackendName =>
  BACKENDS.find((name) => name === text) ??
  fail('bad-arguments', { file: '--backend' }, BACKENDS.join(', '), JSON.stringify(text));
