/** Small problems and plain numbers for the tests of the trainer and of landings. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import { type SdlProblem, sdlProblem } from '../../src/landing/runs/problem.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const suiteFolder: string = fileURLToPath(new URL('../../regress', import.meta.url));

/** An instance of the committed suite. */
export const suiteInstance = (name: string): Instance =>
  readInstance(new Node(parseJson(readFileSync(`${suiteFolder}/instances/${name}.json`, 'utf8'))));

export function problemOf(m: Instance): SdlProblem {
  const p = sdlProblem(m);
  if (!p) throw new Error(`${m.name} has no training step`);
  return p;
}

/** A multiple of 1/8 in [-2, 2): products of a few of them are exact in floats. */
export const eighth = (random: () => number): number => Math.floor(random() * 32) / 8 - 2;
