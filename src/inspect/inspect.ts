/** `inspect`: every latent of a trained model answered, on rows of data, on atoms of a dictionary, or on both. */
import { Rational } from '../kernel/numbers/rational.ts';
import { type Activity, Gathering } from './activity.ts';
import { type Atom, atomsOf, type DecidedAtom, type Dictionary, decideAtom, featuresIn } from './atoms.ts';
import { type Bits, bitsFor, bitsOf, count, countBoth, either, has, less } from './bits.ts';
import { BLOCK, type Block, type BlockResult, decideBlock, decideInputs, type Fixed, TOP } from './block.ts';
import { type Book, bookOf, type Closed, type Decoder } from './book.ts';
import { activation, type Encoder, encoderOf, reconstructs, tallyOf } from './encoder.ts';
import { exactRow } from './exactRow.ts';
import { groupsOf } from './groups.ts';
import { below, childrenOf, hierarchyIn, type Pair } from './hierarchy.ts';
import { type LabelRows, labelBookOf, Means } from './labelBook.ts';
import { type Absorbed, noPrice, pricesOf } from './price.ts';
import type { AtomCard, InspectRequest, InspectResult, Kind, LabelCard, LatentCard, Match, Price } from './request.ts';
import { type Wake, wakesOf } from './wake.ts';

/** Decides blocks, in their order; what is `given` does not change. */
export type Run = (given: Given, blocks: Iterable<Block>) => AsyncIterable<BlockResult> | Iterable<BlockResult>;

/** What a thread needs: it makes the rest of it. */
export interface Given {
  readonly model: InspectRequest['model'];
  readonly groups: number;
}

export const fixedOf = ({ model, groups }: Given): Fixed => {
  const { wd, bd } = model.weights;
  return { encoder: encoderOf(model), groups, ...(reconstructs(model) && { decoder: { rows: wd, bias: bd } }) };
};

/** In this thread. */
export function* here(given: Given, blocks: Iterable<Block>): Generator<BlockResult> {
  const fixed = fixedOf(given);
  for (const block of blocks) yield decideBlock(fixed, block);
}

/** On fewer rows than one of so many a latent is rare. */
const RARE = 1000;
const DETECTS = 0.8;

