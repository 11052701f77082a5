/**
 * File names from what a user's file calls things. Different things get different names, also where the file system does not tell
 * capitals from small letters; a name is short, of letters, digits, `.`, `_` and `-`, and starts with a word of ours, so that it is
 * none of the names Windows keeps for itself.
 */
const LONGEST = 60;

/** What the user's file calls a thing, as part of a name. */
export function namePart(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9.]/g, '_');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}_` : plain;
}

/** Gives out names, each once: the second of a name gets `-2` before its ending, and so on. */
export class FileNames {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** `stem` starts with a word of ours. */
  next(stem: string, ending: string): string {
    const key = stem.toLowerCase();
    for (let count = (this.#counts.get(key) ?? 0) + 1; ; count++) {
      const name = `${stem}${count === 1 ? '' : `-${count}`}${ending}`;
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      this.#counts.set(key, count);
      return name;
    }
  }
}
