/**
 * The price of un-absorbing. Of a parent p that its latent m does not carry beside a child: (1) m's row is aimed at p anew, by least squares on the
 * strength of p in the rows that have it, and its threshold is that of the best F1; (2) the decoder rows of m and of those that come with the
 * children are fitted anew, all others as they are; (3) error + coefficient x penalty is compared on rows that nothing was fitted to, row by row.
 * Lower: on these rows the loss does not force the absorption. Higher says nothing: one change was tried. In floats, and of activations that
 * do not compete: JumpReLU (penalty: latents on), ReLU (activation times |u_i|; the threshold is part of the bias, as in any ReLU).
 */
import { Matrix, solve } from 'ml-matrix';
import type { Activity } from './activity.ts';
import { type Bits, both, count, has, members } from './bits.ts';
import { type Encoder, reconstructs } from './encoder.ts';
import type { InspectRequest, Price } from './request.ts';

export interface Absorbed {
  readonly parent: number;
  readonly carrier: number;
  readonly absorbers: readonly number[];
}

/** Rows are too few for a least-squares fit below this many a dimension. */
const ROWS_EACH = 2;
/** Relative to the mean of the diagonal: near-dependent columns do not blow up. */
const RIDGE = 1e-6;
/** Labelled rows, of those fitted to and of those compared on. */
const FEWEST = 5;
/** Latents on in all rows together that are listed row by row. */
const MOST_ENTRIES = 5e7;

/** Whether there is a price to tell of such a model and so many rows; why not. */
export function noPrice(e: Encoder, { data, model }: InspectRequest, activity: Activity): string | undefined {
  if (e.k !== undefined) return 'Top-k latents compete: the others would change with the one that is changed';
  if (!data) return 'rows with labels are needed';
  if (!reconstructs(model)) return 'the model is not known to reconstruct its inputs';
  if (data.rows < 2 * ROWS_EACH * (e.inputs + 1))
    return `${data.rows} rows are too few to fit ${e.inputs} dimensions to half of them`;
  if (activity.counts.reduce((a, b) => a + b, 0) > MOST_ENTRIES) return 'too many latents are on to compare row by row';
  return undefined;
}

/** Of each that has rows enough. `alone`: of a parent the rows without any child, where they are known. */
export function pricesOf(
  e: Encoder,
  request: InspectRequest,
  activity: Activity,
  labels: readonly Bits[],
  alone: ReadonlyMap<number, Bits>,
  absorbed: readonly Absorbed[],
  coefficient: number,
): Price[] {
  const ground = groundOf(e, request, activity);
  return absorbed.flatMap((one) => {
    const own = labels[one.parent] as Bits;
    const price = priceOf(ground, [own, alone.get(one.parent) ?? own], one, coefficient);
    return price ? [price] : [];
  });
}

interface Ground {
  readonly e: Encoder;
  readonly isJump: boolean;
  readonly activity: Activity;
  readonly rows: number;
  readonly x: (r: number) => Float64Array;
  readonly column: (i: number) => Float64Array;
  readonly bias: Float64Array;
  /** Latents on in a row. */
  readonly onIn: (r: number) => Uint32Array;
  readonly act: (i: number, x: Float64Array) => number;
  /** sum of (x, 1)(x, 1)^T over the rows fitted to. */
  readonly gram: Matrix;
}

const isFitted = (r: number): boolean => r % 2 === 0;

