/** The model that a checkpoint holds, and the options that say what its files leave open. */
import type { Command } from 'commander';
import { countFrom } from '../../terminal/arguments.ts';
import { closest } from '../../terminal/closest.ts';
import { fail } from '../../terminal/problem.ts';
import { ARCHITECTURE_NAMES } from '../../train/checkpoint/foreign/architecture.ts';
import { type FileModel, type ForeignModel, foreignModel, type Told } from '../../train/checkpoint/foreign.ts';
import { hasOtherTargets } from '../../train/config/config.ts';
import type { TensorFile } from '../../train/data/safetensors.ts';
import { type Saved, savedIn, savedModel } from '../../train/run/checkpoint.ts';
import { enterConfig } from '../train/readConfig.ts';
import { type Opened, openCheckpoint } from './openCheckpoint.ts';

export interface ToldOptions {
  readonly k?: string;
  readonly architecture?: string;
  readonly subtractBDec?: string;
  readonly layout?: string;
}

export interface OpenedModel {
  readonly file: string;
  readonly from: ForeignModel['from'] | 'dictum';
  readonly notes: readonly string[];
  readonly model: FileModel;
  readonly tensors: TensorFile['tensors'];
}

export const withToldOptions = (command: Command): Command =>
  command
    .option('--k <count>', 'k of a foreign TopK model')
    .option('--architecture <name>', "SAELens' name for it, where there is no cfg.json")
    .option('--subtract-b-dec <yes|no>', 'whether b_dec is subtracted from the input, where there is no cfg.json')
    .option('--layout <axes>', 'saelens: W_enc is d_in x d_sae; linear: d_sae x d_in, and W_dec turned alike');

/** A checkpoint of ours; what its metadata says is read as strictly as a configuration. */
export function ownIn(opened: Opened): Saved | undefined {
  const saved = savedIn(opened);
  return saved && { ...saved, config: enterConfig(JSON.stringify(saved.config), opened.file) };
}

export function modelOf(own: Saved, file: string): FileModel {
  return {
    method: own.config.method,
    ...savedModel(own, file),
    // Which targets an instance has stands in its file.
    ...((hasOtherTargets(own.config) || own.config.data.kind === 'instance') && { across: true }),
  };
}

/** `own`: a checkpoint of ours says all of it itself. */
export function toldIn({ k, architecture, subtractBDec, layout }: ToldOptions, own: boolean): Told {
  const among = <T extends string>(option: string, value: string, ...words: readonly T[]): T =>
    words.find((word) => word === value) ??
    fail('bad-arguments', { file: option }, words.join(' or '), JSON.stringify(value));
  if (architecture !== undefined && !ARCHITECTURE_NAMES.includes(architecture)) {
    const near = closest(architecture, ARCHITECTURE_NAMES);
    const next =
      near === undefined ? "SAELens' name of the architecture, as in its cfg.json." : `Did you mean ${near}?`;
    const expected = `one of ${ARCHITECTURE_NAMES.join(', ')}`;
    fail('unknown-word', { file: '--architecture', next }, expected, JSON.stringify(architecture));
  }
  const told: Told = {
    ...(k !== undefined && { k: countFrom(k, '--k', 1_000_000) }),
    ...(architecture !== undefined && { architecture }),
    ...(subtractBDec !== undefined && { subtracts: among('--subtract-b-dec', subtractBDec, 'yes', 'no') === 'yes' }),
    ...(layout !== undefined && { layout: among('--layout', layout, 'saelens', 'linear') }),
  };
  if (own && Object.keys(told).length > 0) {
    fail('bad-arguments', { file: '--k, --architecture, --subtract-b-dec, --layout' }, 'a model of others', 'a run');
  }
  return told;
}

/** The model of a checkpoint, of ours or of others, and what is to be said of how it was read. */
export async function openModel(path: string, options: ToldOptions): Promise<OpenedModel> {
  const opened = await openCheckpoint(path);
  const own = ownIn(opened);
  const told = toldIn(options, own !== undefined);
  if (own)
    return { file: opened.file, from: 'dictum', notes: [], model: modelOf(own, opened.file), tensors: opened.tensors };
  const { from, notes, ...model } = foreignModel(opened.tensors, opened.settings, opened, told);
  return { file: opened.file, from, notes, model, tensors: opened.tensors };
}
