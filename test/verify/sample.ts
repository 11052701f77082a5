/** Mutants of certificates, a seeded sample, for both checkers. */
import { type Mutant, mutants, resealed, type Value } from '../theorems/mutate.ts';
import { varied } from './mutators.ts';

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed | 0; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** The claim ids, rule names and hypotheses in use: groups of words for the mutants to exchange. */
function words(texts: readonly string[]): string[][] {
  return ['claim', 'rule', 'fails'].map((key) => {
    const used = new RegExp(`"${key}": ?"([^"]*)"`, 'g');
    return [...new Set(texts.flatMap((text) => Array.from(text.matchAll(used), (match) => match[1] as string)))];
  });
}

interface Changed {
  readonly of: string;
  readonly what: string;
  /** Where a single edit was made. */
  readonly path: Mutant['path'];
  /** With the id of the changed document. */
  readonly text: string;
}

/** At least `size` mutants if there are, as many of each certificate: half of them single edits, drawn without repetition, half `varied`. */
export function* sample(certificates: ReadonlyMap<string, string>, size: number, seed: number): Generator<Changed> {
  const source = random(seed);
  const next = (): number => source.next().value;
  const texts = [...certificates.values()];
  const groups = words(texts);
  const each = Math.ceil(size / texts.length);
  const claim = (text: string): string | undefined => /"claim": ?"([^"]*)"/.exec(text)?.[1];
  for (const [of, text] of certificates) {
    // All single edits of a long one take too long to list.
    const all = text.length > 10_000 ? [] : [...mutants(text, groups)];
    const drawn = Math.min(Math.ceil(each / 2), all.length);
    for (let k = 0; k < drawn; k += 1) {
      const other = k + Math.floor(next() * (all.length - k));
      [all[k], all[other]] = [all[other] as (typeof all)[0], all[k] as (typeof all)[0]];
    }
    const edited = all.slice(0, drawn).map((mutant) => ({
      of,
      what: `${mutant.path.join('.')} ${mutant.what}`,
      path: mutant.path,
      text: mutant.text,
    }));
    const others = texts.filter((other) => claim(other) === claim(text));
    const document = JSON.parse(text) as Value;
    const more = Array.from({ length: each - drawn }, () => {
      const changed = varied(document, JSON.parse(others[Math.floor(next() * others.length)] as string), next);
      return { of, what: changed.what, path: [], text: resealed(changed.document) };
    });
    yield* [...edited, ...more];
  }
}
