/** Formulas that are written in letters of a keyboard, as print has them: on a page, outside of code and pictures. */

const GREEK: Readonly<Record<string, string>> = {
  lambda: 'λ',
  sigma: 'σ',
  theta: 'θ',
  rho: 'ρ',
  mu: 'μ',
  phi: 'φ',
  tau: 'τ',
  delta: 'δ',
  eps: 'ε',
  Omega: 'Ω',
};
const NAMES = Object.keys(GREEK).join('|');
/** Not within a word, a label or a path. */
const START = '(?<![\\p{L}\\p{N}_/.~-])';
const SUBSCRIPT = new RegExp(
  `${START}(\\p{L}|${NAMES}|sum)_([A-Za-z0-9]+(?:,[a-z0-9])?)(?![\\p{L}\\p{N}_]|\\.\\p{L})`,
  'gu',
);
const LETTER = new RegExp(`${START}(${NAMES})(?![\\p{L}\\p{N}_-]|\\.\\p{L})`, 'gu');

const letterOf = (name: string): string => (name === 'sum' ? 'Σ' : (GREEK[name] ?? name));

/** Of text that is escaped already. What is quoted are words of others: labels, names. */
const formula = (text: string): string =>
  text
    .split(/(&quot;.*?&quot;)/)
    .map((part, k) => (k % 2 === 1 ? part : printed(part)))
    .join('');

function printed(text: string): string {
  return text
    .replaceAll(/&lt;(?=\S)([^&;]*?, [^&;]*?)(?<=\S)&gt;/g, '⟨$1⟩')
    .replaceAll('&lt;=', '≤')
    .replaceAll('&gt;=', '≥')
    .replaceAll(SUBSCRIPT, (_, base: string, index: string) => `${letterOf(base)}<sub>${index}</sub>`)
    .replaceAll(/\)_([a-z])(?![\p{L}\p{N}_])/gu, ')<sub>$1</sub>')
    .replaceAll(/\bsum (?=\p{L}<sub>|max\()/gu, 'Σ ')
    .replaceAll(LETTER, (_, name: string) => letterOf(name))
    .replaceAll(/(?<=[\p{L}\p{N})|>])\^(T|-?\d+)/gu, '<sup>$1</sup>')
    .replaceAll(/\bL~/g, 'L̃');
}

/** Tags and what stands in code, pre, svg or title stay as they are. */
export function typeset(html: string): string {
  let within = 0;
  return html
    .split(/(<[^>]*>)/)
    .map((part) => {
      if (/^<(?:code|pre|svg|title)\b/.test(part)) within++;
      else if (/^<\/(?:code|pre|svg|title)>/.test(part)) within--;
      return within > 0 || part.startsWith('<') ? part : formula(part);
    })
    .join('');
}
