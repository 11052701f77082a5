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

/** How the same product is arranged; bench/gpu/gemm.ts compares them. */
export interface Arrangement {
  /** 32 invocations in a row make 8 x 4 of the 8 x 8 squares, not 16 x 2: they share more of what they read. */
  readonly square: boolean;
  /** The next columns are on their way from memory while these are multiplied. */
  readonly ahead: boolean;
  /** Fours of a row of workgroup memory change places, so that transposed writes meet different banks. */
  readonly turned: boolean;
}
export const ARRANGEMENT: Arrangement = { square: true, ahead: true, turned: true };

const FOUR = [0, 1, 2, 3] as const;

/** What an invocation reads of an operand, 4 x 4 entries, into r0 .. r3. */
function fetch(name: 'a' | 'b', along: boolean): string {
  const [outer, stride] = name === 'a' ? ['m', 'p.lda'] : ['n', 'p.ldb'];
  // Rows of the operand are what C has as rows or columns, or they are K.
  const place = along
    ? `let o = from_${outer} + 4u * (t / 4u); let k = at_k + 4u * (t % 4u);`
    : `let o = from_${outer} + 4u * (t % ${WIDE}u); let k = at_k + 4u * (t / ${WIDE}u);`;
  const rows = FOUR.map((i) =>
    along
      ? `if (k < p.k && o + ${i}u < p.${outer}) { r${i} = ${name}[((o + ${i}u) * ${stride} + k) / 4u]; }`
      : `if (k + ${i}u < p.k && o < p.${outer}) { r${i} = ${name}[((k + ${i}u) * ${stride} + o) / 4u]; }`,
  );
  return `${place}
      ${rows.join('\n      ')}`;
}

/** Writes r0 .. r3 into workgroup memory, with K as rows. */
function keep(name: 'a' | 'b', along: boolean, turned: boolean): string {
  const [row, column] = along ? ['t % 4u', 't / 4u'] : [`t / ${WIDE}u`, `t % ${WIDE}u`];
  const place = `let to = 4u * (${row}) * ${WIDE}u + ((${column})${turned ? ` ^ (2u * (${row}))` : ''});`;
  const values = along
    ? FOUR.map((i) => `vec4f(${FOUR.map((j) => `r${j}[${i}]`).join(', ')})`)
    : ['r0', 'r1', 'r2', 'r3'];
  return `${place}
      ${values.map((value, i) => `room_${name}[to + ${i * WIDE}u] = ${value};`).join('\n      ')}`;
}

/** `store` writes `value`, four entries of C in row m from column n on; beyond p.n they must be 0, and `inside` says which are not. */
export function gemm(
  name: string,
  orientation: Orientation,
  store: { readonly reads?: Kernel['reads']; readonly writes: Kernel['writes']; readonly told?: Kernel['told'] },
  code: string,
  { square, ahead, turned }: Arrangement = ARRANGEMENT,
): Kernel {
  const rows = Array.from({ length: 8 }, (_, r) => r);
  const sums = rows.flatMap((r) => [`c${r}0`, `c${r}1`]);
  const multiply = rows
    .flatMap((r) => [0, 1].map((c) => `c${r}${c} = fma(vec4f(x${Math.floor(r / 4)}[${r % 4}]), y${c}, c${r}${c});`))
    .join('\n      ');
  const [a, b] = [orientation !== 'TN', orientation === 'NT'];
  const read = `r0 = vec4f(0); r1 = vec4f(0); r2 = vec4f(0); r3 = vec4f(0);
    if (lane < 128u) {
      ${fetch('a', a)}
    } else {
      ${fetch('b', b)}
    }`;
  const turn = turned ? ' ^ (kk / 4u * 2u)' : '';
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
  let tx = ${square ? 'lane % 8u + 8u * (lane / 32u % 2u)' : 'lane % 16u'};
  let ty = ${square ? 'lane / 8u % 4u + 4u * (lane / 64u)' : 'lane / 16u'};
  let t = lane % 128u;
  ${sums.map((sum) => `var ${sum} = vec4f(0);`).join(' ')}
  var r0: vec4f; var r1: vec4f; var r2: vec4f; var r3: vec4f;
  let k1 = min(p.k, (group.z + 1u) * p.slice);
  var at_k = group.z * p.slice;
  ${ahead ? read : ''}
  for (; at_k < k1; ) {
    ${ahead ? '' : read}
    if (lane < 128u) {
      ${keep('a', a, turned)}
    } else {
      ${keep('b', b, turned)}
    }
    workgroupBarrier();
    at_k += ${DEEP}u;
    ${ahead ? `if (at_k < k1) {\n    ${read}\n    }` : ''}
    for (var kk = 0u; kk < ${DEEP}u; kk++) {
      let from_a = kk * ${WIDE}u + (ty${turn});
      let from_b = kk * ${WIDE}u + (tx${turn});
      let x0 = room_a[from_a];
      let x1 = room_a[from_a + ${WIDE / 2}u];
      let y0 = room_b[from_b];
      let y1 = room_b[from_b + ${WIDE / 2}u];
      ${multiply}
    }
    workgroupBarrier();
  }
  // A loop, for the code of put() is there once then; written out 16 times it takes a driver seconds to compile.
  let all = array<vec4f, 16>(${sums.join(', ')});
  for (var r = 0u; r < 8u; r++) {
    let m = from_m + (r / 4u) * ${BLOCK / 2}u + 4u * ty + r % 4u;
    put(m, from_n + 4u * tx, all[2u * r]);
    put(m, from_n + ${BLOCK / 2}u + 4u * tx, all[2u * r + 1u]);
  }`,
  };
}

/** Workgroups for C of m x n. */
export const blocks = (m: number, n: number): readonly [number, number] => [Math.ceil(n / BLOCK), Math.ceil(m / BLOCK)];
