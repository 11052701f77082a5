/** What each latent of a trained model does. */
import { CLAIMS } from '../../theorems/statements.ts';
import { pairsAmong, refuseDeep } from '../inspect/hierarchy.ts';
import { inspect as answer } from '../inspect/inspect.ts';
import { questionOf } from '../inspect/question.ts';
import type { InspectRequest, InspectResult } from '../inspect/request.ts';
import { decidedOf } from '../kernel/certificate.ts';
import type { Instance } from '../kernel/model/instance.ts';
import { Rational } from '../kernel/numbers/rational.ts';
import { type AbsorptionBook, type Inspected, type InspectedLatent, inspected } from '../latents/document.ts';
import { notesOn } from '../latents/enter.ts';
import { findings, signsText } from '../latents/findings.ts';
import { certify } from '../solve/decide/certify.ts';
import { TrainProblem } from '../train/backend/problem.ts';
import { reasonText } from '../words/sentence.ts';
import type { CertifyDecided } from './certify.ts';
import { InputError, refuse } from './error.ts';
import { type InstanceInput, instanceFrom, type Quantity, whole } from './instance.ts';
import { sha256 } from './sha256.ts';

export type { Groups, Together } from '../inspect/groups.ts';
export type {
  AbsorptionBook,
  Inspected,
  InspectedLabel,
  InspectedLatent,
  InspectedMatch,
  InspectedPrice,
  InspectedRow,
} from '../latents/document.ts';

/** A list of floats, taken as they are: each is a fraction with a power of two below. */
export type FloatList = readonly number[] | Float32Array | Float64Array;

/** A table of floats: its rows, or all entries row by row. */
export type FloatTable =
  | readonly FloatList[]
  | {
      readonly rows: number;
      readonly columns: number;
      readonly values: FloatList;
    };

/** A trained model by its numbers: latent i is on where z_i = <e_i, x> + b_i, and passes z_i. */
export interface InspectModel {
  /** `relu`: on where z > 0. `jumprelu`: where z > max(theta_i, 0). `topk`: where z > 0 is among the k largest. */
  readonly activation: 'relu' | 'jumprelu' | 'topk';
  /** Of topk. */
  readonly k?: number;
  /** e_i, n_q x n_p: SAELens' `W_enc` has them as columns. */
  readonly encoder: FloatTable;
  /** u_i, n_q x n_r: SAELens' `W_dec`. */
  readonly decoder: FloatTable;
  /** b, n_q; without it 0. */
  readonly encoderBias?: FloatList;
  /** `b_dec`, n_r; without it 0. */
  readonly decoderBias?: FloatList;
  /** theta, n_q, of jumprelu. */
  readonly thresholds?: FloatList;
  /** Whether `decoderBias` is subtracted from x first: `apply_b_dec_to_input`. */
  readonly subtractsDecoderBias?: boolean;
  /** Of topk, whether z_i |u_i| is ranked in place of z_i: `rescale_acts_by_decoder_norm`. */
  readonly ranksByNorm?: boolean;
}

/** For each label, which rows have it: 0 or 1, or booleans, one for each row. */
export type LabelColumns = Readonly<Record<string, ArrayLike<number | boolean>>>;

/** What {@link inspect} takes beside model, rows and labels. */
export interface InspectOptions {
  /** Child to parent, by label or by feature; without it that of the features, and that found in the labels. */
  readonly hierarchy?: Readonly<Record<string, string>>;
  /** One for each row. */
  readonly rowNames?: readonly string[];
  /** `dictum/instance@1`: its features make atoms, a parent alone or with one child. */
  readonly features?: InstanceInput;
  /** Of features in atoms: least and largest; without it 1 and 2. */
  readonly strengths?: readonly [low: Quantity, high: Quantity];
  /** What un-absorbing would cost, with this coefficient of the penalty: `prices`. */
  readonly price?: number;
  /** The model as certificates name it. */
  readonly source?: string;
}

/** A latent with all that is known of it. */
export interface InspectedCard extends InspectedLatent {
  /** Where it is the carrier, or comes with the child. */
  readonly books: readonly AbsorptionBook[];
  /** Latents that it is often on with: rows with both over rows with either. */
  readonly together: readonly { readonly latent: number; readonly share: number }[];
}

