/** --backend of the commands that train. */

import { fail } from '../../terminal/problem.ts';
import type { BackendName } from '../../train/backend/backend.ts';

export const BACKENDS: readonly BackendName[] = ['wasm', 'plain', 'native', 'webgpu', 'node-gpu'];

export const backendNamed = (text: string): BackendName =>
  BACKENDS.find((name) => name === text) ??
  fail('bad-arguments', { file: '--backend' }, BACKENDS.join(', '), JSON.stringify(text));
