import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test, vi } from 'vitest';
import { armsOf } from '../../../src/commands/bench/presets.ts';
import { readSafetensors } from '../../../src/train/data/safetensors.ts';
import { npy } from '../../train/data/npyBytes.ts';
import { installed } from '../../train/native.ts';
import { dictum, folder, main } from '../run.ts';

// Each test starts processes of its own: the limit is for machines that do much else.
vi.setConfig({ testTimeout: 180_000 });

const SMALL = {
  format: 'dictum/train@1',
  name: 'small',
  data: { kind: 'bench', features: 12, np: 9, interference: { max: 0.3 }, activity: { sparsity: 0.9 } },
  method: { kind: 'topk', k: 2 },
  neurons: 24,
  batch: 32,
  steps: 60,
  logEvery: 10,
  checkpointEvery: 20,
  evaluation: 256,
  optimizer: { rate: 0.01 },
};

/** schemas/NAME.schema.json accepts the document. */
function fits(name: string, text: string): void {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  ajv.addKeyword('x-code');
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
}

function place(change: object = {}): { config: string; out: string; at: string } {
  const at = folder();
  const config = join(at, 'config.json');
  writeFileSync(config, JSON.stringify({ ...SMALL, ...change }));
  return { config, out: join(at, 'run'), at };
}

const train = (change: object = {}) => {
  const { config, out } = place(change);
  return { ...dictum(['train', config, '--out', out]), folder: out };
};

test('a run leaves log, checkpoint, result, metrics and page; the result is a document with all defaults', () => {
  const { config, out } = place();
  const ran = dictum(['train', config, '--out', out, '--json']);
  expect(ran.code, ran.err).toBe(0);
  const result = JSON.parse(ran.out) as { config: Record<string, unknown>; metrics: { recovery: unknown[] } };
  expect(result).toMatchObject({
    format: 'dictum/train-result@1',
    config: { seed: 1, backend: 'wasm', biases: false },
  });
  expect(result.config).toMatchObject({
    data: { samples: 100_000, activity: { min: 1, mean: 1 } },
    optimizer: { kind: 'adam' },
  });
  expect(result.metrics.recovery).toHaveLength(8);
  expect(readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n')).toHaveLength(6);
  expect(readFileSync(join(out, 'metrics.csv'), 'utf8')).toContain('encoder,raw,best,in,');
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page.match(/<svg/g)).toHaveLength(4);
  expect(page).not.toMatch(/(src|href)=/);
  // Measured again from the checkpoint alone.
  const again = dictum(['metrics', join(out, 'checkpoint.safetensors'), '--json']);
  expect((JSON.parse(again.out) as { metrics: unknown }).metrics).toEqual(result.metrics);
  fits('train', readFileSync(config, 'utf8'));
  fits('train', JSON.stringify(result.config));
  fits('train-result', ran.out);
  fits('metrics', again.out);
});

test.skipIf(!installed)('--backend native: recorded with what it multiplies by', () => {
  const { config, out } = place({ method: { kind: 'relu', l1: 0.05 } });
  const ran = dictum(['train', config, '--out', out, '--backend', 'native', '--json']);
  expect(ran.code, ran.err).toBe(0);
  const result = JSON.parse(ran.out) as { config: { backend: string }; machine: { device: string } };
  expect(result.config.backend).toBe('native');
  expect(result.machine.device).toBe('host, products by ONNX Runtime 1.30.0');
  fits('train-result', ran.out);
});

