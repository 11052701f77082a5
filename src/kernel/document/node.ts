/** Typed access to a JSON document: every read says what it expects, and refuses anything else with its path. */

import { Rational } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';
import { type Matrix, Vector } from '../numbers/vector.ts';
import { keep } from '../numbers/work.ts';
import { type Json, type JsonObject, Numeral } from './json.ts';

function describe(json: Json): string {
  if (json === null || typeof json === 'boolean') return `${json}`;
  if (json instanceof Numeral) return json.text.slice(0, 40);
  if (typeof json === 'string') return JSON.stringify(json.length > 40 ? `${json.slice(0, 40)}...` : json);
  if (json instanceof Map)
    return `an object with ${json.size === 0 ? 'no keys' : [...json.keys()].slice(0, 5).join(', ')}`;
  return `an array of ${(json as readonly Json[]).length}`;
}

export class Node {
  readonly json: Json;
  readonly path: string;

  constructor(json: Json, path = '$') {
    this.json = json;
    this.path = path;
  }

  private wrong(expected: string, code = 'wrong-type'): never {
    return malformed(code, this.path, expected, describe(this.json));
  }

  /** The members of an object that has all the `required` keys, perhaps some `optional` ones, and no other. */
  fields<R extends string, O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): Record<R, Node> & Partial<Record<O, Node>> {
    const members = this.members();
    for (const key of required) {
      if (!members.has(key)) malformed('missing-key', `${this.path}.${key}`, `the key "${key}"`, 'none');
    }
    for (const key of members.keys()) {
      if (!(required as readonly string[]).includes(key) && !(optional as readonly string[]).includes(key)) {
        malformed('unknown-key', `${this.path}.${key}`, [...required, ...optional].join(', '), `"${key}"`);
      }
    }
    return Object.fromEntries(members) as Record<R, Node> & Partial<Record<O, Node>>;
  }

  /** The members of an object, whatever its keys. */
  members(): ReadonlyMap<string, Node> {
    if (!(this.json instanceof Map)) return this.wrong('an object');
    const entries = [...(this.json as JsonObject)];
    return new Map(entries.map(([key, value]) => [key, new Node(value, `${this.path}.${key}`)]));
  }

  /** An array's items; `length` where it must have just so many. */
  items(length?: number): readonly Node[] {
    if (!Array.isArray(this.json)) return this.wrong('an array');
    if (length !== undefined && this.json.length !== length) this.wrong(`an array of ${length}`, 'wrong-size');
    return (this.json as readonly Json[]).map((value, i) => new Node(value, `${this.path}[${i}]`));
  }

  text(): string {
    return typeof this.json === 'string' ? this.json : this.wrong('a string');
  }

  /** A string among `words`. */
  word<W extends string>(words: readonly W[]): W {
    const found = words.find((word) => word === this.json);
    return found ?? this.wrong(`one of ${words.join(', ')}`, 'unknown-word');
  }

  /** A JSON integer from `least` to `most`: an index or a size, never a quantity. */
  index(least: number, most: number): number {
    const value = this.json instanceof Numeral && /^[0-9]{1,9}$/.test(this.json.text) ? Number(this.json.text) : -1;
    return value >= least && value <= most ? value : this.wrong(`an integer from ${least} to ${most}`, 'out-of-range');
  }

  /** A quantity: a string or a JSON number, read exactly. */
  rational(): Rational {
    const text = this.json instanceof Numeral ? this.json.text : this.text();
    return (
      Rational.parse(text) ?? this.wrong('an integer, a fraction "-12/13" or a decimal, of sane size', 'not-a-number')
    );
  }

  vector(length?: number): Vector {
    const read = Vector.of(this.items(length).map((item) => item.rational()));
    keep(read.length * (read.words + 4));
    return read;
  }

  /** A matrix given by its rows. */
  matrix(rows: number, columns: number): Matrix {
    return this.items(rows).map((row) => row.vector(columns));
  }
}