/** What {@link inspect} returns: what `dictum inspect --json` prints, and what may be asked further. */
export interface Inspection extends Inspected {
  /** What to know first, in sentences. */
  readonly findings: readonly string[];
  /** How the signs were decided. */
  readonly sentence: string;
  /**
   * Latent i by its index in the tensor, from 0.
   *
   * @throws InputError if there is no such latent
   */
  readonly card: (latent: number) => InspectedCard;
  /**
   * What was found of latent i as a certificate of the claims `absorbs`, `latent-on` or `latent-off` (docs/claims/latents.md).
   *
   * @throws InputError if there is no such latent, of topk (the other latents decide), and of more rows than a certificate holds
   */
  readonly certificate: (latent: number) => CertifyDecided;
}

/**
 * Says of each latent of a trained model what it is on for, what absorbs what, and what is never on, as `dictum inspect` does, in this thread.
 * Signs and shares are exact for the floats given. What is decided and what not: docs/inspect.md.
 *
 * @param x inputs, rows x n_p; undefined where only atoms of `options.features` are asked about
 * @param labels which row has which label
 * @throws InputError if a table has no numbers, or not the size it should have, a label is neither 0 nor 1, or the hierarchy is none
 * @example
 * ```ts
 * const model = { activation: 'relu', encoder: [[1, -1], [0, 1]], decoder: [[1, 0], [1, 1]] } as const;
 * const { absorption, certificate } = await inspect(model, [[1, 0], [1, 1], [0, 0]], { animal: [1, 1, 0], dog: [0, 1, 0] }, { hierarchy: { dog: 'animal' } });
 * absorption[0]; // { parent: 'animal', child: 'dog', verdict: 'absorbed', carrier: 0, alone: '1', beside: '0', others: '1', ... }
 * check(certificate(0).certificate).accepted; // true
 * ```
 */
export async function inspect(
  model: InspectModel,
  x: FloatTable | undefined,
  labels: LabelColumns = {},
  options: InspectOptions = {},
): Promise<Inspection> {
  const request = requestOf(model, x, labels, options);
  const result = await answer(request);
  const document = inspected(result, notesOn(request.model, request.data));
  const known = (latent: number): InspectedLatent =>
    document.latents[latent] ??
    refuse('out-of-range', 'latent', `an index from 0 to ${document.nq - 1}`, `${String(latent)}`);
  return {
    ...document,
    findings: findings(result),
    sentence: signsText(result),
    card: (latent) => ({
      ...known(latent),
      books: document.absorption.filter(
        ({ carrier, shares }) => carrier === latent || shares.some((s) => s.comes && s.latent === latent),
      ),
      together: document.groups.links.flatMap(({ latents: [a, b], share }) =>
        a === latent || b === latent ? [{ latent: a === latent ? b : a, share }] : [],
      ),
    }),
    certificate: (latent) => certificateOf(request, result, known(latent).latent, options.source ?? 'numbers given'),
  };
}

function certificateOf(request: InspectRequest, result: InspectResult, latent: number, source: string): CertifyDecided {
  const { claim: id, about } = asInput(() => questionOf(request, result, latent, source));
  const claim = CLAIMS.get(id);
  if (!claim) throw new Error(`no claim ${id}`);
  const outcome = certify({ claim, reading: 'ours', instance: about, proposals: {} }, sha256);
  if (!('checked' in outcome)) throw new Error(`${id} is settled by computing`);
  const { accepted } = outcome.checked;
  const sentence = `${id} ${accepted.verdict}: ${reasonText(accepted, accepted.instance)}`;
  return { ...decidedOf(accepted), id: accepted.id, certificate: outcome.certificate, sentence };
}

/** What cannot be asked of such a model or of so many rows. */
function asInput<T>(ask: () => T): T {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof TrainProblem) throw new InputError(thrown.code, thrown.path, thrown.expected, thrown.found);
    throw thrown;
  }
}

