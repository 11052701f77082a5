/**
 * Exactly unit directions near where a pointer is. The inverse stereographic projection y -> (2y, 1 - |y|^2) / (1 + |y|^2) maps rational points of the
 * line or plane to those of circle or sphere, as in src/solve/realize/unitDirection.ts; there the angle is what matters, here that the numbers are
 * short: of the denominators 1, 2, 3, ... the first that is near enough. |y| changes by at most `near`, so the direction by at most 2 sqrt(2) of it.
 */

/** About a degree. */
export const NEAR = 0.01;

const MOST_DENOMINATOR = 1000;

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

function fraction(num: number, den: number): string {
  const common = gcd(num, den);
  const [a, b] = [num / common, den / common];
  return b === 1 ? `${a + 0}` : `${a}/${b}`;
}

/** `v`: not zero, of length 1 to 3. */
export function unitNear(v: readonly number[], near: number = NEAR): string[] {
  const length = Math.hypot(...v);
  const k = v.reduce((best, x, i) => (Math.abs(x) > Math.abs(v[best] ?? 0) ? i : best), 0);
  const pole = v[k] ?? 1;
  // From the pole opposite to the largest coordinate, so that |y| <= 1.
  const y = v.map((x, i) => (i === k ? 0 : x / (length + Math.abs(pole))));
  let den = 1;
  while (den < MOST_DENOMINATOR && y.some((x) => Math.abs(x - Math.round(x * den) / den) > near)) den++;
  const a = y.map((x) => Math.round(x * den));
  const aa = a.reduce((sum, x) => sum + x * x, 0);
  const [own, all] = [den * den - aa, den * den + aa];
  return a.map((x, i) => (i === k ? fraction(pole < 0 ? -own : own, all) : fraction(2 * x * den, all)));
}
