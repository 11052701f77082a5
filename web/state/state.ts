/** All that the page shows, as one value. What is not in it is not in the link, and is lost with the page. */
import { THREE } from './examples.ts';
import type { Scene } from './scene.ts';

export const VIEWS = [
  'plane',
  'patterns',
  'landscape',
  'training',
  'certificate',
  'claims',
  'model',
  'glossary',
] as const;
export type View = (typeof VIEWS)[number];

export interface Training {
  readonly runs: number;
  readonly optimizer: 'gd' | 'sgd' | 'adam';
  readonly rate: string;
  readonly seed: number;
}

export interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

export interface ModelView {
  /** The example that comes with the page, until files are given. */
  readonly example: boolean;
  /** The latent whose card is open, by its index in the tensor. */
  readonly latent: number | undefined;
  /** Least and largest strength of a feature, as `--strength` has them. */
  readonly strength: string;
}

export interface State {
  readonly view: View;
  readonly scene: Scene;
  /** The neuron that the plane is shaded for, from 0. */
  readonly neuron: number;
  /** How the sphere is turned, in degrees: around its axis, and towards the reader. */
  readonly turn: readonly [number, number];
  /** From a saddle, how many frames down. */
  readonly down: number;
  /** Patterns: only sets with these features, from 1. */
  readonly containing: readonly number[];
  /** A published certificate, by its file below certificates/; or one of the reader's, packed. */
  readonly certificate: { readonly file: string } | { readonly packed: string } | undefined;
  /** What the reader changed in it: so many characters from here, for these. */
  readonly edit: Edit | undefined;
  /** The claim that is opened, by its id. */
  readonly claim: string | undefined;
  /** Claims: only those in whose texts these words are. */
  readonly find: string;
  readonly training: Training;
  /** A model of the reader's is not in it: files stay where they are. */
  readonly model: ModelView;
}

export const START: State = {
  view: 'plane',
  scene: THREE,
  neuron: 0,
  turn: [-120, 22],
  down: 0,
  containing: [],
  certificate: undefined,
  edit: undefined,
  claim: undefined,
  find: '',
  training: { runs: 200, optimizer: 'gd', rate: '0.05', seed: 1 },
  model: { example: false, latent: undefined, strength: '1..2' },
};