function requestOf(
  given: InspectModel,
  x: FloatTable | undefined,
  columns: LabelColumns,
  { hierarchy, rowNames, features: about, strengths = ['1', '2'], price }: InspectOptions,
): InspectRequest {
  const model = modelFrom(given);
  const { np } = model.shape;
  const data = x === undefined ? undefined : tableFrom(x, 'x', undefined, np, `rows x ${np}, the inputs of the model`);
  if (data === undefined && about === undefined) refuse('missing-key', 'x', 'rows, or options.features', 'neither');
  const names = Object.keys(columns);
  if (data === undefined && names.length > 0) refuse('bad-arguments', 'labels', 'rows beside them', 'none');
  if (rowNames !== undefined && rowNames.length !== data?.rows)
    refuse('wrong-size', 'rowNames', `${data?.rows ?? 'no'} names, one for each row`, `${rowNames.length}`);
  if (price !== undefined && !(Number.isFinite(price) && price >= 0))
    refuse('out-of-range', 'price', 'a number from 0', `${price}`);
  if (price !== undefined && names.length === 0) refuse('bad-arguments', 'price', 'rows and labels beside it', 'none');
  const dictionary = about === undefined ? undefined : featuresFrom(about, model, strengths);
  const own =
    hierarchy && Object.entries(hierarchy).map(([child, parent]) => ({ child, parent, path: `hierarchy.${child}` }));
  if (own && names.length === 0 && !dictionary)
    refuse('bad-arguments', 'hierarchy', 'labels or features beside it', 'neither');
  const pairs =
    dictionary && pairsAmong(dictionary.features.names, own ?? dictionary.pairs, 'a feature of the instance', refuse);
  if (dictionary && pairs) refuseDeep(dictionary.features.names, pairs, refuse);
  return {
    model,
    ...(data && { data: { values: data.data, rows: data.rows, ...(rowNames && { names: rowNames }) } }),
    ...(names.length > 0 && {
      labels: {
        names,
        columns: names.map((name) => labelFrom(columns[name] as LabelColumns[string], name, data?.rows ?? 0)),
      },
    }),
    ...(dictionary && { features: dictionary.features }),
    ...(price !== undefined && { price }),
    hierarchy: {
      ...(own && names.length > 0 && { labels: pairsAmong(names, own, 'a label of the rows', refuse) }),
      ...(pairs && { features: pairs }),
    },
  };
}

function modelFrom(m: InspectModel): InspectRequest['model'] {
  const { activation, k } = m;
  const at = (key: keyof InspectModel): string => `model.${key}`;
  const we = tableFrom(m.encoder, at('encoder'));
  const nq = we.rows;
  const wd = tableFrom(m.decoder, at('decoder'), nq, undefined, `${nq} rows, one for each latent`);
  const [np, nr] = [we.columns, wd.columns];
  const listOf = (key: 'encoderBias' | 'decoderBias' | 'thresholds', length: number) => {
    const given = m[key];
    return given === undefined ? new Float64Array(length) : listFrom(given, at(key), length);
  };
  if (m.subtractsDecoderBias === true && np !== nr)
    refuse('wrong-size', at('decoder'), `${np} columns, as the decoder's bias is subtracted from inputs`, `${nr}`);
  if (activation !== 'topk' && k !== undefined) refuse('bad-arguments', at('k'), `no k, of ${activation}`, `${k}`);
  if (activation !== 'jumprelu' && m.thresholds !== undefined)
    refuse('bad-arguments', at('thresholds'), `no thresholds, of ${activation}`, 'some');
  if (activation === 'jumprelu' && m.thresholds === undefined)
    refuse('missing-key', at('thresholds'), 'a threshold for each latent', 'none');
  return {
    shape: { np, nr, nq },
    method: methodFrom(activation, k, nq),
    weights: {
      we,
      wd,
      be: listOf('encoderBias', nq),
      bd: listOf('decoderBias', nr),
      ...(activation === 'jumprelu' && { theta: listOf('thresholds', nq) }),
      ...(m.subtractsDecoderBias === true && { subtracts: true }),
      ...(m.ranksByNorm === true && activation === 'topk' && { ranksByNorm: true }),
    },
  };
}

function methodFrom(kind: string, k: number | undefined, nq: number): InspectRequest['model']['method'] {
  switch (kind) {
    case 'relu':
      return { kind, l1: 0 };
    case 'jumprelu':
      return { kind, l0: 0, bandwidth: 1, threshold: 0 };
    case 'topk':
      return { kind, k: whole(k ?? refuse('missing-key', 'model.k', 'how many latents pass', 'none'), 'model.k', nq) };
    default:
      return refuse('unknown-word', 'model.activation', 'relu, jumprelu or topk', String(kind));
  }
}

