/** The moving picture below a saddle: from where the certificate is, and always downwards. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { landscape } from '../../../src/browser.ts';
import { explain } from '../../../src/explain/explain.ts';
import { sha256 } from '../../../src/library/sha256.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { stateOf } from '../../../web/state/link.ts';
import { instanceOf } from '../../../web/state/scene.ts';
import { type WayDown, wayDown } from '../../../web/worker/wayDown.ts';

function downFrom(certificate: string): WayDown | undefined {
  const found = explain(certificate, CLAIMS, sha256);
  if (!('asked' in found) || found.subject.format !== 'dictum/instance@1') throw new Error('no certificate');
  return wayDown(found.subject, found.argument);
}

const folder = new URL('../../../certificates/T6-saddle/', import.meta.url);
const published = readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const);
const holding = published.filter(([, text]) => (JSON.parse(text) as { verdict: string }).verdict === 'holds');

describe('the way down from a saddle', () => {
  test.each(holding)('%s', (_, text) => {
    const down = downFrom(text);
    const losses = down?.frames.map(({ loss }) => loss) ?? [];
    expect(losses.length).toBe(90);
    expect(losses.every((loss, k) => k === 0 || loss <= (losses[k - 1] as number))).toBe(true);
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  });

  test('two targets that are opposite: from 2 to 1, the live neuron for one of them', () => {
    const down = downFrom(published.find(([file]) => file.includes('antipodal-targets'))?.[1] ?? '');
    expect(down?.frames[0]?.loss).toBeCloseTo(2, 9);
    expect(down?.frames.at(-1)?.loss).toBeLessThan(1 + 1e-6);
    expect(down?.rests).toBe(true);
  });

  test('there is none from a minimum', () => {
    const scene = instanceOf(stateOf('#plane&f=a:1,0;b:0,1&p=1,2;').scene);
    const [entry] = landscape(scene, { patterns: [scene.pattern ?? []], certificates: true }).patterns;
    expect(entry?.class).toBe('local-minimum');
    expect(downFrom(entry?.certificate ?? '')).toBeUndefined();
  });
});
