import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../train/checkpoint/checkpointFiles.ts';
import { dictum, folder, type Ran } from '../run.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/inspect.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);

/** Row animal - dog; dog's column writes animal too. */
const WE = [
  [1, 0],
  [-1, 1],
];
const WD = [
  [1, 0],
  [1, 1],
];
const CFG = { architecture: 'standard', apply_b_dec_to_input: false };

const ROWS = { cat: [1, 0], ant: [2, 0], rex: [1, 1], fido: [2, 2], tree: [0, 0], rock: [0, 0] };

function files(): { at: string; model: string; data: string; labels: string; features: string } {
  const { at } = checkpoint({ W_enc: WE, W_dec: WD, b_enc: [0, 0], b_dec: [0, 0] }, CFG);
  const put = (name: string, text: string): string => {
    const file = join(at, name);
    writeFileSync(file, text);
    return file;
  };
  const instance = {
    format: 'dictum/instance@1',
    name: 'animals',
    features: [
      { label: 'animal', wp: ['1', '0'] },
      { label: 'dog', wp: ['0', '1'] },
    ],
    activation: { kind: 'relu' },
    neurons: 2,
    hierarchy: [{ parent: 'animal', children: ['dog'] }],
  };
  return {
    at,
    model: at,
    data: put('rows.json', JSON.stringify(ROWS)),
    labels: put('labels.csv', 'word,animal,dog\ncat,1,0\nant,1,0\nrex,1,1\nfido,1,1\ntree,0,0\nrock,0,0\n'),
    features: put('features.json', JSON.stringify(instance)),
  };
}

const { at, model, data, labels, features } = files();
const file = (name: string, text: string): string => {
  const path = join(at, name);
  writeFileSync(path, text);
  return path;
};
const hierarchy = file('h.csv', 'child,parent\ndog,animal\n');