export async function inspect(request: InspectRequest, run: Run = here): Promise<InspectResult> {
  const { model, data, labels, features } = request;
  const encoder = encoderOf(model);
  const notes: string[] = [];
  const dictionary: Dictionary | undefined = features && { ...features, pairs: request.hierarchy?.features ?? [] };
  const tally = tallyOf();
  const atoms = dictionary ? atomsOf(dictionary).map((atom) => decideAtom(encoder, dictionary, atom, tally)) : [];
  const rows = data?.rows ?? atoms.length;
  const labelNames = data ? (labels?.names ?? []) : (features?.names ?? []);
  const bits = data
    ? (labels?.columns ?? []).map(fromBytes)
    : (features?.names ?? []).map((_, f) => withFeature(atoms, f));
  const given = data ? request.hierarchy?.labels : dictionary?.pairs;
  const pairs = given ?? hierarchyIn(bits);
  const sets = labelSets(rows, bits, pairs);
  const activity = data ? await onData(request, sets, run) : onAtoms(fixedOf({ model, groups: 0 }), atoms);
  const decoder = decoderOf(request);
  const books: (Book | Closed)[] = [];
  if (dictionary && decoder) {
    const at = new Map(atoms.map((atom) => [keyOf(atom), atom]));
    for (const pair of dictionary.pairs) {
      const alone = at.get(keyOf({ root: pair.parent }));
      const beside = at.get(keyOf({ root: pair.parent, child: pair.child }));
      if (alone && beside) books.push(bookOf(encoder, decoder, dictionary, pair, [alone, beside]));
    }
  }
  const fromLabels =
    data && decoder && reconstructs(model)
      ? labelBooks(request, encoder, decoder, activity, { pairs, sets, names: labelNames })
      : [];
  const matches = matchesOf(activity, bits);
  // Between atoms Top-k has competitors that atoms do not show: where rows have labels, they tell.
  const byRows = !dictionary || (encoder.k !== undefined && fromLabels.length > 0);
  const main = byRows ? fromLabels : books;
  const numbers = new Map(labelNames.map((name, j) => [name, j]));
  /** The same label under the number that it has among the rows'. */
  const labelOf = (parent: number): number | undefined =>
    dictionary ? numbers.get(dictionary.names[parent] ?? '') : parent;
  const withFound = (book: Book): Book => {
    const label = labelOf(book.parent);
    return book.carrier === undefined || label === undefined
      ? book
      : { ...book, found: matches.found[book.carrier * bits.length + label] as number };
  };
  const open = main.flatMap((book) => ('verdict' in book ? [withFound(book)] : []));
  const wakes = dictionary ? wakesOf(encoder, dictionary) : undefined;
  const latents = Array.from({ length: encoder.latents }, (_, i) =>
    cardOf(i, { encoder, activity, matches: matches.ofLatents, atoms, wakes, dictionary, books: open }),
  );
  noteLabels(notes, bits, labelNames, rows);
  const { price } = request;
  let prices: readonly Price[] | undefined;
  if (price !== undefined) {
    const why = noPrice(encoder, request, activity);
    if (why !== undefined) notes.push(`no price of un-absorbing: ${why}`);
    else prices = pricesOf(encoder, request, activity, bits, sets.alone, absorbedIn(open, labelOf), price);
  }
  const { tally: inRows } = activity;
  const smallest = activity.closest.reduce((least, s) => Math.min(least, s), Infinity);
  const corners = atoms.reduce((sum, atom) => sum + (atom.always ? (atom.child === undefined ? 3 : 5) : 1), 0);
  const fvu = data && reconstructs(model) ? activity.error / spread(data.values, rows) : undefined;
  if (data && !reconstructs(model))
    notes.push(
      'the model is not known to reconstruct its inputs: what it writes is compared with nothing in these rows',
    );
  return {
    method: model.method.kind,
    ...(encoder.k !== undefined && { k: encoder.k }),
    shape: model.shape,
    rows,
    of: data ? 'data' : 'atoms',
    ...(data?.names && { rowNames: data.names }),
    labelsOf: (row) => bits.flatMap((own, j) => (has(own, row) ? [j] : [])),
    signs: {
      decided: encoder.latents * ((data ? rows : 0) + corners),
      exact: (data ? inRows.exact : 0) + tally.exact,
      near: (data ? inRows.near : 0) + tally.near,
      compared: (data ? inRows.compared : 0) + tally.compared,
      smallest,
      ties: activity.ties,
    },
    l0: activity.counts.reduce((sum, n) => sum + n, 0) / Math.max(1, rows),
    ...(fvu !== undefined && { fvu }),
    labelNames,
    featureNames: features?.names ?? [],
    hierarchy: { pairs, from: given ? 'given' : pairs.length > 0 ? 'found' : 'none' },
    ...(features && { strengths: [`${features.strengths[0]}`, `${features.strengths[1]}`] as const }),
    latents,
    labels: matches.labels,
    found: matches.found,
    atoms: atoms.map((atom) => atomCard(encoder, atom)),
    books: open,
    closed: main.filter((book): book is Closed => 'why' in book),
    byLabels: byRows ? [] : fromLabels.filter((book): book is Book => 'verdict' in book),
    ...(price !== undefined && prices && { prices: { coefficient: price, of: prices } }),
    groups: groupsOf(activity),
    notes,
  };
}

/** Each parent that is absorbed, under its number among the labels, with its latent and all that come with a child. */
function absorbedIn(books: readonly Book[], labelOf: (parent: number) => number | undefined): Absorbed[] {
  const found = new Map<number, Absorbed>();
  for (const { parent: of, verdict, carrier, shares } of books) {
    const parent = labelOf(of);
    if (verdict !== 'absorbed' || carrier === undefined || parent === undefined) continue;
    const come = shares.filter(({ comes, latent }) => comes && latent !== carrier).map(({ latent }) => latent);
    const known = found.get(parent)?.absorbers ?? [];
    found.set(parent, { parent, carrier, absorbers: [...new Set([...known, ...come])] });
  }
  return [...found.values()];
}

