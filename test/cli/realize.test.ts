import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpora, dictum, folder } from './run.ts';

/** The four directions of theory.md, T8: w_1 = 169/119 w_2 + 120/119 w_3. */
const four = {
  format: 'dictum/instance@1',
  name: 'four directions',
  features: [
    { label: 'high', wp: ['12/13', '5/13'] },
    { label: 'low', wp: ['12/13', '-5/13'] },
    { label: 'up, left', wp: ['-5/13', '12/13'] },
    { label: 'down', wp: ['-5/13', '-12/13'] },
  ],
  activation: { kind: 'relu' },
  neurons: 1,
  pattern: [[1, 2]],
};

function file(instance: object): string {
  const path = join(folder(), 'instance.json');
  writeFileSync(path, JSON.stringify(instance));
  return path;
}
const at = file(four);

const json = (...args: readonly string[]): Record<string, unknown> => {
  const { code, out } = dictum(['realize', ...args, '--json']);
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
};

describe('answers', () => {
  test("realizable: the instance's own pattern, an encoder row per neuron", () => {
    const answer = json(at) as { we: [string, string][] };
    expect(answer).toMatchObject({ format: 'dictum/realize@1', realizable: true });
    expect(answer.we).toHaveLength(1);
    expect(Object.keys(answer)).toEqual(['format', 'realizable', 'we']);
  });

  test('not realizable: the Farkas vector of issue 2, character by character', () => {
    const { out } = dictum(['realize', at, '--pattern', '1', '--json']);
    expect(out).toBe(
      '{"format":"dictum/realize@1","realizable":false,"neuron":1,"farkas":{"on":[{"feature":1,"weight":"1"}],' +
        '"off":[{"feature":2,"weight":"169/119"},{"feature":3,"weight":"120/119"}]}}\n',
    );
  });

  test('in words', () => {
    const { out } = dictum(['realize', at, '--pattern', ';low,down;high']);
    expect(out).toContain('neuron 3 cannot be active on {high} and on nothing else:\n');
    expect(out).toContain('    high = 169/119 low + 120/119 "up, left"\n');
    expect(dictum(['realize', at]).out).toMatch(/^realizable: .*\n {2}neuron 1 \{high, low\}: \(\d+, -?\d+\)\n$/);
  });

  test('the pattern tells how many neurons there are; an empty entry is a dead one', () => {
    expect((json(at, '-p', '1,2;;low,high') as { we: unknown[] }).we).toHaveLength(3);
    expect((json(at, '-p', '') as { we: unknown[] }).we).toHaveLength(1);
    expect((json(at, '-p', ';') as { we: unknown[] }).we).toHaveLength(2);
  });

  test('topk: over capacity, and inequalities of several neurons', () => {
    const topk = file({ ...four, activation: { kind: 'topk', k: 1 } });
    expect(json(topk, '-p', '1,2;2')).toEqual({ format: 'dictum/realize@1', realizable: false, capacity: 'exceeded' });
    expect(dictum(['realize', topk, '-p', '1,2;2']).out).toContain('topk lets at most 1 neuron through');
    const joint = json(topk, '-p', '1;') as { farkas: { rows: { kind: string }[] } };
    expect(joint.farkas.rows.length).toBeGreaterThan(0);
    expect(dictum(['realize', topk, '-p', '1;']).out).toContain('inequalities that the pattern needs add up to 0 > 0');
  });

  test('gated: gates and biases beside the encoder', () => {
    expect(json(file({ ...four, activation: { kind: 'gated' } }), '-p', '1,2')).toMatchObject({
      gate: [{}],
      bias: [{}],
    });
  });

  test('repeated and opposite directions', () => {
    const pair = (a: string[], b: string[]): string =>
      file({
        ...four,
        features: [
          { label: 'a', wp: a },
          { label: 'b', wp: b },
        ],
        pattern: [[1]],
      });
    expect(json(pair(['1', '2'], ['1/3', '2/3']))).toMatchObject({
      realizable: false,
      farkas: { on: [{ feature: 1, weight: '1' }], off: [{ feature: 2, weight: '3' }] },
    });
    const opposite = pair(['1', '2'], ['-1', '-2']);
    expect(json(opposite)).toMatchObject({ realizable: true });
    expect(json(opposite, '-p', 'a,b')).toMatchObject({ farkas: { off: [] } });
    expect(dictum(['realize', opposite, '-p', 'a,b']).out).toMatch(/ = 0\n/);
  });

  test.each([3, 8, 15])('the ill-conditioned pair, N = 1e%i', (power) => {
    const N = 10n ** BigInt(power);
    const features = [
      [N, N - 1n],
      [-N - 1n, -N],
    ].map((w, d) => ({ label: `w${d}`, wp: w.map(String) }));
    expect(json(file({ ...four, features }))).toMatchObject({ realizable: true });
  });
});

