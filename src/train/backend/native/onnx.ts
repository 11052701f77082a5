/**
 * The one graph that products need, as an ONNX file: a single node Gemm, y = alpha op(a) op(b) + c. Numbers of fields are those of
 * onnx.proto (https://github.com/onnx/onnx/blob/v1.18.0/onnx/onnx.proto), bytes those of protocol buffers
 * (https://protobuf.dev/programming-guides/encoding/).
 */
import { unsigned } from '../../wasm/assembler.ts';

export interface Gemm {
  /** Rows and columns of y. */
  readonly m: number;
  readonly n: number;
  /** How long the sums are. */
  readonly k: number;
  /** `a` is k x m, and not m x k. */
  readonly transA?: boolean;
  /** `b` is n x k, and not k x n. */
  readonly transB?: boolean;
  readonly alpha: number;
  /** What is added: a row for every row of y, or all of y; nothing where not given. */
  readonly plus?: 'row' | 'all';
}

/** Dimensions of what goes in, and of what comes out. */
export function dimensions({ m, n, k, transA, transB, plus }: Gemm): Readonly<Record<string, readonly number[]>> {
  return {
    a: transA ? [k, m] : [m, k],
    b: transB ? [n, k] : [k, n],
    ...(plus && { c: plus === 'row' ? [n] : [m, n] }),
  };
}

type Bytes = readonly number[];

const whole = (field: number, value: number): Bytes => [...unsigned(field << 3), ...unsigned(value)];
const part = (field: number, bytes: Bytes): Bytes => [
  ...unsigned((field << 3) | 2),
  ...unsigned(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): Bytes => part(field, [...new TextEncoder().encode(value)]);

const [FLOAT, INT] = [1, 2];
const isFloat = (name: string, value: number): Bytes => {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value, true);
  const bytes = [...new Uint8Array(bits.buffer)];
  return part(5, [...text(1, name), ...unsigned((2 << 3) | 5), ...bytes, ...whole(20, FLOAT)]);
};
const isSet = (name: string, value: boolean | undefined): Bytes =>
  part(5, [...text(1, name), ...whole(3, value ? 1 : 0), ...whole(20, INT)]);

/** A tensor of 32-bit floats, by name. */
const tensor = (field: number, name: string, shape: readonly number[]): Bytes => {
  const sizes = shape.flatMap((size) => part(1, whole(1, size)));
  return part(field, [...text(1, name), ...part(2, part(1, [...whole(1, FLOAT), ...part(2, sizes)]))]);
};

/** Format 9 and operators 18, which ONNX Runtime reads from 1.14 on. */
export function gemmModel(g: Gemm): Uint8Array<ArrayBuffer> {
  const inputs = Object.entries(dimensions(g));
  const node = [
    ...inputs.flatMap(([name]) => text(1, name)),
    ...text(2, 'y'),
    ...text(4, 'Gemm'),
    ...isFloat('alpha', g.alpha),
    ...isSet('transA', g.transA),
    ...isSet('transB', g.transB),
  ];
  const graph = [
    ...part(1, node),
    ...text(2, 'product'),
    ...inputs.flatMap(([name, shape]) => tensor(11, name, shape)),
    ...tensor(12, 'y', [g.m, g.n]),
  ];
  return Uint8Array.from([...whole(1, 9), ...text(2, 'dictum'), ...part(7, graph), ...part(8, whole(2, 18))]);
}