describe('what it says', () => {
  test('of a transcoder with outputs as long as its inputs: what it writes is compared with nothing', () => {
    const of = (architecture: string): Ran => {
      const cfg = { architecture, apply_b_dec_to_input: false };
      const { at } = checkpoint({ W_enc: WE, W_dec: WD, b_enc: [0, 0], b_dec: [0, 0] }, cfg);
      return dictum(['inspect', at, '--data', data, '--labels', labels, '--hierarchy', hierarchy]);
    };
    expect(of('standard').out).toContain('FVU ');
    const { code, out } = of('transcoder');
    expect([code, out.includes('FVU '), out.includes('absorbed')]).toEqual([0, false, false]);
    expect(out).toContain('note: the model is not known to reconstruct its inputs');
  });

  test.each([
    { kind: 'bench', features: 8, np: 6, nr: 6, variant: 'transcoder' },
    { kind: 'instance', file: 'instance.json' },
  ])('of a transcoder that was trained here, on %o', (trained) => {
    const at = folder();
    const unit = (k: number): string[] => Array.from({ length: 6 }, (_, d) => (d === k ? '1' : '0'));
    const instance = {
      format: 'dictum/instance@1',
      name: 'turned',
      features: [0, 1].map((k) => ({ label: `${k}`, wp: unit(k), wr: unit(5 - k) })),
      activation: { kind: 'relu' },
      neurons: 8,
    };
    writeFileSync(join(at, 'instance.json'), JSON.stringify(instance));
    const config = {
      format: 'dictum/train@1',
      name: 't',
      data: trained,
      method: { kind: 'relu', l1: 0.1 },
      neurons: 8,
      ...(trained.kind === 'instance' && { start: { radius: 1, tied: false } }),
      steps: 2,
    };
    writeFileSync(join(at, 'train.json'), JSON.stringify(config));
    writeFileSync(join(at, 'rows.json'), JSON.stringify({ a: [1, 0, 0, 0, 0, 0], b: [0, 1, 0, 0, 1, 0] }));
    expect(dictum(['train', join(at, 'train.json'), '--out', join(at, 'run')])).toMatchObject({ code: 0 });
    const { out } = dictum(['inspect', join(at, 'run/checkpoint.safetensors'), '--data', join(at, 'rows.json')]);
    expect(out).not.toContain('FVU ');
    expect(out).toContain('note: the model is not known to reconstruct its inputs');
  });

  test('of rows and labels', () => {
    const ran = dictum(['inspect', model, '--data', data, '--labels', labels, '--hierarchy', hierarchy]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('1 of 1 parent is absorbed by a child or more, in 1 of 1 pair');
    expect(ran.out).toMatch(/animal {2}dog {4}#0 {6}100% {3}0% {6}#1 100% {15}absorbed/);
    expect(ran.out).toContain('note: 2 rows are all 0');
    expect(ran.out.split('\n').length).toBeLessThanOrEqual(60);
  });

  test('of features, as a document of the schema', () => {
    const ran = dictum(['inspect', model, '--features', features, '--strength', '1..1', '--json']);
    const document = JSON.parse(ran.out) as Record<string, unknown>;
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.absorption).toEqual([
      {
        parent: 'animal',
        child: 'dog',
        basis: 'directions',
        verdict: 'absorbed',
        carrier: 0,
        alone: '1',
        beside: '0',
        others: '1',
        about: { alone: 1, beside: 0, others: 1 },
        shares: [
          { latent: 0, comes: false, alone: '1', beside: '0' },
          { latent: 1, comes: true, alone: '0', beside: '1' },
        ],
        bias: ['0', '0'],
        silent: true,
        found: 0.5,
      },
    ]);
  });

  test('of both, with tables and a page that fetches nothing', () => {
    const out = folder();
    const page = join(out, 'page.html');
    const args = [
      'inspect',
      model,
      '--data',
      data,
      '--labels',
      labels,
      '--features',
      features,
      '--html',
      page,
      '--csv',
      out,
      '--json',
    ];
    const ran = dictum(args);
    expect(validate(JSON.parse(ran.out)), JSON.stringify(validate.errors)).toBe(true);
    expect(ran.err).toBe(`${page} written\n${out} written\n`);
    const html = readFileSync(page, 'utf8');
    expect(html).not.toMatch(/\b(src|href)="(?!#)|url\(|https?:|import\s*\(/);
    for (const word of ['What to know first', 'Absorption', 'Latent by latent', 'All latents', 'fido', 'id="l0"'])
      expect(html).toContain(word);
    expect(readFileSync(join(out, 'absorption.csv'), 'utf8')).toContain('animal,dog,absorbed,0,1,');
    expect(readFileSync(join(out, 'latents.csv'), 'utf8').split('\n')).toHaveLength(4);
  });

  test('names of rows, and what markup there is in them is text', () => {
    const names = file('names.txt', 'a\n<script>alert(1)</script>\nc\nd\ne\nf\n');
    const page = join(folder(), 'page.html');
    const npy = file('rows.csv', '');
    expect(npy).toBeTruthy();
    const ran = dictum(['inspect', model, '--data', data, '--names', names, '--html', page]);
    expect(ran.code).toBe(0);
    expect(readFileSync(page, 'utf8')).not.toContain('<script>alert');
  });

  test('a tie of Top-k is told', () => {
    const { at: tied } = checkpoint(
      { W_enc: [[1, 1, 2]], W_dec: [[1], [1], [1]], b_enc: [0, 0, 0], b_dec: [0] },
      { architecture: 'topk', k: 2, apply_b_dec_to_input: false },
    );
    const rows = file('one.json', '{"a":[1],"b":[-1]}');
    const ran = dictum(['inspect', tied, '--data', rows, '--json']);
    const { signs } = JSON.parse(ran.out) as { signs: { ties: object[] } };
    expect(signs.ties).toEqual([{ row: 0, latents: [0, 1] }]);
    expect(dictum(['inspect', tied, '--data', rows]).out).toContain(
      'share the last place of Top-k exactly (row 0: #0, #1)',
    );
  });

  test('thresholds at or below 0 are told, and are ReLU', () => {
    const { at: low } = checkpoint(
      { W_enc: WE, W_dec: WD, b_enc: [0, 0], b_dec: [0, 0], threshold: [-1, 0.5] },
      { ...CFG, architecture: 'jumprelu' },
    );
    const ran = dictum(['inspect', low, '--data', data]);
    expect(ran.out).toContain('note: 1 threshold is 0 or below');
  });
});

describe('what cannot be read', () => {
  const refused = (ran: Ran, message: string | RegExp): void => {
    expect(ran.err).toMatch(message);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe('');
  };
  const cases: readonly [string, () => readonly string[], RegExp][] = [
    [
      'no rows and no features',
      () => [],
      /--data: expected --data FILE or --features FILE, found none \(missing-key\)/,
    ],
    [
      'labels without rows',
      () => ['--features', features, '--labels', labels],
      /--labels: expected --data FILE beside it/,
    ],
    [
      'rows of another width',
      () => ['--data', file('wide.json', '{"a":[1,2,3]}')],
      /wide.json: shape: expected rows x 2, the inputs of the model, found 1 x 3 \(wrong-size\)/,
    ],
    [
      'features of another width',
      () => [
        '--features',
        file('w.json', readFileSync(features, 'utf8').replaceAll('"0"]', '"0","0"]').replaceAll('"1"]', '"1","0"]')),
      ],
      /w.json: \$.features: expected directions of 2 dimensions, as the model, found 3 dimensions/,
    ],
    [
      'fewer labels than rows',
      () => ['--data', data, '--labels', file('few.csv', 'a\n1\n0\n')],
      /few.csv: rows: expected 6, one for each row of .*rows.json, found 2 \(wrong-size\)/,
    ],
    [
      'labels that are no 0 or 1',
      () => ['--data', data, '--labels', file('two.csv', 'a,b\n1,0\n0,1\n0,2\n0,0\n0,0\n0,0\n')],
      /two.csv: line 4, field 2: expected 0 or 1, found "2" \(wrong-type\)/,
    ],
    [
      'a ragged line',
      () => ['--data', data, '--labels', file('ragged.csv', 'a,b\n1,0\n0\n')],
      /ragged.csv: line 3: expected 2 fields, as in line 1, found 1/,
    ],
    [
      'labels without names',
      () => ['--data', data, '--labels', file('bare.csv', '1,0\n0,1\n')],
      /bare.csv: line 1: expected names, .* found numbers/,
    ],
    [
      'a label twice',
      () => ['--data', data, '--labels', file('same.csv', 'a,a\n1,0\n0,1\n0,1\n0,0\n0,0\n0,0\n')],
      /same.csv: names: expected each label once, found "a" \(duplicate-label\)/,
    ],
    [
      'names for other rows',
      () => ['--data', data, '--names', file('n.txt', 'a\nb\n')],
      /n.txt: lines: expected 6, one for each row of .*, found 2/,
    ],
    [
      'a hierarchy with unknown names',
      () => ['--data', data, '--labels', labels, '--hierarchy', file('u.csv', 'dgo,animal\n')],
      /u.csv: line 1: expected a label of the rows, found "dgo" \(unknown-feature\)\n {2}Did you mean dog\?/,
    ],
    [
      'a hierarchy in a circle',
      () => ['--data', data, '--labels', labels, '--hierarchy', file('c.json', '{"dog":"animal","animal":"dog"}')],
      /c.json: hierarchy: expected a tree, found dog below itself \(cycle\)/,
    ],
    [
      'a child of two parents',
      () => [
        '--data',
        data,
        '--labels',
        file('three.csv', 'a,b,c\n1,0,1\n0,1,0\n0,1,0\n0,0,1\n0,0,0\n0,0,0\n'),
        '--hierarchy',
        file('d.csv', 'c,a\nc,b\n'),
      ],
      /d.csv: line 2: expected one parent of c, found a and b/,
    ],
    [
      'strengths in the wrong order',
      () => ['--features', features, '--strength', '2..1'],
      /--strength: expected two numbers above 0/,
    ],
    [
      'strengths of 0',
      () => ['--features', features, '--strength', '0..1'],
      /--strength: expected two numbers above 0/,
    ],
    [
      'no file',
      () => ['--data', join(at, 'none.npy')],
      /none.npy: expected a readable file, found no such file or folder \(unreadable\)/,
    ],
  ];
  test.each(cases)('%s', (_, args, message) => {
    refused(dictum(['inspect', model, ...args()]), message);
  });

  test('NaN in the rows, and in the model', () => {
    const { file: nan } = checkpoint(
      {
        x: [
          [1, 2],
          [3, Number.NaN],
        ],
      },
      undefined,
      { name: 'x.safetensors' },
    );
    refused(
      dictum(['inspect', model, '--data', nan]),
      /x.safetensors: row 1, column 1: expected a finite number, found NaN \(not-a-number\)/,
    );
    const { at: bad } = checkpoint(
      {
        W_enc: [
          [1, Number.NaN],
          [0, 1],
        ],
        W_dec: WD,
        b_enc: [0, 0],
        b_dec: [0, 0],
      },
      CFG,
    );
    refused(dictum(['inspect', bad, '--data', data]), /W_enc: expected finite weights, found NaN or Infinity/);
  });

  test('models whose latents are not decided row by row', () => {
    const { at: batch } = checkpoint(
      { W_enc: WE, W_dec: WD, b_enc: [0, 0], b_dec: [0, 0] },
      { ...CFG, architecture: 'batchtopk', k: 1 },
    );
    refused(dictum(['inspect', batch, '--data', data]), /method: expected relu, jumprelu or topk, found batchtopk/);
  });

  test('an output over an input', () => {
    refused(dictum(['inspect', model, '--data', data, '--html', data]), /overwrites-input/);
  });
});

describe('--latent N --certificate FILE', () => {
  const proof = (
    args: readonly string[],
    ask: (f: ReturnType<typeof files>) => readonly string[],
  ): Ran & { file: string } => {
    const f = files();
    const file = join(f.at, 'proof.json');
    return { ...dictum(['inspect', f.model, ...ask(f), ...args, '--certificate', file]), file };
  };

  test.each([
    [
      '0',
      'absorbed',
      (f: ReturnType<typeof files>) => ['--features', f.features],
      /absorbs holds: of the strength of 3\/2 animal #0 writes 1 where it is alone and 0 beside 3\/2 dog/,
    ],
    [
      '1',
      'absorbing',
      (f: ReturnType<typeof files>) => ['--features', f.features],
      /absorbs holds: .*#1 is on at 3\/2 animal with 3\/2 dog, with margin/,
    ],
    [
      '0',
      'on in rows',
      (f: ReturnType<typeof files>) => ['--data', f.data],
      /latent-on holds: #0 is on at "ant \(row 1\)", with margin 2/,
    ],
  ])('#%s, %s: written, replayed, and refused with a digit changed', (latent, _, ask, says) => {
    const { code, err, file } = proof(['--latent', latent], ask);
    expect([code, err]).toEqual([0, expect.stringMatching(says)]);
    expect(dictum(['check', file])).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text
        .replace('"row":["1"', '"row":["2"')
        .replace('"row":["-1"', '"row":["-2"')
        .replace('"row": ["1"', '"row": ["2"'),
    );
    expect(readFileSync(file, 'utf8')).not.toBe(text);
    expect(dictum(['check', file]).code).toBe(1);
  });

  test('a latent that no row wakes is off in all', () => {
    const { at } = checkpoint(
      {
        W_enc: [
          [1, -1],
          [-1, -1],
        ],
        W_dec: WD,
        b_enc: [0, 0],
        b_dec: [0, 0],
      },
      CFG,
    );
    const [data, file] = [join(at, 'rows.json'), join(at, 'proof.json')];
    writeFileSync(data, JSON.stringify(ROWS));
    const { code, err } = dictum(['inspect', at, '--data', data, '--latent', '1', '--certificate', file]);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(
        /latent-off holds: #1 is off at "cat \(row 0\)", with margin -1; .*#1 is off at "rock \(row 5\)", with margin 0/,
      ),
    ]);
    expect(dictum(['check', file]).code).toBe(0);
  });

  test.each([
    [['--latent', '0'], '--latent: expected --certificate FILE beside it'],
    [['--certificate', 'x.json'], '--certificate: expected --latent N beside it'],
    [['--latent', '2', '--certificate', 'x.json'], '--latent: expected an index from 0 to 1, found "2"'],
    [['--latent', '0', '--certificate', 'x.json', '--k', '1', '--architecture', 'topk'], 'k'],
  ])('%j is refused', (args, message) => {
    const f = files();
    const { code, err } = dictum(['inspect', f.model, '--data', f.data, ...args]);
    expect([code, err.includes(message)], err).toEqual([2, true]);
  });
});

