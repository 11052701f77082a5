/**
 * Checkpoints of others in the file's own numbers: the same function in our terms, or a refusal that names tensor and key.
 * SAELens: `W_enc` d_in x d_sae, `W_dec` d_sae x d_out, `b_enc`, `b_dec`, `threshold`; gated `b_gate`, `r_mag`, `b_mag`; `W_skip`
 * d_out x d_in. sparsify: `encoder.weight` d_sae x d_in, `encoder.bias`, `W_dec` d_sae x d_in, `b_dec`. All others: foreign/.
 */

import type { Floats, Rows } from '../backend/backend.ts';
import { TrainProblem } from '../backend/problem.ts';
import type { Method } from '../methods/method.ts';
import type { ModelWeights, Shape } from '../model/weights.ts';
import { methodOf } from './foreign/architecture.ts';
import { layoutOf } from './foreign/find.ts';
import { type Layout, missing, refuse, type Tensors } from './foreign/layout.ts';
import { numbersOf, shapeOf } from './foreign/numbers.ts';
import { orientationOf } from './foreign/orientation.ts';
import type { Files, Place, Told } from './foreign/place.ts';
import { type ForeignSettings, readSettings } from './foreign/settings.ts';
import { isTranscoder, subtractsFirst } from './foreign/subtracts.ts';

export type { Beside } from './foreign/layout.ts';
export type { Files, Told } from './foreign/place.ts';

export interface FileModel {
  readonly shape: Shape;
  readonly method: Method;
  readonly weights: ModelWeights;
  /** Trained towards something else than its inputs, or nobody knows, even where that has their size: a transcoder. */
  readonly across?: boolean;
}

export interface ForeignModel extends FileModel {
  readonly from: Layout['from'];
  /** What the user should know of how it was read. */
  readonly notes: readonly string[];
}

/** `given` is cfg.json as parsed; undefined where there is none. */
export function foreignModel(
  tensors: Tensors,
  given: ForeignSettings | undefined,
  { file, cfg, values = new Map(), beside }: Files,
  told: Told = {},
): ForeignModel {
  const { settings, passedOver } = readSettings(given ?? {}, cfg);
  const layout = layoutOf({ tensors, file, values, beside, architecture: told.architecture });
  const at: Place = { layout, tensors, given, settings, told, file, cfg };
  const { method, signed, skip } = methodOf(at);
  const named = oriented(at);
  const inFile = { tensors, name: layout.inFile ?? ((name: string) => name) };
  const shape = shapeOf(named, file, inFile);
  const weights = numbersOf(named, method.kind, shape, file, inFile);
  compareSizes(at, shape);
  if ('k' in method && method.k > shape.nq) {
    const where = told.k !== undefined ? '--k' : layout.k === undefined ? cfg : file;
    refuse(
      told.k === undefined && layout.k !== undefined ? 'k' : '$.k',
      `an integer from 1 to ${shape.nq}, the neurons`,
      `${method.k}`,
      where,
    );
  }
  refuseExtra(at, method.kind, skip);
  if (skip && !named.has('W_skip')) missing(inFile.name('W_skip'), 'the tensor of the skip connection', file);
  const subtracts = subtractsFirst(at, weights, shape);
  if (subtracts && shape.np !== shape.nr) {
    const found = `${shape.np} to ${shape.nr} dimensions`;
    throw new TrainProblem(
      'wrong-tensor',
      'tensors',
      'outputs as long as the inputs, as b_dec is subtracted',
      found,
      file,
    );
  }
  const ranksByNorm = settings.rescale_acts_by_decoder_norm === true && 'k' in method;
  if (ranksByNorm) refuseZeroRows(weights, file);
  if (given === undefined && layout.kind === undefined && told.architecture === undefined) {
    missing('$.architecture', 'cfg.json beside the file, or --architecture', file);
  }
  const whole = { ...weights, ...(subtracts && { subtracts }), ...(ranksByNorm && { ranksByNorm }) };
  const across = isTranscoder(settings, told);
  const model = { shape, method, weights: layout.scaled?.(whole) ?? whole, ...(across && { across }) };
  return {
    from: layout.from,
    ...(signed ? withBothSigns(model) : model),
    notes: [
      ...notesOn(named, method.kind, at),
      ...(layout.notes ?? []),
      ...(signed ? [signedNote(shape.nq)] : []),
      ...(skip ? ['W_skip turns no latent on or off: where latents are told, it is not looked at'] : []),
      ...ignored(passedOver),
    ],
  };
}

