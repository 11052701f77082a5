/** What the checker would refuse of inputs with weights, after minutes: said before anything is tried, and of a document before it is read. */
import { type Json, Numeral } from '../../kernel/document/json.ts';
import { SECOND } from '../../kernel/model/lifted.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import { Rational } from '../../kernel/numbers/rational.ts';

/** Coordinates of all inputs and targets, once for each neuron. */
const MOST_COORDINATES = 30_000_000;
/** To read so many characters takes less time than to look at them first. */
const SHORT = 1_000_000;
/** Coordinates that inputs are told apart by. */
const FIRST = 8;

export function tooMany(m: Subject): string | undefined {
  if (!('lifted' in m) || !m.lifted?.inputs || !m.configuration) return undefined;
  return whyNot(m.features.length, m.np + m.nr, m.neurons);
}

export const isLong = (text: string): boolean => text.length > SHORT;

/**
 * The same of a document that nobody has read. Inputs on one ray become one feature, so those are counted that differ in ray by their first
 * coordinates alone: there are at least as many. `neurons`: in place of the document's own. What is odd about it the reader says.
 */
export function tooManyIn(json: Json, neurons?: number): string | undefined {
  if (!(json instanceof Map) || json.get('format') !== SECOND || json.get('subject') !== 'inputs') return undefined;
  const own = wholeOf(json.get('neurons'));
  const [given, first] = [json.get('features'), json.get('inputBias')];
  if (own === undefined || (neurons ?? own) !== own || !json.has('we') || !Array.isArray(given)) return undefined;
  const shift = Array.isArray(first) ? first : [];
  const rays = new Set<string>();
  let coordinates = 0;
  for (const input of given) {
    const [wp, wr] = input instanceof Map ? [input.get('wp'), input.get('wr')] : [];
    if (!Array.isArray(wp)) return undefined;
    coordinates = wp.length + (Array.isArray(wr) ? wr.length : wp.length);
    const ray = rayOf(wp.slice(0, FIRST), shift);
    if (ray === undefined) return undefined;
    if (ray !== '') rays.add(ray);
  }
  return whyNot(rays.size, coordinates, own, rays.size < given.length);
}

/** Equal for points on one ray and for no others; empty for 0. */
function rayOf(entries: readonly Json[], shift: readonly Json[]): string | undefined {
  const point: Rational[] = [];
  for (const [k, entry] of entries.entries()) {
    const [x, less] = [quantity(entry), shift[k] === undefined ? undefined : quantity(shift[k])];
    if (x === undefined) return undefined;
    point.push(less ? x.minus(less) : x);
  }
  const lead = point.find((x) => x.num !== 0n);
  if (!lead) return '';
  const size = lead.sign() < 0 ? lead.negated() : lead;
  return point.map((x) => `${x.over(size)}`).join();
}

const quantity = (json: Json): Rational | undefined => {
  const text = json instanceof Numeral ? json.text : json;
  return typeof text === 'string' ? Rational.parse(text) : undefined;
};

const wholeOf = (json: Json | undefined): number | undefined =>
  json instanceof Numeral && /^[0-9]{1,9}$/.test(json.text) ? Number(json.text) : undefined;

function whyNot(n: number, p: number, neurons: number, least = false): string | undefined {
  const size = n * p * neurons;
  if (size <= MOST_COORDINATES) return undefined;
  return `${least ? 'at least ' : ''}${n} inputs of ${p} coordinates in and out, times ${neurons} neurons, are ${size}; at most ${MOST_COORDINATES} are checked (without "we" and "wd" there is no such limit)`;
}
