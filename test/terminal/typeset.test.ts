import { expect, test } from 'vitest';
import { typeset } from '../../src/terminal/typeset.ts';

test.each([
  ['L~ = sum_d M_d |rho_d|^2', 'L̃ = Σ<sub>d</sub> M<sub>d</sub> |ρ<sub>d</sub>|<sup>2</sup>'],
  ['&lt;e_1, w_12&gt; &gt;= 0', '⟨e<sub>1</sub>, w<sub>12</sub>⟩ ≥ 0'],
  ['(A - lambda B) e, e^T A e', '(A - λ B) e, e<sup>T</sup> A e'],
  ['z_i,d and Omega_P, n_q', 'z<sub>i,d</sub> and Ω<sub>P</sub>, n<sub>q</sub>'],
])('%s', (written, printed) => {
  expect(typeset(written)).toBe(printed);
});

test.each([
  'my_label, a-lambda, x_1_y',
  'certificates/T6/a_1.json',
  'a &lt; b and c &gt; d',
  '<a href="#w_1" title="L~">words</a>',
  '<code>w_1 &lt;= L~</code>',
  '<svg><text>w_1</text></svg>',
  '&lt;script&gt;',
  'a feature called &quot;delta&quot; or &quot;w_1&quot;',
])('%s stays', (text) => {
  expect(typeset(text)).toBe(text);
});
