import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { INSTANCE, type Instance } from '../../../src/kernel/model/instance.ts';
import { node } from '../../kernel/read.ts';
import { both } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import { resealed, type Value } from '../mutate.ts';

const file = (name: string) => `theorems/absorption/hierarchy/instances/${name}.json`;
const instance = (name: string, changes: object = {}): Instance =>
  INSTANCE.read(node({ ...(JSON.parse(readFileSync(file(name), 'utf8')) as object), ...changes }));
const verdictOf = (claim: string, reading: 'paper' | 'ours', of: string | Instance): string =>
  decided(claim, reading, of).verdict;

describe('T8-hierarchy: Theorem 3.8 of the stated parents', () => {
  it('is refuted where neither sub-concept can be alone', () => {
    expect(decided('T8-hierarchy', 'paper', 'stated-hierarchy')).toMatchObject({
      verdict: 'refuted',
      facts: expect.stringContaining('{husky} is not realizable'),
    });
  });

  it.each([
    ['another set', { hierarchy: [{ parent: 'dog', children: ['collie', 'tabby'] }] }],
    [
      'one more parent',
      {
        hierarchy: [
          { parent: 'dog', children: ['collie', 'husky'] },
          { parent: 'x', children: ['tabby', 'siamese'] },
        ],
      },
    ],
    ['a parent of one', { hierarchy: [{ parent: 'dog', children: ['collie'] }], pattern: [[1]] }],
    ['none stated', { hierarchy: [] }],
  ])('%s: not applicable', (_, changes) => {
    expect(verdictOf('T8-hierarchy', 'paper', instance('stated-hierarchy', changes))).toBe('not-applicable');
  });

  it('in any order of the sub-concepts, and with dead neurons', () => {
    const turned = { hierarchy: [{ parent: 'dog', children: ['husky', 'collie'] }], neurons: 2, pattern: [[1, 2], []] };
    expect(verdictOf('T8-hierarchy', 'paper', instance('stated-hierarchy', turned))).toBe('refuted');
  });
});

describe('T8-minima: whether what is left traps', () => {
  it('({1,2},{3}) in the plane does not, and is realizable', () => {
    const { verdict, facts } = decided('T8-minima', 'paper', 'plane-parent');
    expect(verdict).toBe('refuted');
    expect(facts).toContain('({1,2},{3},{},{}) carries no partial minimum');
    expect(facts).toContain('({1,2},{3},{},{}) is realizable');
  });

  it('of orthonormal directions each split does', () => {
    expect(verdictOf('T8-minima', 'paper', 'orthonormal-parent')).toBe('holds');
  });

  it('of a parent of two nothing is left that could trap', () => {
    const pair = instance('plane-parent', { pattern: [[1, 2], [3], []] });
    expect(verdictOf('T8-minima', 'paper', pair)).toBe('not-applicable');
  });

  it('the other verdict, and a split left out, are refused', () => {
    const { certificate } = decided('T8-minima', 'paper', 'orthonormal-parent');
    expect(codeOf(certificate, (document) => Object.assign(document, { verdict: 'refuted' }))).toBeDefined();
    expect(
      codeOf(certificate, (document) => {
        (document.witness as { conclusion: unknown[] }).conclusion.pop();
      }),
    ).toBe('wrong-size');
  });
});

describe('T8-silent: L~ and Definition 3.2', () => {
  it('L~ does not contain a parent or its sub-concepts', () => {
    const { verdict, facts } = decided('T8-silent', 'ours', 'parent-and-breeds');
    expect(verdict).toBe('holds');
    expect(facts).toBe('M_d = 0 for {dog, collie, husky}: none of them is ever active alone');
  });

  it.each([
    ['alone at times', [{ probability: '1/20', x: ['1', '0', '0'] }]],
    ['without its parent', [{ probability: '1/20', x: ['0', '0', '3'] }]],
  ])('%s: not applicable', (_, joint) => {
    const { verdict, facts } = decided('T8-silent', 'ours', instance('parent-and-breeds', { distribution: { joint } }));
    expect(verdict).toBe('not-applicable');
    expect(facts).toContain('{dog} is active without a sub-concept');
  });

  it('a parent that is a word only is no feature', () => {
    const hierarchy = [{ parent: 'animal', children: ['collie', 'husky'] }];
    expect(verdictOf('T8-silent', 'ours', instance('parent-and-breeds', { hierarchy }))).toBe('not-applicable');
  });

  it('a parent that is its own sub-concept is none: it may be alone', () => {
    const hierarchy = [{ parent: 'dog', children: ['dog'] }];
    const alone = { distribution: { joint: [{ probability: '1/2', x: ['1', '0', '0'] }] } };
    expect(verdictOf('T8-silent', 'ours', instance('parent-and-breeds', { hierarchy, ...alone }))).toBe(
      'not-applicable',
    );
  });

  it('without the hypothesis it fails, and both checkers say so', () => {
    const name = 'ours-without-parent-iff-child--parent-at-times-alone';
    const text = readFileSync(`certificates/T8-silent/${name}.json`, 'utf8');
    const document = JSON.parse(text) as { dropped: string };
    expect(document.dropped).toBe('parent-iff-child');
    const met = JSON.parse(text.replace('"x":["1","0","0"]', '"x":["1","1","0"]')) as Value;
    expect(
      both([text, met].map((one) => resealed(typeof one === 'string' ? (JSON.parse(one) as Value) : one))),
    ).toEqual([
      ['accepted', 'accepted'],
      [expect.stringContaining('invalid'), expect.stringContaining('invalid')],
    ]);
  });
});
