/**
 * The file or folder that a checkpoint is: one `.safetensors`, `.pt` or `.npz`, a folder with one as its library writes it, or shards that a
 * `*.safetensors.index.json` lists, as large models are saved. And the settings beside it.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Json, parseJson } from '../../kernel/document/json.ts';
import { plain, refusing } from '../../terminal/door.ts';
import { readText, unreadable } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { TrainProblem } from '../../train/backend/problem.ts';
import type { ForeignSettings } from '../../train/checkpoint/foreign/settings.ts';
import type { Beside } from '../../train/checkpoint/foreign.ts';
import type { Tensor } from '../../train/data/npy.ts';
import { readNpz } from '../../train/data/npz.ts';
import { readSafetensors, type TensorFile } from '../../train/data/safetensors.ts';
import type { Scalar } from '../../train/data/scalar.ts';
import { readTorch } from '../../train/data/torch.ts';
import { readBinary } from '../train/openSource.ts';

export interface Opened extends TensorFile {
  /** Where the tensors are. */
  readonly file: string;
  /** Where cfg.json is or would be. */
  readonly cfg: string;
  /** As parsed; undefined where there is none. */
  readonly settings: ForeignSettings | undefined;
  /** What a `.pt` has beside its tensors. */
  readonly values?: ReadonlyMap<string, Scalar>;
  /** Settings in a file of another name. */
  readonly beside?: Beside;
}

const NAMED = [
  ...['sae_weights.safetensors', 'sae.safetensors', 'checkpoint.safetensors', 'model.safetensors'],
  ...['ae.pt', 'params.npz', 'params.safetensors'],
];
const SAFE = /\.safetensors$/;
const KINDS = /\.(pt|pth|npz)$/;
/** Of Llama Scope, beside the settings hyperparams.json. */
const FINAL = join('checkpoints', 'final.safetensors');
/** SAELens puts how often each neuron fires beside its weights. */
const OTHERS: ReadonlySet<string> = new Set(['sparsity.safetensors', 'activations_store_state.safetensors']);

export async function openCheckpoint(path: string): Promise<Opened> {
  const file = (await isFolder(path)) ? join(path, await fileIn(path)) : path;
  const read = await (file.endsWith('.index.json') ? readShards(file) : readTensors(file)).catch((thrown: unknown) => {
    throw SAFE.test(file) ? thrown : asNoModel(thrown);
  });
  const cfg = join(dirname(file), 'cfg.json');
  if (await exists(cfg)) return { file, ...read, cfg, settings: await readObject(cfg) };
  const beside = await settingsBeside(file);
  return { file, ...read, cfg, settings: undefined, ...(beside && { beside }) };
}

/** A file of another kind: that its bytes are not those of a .safetensors file does not say what would be right. */
function asNoModel(thrown: unknown): unknown {
  if (!(thrown instanceof TrainProblem) || thrown.path !== 'header') return thrown;
  const { code, path, expected, found, file } = thrown;
  return new TrainProblem(code, path, expected, found, file, NO_MODEL);
}

const NO_MODEL =
  'A model is a .safetensors, .pt or .npz file, or a folder with one. Rows of inputs are for --data, an instance for --features.';

async function settingsBeside(file: string): Promise<Beside | undefined> {
  const folder = dirname(file);
  const others = [join(folder, 'config.json'), join(folder, 'hyperparams.json')];
  if (basename(folder) === 'checkpoints') others.push(join(dirname(folder), 'hyperparams.json'));
  for (const other of others) if (await exists(other)) return { file: other, settings: await readObject(other) };
  return undefined;
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

async function isFolder(path: string): Promise<boolean> {
  try {
    const info = await stat(path);
    if (!info.isDirectory() && !info.isFile()) fail('unreadable', { file: path }, 'a file or a folder', 'neither');
    return info.isDirectory();
  } catch (thrown) {
    return unreadable(thrown, path);
  }
}

async function fileIn(folder: string): Promise<string> {
  const names = (await readdir(folder).catch((thrown: unknown) => unreadable(thrown, folder))).sort();
  const some = (found: readonly string[]): string =>
    found.slice(0, 8).join(', ') || 'no .safetensors, .pt or .npz file';
  const named = NAMED.filter((name) => names.includes(name) || names.includes(`${name}.index.json`));
  const [safe, others] = [SAFE, KINDS].map((kind) => names.filter((name) => kind.test(name) && !OTHERS.has(name)));
  if (named.length === 0 && names.includes('hyperparams.json') && (await exists(join(folder, FINAL)))) return FINAL;
  // What trains a model keeps its state in .pt files beside.
  const [found = []] = [named, safe, others].filter((list) => list && list.length > 0);
  const [only] = found;
  if (only === undefined || found.length > 1)
    return fail('no-checkpoint', { file: folder }, 'one checkpoint, sae_weights.safetensors or another', some(found));
  return names.includes(only) ? only : `${only}.index.json`;
}

async function readTensors(file: string): Promise<TensorFile & Pick<Opened, 'values'>> {
  const info = await stat(file).catch((thrown: unknown) => unreadable(thrown, file));
  if (!info.isFile()) fail('unreadable', { file }, 'a file', 'a folder, a pipe or a device');
  if (info.size >= 2 ** 31) fail('too-large', { file }, 'a file below 2 GiB, or shards', `${info.size} bytes`);
  const bytes = await readBinary(file);
  if (/\.pth?$/.test(file)) return { metadata: {}, ...readTorch(bytes, file) };
  if (file.endsWith('.npz')) return { metadata: {}, tensors: readNpz(bytes, file) };
  return readSafetensors(bytes, file);
}

async function readObject(file: string): Promise<ForeignSettings> {
  const text = await readText(file);
  const value: Json = refusing(file, () => parseJson(text));
  if (value instanceof Map) return plain(value) as ForeignSettings;
  return fail('not-read', { file, path: '$' }, 'a JSON object', JSON.stringify(text.slice(0, 40)));
}

/** Every tensor is in the shard that the index names, and no shard has others. */
async function readShards(index: string): Promise<TensorFile> {
  const { weight_map: map } = await readObject(index);
  const entries = typeof map === 'object' && map !== null ? Object.entries(map as Record<string, unknown>) : [];
  if (entries.length === 0) {
    fail('missing-tensor', { file: index, path: '$.weight_map' }, 'a file for each tensor', 'none');
  }
  const tensors = new Map<string, Tensor>();
  const shards = new Map<string, TensorFile['tensors']>();
  for (const [name, shard] of entries) {
    const path = `$.weight_map.${name}`;
    if (typeof shard !== 'string' || basename(shard) !== shard || !shard.endsWith('.safetensors')) {
      fail('not-read', { file: index, path }, 'a .safetensors file beside the index', JSON.stringify(shard));
    }
    const file = join(dirname(index), shard as string);
    const held = shards.get(file) ?? (await readTensors(file)).tensors;
    shards.set(file, held);
    const tensor = held.get(name);
    if (!tensor) return fail('missing-tensor', { file, path: name }, 'the tensor that the index places here', 'none');
    tensors.set(name, tensor);
  }
  for (const [file, held] of shards) {
    const extra = [...held.keys()].find((name) => (map as Record<string, unknown>)[name] !== basename(file));
    if (extra !== undefined) fail('unknown-tensor', { file, path: extra }, 'tensors that the index places here', extra);
  }
  return { metadata: {}, tensors };
}
