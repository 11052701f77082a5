import { describe, expect, test } from 'vitest';
import { arms, type Size, sizeOf } from '../../bench/truth/arms.ts';
import { plotOf } from '../../bench/truth/plot.ts';
import { tablesOf } from '../../bench/truth/tables.ts';
import { enterConfig } from '../../src/commands/train/readConfig.ts';

describe.each(['tenth', 'full'] as const)('the models of the study, %s', (size: Size) => {
  const all = arms(size);

  test('are configurations that dictum train takes, of different names', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ config }) => JSON.stringify(config))).size).toBe(all.length);
    for (const { name, config } of all) {
      const entered = enterConfig(JSON.stringify({ format: 'dictum/train@1', name, ...config }), name);
      expect(entered.data).toMatchObject({ kind: 'synth', seed: 1, features: size === 'full' ? 16_384 : 1638 });
    }
    expect(sizeOf(all.map(({ name }) => name))).toBe(size);
  });

  test('each stands in a table and in the picture, by what its runs found', () => {
    const runs = all.map(({ name }, k) => ({ model: name, seed: 1, values: { fvu: (k + 1) / 100, f1: null } }));
    const alike = [{ model: 'topk', a: 1, b: 2, mcc: 0.25, signed: 0.2, rest: 0.125 }];
    const tables = tablesOf(runs, alike);
    const picture = plotOf(runs, alike);
    all.forEach(({ name }, k) => {
      expect(tables).toContain(`| ${name} | ${((k + 1) / 100).toFixed(3)} |`);
      expect(picture).toContain(`>${name}</text>`);
    });
    expect(tables).toContain('| 0.250 | 0.125 |');
    expect(tables).toContain('not run: none');
    expect(tablesOf(runs.slice(2), [])).toContain(`not run: ${all[0]!.name}, ${all[1]!.name}`);
  });
});

test('other steps than those of the size', () => {
  for (const { config } of arms('tenth', 40)) {
    expect(config).toMatchObject({ steps: 40, checkpointEvery: 10 });
  }
});
