/**
 * Checkpoints of others in the file's own numbers: the same function in our terms, or a refusal that names tensor and key.
 * SAELens: `W_enc` d_in x d_sae, `W_dec` d_sae x d_out, `b_enc`, `b_dec`, `threshold`; gated `b_gate`, `r_mag`, `b_mag`. sparsify:
 * `encoder.weight` d_sae x d_in, `encoder.bias`, `W_dec` d_sae x d_in, `b_dec`. dictionary_learning: its two ReLU autoencoders.
 */

import { TrainProblem } from '../backend/problem.ts';
import type { Method } from '../methods/method.ts';
import type { ModelWeights, Shape } from '../model/weights.ts';
import { type Layout, layoutOf, namesOf, type Tensors } from './foreign/layout.ts';
import { numbersOf, shapeOf } from './foreign/numbers.ts';
import { type Axes, orientationOf } from './foreign/orientation.ts';
import { type ForeignSettings, readSettings, type Settings } from './foreign/settings.ts';

export interface FileModel {
  readonly shape: Shape;
  readonly method: Method;
  readonly weights: ModelWeights;
}

export interface ForeignModel extends FileModel {
  readonly from: Layout['from'];
  /** What the user should know of how it was read. */
  readonly notes: readonly string[];
}

/** What the command line says in place of cfg.json, or of what it leaves open. */
export interface Told {
  readonly k?: number;
  readonly architecture?: string;
  /** Whether b_dec is subtracted from the input. */
  readonly subtracts?: boolean;
  readonly layout?: Axes;
}

export interface Files {
  /** Of the tensors. */
  readonly file: string;
  /** Of the settings. */
  readonly cfg: string;
}

/** `given` is cfg.json as parsed; undefined where there is none. */
export function foreignModel(
  tensors: Tensors,
  given: ForeignSettings | undefined,
  { file, cfg }: Files,
  told: Told = {},
): ForeignModel {
  const { settings, passedOver } = readSettings(given ?? {}, cfg);
  const layout = layoutOf(tensors, file);
  const at: Place = { layout, tensors, given, settings, told, file, cfg };
  const method = methodOf(at);
  const named = oriented(at);
  const shape = shapeOf(named, file);
  const weights = numbersOf(named, method.kind, shape, file);
  compareSizes(at, shape);
  if ('k' in method && method.k > shape.nq) {
    const where = told.k === undefined ? cfg : '--k';
    refuse('$.k', `an integer from 1 to ${shape.nq}, the neurons`, `${method.k}`, where);
  }
  refuseExtra(at, method.kind);
  const subtracts = subtractsFirst(at, weights, shape);
  const ranksByNorm = settings.rescale_acts_by_decoder_norm === true && 'k' in method;
  if (ranksByNorm) refuseZeroRows(weights, file);
  if (given === undefined && layout.from === 'saelens' && told.architecture === undefined) {
    missing('$.architecture', 'cfg.json beside the file, or --architecture', file);
  }
  return {
    from: layout.from,
    shape,
    method,
    weights: { ...weights, ...(subtracts && { subtracts }), ...(ranksByNorm && { ranksByNorm }) },
    notes: [...notesOn(named, method.kind, tensors, settings), ...ignored(passedOver)],
  };
}

interface Place extends Files {
  readonly layout: Layout;
  readonly tensors: Tensors;
  readonly given: ForeignSettings | undefined;
  readonly settings: Settings;
  readonly told: Told;
}

function refuse(path: string, expected: string, found: string, file: string): never {
  throw new TrainProblem('not-read', path, expected, found, file);
}

