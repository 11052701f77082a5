/**
 * `manifest.json` in a folder of certificates: the names of those that `dictum audit` wrote there, and so may remove. A checker has
 * nothing to prove of it and passes over it.
 */
export const MANIFEST = 'manifest.json';

const FORMAT = 'dictum/manifest@1';

/** One name a line, in order, so that two versions can be compared. */
export function manifestText(names: Iterable<string>): string {
  const lines = [...new Set(names)].sort().map((name) => `    ${JSON.stringify(name)}`);
  return `{\n  "format": "${FORMAT}",\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** The names in a manifest; undefined where the text is none. */
export function readManifest(text: string): readonly string[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const { format, files } = document as { readonly format?: unknown; readonly files?: unknown };
  const named = format === FORMAT && Array.isArray(files) && files.every((name) => typeof name === 'string');
  return named ? (files as string[]) : undefined;
}
