import { describe, expect, it } from 'vitest';
import { approximateLoss, pencil } from '../../../src/kernel/model/model.ts';
import { combine, multiply, transpose, Vector } from '../../../src/kernel/numbers/vector.ts';
import { q } from '../../kernel/read.ts';
import { canonical, codeOf, decided } from '../decided.ts';

type Parts = Record<string, unknown>;

describe('T8-loss', () => {
  const m = canonical('T8-loss', 'narrow-cone');
  const { verdict, facts, certificate } = decided('T8-loss', 'ours', 'narrow-cone');

  it('splitting feature 1 off raises the best loss: never less than 169/394 then', () => {
    expect(verdict).toBe('refuted');
    expect(facts).toMatch(
      /^the best loss on \(\{2,3\},\{1\}\) is larger than on \(\{1,2,3\}\): one is never less than 169\/394, the other reaches L~ ≈ 0\.\d{6}$/,
    );
  });

  it('{1,2,3} reaches 56863/301419, and the row (5, 12) with {1} alone reaches 169/394', () => {
    const best = (set: number[], e: Vector) => {
      const { b, c } = pencil(m, set);
      const s = e.dot(combine(e.entries(), b, 2));
      return (multiply([e], transpose(c, 2), 2)[0] as Vector).times(q(1).over(s));
    };
    const losses = new Set<string>();
    for (let x = 1n; x <= 12n; x++) {
      for (let y = 1n; 5n * y < 12n * x && y <= 12n; y++) {
        const e = Vector.ints([x, y]);
        losses.add(`${approximateLoss({ ...m, neurons: 1 }, { we: [e], wd: [best([0, 1, 2], e)] })}`);
      }
    }
    expect(losses).toContain('56863/301419');
    const rows = [Vector.ints([5n, 12n]), Vector.ints([12n, -5n])];
    // Row 2 is at feature 2 as well, so {1} alone is only approached; the loss of the two neurons apart is what counts.
    const alone = { ...m, features: m.features.slice(0, 1), neurons: 1 };
    const pair = { ...m, features: m.features.slice(1), neurons: 1 };
    const first = approximateLoss(alone, { we: [rows[1]!], wd: [best([0], rows[1]!)] });
    expect(`${first.plus(approximateLoss(pair, { we: [rows[0]!], wd: [best([1, 2], rows[0]!)] }))}`).toBe('169/394');
  });

  it('independent directions: never', () => {
    expect(decided('T8-loss', 'repaired', 'pair').verdict).toBe('holds');
    expect(decided('T8-loss', 'repaired', 'narrow-cone').verdict).toBe('not-applicable');
  });

  const proof = (d: Parts): Parts => {
    let at = (d.witness as { conclusion: Parts }).conclusion;
    while (!('rule' in at)) at = at.proof as Parts;
    return at;
  };
  type Bound = {
    lambda: string;
    products: { left: number; right: number; weight: string }[];
    definite: { l: string[][]; d: string[] };
  };
  const bounds = (d: Parts): Bound[] => proof(d).bounds as Bound[];
  it.each<[string, (document: Parts) => void, string]>([
    ['a smaller lambda', (d) => (bounds(d)[0]!.lambda = '1/2'), 'wrong-factors'],
    ['a larger lambda, its factors kept', (d) => (bounds(d)[0]!.lambda = '1'), 'wrong-factors'],
    ['a negative lambda', (d) => (bounds(d)[0]!.lambda = '-1'), 'does-not-hold'],
    ['a weight of 0', (d) => (bounds(d)[0]!.products[0]!.weight = '0'), 'not-positive'],
    ['another weight', (d) => (bounds(d)[0]!.products[0]!.weight = '1'), 'wrong-factors'],
    ['another normal', (d) => (bounds(d)[0]!.products[0]!.right = 1), 'wrong-factors'],
    ['a normal beyond n', (d) => (bounds(d)[0]!.products[0]!.left = 4), 'out-of-range'],
    ['no products', (d) => (bounds(d)[0]!.products = []), 'wrong-factors'],
    ['a negative pivot', (d) => (bounds(d)[0]!.definite.d[0] = '-1'), 'negative-pivot'],
    ['a bound too few', (d) => bounds(d).pop(), 'wrong-size'],
    ['a point that loses too much', (d) => (proof(d).wd = [['0'], ['0']]), 'does-not-hold'],
    ['a point of another pattern', (d) => (proof(d).we = [['1', '-1']]), 'wrong-pattern'],
    ['another activation', (d) => ((d.instance as Parts).activation = { kind: 'identity' }), 'does-not-hold'],
  ])('%s', (_, change, code) => {
    expect(codeOf(certificate, change)).toBe(code);
  });
});
