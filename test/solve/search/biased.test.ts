/** The column of the matrix in which neurons have biases: instances are those that the kernel reads, and so are counterexamples. */
import { describe, expect, it, test } from 'vitest';
import { allCells } from '../../../src/commands/audit/searching.ts';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Node } from '../../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { instanceDocument } from '../../../src/solve/proofs/document.ts';
import { inFile, withBias } from '../../../src/solve/search/biased.ts';
import { cellName, kindsOf, NO_BIAS, wantedOf } from '../../../src/solve/search/cell.ts';
import { drawInstance } from '../../../src/solve/search/instances.ts';
import { samples } from '../../../src/solve/search/samples.ts';
import { shrink } from '../../../src/solve/search/shrink.ts';
import { sizeOf } from '../../../src/solve/search/size.ts';
import { tryOn } from '../../../src/solve/search/trial.ts';
import { cellNamed } from './searchIn.ts';

const reread = (m: Instance): Instance => readInstance(new Node(parseJson(JSON.stringify(instanceDocument(m)))));
const cells = allCells().filter(({ column }) => column === 'no-encoder-bias');
const SHAPE = { n: 3, np: 2, nq: 3 };

test('readings that say something of biases have it, others not', () => {
  expect(cells.every(({ reading, failing, dropped }) => reading.lifts && failing === NO_BIAS && !dropped)).toBe(true);
  const names = cells.map(cellName);
  for (const name of ['T8/paper', 'T6/repaired', 'T6-spanning/repaired', 'A2/repaired'])
    expect(names).toContain(`${name}/no-encoder-bias`);
  for (const name of ['T1/paper', 'A1/paper', 'T3/repaired']) expect(names).not.toContain(`${name}/no-encoder-bias`);
});

describe.each(cells.map((cell) => [cellName(cell), cell] as const))('%s', (_, cell) => {
  const wanted = wantedOf(cell);
  const drawn = samples((draw) => drawInstance(draw, { ...wanted, shape: SHAPE }), 5, 40);

  it('draws instances with biases, as the kernel reads them from their documents', () => {
    expect(kindsOf(cell)).not.toContain('gated');
    for (const { instance } of drawn) {
      expect(instance.np).toBe(3);
      expect(reread(instance)).toEqual(instance);
      expect(withBias(inFile(instance))).toEqual(instance);
      expect(sizeOf(instance).slice(0, 3)).toEqual([3, 2, 3]);
    }
  });
});

test('biases other than 0 are drawn where there are configurations', () => {
  const wanted = wantedOf(cellNamed('T4/walkthrough/no-encoder-bias'));
  const drawn = samples((draw) => drawInstance(draw, { ...wanted, shape: SHAPE }), 5, 40);
  const biases = drawn.flatMap(({ instance }) => instance.configuration?.we.map((e) => e.at(2).sign()) ?? []);
  expect(new Set(biases)).toEqual(new Set([-1, 0, 1]));
});

test('shrinking keeps the biases, and what is left fails and is read back', () => {
  const cell = cellNamed('T2/paper/no-encoder-bias');
  const wanted = wantedOf(cell);
  const failures = samples((draw) => drawInstance(draw, { ...wanted, shape: { n: 2, np: 1, nq: 2 } }), 1, 400)
    .map(({ instance }) => instance)
    .filter((instance) => tryOn(cell, { instance }, {}).outcome === 'failed');
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures.slice(0, 3)) {
    const { instance } = shrink(cell, failure, {});
    expect(instance.lifted?.encoderBias).toBe(true);
    expect(reread(instance)).toEqual(instance);
    expect(tryOn(cell, { instance: reread(instance) }, {}).outcome).toBe('failed');
  }
});

test('a model without biases is not in the column', () => {
  const cell = cellNamed('T8/paper/no-encoder-bias');
  const [one] = samples((draw) => drawInstance(draw, { ...wantedOf(cell), shape: SHAPE }), 5, 1);
  const plain = inFile(one?.instance as Instance);
  expect(tryOn(cell, { instance: plain }, {})).toEqual({ outcome: 'outside', hypothesis: 'no-encoder-bias' });
});
