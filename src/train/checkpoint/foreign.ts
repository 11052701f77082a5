/**
 * Checkpoints of others in the file's own numbers: the same function in our terms, or a refusal that names tensor and key.
 * SAELens: `W_enc` d_in x d_sae, `W_dec` d_sae x d_out, `b_enc`, `b_dec`, `threshold`; gated `b_gate`, `r_mag`, `b_mag`; `W_skip`
 * d_out x d_in. sparsify: `encoder.weight` d_sae x d_in, `encoder.bias`, `W_dec` d_sae x d_in, `b_dec`. All others: foreign/.
 */

import type { Floats, Rows } from '../backend/backend.ts';
import { TrainProblem } from '../backend/problem.ts';
import type { Scalar } from '../data/torch.ts';
import type { Method } from '../methods/method.ts';
import type { ModelWeights, Shape } from '../model/weights.ts';
import { layoutOf } from './foreign/find.ts';
import { type Beside, type Layout, missing, refuse, type Tensors } from './foreign/layout.ts';
import { numbersOf, shapeOf } from './foreign/numbers.ts';
import { type Axes, orientationOf } from './foreign/orientation.ts';
import { type ForeignSettings, readSettings, type Settings } from './foreign/settings.ts';

export type { Beside } from './foreign/layout.ts';

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
  /** What the file has beside tensors. */
  readonly values?: ReadonlyMap<string, Scalar>;
  /** Where there is no cfg.json. */
  readonly beside?: Beside;
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
    const where = told.k === undefined ? cfg : '--k';
    refuse('$.k', `an integer from 1 to ${shape.nq}, the neurons`, `${method.k}`, where);
  }
  refuseExtra(at, method.kind, skip);
  if (skip && !named.has('W_skip')) missing(inFile.name('W_skip'), 'the tensor of the skip connection', file);
  const subtracts = subtractsFirst(at, weights, shape);
  const ranksByNorm = settings.rescale_acts_by_decoder_norm === true && 'k' in method;
  if (ranksByNorm) refuseZeroRows(weights, file);
  if (given === undefined && layout.kind === undefined && told.architecture === undefined) {
    missing('$.architecture', 'cfg.json beside the file, or --architecture', file);
  }
  const whole = { ...weights, ...(subtracts && { subtracts }), ...(ranksByNorm && { ranksByNorm }) };
  const model = { shape, method, weights: layout.scaled?.(whole) ?? whole };
  return {
    from: layout.from,
    ...(signed ? withBothSigns(model) : model),
    notes: [
      ...notesOn(named, method.kind, at),
      ...(layout.notes ?? []),
      ...(signed
        ? [
            `AbsTopK is read as TopK of latents i and ${shape.nq} + i: the second is on where the first would be negative`,
          ]
        : []),
      ...(skip ? ['W_skip turns no latent on or off: where latents are told, it is not looked at'] : []),
      ...ignored(passedOver),
    ],
  };
}

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

interface Place extends Files {
  readonly layout: Layout;
  readonly tensors: Tensors;
  readonly given: ForeignSettings | undefined;
  readonly settings: Settings;
  readonly told: Told;
}

interface Architecture {
  readonly kind: Method['kind'];
  /** Ranks by |z|. */
  readonly signed?: boolean;
  readonly skip?: boolean;
}

const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map<string, Architecture>([
  ['standard', { kind: 'relu' }],
  ['transcoder', { kind: 'relu' }],
  ['skip_transcoder', { kind: 'relu', skip: true }],
  ['jumprelu', { kind: 'jumprelu' }],
  ['jumprelu_transcoder', { kind: 'jumprelu' }],
  ['jumprelu_skip_transcoder', { kind: 'jumprelu', skip: true }],
  ['gated', { kind: 'gated' }],
  ['topk', { kind: 'topk' }],
  ['abstopk', { kind: 'topk', signed: true }],
  ['batchtopk', { kind: 'batchtopk' }],
  // Prefixes only tell how it was trained.
  ['matryoshka_batchtopk', { kind: 'batchtopk' }],
]);

/** SAELens has these too. */
const NOT_READ: ReadonlyMap<string, string> = new Map([
  ['temporal', ', whose latents depend on the inputs before, by attention'],
  ['matching_pursuit', ', whose latents are found one after the other, each from what the others leave'],
]);

interface Read extends Architecture {
  readonly method: Method;
}

function methodOf(at: Place): Read {
  const { settings, told, layout, file } = at;
  if (told.k !== undefined && layout.k !== undefined && told.k !== layout.k) {
    refuse('$.k', `${layout.k}, as the file says`, `${told.k}`, '--k');
  }
  const k = told.k ?? layout.k ?? settings.k ?? settings.activation_fn_kwargs?.k;
  const read = architectureOf(at);
  const { kind } = read;
  switch (kind) {
    case 'topk':
    case 'batchtopk':
      return {
        ...read,
        method: { kind, k: k ?? missing('$.k', 'k in cfg.json beside the file, or --k', at.given ? at.cfg : file) },
      };
    case 'gated':
      return { ...read, method: refuseK(at, { kind, l1: 0 }) };
    case 'jumprelu':
      return { ...read, method: refuseK(at, { kind, l0: 0, bandwidth: 1, threshold: 0 }) };
    default:
      return { ...read, method: refuseK(at, { kind: 'relu', l1: 0 }) };
  }
}

/** A k where nothing ranks is a misunderstanding. */
function refuseK({ told, layout }: Place, method: Method): Method {
  if (told.k === undefined) return method;
  return refuse('$.k', 'a Top-k model', `${layout.name}, ${method.kind}`, '--k');
}

function architectureOf(at: Place): Architecture {
  const { layout, settings, told, cfg, tensors } = at;
  if (layout.kind !== undefined) {
    const asked = told.architecture === undefined ? layout.kind : ARCHITECTURES.get(told.architecture)?.kind;
    // One threshold in place of the batch: what such a model is run as.
    if (asked !== layout.kind && !(asked === 'batchtopk' && layout.kind === 'jumprelu')) {
      refuse('$.architecture', `that of ${layout.name}, ${layout.kind}`, `${told.architecture}`, '--architecture');
    }
    const skip = layout.from === 'sparsify' ? settings.skip_connection === true : tensors.has('affine_skip_connection');
    return { kind: layout.kind, skip };
  }
  const architecture = settings.architecture ?? told.architecture;
  if (told.architecture !== undefined && told.architecture !== architecture) {
    refuse('$.architecture', `${told.architecture}, as --architecture says`, architecture ?? 'none', cfg);
  }
  const found = architecture === undefined ? { kind: oldStandard(at) } : ARCHITECTURES.get(architecture);
  if (!found) {
    const where = settings.architecture === undefined ? '--architecture' : cfg;
    const known = [...ARCHITECTURES.keys()].join(', ');
    const why = NOT_READ.get(architecture ?? '') ?? '';
    return refuse('$.architecture', `one of ${known}`, `${JSON.stringify(architecture)}${why}`, where);
  }
  if (layout.from === 'crosscoder' && (found.skip === true || found.kind === 'gated' || found.kind === 'batchtopk')) {
    refuse(
      '$.architecture',
      'standard, topk, abstopk or jumprelu of a crosscoder',
      `${architecture}`,
      settings.architecture === undefined ? '--architecture' : cfg,
    );
  }
  if (layout.from !== 'sparsify' && settings.skip_connection === true) {
    refuse('$.skip_connection', 'false, or the architecture "skip_transcoder"', 'true', cfg);
  }
  const kind = activated(found.kind, settings, cfg);
  return kind === found.kind ? found : { kind };
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
