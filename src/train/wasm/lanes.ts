/** Instructions on floats in the lanes of a vector: two 64-bit ones, or four 32-bit ones. */
import { Assembler, type Local, type Type } from './assembler.ts';

export type Precision = 'f64' | 'f32';
export const lanesOf = (precision: Precision): number => (precision === 'f64' ? 2 : 4);

/** Numbers behind the SIMD prefix. */
const OPS = {
  f64: { lt: 0x49, gt: 0x4a, eq: 0x47, ge: 0x4c, sqrt: 0xef, add: 0xf0, sub: 0xf1, mul: 0xf2, div: 0xf3 },
  f32: { lt: 0x43, gt: 0x44, eq: 0x41, ge: 0x46, sqrt: 0xe3, add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7 },
} as const;

export class Lanes extends Assembler {
  readonly count: number;
  readonly #ops: (typeof OPS)[Precision];

  constructor(parameters: readonly Type[], precision: Precision) {
    super(parameters);
    this.count = lanesOf(precision);
    this.#ops = OPS[precision];
  }

  op(name: keyof (typeof OPS)['f64']): this {
    return this.simd(this.#ops[name]);
  }
  negate(): this {
    return this.simd(this.count === 4 ? 0xe1 : 0xed);
  }
  /** Pushes x in all lanes. */
  all(x: number): this {
    const lanes = this.count === 2 ? new Float64Array([x, x]) : new Float32Array([x, x, x, x]);
    return this.constant(new Uint8Array(lanes.buffer));
  }
  /** A new local with the 64-bit float in all lanes. */
  broadcast(x: Local): Local {
    const local = this.local('v128');
    this.get(x);
    if (this.count === 4) this.scalar('f32Demote');
    this.vector(this.count === 4 ? 'f32Splat' : 'f64Splat').set(local);
    return local;
  }
}
