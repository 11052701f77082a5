/** In floats: symmetric eigenvalues, the largest quotient of two forms on a cone, and products of normals whose sum lies below a form. */

import { largestOf, smallestOf } from '../linear/extremes.ts';

export type Floats = readonly number[];
export type Form = readonly Floats[];

export const dot = (x: Floats, y: Floats): number => x.reduce((total, a, k) => total + a * (y[k] ?? 0), 0);
export const applied = (form: Form, x: Floats): number[] => form.map((row) => dot(row, x));
export const valueAt = (form: Form, x: Floats): number => dot(applied(form, x), x);
export function unitOf(x: Floats): number[] {
  const length = Math.sqrt(dot(x, x));
  return x.map((a) => a / (length || 1));
}
/** sum_k c_k forms_k */
export const combined = (terms: readonly (readonly [number, Form])[], size: number): number[][] =>
  Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => terms.reduce((total, [c, f]) => total + c * (f[i]?.[j] ?? 0), 0)),
  );
export const outerOf = (x: Floats, y: Floats): number[][] => x.map((a) => y.map((b) => a * b));
/** B F B^T for the rows of B */
const within = (basis: readonly Floats[], form: Form): number[][] =>
  basis.map((x) => {
    const image = applied(form, x);
    return basis.map((y) => dot(image, y));
  });
const back = (basis: readonly Floats[], x: Floats, size: number): number[] =>
  Array.from({ length: size }, (_, i) => basis.reduce((total, b, k) => total + (b[i] ?? 0) * (x[k] ?? 0), 0));

/** By Jacobi's rotations; values in no order, vectors of length 1. */
export function eigen(form: Form): { readonly value: number; readonly vector: number[] }[] {
  const size = form.length;
  const a = form.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const at = (m: number[][], i: number, j: number): number => m[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const x = at(a, p, q);
        off += x * x;
        if (x === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * x);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (const m of [a, v]) {
          for (const row of m) {
            const [y, z] = [row[p] ?? 0, row[q] ?? 0];
            row[p] = c * y - s * z;
            row[q] = s * y + c * z;
          }
        }
        const [rp, rq] = [a[p] as number[], a[q] as number[]];
        for (let k = 0; k < size; k++) {
          const [y, z] = [rp[k] ?? 0, rq[k] ?? 0];
          rp[k] = c * y - s * z;
          rq[k] = s * y + c * z;
        }
      }
    }
    if (off < 1e-30) break;
  }
  return a.map((row, k) => ({ value: row[k] ?? 0, vector: v.map((r) => r[k] ?? 0) }));
}

/** An orthonormal basis of what is orthogonal to the vectors; undefined if these are dependent. */
export function complement(vectors: readonly Floats[], size: number): number[][] | undefined {
  const own: number[][] = [];
  const project = (x: Floats, basis: readonly Floats[]): number[] => {
    let rest = [...x];
    for (let twice = 0; twice < 2; twice++) {
      for (const b of basis) {
        const c = dot(rest, b);
        rest = rest.map((a, i) => a - c * (b[i] ?? 0));
      }
    }
    return rest;
  };
  for (const x of vectors) {
    const rest = project(unitOf(x), own);
    if (dot(rest, rest) < 1e-14) return undefined;
    own.push(unitOf(rest));
  }
  const found: number[][] = [];
  while (own.length + found.length < size) {
    const rests = Array.from({ length: size }, (_, k) =>
      project(
        Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)),
        [...own, ...found],
      ),
    );
    rests.sort((x, y) => dot(y, y) - dot(x, x));
    found.push(unitOf(rests[0] as number[]));
  }
  return found;
}

function* subsets(n: number, most: number, from = 0): Generator<number[]> {
  yield [];
  if (most === 0) return;
  for (let k = from; k < n; k++) for (const rest of subsets(n, most - 1, k + 1)) yield [k, ...rest];
}

/** The largest a(x) / b(x) on the cone of the inward normals, on each of its faces: a, b >= 0. */
export function largestOnCone(
  a: Form,
  b: Form,
  normals: readonly Floats[],
): { value: number; x: number[] } | undefined {
  const size = a.length;
  const floor = 1e-10 * b.reduce((total, row, i) => total + (row[i] ?? 0), 0);
  let best: { value: number; x: number[] } | undefined;
  for (const face of subsets(normals.length, size - 1)) {
    const basis = complement(
      face.map((k) => normals[k] as Floats),
      size,
    );
    if (!basis) continue;
    for (const { value, vector } of pencilEigen(within(basis, a), within(basis, b), floor)) {
      if (best && value <= best.value + 1e-13) continue;
      for (const sign of [1, -1]) {
        const x = unitOf(back(basis, vector, size)).map((c) => sign * c);
        if (normals.every((g) => dot(g, x) >= -1e-9 * Math.sqrt(dot(g, g)))) best = { value, x };
      }
    }
  }
  return best;
}

/** a x = value b x, on the range of b. */
function pencilEigen(a: Form, b: Form, floor: number): { value: number; vector: number[] }[] {
  const range = eigen(b).filter(({ value }) => value > floor);
  const basis = range.map(({ value, vector }) => vector.map((x) => x / Math.sqrt(value)));
  return eigen(within(basis, a)).map(({ value, vector }) => ({ value, vector: back(basis, vector, a.length) }));
}

