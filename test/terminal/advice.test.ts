import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adviceFor } from '../../src/terminal/advice.ts';
import { closest, listed } from '../../src/terminal/closest.ts';
import { enter } from '../../src/terminal/door.ts';
import { readPattern } from '../../src/terminal/featureLists.ts';
import { Failure, type Problem, problemText } from '../../src/terminal/problem.ts';
import { corpora, dictum, folder } from '../commands/run.ts';

const problem = (code: string, more: Partial<Problem> = {}): Problem => ({
  kind: 'malformed',
  code,
  expected: 'x',
  found: 'y',
  ...more,
});

/** Every cause that has a hint of its own: the problem, and what its second line has to say. */
const CAUSES: readonly (readonly [string, Problem, RegExp])[] = [
  ['no such file', problem('unreadable', { found: 'no such file or folder' }), /spelling of the path/],
  ['a folder for a file', problem('unreadable', { found: 'a folder' }), /Name a file in it/],
  ['no permission', problem('unreadable', { found: 'no permission' }), /as a user who may/],
  ['a pipe in a folder', problem('unreadable', { found: 'a pipe, a device or a socket' }), /only regular files/],
  ['a path through a file', problem('unreadable', { found: 'a path that leads through a file' }), /is a file/],
  ['a loop of links', problem('unreadable', { found: 'a loop of links' }), /links/],
  ['another refusal', problem('unreadable', { found: 'EXYZ' }), /path and its permissions/],
  ['no certificates', problem('no-files'), /dictum audit/],
  ['Latin-1', problem('not-utf-8', { found: 'bytes that are not UTF-8' }), /Save the file as UTF-8/],
  ['NumPy', problem('not-utf-8', { found: 'a NumPy array (.npy)' }), /dictum import/],
  ['gzip', problem('not-utf-8', { found: 'a gzip file' }), /Unpack/],
  [
    'standard output',
    problem('cannot-write', { file: 'standard output', found: 'no space left on device' }),
    /not complete/,
  ],
  ['a full disk', problem('cannot-write', { file: 'f', found: 'a full disk' }), /Make room/],
  ['no folder there', problem('cannot-write', { file: 'f', found: 'no such file or folder' }), /Make the folder/],
  ['a folder as output', problem('cannot-write', { file: 'f', found: 'a folder' }), /Name a file in it/],
  ['a read-only file', problem('cannot-write', { file: 'f', found: 'a read-only file' }), /writable/],
  ['an unwritable folder', problem('cannot-write', { file: 'f', found: 'no permission' }), /folder that you may write/],
  ['a link in a folder of ours', problem('cannot-write', { file: 'f', found: 'a link to /x' }), /remove the link/],
  ['one file for two outputs', problem('cannot-write', { file: 'f', found: 'the same file twice' }), /name of its own/],
  [
    'a manifest that is none',
    problem('cannot-write', { file: 'f', found: 'another file in the place of its manifest' }),
    /move that file/,
  ],
  ['another refusal to write', problem('cannot-write', { file: 'f', found: 'EXYZ' }), /half-written/],
  ['an output over an input', problem('overwrites-input'), /input was left/],
  ['any refusal', problem('refused'), /operating system/],
  ['another journal', problem('wrong-journal'), /--resume/],
  ['another checkpoint', problem('wrong-checkpoint'), /--out/],
  ['a sweep that was changed', problem('wrong-plan'), /once more/],
  ['a sweep in the queue', problem('submitted'), /sweep cancel/],
  ['no Slurm', problem('no-slurm'), /sinfo/],
  [
    'an unknown option of a command',
    problem('bad-arguments', {
      file: 'dictum realize',
      expected: '[options] <instance>',
      found: "unknown option '--patern' (Did you mean --pattern?)",
    }),
    /^dictum realize --help/,
  ],
  [
    'an unknown command',
    problem('bad-arguments', { file: 'dictum', expected: 'a command: audit, check', found: '"chekc"' }),
    /^Did you mean check\?$/,
  ],
  [
    'a command like none',
    problem('bad-arguments', { file: 'dictum', expected: 'a command: audit, check', found: '"zzzzzz"' }),
    /lists the commands/,
  ],
  [
    'a word of an option',
    problem('bad-arguments', { file: '--scale', expected: 'instances, paper', found: 'papr' }),
    /^Did you mean paper\?$/,
  ],
  [
    'a number of an option',
    problem('bad-arguments', { file: '--jobs', expected: 'an integer from 1 to 64', found: '"x"' }),
    /--help/,
  ],
  ['a pattern', problem('bad-pattern'), /"1,2;3"/],
  ['a number or a label', problem('ambiguous-feature'), /double quotes/],
  ['no pattern', problem('no-pattern'), /--pattern "1,2;3"/],
  ['neurons that share', problem('not-separate'), /dictum realize/],
  ['an activation', problem('wrong-activation'), /dictum realize/],
  ['a loss that is not finite', problem('not-finite'), /rate/],
  ['no GPU', problem('no-adapter'), /--backend/],
  ['a lost GPU', problem('device-lost'), /--resume/],
  ['NaN', problem('not-json', { found: '"NaN,1]" at character 3' }), /NaN and Infinity are no JSON, and no/],
  ['an empty file', problem('not-json', { found: 'the end of the text at character 0' }), /empty or cut off/],
  ['a lone surrogate', problem('not-json', { found: 'a lone surrogate' }), /Half a pair/],
  ['other JSON', problem('not-json'), /edited by hand/],
  ['a key twice', problem('duplicate-key'), /one of the two/],
  ['too large', problem('too-large'), /--select/],
  ['too deep', problem('too-deep'), /nested/],
  ['a type', problem('wrong-type'), /JSON Schema/],
  ['a pattern of another size', problem('wrong-size', { path: '$.pattern' }), /per neuron/],
  ['a direction of another size', problem('wrong-size', { path: '$.features[1].wp' }), /one length/],
  ['another size', problem('wrong-size', { path: '$.x' }), /JSON Schema/],
  ['a tensor', problem('wrong-size', { path: 'tensors' }), /shapes/],
  ['no pattern in the file', problem('missing-key', { path: '$.pattern' }), /--pattern/],
  ['no encoder', problem('missing-key', { path: '$.we' }), /"we".*dictum metrics/],
  ['no gate', problem('missing-key', { path: '$.gate' }), /"gate"/],
  ['no k', problem('missing-key', { path: '$.k' }), /--k/],
  ['no format', problem('missing-key', { path: '$.format', expected: '"dictum/instance@1"' }), /schemas\/instance/],
  ['another key', problem('missing-key', { path: '$.name' }), /Add it/],
  ['a missing option', problem('missing-key', { file: '--config' }), /--help/],
  ['a missing tensor', problem('missing-key', { path: 'tensors' }), /names in the file/],
  [
    'a misspelt key',
    problem('unknown-key', { expected: 'label, wp, wr, weight', found: '"wieght"' }),
    /^Did you mean weight\?$/,
  ],
  ['a key like none', problem('unknown-key', { expected: 'label, wp', found: '"zzzzz"' }), /Remove it/],
  [
    'a misspelt claim',
    problem('unknown-word', { file: 'dictum certify', expected: 'a claim: T6, T6-dead', found: '"t6-daed"' }),
    /^Did you mean T6-dead\?$/,
  ],
  [
    'a misspelt hypothesis',
    problem('unknown-word', {
      file: 'dictum certify',
      expected: 'a hypothesis of T6, paper: unit-norm, partition',
      found: '"unit-nrm"',
    }),
    /^Did you mean unit-norm\?$/,
  ],
  [
    'a reading like none',
    problem('unknown-word', { file: 'dictum certify', expected: 'a reading of T6: paper', found: '"zzzzz"' }),
    /^dictum certify --help/,
  ],
  [
    'a misspelt activation',
    problem('unknown-word', { path: '$.activation.kind', expected: 'one of relu, gated', found: '"rellu"' }),
    /^Did you mean relu\?$/,
  ],
  [
    'an activation like none',
    problem('unknown-word', { path: '$.activation.kind', expected: 'one of relu', found: '"softplus"' }),
    /Only the words listed/,
  ],
  [
    'a setting',
    problem('unknown-word', { path: '$.normalize_activations', expected: 'none', found: '"layer_norm"' }),
    /Only the words listed/,
  ],
  [
    'a certificate of a newer claim',
    problem('unknown-word', { path: '$.claim', expected: 'one of T6', found: '"ZZ-new"' }),
    /newer dictum/,
  ],
  [
    'a certificate with a newer rule',
    problem('unknown-word', { path: '$.witness.conclusion.rule', expected: 'one of farkas', found: '"zonotope"' }),
    /newer dictum/,
  ],
  [
    'a later version',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/instance@2"' }),
    /newer dictum/,
  ],
  [
    'a version that never was',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/instance@0"' }),
    /Write "format": "dictum\/instance@1"/,
  ],
  [
    'a landing',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/landing@1"' }),
    /landing: "dictum check"/,
  ],
  [
    'a certificate',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/certificate@1"' }),
    /"dictum check" replays it/,
  ],
  [
    'a report',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/report@1"' }),
    /certify B1-mean/,
  ],
  [
    'an instance for a report',
    problem('unknown-word', { path: '$.format', expected: '"dictum/report@1"', found: '"dictum/instance@1"' }),
    /schemas\/report/,
  ],
  [
    'a scale',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/scale@1"' }),
    /T4-scale/,
  ],
  [
    'a configuration',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/train@1"' }),
    /"dictum train"/,
  ],
  [
    'a suite',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/regress@1"' }),
    /"dictum regress"/,
  ],
  [
    'a sweep for an instance',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/sweep@1"' }),
    /"dictum sweep" takes it/,
  ],
  [
    'a manifest',
    problem('unknown-word', { path: '$.format', expected: '"dictum/certificate@1"', found: '"dictum/manifest@1"' }),
    /the folder/,
  ],
  [
    'a result',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"dictum/patterns@1"' }),
    /what "dictum patterns" printed/,
  ],
  [
    'no format of ours',
    problem('unknown-word', { path: '$.format', expected: '"dictum/instance@1"', found: '"other"' }),
    /schemas\/instance/,
  ],
  ['a feature out of range', problem('out-of-range', { path: '$.pattern[0][0]' }), /from 1/],
  ['another range', problem('out-of-range', { path: '$.activation.k' }), /in the range/],
  ['a quantity', problem('not-a-number', { path: '$.features[0].wp[0]' }), /"-12\/13"/],
  ['a weight', problem('not-a-number', { path: 'W_enc' }), /how the file was made/],
  ['a float', problem('float'), /"1\/4"/],
  ['a direction of 0', problem('zero-direction'), /Remove the feature/],
  ['a label twice', problem('duplicate-label'), /Rename/],
  ['a label like none', problem('unknown-feature'), /letter by letter/],
  ['an order', problem('not-increasing'), /Sort/],
  ['no distribution', problem('missing-data', { path: '$.distribution' }), /"distribution": \{"independent"/],
  ['no weights', problem('missing-data', { path: '$.we' }), /"we".*"wd"/],
  ['no pattern for the claim', problem('missing-data', { path: '$.pattern' }), /--pattern/],
  ['no anchors', problem('missing-data', { path: '$.anchors' }), /"anchors": \[1, 2\]/],
  ['no gates', problem('missing-data', { path: '$', expected: 'gates, as sigma is gated' }), /"gate"/],
  ['an activation the claim is not about', problem('missing-data', { path: '$.activation' }), /other activations/],
  [
    'another subject',
    problem('missing-data', {
      path: '$.format',
      expected: 'dictum/report@1, which this claim is about',
      found: 'other',
    }),
    /schemas\/report/,
  ],
  ['a proof with a hole', problem('missing-data', { kind: 'invalid', path: '$.witness.conclusion' }), /dictum certify/],
  ['something else', problem('missing-data', { path: '$' }), /docs\/claims/],
  ['a tie', problem('tie'), /Top-k/],
  ['too much work', problem('too-much-work'), /smaller instance/],
  ['an id', problem('wrong-id', { kind: 'invalid' }), /changed after it was written/],
  ['any proof that fails', problem('farkas-unequal', { kind: 'invalid' }), /proves nothing/],
];

describe('the second line of an error is about that error', () => {
  test.each(CAUSES)('%s', (_, given, says) => {
    const advice = adviceFor(given);
    expect(advice).toMatch(says);
    expect(problemText(given)).toBe(`${problemText(given).split('\n')[0]}\n  ${advice}`);
    // Only a format, a claim or a rule can be newer than this version.
    if (!/later|newer/.test(_)) expect(advice).not.toContain('newer');
  });

  test('every code in the sources has a hint', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const codes = new Set<string>();
    for (const top of ['src', 'theorems'])
      for (const name of readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }))
        if (name.endsWith('.ts'))
          for (const [, call = '', code = ''] of readFileSync(join(root, top, name), 'utf8').matchAll(
            /(malformed|invalid|fail|TrainProblem)\(\s*'([a-z0-9-]+)'/g,
          )) {
            codes.add(code);
            const kind = call === 'invalid' ? 'invalid' : 'malformed';
            expect(adviceFor(problem(code, { kind, path: '$.x' })), `${code} in ${name}`).toMatch(/\.|\?/);
          }
    expect(codes.size).toBeGreaterThan(60);
    expect(adviceFor(problem('no-such-code'))).toBeUndefined();
  });

  test('of a label: the nearest one, and none where none is near', () => {
    const features = ['father', 'mother', 'Paris, France'].map((label) => ({ label }));
    const next = (text: string): string | undefined => {
      try {
        readPattern(text, features, '--pattern');
      } catch (thrown) {
        return thrown instanceof Failure ? adviceFor(thrown.problem) : undefined;
      }
      return 'read';
    };
    expect(next('fahter')).toBe('Did you mean father?');
    expect(next('MOTHER')).toBe('Did you mean mother?');
    expect(next('"Paris, france"')).toBe('Did you mean "Paris, France"?');
    expect(next('zebra')).toMatch(/letter by letter/);
    expect(next('father')).toBe('read');
  });
});