type Wide = InspectRequest['model']['weights']['we'];

/** `size`: in words, where rows or columns are known. */
function tableFrom(table: FloatTable, path: string, rows?: number, columns?: number, size = 'a table'): Wide {
  if (typeof table !== 'object' || table === null)
    return refuse('wrong-type', path, 'a table of numbers', typeof table);
  const isRows = Array.isArray(table) as boolean;
  const list = table as readonly FloatList[];
  const flat = table as Exclude<FloatTable, readonly FloatList[]>;
  const found = isRows ? ([list.length, list[0]?.length ?? 0] as const) : ([flat.rows, flat.columns] as const);
  const [r, c] = found;
  if (!found.every((n) => Number.isSafeInteger(n) && n > 0) || (rows ?? r) !== r || (columns ?? c) !== c)
    refuse('wrong-size', path, size, `${String(r)} x ${String(c)}`);
  if (!isRows) return { rows: r, columns: c, stride: c, data: listFrom(flat.values, `${path}.values`, r * c) };
  const data = list.every((row) => row instanceof Float32Array) ? new Float32Array(r * c) : new Float64Array(r * c);
  for (const [k, row] of list.entries()) data.set(listFrom(row, `${path}[${k}]`, c), k * c);
  return { rows: r, columns: c, stride: c, data };
}

function listFrom(list: FloatList, path: string, length: number): Float32Array | Float64Array {
  const isFloats = list instanceof Float32Array || list instanceof Float64Array;
  if (!isFloats && !Array.isArray(list)) return refuse('wrong-type', path, 'a list of numbers', typeof list);
  if (list.length !== length) refuse('wrong-size', path, `${length} numbers`, `${list.length}`);
  // Not findIndex: holes of an array would be passed over.
  for (let k = 0; k < length; k++)
    if (!Number.isFinite(list[k])) refuse('not-a-number', `${path}[${k}]`, 'a finite number', `${String(list[k])}`);
  return isFloats ? list : Float64Array.from(list);
}

function labelFrom(column: ArrayLike<number | boolean>, name: string, rows: number): Uint8Array {
  const path = `labels.${name}`;
  if (column?.length !== rows) refuse('wrong-size', path, `${rows}, one for each row`, `${String(column?.length)}`);
  return Uint8Array.from({ length: rows }, (_, r) => {
    const value = column[r];
    return value === true || value === 1
      ? 1
      : value === false || value === 0
        ? 0
        : refuse('wrong-type', `${path}[${r}]`, '0 or 1', `${String(value)}`);
  });
}

interface Dictionary {
  readonly features: NonNullable<InspectRequest['features']>;
  readonly pairs: readonly { readonly parent: string; readonly child: string; readonly path: string }[];
}

function featuresFrom(
  input: InstanceInput,
  { shape }: InspectRequest['model'],
  strengths: readonly Quantity[],
): Dictionary {
  const m: Instance = instanceFrom(input);
  if (m.lifted) refuse('bad-arguments', 'features', 'dictum/instance@1', 'biases, thresholds or inputs');
  if (m.np !== shape.np || m.nr !== shape.nr)
    refuse(
      'wrong-size',
      'features',
      `directions of ${shape.np} and targets of ${shape.nr} entries`,
      `${m.np} and ${m.nr}`,
    );
  const [low, high] = strengths.map((t) =>
    typeof t === 'number' && !Number.isSafeInteger(t) ? undefined : Rational.parse(`${t}`),
  );
  if (!low || !high || low.sign() <= 0 || low.compare(high) > 0)
    return refuse(
      'bad-arguments',
      'strengths',
      'two numbers above 0, the second not smaller',
      `${strengths.join(' and ')}`,
    );
  const names = m.features.map(({ label }) => label);
  return {
    features: { names, wp: m.features.map(({ wp }) => wp), wr: m.features.map(({ wr }) => wr), strengths: [low, high] },
    pairs: m.hierarchy.flatMap(({ parent, children }) =>
      names.includes(parent) ? children.map((d) => ({ parent, child: names[d] ?? '', path: '$.hierarchy' })) : [],
    ),
  };
}