describe('--separable LABEL', () => {
  const ask = (label: string, labels: string, more: readonly string[] = []): Ran => {
    const { at, model, data } = files();
    const file = join(at, 'more.csv');
    writeFileSync(file, labels);
    return dictum(['inspect', model, '--data', data, '--labels', file, '--separable', label, ...more]);
  };
  // cat (1, 0), ant (2, 0), rex (1, 1), fido (2, 2), tree and rock (0, 0)
  const LABELS = 'word,dog,ends,rock\ncat,0,0,0\nant,0,1,0\nrex,1,0,0\nfido,1,1,0\ntree,0,1,0\nrock,0,1,1\n';

  test('separable: with a bias, and the row replays', () => {
    const certificate = join(folder(), 'dog.json');
    expect(ask('dog', LABELS, ['--certificate', certificate])).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^dog is separable: a row and a bias are above 0 on its 2 rows, least \S+, and at most 0 on the 4 others\n$/,
      ),
    });
    const { code, out } = dictum(['check', certificate]);
    expect([code, out]).toEqual([0, expect.stringContaining('R paper holds: with an encoder bias')]);
  });

  test('not separable: a mean of rows with the label is a mean of others, named, and replayed', () => {
    const certificate = join(folder(), 'ends.json');
    // ant and tree against cat between them.
    const { code, out } = ask('ends', LABELS, ['--certificate', certificate]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^ends is not separable: .* is a mean of rows without it: .* = .*\n$/),
    ]);
    expect(dictum(['check', certificate])).toMatchObject({ code: 0, out: expect.stringContaining('R paper refuted') });
    expect(ask('rock', LABELS).out).toBe(
      'rock is not separable: "rock (row 5)" has it, "tree (row 4)" has not, and they are the same input\n',
    );
    expect(ask('rock', LABELS, ['--certificate', certificate]).code).toBe(2);
  });

  test('the same as dictum realize --json says; another label, or none, is refused', () => {
    expect(JSON.parse(ask('ends', LABELS, ['--json']).out)).toMatchObject({
      format: 'dictum/realize@1',
      realizable: false,
    });
    expect(ask('dgo', LABELS)).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean dog?') });
    const f = files();
    expect(dictum(['inspect', f.model, '--data', f.data, '--separable', 'dog']).code).toBe(2);
    expect(ask('dog', LABELS, ['--latent', '0']).code).toBe(2);
  });
});