const keyOf = ({ root, child }: Atom): string => `${root}/${child ?? ''}`;

const fromBytes = (column: Uint8Array): Bits => {
  const bits = bitsFor(column.length);
  for (const [r, value] of column.entries())
    if (value !== 0) bits[r >>> 5] = (bits[r >>> 5] as number) | (1 << (r & 31));
  return bits;
};

const withFeature = (atoms: readonly Atom[], f: number): Bits =>
  bitsOf(
    atoms.length,
    atoms.flatMap((atom, r) => (featuresIn(atom).includes(f) ? [r] : [])),
  );

/** Groups of rows whose mean activations are wanted: with the label, and with it and none below it. */
interface Sets {
  readonly withLabel: readonly Bits[];
  readonly alone: ReadonlyMap<number, Bits>;
  readonly without: ReadonlyMap<number, Bits>;
}

function labelSets(rows: number, bits: readonly Bits[], pairs: readonly Pair[]): Sets {
  const children = childrenOf(pairs);
  const whole = bitsOf(
    rows,
    Array.from({ length: rows }, (_, r) => r),
  );
  const alone = new Map<number, Bits>();
  const without = new Map<number, Bits>();
  for (const parent of children.keys()) {
    const own = bits[parent] as Bits;
    const lower = below(children, parent).reduce((all, child) => either(all, bits[child] as Bits), bitsFor(rows));
    alone.set(parent, less(own, lower));
    without.set(parent, less(whole, own));
  }
  return { withLabel: bits, alone, without };
}

/** A row's groups: label j is group j, parent p alone is group n + its place among the parents. */
async function onData({ model, data }: InspectRequest, sets: Sets, run: Run): Promise<Activity> {
  if (!data) throw new Error('no data');
  const all = [...sets.withLabel, ...sets.alone.values()];
  const gathering = new Gathering(data.rows, model.shape.nq, all.length);
  const d = model.shape.np;
  function* blocks(): Generator<Block> {
    for (let first = 0; first < (data as NonNullable<typeof data>).rows; first += BLOCK) {
      const end = Math.min(first + BLOCK, (data as NonNullable<typeof data>).rows);
      const groups = Array.from({ length: end - first }, (_, r) =>
        all.flatMap((bits, g) => (has(bits, first + r) ? [g] : [])),
      );
      yield { first, data: (data as NonNullable<typeof data>).values.slice(first * d, end * d), groups };
    }
  }
  for await (const result of run({ model, groups: all.length }, blocks())) gathering.add(result);
  return gathering.done();
}

function onAtoms(fixed: Fixed, atoms: readonly DecidedAtom[]): Activity {
  const gathering = new Gathering(atoms.length, fixed.encoder.latents, 0);
  const d = fixed.encoder.inputs;
  for (let first = 0; first < atoms.length; first += BLOCK) {
    const inputs = atoms.slice(first, first + BLOCK).map(({ input }) => input);
    const values = new Float64Array(inputs.length * d);
    inputs.forEach((input, r) => {
      values.set(input.values, r * d);
    });
    gathering.add(decideInputs(fixed, inputs, values, { first, groups: [] }));
  }
  return gathering.done();
}

function decoderOf({ model: { shape, weights } }: InspectRequest): Decoder | undefined {
  const { wd, bd } = weights;
  const made = new Map<number, ReturnType<typeof exactRow>>();
  return {
    exactRow: (i) => {
      const row = made.get(i) ?? exactRow(wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns));
      made.set(i, row);
      return row;
    },
    bias: exactRow(bd.subarray(0, shape.nr)),
  };
}

interface Labelled {
  readonly pairs: readonly Pair[];
  readonly sets: Sets;
  readonly names: readonly string[];
}

