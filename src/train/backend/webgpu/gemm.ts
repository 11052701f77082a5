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
  /** Fours of C in a row of an invocation's part: 2 for 8 x 8 by 256 invocations, 4 for 8 x 16 by 128. */
  readonly fours: 2 | 4;
  /** The next columns are on their way from memory while these are multiplied. */
  readonly ahead: boolean;
}
export const ARRANGEMENT: Arrangement = { fours: 2, ahead: true };

const FOUR = [0, 1, 2, 3] as const;

/** What an invocation reads of an operand, 4 x 4 entries, into r0 .. r3 of that name. */
function fetch(name: 'a' | 'b', to: string, along: boolean): string {
  const [outer, stride] = name === 'a' ? ['m', 'p.lda'] : ['n', 'p.ldb'];
  // Rows of the operand are what C has as rows or columns, or they are K.
  const place = along
    ? `let o = from_${outer} + 4u * (t / 4u); let k = at_k + 4u * (t % 4u);`
    : `let o = from_${outer} + 4u * (t % ${WIDE}u); let k = at_k + 4u * (t / ${WIDE}u);`;
  const rows = FOUR.map((i) =>
    along
      ? `if (k < p.k && o + ${i}u < p.${outer}) { ${to}${i} = ${name}[((o + ${i}u) * ${stride} + k) / 4u]; }`
      : `if (k + ${i}u < p.k && o < p.${outer}) { ${to}${i} = ${name}[((k + ${i}u) * ${stride} + o) / 4u]; }`,
  );
  return `{ ${FOUR.map((i) => `${to}${i} = vec4f(0);`).join(' ')}
      ${place}
      ${rows.join('\n      ')} }`;
}

/** Writes them into workgroup memory, with K as rows. */
function keep(name: 'a' | 'b', from: string, along: boolean): string {
  const [row, column] = along ? ['t % 4u', 't / 4u'] : [`t / ${WIDE}u`, `t % ${WIDE}u`];
  const values = FOUR.map((i) => (along ? `vec4f(${FOUR.map((j) => `${from}${j}[${i}]`).join(', ')})` : `${from}${i}`));
  return `{ let to = 4u * (${row}) * ${WIDE}u + ${column};
      ${values.map((value, i) => `room_${name}[to + ${i * WIDE}u] = ${value};`).join('\n      ')} }`;
}

/** `store` writes `value`, four entries of C in row m from column n on; beyond p.n they must be 0, and `inside` says which are not. */
export function gemm(
  name: string,
  orientation: Orientation,
  store: { readonly reads?: Kernel['reads']; readonly writes: Kernel['writes']; readonly told?: Kernel['told'] },
  code: string,
  { fours, ahead }: Arrangement = ARRANGEMENT,
): Kernel {
  const rows = Array.from({ length: 8 }, (_, r) => r);
  const columns = FOUR.slice(0, fours);
  const [size, apart] = [512 / fours, WIDE / fours];
  const sums = rows.flatMap((r) => columns.map((c) => `c${r}${c}`));
  const [a, b] = [orientation !== 'TN', orientation === 'NT'];
  // Of 256 invocations each half reads one operand, 128 read both.
  const both = (one: (name: 'a' | 'b', at: string, along: boolean) => string): string =>
    fours === 4
      ? `${one('a', 'r', a)}\n    ${one('b', 's', b)}`
      : `if (lane < 128u) ${one('a', 'r', a)} else ${one('b', 'r', b)}`;
  const read = both(fetch);
  const held = (fours === 4 ? ['r', 's'] : ['r']).flatMap((letter) => FOUR.map((i) => `var ${letter}${i}: vec4f;`));
  return {
    name,
    reads: { a: 'vec4f', b: 'vec4f', ...store.reads },
    writes: store.writes,
    told: { m: 'u32', n: 'u32', k: 'u32', lda: 'u32', ldb: 'u32', ldc: 'u32', slice: 'u32', ...store.told },
    size,
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
    // 32 invocations in a row are 8 x 4 of these parts: so they share most of what they read.
    code: `
  part = group.z;
  let from_n = group.x * ${BLOCK}u;
  let from_m = group.y * ${BLOCK}u;
  let tx = ${fours === 4 ? 'lane % 8u' : 'lane % 8u + 8u * (lane / 32u % 2u)'};
  let ty = ${fours === 4 ? 'lane / 8u' : 'lane / 8u % 4u + 4u * (lane / 64u)'};
  let t = lane % 128u;
  ${sums.map((sum) => `var ${sum} = vec4f(0);`).join(' ')}
  ${held.join(' ')}
  let k1 = min(p.k, (group.z + 1u) * p.slice);
  var at_k = group.z * p.slice;
  ${ahead ? read : ''}
  for (; at_k < k1; ) {
    ${ahead ? '' : read}
    ${both(keep)}
    workgroupBarrier();
    at_k += ${DEEP}u;
    ${ahead ? `if (at_k < k1) {\n    ${read}\n    }` : ''}
    for (var kk = 0u; kk < ${DEEP}u; kk++) {
      let x0 = room_a[kk * ${WIDE}u + ty];
      let x1 = room_a[kk * ${WIDE}u + ${WIDE / 2}u + ty];
      ${columns.map((c) => `let y${c} = room_b[kk * ${WIDE}u + ${c * apart}u + tx];`).join('\n      ')}
      ${rows
        .flatMap((r) =>
          columns.map((c) => `c${r}${c} = fma(vec4f(x${Math.floor(r / 4)}[${r % 4}]), y${c}, c${r}${c});`),
        )
        .join('\n      ')}
    }
    workgroupBarrier();
  }
  // A loop, for the code of put() is there once then; written out 16 times it takes a driver seconds to compile.
  let all = array<vec4f, ${8 * fours}>(${sums.join(', ')});
  for (var r = 0u; r < 8u; r++) {
    let m = from_m + (r / 4u) * ${BLOCK / 2}u + 4u * ty + r % 4u;
    for (var c = 0u; c < ${fours}u; c++) { put(m, from_n + 4u * (tx + ${apart}u * c), all[${fours}u * r + c]); }
  }`,
  };
}

/** Workgroups for C of m x n. */
export const blocks = (m: number, n: number): readonly [number, number] => [Math.ceil(n / BLOCK), Math.ceil(m / BLOCK)];
