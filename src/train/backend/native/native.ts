/**
 * The backend `native`: the encoder's product by ONNX Runtime, and where many latents of a batch are active the other products too, as
 * dense ones (./matrices.ts). Where few are, lists of them and the kernels of ../wasm.ts are less work. What a method is made of, and all
 * that is no product, is the host's.
 *
 * Results are those of the machine: the same bits on the same one, as one thread does all; other bits where ONNX Runtime has other
 * instructions for its products, among them fused multiply-add.
 */
import { ownArena } from '../arena.ts';
import type { Backend, Latents, Products, Selection, Table } from '../backend.ts';
import { hostBackend } from '../host.ts';
import { selectAbove, selectBand } from '../select.ts';
import { wasmKernels } from '../wasm.ts';
import { aboveModule, columnsModule, maskModule, normalizeModule, squaresModule } from './kernels.ts';
import { type Above, aboveOf, type Block, blocksOf, eachPlace, intoList, type Matrix, roomOf } from './matrices.ts';
import { openRuntime, type Runtime } from './runtime.ts';

/** Of all latents; above it products are dense. */
const MANY = 1 / 12;

export async function nativeBackend(): Promise<Backend> {
  return nativeOn(await openRuntime());
}

/** With products by `runtime`. */
export function nativeOn(runtime: Runtime): Backend {
  const arena = ownArena();
  const { shared, compiled } = arena;
  const host = hostBackend({ ...wasmKernels(arena), name: 'native', encode: encodeBy(runtime) });
  const matrices = new WeakMap<Latents, Matrix>();
  const cells = arena.floats(8);
  const above = aboveOf(
    compiled(aboveModule(false, shared)),
    compiled(aboveModule(true, shared)),
    cells,
    arena.integers,
  );
  const [squares, normalize] = [compiled(squaresModule(shared)), compiled(normalizeModule(shared))];
  const sums = new Float64Array(cells.buffer, cells.byteOffset, 2);
  const kernels = { mask: compiled(maskModule(shared)), columns: compiled(columnsModule(shared)) };
  return {
    ...host,
    device: `host, products by ${runtime.name}`,
    close: () => runtime.close(),
    latents: (inputs, neurons, most) => host.latents(inputs, neurons, most ?? roomOf(inputs, neurons)),
    fetch(...wanted) {
      for (const one of wanted) {
        if (!('inputs' in one && matrices.delete(one))) continue;
        intoList(one);
      }
      return Promise.resolve();
    },
    ...selectionBy(host, above, matrices),
    ...productsBy(runtime, host, kernels, matrices),
    squares({ rows, stride, data }, to) {
      sums.fill(0);
      squares(data.byteOffset, (rows * stride) / 4, sums.byteOffset);
      to.sums[to.at] = (sums[0] as number) + (sums[1] as number);
    },
    normalize: ({ data, rows, stride }) => normalize(data.byteOffset, rows, stride / 4),
  };
}

/** The rows of a table that hold something, as they lie. */
const part = ({ data, stride }: Table, first: number, rows: number): Float32Array =>
  data.subarray(first * stride, (first + rows) * stride);

const encodeBy =
  (runtime: Runtime) =>
  (inputs: number, x: Table, we: Table, bias: Float32Array, z: Table): void => {
    const [m, n, k] = [inputs, z.stride, x.stride];
    const on = { a: part(x, 0, m), b: part(we, 0, n), c: bias.subarray(0, n), y: part(z, 0, m) };
    runtime.gemm({ m, n, k, transB: true, alpha: 1, plus: 'row' }, on);
  };

function selectionBy(host: Backend, above: Above, matrices: WeakMap<Latents, Matrix>): Omit<Selection, 'encode'> {
  return {
    encodeAbove({ x, we, bias, z }, threshold, into, near) {
      host.encode(x, we, bias, z);
      if (near) {
        matrices.delete(near.into);
        selectBand(z, threshold, near.width, near.into);
      }
      const all = roomOf(into.inputs, into.neurons);
      if (into.value.length >= all && above.count(z, threshold) > MANY * all) {
        matrices.set(into, above.matrix(z, threshold, into));
        return;
      }
      matrices.delete(into);
      selectAbove(z, threshold, into);
    },
    largest(z, k, into, among) {
      matrices.delete(into);
      host.largest(z, k, into, among);
    },
    largestOfBatch(z, k, bounds, into) {
      for (const one of into) matrices.delete(one);
      host.largestOfBatch(z, k, bounds, into);
    },
    open(from, gates, into) {
      const matrix = matrices.get(from);
      matrices.delete(into);
      if (!matrix) return host.open(from, gates, into);
      const { magnitude, magnitudeBias, bias } = gates;
      const factor = magnitude.map(Math.exp);
      let [count, total] = [0, 0];
      const seen = new Int32Array(matrix.seen.length);
      eachPlace(from, (at, i) => {
        const gate = from.value[at] as number;
        const open = (factor[i] as number) * (gate - (bias[i] as number)) + (magnitudeBias[i] as number);
        into.value[at] = gate > 0 && open > 0 ? open : 0;
        if ((into.value[at] as number) === 0) return;
        count++;
        total += into.value[at] as number;
        seen[i] = 1;
      });
      matrices.set(into, { count, total, seen });
    },
  };
}