function labelBooks(
  { model, data }: InspectRequest,
  encoder: Encoder,
  decoder: Decoder,
  activity: Activity,
  { pairs, sets, names }: Labelled,
): (Book | Closed)[] {
  if (!data) return [];
  const means = new Means(encoder, activity, data.values);
  const { wd } = model.weights;
  const { latents, sums, total } = activity;
  const places = new Map([...sets.alone.keys()].map((parent, at) => [parent, sets.withLabel.length + at]));
  return pairs.map((pair) => {
    const { parent, child } = pair;
    const rows: LabelRows = {
      alone: sets.alone.get(parent) as Bits,
      beside: sets.withLabel[child] as Bits,
      without: sets.without.get(parent) as Bits,
    };
    const sizes = {
      alone: count(rows.alone),
      beside: count(sets.withLabel[child] as Bits),
      without: count(rows.without),
    };
    const sumOf = (i: number, group: number): number => sums[group * latents + i] as number;
    const mean = (i: number, group: keyof LabelRows): number => {
      if (group === 'alone') return sumOf(i, places.get(parent) as number) / sizes.alone;
      if (group === 'beside') return sumOf(i, child) / sizes.beside;
      return ((total[i] as number) - sumOf(i, parent)) / sizes.without;
    };
    const writes = (i: number, along: Float64Array): number => {
      let sum = 0;
      for (let k = 0; k < along.length; k++) sum += (wd.data[i * wd.stride + k] as number) * (along[k] as number);
      return sum;
    };
    return labelBookOf({ encoder, decoder, activity, means, writes, mean }, pair, rows, [
      names[parent] ?? `${parent}`,
      names[child] ?? `${child}`,
    ]);
  });
}

/** How often latent and label are there together, and the best F1 of each with any of the other, the first among equals. */
function matchesOf(activity: Activity, bits: readonly Bits[]): Matches {
  const sizes = bits.map(count);
  const found = new Float64Array(activity.latents * bits.length);
  const ofLatents = new Array<Match | undefined>(activity.latents);
  const ofLabels = new Array<LabelCard['best']>(bits.length);
  for (const [i, own] of activity.on.entries()) {
    const on = activity.counts[i] as number;
    for (let j = 0; j < bits.length && on > 0; j++) {
      const size = sizes[j] as number;
      const common = countBoth(own, bits[j] as Bits);
      if (common === 0) continue;
      const match = { found: common / size, right: common / on, f1: (2 * common) / (on + size) };
      found[i * bits.length + j] = match.found;
      if (match.f1 > (ofLatents[i]?.f1 ?? 0)) ofLatents[i] = { label: j, ...match };
      if (match.f1 > (ofLabels[j]?.f1 ?? 0)) ofLabels[j] = { latent: i, ...match };
    }
  }
  const labels = sizes.map((rows, label): LabelCard => {
    const best = ofLabels[label];
    return { label, rows, ...(best && { best }) };
  });
  return { found, ofLatents, labels };
}

interface Matches {
  readonly found: Float64Array;
  readonly ofLatents: readonly (Match | undefined)[];
  readonly labels: readonly LabelCard[];
}

interface Known {
  readonly encoder: Encoder;
  readonly activity: Activity;
  readonly matches: readonly (Match | undefined)[];
  readonly atoms: readonly DecidedAtom[];
  readonly wakes: readonly Wake[] | undefined;
  readonly dictionary: Dictionary | undefined;
  readonly books: readonly Book[];
}

