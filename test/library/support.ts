import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InstanceDocument } from '../../src/index.ts';

const repository: string = fileURLToPath(new URL('../..', import.meta.url));
export const text = (path: string): string => readFileSync(`${repository}/${path}`, 'utf8');

/** That of the README. */
export const three: InstanceDocument = {
  format: 'dictum/instance@1',
  name: 'a direction between two others',
  features: [
    { label: 'north', wp: ['0', '1'] },
    { label: 'east', wp: [1, 0n] },
    { label: 'between', wp: ['4/5', '0.6'] },
  ],
  activation: { kind: 'relu' },
  neurons: 1,
  pattern: [[2, 3]],
};
