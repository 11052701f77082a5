/** What all blocks together say of each latent. */
import type { Bits } from './bits.ts';
import { bitsFor, count } from './bits.ts';
import { type BlockResult, rank, TOP } from './block.ts';
import { type Tally, tallyOf } from './encoder.ts';

/** What the blocks say together: of all rows. */
export interface Activity extends Omit<BlockResult, 'first' | 'count' | 'bits'> {
  readonly rows: number;
  readonly latents: number;
  /** Of each latent the rows that it is on in. */
  readonly on: readonly Bits[];
  readonly counts: readonly number[];
}

/** Takes blocks in the order of their rows. */
export class Gathering {
  readonly #rows: number;
  readonly #latents: number;
  readonly #on: Bits[];
  readonly #most: Float64Array;
  readonly #mostRow: Int32Array;
  readonly #closest: Float64Array;
  readonly #top: Float64Array;
  readonly #topRow: Int32Array;
  readonly #sums: Float64Array;
  readonly #total: Float64Array;
  readonly #tally: Tally = tallyOf();
  readonly #ties: { row: number; latents: readonly number[] }[] = [];
  #error = 0;

  constructor(rows: number, latents: number, groups: number) {
    this.#rows = rows;
    this.#latents = latents;
    this.#on = Array.from({ length: latents }, () => bitsFor(rows));
    this.#most = new Float64Array(latents).fill(-Infinity);
    this.#mostRow = new Int32Array(latents).fill(-1);
    this.#closest = new Float64Array(latents).fill(Infinity);
    this.#top = new Float64Array(latents * TOP).fill(-1);
    this.#topRow = new Int32Array(latents * TOP).fill(-1);
    this.#sums = new Float64Array(groups * latents);
    this.#total = new Float64Array(latents);
  }

  add(block: BlockResult): void {
    const words = Math.ceil(block.count / 32);
    for (let i = 0; i < this.#latents; i++) {
      (this.#on[i] as Bits).set(block.bits.subarray(i * words, (i + 1) * words), block.first >>> 5);
      if ((block.most[i] as number) > (this.#most[i] as number)) {
        this.#most[i] = block.most[i] as number;
        this.#mostRow[i] = block.mostRow[i] as number;
      }
      this.#closest[i] = Math.min(this.#closest[i] as number, block.closest[i] as number);
      for (let t = i * TOP; t < (i + 1) * TOP && (block.topRow[t] as number) >= 0; t++) {
        rank(this.#top, this.#topRow, i * TOP, block.top[t] as number, block.topRow[t] as number);
      }
    }
    addTo(this.#sums, block.sums);
    addTo(this.#total, block.total);
    this.#error += block.error;
    this.#tally.exact += block.tally.exact;
    this.#tally.near += block.tally.near;
    this.#tally.compared += block.tally.compared;
    for (const tie of block.ties) this.#ties.push(tie);
  }

  done(): Activity {
    return {
      rows: this.#rows,
      latents: this.#latents,
      on: this.#on,
      counts: this.#on.map(count),
      most: this.#most,
      mostRow: this.#mostRow,
      closest: this.#closest,
      top: this.#top,
      topRow: this.#topRow,
      sums: this.#sums,
      total: this.#total,
      error: this.#error,
      tally: this.#tally,
      ties: this.#ties,
    };
  }
}

function addTo(all: Float64Array, more: Float64Array): void {
  for (let k = 0; k < all.length; k++) all[k] = (all[k] as number) + (more[k] as number);
}
