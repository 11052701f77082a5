/** One look at what a certificate proves, beside the proof: what it can say, and whether that fits. */

export interface Look {
  readonly look: 'exact' | 'LP in floats' | 'gradient in numbers' | 'training';
  /** `proved` is the certificate's alone; the others agree, differ, cannot tell, have nothing to ask, or are not installed. */
  readonly outcome: 'proved' | 'agrees' | 'differs' | 'too close to tell' | 'nothing to ask' | 'not installed';
  readonly says: string;
  /** What was asked, number by number; of whatever differs or is too close, why. */
  readonly lines: readonly string[];
}

/** The worst that was found, of several questions. */
export function together(outcomes: readonly Look['outcome'][]): Look['outcome'] {
  for (const word of ['differs', 'too close to tell', 'agrees'] as const) if (outcomes.includes(word)) return word;
  return 'nothing to ask';
}

/** A float as people read it. */
export const approximately = (x: number): string => (x === 0 ? '0' : `≈${Number(x.toPrecision(3))}`);

/** A package that need not be there; undefined if it is not. Any other failure is one. */
export async function optional<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return undefined;
    throw thrown;
  }
}
