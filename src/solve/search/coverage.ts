/** What the accepted instances of a search were like: how many of each kind of sigma, n, n_p, n_q, and autoencoders. */
import type { Instance } from '../../kernel/model/instance.ts';

/** Counts by what is counted and its value: `{ "n": { "2": 5000 } }`. */
export type Coverage = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class Counts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(m: Instance): void {
    this.#count('sigma', m.activation.kind);
    this.#count('n', `${m.features.length}`);
    this.#count('n_p', `${m.np}`);
    this.#count('n_q', `${m.neurons}`);
    this.#count('targets', m.features.every((f) => f.wr.equals(f.wp)) ? 'autoencoder' : 'transcoder');
  }

  #count(what: string, value: string): void {
    const values = this.#counts.get(what) ?? new Map<string, number>();
    values.set(value, (values.get(value) ?? 0) + 1);
    this.#counts.set(what, values);
  }

  coverage(): Coverage {
    const sorted = (values: ReadonlyMap<string, number>): Record<string, number> =>
      Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
    return Object.fromEntries([...this.#counts].map(([what, values]) => [what, sorted(values)]));
  }
}
