/**
 * WebAssembly kernels around dense products: what is done to matrices of latents between them, and to whole parameters. As those of
 * ../kernels.ts, which are for lists of latents: addresses and strides in bytes, `fours` groups of four floats, loops at least once.
 */
import type { Local } from '../../wasm/assembler.ts';
import { Kernel } from '../kernels.ts';

/** Numbers behind the SIMD prefix (core specification 2.0). */
const I32X4_SUB = 0xb1;
const F32X4 = { eq: 0x41, gt: 0x44 } as const;
const F64X2 = { promoteLow: 0x5f, add: 0xf0, mul: 0xf2, lane: 0x21 } as const;
const SHUFFLE = 0x0d;
/** The upper half of a vector below. */
const UPPER = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
const F64 = { add: 0xa0, sqrt: 0x9f } as const;

class Dense extends Kernel {
  /** A new vector local of zeros. */
  zeros(): Local {
    const local = this.local('v128');
    this.constant(new Uint8Array(16)).set(local);
    return local;
  }
  /** Adds the four floats of `value`, or their squares, as 64-bit ones, two to `low` and two to `high`. */
  addTo(low: Local, high: Local, value: Local, squared: boolean): this {
    const pair = this.local('v128');
    for (const [sum, upper] of [
      [low, false],
      [high, true],
    ] as const) {
      this.get(value);
      if (upper) this.get(value).raw(0xfd, SHUFFLE, ...UPPER);
      this.simd(F64X2.promoteLow).set(pair).get(sum).get(pair);
      if (squared) this.get(pair).simd(F64X2.mul);
      this.simd(F64X2.add).set(sum);
    }
    return this;
  }
  /** At the address: what stands there, as two 64-bit floats, plus `low` and `high`. */
  addPairs(address: Local, low: Local, high: Local): this {
    this.get(address).get(address).load(0).get(low).simd(F64X2.add).get(high).simd(F64X2.add);
    return this.store(0);
  }
}

const locals = (a: Dense, count: number): Local[] => Array.from({ length: count }, () => a.local('i32'));
const integers = (count: number) => Array.from({ length: count }, () => 'i32' as const);

/**
 * (z, zStride, threshold, rows, fours, counts): adds to four 32-bit integers how many z_i > threshold_i there are;
 * with `clamps` more: (..., to, toStride, seen, sums) where `to` becomes z, 0 where it is not above, `seen` gets all bits set of neurons
 * that are for some row, and `sums`, two 64-bit floats, what is left added up.
 */
export function aboveModule(clamps: boolean, shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Dense(integers(clamps ? 10 : 6));
  const [z, zStride, threshold, rows, fours, counts, to, toStride, seen, sums] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [b, j, from, above, into, neurons] = locals(a, 6) as [Local, Local, Local, Local, Local, Local];
  const [value, keep] = [a.local('v128'), a.local('v128')];
  const [count, low, high] = [a.zeros(), a.zeros(), a.zeros()];
  a.repeat(rows, b, () => {
    a.copy(z, from).copy(threshold, above);
    if (clamps) a.copy(to, into).copy(seen, neurons);
    a.repeat(fours, j, () => {
      a.get(from).load(0).set(value);
      a.get(value).get(above).load(0).simd(F32X4.gt).set(keep);
      a.get(count).get(keep).simd(I32X4_SUB).set(count);
      if (clamps) {
        a.get(value).get(keep).vector('and').set(value);
        a.get(into).get(value).store(0);
        a.get(neurons).get(neurons).load(0).get(keep).vector('or').store(0);
        a.addTo(low, high, value, false);
        a.step(into, 16).step(neurons, 16);
      }
      a.step(from, 16).step(above, 16);
    });
    a.advance(z, zStride);
    if (clamps) a.advance(to, toStride);
  });
  a.get(counts).get(counts).load(0).get(count).vector('i32Add').store(0);
  if (clamps) a.addPairs(sums, low, high);
  return a.module(shared);
}

/** (values, slopes, fours, plus): slope + plus where the value is above 0, else 0. */
export function maskModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Dense([...integers(3), 'f64']);
  const [values, slopes, fours, plus] = [0, 1, 2, 3];
  const [j] = locals(a, 1) as [Local];
  const [all, zero] = [a.local('v128'), a.zeros()];
  a.constantOf(plus, all);
  a.repeat(fours, j, () => {
    a.get(slopes).get(slopes).load(0).get(all).op('add');
    a.get(values).load(0).get(zero).simd(F32X4.gt).vector('and').store(0);
    a.step(values, 16).step(slopes, 16);
  });
  return a.module(shared);
}

/** (from, rows, fours, into): into += every row of `from`, which has no gaps. */
export function columnsModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Dense(integers(4));
  const [from, rows, fours, into] = [0, 1, 2, 3];
  const [b, j, at] = locals(a, 3) as [Local, Local, Local];
  a.repeat(rows, b, () => {
    a.copy(into, at);
    a.repeat(fours, j, () => {
      a.get(at).get(at).load(0).get(from).load(0).op('add').store(0);
      a.step(at, 16).step(from, 16);
    });
  });
  return a.module(shared);
}

/** (from, fours, sums): adds the squares to two 64-bit floats. */
export function squaresModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Dense(integers(3));
  const [from, fours, sums] = [0, 1, 2];
  const [j] = locals(a, 1) as [Local];
  const [value, low, high] = [a.local('v128'), a.zeros(), a.zeros()];
  a.repeat(fours, j, () => {
    a.get(from).load(0).set(value);
    a.addTo(low, high, value, true).step(from, 16);
  });
  return a.addPairs(sums, low, high).module(shared);
}

/** (at, rows, fours): rows without gaps to length 1, sums in 64-bit floats; a row of zeros stays. */
export function normalizeModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Dense(integers(3));
  const [at, rows, fours] = [0, 1, 2];
  const [i, j, row] = locals(a, 3) as [Local, Local, Local];
  const [value, low, high, length] = [a.local('v128'), a.zeros(), a.zeros(), a.local('v128')];
  const zero = a.zeros();
  a.repeat(rows, i, () => {
    a.copy(zero, low).copy(zero, high).copy(at, row);
    a.repeat(fours, j, () => {
      a.get(row).load(0).set(value);
      a.addTo(low, high, value, true).step(row, 16);
    });
    a.get(low).get(high).simd(F64X2.add).set(low);
    a.get(low).raw(0xfd, F64X2.lane, 0).get(low).raw(0xfd, F64X2.lane, 1).raw(F64.add, F64.sqrt);
    a.scalar('f32Demote').op('splat').set(length);
    // By 1 where it is 0.
    const one = new Uint8Array(new Float32Array([1, 1, 1, 1]).buffer);
    a.get(length).get(length).get(zero).simd(F32X4.eq).constant(one).vector('and').op('add').set(length);
    a.repeat(fours, j, () => {
      a.get(at).get(at).load(0).get(length).op('div').store(0);
      a.step(at, 16);
    });
  });
  return a.module(shared);
}