test('a file of another kind is told what it is, before what it lacks', () => {
  const told = (text: string): string => {
    try {
      enter(text, 'f');
    } catch (thrown) {
      return thrown instanceof Failure ? problemText(thrown.problem) : `${thrown}`;
    }
    return 'entered';
  };
  expect(told('{"format":"dictum/landing@1"}')).toMatch(/found "dictum\/landing@1".*\n {2}.*dictum check/);
  expect(told('{"a":[1,2],"b":[3,4]}')).toContain('dictum import FILE');
  expect(told('{"labels":["a"],"vectors":[[1]],"source":"s"}')).toContain('dictum import FILE');
  expect(told('{"source":"s","tables":[]}')).toContain('dictum tables FILE');
  expect(told('1,2;3\n;2\n')).toContain('--patterns FILE');
  expect(told('2 2\nking 0.5 -1e-3\n')).toContain('dictum import FILE');
  expect(told('king 0.5 -1e-3\nqueen 1 2\n')).toContain('dictum import FILE');
  expect(told('{"features":[]}')).toMatch(/\$\.format: expected the key "format"/);
  expect(told('{"format":1}')).toMatch(/expected the key "name"/);
  expect(told('hello\n')).toMatch(/not-json/);
});

test('nearest: symmetric in one edit, never the word itself, nothing for words that share nothing', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(letters, fc.nat(11), fc.constantFrom('x', 'y'), (word, place, letter) => {
      const k = place % word.length;
      const changed = `${word.slice(0, k)}${letter}${word.slice(k + 1)}`;
      expect(closest(changed, [word, 'zzzzzzzzzzz'])).toBe(word);
      expect(closest(word, [word])).toBeUndefined();
      expect(closest(word, ['zzzzzzzzzzzz', 'qqq'])).toBeUndefined();
    }),
  );
  expect(closest('realzie', ['realize', 'regress'])).toBe('realize');
  expect(closest('x'.repeat(1000), ['x'.repeat(999)])).toBeUndefined();
  expect(listed('a claim: T1, T6-dead')).toEqual(['T1', 'T6-dead']);
  expect(listed('one of relu, gated')).toEqual(['relu', 'gated']);
  expect(listed('sample, full or none')).toEqual(['sample', 'full', 'none']);
  expect(listed('an integer from 1 to 64')).toEqual([]);
});

