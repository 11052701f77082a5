/** The committed suite for benches: each instance once, as it is trained without anchors and without resampling. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../src/kernel/model/instance.ts';
import type { Suite } from '../src/landing/match/regress.ts';
import { DEFAULTS, type Settings } from '../src/landing/runs/settings.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Under ReLU or JumpReLU; with `only`, those of these names. */
export function* byRows(only: readonly string[]): Generator<{ name: string; m: Instance; settings: Settings }> {
  const suite = JSON.parse(readFileSync(at('../regress/suite.json'), 'utf8')) as Suite;
  const seen = new Set<string>();
  for (const { instance: file, optimizer, rate, seed, anchors, resample } of suite.entries) {
    const name = basename(file, '.json');
    if (seen.has(name) || anchors !== undefined || resample !== undefined) continue;
    if (only.length > 0 && !only.includes(name)) continue;
    seen.add(name);
    const m = readInstance(new Node(parseJson(readFileSync(at(`../regress/${file}`), 'utf8'))));
    if (['relu', 'jumprelu'].includes(m.activation.kind))
      yield { name, m, settings: { ...DEFAULTS, optimizer, rate, seed } };
  }
}