function missing(path: string, expected: string, file: string): never {
  throw new TrainProblem('missing-tensor', path, expected, 'none', file);
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

function methodOf(at: Place): Method {
  const { settings, told, layout, file } = at;
  const k = told.k ?? settings.k ?? settings.activation_fn_kwargs?.k;
  const kind = kindOf(at);
  switch (kind) {
    case 'topk':
    case 'batchtopk':
      return { kind, k: k ?? missing('$.k', 'k in cfg.json beside the file, or --k', at.given ? at.cfg : file) };
    case 'gated':
      return refuseK(at, { kind, l1: 0 });
    case 'jumprelu':
      return refuseK(at, { kind, l0: 0, bandwidth: 1, threshold: 0 });
    default:
      if (layout.from === 'sparsify') throw new Error('sparsify has Top-k alone');
      return refuseK(at, { kind: 'relu', l1: 0 });
  }
}

/** A k where nothing ranks is a misunderstanding. */
function refuseK({ told, layout }: Place, method: Method): Method {
  if (told.k === undefined) return method;
  return refuse('$.k', 'a Top-k model', `${layout.name}, ${method.kind}`, '--k');
}

function kindOf(at: Place): Method['kind'] {
  const { layout, settings, told, cfg } = at;
  if (layout.from === 'sparsify') return 'topk';
  if (layout.from === 'dictionary_learning') return 'relu';
  const architecture = settings.architecture ?? told.architecture;
  if (told.architecture !== undefined && told.architecture !== architecture) {
    refuse('$.architecture', `${told.architecture}, as --architecture says`, architecture ?? 'none', cfg);
  }
  const kind = architecture === undefined ? oldStandard(at) : ARCHITECTURES.get(architecture);
  if (!kind) {
    const where = settings.architecture === undefined ? '--architecture' : cfg;
    const known = [...ARCHITECTURES.keys()].join(', ');
    throw new TrainProblem('not-read', '$.architecture', `one of ${known}`, JSON.stringify(architecture), where);
  }
  return activated(kind, settings, cfg);
}

/** Before version 6, SAELens named no architecture but `standard`, and Top-k as its activation. */
function oldStandard({ given, cfg, tensors, file }: Place): Method['kind'] {
  const other = ['threshold', 'r_mag'].find((name) => tensors.has(name));
  if (other !== undefined && given !== undefined)
    missing('$.architecture', `an architecture, as there is ${other}`, cfg);
  if (other !== undefined) missing('$.architecture', `cfg.json or --architecture, as there is ${other}`, file);
  return 'relu';
}

/** The activation named beside the architecture: it is carried out or it contradicts. */
function activated(kind: Method['kind'], { activation_fn: named, ...settings }: Settings, cfg: string): Method['kind'] {
  const inner = settings.activation_fn_kwargs?.k;
  const top = kind === 'topk' || kind === 'batchtopk';
  if (named === 'topk') {
    if (kind === 'topk' || kind === 'relu') return 'topk';
    refuse('$.activation_fn', `that of the architecture, ${kind}`, '"topk"', cfg);
  }
  if (inner !== undefined && !top) {
    refuse('$.activation_fn_kwargs.k', 'k beside the activation "topk" alone', `${inner}`, cfg);
  }
  return kind;
}

/** The tensors under SAELens' names with its axes. */
function oriented({ tensors, layout, given, told, file }: Place): Tensors {
  const named = layout.renamed(tensors);
  if (layout.from === 'saelens') return orientationOf(named, told.layout ?? (given && 'saelens'), file);
  if (told.layout === undefined) return named;
  return refuse('--layout', 'W_enc and W_dec, whose axes it names', layout.name, '--layout');
}

/** Sizes that cfg.json states are those of the tensors. */
function compareSizes({ settings, layout, cfg }: Place, { np, nr, nq }: Shape): void {
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

function refuseExtra({ tensors, layout, file }: Place, kind: Method['kind']): void {
  const known = layout.tensors(kind);
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

function subtractsFirst(at: Place, { bd }: ModelWeights, { np, nr }: Shape): boolean {
  const { layout, tensors, given, settings, told, file, cfg } = at;
  const { apply_b_dec_to_input: key, transcode } = settings;
  const said = key ?? told.subtracts;
  if (told.subtracts !== undefined && told.subtracts !== said) {
    refuse('$.apply_b_dec_to_input', `${told.subtracts}, as --subtract-b-dec says`, `${said}`, cfg);
  }
  const zero = bd.every((value) => value === 0);
  if (layout.subtracts !== undefined) {
    if (said !== undefined && said !== layout.subtracts && !zero) {
      refuse('$.apply_b_dec_to_input', `${layout.subtracts}, as ${layout.name} does`, `${said}`, cfg);
    }
    return layout.subtracts && !zero;
  }
  if (layout.from === 'sparsify') {
    // sparsify has cfg.json always: without it nothing tells an SAE from a transcoder.
    const asked = said ?? (given === undefined && !zero ? unsaid('$.transcode', file) : transcode !== true);
    if (transcode !== undefined && asked === transcode && !zero) {
      refuse('$.transcode', `${!asked}, as b_dec is ${asked ? '' : 'not '}subtracted`, `${transcode}`, cfg);
    }
    return asked && !zero;
  }
  const architecture = settings.architecture ?? told.architecture;
  const transcoder = architecture?.includes('transcoder') === true;
  const no = 'no b_dec to subtract: $.apply_b_dec_to_input is false for a transcoder';
  if (transcoder && said === true) refuse('b_dec', no, 'apply_b_dec_to_input true', cfg);
  if (transcode === true && !transcoder) refuse('$.transcode', 'false, or the architecture "transcoder"', 'true', cfg);
  if (said === true && !tensors.has('b_dec'))
    missing('b_dec', 'the tensor that $.apply_b_dec_to_input subtracts', file);
  if (np !== nr && !transcoder) {
    const found = `${np} to ${nr} dimensions`;
    refuse(
      '$.architecture',
      'a transcoder, as the outputs have another size',
      architecture ?? found,
      given ? cfg : file,
    );
  }
  if (zero || transcoder) return false;
  return said ?? (architecture === undefined || given === undefined ? unsaid('$.apply_b_dec_to_input', file) : true);
}

function unsaid(path: string, file: string): never {
  const expected = 'cfg.json beside the file with it, or --subtract-b-dec yes or no, as b_dec is not 0';
  throw new TrainProblem('missing-tensor', path, expected, 'none', file);
}

function refuseZeroRows({ wd }: ModelWeights, file: string): void {
  for (let i = 0; i < wd.rows; i++) {
    if (wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns).some((value) => value !== 0)) continue;
    throw new TrainProblem('wrong-tensor', `W_dec[${i}]`, 'a row that is not 0 to rank by', '0', file);
  }
}

function notesOn(named: Tensors, kind: Method['kind'], tensors: Tensors, { dtype }: Settings): string[] {
  const biases = kind === 'gated' ? ['b_dec'] : ['b_enc', 'b_dec'];
  const absent = biases.filter((name) => !named.has(name));
  const long =
    [...tensors].filter(([name, tensor]) => namesOf.has(name) && tensor.values instanceof Float64Array).length > 0;
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
