/** In a worker: a model's latents, as `dictum inspect` has them, from the files that were dropped. */
import { type Given as GivenBlocks, here, inspect } from '../../src/inspect/inspect.ts';
import type { InspectRequest, InspectResult } from '../../src/inspect/request.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import { inspectDocument } from '../../src/latents/document.ts';
import {
  dataFrom,
  featuresFrom,
  type Given,
  labelledRows,
  labelsInCsv,
  requestFrom,
  tensorRows,
} from '../../src/latents/enter.ts';
import { inspectSections, latentCard } from '../../src/latents/page.ts';
import type { Head } from '../../src/latents/text.ts';
import { Failure, fail, problemText } from '../../src/terminal/problem.ts';
import { plain, refuseLifted, refusing } from '../../src/terminal/refusing.ts';
import { TrainProblem } from '../../src/train/backend/problem.ts';
import type { ForeignSettings } from '../../src/train/checkpoint/foreign/settings.ts';
import { foreignModel } from '../../src/train/checkpoint/foreign.ts';
import { readNpy } from '../../src/train/data/npy.ts';
import { readSafetensors } from '../../src/train/data/safetensors.ts';
import { serve } from './serve.ts';

export interface ModelQuestion {
  readonly files: readonly File[];
  readonly strength: string;
}

export interface Inspected {
  readonly html: string;
  /** `dictum/inspect@1` */
  readonly document: object;
  readonly latents: number;
  /** The command that says the same. */
  readonly command: string;
  /** Milliseconds. */
  readonly took: number;
}

/** What is wrong with the files, in the words of the command. */
export interface RefusedFiles {
  readonly refused: string;
}

/** Bytes of all files together: they and what is made of them are in memory at once. */
const MOST_BYTES = 200_000_000;
/** In milliseconds. */
const OFTEN = 200;

const SETTINGS = ['cfg.json', 'config.json', 'hyperparams.json'];
const WANTED =
  'A .safetensors file with its cfg.json, and features (an instance) or rows (.npy, or a JSON map of rows).';

let last: InspectResult | undefined;

async function inspected(
  { files, strength }: ModelQuestion,
  progress: (said: string) => void,
): Promise<Inspected | RefusedFiles> {
  last = undefined;
  try {
    const began = performance.now();
    const read = await readFiles(files, strength, progress);
    const { request, head, command } = read;
    progress('deciding');
    const result = await inspect(request, withProgress(request.data?.rows ?? 0, progress));
    last = result;
    const [html, document] = [inspectSections(result, head), inspectDocument(result, head)];
    return { html, document, latents: result.latents.length, command, took: performance.now() - began };
  } catch (thrown) {
    if (thrown instanceof Failure) return { refused: problemText(thrown.problem) };
    if (!(thrown instanceof TrainProblem)) throw thrown;
    const { code, path, expected, found, file, next } = thrown;
    const at = { ...(file !== undefined && { file }), ...(next !== undefined && { next }) };
    return { refused: problemText({ kind: 'malformed', code, path, expected, found, ...at }) };
  }
}

/** Block by block in this worker, saying how far it is. */
const withProgress = (rows: number, progress: (said: string) => void) =>
  function* (given: GivenBlocks, blocks: Parameters<typeof here>[1]): ReturnType<typeof here> {
    let [done, next] = [0, performance.now() + OFTEN];
    for (const result of here(given, blocks)) {
      done += result.count;
      yield result;
      if (performance.now() < next) continue;
      next = performance.now() + OFTEN;
      progress(`${done} of ${rows} rows`);
    }
  };

