/** The answer to `is this pattern realizable`: plain data that the kernel's rules replay. */
import type { Encoder } from '../../kernel/model/instance.ts';

/** A feature, one-based, with a positive integer weight. */
export type WeightedFeature = { readonly feature: number; readonly weight: string };

/** An inequality that the pattern implies, one-based, with its positive weight; `over` only where kind is compare. */
export type WeightedRow = {
  readonly kind: 'on' | 'off' | 'compare';
  readonly neuron: number;
  readonly over?: number;
  readonly feature: number;
  readonly weight: string;
};

export type Refutation =
  | {
      readonly rule: 'farkas';
      readonly neuron: number;
      readonly on: readonly WeightedFeature[];
      readonly off: readonly WeightedFeature[];
    }
  | { readonly rule: 'farkas-joint'; readonly rows: readonly WeightedRow[] }
  | { readonly rule: 'capacity' };

export type Realization =
  | { readonly realizable: true; readonly encoder: Encoder }
  | { readonly realizable: false; readonly refutation: Refutation };
