/**
 * Dense products C = A B in three orientations. A workgroup makes a block of 128 x 128, each of its 256 invocations 8 x 8 of it in
 * registers, while 16 columns of A and 16 rows of B at a time lie in workgroup memory, A transposed. Strides are multiples of 4.
 *
 * `NT`: A (M x K) B (N x K)^T, `NN`: A (M x K) B (K x N), `TN`: A (K x M)^T B (K x N). Row counts are those that `p` tells; K is
 * counted in whole fours where it runs along rows, the padding being 0. Part z of the workgroups takes the z-th `p.slice` of K.
 */
import type { Kernel } from './kernel.ts';

export const BLOCK = 128;
const DEEP = 16;
/** Fours in a row of a block. */
const WIDE = BLOCK / 4;

export type Orientation = 'NT' | 'NN' | 'TN';

/** Loads 4 x 4 entries of an operand into workgroup memory, with K as rows. */
function load(name: 'a' | 'b', along: boolean): string {
  const [outer, stride] = name === 'a' ? ['m', 'p.lda'] : ['n', 'p.ldb'];
  if (along) {
    // Rows of the operand are what C has as rows or columns: read four of them, transpose.
    return `
      let o = from_${outer} + 4u * (t / 4u);
      let k = k0 + 4u * (t % 4u);
      var r: array<vec4f, 4>;
      for (var i = 0u; i < 4u; i++) {
        r[i] = vec4f(0);
        if (k < p.k && o + i < p.${outer}) { r[i] = ${name}[((o + i) * ${stride} + k) / 4u]; }
      }
      for (var i = 0u; i < 4u; i++) {
        room_${name}[(4u * (t % 4u) + i) * ${WIDE}u + t / 4u] = vec4f(r[0][i], r[1][i], r[2][i], r[3][i]);
      }`;
  }
  return `
      let o = from_${outer} + 4u * (t % ${WIDE}u);
      for (var i = 0u; i < 4u; i++) {
        let k = k0 + 4u * (t / ${WIDE}u) + i;
        var r = vec4f(0);
        if (k < p.k && o < p.${outer}) { r = ${name}[(k * ${stride} + o) / 4u]; }
        room_${name}[(4u * (t / ${WIDE}u) + i) * ${WIDE}u + t % ${WIDE}u] = r;
      }`;
}

/** `store` writes `value`, four entries of C in row m from column n on; beyond p.n they must be 0, and `inside` says which are not. */
export function gemm(
  name: string,
  orientation: Orientation,
  store: { readonly reads?: Kernel['reads']; readonly writes: Kernel['writes']; readonly told?: Kernel['told'] },
  code: string,
): Kernel {
  const rows = Array.from({ length: 8 }, (_, r) => r);
  const multiply = rows
    .flatMap((r) => {
      const x = `x${Math.floor(r / 4)}[${r % 4}]`;
      return [`c${r}0 = fma(vec4f(${x}), y0, c${r}0);`, `c${r}1 = fma(vec4f(${x}), y1, c${r}1);`];
    })
    .join('\n        ');
  return {
    name,
    reads: { a: 'vec4f', b: 'vec4f', ...store.reads },
    writes: store.writes,
    told: { m: 'u32', n: 'u32', k: 'u32', lda: 'u32', ldb: 'u32', ldc: 'u32', slice: 'u32', ...store.told },
    before: `
var<workgroup> room_a: array<vec4f, ${DEEP * WIDE}>;
var<workgroup> room_b: array<vec4f, ${DEEP * WIDE}>;
var<private> part: u32;
fn put(m: u32, n: u32, value: vec4f) {
  if (m >= p.m || n >= p.n) { return; }
  let inside = vec4u(n, n + 1u, n + 2u, n + 3u) < vec4u(p.n);
  let at = (m * p.ldc + n) / 4u;
  ${code}
}`,
    code: `
  part = group.z;
  let from_n = group.x * ${BLOCK}u;
  let from_m = group.y * ${BLOCK}u;
  let tx = lane % 16u;
  let ty = lane / 16u;
  let t = lane % 128u;
${rows.map((r) => `  var c${r}0 = vec4f(0); var c${r}1 = vec4f(0);`).join('\n')}
  let k1 = min(p.k, (group.z + 1u) * p.slice);
  for (var k0 = group.z * p.slice; k0 < k1; k0 += ${DEEP}u) {
    if (lane < 128u) {${load('a', orientation !== 'TN')}
    } else {${load('b', orientation === 'NT')}
    }
    workgroupBarrier();
    for (var kk = 0u; kk < ${DEEP}u; kk++) {
        let x0 = room_a[kk * ${WIDE}u + ty];
        let x1 = room_a[kk * ${WIDE}u + ${WIDE / 2}u + ty];
        let y0 = room_b[kk * ${WIDE}u + tx];
        let y1 = room_b[kk * ${WIDE}u + ${WIDE / 2}u + tx];
        ${multiply}
    }
    workgroupBarrier();
  }
  // A loop, for the code of put() is there once then; written out 16 times it takes a driver seconds to compile.
  let all = array<vec4f, 16>(${rows.flatMap((r) => [`c${r}0`, `c${r}1`]).join(', ')});
  for (var r = 0u; r < 8u; r++) {
    let m = from_m + (r / 4u) * ${BLOCK / 2}u + 4u * ty + r % 4u;
    put(m, from_n + 4u * tx, all[2u * r]);
    put(m, from_n + ${BLOCK / 2}u + 4u * tx, all[2u * r + 1u]);
  }`,
  };
}

/** Workgroups for C of m x n. */
export const blocks = (m: number, n: number): readonly [number, number] => [Math.ceil(n / BLOCK), Math.ceil(m / BLOCK)];
