/** Instances that pages of docs/claims/ speak of and that are no canonical ones: the command answers what the page says it does. */
import { expect, test } from 'vitest';
import { dictum } from '../commands/run.ts';
import { read } from './markdown.ts';

const features = (...wp: string[][]) => wp.map((w, d) => ({ label: `${d + 1}`, wp: w }));
const relu = { format: 'dictum/instance@1', name: 'of a page', activation: { kind: 'relu' } };

const equalPair = {
  ...relu,
  features: features(['1', '0'], ['0', '1']),
  neurons: 2,
  we: [
    ['1', '1'],
    ['-1', '-1'],
  ],
  wd: [
    ['1/2', '0'],
    ['1/2', '0'],
  ],
};
const closeAnchor = { ...relu, features: features(['1', '0'], ['12/13', '5/13']), neurons: 4, anchors: [1] };
const oneDimension = { ...relu, features: features(['1']), neurons: 2 };
const obtuse = {
  ...relu,
  features: features(['1', '0'], ['-3/5', '4/5'], ['-4/5', '3/5']),
  neurons: 3,
  pattern: [[1, 2], [3], []],
};
const three = {
  ...relu,
  features: features(['1', '0', '0'], ['1/3', '-2/3', '-2/3'], ['2/3', '1/3', '2/3']),
  neurons: 3,
  pattern: [[1, 2, 3], [], []],
};

test.each([
  [
    'E5',
    'repaired',
    equalPair,
    0,
    'E5 repaired: not-applicable: merged-pair fails: the configuration is no merged pair',
  ],
  [
    'T6',
    'paper',
    obtuse,
    0,
    'T6 paper: refuted: ({1,2},{3},{}) carries no partial minimum of positive loss, by neuron 1',
  ],
  [
    'T6',
    'walkthrough',
    obtuse,
    0,
    'T6 walkthrough: refuted: ({1,2},{3},{}) carries no point with both gradients 0 and L~ > 0, by neuron 1',
  ],
  [
    'T6',
    'paper',
    three,
    0,
    'T6 paper: refuted: ({1,2,3},{},{}) carries no partial minimum of positive loss, by neuron 1',
  ],
  ['A1', 'repaired', closeAnchor, 0, 'A1 repaired: not-applicable: anchors-apart fails'],
  [
    'T4-nonidentifiable',
    'repaired',
    oneDimension,
    0,
    'T4-nonidentifiable repaired: not-applicable: room-for-rows fails',
  ],
] as const)('%s %s on an instance of its page', (claim, reading, instance, code, says) => {
  const ran = dictum(['certify', claim, '-', '--reading', reading], { input: JSON.stringify(instance) });
  expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(says)]);
});

test('the page of E5 quotes that answer', () => {
  expect(read('docs/claims/example-3-5.md')).toContain(
    'E5 repaired: not-applicable: merged-pair fails: the configuration is no merged pair',
  );
});
