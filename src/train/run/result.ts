/** What a finished run is, on disk: schemas/train-result.schema.json. */
import type { TrainConfig } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { StepRecord } from './training.ts';

export interface TrainResult {
  readonly format: 'dictum/train-result@1';
  readonly version: string;
  readonly config: TrainConfig;
  readonly machine: object;
  readonly seconds: number;
  readonly steps: number;
  /** SHA-256 of the checkpoint file. */
  readonly weights: string;
  readonly records: readonly StepRecord[];
  readonly taus: readonly number[];
  readonly metrics: Metrics;
}
