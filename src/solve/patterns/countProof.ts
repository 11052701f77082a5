/**
 * Proofs of the kernel's judgement `counted`. By deletion and restriction where that is enough, which it always is for chambers;
 * else by the tree, with a witness at each leaf and a Farkas vector at each branch that ends before.
 */

import type { Instance } from '../../kernel/model/instance.ts';
import { chambers, coversNumber, MAX_COORDINATES } from '../../kernel/numbers/chambers.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import type { Document } from '../proofs/document.ts';
import { type Arrangement, arrangementOf } from './arrangement.ts';
import { type Prefix, pointOn } from './lpRegion.ts';
import type { Signs } from './region.ts';
import { walk } from './walk.ts';

export type CountProof = { readonly proof: Document; readonly count: bigint };

/** How many there are; or, where counting them would take too long, at least so many. */
export type ChamberCount = { readonly count: bigint } | { readonly atLeast: bigint };

/** The number of chambers on the positive side of the threshold's vector; undefined if it would take too long. */
export function countChambers(a: Arrangement): bigint | undefined {
  const counted = counting(a);
  return 'count' in counted ? counted.count : undefined;
}

function counting(a: Arrangement): ChamberCount {
  let found = 1n;
  const half = (all: bigint): bigint => (a.features.includes(undefined) ? all / 2n : all);
  try {
    const all = chambers(a.vectors, '$.coordinates', (some) => {
      found = some;
    });
    return { count: half(all) };
  } catch (thrown) {
    // Of the rule's own limit, not of the work of the whole search.
    if (thrown instanceof Rejection && thrown.path !== '$') return { atLeast: half(found) };
    throw thrown;
  }
}

/** A proof, or why there is none. */
export function countProof(m: Instance, of: Signs): CountProof | { readonly why: string } {
  const a = arrangementOf(m);
  const counted = counting(a);
  const proof = 'count' in counted ? byRestriction(m, a, of, counted.count) : undefined;
  if (proof) return proof;
  // A tree has a point for each chamber, of at least `"0",` a coordinate.
  const least = 'count' in counted ? counted.count : counted.atLeast;
  const room = BigInt(Math.floor(MOST_CHARACTERS / (4 * a.dimension + 2)));
  const tree = least > room ? undefined : byTree(m, a, of);
  if (tree) return tree;
  const many = 'count' in counted ? `there are ${least} chambers` : `there are at least ${least} chambers`;
  const restriction =
    'count' in counted
      ? 'these directions are on no common side and not in general position, so the sets have to be listed'
      : `counting by deletion and restriction takes more than ${MAX_COORDINATES} coordinates`;
  return { why: `${restriction}; ${many}, and a certificate that lists them has room for at most ${room}` };
}

/** How many sets or chambers there are (`found`, if that is known without listing them), and how many chambers. */
export function countWithoutListing(
  m: Instance,
  of: Signs,
): { readonly found?: bigint; readonly chambers: ChamberCount } {
  const a = arrangementOf(m);
  const counted = counting(a);
  const found = 'count' in counted ? byRestriction(m, a, of, counted.count)?.count : undefined;
  return { chambers: counted, ...(found !== undefined && { found }) };
}

function byRestriction(m: Instance, a: Arrangement, of: Signs, all: bigint): CountProof | undefined {
  const rule = 'deletion-restriction';
  const found = (count: bigint, more: { readonly [key: string]: Document } = {}): CountProof => ({
    count,
    proof: { rule, count: `${count}`, ...more },
  });
  const affine = m.activation.kind === 'gated' || a.features.includes(undefined);
  if (of === 'chambers' || affine) return found(all);
  const vectors = a.vectors.map((v) => Vector.ints(v));
  const side = motzkin({ dimension: a.dimension, strict: vectors, weak: [] });
  if (side.solvable) return found(all, { side: side.x.num.map(String) });
  if (all !== coversNumber(vectors.length, a.dimension)) return undefined;
  const weights = everyWeight(a);
  return weights && found(all + 1n, { dependency: weights.map((weight, d) => `${scaled(m, a, d, weight)}`) });
}

