/** The rule on codes at paper scale: sigma(Z) has rank n. */

import { directions, encoder, products } from '../model/generatedModel.ts';
import { MOST_MODULUS, singularAt } from '../numbers/modular.ts';
import { invalid } from '../numbers/rejection.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/**
 * Independent codes: n neurons, none of them anchored, whose rows of ReLU(W_E W_p) are regular modulo p, so the columns of these
 * rows are independent over the rationals. p need not be prime: every pivot is a unit modulo p.
 */
const rankModulo: Rule = (judgement, node) => {
  const { scale: m } = asked(judgement, 'independent-codes', true, node);
  const parts = node.fields(['rule', 'p', 'rows']);
  const p = parts.p.index(2, MOST_MODULUS);
  const used = new Set<number>();
  const [n, length] = [m.features, m.dimensions];
  const all = encoder(m);
  const chosen = new Int8Array(n * length);
  parts.rows.items(n).forEach((item, k) => {
    const i = item.index(m.anchors + 1, m.neurons) - 1;
    if (used.has(i)) invalid('repeated-row', item.path, 'each neuron once', `${i + 1}`);
    used.add(i);
    chosen.set(all.subarray(i * length, (i + 1) * length), k * length);
  });
  const codes = new Int32Array(n * n);
  products(chosen, directions(m), length, length, (r, d, z) => {
    codes[r * n + d] = z > 0 ? z % p : 0;
  });
  const at = singularAt(codes, n, p);
  if (at < n) invalid('no-pivot', parts.rows.path, `a pivot modulo ${p} in every row`, `none in row ${at + 1}`);
  return { modulo: p };
};

export const scaleRules: Pack = pack({ 'rank-mod-p': rankModulo });
