/**
 * The WebAssembly SIMD kernels of the default backend, emitted instruction by instruction: no toolchain, nothing to install.
 * Results do not depend on the machine: 32-bit IEEE arithmetic in a fixed order, no fused multiply-add.
 * All addresses and strides are in bytes; loops run at least once, so callers leave out empty ones.
 */
import { Assembler, type Local } from '../wasm/assembler.ts';

/** Byte codes behind the SIMD prefix (core specification 2.0). */
const F32X4 = {
  splatLoad: 0x09,
  splat: 0x13,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  sqrt: 0xe3,
  lane: 0x1f,
} as const;
const F32_ADD = 0x92;
const I32 = { shl: 0x74, sub: 0x6b } as const;

const ROWS = 4;
const PANEL = 8;

export class Kernel extends Assembler {
  /** local += amount */
  advance(local: Local, amount: Local | number): this {
    this.get(local);
    if (amount < 0) throw new RangeError('a local or a size');
    return this.get(amount).scalar('i32Add').set(local);
  }
  step(local: Local, bytes: number): this {
    return this.get(local).i32(bytes).scalar('i32Add').set(local);
  }
  copy(from: Local, to: Local): this {
    return this.get(from).set(to);
  }
  /** Four copies of the float at `address`. */
  spread(address: Local): this {
    return this.get(address).raw(0xfd, F32X4.splatLoad, 2, 0);
  }
  op(name: keyof typeof F32X4): this {
    return this.simd(F32X4[name]);
  }
  /** A 64-bit parameter as four 32-bit floats. */
  constantOf(parameter: Local, into: Local): this {
    return this.get(parameter).scalar('f32Demote').op('splat').set(into);
  }
}

/**
 * encode(x, xStride, panels, bias, z, zStride, k, groups, count): z = x we^T + bias. `we` comes in `count` panels of 8 neurons, each
 * k x 8; inputs in `groups` of 4. Eight accumulators hold a 4 x 8 block of z while k runs.
 */
export function encodeModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Kernel(Array.from({ length: 9 }, () => 'i32' as const));
  const [x, xStride, panel, bias, z, zStride, k, groups, count] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [p, g, kk, zp, b] = Array.from({ length: 5 }, () => a.local('i32')) as [Local, Local, Local, Local, Local];
  const ax = Array.from({ length: ROWS }, () => a.local('i32'));
  const az = Array.from({ length: ROWS }, () => a.local('i32'));
  const sums = Array.from({ length: ROWS * 2 }, () => a.local('v128'));
  const [low, high, one] = [a.local('v128'), a.local('v128'), a.local('v128')];
  a.repeat(count, p, () => {
    a.copy(x, ax[0] as Local).copy(z, zp);
    a.repeat(groups, g, () => {
      a.copy(zp, az[0] as Local);
      for (let r = 1; r < ROWS; r++) {
        a.get(ax[r - 1] as Local)
          .get(xStride)
          .scalar('i32Add')
          .set(ax[r] as Local);
        a.get(az[r - 1] as Local)
          .get(zStride)
          .scalar('i32Add')
          .set(az[r] as Local);
      }
      for (let r = 0; r < ROWS; r++) {
        a.get(bias)
          .load(0)
          .set(sums[2 * r] as Local);
        a.get(bias)
          .load(16)
          .set(sums[2 * r + 1] as Local);
      }
      a.copy(panel, b);
      a.repeat(k, kk, () => {
        a.get(b)
          .load(0)
          .set(low)
          .get(b)
          .load(16)
          .set(high)
          .step(b, 4 * PANEL);
        for (let r = 0; r < ROWS; r++) {
          const [left, right] = [sums[2 * r] as Local, sums[2 * r + 1] as Local];
          a.spread(ax[r] as Local).set(one);
          a.get(left).get(one).get(low).op('mul').op('add').set(left);
          a.get(right).get(one).get(high).op('mul').op('add').set(right);
          a.step(ax[r] as Local, 4);
        }
      });
      for (let r = 0; r < ROWS; r++) {
        a.get(az[r] as Local)
          .get(sums[2 * r] as Local)
          .store(0);
        a.get(az[r] as Local)
          .get(sums[2 * r + 1] as Local)
          .store(16);
      }
      // The last row's pointer has run to its row's k-th entry: the next group starts a stride after that row's start.
      a.get(ax[3] as Local)
        .get(k)
        .i32(2)
        .raw(I32.shl)
        .raw(I32.sub)
        .get(xStride)
        .scalar('i32Add')
        .set(ax[0] as Local);
      a.get(az[3] as Local)
        .get(zStride)
        .scalar('i32Add')
        .set(zp);
    });
    a.get(panel).get(k).i32(5).raw(I32.shl).scalar('i32Add').set(panel);
    a.step(bias, 4 * PANEL).step(z, 4 * PANEL);
  });
  return a.module(shared);
}

