import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, InputError, type InspectModel, inspect } from '../../src/index.ts';
import { dictum } from '../commands/run.ts';
import { checkpoint } from '../train/checkpoint/checkpointFiles.ts';

/** Row animal - dog; dog's column writes animal too. */
const model: InspectModel = {
  activation: 'relu',
  encoder: [
    [1, -1],
    [0, 1],
  ],
  decoder: [
    [1, 0],
    [1, 1],
  ],
};
const rows = [
  [1, 0],
  [2, 0],
  [1, 1],
  [2, 2],
  [0, 0],
];
const labels = { animal: [1, 1, 1, 1, 0], dog: [false, false, true, true, false] };
const hierarchy = { dog: 'animal' };
const animals = {
  format: 'dictum/instance@1',
  name: 'animals',
  features: [
    { label: 'animal', wp: ['1', '0'] },
    { label: 'dog', wp: ['0', '1'] },
  ],
  activation: { kind: 'relu' },
  neurons: 2,
  hierarchy: [{ parent: 'animal', children: ['dog'] }],
} as const;

describe('inspect', () => {
  test('of rows and labels', async () => {
    const found = await inspect(model, rows, labels, { hierarchy, rowNames: ['cat', 'ant', 'rex', 'fido', 'rock'] });
    expect(found.absorption).toMatchObject([
      { parent: 'animal', child: 'dog', verdict: 'absorbed', carrier: 0, alone: '1', beside: '0', others: '1' },
    ]);
    expect(found.card(0)).toMatchObject({ latent: 0, kind: 'absorbed', absorbed: ['dog'], books: [{ carrier: 0 }] });
    expect(found.card(1)).toMatchObject({
      absorbs: ['animal'],
      best: { label: 'dog', f1: 1 },
      top: [{ name: 'fido' }, { name: 'rex' }],
    });
    expect(found.labels.map(({ label, rows: n, best }) => [label, n, best?.latent])).toEqual([
      ['animal', 4, 0],
      ['dog', 2, 1],
    ]);
    expect(found.findings[0]).toContain('1 of 1 parent is absorbed');
    expect(found.signs.decided).toBe(10);
    expect(found.notes).toEqual(['1 row is all 0: there a margin is the bias alone']);
    const { certificate, claim, sentence } = found.certificate(1);
    expect([claim, sentence]).toEqual([
      'latent-on',
      'latent-on holds: #1 is on at "fido (row 3)", with margin 2; #1 is on at "rex (row 2)", with margin 1',
    ]);
    expect(check(certificate)).toMatchObject({ accepted: true, claim, verdict: 'holds' });
  });

  test('of features alone, and an absorption as a certificate', async () => {
    const found = await inspect(model, undefined, {}, { features: animals, strengths: ['1/2', 1], source: 'by hand' });
    expect([found.of, found.rows, found.strengths]).toEqual(['atoms', 2, ['1/2', '1']]);
    const { certificate, claim } = found.certificate(0);
    expect(claim).toBe('absorbs');
    expect(check(certificate).accepted).toBe(true);
    expect(JSON.parse(certificate)).toMatchObject({ instance: { source: 'by hand' } });
  });

  test('typed arrays in one piece say the same as lists', async () => {
    const flat = (of: readonly (readonly number[])[], Kind: Float32ArrayConstructor | Float64ArrayConstructor) => ({
      rows: of.length,
      columns: 2,
      values: Kind.from(of.flat()),
    });
    const one = await inspect(model, rows, labels);
    const other = await inspect(
      { ...model, encoder: flat(model.encoder as number[][], Float32Array) },
      flat(rows, Float64Array),
      {
        animal: Uint8Array.from(labels.animal),
        dog: Float32Array.from(labels.dog, Number),
      },
    );
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  test('thresholds, biases and b_dec count', async () => {
    const jump: InspectModel = {
      activation: 'jumprelu',
      encoder: [[2]],
      decoder: [[1]],
      encoderBias: [1],
      decoderBias: [0.5],
      thresholds: [3],
      subtractsDecoderBias: true,
    };
    // 2 (x - 1/2) + 1 - 3 > 0 from x = 3/2 on.
    const found = await inspect(jump, [[1.5], [1.5000001], [1]]);
    expect(found.latents[0]).toMatchObject({ rows: 1, closest: 0 });
    const plain = await inspect({ ...jump, subtractsDecoderBias: false }, [[1.5], [1.5000001], [1]]);
    expect(plain.latents[0]?.rows).toBe(2);
    const topk = await inspect({ activation: 'topk', k: 1, encoder: model.encoder, decoder: model.decoder }, [[3, 1]]);
    expect(topk.latents.map(({ kind }) => kind)).toEqual(['other', 'loses']);
    expect(() => topk.certificate(0)).toThrow(InputError);
  });

  test('the document of the command', async () => {
    const WE = [
      [1, 0],
      [-1, 1],
    ];
    const WD = model.decoder as number[][];
    const cfg = { architecture: 'standard', apply_b_dec_to_input: false };
    const { at } = checkpoint({ W_enc: WE, W_dec: WD, b_enc: [0, 0], b_dec: [0, 0] }, cfg);
    const file = (name: string, of: string): string => {
      writeFileSync(join(at, name), of);
      return join(at, name);
    };
    const data = file('x.json', JSON.stringify(Object.fromEntries(rows.map((row, r) => [`r${r}`, row]))));
    const lines = rows.map((_, r) => `${labels.animal[r]},${Number(labels.dog[r])}`);
    const given = file('labels.csv', ['animal,dog', ...lines, ''].join('\n'));
    const about = file('features.json', JSON.stringify(animals));
    const ran = dictum(['inspect', at, '--data', data, '--labels', given, '--features', about, '--json']);
    const { format: _, file: __, from: ___, notes: ____, ...document } = JSON.parse(ran.out) as Record<string, unknown>;
    const rowNames = rows.map((_, r) => `r${r}`);
    const found = await inspect(model, rows, labels, { features: animals, rowNames });
    expect(JSON.parse(JSON.stringify(found))).toMatchObject(document);
    expect(Object.keys(document)).toContain('absorptionByLabels');
  });

  test.each([
    [
      'a number that is none',
      {
        ...model,
        encoder: [
          [1, Number.NaN],
          [0, 1],
        ],
      },
      rows,
      {},
      {},
      'not-a-number',
      'model.encoder[0][1]',
    ],
    [
      'a hole',
      { ...model, decoder: [[1, 0], new Array<number>(2)] },
      rows,
      {},
      {},
      'not-a-number',
      'model.decoder[1][0]',
    ],
    ['ragged rows', { ...model, encoder: [[1, 0], [1]] }, rows, {}, {}, 'wrong-size', 'model.encoder[1]'],
    ['too few decoder rows', { ...model, decoder: [[1, 0]] }, rows, {}, {}, 'wrong-size', 'model.decoder'],
    ['a wrong bias', { ...model, encoderBias: [1] }, rows, {}, {}, 'wrong-size', 'model.encoderBias'],
    ['no thresholds', { ...model, activation: 'jumprelu' }, rows, {}, {}, 'missing-key', 'model.thresholds'],
    ['thresholds of relu', { ...model, thresholds: [1, 1] }, rows, {}, {}, 'bad-arguments', 'model.thresholds'],
    ['no k', { ...model, activation: 'topk' }, rows, {}, {}, 'missing-key', 'model.k'],
    ['a k too large', { ...model, activation: 'topk', k: 3 }, rows, {}, {}, 'out-of-range', 'model.k'],
    ['another activation', { ...model, activation: 'gelu' }, rows, {}, {}, 'unknown-word', 'model.activation'],
    ['rows of another length', model, [[1]], {}, {}, 'wrong-size', 'x'],
    ['values that are too few', model, { rows: 2, columns: 2, values: [1, 2, 3] }, {}, {}, 'wrong-size', 'x.values'],
    ['text', model, 'x.npy', {}, {}, 'wrong-type', 'x'],
    ['nothing to look at', model, undefined, {}, {}, 'missing-key', 'x'],
    ['labels without rows', model, undefined, labels, { features: animals }, 'bad-arguments', 'labels'],
    ['labels for other rows', model, rows, { dog: [1] }, {}, 'wrong-size', 'labels.dog'],
    ['a label of 2', model, rows, { dog: [0, 0, 2, 0, 0] }, {}, 'wrong-type', 'labels.dog[2]'],
    [
      'a parent that is no label',
      model,
      rows,
      labels,
      { hierarchy: { dog: 'plant' } },
      'unknown-feature',
      'hierarchy.dog',
    ],
    ['a circle', model, rows, labels, { hierarchy: { dog: 'animal', animal: 'dog' } }, 'cycle', 'hierarchy'],
    ['a hierarchy of nothing', model, rows, {}, { hierarchy }, 'bad-arguments', 'hierarchy'],
    ['names for other rows', model, rows, {}, { rowNames: ['a'] }, 'wrong-size', 'rowNames'],
    [
      'features of another size',
      model,
      undefined,
      {},
      { features: { ...animals, features: [{ label: 'a', wp: [1] }], hierarchy: [] } },
      'wrong-size',
      'features',
    ],
    [
      'strengths the wrong way',
      model,
      undefined,
      {},
      { features: animals, strengths: [2, 1] },
      'bad-arguments',
      'strengths',
    ],
  ] as const)('refuses %s', async (_, given, x, columns, options, code, path) => {
    await expect(inspect(given as InspectModel, x as never, columns, options as object)).rejects.toMatchObject({
      name: 'InputError',
      code,
      path,
    });
  });

  test('a latent that the model has not', async () => {
    const found = await inspect(model, rows);
    for (const latent of [2, -1, 0.5]) expect(() => found.card(latent)).toThrow('an index from 0 to 1');
    expect(() => found.certificate(2)).toThrow(InputError);
  });
});