function groundOf(e: Encoder, { model, data }: InspectRequest, activity: Activity): Ground {
  const { wd, bd } = model.weights;
  const d = e.inputs;
  const rows = data?.rows ?? 0;
  const x = (r: number): Float64Array => Float64Array.from(data?.values.subarray(r * d, (r + 1) * d) ?? []);
  const starts = new Uint32Array(rows + 1);
  const of = activity.on.map(members);
  for (const own of of) for (const r of own) starts[r + 1] = (starts[r + 1] as number) + 1;
  for (let r = 0; r < rows; r++) starts[r + 1] = (starts[r + 1] as number) + (starts[r] as number);
  const [lists, next] = [new Uint32Array(starts[rows] as number), starts.slice()];
  for (const [i, own] of of.entries()) {
    for (const r of own) {
      lists[next[r] as number] = i;
      next[r] = (next[r] as number) + 1;
    }
  }
  const gram = Matrix.zeros(d + 1, d + 1);
  for (let r = 0; r < rows; r += 2) addOuter(gram, [...x(r), 1]);
  return {
    e,
    isJump: model.method.kind === 'jumprelu',
    activity,
    rows,
    x,
    column: (i) => Float64Array.from(wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns)),
    bias: Float64Array.from(bd.subarray(0, d)),
    onIn: (r) => lists.subarray(starts[r], starts[r + 1]),
    act: (i, at) =>
      dot(e.rows.subarray(i * d, (i + 1) * d), at) + (e.constants[i] as number) + (e.thresholds[i] as number),
    gram,
  };
}

function priceOf(
  g: Ground,
  [label, alone]: readonly [Bits, Bits],
  { parent, carrier, absorbers }: Absorbed,
  c: number,
): Price | undefined {
  const range = Array.from({ length: g.rows }, (_, r) => r);
  const withIt = range.filter((r) => has(label, r));
  const fitted = withIt.filter(isFitted).length;
  if (fitted < FEWEST || withIt.length - fitted < FEWEST) return undefined;
  const aim = aimAt(g, label, alone, range.filter(isFitted));
  if (!aim) return undefined;
  const group = [carrier, ...absorbers];
  const before = (r: number, x: Float64Array): number[] =>
    group.map((i) => (has(g.activity.on[i] as Bits, r) ? g.act(i, x) : 0));
  const after = (r: number, x: Float64Array): number[] => [aim(x), ...before(r, x).slice(1)];
  /** What the others leave of x. */
  const rest = (r: number, x: Float64Array): Float64Array => {
    const left = x.map((value, k) => value - (g.bias[k] as number));
    for (const i of g.onIn(r)) if (!group.includes(i)) add(left, g.column(i), -g.act(i, x));
    return left;
  };
  const d = g.e.inputs;
  const [square, right] = [Matrix.zeros(group.length, group.length), Matrix.zeros(group.length, d)];
  for (const r of range) {
    if (!isFitted(r)) continue;
    const x = g.x(r);
    const acts = after(r, x);
    if (acts.every((a) => a === 0)) continue;
    addOuter(square, acts);
    const left = rest(r, x);
    for (const [k, a] of acts.entries())
      for (let j = 0; j < d; j++) right.set(k, j, right.get(k, j) + a * (left[j] as number));
  }
  const made = solve(ridged(square), right)
    .to2DArray()
    .map((row) => Float64Array.from(row));
  const old = group.map(g.column);
  const [error, penalty, change] = [new Sum(), new Sum(), new Sum()];
  let found = 0;
  for (const r of range) {
    if (isFitted(r)) continue;
    const x = g.x(r);
    const [was, is] = [before(r, x), after(r, x)];
    if ((is[0] as number) > 0 && has(label, r)) found++;
    const idle = [...was, ...is].every((a) => a === 0);
    const left = idle ? x : rest(r, x);
    const moved = idle ? 0 : squares(left, old, was, -1) - squares(left, made, is, -1);
    const paid = penaltyOf(g, old, was) - penaltyOf(g, made, is);
    error.add(-moved);
    penalty.add(-paid);
    change.add(-moved - c * paid);
  }
  const others = withIt.length - fitted;
  const odd = label.map((word) => word & 0xaaaaaaaa);
  return {
    parent,
    carrier,
    absorbers,
    rows: [g.rows - error.count, error.count],
    found: [count(both(g.activity.on[carrier] as Bits, odd)) / others, found / others],
    error: error.mean,
    penalty: penalty.mean,
    change: change.mean,
    deviation: change.deviation,
  };
}