type Sparse = 'decode' | 'pull' | 'scatter';

/**
 * (input, count, index, coefficient, rows, rowStride, pairs): for the `count` latents of one input, whose row is at `input`:
 * decode adds coefficient times the neuron's row to the input's; scatter the other way; pull stores their dot product as
 * coefficient. A row is `pairs` times 8 floats.
 */
export function sparseModule(kind: Sparse, shared: boolean): Uint8Array<ArrayBuffer> {
  const a = new Kernel(Array.from({ length: 7 }, () => 'i32' as const));
  const [input, count, index, coefficient, rows, rowStride, pairs] = [0, 1, 2, 3, 4, 5, 6];
  const [t, j, from, row] = Array.from({ length: 4 }, () => a.local('i32')) as [Local, Local, Local, Local];
  const [factor, left, right] = [a.local('v128'), a.local('v128'), a.local('v128')];
  a.repeat(count, t, () => {
    a.get(index).raw(0x28, 2, 0).get(rowStride).scalar('i32Mul').get(rows).scalar('i32Add').set(row);
    a.copy(input, from);
    if (kind === 'pull') {
      a.constant(new Uint8Array(16)).set(left).constant(new Uint8Array(16)).set(right);
      a.repeat(pairs, j, () => {
        a.get(left).get(from).load(0).get(row).load(0).op('mul').op('add').set(left);
        a.get(right).get(from).load(16).get(row).load(16).op('mul').op('add').set(right);
        a.step(from, 32).step(row, 32);
      });
      a.get(coefficient).get(left).get(right).op('add').set(left);
      for (const lane of [0, 1, 2, 3]) a.get(left).raw(0xfd, F32X4.lane, lane);
      a.raw(F32_ADD, F32_ADD, F32_ADD, 0x38, 2, 0);
    } else {
      const [to, of] = kind === 'decode' ? [from, row] : [row, from];
      a.spread(coefficient).set(factor);
      a.repeat(pairs, j, () => {
        for (const at of [0, 16]) a.get(to).get(to).load(at).get(factor).get(of).load(at).op('mul').op('add').store(at);
        a.step(from, 32).step(row, 32);
      });
    }
    a.step(index, 4).step(coefficient, 4);
  });
  return a.module(shared);
}

/** adam(x, g, m, v, fours, b1, 1 - b1, b2, 1 - b2, 1 / (1 - b2^t), rate / (1 - b1^t), epsilon, 1 - rate decay) */
export function adamModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const numbers = 8;
  const a = new Kernel([
    ...Array.from({ length: 5 }, () => 'i32' as const),
    ...Array.from({ length: numbers }, () => 'f64' as const),
  ]);
  const [x, g, m, v, fours] = [0, 1, 2, 3, 4];
  const k = a.local('i32');
  const vectors = Array.from({ length: numbers }, () => a.local('v128'));
  const [gradient, mean, square] = [a.local('v128'), a.local('v128'), a.local('v128')];
  vectors.forEach((vector, at) => {
    a.constantOf(5 + at, vector);
  });
  const [beta1, rest1, beta2, rest2, scale, rate, epsilon, shrink] = vectors as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  a.repeat(fours, k, () => {
    a.get(g).load(0).set(gradient);
    a.get(m).load(0).get(beta1).op('mul').get(gradient).get(rest1).op('mul').op('add').set(mean);
    a.get(v)
      .load(0)
      .get(beta2)
      .op('mul')
      .get(gradient)
      .get(gradient)
      .op('mul')
      .get(rest2)
      .op('mul')
      .op('add')
      .set(square);
    a.get(m).get(mean).store(0).get(v).get(square).store(0);
    a.get(x).get(x).load(0).get(shrink).op('mul');
    a.get(mean).get(rate).op('mul').get(square).get(scale).op('mul').op('sqrt').get(epsilon).op('add').op('div');
    a.op('sub').store(0);
    for (const local of [x, g, m, v]) a.step(local, 16);
  });
  return a.module(shared);
}