/** Weights > 0 on all vectors that add them up to 0, if there are any. */
function everyWeight(a: Arrangement): bigint[] | undefined {
  const total = new Array<bigint>(a.vectors.length).fill(0n);
  for (const d of a.vectors.keys()) {
    if (total[d] !== 0n) continue;
    // No x with v_d x > 0 and all others >= 0 means: v_d takes part in a dependency with weights >= 0.
    const others = [...a.vectors.keys()].filter((c) => c !== d);
    const order = [d, ...others];
    const [first, ...rest] = order.map((c) => Vector.ints(a.vectors[c] as readonly bigint[]));
    const answer = motzkin({ dimension: a.dimension, strict: [first as Vector], weak: rest });
    if (answer.solvable) return undefined;
    [...answer.strict, ...answer.weak].forEach((weight, k) => {
      const c = order[k] as number;
      total[c] = (total[c] as bigint) + weight;
    });
  }
  return total;
}

/** The weight of w_d where `weight` is that of the arrangement's vector, a positive multiple of it. */
function scaled(m: Instance, a: Arrangement, k: number, weight: bigint): Rational {
  const wp = m.features[a.features[k] as number]?.wp as Vector;
  const i = wp.num.findIndex((x) => x !== 0n);
  const factor = Rational.of(a.vectors[k]?.[i] as bigint).over(wp.at(i));
  return Rational.of(weight).times(factor);
}

/** A Farkas vector with the vectors on its sides, by their numbers in the arrangement. */
interface Excluding {
  readonly on: readonly number[];
  readonly off: readonly number[];
  readonly document: Document;
}

/** Characters that a certificate may have, with room for the instance. */
const MOST_CHARACTERS = 24 * 1024 * 1024;

function byTree(m: Instance, a: Arrangement, of: Signs): CountProof | undefined {
  const leaves: { readonly prefix: Prefix; readonly leaf: Document }[] = [];
  const farkas: Document[] = [];
  /** By the last vector: the one whose side made the node empty. */
  const known = new Map<number, { readonly number: number; readonly vector: Excluding }[]>();
  let size = 0;
  let count = 0n;
  const excluding = (prefix: Prefix): number => {
    const last = prefix.length - 1;
    const list = known.get(last) ?? [];
    known.set(last, list);
    const before = list.find(({ vector }) => excludes(vector, prefix));
    if (before) return before.number;
    const vector = farkasVector(m, a, of, prefix);
    size += JSON.stringify(vector.document).length;
    list.push({ number: farkas.push(vector.document), vector });
    return farkas.length;
  };
  const visitor = {
    leaf: (prefix: Prefix, _size: number, region: { witness(): bigint[] }): void => {
      const leaf = witness(m, a, region.witness());
      size += JSON.stringify(leaf).length + 1;
      count++;
      leaves.push({ prefix, leaf });
    },
    pruned: (prefix: Prefix): void => {
      size += 5;
      leaves.push({ prefix, leaf: excluding(prefix) });
    },
  };
  for (let open: Prefix[] = ['']; open.length > 0; ) {
    const [from = '', ...others] = open;
    open = [...walk(a, { signs: of, maxSize: Infinity }, from, 1000, visitor), ...others];
    if (size > MOST_CHARACTERS) return undefined;
  }
  // '+' comes before '-' in ASCII as in the walk, and no prefix continues another.
  leaves.sort((x, y) => (x.prefix < y.prefix ? -1 : 1));
  return {
    count,
    proof: { rule: 'pattern-tree', count: `${count}`, farkas, leaves: leaves.map(({ leaf }) => leaf) },
  };
}

const excludes = ({ on, off }: Excluding, prefix: Prefix): boolean =>
  on.every((d) => prefix[d] === '+') && off.every((d) => prefix[d] === '-');

function farkasVector(m: Instance, a: Arrangement, of: Signs, prefix: Prefix): Excluding {
  const answer = pointOn(a, of, prefix);
  if ('point' in answer) throw new Error(`the walk left out ${prefix}`);
  const used = [...prefix].flatMap((_, d) => (answer.multipliers[d] === 0n || a.features[d] === undefined ? [] : [d]));
  const on = used.filter((d) => prefix[d] === '+');
  const off = used.filter((d) => prefix[d] === '-');
  const terms = (numbers: readonly number[]): Document =>
    numbers.map((d) => ({
      feature: (a.features[d] as number) + 1,
      weight: `${scaled(m, a, d, answer.multipliers[d] as bigint)}`,
    }));
  return { on, off, document: { on: terms(on), off: terms(off) } };
}

/** The point as the kernel reads it: e, with the bias for a gate; where a threshold is, for the value 1 of its coordinate. */
function witness(m: Instance, a: Arrangement, point: readonly bigint[]): Document {
  if (!a.features.includes(undefined)) return point.map(String);
  const s = point[m.np] as bigint;
  return point.slice(0, m.np).map((x) => `${Rational.of(x, s)}`);
}