test('labels of rows in another order, or of other rows, are refused', () => {
  const { at, model, data } = files();
  const labels = join(at, 'other.csv');
  for (const [rows, found] of [
    ['cat,1\nrex,1\nant,1\nfido,1\ntree,0\nrock,0\n', 'row 1: expected "ant", as in'],
    ['cat,1\nant,1\nrex,1\nfido,1\ntree,0\nstone,0\n', 'found "stone" (wrong-name)'],
  ] as const) {
    writeFileSync(labels, `word,animal\n${rows}`);
    const { code, err } = dictum(['inspect', model, '--data', data, '--labels', labels]);
    expect([code, err.includes(found)], err).toEqual([2, true]);
  }
});

test('what is no model, and an architecture that is none, are told with what to do', () => {
  const other = dictum(['inspect', labels, '--features', features]);
  expect([other.code, other.err]).toEqual([2, expect.stringContaining('A model is a .safetensors, .pt or .npz file')]);
  const named = dictum(['inspect', model, '--features', features, '--architecture', 'jumpreluu']);
  expect([named.code, named.err]).toEqual([2, expect.stringContaining('Did you mean jumprelu?')]);
  const refused = dictum(['inspect', model, '--features', features, '--architecture', 'temporal']);
  expect(refused.err).not.toContain('Did you mean');
});

