import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check, InputError } from '../../src/index.ts';
import { sha256 } from '../../src/library/sha256.ts';
import { certificates, corpora, dictum } from '../commands/run.ts';
import { text } from './support.ts';

const T8 = 'certificates/T8/paper--four-directions.json';

test('SHA-256 is that of Node, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      expect(sha256(any)).toBe(createHash('sha256').update(any, 'utf8').digest('hex'));
    }),
  );
});

/** What the command prints of a file, without the file. */
function printed(path: string): object {
  const { results } = JSON.parse(dictum(['check', path, '--json']).out) as { results: { file: string }[] };
  const [{ file: _, ...entry } = { file: '' }] = results;
  return entry;
}

test.each([`${certificates}T8/paper--four-directions.json`, `${corpora}valid/landing-shear-at-kink.json`])(
  'says of %s what the command says, of the text and of the object',
  (path) => {
    const found = text(path.slice(path.indexOf(path.includes('/certificates/') ? 'certificates/' : 'test/')));
    const { sentence, ...result } = check(found);
    expect(result.accepted).toBe(true);
    expect(result).toEqual(printed(path));
    expect(dictum(['check', path]).out).toContain(sentence);
    expect(check(JSON.parse(found) as object)).toEqual({ ...result, sentence });
  },
);

describe('a certificate that is wrong is a result', () => {
  test('invalid: another verdict, under its own id', () => {
    const document = JSON.parse(text(T8)) as Record<string, unknown>;
    const result = check({ ...document, verdict: document.verdict === 'holds' ? 'refuted' : 'holds' });
    expect(result).toMatchObject({ accepted: false, kind: 'invalid', code: 'wrong-id', path: '$.id' });
  });

  test('malformed: cut off, an instance, a float', () => {
    expect(check(text(T8).slice(0, 300))).toMatchObject({ accepted: false, kind: 'malformed', code: 'not-json' });
    expect(check(text('regress/instances/face.json'))).toMatchObject({ accepted: false, path: '$.format' });
    expect(check('{"format":"dictum/certificate@1","x":0.5}')).toMatchObject({ accepted: false, code: 'float' });
  });

  test('a landing with another class', () => {
    const landing = text('test/corpora/valid/landing-shear-at-kink.json');
    const changed = landing.replace(/"class": *"[a-z-]+"/, '"class": "zero-loss"');
    expect(changed).not.toBe(landing);
    expect(check(changed)).toMatchObject({ accepted: false, kind: 'invalid' });
  });
});

test('what is no document at all is an error of the caller', () => {
  for (const none of [null, undefined, 3, true, Symbol('x')]) {
    expect(() => check(none as unknown as string)).toThrow(InputError);
  }
  expect(() => check({ a: 0.5 })).toThrow(/\$\.a: expected a whole number.*found 0\.5 \(float\)/);
  expect(() => check({ a: new Date(0) })).toThrow(/\$\.a: .*found Date/);
  expect(() => check({ a: [() => 1] })).toThrow(/\$\.a\[0\]: .*found function/);
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => check(circle)).toThrow(/too-deep/);
});
