/** Sets of rows as bits. */

export type Bits = Uint32Array;

export const bitsFor = (rows: number): Bits => new Uint32Array(Math.ceil(rows / 32));

export function bitsOf(rows: number, members: Iterable<number>): Bits {
  const bits = bitsFor(rows);
  for (const r of members) bits[r >>> 5] = (bits[r >>> 5] as number) | (1 << (r & 31));
  return bits;
}

export const has = (bits: Bits, r: number): boolean => (((bits[r >>> 5] as number) >>> (r & 31)) & 1) === 1;

function ones(word: number): number {
  const a = word - ((word >>> 1) & 0x55555555);
  const b = (a & 0x33333333) + ((a >>> 2) & 0x33333333);
  return Math.imul((b + (b >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function count(bits: Bits): number {
  let total = 0;
  for (const word of bits) total += ones(word);
  return total;
}

export function countBoth(a: Bits, b: Bits): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += ones((a[k] as number) & (b[k] as number));
  return total;
}

export function members(bits: Bits): number[] {
  const all: number[] = [];
  for (const [k, word] of bits.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) all.push(32 * k + 31 - Math.clz32(rest & -rest));
  }
  return all;
}

/** In a and not in b. */
export const less = (a: Bits, b: Bits): Bits => a.map((word, k) => word & ~(b[k] as number));
export const both = (a: Bits, b: Bits): Bits => a.map((word, k) => word & (b[k] as number));
export const either = (a: Bits, b: Bits): Bits => a.map((word, k) => word | (b[k] as number));
