/** The folder of a run: configuration, log, checkpoint, result, metrics, page. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { outputs, reason, writeAtomically } from '../../terminal/files.ts';
import { makeFolder } from '../../terminal/folders.ts';
import { version } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import type { Metrics } from '../../train/metrics/metrics.ts';
import { TAUS } from '../../train/metrics/similarity.ts';
import { readCheckpoint, type Saved, writeCheckpoint } from '../../train/run/checkpoint.ts';
import type { TrainResult } from '../../train/run/result.ts';
import type { StepRecord, TrainState } from '../../train/run/training.ts';
import { readBinary } from './openSource.ts';
import { trainPage } from './page.ts';
import { refusingTraining } from './readConfig.ts';

const FILES = ['log.jsonl', 'checkpoint.safetensors', 'result.json', 'metrics.csv', 'report.html'] as const;

export class TrainFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<TrainFolder> {
    await makeFolder(path);
    return new TrainFolder(path);
  }

  at(name: string): string {
    return join(this.#path, name);
  }

  /** Refuses before the training what it could not write after it. */
  async ready(): Promise<void> {
    await outputs(...FILES.map((name) => this.at(name)));
  }

  /** The checkpoint of the same configuration to go on from, if there is one. */
  async saved(config: TrainConfig): Promise<Saved | undefined> {
    const file = this.at('checkpoint.safetensors');
    if (!existsSync(file)) return undefined;
    const bytes = await readBinary(file, true);
    const found = refusingTraining(file, () => readCheckpoint(bytes, file));
    if (found && JSON.stringify(found.config) === JSON.stringify(config)) return found;
    return fail('wrong-checkpoint', { file }, 'the checkpoint of this configuration', 'that of another');
  }

  /** Returns the SHA-256 of what was written. */
  async checkpoint(config: TrainConfig, state: TrainState): Promise<string> {
    const bytes = writeCheckpoint(config, state);
    await writeAtomically(this.at('checkpoint.safetensors'), bytes);
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** Begins the log, keeping the records up to the step to go on from. */
  async keptRecords(step: number): Promise<StepRecord[]> {
    const file = this.at('log.jsonl');
    const records: StepRecord[] = [];
    if (step > 0 && existsSync(file)) {
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        // A last line may be cut off.
        if (!line.endsWith('}')) continue;
        const record = JSON.parse(line) as StepRecord;
        if (record.step <= step) records.push(record);
      }
    }
    await writeAtomically(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    return records;
  }

  log(record: StepRecord): void {
    const file = this.at('log.jsonl');
    try {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    } catch (thrown) {
      fail('cannot-write', { file }, 'a place to write to', reason(thrown));
    }
  }

  async finish(result: TrainResult): Promise<void> {
    await writeAtomically(this.at('result.json'), `${JSON.stringify(result)}\n`);
    await writeAtomically(this.at('metrics.csv'), metricsCsv(result.metrics));
    await writeAtomically(this.at('report.html'), trainPage(result));
  }
}

export function resultOf(
  config: TrainConfig,
  done: {
    device: string;
    seconds: number;
    steps: number;
    weights: string;
    records: readonly StepRecord[];
    metrics: Metrics;
  },
): TrainResult {
  const { device, ...rest } = done;
  const machine = {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpu: cpus()[0]?.model ?? '',
    device,
  };
  return { format: 'dictum/train-result@1', version: version(), config, machine, taus: [...TAUS], ...rest };
}

/** One row per convention. */
export function metricsCsv({ usage, recovery = [], absorption, detection }: Metrics): string {
  const head = ['by', 'similarity', 'match', 'anchors', 'mean', ...TAUS.map((tau) => `recovered>${tau}`)];
  const rows = recovery.map((r) => [r.by, r.similarity, r.match, r.anchors, r.mean, ...r.recovered].join(','));
  const facts = Object.entries({ ...usage, ...(absorption && { absorption: absorption.rate }), ...detection });
  return `${[head.join(','), ...rows].join('\n')}\n\nmetric,value\n${facts.map((fact) => fact.join(',')).join('\n')}\n`;
}
