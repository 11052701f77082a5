/**
 * Checkpoints of others: SAELens (`W_enc` d_in x d_sae, `W_dec`, `b_enc`, `b_dec`, `threshold`; gated `b_gate`, `r_mag`, `b_mag`) and
 * sparsify (`encoder.weight` d_sae x d_in, `encoder.bias`, `W_dec`, `b_dec`), with the `cfg.json` both put beside the weights. The same
 * function in our terms, or a refusal: where the model subtracts b_dec from its input first, the biases become b_e - W_E b_d; where
 * TopK ranks by z_i |u_i|, rows become |u_i| e_i and u_i / |u_i|.
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
  readonly architecture?: string;
  readonly k?: number;
  /** SAELens before 6 names TopK so, under the architecture `standard`. */
  readonly activation_fn_kwargs?: { readonly k?: number };
  readonly apply_b_dec_to_input?: boolean;
  readonly normalize_activations?: string | boolean | null;
  readonly rescale_acts_by_decoder_norm?: boolean;
  /** sparsify: topk or groupmax. */
  readonly activation?: string;
  /** sparsify: predicts another layer, and subtracts nothing. */
  readonly transcode?: boolean;
}

export interface Model {
  readonly shape: Shape;
  readonly method: Method;
  readonly weights: Weights;
}

export interface ForeignModel extends Model {
  readonly from: 'saelens' | 'sparsify';
}

type Tensors = TensorFile['tensors'];

/** `settings` are those of cfg.json; undefined where there is none. */
export function foreignModel(
  backend: Backend,
  tensors: Tensors,
  settings: ForeignSettings | undefined,
  file: string,
): ForeignModel {
  const sparsify = tensors.has('encoder.weight');
  const named = sparsify ? renamed(tensors, file) : tensors;
  const given = settings ?? {};
  const model = modelOf(backend, named, methodOf(named, given, sparsify, file), file);
  refuseOthers(named, given, file);
  if (model.weights.theta) clampThresholds(model.weights.theta);
  if (subtractsFirst(model, settings, sparsify, file)) subtractFirst(model);
  if (given.rescale_acts_by_decoder_norm === true && 'k' in model.method) foldNorms(model, file);
  return { from: sparsify ? 'sparsify' : 'saelens', ...model };
}

/** The weights under SAELens' names, as they are. */
export function modelOf(backend: Backend, tensors: Tensors, method: Method, file: string): Model {
  const we = tensors.get('W_enc');
  const wd = tensors.get('W_dec');
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
  const shape = { np, nr, nq };
  const weights = weightsOf(backend, shape, method.kind);
  for (const [name, array] of arraysOf(weights)) {
    const tensor = tensors.get(nameIn(name, method.kind === 'gated'));
    // Models without biases leave them out; W_enc and W_dec are there.
    if (tensor) load(name, array, weights, tensor, file);
  }
  const finite = [...arraysOf(weights)].find(([, array]) => !array.every(Number.isFinite));
  if (finite) throw new TrainProblem('not-a-number', finite[0], 'finite weights', 'NaN or Infinity', file);
  return { shape, method, weights };
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
  const { 'encoder.weight': _, 'encoder.bias': bias, ...rest } = Object.fromEntries(tensors);
  return new Map<string, Tensor>([
    ...Object.entries(rest),
    ['W_enc', { shape: [columns, rows], values }],
    ...(bias ? ([['b_enc', bias]] as const) : []),
  ]);
}

const KNOWN = new Set(['W_enc', 'W_dec', 'b_enc', 'b_dec', 'threshold', 'b_gate', 'r_mag', 'b_mag']);
/** What SAELens keeps for training alone. */
const FOR_TRAINING = new Set(['topk_threshold']);

/** Models that compute something else than their weights in our terms would. */
function refuseOthers(tensors: Tensors, settings: ForeignSettings, file: string): void {
  const refuse = (path: string, expected: string, found: string): never => {
    throw new TrainProblem('unknown-word', path, expected, found, file);
  };
  for (const [name, { values }] of tensors) {
    // Of finetuned models of old: multiplies the activations.
    const idle = name === 'scaling_factor' && values.every((value) => value === 1);
    if (!KNOWN.has(name) && !FOR_TRAINING.has(name) && !idle) refuse(name, `tensors ${[...KNOWN].join(', ')}`, name);
  }
  const { normalize_activations: normalize, activation } = settings;
  if (normalize !== undefined && normalize !== null && normalize !== false && normalize !== 'none') {
    refuse('$.normalize_activations', 'none: fold it into the weights first', JSON.stringify(normalize));
  }
  if (activation !== undefined && activation !== 'topk') refuse('$.activation', 'topk', JSON.stringify(activation));
}

