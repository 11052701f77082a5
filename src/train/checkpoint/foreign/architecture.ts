/** Which function it is: the layout settles it, or the architecture of SAELens that the settings or the command line name. */
import type { Method } from '../../methods/method.ts';
import { missing, refuse } from './layout.ts';
import type { Place } from './place.ts';
import type { Settings } from './settings.ts';

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

/** All that have a meaning here, those that are refused with a reason among them. */
export const ARCHITECTURE_NAMES: readonly string[] = [...ARCHITECTURES.keys(), ...NOT_READ.keys()];

interface Read extends Architecture {
  readonly method: Method;
}

export function methodOf(at: Place): Read {
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
