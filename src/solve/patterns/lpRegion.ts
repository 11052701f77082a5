/**
 * Regions by one of their points: the side it lies on is there, the other one is asked of an LP. For dimensions in which cones
 * have too many rays.
 */
import { Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { integerDot } from '../linear/linear.ts';
import type { Arrangement } from './arrangement.ts';
import type { Region, Sides, Signs } from './region.ts';

type Point = readonly bigint[];

/** `+-+`: the sides of the first vectors. */
export type Prefix = string;

/** A point on these sides, if there is one; else multipliers that show that there is none, one per vector of the prefix. */
export function pointOn(a: Arrangement, signs: Signs, prefix: Prefix): { point: Point } | { multipliers: Point } {
  const strict: number[] = [];
  const weak: number[] = [];
  for (let d = 0; d < prefix.length; d++) (signs === 'chambers' || prefix[d] === '+' ? strict : weak).push(d);
  const row = (d: number): Vector => {
    const v = Vector.ints(a.vectors[d] as Point);
    return prefix[d] === '+' ? v : v.negated();
  };
  const answer = motzkin({ dimension: a.dimension, strict: strict.map(row), weak: weak.map(row) });
  if (answer.solvable) return { point: answer.x.num };
  const multipliers = new Array<bigint>(prefix.length).fill(0n);
  strict.forEach((d, k) => {
    multipliers[d] = answer.strict[k] as bigint;
  });
  weak.forEach((d, k) => {
    multipliers[d] = answer.weak[k] as bigint;
  });
  return { multipliers };
}

/** The region of the prefix by a point of it, if it has one. */
export function regionOf(a: Arrangement, signs: Signs, prefix: Prefix): Region | undefined {
  const answer = pointOn(a, signs, prefix);
  return 'point' in answer ? regionAt(a, signs, prefix, answer.point) : undefined;
}

function regionAt(a: Arrangement, signs: Signs, prefix: Prefix, point: Point): Region {
  return {
    split(wanted: Sides<boolean>) {
      const product = integerDot(a.vectors[prefix.length] as Point, point);
      const serves = { plus: product > 0n, minus: signs === 'sets' ? product <= 0n : product < 0n };
      const side = (name: keyof Sides<boolean>): Region | undefined => {
        const longer = prefix + (name === 'plus' ? '+' : '-');
        if (!wanted[name]) return undefined;
        return serves[name] ? regionAt(a, signs, longer, point) : regionOf(a, signs, longer);
      };
      const [minus, plus] = [side('minus'), side('plus')];
      return { ...(minus && { minus }), ...(plus && { plus }) };
    },
    finish: () => regionOf(a, signs, `${prefix}+`.padEnd(a.vectors.length, '-')),
    witness: () => [...point],
    open: () =>
      a.vectors.slice(0, prefix.length).every((v) => integerDot(v, point) !== 0n) ||
      'point' in pointOn(a, 'chambers', prefix),
  };
}