function cardOf(i: number, { encoder, activity, matches, atoms, wakes, dictionary, books }: Known): LatentCard {
  const rows = activity.counts[i] as number;
  const best = matches[i];
  const margin = activity.most[i] as number;
  const absorbedIn = books.flatMap(({ verdict, carrier }, k) => (verdict === 'absorbed' && carrier === i ? [k] : []));
  const absorbsIn = books.flatMap(({ verdict, shares }, k) =>
    verdict === 'absorbed' && shares.some((s) => s.latent === i && s.comes && s.beside.compare(TENTH) >= 0) ? [k] : [],
  );
  const wake = wakes?.[i];
  const indices = (of: (atom: DecidedAtom) => boolean): number[] => atoms.flatMap((atom, a) => (of(atom) ? [a] : []));
  const on = indices((atom) => atom.on.includes(i));
  const always = indices((atom) => atom.always?.includes(i) === true);
  const some = indices((atom) => atom.some?.includes(i) === true && !atom.on.includes(i));
  const detected =
    dictionary &&
    exactFeature(
      atoms,
      on,
      always,
      indices((atom) => atom.some?.includes(i) === true),
    );
  return {
    latent: i,
    kind: kindOf(
      i,
      activity,
      absorbedIn.length > 0,
      best,
      dictionary && activity.rows === atoms.length ? detected !== undefined : undefined,
    ),
    rows,
    mean: rows === 0 ? 0 : (activity.total[i] as number) / rows,
    ...(best && { best }),
    top: Array.from({ length: TOP }, (_, t) => ({
      row: activity.topRow[i * TOP + t] as number,
      activation: activity.top[i * TOP + t] as number,
    })).filter(({ row }) => row >= 0),
    most: { margin, row: activity.mostRow[i] as number, distance: margin / (encoder.norms[i] || 1) },
    closest: activity.closest[i] as number,
    ...(dictionary && { atoms: { on, always, some } }),
    ...(detected && { exactly: detected }),
    ...(wake?.onset && { onset: wake.onset }),
    ...(wake && { trees: wake.trees ?? -1 }),
    absorbedIn,
    absorbsIn,
  };
}

/** The feature whose atoms are exactly those that the latent is on at. */
function exactFeature(
  atoms: readonly DecidedAtom[],
  on: readonly number[],
  always: readonly number[],
  some: readonly number[],
): LatentCard['exactly'] {
  const [first] = on;
  if (first === undefined) return undefined;
  const has = (feature: number): number[] =>
    atoms.flatMap((atom, a) => (featuresIn(atom).includes(feature) ? [a] : []));
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((x, k) => x === b[k]);
  const feature = featuresIn(atoms[first] as DecidedAtom).find((f) => same(has(f), on));
  return feature === undefined ? undefined : { feature, everyStrength: some.length === 0 && same(always, on) };
}

/** `detected`: on atoms, whether one feature is carried exactly. */
function kindOf(
  i: number,
  activity: Activity,
  absorbed: boolean,
  best: Match | undefined,
  detected: boolean | undefined,
): Kind {
  const on = activity.counts[i] as number;
  if (on === 0) return (activity.most[i] as number) > 0 ? 'loses' : 'never';
  if (absorbed) return 'absorbed';
  if (detected ?? (best !== undefined && best.f1 >= DETECTS)) return 'detects';
  return on * RARE < activity.rows ? 'rare' : 'other';
}

function atomCard(encoder: Encoder, { root, child, on, some, margins }: DecidedAtom): AtomCard {
  return {
    root,
    ...(child !== undefined && { child }),
    on: on.map((latent) => ({ latent, activation: activation(encoder, margins, latent) })),
    some: (some ?? []).filter((i) => !on.includes(i)),
  };
}

function noteLabels(notes: string[], bits: readonly Bits[], names: readonly string[], rows: number): void {
  const sizes = bits.map(count);
  const list = (of: (size: number) => boolean): string[] => names.filter((_, j) => of(sizes[j] as number));
  for (const [what, found] of [
    ['no row', list((size) => size === 0)],
    ['every row', list((size) => size === rows)],
  ] as const) {
    if (found.length > 0) notes.push(`${what} has ${shortList(found)}: nothing to tell apart`);
  }
}

const shortList = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');

/** Sum of |x - mean|^2 over the rows. */
function spread(values: ArrayLike<number>, rows: number): number {
  const d = values.length / rows;
  const mean = new Float64Array(d);
  for (let at = 0; at < values.length; at++) mean[at % d] = (mean[at % d] as number) + (values[at] as number) / rows;
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += ((values[at] as number) - (mean[at % d] as number)) ** 2;
  return sum;
}

const TENTH: Rational = Rational.of(1n, 10n);
