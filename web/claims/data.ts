/** What web/build/claims.ts writes beside the page, fetched when it is asked for. */

export interface ClaimRow {
  readonly id: string;
  readonly title: string;
  readonly readings: readonly {
    readonly reading: string;
    readonly word: 'refuted' | 'holds' | 'outside';
    readonly verdict: string;
    readonly says: string;
    readonly reason: string;
  }[];
  /** The certificate that it is shown by. */
  readonly file: string;
  readonly verdict: string;
  /** What it shows to be out of reach. */
  readonly pattern?: readonly (readonly number[])[] | undefined;
  readonly sentence: string;
  /** SVG, of several panels the first. */
  readonly picture: string;
}

export interface ClaimFile {
  readonly id: string;
  readonly title: string;
  readonly paper?: { readonly heading: string; readonly words: string };
  readonly entries: readonly ClaimEntry[];
}

export interface ClaimEntry {
  /** Below certificates/. */
  readonly file: string;
  readonly reading: string;
  readonly verdict: string;
  readonly name: string;
  /** The certificate. */
  readonly text: string;
}

async function fetched<T>(file: string): Promise<T> {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return (await response.json()) as T;
}

export const claimRows = (): Promise<readonly ClaimRow[]> => fetched('claims/index.json');
export const claimFile = (id: string): Promise<ClaimFile> => fetched(`claims/${encodeURIComponent(id)}.json`);

/** `T8/paper--four-directions.json` */
export async function published(file: string): Promise<string> {
  const { entries } = await claimFile(file.split('/')[0] ?? '');
  const found = entries.find((entry) => entry.file === file);
  if (!found) throw new Error(`${file} is not among the certificates of this page`);
  return found.text;
}