test('biases, the decoder bias subtracted first: the metrics of the checkpoint are those of the run, and inspect reads it', () => {
  const biases = { encoder: true, decoder: 'subtracted' };
  const { config, out, at } = place({ biases, method: { kind: 'jumprelu', l0: 0.02 } });
  const ran = dictum(['train', config, '--out', out, '--json']);
  expect(ran.code, ran.err).toBe(0);
  const result = JSON.parse(ran.out) as { config: unknown; metrics: unknown };
  expect(result).toMatchObject({ config: { biases } });
  fits('train', readFileSync(config, 'utf8'));
  fits('train-result', ran.out);
  const checkpoint = join(out, 'checkpoint.safetensors');
  const again = dictum(['metrics', checkpoint, '--json']);
  expect((JSON.parse(again.out) as { metrics: unknown }).metrics).toEqual(result.metrics);
  const features = join(at, 'features.json');
  const wp = (d: number): string[] => Array.from({ length: 9 }, (_, k) => (k === d ? '1' : '0'));
  const named = ['a', 'b'].map((label, d) => ({ label, wp: wp(d) }));
  const instance = {
    format: 'dictum/instance@1',
    name: 'axes',
    features: named,
    activation: { kind: 'relu' },
    neurons: 1,
  };
  writeFileSync(features, JSON.stringify(instance));
  expect(dictum(['inspect', checkpoint, '--features', features]).out).toContain('dictum, jumprelu, 24 latents');
});

test('bench: with biases all runs have them, and no figures of the paper stand beside', () => {
  const arms = armsOf({ preset: 'table1', scale: 'small', seeds: [1, 2], biases: 'subtracted' });
  for (const { method, condition, table, configs } of arms) {
    const decoder = method === 'Transcoder' ? 'added' : 'subtracted';
    expect({ condition, table }).toEqual({ condition: `biases ${decoder}`, table: undefined });
    for (const { biases } of configs) expect(biases).toEqual({ encoder: true, decoder });
  }
  const resampled = armsOf({ preset: 'resampling', scale: 'small', seeds: [1], biases: 'added' });
  expect(resampled.map(({ condition }) => condition)).toContain('biases added, n_q=n, resampling');
  expect(armsOf({ preset: 'table1', scale: 'small', seeds: [1] })[0]).toMatchObject({ table: '1', condition: '' });
  expect(dictum(['bench', 'lrb', '--biases', 'both']).err).toContain('expected none, added, subtracted, found "both"');
});

