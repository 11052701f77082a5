/**
 * The tree of patterns: one level per vector, a node for each prefix of sides that some point shows. A walk is cut into parts:
 * a part starts at a node given by its prefix, stops after so many steps, and names the nodes it leaves open. How a walk is
 * cut depends on the arrangement and the wish alone, so a part can be repeated elsewhere, or later.
 */

import { spend } from '../../kernel/numbers/work.ts';
import { bigints, doubles, TooLarge } from './arithmetic.ts';
import type { Arrangement } from './arrangement.ts';
import { TooManyRays, wholeSpace } from './cone.ts';
import { type Prefix, regionOf } from './lpRegion.ts';
import type { Region, Sides, Signs } from './region.ts';

export interface Wish {
  readonly signs: Signs;
  /** Sets of at most so many features. */
  readonly maxSize: number;
}

export interface Visitor {
  /** A complete set: the sides of all vectors, and how many features are positive. */
  readonly leaf: (sides: Prefix, size: number, region: Region) => void;
  /** No point is on these sides, though some are on all but the last one. */
  readonly pruned?: (sides: Prefix) => void;
}

/** Above this dimension cones have too many rays from the start. */
const MOST_DIMENSIONS = 12;

type Split = Partial<Sides<Region>>;

interface Node {
  readonly prefix: Prefix;
  readonly size: number;
  readonly region: Region;
}

/** Walks the tree below `from` for about `steps` nodes; returns the nodes left open, in the order of the walk. */
export function walk(a: Arrangement, wish: Wish, from: Prefix, steps: number, visitor: Visitor): Prefix[] {
  const start = regionFor(a, wish.signs, from);
  if (!start) return [];
  const stack: Node[] = [{ prefix: from, size: sizeOf(a, from), region: start }];
  for (let step = 0; step < steps; step++) {
    const node = stack.pop();
    if (!node) return [];
    spend(20_000 + 100 * a.vectors.length * a.dimension);
    if (node.prefix.length === a.vectors.length) visitor.leaf(node.prefix, node.size, node.region);
    else for (const child of children(a, wish, node, visitor)) stack.push(child);
  }
  return stack.map(({ prefix }) => prefix).reverse();
}

/** The children of a node, the last one to be walked first: the positive side. */
function children(a: Arrangement, wish: Wish, { prefix, size, region }: Node, visitor: Visitor): Node[] {
  const d = prefix.length;
  const forced = d < a.forced;
  const counted = a.features[d] === undefined ? 0 : 1;
  const wanted = { plus: forced || size + counted <= wish.maxSize, minus: !forced };
  const last = wanted.plus && !forced && size + counted === wish.maxSize;
  const found: Node[] = [];
  const add = (sides: Prefix, of: Region | undefined): void => {
    if (of) found.push({ prefix: sides, size: size + (sides[d] === '+' ? counted : 0), region: of });
    else visitor.pruned?.(sides);
  };
  if (last && region.finish) {
    add(`${prefix}-`, region.split({ plus: false, minus: true }).minus);
    add(`${prefix}+`.padEnd(a.vectors.length, '-'), region.finish());
    return found;
  }
  const split = splitOf(a, wish.signs, prefix, region, wanted);
  if (wanted.minus) add(`${prefix}-`, split.minus);
  if (wanted.plus) add(`${prefix}+`, split.plus);
  return found;
}

/** Splits, in a representation in which that succeeds. */
function splitOf(a: Arrangement, signs: Signs, prefix: Prefix, region: Region, wanted: Sides<boolean>): Split {
  return (
    attempt(() => region.split(wanted)) ??
    attempt(() => coneOf(a, signs, prefix, 'bigints')?.split(wanted)) ??
    regionOf(a, signs, prefix)?.split(wanted) ??
    {}
  );
}

function attempt<T>(split: () => T): T | undefined {
  try {
    return split();
  } catch (thrown) {
    if (thrown instanceof TooLarge || thrown instanceof TooManyRays) return undefined;
    throw thrown;
  }
}

/** How many features are on the positive side. */
function sizeOf(a: Arrangement, prefix: Prefix): number {
  let size = 0;
  for (let d = 0; d < prefix.length; d++) if (prefix[d] === '+' && a.features[d] !== undefined) size++;
  return size;
}

/** The region of a prefix in the best representation that can hold it; undefined if no point is on these sides. */
export function regionFor(a: Arrangement, signs: Signs, prefix: Prefix): Region | undefined {
  if (a.dimension > MOST_DIMENSIONS) return regionOf(a, signs, prefix);
  return (
    attempt(() => coneOf(a, signs, prefix, 'doubles')) ??
    attempt(() => coneOf(a, signs, prefix, 'bigints')) ??
    regionOf(a, signs, prefix)
  );
}

function coneOf(a: Arrangement, signs: Signs, prefix: Prefix, kind: 'doubles' | 'bigints'): Region | undefined {
  if (a.dimension > MOST_DIMENSIONS) return undefined;
  const count = a.vectors.length;
  const exact = kind === 'doubles' ? doubles(a.vectors) : undefined;
  if (kind === 'doubles' && !exact) return undefined;
  let region: Region | undefined = exact
    ? wholeSpace(exact, signs, count)
    : wholeSpace(bigints(a.vectors), signs, count);
  for (const side of prefix) {
    const sides: Split | undefined = region?.split({ plus: side === '+', minus: side === '-' });
    region = side === '+' ? sides?.plus : sides?.minus;
  }
  return region;
}