async function readFiles(
  files: readonly File[],
  strength: string,
  progress: (said: string) => void,
): Promise<{ request: InspectRequest; head: Head; command: string }> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) {
    const next = 'Larger ones are read by dictum inspect, without a limit of the page.';
    fail('too-large', { file: 'the files', next }, 'at most 200 MB together', `${Math.ceil(bytes / 1e6)} MB`);
  }
  const one = (what: string, test: (name: string) => boolean): File | undefined => {
    const found = files.filter(({ name }) => test(name.toLowerCase()));
    if (found.length > 1)
      fail('bad-arguments', { file: what }, 'one of them', found.map(({ name }) => name).join(', '));
    return found[0];
  };
  const other = files.find(({ name }) => !/\.(safetensors|json|npy|csv|tsv)$/i.test(name));
  if (other)
    fail('unreadable', { file: other.name, next: WANTED }, '.safetensors, .json, .npy or .csv', 'another file');
  const weights = one('models', (name) => name.endsWith('.safetensors'));
  if (!weights) return fail('missing-key', { file: 'the files', next: WANTED }, 'a .safetensors file', 'none');
  const settings = one('settings', (name) => SETTINGS.includes(name));
  const table = one('rows', (name) => name.endsWith('.npy'));
  const marks = one('labels', (name) => /\.[ct]sv$/.test(name));
  progress(`reading ${weights.name}`);
  const { metadata, tensors } = readSafetensors(await bytesOf(weights), weights.name);
  if (metadata.format === 'dictum/checkpoint@1') {
    const next = 'dictum inspect reads it, with --html for a page.';
    fail(
      'not-read',
      { file: weights.name, path: '__metadata__.format', next },
      'a model of another library',
      'a run of dictum train',
    );
  }
  const said = settings && settingsIn(await settings.text(), settings.name);
  const isCfg = settings?.name.toLowerCase() === 'cfg.json';
  const { from, notes, ...model } = foreignModel(tensors, isCfg ? said : undefined, {
    file: weights.name,
    cfg: 'cfg.json',
    ...(said && settings && !isCfg && { beside: { file: settings.name, settings: said } }),
  });
  const given: { -readonly [K in keyof Given]: Given[K] } = {};
  for (const file of files) {
    if (!file.name.toLowerCase().endsWith('.json') || file === settings) continue;
    progress(`reading ${file.name}`);
    const text = await file.text();
    const json = refusing(file.name, () => parseJson(text));
    const format = json instanceof Map ? json.get('format') : undefined;
    if (format === undefined) {
      if (given.data || table) fail('bad-arguments', { file: file.name }, 'one file of rows', 'a second');
      given.data = { file: file.name, read: dataFrom(labelledRows(text, file.name), file.name, model.shape) };
      continue;
    }
    if (given.features) fail('bad-arguments', { file: file.name }, 'one file of features', 'a second');
    const subject = refusing(file.name, () => readSubject(new Node(json), 'dictum/instance@1'));
    refuseLifted(subject, file.name);
    given.features = { file: file.name, read: featuresFrom(subject, file.name, model.shape, strength) };
  }
  if (table) {
    progress(`reading ${table.name}`);
    const read = tensorRows(readNpy(await bytesOf(table), table.name));
    given.data = { file: table.name, read: dataFrom(read, table.name, model.shape) };
  }
  if (!given.data && !given.features) {
    fail('missing-key', { file: 'the files', next: WANTED }, 'rows, features, or both', 'neither');
  }
  if (marks && !given.data) fail('bad-arguments', { file: marks.name }, 'rows beside it', 'none');
  if (marks) given.labels = { file: marks.name, read: labelsInCsv(await marks.text(), marks.name) };
  const entered = requestFrom(model, given);
  const options = [
    ...(given.data ? [`--data ${quoted(given.data.file)}`] : []),
    ...(given.labels ? [`--labels ${quoted(given.labels.file)}`] : []),
    ...(given.features ? [`--features ${quoted(given.features.file)} --strength ${strength}`] : []),
  ];
  return {
    request: entered.request,
    head: { file: weights.name, from, notes: [...notes, ...entered.notes] },
    command: `npx dictum inspect ${quoted(weights.name)} ${options.join(' ')}`,
  };
}

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

function settingsIn(text: string, file: string): ForeignSettings {
  const json = refusing(file, () => parseJson(text));
  if (json instanceof Map) return plain(json) as ForeignSettings;
  return fail('not-read', { file, path: '$' }, 'a JSON object', JSON.stringify(text.slice(0, 40)));
}

/** For a shell. */
const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

serve({ inspect: inspected, card: (latent: number): string => (last ? latentCard(last, latent) : '') });
