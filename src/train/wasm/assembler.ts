/**
 * A WebAssembly assembler, as much of one as the training step needs: one module, one imported memory, one function. Byte
 * codes are those of the core specification 2.0 (https://webassembly.github.io/spec/core/binary/), SIMD instructions included.
 */

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

export const TYPE = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type Type = keyof typeof TYPE;

/** A local variable, its index. */
export type Local = number;

const SCALAR = { i32Add: 0x6a, i32Mul: 0x6c, i32LtU: 0x49, f64Mul: 0xa2, f64Sub: 0xa1, f32Demote: 0xb6 } as const;
const VECTOR = {
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  xor: 0x51,
  i32Splat: 0x11,
  f32Splat: 0x13,
  f64Splat: 0x14,
  i32Add: 0xae,
  i32Mul: 0xb5,
  f32FromI32: 0xfb,
  f64FromI32: 0xff,
} as const;

/** The body of one function, instruction by instruction. */
export class Assembler {
  readonly #code: number[] = [];
  readonly #locals: Type[] = [];
  readonly #parameters: readonly Type[];

  constructor(parameters: readonly Type[]) {
    this.#parameters = parameters;
  }

  local(type: Type): Local {
    this.#locals.push(type);
    return this.#parameters.length + this.#locals.length - 1;
  }
  get(local: Local): this {
    return this.raw(0x20, ...unsigned(local));
  }
  set(local: Local): this {
    return this.raw(0x21, ...unsigned(local));
  }
  i32(value: number): this {
    return this.raw(0x41, ...signed(value));
  }
  scalar(name: keyof typeof SCALAR): this {
    return this.raw(SCALAR[name]);
  }
  vector(name: keyof typeof VECTOR): this {
    return this.simd(VECTOR[name]);
  }
  /** A SIMD instruction by its number behind the prefix. */
  simd(code: number): this {
    return this.raw(0xfd, ...unsigned(code));
  }
  constant(bytes: Uint8Array): this {
    return this.raw(0xfd, 0x0c, ...bytes);
  }
  /** Shifts 32-bit lanes to the right, zeros coming in, by a count below 32. */
  shiftRight(count: number): this {
    return this.i32(count).simd(0xad);
  }
  /** The 16 bytes at the address on the stack plus `offset`. */
  load(offset: number): this {
    return this.raw(0xfd, 0x00, 4, ...unsigned(offset));
  }
  /** Stores the vector on top of the stack at the address below it plus `offset`. */
  store(offset: number): this {
    return this.raw(0xfd, 0x0b, 4, ...unsigned(offset));
  }
  /** Runs `body` `count` times (`count` an i32 local, at least 1) with `index` going from 0. */
  repeat(count: Local, index: Local, body: () => void): this {
    this.i32(0).set(index).raw(0x03, 0x40);
    body();
    return this.get(index)
      .i32(1)
      .scalar('i32Add')
      .raw(0x22, ...unsigned(index))
      .get(count)
      .scalar('i32LtU')
      .raw(0x0d, 0, 0x0b);
  }
  raw(...bytes: number[]): this {
    for (const byte of bytes) this.#code.push(byte);
    return this;
  }

  /** The module: it imports the memory `env.memory`, shared among threads or not, and exports the function as `step`. */
  module(shared = true): Uint8Array<ArrayBuffer> {
    const name = (text: string): number[] => [...unsigned(text.length), ...new TextEncoder().encode(text)];
    const section = (id: number, body: readonly number[]): number[] => [id, ...unsigned(body.length), ...body];
    const types = [1, 0x60, ...unsigned(this.#parameters.length), ...this.#parameters.map((t) => TYPE[t]), 0];
    const limits = [shared ? 0x03 : 0x01, ...unsigned(1), ...unsigned(65536)];
    const imports = [1, ...name('env'), ...name('memory'), 0x02, ...limits];
    const locals = [...unsigned(this.#locals.length), ...this.#locals.flatMap((t) => [1, TYPE[t]])];
    const size = locals.length + this.#code.length + 1;
    const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, types), ...section(2, imports), ...section(3, [1, 0])];
    const code = [...unsigned(1), ...unsigned(size), ...locals];
    const before = [
      ...head,
      ...section(7, [1, ...name('step'), 0, 0]),
      10,
      ...unsigned(code.length + this.#code.length + 1),
    ];
    // Not one spread over everything: the body of a large problem has more bytes than a call has arguments.
    return Uint8Array.from(before.concat(code, this.#code, [0x0b]));
  }
}
