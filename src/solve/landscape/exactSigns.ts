/** Signs of elements of Q(lambda), decided: intervals are narrowed until they tell, and f is split where an entry is 0 at lambda only. */
import { type Element, enclosures, primitive, type Root, reduced } from '../../kernel/numbers/algebraic.ts';
import { gcdOf, quotient, refined } from './realRoots.ts';

/** How often 32 more bits are tried before a common root of f and the entry is looked for. */
const PATIENCE = 4;

export type Signs = readonly (-1 | 0 | 1)[];

/** The signs of the entries, and a description of the same root that the kernel can read them off. */
export function exactSigns(x: Element, start: Root, length: number): { signs: Signs; root: Root } {
  let root = start;
  for (let round = 0; ; round++) {
    const terms = reduced(x, root);
    const ranges = enclosures(terms, root, length);
    const zero = (i: number): boolean => terms.every((c) => c.num[i] === 0n);
    const open = ranges.findIndex(([low, high], i) => !zero(i) && low.sign() <= 0 && high.sign() >= 0);
    if (open < 0) return { signs: ranges.map(([low], i) => (zero(i) ? 0 : low.sign())), root };
    const split = round >= PATIENCE ? splitAt(terms, open, root) : undefined;
    root = split ?? refined(root, 32);
  }
}

/** lambda as a root of the factor of f that it belongs to, where the entry and f have a common factor. */
function splitAt(x: Element, entry: number, root: Root): Root | undefined {
  const common = x.reduce((product, c) => product * c.den, 1n);
  const polynomial = primitive(x.map((c) => (c.num[entry] as bigint) * (common / c.den)));
  const factor = gcdOf(root.f, polynomial);
  if (factor.length <= 1) return undefined;
  for (const f of [factor, quotient(root.f, factor)]) {
    if (changesSign(f, root)) return { ...root, f };
  }
  throw new Error('a root that no factor has');
}

function changesSign(f: readonly bigint[], { from, to }: Root): boolean {
  const value = ({ num, den }: Root['from']): bigint => {
    let [total, power] = [0n, 1n];
    for (let k = f.length - 1; k >= 0; k--) {
      total = total * num + (f[k] as bigint) * power;
      power *= den;
    }
    return total;
  };
  const [a, b] = [value(from), value(to)];
  return (a < 0n && b > 0n) || (a > 0n && b < 0n);
}
