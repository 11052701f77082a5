/** The arrangements of the chamber bench. */
import { generator } from './words.ts';

const binary = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, x) => Array.from({ length: n }, (_, k) => (x >> k) & 1));

export const resonance = (n: number): number[][] => binary(n).slice(1);
export const threshold = (n: number): number[][] => binary(n).map((x) => [1, ...x]);

/** Odd integers up to 99, in general position all but certainly. */
export function generic(n: number, p: number): number[][] {
  const random = generator(100 * n + p);
  // Odd, so that no vector is zero.
  return Array.from({ length: n }, () => Array.from({ length: p }, () => 2 * Math.floor(random() * 100) - 99));
}

export function instanceText(name: string, rows: readonly (readonly number[])[]): string {
  const features = rows.map((row, d) => ({ label: `${d + 1}`, wp: row.map(String) }));
  return JSON.stringify({ format: 'dictum/instance@1', name, features, activation: { kind: 'relu' }, neurons: 1 });
}
