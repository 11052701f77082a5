/**
 * Must agree: on 1,000 random instances the exact decision of one neuron's set and a route in NumPy and SciPy that shares no code with it
 * (test/tools/landscape_float.py), wherever that route is not at a tie. Every exact answer is replayed by the kernel besides.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { judge, not } from '../../../src/kernel/proof/goal.ts';
import { criticalRows, deadRow, pointDocument } from '../../../src/solve/landscape/criticalPoints.ts';
import { toFloat } from '../../../src/solve/landscape/eigenvector.ts';
import { analyseSet, facesDocument } from '../../../src/solve/landscape/faces.ts';
import { refusal } from '../../../src/solve/proofs/replay.ts';
import { instance } from '../../kernel/read.ts';
import { drawn } from './cases.ts';

const TOOL = join(import.meta.dirname, '../../tools/landscape_float.py');
const COUNT = 1000;

/** A Python with NumPy and SciPy: $DICTUM_PYTHON, or python3. */
const python = [process.env.DICTUM_PYTHON ?? '', 'python3'].find(
  (name) => name !== '' && spawnSync(name, ['-c', 'import numpy, scipy']).status === 0,
);
if (!python && process.env.DICTUM_REQUIRE_PYTHON === '1') throw new Error('no Python with numpy and scipy');

test.skipIf(!python)('agrees with NumPy and SciPy on 1,000 random instances', { timeout: 300_000 }, () => {
  const cases = [...drawn(COUNT, 3)];
  const tasks = cases.map(({ wp, wr, weights, set }) => JSON.stringify({ w: wp, r: wr, M: weights, F: set }));
  const ran = spawnSync(python as string, [TOOL], { input: tasks.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(ran.stderr).toBe('');
  const floats = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { margin: number; rows: number[] });
  expect(floats.length).toBe(COUNT);
  const counts = { ties: 0, none: 0, some: 0 };
  cases.forEach(({ set, ...plain }, k) => {
    const { margin, rows } = floats[k]!;
    const m = instance({ ...plain, neurons: 1 });
    const analysis = analyseSet(m, set);
    const found = criticalRows(analysis);
    const none = facesDocument(analysis, false);
    const name = `case ${k}: ${JSON.stringify({ ...plain, set })}`;
    if (none) {
      const proof = { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: none.faces }] };
      expect(refusal(not(judge({ predicate: 'critical', pattern: [set], as: 'any' })), proof, m), name).toBeUndefined();
    }
    for (const row of found) {
      const point = { m, pattern: [set], live: [row], dead: deadRow(m).e, deadKinks: [] };
      const proof = { rule: 'critical-point', ...pointDocument(point, Vector.zero(m.nr)) };
      expect(refusal(judge({ predicate: 'critical', pattern: [set], as: 'any' }), proof, m), name).toBeUndefined();
    }
    expect(found.length > 0 || none !== undefined, name).toBe(true);
    if (margin < 1e-6) {
      counts.ties++;
      return;
    }
    counts[none ? 'none' : 'some']++;
    const exact = found.map(({ lambda }) => toFloat(lambda.from)).sort((a, b) => a - b);
    expect(exact.length, name).toBe(rows.length);
    exact.forEach((value, i) => {
      expect(Math.abs(value - rows[i]!), name).toBeLessThan(1e-6 * Math.max(1, value));
    });
  });
  console.log('float route:', JSON.stringify(counts));
  expect(counts.some).toBeGreaterThan(100);
  expect(counts.none).toBeGreaterThan(100);
});
