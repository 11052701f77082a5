/**
 * The journal of an interrupted enumeration: a line per finished part, the first line telling which enumeration it is of. A part
 * is a function of the enumeration and its first node, so what is in the journal need not be walked again, and the
 * result is the same byte by byte. A last line that was cut off is dropped.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Prefix } from '../../solve/patterns/lpRegion.ts';
import type { Part } from '../../solve/patterns/part.ts';
import { unreadable } from '../../terminal/files.ts';
import { remember } from '../../terminal/inputs.ts';
import { fail } from '../../terminal/problem.ts';

interface Place {
  readonly start: number;
  readonly length: number;
}

const CHUNK = 1 << 20;
const FORMAT = 'dictum/patterns-journal@1';

export class Journal {
  readonly #file: number;
  readonly #places: Map<Prefix, Place>;
  #end: number;

  /** Opens or begins the journal of the enumeration that `key` identifies. */
  constructor(path: string, key: string) {
    try {
      this.#file = openSync(path, 'a+', 0o644);
      closeSync(this.#file);
      this.#file = openSync(path, 'r+');
      remember(path, fstatSync(this.#file, { bigint: true }));
    } catch (thrown) {
      unreadable(thrown, path);
    }
    const { places, end, header } = readPlaces(this.#file);
    this.#places = places;
    this.#end = end;
    const wanted = JSON.stringify({ format: FORMAT, key });
    if (header === undefined) {
      // Empty, or cut off while its first line was written.
      const begun = textAt(this.#file, { start: 0, length: Math.min(fstatSync(this.#file).size, 500) });
      if (!wanted.startsWith(begun)) {
        fail('wrong-journal', { file: path }, 'a journal of dictum patterns', 'another file');
      }
      this.#append(wanted);
    } else if (header !== wanted) {
      const found = header.startsWith(`{"format":"${FORMAT}"`) ? 'the journal of another enumeration' : 'another file';
      fail('wrong-journal', { file: path }, 'the journal of this enumeration', found);
    }
    ftruncateSync(this.#file, this.#end);
  }

  get size(): number {
    return this.#places.size;
  }

  read(from: Prefix): Part | undefined {
    const place = this.#places.get(from);
    if (!place) return undefined;
    return JSON.parse(textAt(this.#file, place)) as Part;
  }

  write(part: Part): void {
    this.#places.set(part.from, this.#append(JSON.stringify(part)));
  }

  #append(line: string): Place {
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    const place = { start: this.#end, length: bytes.length - 1 };
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#file, bytes, written, bytes.length - written, this.#end + written);
    }
    this.#end += bytes.length;
    return place;
  }

  close(): void {
    closeSync(this.#file);
  }
}

function textAt(file: number, { start, length }: Place): string {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, start + done);
    if (count === 0) throw new Error('the journal was cut while in use');
    done += count;
  }
  return bytes.toString('utf8');
}

/** The place of each complete line by the node it starts from, the end of the last one, and the first line. */
function readPlaces(file: number): { places: Map<Prefix, Place>; end: number; header: string | undefined } {
  const places = new Map<Prefix, Place>();
  let header: string | undefined;
  let start = 0;
  const chunk = Buffer.alloc(CHUNK);
  for (let at = 0; ; ) {
    const count = readSync(file, chunk, 0, CHUNK, at);
    if (count === 0) return { places, end: start, header };
    for (let k = chunk.indexOf(10); k >= 0 && k < count; k = chunk.indexOf(10, k + 1)) {
      const place = { start, length: at + k - start };
      start = at + k + 1;
      if (header === undefined) header = textAt(file, { start: place.start, length: Math.min(place.length, 500) });
      else {
        // `{"from":"+-+",...`
        const from = /^\{"from":"([+-]*)"/.exec(
          textAt(file, { start: place.start, length: Math.min(place.length, 100_000) }),
        );
        if (from?.[1] !== undefined) places.set(from[1], place);
      }
    }
    at += count;
  }
}