/** Cholesky's factor of a form that is positive, or nothing. */
function cholesky(form: Form): number[][] | undefined {
  const l = form.map((row) => row.map(() => 0));
  for (const [i, row] of form.entries()) {
    for (let j = 0; j <= i; j++) {
      const [li, lj] = [l[i] as number[], l[j] as number[]];
      let x = row[j] ?? 0;
      for (let k = 0; k < j; k++) x -= (li[k] ?? 0) * (lj[k] ?? 0);
      if (i === j) {
        if (!(x > 0)) return undefined;
        li[i] = Math.sqrt(x);
      } else li[j] = x / (lj[j] ?? 1);
    }
  }
  return l;
}

function inverseOf(form: Form): number[][] | undefined {
  const l = cholesky(form);
  if (!l) return undefined;
  const columns = form.map((_, c) =>
    solved(
      l,
      form.map((_, i) => (i === c ? 1 : 0)),
    ),
  );
  return form.map((_, i) => columns.map((column) => column[i] ?? 0));
}

/** (L L^T) x = y */
function solved(l: Form, y: Floats): number[] {
  const x = [...y];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? 0) - (l[i]?.[k] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i]?.[i] ?? 1);
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] = (x[i] ?? 0) - (l[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i]?.[i] ?? 1);
  }
  return x;
}

/**
 * Numbers c > 0 with form - sum c_k taken_k >= t I, for a t as large as a barrier method finds; those of a group add up to 1 or less, where the last of it, which is not among them, has the
 * rest. -log det and -log c keep all of it inside.
 */
export function belowForm(
  form: Form,
  taken: readonly Form[],
  groups: readonly (readonly number[])[],
): { readonly c: number[]; readonly t: number } {
  const size = form.length;
  const n = taken.length;
  const sizes = taken.map((f) => largestOf(f.flat().map(Math.abs), 1e-12));
  const scale = largestOf(form.flat().map(Math.abs), 1e-9);
  // In units of the form, so that each c_k taken_k is about as large.
  const units = taken.map((f, k) =>
    combined([[groups.some((g) => g.includes(k)) ? 1 : scale / (sizes[k] ?? 1), f]], size),
  );
  let c = taken.map((_, k) => {
    const group = groups.find((g) => g.includes(k));
    return group ? 1 / (group.length + 1) : 0.05;
  });
  const rest = (x: Floats): number[][] =>
    combined([[1, form], ...units.map((f, k) => [-(x[k] ?? 0), f] as const)], size);
  const least = (x: Floats): number => (size === 0 ? 1 : smallestOf(eigen(rest(x)).map(({ value }) => value)));
  const identity = form.map((_, i) => form.map((_, j) => (i === j ? 1 : 0)));
  let t = least(c) - 0.1 * scale;
  const slacks = (x: Floats): number[] => groups.map((g) => 1 - g.reduce((total, k) => total + (x[k] ?? 0), 0));
  for (let weight = 1 / scale; weight < 1e7 / scale; weight *= 4) {
    for (let step = 0; step < 12; step++) {
      const matrix = combined(
        [
          [1, rest(c)],
          [-t, identity],
        ],
        size,
      );
      const inverse = inverseOf(matrix);
      if (!inverse) break;
      const all = [...units, identity];
      const images = all.map((f) =>
        f.map((row) => row.map((_, j) => row.reduce((s, x, k) => s + x * (inverse[k]?.[j] ?? 0), 0))),
      );
      const trace = (f: Form): number => f.reduce((s, row, i) => s + (row[i] ?? 0), 0);
      const gradient = images.map((f, k) => trace(f) - (k < n ? 1 / (c[k] ?? 1) : weight));
      const hessian = images.map((f) =>
        images.map((g) => f.reduce((s, row, i) => s + row.reduce((u, x, j) => u + x * (g[j]?.[i] ?? 0), 0), 0)),
      );
      for (let k = 0; k < n; k++) (hessian[k] as number[])[k] = (hessian[k]?.[k] ?? 0) + 1 / (c[k] ?? 1) ** 2;
      for (const [g, slack] of slacks(c).entries()) {
        for (const k of groups[g] ?? []) {
          gradient[k] = (gradient[k] ?? 0) + 1 / slack;
          for (const j of groups[g] ?? []) (hessian[k] as number[])[j] = (hessian[k]?.[j] ?? 0) + 1 / slack ** 2;
        }
      }
      for (let k = 0; k <= n; k++) (hessian[k] as number[])[k] = (hessian[k]?.[k] ?? 0) * (1 + 1e-12) + 1e-14;
      const factor = cholesky(hessian);
      if (!factor) break;
      const move = solved(factor, gradient).map((x) => -x);
      const decrement = -dot(move, gradient);
      let length = 1;
      const moved = (): number[] => c.map((x, k) => x + length * (move[k] ?? 0));
      const inside = (): boolean => {
        const next = moved();
        if (next.some((x) => x <= 0) || slacks(next).some((x) => x <= 0)) return false;
        return (
          cholesky(
            combined(
              [
                [1, rest(next)],
                [-(t + length * (move[n] ?? 0)), identity],
              ],
              size,
            ),
          ) !== undefined
        );
      };
      if (decrement > 0.25) length = 1 / (1 + Math.sqrt(decrement));
      while (length > 1e-10 && !inside()) length *= 0.5;
      if (length <= 1e-10) break;
      c = moved();
      t += length * (move[n] ?? 0);
      if (decrement < 1e-6) break;
    }
  }
  return {
    c: c.map((x, k) => (groups.some((g) => g.includes(k)) ? x : (x * scale) / (sizes[k] ?? 1))),
    t: least(c),
  };
}