test('a claim of one reading is decided in it; with several, they are named', () => {
  const instance = join(folder(), 'one.json');
  const features = [
    { label: '1', wp: ['1', '0'] },
    { label: '2', wp: ['3/5', '4/5'] },
  ];
  const file = {
    format: 'dictum/instance@1',
    name: 'i',
    features,
    activation: { kind: 'relu' },
    neurons: 2,
    pattern: [[1, 2], []],
  };
  writeFileSync(instance, JSON.stringify(file));
  const decided = dictum(['certify', 'T6-critical', instance]);
  expect(decided).toMatchObject({ code: 0, err: expect.stringMatching(/^T6-critical repaired: (holds|refuted)/) });
  const refused = dictum(['certify', 'T6-critical', instance, '--reading', 'paper']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('T6-critical has one reading: leave out --reading.');
  expect(refused.err).not.toContain('newer');
  expect(dictum(['certify', 'T6', instance, '-r', 'papr']).err).toMatch(
    /walkthrough, paper, repaired, .*\n {2}Did you mean paper\?/,
  );
  expect(dictum(['certify', instance, 'T6']).err).toContain(`Write: dictum certify T6 ${instance}`);
  expect(dictum(['certify', 'T6', join(corpora, 'valid', 'landing-shear-at-kink.json')]).err).toContain(
    '"dictum check" replays it',
  );
});