const penaltyOf = (g: Ground, columns: readonly Float64Array[], acts: readonly number[]): number =>
  acts.reduce((sum, a, k) => {
    if (a <= 0) return sum;
    const u = columns[k] as Float64Array;
    return sum + (g.isJump ? 1 : a * Math.sqrt(dot(u, u)));
  }, 0);

/** The latent aimed anew, as its activation on x: least squares on the parent's strength, the threshold of the best F1. */
function aimAt(
  g: Ground,
  label: Bits,
  alone: Bits,
  rows: readonly number[],
): ((x: Float64Array) => number) | undefined {
  const d = g.e.inputs;
  const [mean, other] = [new Float64Array(d), new Float64Array(d)];
  const [many, single] = [label, alone].map((bits) => rows.filter((r) => has(bits, r)).length) as [number, number];
  // The parent's direction: rows that have it and no child, less rows without it.
  for (const r of rows) {
    if (has(alone, r)) add(mean, g.x(r), 1 / single);
    else if (!has(label, r)) add(other, g.x(r), 1 / (rows.length - many));
  }
  const v = mean.map((value, k) => value - (other[k] as number));
  const size = dot(v, v);
  if (!(size > 0)) return undefined;
  const right = Matrix.zeros(d + 1, 1);
  for (const r of rows) {
    if (!has(label, r)) continue;
    const x = g.x(r);
    const strength = (dot(x, v) - dot(other, v)) / size;
    for (let k = 0; k <= d; k++) right.set(k, 0, right.get(k, 0) + strength * (x[k] ?? 1));
  }
  const w = solve(ridged(g.gram), right).to1DArray();
  const read = (x: Float64Array): number => dot(x, w) + (w[d] as number);
  const threshold = bestThreshold(
    rows.map((r) => [read(g.x(r)), has(label, r)] as const),
    many,
  );
  if (threshold === undefined) return undefined;
  return (x) => {
    const z = read(x);
    return z <= threshold ? 0 : g.isJump ? z : z - threshold;
  };
}

/** Above 0, as a JumpReLU's has to be; between two values. */
function bestThreshold(all: readonly (readonly [number, boolean])[], many: number): number | undefined {
  const sorted = [...all].sort((a, b) => b[0] - a[0]);
  let [best, at, right] = [0, undefined as number | undefined, 0];
  for (const [k, [z, is]] of sorted.entries()) {
    if (z <= 0) break;
    if (is) right++;
    const f1 = (2 * right) / (k + 1 + many);
    const below = Math.max(0, sorted[k + 1]?.[0] ?? 0);
    if (f1 > best && below < z) [best, at] = [f1, (z + below) / 2];
  }
  return at;
}

function ridged(gram: Matrix): Matrix {
  const size = gram.rows;
  const more = (RIDGE * gram.trace()) / size || 1;
  return Matrix.add(gram, Matrix.eye(size, size).mul(more));
}

function addOuter(to: Matrix, row: readonly number[]): void {
  for (const [i, a] of row.entries()) {
    if (a === 0) continue;
    for (const [j, b] of row.entries()) to.set(i, j, to.get(i, j) + a * b);
  }
}

/** |left + factor sum of acts u|^2 */
function squares(
  left: Float64Array,
  columns: readonly Float64Array[],
  acts: readonly number[],
  factor: number,
): number {
  const all = left.slice();
  for (const [k, a] of acts.entries()) if (a !== 0) add(all, columns[k] as Float64Array, factor * a);
  return dot(all, all);
}

function add(to: Float64Array, row: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] as number) + factor * (row[k] as number);
}

function dot(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** Mean and its standard error. */
class Sum {
  count = 0;
  #sum = 0;
  #squares = 0;

  add(x: number): void {
    this.count++;
    this.#sum += x;
    this.#squares += x * x;
  }
  get mean(): number {
    return this.#sum / Math.max(1, this.count);
  }
  get deviation(): number {
    const spread = Math.max(0, this.#squares - this.count * this.mean ** 2) / Math.max(1, this.count - 1);
    return Math.sqrt(spread / Math.max(1, this.count));
  }
}