describe('bad cases: a clear message, exit code 2', () => {
  test.each([
    ['rate 0', { optimizer: { rate: 0 } }, '$.optimizer.rate: expected a number above 0, found 0 (out-of-range)'],
    [
      'k > n_q',
      { method: { kind: 'topk', k: 25 } },
      '$.method.k: expected at most 24, the neurons, found 25 (out-of-range)',
    ],
    ['no method', { method: undefined }, '$.method: expected the key "method", found none (missing-key)'],
    [
      'biases of which one is not said',
      { biases: { encoder: true } },
      '$.biases.decoder: expected the key "decoder", found none (missing-key)',
    ],
    [
      'a decoder bias of another kind',
      { biases: { encoder: true, decoder: 'geometric' } },
      '$.biases.decoder: expected none, added, subtracted, found "geometric" (unknown-word)',
    ],
    [
      'biases as a word',
      { biases: 'both' },
      '$.biases: expected true, false, or an object with "encoder" and "decoder"',
    ],
    [
      'a decoder bias subtracted from inputs of a transcoder',
      { data: { ...SMALL.data, variant: 'transcoder' }, biases: { encoder: true, decoder: 'subtracted' } },
      '$.biases.decoder: expected "none" or "added", as targets are not the inputs, found "subtracted" (out-of-range)',
    ],
    ['unknown method', { method: { kind: 'top', k: 2 } }, '$.method.kind: expected one of relu,'],
    [
      'a key of another method',
      { method: { kind: 'relu', l1: 1, k: 2 } },
      '$.method.k: expected kind, l1, found "k" (unknown-key)',
    ],
    [
      'S = 1',
      { data: { ...SMALL.data, activity: { sparsity: 1 } } },
      '$.data.activity.sparsity: expected a number from 0 to below 1',
    ],
    [
      'no such file',
      { data: { kind: 'activations', inputs: 'none.npy' } },
      'none.npy: expected a readable file, found no such file',
    ],
  ])('%s', (_, change, message) => {
    const { code, err } = train(change);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test('unreadable and mismatching activations', () => {
    const { config, out, at } = place({ data: { kind: 'activations', inputs: 'x.npy', targets: 'y.npy' } });
    writeFileSync(join(at, 'x.npy'), 'no numbers');
    expect(dictum(['train', config, '--out', out]).err).toContain(
      'x.npy: header: expected a .npy file, found other bytes',
    );
    writeFileSync(join(at, 'x.npy'), npy('<f4', [4, 2], new Float32Array(8).fill(1)));
    writeFileSync(join(at, 'y.npy'), npy('<f4', [3, 2], new Float32Array(6).fill(1)));
    const { code, err } = dictum(['train', config, '--out', out]);
    expect(err).toContain('y.npy: shape: expected 4 rows, one for each input, found 3');
    expect(code).toBe(2);
  });

  test('a loss that is not finite: the step is named, the last checkpoint loads', () => {
    const { config, out } = place({
      normalizeDecoder: false,
      optimizer: { kind: 'sgd', rate: 1.5 },
      checkpointEvery: 1,
      steps: 5000,
      schedule: { warmup: 0 },
    });
    const { code, err } = dictum(['train', config, '--out', out]);
    expect(err).toMatch(/step \d+: expected a finite loss, found (NaN|Infinity)/);
    expect(code).toBe(2);
    expect(dictum(['metrics', join(out, 'checkpoint.safetensors')]).code).not.toBe(70);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk: named, the checkpoint of before loads', () => {
    const { config, out } = place();
    expect(dictum(['train', config, '--out', out]).code).toBe(0);
    rmSync(join(out, 'log.jsonl'));
    symlinkSync('/dev/full', join(out, 'log.jsonl'));
    const { code, err } = dictum(['train', config, '--out', out]);
    expect(err).toContain('log.jsonl: expected a place to write to, found a full disk (cannot-write)');
    expect(code).toBe(2);
    const checkpoint = join(out, 'checkpoint.safetensors');
    expect(dictum(['metrics', checkpoint]).code).toBe(0);
    symlinkSync('/dev/full', join(out, 'full'));
    expect(dictum(['metrics', checkpoint, '--csv', join(out, 'full')]).err).toContain(
      'found a full disk (cannot-write)',
    );
  });

  test('a checkpoint of another configuration is not gone on from', () => {
    const { config, out } = place();
    dictum(['train', config, '--out', out]);
    writeFileSync(config, JSON.stringify({ ...SMALL, seed: 2 }));
    const { code, err } = dictum(['train', config, '--out', out, '--resume']);
    expect(err).toContain('expected the checkpoint of this configuration, found that of another (wrong-checkpoint)');
    expect(code).toBe(2);
  });
});

test.skipIf(!installed)('native, killed in mid-run: --resume ends with the same weights', async () => {
  const long = {
    steps: 2000,
    logEvery: 50,
    checkpointEvery: 50,
    backend: 'native',
    method: { kind: 'relu', l1: 0.05 },
  };
  const whole = place(long);
  expect(dictum(['train', whole.config, '--out', whole.out]).code).toBe(0);
  const { config, out } = place(long);
  const child = spawn(process.execPath, [main, 'train', config, '--out', out], { stdio: 'ignore' });
  const checkpoint = join(out, 'checkpoint.safetensors');
  while (!existsSync(checkpoint)) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(existsSync(join(out, 'result.json'))).toBe(false);
  expect(dictum(['train', config, '--out', out, '--resume']).code).toBe(0);
  expect(readFileSync(checkpoint).equals(readFileSync(join(whole.out, 'checkpoint.safetensors')))).toBe(true);
});

test('Ctrl-C in mid-run: a clean stop; the checkpoint loads, and --resume ends with the same weights', async () => {
  const long = { steps: 3000, logEvery: 50, checkpointEvery: 0 };
  const whole = place(long);
  expect(dictum(['train', whole.config, '--out', whole.out]).code).toBe(0);
  const { config, out } = place(long);
  const child = spawn(process.execPath, [main, 'train', config, '--out', out], { stdio: 'ignore' });
  const log = join(out, 'log.jsonl');
  while (!existsSync(log) || readFileSync(log).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(130);
  const checkpoint = join(out, 'checkpoint.safetensors');
  expect(dictum(['metrics', checkpoint]).code).toBe(0);
  expect(dictum(['train', config, '--out', out, '--resume']).code).toBe(0);
  expect(readFileSync(checkpoint).equals(readFileSync(join(whole.out, 'checkpoint.safetensors')))).toBe(true);
  const records = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);
  expect(records).toEqual([...new Set(records)]);
});

test('Figure 4 in small: training finds zero loss and recovers nothing; the certificate is accepted', () => {
  const instance = new URL('../../../theorems/non-identifiability/instances/orthonormal-5.json', import.meta.url)
    .pathname;
  const { config, out, at } = place({
    data: { kind: 'instance', file: instance },
    method: { kind: 'relu', l1: 0 },
    neurons: 12,
    start: { tied: false },
    normalizeDecoder: false,
    optimizer: { rate: 0.01 },
    schedule: { final: 0.0001 },
    batch: 5,
    steps: 4000,
    logEvery: 1000,
    evaluation: 5,
  });
  const ran = dictum(['train', config, '--out', out]);
  expect(ran.out).toMatch(/encoder, cosine, best\s+0\.\d+\s+0\.00%\s+0\.00%/);
  expect(ran.out).toMatch(/decoder, cosine, best\s+0\.\d+\s+0\.00%\s+0\.00%/);
  const exact = join(at, 'exact.json');
  const { err } = dictum(['metrics', join(out, 'checkpoint.safetensors'), '--instance', exact, '--zero-loss']);
  expect(err).toMatch(/the decoder moved by at most \d\.\d+e-0?[78] to zero loss/);
  const certificate = join(at, 'certificate.json');
  const certified = dictum(['certify', 'T4-nonidentifiable', exact]);
  expect(certified.err + certified.out).toContain('L~ = 0');
  writeFileSync(certificate, certified.out);
  expect(dictum(['check', certificate]).code).toBe(0);
  // It is the trained encoder that the certificate is about.
  const we = (JSON.parse(readFileSync(exact, 'utf8')) as { we: string[][] }).we;
  expect((JSON.parse(certified.out) as { instance: { we: string[][] } }).instance.we).toEqual(we);
});

test('dictum bench: one result per run, a table with spreads, finished runs kept', () => {
  const out = join(folder(), 'bench');
  const args = ['bench', 'lrb', '--preset', 'topk', '--seeds', '2', '--steps', '2', '--out', out];
  const ran = dictum(args);
  expect(ran.code, ran.err).toBe(0);
  expect(ran.out).toContain('100.0       0.999');
  expect(ran.out).toContain('k=32: anchoring, mean best encoder cosine');
  expect(readFileSync(join(out, 'bench.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 3 * 2 * (8 + 16));
  const document = JSON.parse(readFileSync(join(out, 'bench.json'), 'utf8')) as { rows: unknown[]; runs: unknown[] };
  expect([document.rows.length, document.runs.length]).toEqual([6, 12]);
  fits('bench-result', readFileSync(join(out, 'bench.json'), 'utf8'));
  const again = dictum([...args, '--resume']);
  expect(again.out).toBe(ran.out);
  expect(dictum(['bench', 'lrb', '--preset', 'table2']).err).toContain('expected table1, superposition');
});

test('dictum bench, absorption: hierarchical data, a rate for each line', () => {
  const out = join(folder(), 'absorption');
  const ran = dictum(['bench', 'lrb', '--preset', 'absorption', '--seeds', '1', '--steps', '2', '--out', out]);
  expect(ran.code, ran.err).toBe(0);
  expect(ran.out).toContain('absorbed%');
  const text = readFileSync(join(out, 'bench.json'), 'utf8');
  fits('bench-result', text);
  const { rows } = JSON.parse(text) as { rows: { method: string; condition: string; absorbed: { mean: number } }[] };
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map(({ condition }) => condition))).toEqual(
    new Set(['shares 0.25 0.25 0.25 0.25', 'shares 0.7 0.1 0.1 0.1']),
  );
  for (const { absorbed } of rows) expect(absorbed.mean >= 0 && absorbed.mean <= 1).toBe(true);
  const [head, ...lines] = readFileSync(join(out, 'bench.csv'), 'utf8').trim().split('\n');
  const at = head!.split(',').indexOf('absorbed');
  expect(lines.every((line) => line.split(',')[at] !== '')).toBe(true);
});

test('a SAELens checkpoint on word vectors: components, an instance of one of them, a certificate of its landscape', () => {
  const at = folder();
  const [words, part, proofs] = ['words.json', 'part.json', 'proofs'].map((name) => join(at, name)) as [
    string,
    string,
    string,
  ];
  const foreign = join(import.meta.dirname, '../../train/checkpoint/foreign');
  expect(dictum(['import', join(foreign, 'words.json'), '--against', 'all', '--unit', '--out', words]).code).toBe(0);
  const metrics = ['metrics', join(foreign, 'saelens-words/sae_weights.safetensors'), '--features', words, '--augment'];
  const listed = dictum([...metrics, '--components', '--json']);
  expect(listed.code, listed.err).toBe(0);
  fits('metrics', listed.out);
  const { components } = JSON.parse(listed.out) as {
    components: { parts: { neurons: number[]; features: number[] }[]; dead: number[]; uncovered: number[] };
  };
  // SAELens' own activations, neuron by neuron.
  const { tensors } = readSafetensors(readFileSync(join(foreign, 'saelens-words.io.safetensors')), 'x');
  const latents = tensors.get('latents')!;
  const [n, nq] = latents.shape as [number, number];
  for (const { neurons, features } of components.parts) {
    const seen = neurons.flatMap((i) =>
      Array.from({ length: n }, (_, d) => d).filter((d) => latents.values[d * nq + i - 1]! > 0),
    );
    expect([...new Set(seen)].map((d) => d + 1).sort((a, b) => a - b)).toEqual(features);
  }
  expect(components.parts.flatMap(({ neurons }) => neurons).length + components.dead.length).toBe(nq);
  expect(dictum([...metrics, '--components']).out).toContain('neuron 4 on {dog, cat}');

  expect(dictum([...metrics, '--component', '6', '--instance', part]).code).toBe(0);
  const survey = dictum(['landscape', part, '--given', '--certificates', proofs, '--json']);
  expect(survey.code, survey.err).toBe(0);
  expect((JSON.parse(survey.out) as { patterns: unknown }).patterns).toMatchObject([
    { pattern: [[14, 15]], class: 'local-minimum' },
  ]);
  expect(dictum(['check', proofs]).out).toContain('T6-minimum repaired holds');
  expect(dictum(['realize', part]).out).toContain('{dog, cat}');
  // Sets that meet: of the pattern nothing is said, of the weights what was proved.
  expect(dictum([...metrics, '--component', '1', '--instance', part]).code).toBe(0);
  const meet = dictum(['landscape', part, '--given', '--certificates', join(at, 'meet')]);
  expect([meet.code, meet.out]).toEqual([
    0,
    expect.stringMatching(/a point near, within ≈0\.\d+ in each coordinate, is a local minimum of L~/),
  ]);
  expect(dictum(['check', join(at, 'meet')]).out).toContain('0 rejected');

  for (const [args, message] of [
    [[...metrics.slice(0, 4), '--instance', part], 'biases'],
    [[...metrics, '--component', '13', '--instance', part], '--component'],
    [[...metrics, '--component', '1'], '--instance'],
    [[...metrics, '--component', '1', '--neurons', '1', '--instance', part], '--component'],
    [['landscape', words, '--given'], '$.pattern'],
    [['landscape', part, '--given', '--pattern', '1'], '--given'],
  ] as const) {
    const refused = dictum([...args]);
    expect([refused.code, refused.err.includes(message)], refused.err).toEqual([2, true]);
  }
});
