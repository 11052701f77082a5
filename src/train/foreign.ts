/**
 * Checkpoints of others: SAELens (`W_enc` d_in x d_sae, `W_dec`, `b_enc`, `b_dec`, `threshold`; gated `b_gate`, `r_mag`, `b_mag`) and
 * sparsify (`encoder.weight` d_sae x d_in, `encoder.bias`, `W_dec`, `b_dec`). Where the model subtracts b_dec from its input first,
 * the same function comes out with the encoder's bias b_e - W_E b_d.
 */
import { type Backend, rowOf } from './backend/backend.ts';
import { load, nameIn } from './checkpoint.ts';
import type { Tensor } from './data/npy.ts';
import type { TensorFile } from './data/safetensors.ts';
import type { Method } from './methods/method.ts';
import { TrainProblem } from './problem.ts';
import { arraysOf, type Shape, type Weights, weightsOf } from './weights.ts';

/** What of `cfg.json` matters; all of it may be missing. */
export interface ForeignSettings {
  /** SAELens: standard, jumprelu, topk, batchtopk, matryoshka_batchtopk, gated. */
  readonly architecture?: string;
  readonly k?: number;
  readonly activation_fn_kwargs?: { readonly k?: number };
  readonly apply_b_dec_to_input?: boolean;
}

export interface ForeignModel {
  readonly from: 'saelens' | 'sparsify' | 'dictum';
  readonly shape: Shape;
  readonly method: Method;
  readonly weights: Weights;
}

type Tensors = TensorFile['tensors'];

export function foreignModel(
  backend: Backend,
  tensors: Tensors,
  settings: ForeignSettings,
  file: string,
): ForeignModel {
  const sparsify = tensors.has('encoder.weight');
  const named = sparsify ? renamed(tensors, file) : tensors;
  const we = named.get('W_enc');
  const wd = named.get('W_dec');
  if (!we || !wd) {
    const found = [...tensors.keys()].slice(0, 8).join(', ') || 'none';
    throw new TrainProblem('missing-key', 'tensors', 'W_enc and W_dec, or encoder.weight and W_dec', found, file);
  }
  const [np = 0, nq = 0] = we.shape;
  const [decoders = 0, nr = 0] = wd.shape;
  if (we.shape.length !== 2 || wd.shape.length !== 2 || decoders !== nq) {
    const found = `W_enc ${we.shape.join(' x ')}, W_dec ${wd.shape.join(' x ')}`;
    throw new TrainProblem('wrong-size', 'tensors', 'W_enc d_in x d_sae and W_dec d_sae x d_out', found, file);
  }
  const method = methodOf(named, settings, sparsify, file);
  const shape = { np, nr, nq };
  const weights = weightsOf(backend, shape, method.kind);
  for (const [name, array] of arraysOf(weights)) {
    const tensor = named.get(nameIn(name, method.kind === 'gated'));
    // Models without biases leave them out; W_enc and W_dec are there.
    if (tensor) load(name, array, weights, tensor, file);
  }
  const finite = [...arraysOf(weights)].find(([, array]) => !array.every(Number.isFinite));
  if (finite) throw new TrainProblem('not-a-number', finite[0], 'finite weights', 'NaN or Infinity', file);
  if (settings.apply_b_dec_to_input ?? sparsify) subtractFirst(weights, shape, file);
  return { from: sparsify ? 'sparsify' : 'saelens', shape, method, weights };
}

/** sparsify's names as SAELens', the encoder transposed. */
function renamed(tensors: Tensors, file: string): Tensors {
  const encoder = tensors.get('encoder.weight') as Tensor;
  const [rows = 0, columns = 0] = encoder.shape;
  if (encoder.shape.length !== 2) {
    throw new TrainProblem('wrong-size', 'encoder.weight', 'd_sae x d_in', encoder.shape.join(' x '), file);
  }
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) values[k * rows + i] = encoder.values[i * columns + k] as number;
  }
  const all = new Map(tensors).set('W_enc', { shape: [columns, rows], values });
  const bias = tensors.get('encoder.bias');
  return bias ? all.set('b_enc', bias) : all;
}

function methodOf(tensors: Tensors, settings: ForeignSettings, sparsify: boolean, file: string): Method {
  const k = settings.k ?? settings.activation_fn_kwargs?.k;
  const kind = settings.architecture ?? '';
  if (kind === 'gated' || tensors.has('r_mag')) return { kind: 'gated', l1: 0 };
  if (tensors.has('threshold')) return { kind: 'jumprelu', l0: 0, bandwidth: 1, threshold: 0 };
  if (kind.includes('topk') || sparsify || k !== undefined) {
    if (k === undefined)
      throw new TrainProblem('missing-key', '$.k', 'k in cfg.json beside the file, or --k', 'none', file);
    return { kind: kind.includes('batchtopk') ? 'batchtopk' : 'topk', k };
  }
  return { kind: 'relu', l1: 0 };
}

function subtractFirst({ we, be, bd }: Weights, { np, nr, nq }: Shape, file: string): void {
  if (np !== nr)
    throw new TrainProblem('wrong-size', 'b_dec', `${np} entries to subtract from the input`, `${nr}`, file);
  for (let i = 0; i < nq; i++) {
    const shift = rowOf(we, i).reduce((sum, e, k) => sum + e * (bd[k] as number), 0);
    be[i] = (be[i] as number) - shift;
  }
}
