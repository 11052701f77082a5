/** What commands print in words of their own: traps, gates, and how many neurons there are. */
import { expect, test } from 'vitest';
import { landscapeText } from '../../src/commands/landscape/text.ts';
import { patternsText } from '../../src/commands/patterns/text.ts';
import { answerText } from '../../src/commands/realize/text.ts';
import { outcomeOf } from '../../src/solve/landscape/outcome.ts';
import type { Entry } from '../../src/solve/landscape/survey.ts';
import { realize } from '../../src/solve/realize/realize.ts';
import { instance } from '../kernel/read.ts';

const entry = (rest: Partial<Entry>): Entry => ({
  pattern: [[1, 2], []],
  verdict: 'critical',
  stationary: true,
  gradients: 'zero',
  class: 'local-minimum',
  loss: { exact: '1' },
  eigenvalues: [],
  ...rest,
});
const isTrap = (of: Entry): boolean => outcomeOf(of) === 'trap';
const labels = [{ label: 'dog' }, { label: 'cat' }];

test.each(['local-minimum', 'face-minimum'] as const)('a %s of loss 0 is a global minimum, and no trap', (word) => {
  const zero = entry({ class: word, loss: { exact: '0' } });
  expect([isTrap(zero), isTrap(entry({ class: word })), isTrap(entry({ class: 'saddle' }))]).toEqual([
    false,
    true,
    false,
  ]);
  const text = landscapeText([zero, entry({ class: word })], false, labels);
  expect(text).toContain('({dog, cat},{})  global-minimum  0');
  expect(text).toContain(`2 patterns: 1 global-minimum, 1 ${word}\n1 of them trap`);
  expect(landscapeText([zero], false, labels)).toContain('1 pattern: 1 global-minimum\n0 of them trap');
});

test('of a gated model only the sets that gates are open on are spoken of', () => {
  const m = instance({ wp: [[1], [1]], neurons: 1, activation: { kind: 'gated' } });
  const not = answerText(m, [[0]], realize(m, [[0]]));
  expect(not).toContain('the gate of neuron 1 cannot be open on');
  expect(not).not.toMatch(/be active/);
  expect(not).toContain('(of a gated model: the sets that gates are open on, not those that neurons are active on)');
  expect(answerText(m, [[0, 1]], realize(m, [[0, 1]]))).toContain('realizable: gates that are open on the pattern');
  const counts = { features: 2, dimension: 1, bySize: [1, 0, 1], found: 2, chambers: 2 };
  expect(patternsText({ ...counts, gates: true })).toContain(
    '2 sets, 2 of them chambers (the sets that one gate is open on)',
  );
  expect(patternsText(counts)).toContain('2 realizable sets, 2 of them chambers\n');
});

test('no more neurons are let through than there are', () => {
  const m = instance({ wp: [[1]], neurons: 2, activation: { kind: 'topk-pure', k: 3 } });
  expect(answerText(m, [[0], []], realize(m, [[0], []]))).toContain(
    'topk-pure lets both neurons through for each feature',
  );
});
