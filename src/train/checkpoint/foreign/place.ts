/** All that is given of a checkpoint of others. */
import type { Scalar } from '../../data/scalar.ts';
import type { Beside, Layout, Tensors } from './layout.ts';
import type { Axes } from './orientation.ts';
import type { ForeignSettings, Settings } from './settings.ts';

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

export interface Place extends Files {
  readonly layout: Layout;
  readonly tensors: Tensors;
  readonly given: ForeignSettings | undefined;
  readonly settings: Settings;
  readonly told: Told;
}
