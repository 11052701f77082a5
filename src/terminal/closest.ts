/** "Did you mean": the nearest of the words that would have done. */

/**
 * Nearest by edits (a letter put in, left out or exchanged, two neighbours swapped: Damerau, "optimal string alignment"), capitals
 * apart; undefined where nothing is near, which is one edit in three letters.
 */
export function closest(word: string, words: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: { readonly word: string; readonly edits: number } | undefined;
  for (const candidate of words) {
    if (candidate === word || Math.abs(candidate.length - word.length) > MOST) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    const most = Math.min(MOST, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (edits <= most && edits < (best?.edits ?? Infinity)) best = { word: candidate, edits };
  }
  return best?.word;
}

const LONGEST = 100;
const MOST = 3;

function distance(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** The words of `one of relu, gated` or `a claim: T1, T2`, as messages list what would have done. */
export function listed(expected: string): string[] {
  const list = expected.replace(/^.*: /, '').replace(/^one of /, '');
  return list
    .split(/, | or | and /)
    .map((word) => word.replace(/^"(.*)"$/, '$1'))
    .filter((word) => /^[^\s"]+$/.test(word));
}