const ARCHITECTURES: ReadonlyMap<string, Method['kind']> = new Map([
  ['standard', 'relu'],
  ['transcoder', 'relu'],
  ['jumprelu', 'jumprelu'],
  ['jumprelu_transcoder', 'jumprelu'],
  ['gated', 'gated'],
  ['topk', 'topk'],
  ['batchtopk', 'batchtopk'],
  // Prefixes only tell how it was trained.
  ['matryoshka_batchtopk', 'batchtopk'],
]);

function methodOf(tensors: Tensors, settings: ForeignSettings, sparsify: boolean, file: string): Method {
  const k = settings.k ?? settings.activation_fn_kwargs?.k;
  switch (kindOf(tensors, settings.architecture, sparsify || k !== undefined, file)) {
    case 'gated':
      return { kind: 'gated', l1: 0 };
    case 'jumprelu':
      return { kind: 'jumprelu', l0: 0, bandwidth: 1, threshold: 0 };
    case 'relu':
      return { kind: 'relu', l1: 0 };
    case 'batchtopk':
      return { kind: 'batchtopk', k: given(k, file) };
    default:
      return { kind: 'topk', k: given(k, file) };
  }
}

function kindOf(tensors: Tensors, architecture: string | undefined, ranks: boolean, file: string): Method['kind'] {
  if (architecture !== undefined) {
    const kind = ARCHITECTURES.get(architecture);
    if (kind) return kind === 'relu' && ranks ? 'topk' : kind;
    const known = [...ARCHITECTURES.keys()].join(', ');
    throw new TrainProblem('unknown-word', '$.architecture', known, JSON.stringify(architecture), file);
  }
  if (tensors.has('r_mag')) return 'gated';
  if (tensors.has('threshold')) return 'jumprelu';
  return ranks ? 'topk' : 'relu';
}

function given(k: number | undefined, file: string): number {
  if (k !== undefined) return k;
  throw new TrainProblem('missing-key', '$.k', 'k in cfg.json beside the file, or --k', 'none', file);
}

/** Theirs are activations ReLU(z) where z > theta: the same as with ReLU(theta). */
function clampThresholds(theta: Float32Array): void {
  for (let i = 0; i < theta.length; i++) theta[i] = Math.max(0, theta[i] as number);
}

function subtractsFirst(
  { shape, weights }: Model,
  settings: ForeignSettings | undefined,
  sparsify: boolean,
  file: string,
): boolean {
  if (weights.bd.every((value) => value === 0)) return false;
  if (sparsify) return settings?.transcode !== true;
  const { architecture, apply_b_dec_to_input: told } = settings ?? {};
  const asked = told ?? architecture?.includes('transcoder') === false;
  if (settings === undefined || (told === undefined && architecture === undefined)) {
    if (shape.np !== shape.nr) return false;
    throw new TrainProblem(
      'missing-key',
      '$.apply_b_dec_to_input',
      'cfg.json beside the file, as b_dec is not 0',
      'none',
      file,
    );
  }
  if (asked && shape.np !== shape.nr)
    throw new TrainProblem(
      'wrong-size',
      'b_dec',
      `${shape.np} entries to subtract from the input`,
      `${shape.nr}`,
      file,
    );
  return asked;
}

function subtractFirst({ shape, weights }: Model): void {
  const { we, be, bd, magnitude, magnitudeBias } = weights;
  for (let i = 0; i < shape.nq; i++) {
    const shift = rowOf(we, i).reduce((sum, e, k) => sum + e * (bd[k] as number), 0);
    be[i] = (be[i] as number) - shift;
    if (magnitude && magnitudeBias) {
      magnitudeBias[i] = (magnitudeBias[i] as number) - Math.exp(magnitude[i] as number) * shift;
    }
  }
}

function foldNorms({ shape, weights: { we, wd, be } }: Model, file: string): void {
  for (let i = 0; i < shape.nq; i++) {
    const [e, u] = [rowOf(we, i), rowOf(wd, i)];
    const norm = Math.hypot(...u);
    if (norm === 0) throw new TrainProblem('out-of-range', `W_dec[${i}]`, 'a row that is not 0 to rank by', '0', file);
    e.forEach((value, k) => {
      e[k] = value * norm;
    });
    u.forEach((value, k) => {
      u[k] = value / norm;
    });
    be[i] = (be[i] as number) * norm;
  }
}
