/**
 * What `dictum bench lrb` runs: the paper's tables on the Linear Representation Bench, at the paper's scale (n=1000, n_p=768,
 * n_q=16000, 100 anchors) or a tenth of it. What the paper leaves open (optimizer, rate, batch, steps, penalties, k, magnitudes) is
 * set here and recorded in every result. All runs stop after the same number of steps: no run is stopped by what it shows.
 */
import type { BackendName } from '../../train/backend/backend.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import { enterConfig } from '../train/readConfig.ts';

export const PRESETS = [
  'table1',
  'superposition',
  'interference',
  'sparsity',
  'topk',
  'resampling',
  'absorption',
] as const;
export type Preset = (typeof PRESETS)[number];
export type Scale = 'small' | 'paper';

/** One line of the result: runs that differ in the seed alone. */
export interface Arm {
  readonly method: string;
  readonly anchored: boolean;
  readonly condition: string;
  /** How many features are anchored, or would be: the others are compared apart. */
  readonly anchors: number;
  /** Number of the paper's table, and its row's condition. */
  readonly table?: string;
  readonly configs: readonly TrainConfig[];
}

interface Wish {
  readonly preset: Preset;
  readonly scale: Scale;
  readonly seeds: readonly number[];
  readonly steps?: number;
  readonly backend?: BackendName;
  /** Encoder and decoder biases, which the paper's models have not; no figures of the paper stand beside such. */
  readonly biases?: 'added' | 'subtracted';
}

const SCALES = {
  small: { features: 100, np: 76, neurons: 1600, anchors: 10, k: 8, steps: 8000, rate: 0.003, divisor: 10 },
  paper: { features: 1000, np: 768, neurons: 16_000, anchors: 100, k: 64, steps: 20_000, rate: 0.001, divisor: 1 },
} as const;

const LAMBDA = 0.1;

export const STOPPING =
  'every run takes the same number of steps, fixed before: the rate rises over 100 steps and falls to a tenth along a cosine';

/** Methods by the paper's names, as parts of a configuration. */
function methods(size: {
  readonly k: number;
  readonly neurons: number;
}): ReadonlyMap<string, { method: object; variant?: string }> {
  const k = size.k;
  const prefixes = [1, 4, 16].map((part) => (size.neurons * part) / 16);
  return new Map<string, { method: object; variant?: string }>([
    ['ReLU SAE', { method: { kind: 'relu', l1: 0.5 } }],
    ['JumpReLU SAE', { method: { kind: 'jumprelu', l0: 0.05 } }],
    ['TopK SAE', { method: { kind: 'topk', k } }],
    ['BatchTopK SAE', { method: { kind: 'batchtopk', k } }],
    ['Matryoshka SAE', { method: { kind: 'matryoshka', k, prefixes } }],
    ['Transcoder', { method: { kind: 'topk', k }, variant: 'transcoder' }],
    ['Crosscoder', { method: { kind: 'topk', k }, variant: 'crosscoder' }],
  ]);
}

/** What an arm changes: parts of a configuration. */
interface Change {
  readonly data?: object;
  /** In place of the bench. */
  readonly hierarchy?: { readonly parents: number; readonly shares: readonly number[] };
  readonly method?: object;
  readonly resampling?: object;
  readonly neurons?: number;
}

export function armsOf({ preset, scale, seeds, steps, backend, biases }: Wish): Arm[] {
  const size = SCALES[scale];
  const all = methods(size);
  const arm = (method: string, anchored: boolean, of: string, table: string | undefined, change: Change): Arm => {
    const base = methods({ ...size, neurons: change.neurons ?? size.neurons }).get(method);
    if (!base) throw new Error(`no method ${method}`);
    // A transcoder's targets are not its inputs.
    const decoder = base.variant === 'transcoder' ? 'added' : biases;
    const condition = [biases && `biases ${decoder}`, of].filter(Boolean).join(', ');
    const name = [preset, method, anchored ? 'anchored' : 'free', condition]
      .filter(Boolean)
      .join('-')
      .replaceAll(/[^A-Za-z0-9.-]+/g, '_');
    const configs = seeds.map((seed) => {
      const config = {
        format: 'dictum/train@1',
        name: `${name}-seed${seed}`,
        seed,
        ...(backend && { backend }),
        data: change.hierarchy
          ? { kind: 'hierarchy', np: size.np, ...change.hierarchy }
          : {
              kind: 'bench',
              features: size.features,
              np: size.np,
              ...(base.variant && { variant: base.variant }),
              ...change.data,
            },
        method: { ...base.method, ...change.method },
        neurons: change.neurons ?? size.neurons,
        ...(biases && { biases: { encoder: true, decoder } }),
        start: { radius: 0.1 },
        steps: steps ?? size.steps,
        optimizer: { rate: size.rate },
        checkpointEvery: 0,
        ...(anchored && { anchoring: { count: size.anchors, weight: LAMBDA } }),
        ...(change.resampling && { resampling: change.resampling }),
      };
      return enterConfig(JSON.stringify(config), `preset ${preset}`);
    });
    const paper = table !== undefined && !biases && { table };
    return { method, anchored, condition, anchors: size.anchors, ...paper, configs };
  };
  const both = (names: readonly string[], condition: string, table: string, change: Change): Arm[] =>
    names.flatMap((name) => [false, true].map((anchored) => arm(name, anchored, condition, table, change)));
  const saes = [...all.keys()].slice(0, 5);
  switch (preset) {
    case 'table1':
      return both([...all.keys()], '', '1', {});
    case 'superposition':
      return [800, 900, 1000, 1100, 1200, 1300, 1400].flatMap((n) =>
        both(['ReLU SAE'], `n=${n}`, '4', { data: { features: n / size.divisor } }),
      );
    case 'interference':
      return [0.05, 0.2, 0.5].flatMap((max) => both(saes, `M=${max}`, '5', { data: { interference: { max } } }));
    case 'sparsity':
      return [0.005, 0.01, 0.1].flatMap((rest) =>
        both(saes, `1-S=${rest}`, '6', { data: { activity: { sparsity: 1 - rest } } }),
      );
    case 'topk':
      return [32, 64, 128].flatMap((k) =>
        both(['TopK SAE'], `k=${k}`, '7', { method: { k: Math.round(k / size.divisor) } }),
      );
    case 'absorption':
      // Parents with four children each, equally frequent or not: as many features as in the other presets.
      return [
        [0.25, 0.25, 0.25, 0.25],
        [0.7, 0.1, 0.1, 0.1],
      ].flatMap((shares) => {
        const hierarchy = { parents: size.features / 5, shares };
        const change = { hierarchy, neurons: 4 * size.features };
        return saes.map((name) => arm(name, false, `shares ${shares.join(' ')}`, undefined, change));
      });
    case 'resampling': {
      const resampling = { every: Math.max(1, Math.floor((steps ?? size.steps) / 10)) };
      // As many neurons as features too: there every neuron that stays dead costs a feature.
      return [undefined, size.features].flatMap((neurons) =>
        ['ReLU SAE', 'JumpReLU SAE', 'TopK SAE'].flatMap((name) => {
          const condition = neurons === undefined ? '' : 'n_q=n, ';
          const change = neurons === undefined ? {} : { neurons };
          return [
            arm(name, false, `${condition}without`, undefined, change),
            arm(name, false, `${condition}resampling`, undefined, { ...change, resampling }),
          ];
        }),
      );
    }
  }
}