describe('replaying: what is printed is right by arithmetic written here', () => {
  const coordinate = fc.integer({ min: -4, max: 4 });
  const directions = fc
    .array(
      fc.tuple(coordinate, coordinate, coordinate).filter((w) => w.some((x) => x !== 0)),
      { minLength: 1, maxLength: 6 },
    )
    .chain((ws) =>
      fc.record({
        ws: fc.constant(ws),
        set: fc.subarray(
          ws.map((_, d) => d + 1),
          { minLength: 1 },
        ),
      }),
    );

  test('one ReLU neuron, small integers', () => {
    fc.assert(
      fc.property(directions, ({ ws, set }) => {
        const features = ws.map((w, d) => ({ label: `w${d}`, wp: w.map(String) }));
        const answer = json(file({ ...four, features, pattern: [set] })) as {
          we?: string[][];
          farkas?: Record<'on' | 'off', { feature: number; weight: string }[]>;
        };
        if (answer.we) {
          const e = answer.we[0]!.map(Number);
          expect(ws.flatMap((w, d) => (w.reduce((z, x, k) => z + x * e[k]!, 0) > 0 ? [d + 1] : []))).toEqual(set);
          return;
        }
        const { on, off } = answer.farkas!;
        expect(on.every((t) => set.includes(t.feature)) && !off.some((t) => set.includes(t.feature))).toBe(true);
        const weight = (text: string): number =>
          text
            .split('/')
            .map(Number)
            .reduce((a, b) => a / b);
        const side = (terms: typeof on): number[] =>
          [0, 1, 2].map((k) => terms.reduce((s, t) => s + weight(t.weight) * ws[t.feature - 1]![k]!, 0));
        side(on).forEach((x, k) => {
          expect(x).toBeCloseTo(side(off)[k]!, 9);
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('refused', () => {
  const cases: readonly [string, string, string][] = [
    ['5', 'unknown-feature', '--pattern: expected a number from 1 to 4, or a label, found "5" (unknown-feature)'],
    ['0', 'unknown-feature', 'found "0"'],
    ['queen', 'unknown-feature', '--pattern: expected a label, as "high", "low", "up, left", found "queen"'],
    ['1,1', 'bad-pattern', '--pattern: expected each feature once in a set, found 1 twice (bad-pattern)'],
    ['1,,3', 'bad-pattern', 'expected a name on both sides of ","'],
    ['1,', 'bad-pattern', 'expected a name on both sides of ","'],
    ['"low', 'bad-pattern', 'names separated by "," and ";"'],
    ['"low"x', 'bad-pattern', 'names separated by "," and ";"'],
  ];
  test.each(cases)('--pattern %j: %s', (pattern, code, message) => {
    const { code: exit, err, out } = dictum(['realize', at, '--pattern', pattern, '--json']);
    expect(exit).toBe(2);
    expect(err).toContain(message);
    expect(JSON.parse(out)).toMatchObject({ format: 'dictum/error@1', code, file: '--pattern' });
  });

  test('digits that are the label of another feature', () => {
    const labelled = file({ ...four, features: four.features.map((f, d) => ({ ...f, label: `${d + 2}` })) });
    const { code, err } = dictum(['realize', labelled, '--pattern', '3']);
    expect(code).toBe(2);
    expect(err).toBe(
      '--pattern: expected a number or a label, found 3, label of number 2 (ambiguous-feature)\n' +
        '  Write the label in double quotes.\n',
    );
    expect(json(labelled, '-p', '"3"')).toEqual(json(at, '-p', '2'));
  });

  test('no pattern anywhere; no file; too many arguments', () => {
    const { pattern: _, ...without } = four;
    expect(dictum(['realize', file(without)]).err).toContain(
      '$.pattern: expected a pattern, here or as --pattern, found none',
    );
    expect(dictum(['realize'])).toMatchObject({ code: 2 });
    expect(dictum(['realize', at, at]).err).toContain('too many arguments');
  });
});

test('standard input', () => {
  const text = readFileSync(join(corpora, 'valid', 'instance-relu.json'), 'utf8');
  expect(dictum(['realize', '-', '--json'], { input: text }).out).toContain('"realizable":true');
});
