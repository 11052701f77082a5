/** Rows of ReLU(W_E W_p) that are regular modulo a prime, in an order in which elimination needs no exchange. */
import { directions, encoder, products } from '../../kernel/model/generatedModel.ts';
import type { GeneratedModel } from '../../kernel/model/subject.ts';
import { MOST_MODULUS } from '../../kernel/numbers/modular.ts';
import { pivots, primes } from '../linear/modular.ts';
import type { Document } from '../proofs/document.ts';

/** The proof of rule `rank-mod-p`, or undefined if the rows tried do not reach rank n. */
export function independentCodes(m: GeneratedModel): Document | undefined {
  const [n, length] = [m.features, m.dimensions];
  // A code below it is its own residue for the first prime below.
  const p = primes(MOST_MODULUS).next().value;
  const rows = encoder(m);
  // A few rows more than n nearly always suffice; if not, all.
  for (const count of [n + 32, m.neurons]) {
    const taken = Math.min(count, m.neurons - m.anchors);
    if (taken < n) return undefined;
    const codes = Array.from({ length: taken }, () => new Float64Array(n));
    const part = rows.subarray(m.anchors * length, (m.anchors + taken) * length);
    products(part, directions(m), length, length, (r, d, z) => {
      (codes[r] as Float64Array)[d] = z > 0 ? z % p : 0;
    });
    const found = pivots(codes, p);
    if (found.rows.length === n) return { rule: 'rank-mod-p', p, rows: found.rows.map((r) => m.anchors + r + 1) };
  }
  return undefined;
}
