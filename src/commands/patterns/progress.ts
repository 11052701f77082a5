/** How far an enumeration is, on stderr: a line overwritten on a terminal, else a JSON line now and then. */
import { note, progress } from '../../terminal/streams.ts';

const [OFTEN, SELDOM] = [100, 10_000];

export class Progress {
  readonly #expected: bigint | undefined;
  readonly #counts: () => { readonly found: number; readonly chambers: number };
  #next = Date.now() + (process.stderr.isTTY ? OFTEN : SELDOM);

  /** `expected`: how many chambers there are, where that is known. */
  constructor(expected: bigint | undefined, counts: () => { readonly found: number; readonly chambers: number }) {
    this.#expected = expected;
    this.#counts = counts;
  }

  show(): void {
    const now = Date.now();
    if (now < this.#next) return;
    this.#next = now + (process.stderr.isTTY ? OFTEN : SELDOM);
    const { found, chambers } = this.#counts();
    const percent = this.#expected === undefined ? undefined : Number((1000n * BigInt(chambers)) / this.#expected) / 10;
    if (process.stderr.isTTY) {
      progress(`${found} sets${percent === undefined ? '' : `, ${percent}% of the chambers`}`);
    } else {
      note(`${JSON.stringify({ progress: 'patterns', found, ...(percent !== undefined && { percent }) })}\n`);
    }
  }

  end(): void {
    progress('');
  }
}