test('--price: in text, tables, page and document; refused without labels or a number', () => {
  const pairs = [1, 2].flatMap((t) =>
    [0, 0, 0, 1, 2].flatMap((s) => [
      [t, s],
      [t, s],
    ]),
  );
  const all = [...pairs, ...pairs, ...pairs, ...pairs, [0, 0], [0, 0]];
  const x = file('price.json', JSON.stringify(Object.fromEntries(all.map((row, r) => [`r${r}`, row]))));
  const y = file(
    'price.csv',
    ['animal,dog', ...all.map(([t, s]) => `${t === 0 ? 0 : 1},${s === 0 ? 0 : 1}`), ''].join('\n'),
  );
  const args = ['inspect', model, '--data', x, '--labels', y, '--hierarchy', hierarchy, '--price', '0.01'];
  const out = folder();
  const ran = dictum([...args, '--csv', out, '--html', join(out, 'page.html')]);
  expect(ran.err).toContain('written');
  expect(ran.out).toContain('Price of un-absorbing: changes a row on rows not fitted to');
  expect(readFileSync(join(out, 'prices.csv'), 'utf8')).toMatch(/^parent,latent,absorbers,.*\nanimal,0,#1,/);
  expect(readFileSync(join(out, 'page.html'), 'utf8')).toContain('What un-absorbing would cost');
  const document = JSON.parse(dictum([...args, '--json']).out) as { prices: { of: object[] } };
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.prices.of).toMatchObject([{ parent: 'animal', carrier: 0, absorbers: [1] }]);
  for (const wrong of [
    ['--price', '-1'],
    ['--price', 'x'],
  ])
    expect(dictum(['inspect', model, '--data', x, '--labels', y, ...wrong]).code).toBe(2);
  expect(dictum(['inspect', model, '--data', x, '--price', '1']).err).toContain('--labels FILE beside it');
});