type Changed = 'decode' | 'pull' | 'scatter' | 'tally' | 'throughGates' | 'total' | 'count';

function productsBy(
  runtime: Runtime,
  host: Backend,
  { mask, columns }: Readonly<Record<'mask' | 'columns', (...numbers: readonly number[]) => void>>,
  matrices: WeakMap<Latents, Matrix>,
): Pick<Products, Changed> & Pick<Backend, 'mark'> {
  /** A block's matrix in `values`. */
  const within = (values: Float32Array, l: Latents, { at, width }: Block): Float32Array =>
    values.subarray(at, at + l.inputs * width);
  return {
    decode(l, factor, rows, out) {
      if (!matrices.has(l)) return host.decode(l, factor, rows, out);
      const [m, n, y] = [l.inputs, out.stride, part(out, 0, l.inputs)];
      for (const block of blocksOf(l)) {
        const on = { a: within(l.value, l, block), b: part(rows, block.first, block.width), c: y, y };
        runtime.gemm({ m, n, k: block.width, alpha: factor, plus: 'all' }, on);
      }
    },
    pull(l, g, rows, factor, plus, out) {
      if (!matrices.has(l)) return host.pull(l, g, rows, factor, plus, out);
      const [m, k, a] = [l.inputs, g.stride, part(g, 0, l.inputs)];
      for (const block of blocksOf(l)) {
        const y = within(out, l, block);
        const on = { a, b: part(rows, block.first, block.width), y };
        runtime.gemm({ m, n: block.width, k, transB: true, alpha: factor }, on);
        mask(l.value.byteOffset + 4 * block.at, y.byteOffset, y.length / 4, plus);
      }
    },
    scatter(l, factor, coefficient, v, into) {
      if (!matrices.has(l)) return host.scatter(l, factor, coefficient, v, into);
      const [n, k, b] = [v.stride, l.inputs, part(v, 0, l.inputs)];
      for (const block of blocksOf(l)) {
        const y = part(into, block.first, block.width);
        const on = { a: within(coefficient, l, block), b, c: y, y };
        runtime.gemm({ m: block.width, n, k, transA: true, alpha: factor, plus: 'all' }, on);
      }
    },
    tally(l, coefficient, by, into) {
      if (!matrices.has(l)) return host.tally(l, coefficient, by, into);
      const { scale, plus, divisor } = by;
      if (!scale && plus === 0 && divisor === 1) {
        for (const { at, first, width } of blocksOf(l))
          columns(coefficient.byteOffset + 4 * at, l.inputs, width / 4, into.byteOffset + 4 * first);
        return;
      }
      eachPlace(l, (at, i) => {
        if ((l.value[at] as number) === 0) return;
        const one = (scale ? (scale[i] as number) : 1) * (coefficient[at] as number) + plus;
        into[i] = (into[i] as number) + one / divisor;
      });
    },
    throughGates(l, gates, pulled, into) {
      if (!matrices.has(l)) return host.throughGates(l, gates, pulled, into);
      const factor = gates.magnitude.map(Math.exp);
      eachPlace(l, (at, i) => {
        const slope = pulled[at] as number;
        if (slope === 0) return;
        const linear = (l.value[at] as number) - (gates.magnitudeBias[i] as number);
        into.magnitudeBias[i] = (into.magnitudeBias[i] as number) + slope;
        into.magnitude[i] = (into.magnitude[i] as number) + slope * linear;
        pulled[at] = slope * (factor[i] as number);
      });
    },
    total(l, to) {
      const matrix = matrices.get(l);
      if (!matrix) return host.total(l, to);
      to.sums[to.at] = matrix.total;
    },
    count(l, to) {
      const matrix = matrices.get(l);
      if (!matrix) return host.count(l, to);
      to.sums[to.at] = matrix.count;
    },
    mark(l, step, last) {
      const matrix = matrices.get(l);
      if (!matrix) return host.mark(l, step, last);
      for (let i = 0; i < last.length; i++) if (matrix.seen[i] !== 0) last[i] = step;
    },
  };
}
