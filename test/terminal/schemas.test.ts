import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { RULES } from '../../src/solve/proofs/rules.ts';
import { certificates, corpora, dictum, folder } from '../commands/run.ts';

const folderOfSchemas = new URL('../../schemas/', import.meta.url).pathname;
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
ajv.addKeyword('x-code');
for (const name of readdirSync(folderOfSchemas))
  ajv.addSchema(JSON.parse(readFileSync(join(folderOfSchemas, name), 'utf8')));

function fits(format: string, document: unknown): void {
  const validate = ajv.getSchema(`urn:dictum:${format}:1`)!;
  expect(validate(document), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
}
const json = (args: readonly string[], input = ''): unknown => JSON.parse(dictum(args, { input }).out);
const instance = join(corpora, 'valid', 'instance-relu.json');

test('every published certificate fits its schema', () => {
  const names = readdirSync(certificates, { recursive: true })
    .map(String)
    .filter((n) => n.endsWith('.json') && n !== 'manifest.json');
  expect(names.length).toBeGreaterThan(9);
  for (const name of names) fits('certificate', JSON.parse(readFileSync(join(certificates, name), 'utf8')));
});

test('the schema of certificates knows the rules of the kernel and no other', () => {
  const schema = JSON.parse(readFileSync(join(folderOfSchemas, 'certificate.schema.json'), 'utf8')) as {
    $defs: { rule: { oneOf: { properties: { rule: { const: string } } }[] } };
  };
  const known = schema.$defs.rule.oneOf.map((rule) => rule.properties.rule.const);
  expect(known.sort()).toEqual([...RULES.keys()].sort());
});

test('a changed certificate does not fit', () => {
  const file = join(certificates, 'T8', 'paper--four-directions.json');
  const certificate = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const validate = ajv.getSchema('urn:dictum:certificate:1')!;
  for (const change of [
    { verdict: 'true' },
    { goal: 'own' },
    { id: 'A' },
    { witness: [] },
    { dropped: 1 },
    { reading: 'mine' },
  ]) {
    expect(validate({ ...certificate, ...change }), JSON.stringify(change)).toBe(false);
  }
});

test('results fit their schemas', () => {
  fits('realize', json(['realize', instance, '--json']));
  fits('realize', json(['realize', join(corpora, 'valid', 'instance-gated.json'), '-p', 'a', '--json']));
  fits('realize', json(['realize', join(corpora, 'valid', 'instance-topk.json'), '-p', '1;1', '--json']));
  fits('realize', json(['realize', '-', '-p', '1', '--json'], withCopies('relu')));
  fits('realize', json(['realize', '-', '-p', '1;', '--json'], withCopies('topk')));
  fits('check', json(['check', certificates, instance, '--json']));
  fits('explain', json(['explain', join(certificates, 'T8', 'paper--four-directions.json'), '--json']));
  fits('explain', json(['explain', join(corpora, 'valid', 'landing-shear-at-kink.json'), '--json']));
  fits('explain', json(['explain', '--word', 'kink', '--json']));
  fits('error', json(['realize', 'nowhere.json', '--json']));
  for (const more of [['--list'], ['--strict'], ['--partitions'], ['--list', '--labels']]) {
    fits('patterns', json(['patterns', instance, '--json', ...more]));
  }
  for (const more of [[], ['--strict']])
    fits(
      'pattern-count',
      json(['patterns', join(corpora, 'valid', 'instance-gated.json'), '--count', '--json', ...more]),
    );
  fits('error', json(['realize', '--json']));
  const sweep = new URL('../../regress/sweep.json', import.meta.url);
  fits('sweep', JSON.parse(readFileSync(sweep, 'utf8')));
  const words = join(corpora, 'valid', 'vectors-map.json');
  fits('instance', json(['import', words, '-s', 'king', '--unit']));
  fits('import', json(['import', words, '-s', 'king', '--unit', '--out', join(folder(), 'out.json'), '--json']));
});

/** Two equal directions, of which no neuron can carry one. */
const withCopies = (kind: string): string =>
  JSON.stringify({
    format: 'dictum/instance@1',
    name: 'copies',
    features: ['a', 'b'].map((label) => ({ label, wp: ['1'] })),
    activation: kind === 'topk' ? { kind, k: 1 } : { kind },
    neurons: 1,
  });