const signedNote = (nq: number): string =>
  `AbsTopK is read as TopK of latents i and ${nq} + i: the second is on where the first would be negative`;

/** The k largest |z_i| with their signs are the k largest among z_i and -z_i, decoded by u_i and -u_i. */
function withBothSigns({ shape, method, weights }: FileModel): FileModel {
  const twice = (values: Floats): Floats => {
    const both = new (values.constructor as new (length: number) => Floats)(2 * values.length);
    both.set(values);
    both.set(
      values.map((value) => -value),
      values.length,
    );
    return both;
  };
  const rows = (of: Rows): Rows => ({ ...of, rows: 2 * of.rows, data: twice(of.data) });
  const { we, wd, be } = weights;
  return {
    shape: { ...shape, nq: 2 * shape.nq },
    method,
    weights: { ...weights, we: rows(we), wd: rows(wd), be: twice(be) },
  };
}

/** The tensors under SAELens' names with its axes. */
function oriented({ tensors, layout, given, told, file }: Place): Tensors {
  const named = layout.renamed(tensors);
  if (layout.from === 'saelens') return orientationOf(named, told.layout ?? (given && 'saelens'), file);
  if (told.layout === undefined) return named;
  return refuse('--layout', 'W_enc and W_dec, whose axes it names', layout.name, '--layout');
}

/** Sizes that the settings state are those of the tensors. */
function compareSizes({ settings, layout, cfg }: Place, shape: Shape): void {
  const { np, nr, nq } = shape;
  for (const { path, value, of, file } of layout.stated ?? []) {
    if (value !== undefined && value !== shape[of]) {
      refuse(path, `${shape[of]}, as the tensors have it`, `${JSON.stringify(value)}`.slice(0, 60), file);
    }
  }
  const stated = [
    ['d_in', np],
    ['d_out', layout.from === 'saelens' ? nr : undefined],
    ['d_sae', nq],
    // sparsify: 0 leaves it to expansion_factor.
    ['num_latents', settings.num_latents === 0 ? undefined : nq],
  ] as const;
  for (const [key, size] of stated) {
    const said = settings[key];
    if (said !== undefined && size !== undefined && said !== size) {
      refuse(`$.${key}`, `${size}, as the tensors have it`, `${said}`, cfg);
    }
  }
}

function refuseExtra({ tensors, layout, file }: Place, kind: Method['kind'], skip = false): void {
  const known = layout.tensors(kind, skip);
  for (const [name, { values }] of tensors) {
    // Of finetuned models of old: multiplies the activations.
    const idle = layout.from === 'saelens' && name === 'scaling_factor' && values.every((value) => value === 1);
    if (known.includes(name) || idle) continue;
    throw new TrainProblem(
      'unknown-tensor',
      name,
      `${layout.name}, ${kind}: the tensors ${known.join(', ')}`,
      name,
      file,
    );
  }
}

function refuseZeroRows({ wd }: ModelWeights, file: string): void {
  for (let i = 0; i < wd.rows; i++) {
    if (wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns).some((value) => value !== 0)) continue;
    throw new TrainProblem('wrong-tensor', `W_dec[${i}]`, 'a row that is not 0 to rank by', '0', file);
  }
}

function notesOn(named: Tensors, kind: Method['kind'], { settings: { dtype } }: Place): string[] {
  const biases = kind === 'gated' ? ['b_dec'] : ['b_enc', 'b_dec'];
  const absent = biases.filter((name) => !named.has(name));
  const long = [...named.values()].some(({ values }) => values instanceof Float64Array);
  const shorter = dtype !== undefined && long && !dtype.includes('64');
  return [
    ...(absent.length > 0 ? [`not in the file, taken as 0: ${absent.join(', ')}`] : []),
    ...(shorter ? [`cfg.json says ${dtype}; the 64-bit numbers of the file are used as they are`] : []),
    ...(kind === 'batchtopk'
      ? ['BatchTopK ranks within each batch, as in training; SAELens runs a finished model as jumprelu']
      : []),
  ];
}

const ignored = (keys: readonly string[]): string[] =>
  keys.length > 0 ? [`keys of cfg.json that were not looked at: ${keys.join(', ')}`] : [];
