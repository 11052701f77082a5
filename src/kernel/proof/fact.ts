/**
 * What a proof establishes, as a plain value that can be printed as JSON and compared: docs/certificate-format.md, "Facts". Features and
 * neurons count from 1, and exact numbers are strings, as in certificates. No words are made here, and none are read back anywhere:
 * src/words/sentence.ts makes the sentence of a fact.
 */
import type { Activation, Pattern } from '../model/instance.ts';
import type { Rational } from '../numbers/rational.ts';
import type { Vector } from '../numbers/vector.ts';

/** `-12/13`, `5` */
export type Exact = string;
/** Numbers and figures as text, by name. */
export type Texts<Names extends string> = Readonly<Record<Names, string>>;
type Numbers = readonly number[];
/** A set for each neuron, features counted from 1. */
export type Sets = readonly Numbers[];
/** A number lies between these, which may be equal. */
export type Bounds = readonly [Exact, Exact];
/** A feature, from 1, with its weight in a sum. */
export interface Term {
  readonly feature: number;
  readonly weight: Exact;
}
/** A number with its name. */
export interface Quantity {
  /** A symbol or formula, `n_q`. */
  readonly name: string;
  readonly value: Exact;
}

/** What a judgement is about. It is read off the goal, so that a fact cannot say more than was to be proved. */
export type Stated =
  /** With `gates`, the sets are those that gates are open on. */
  | { readonly relation: 'realizable'; readonly pattern: Sets; readonly gates: boolean }
  /** Along a path from the configuration L~ never rises; where it ends L~ is 0, or smaller. */
  | { readonly relation: 'valley-exit'; readonly to: 'zero' | 'lower' }
  | { readonly relation: 'global-minimum'; readonly of: 'instance' | 'ground-truth' }
  | { readonly relation: 'exists' | 'local-minimum' | 'reconstructs' | 'strictly-dead' | 'spanning' | 'least-loss' }
  /** Of positive loss; `stationary`, with both gradients 0. */
  | { readonly relation: 'partial-minimum'; readonly pattern: Sets; readonly stationary: boolean }
  | { readonly relation: 'critical'; readonly pattern: Sets; readonly as: 'any' | 'minimum' | 'saddle' }
  /** `some-weights`: with weights other than the instance's, a point of positive loss with both gradients 0. */
  /** `refuted-near`: and no instance within the radius carries a partial minimum on the pattern, which all of them realize. */
  | { readonly relation: 'strict-trap' | 'some-weights' | 'refuted-near'; readonly pattern: Sets }
  | { readonly relation: 'counted'; readonly of: 'sets' | 'chambers'; readonly gates: boolean }
  /** `lambda` B - A of the neuron; or the Hessian of L~ in one block. */
  | { readonly relation: 'definite'; readonly what: Definite }
  /** Of codes with k entries other than 0, of either sign (`signed`) or >= 0, no two give one point. */
  | { readonly relation: 'unique-codes'; readonly k: number; readonly signed: boolean }
  | { readonly relation: 'best-loss-at-most'; readonly left: Sets; readonly right: Sets }
  | { readonly relation: 'independent-codes'; readonly features: number; readonly anchors: number }
  | { readonly relation: 'biconvex'; readonly pattern: Sets; readonly region: string; readonly gates: boolean };

/** A matrix whose sign is in question: lambda B - A of a neuron, lambda I - E[y y^T] with y = W_r x, or a block of the Hessian of L~. */
export type Definite =
  | { readonly matrix: 'pencil'; readonly neuron: number; readonly lambda: Exact }
  | { readonly matrix: 'moment'; readonly lambda: Exact }
  | { readonly matrix: 'hessian'; readonly block: 'W_D' | 'W_E' };

/** The numbers by which a rule proves it. */
export interface Evidence {
  /** Of L~, at the point found. */
  readonly loss?: Bounds;
  /** Whether the point lies on a face of Omega_P, with a gradient that is not 0. */
  readonly face?: boolean;
  /** A smaller L~ elsewhere. */
  readonly lower?: Exact;
  readonly lambdas?: readonly Exact[];
  /** L~ along a curve from the point, coefficients of 1, t, t^2, ... */
  readonly curve?: readonly Exact[];
  readonly neuron?: number;
  readonly neurons?: Numbers;
  /** sum_on weight w = sum_off weight w. */
  readonly on?: readonly Term[];
  readonly off?: readonly Term[];
  /** How many neurons are active on each feature (or, `feature` absent, on all together), and how many the pattern has. */
  readonly lets?: number;
  readonly has?: number;
  readonly feature?: number;
  readonly row?: readonly Exact[];
  /** Of the decoder, beside that row. */
  readonly column?: readonly Exact[];
  /** x^T G x < 0 for x = row. */
  readonly value?: Exact;
  readonly count?: Exact;
  readonly modulo?: number;
  /** How far other instances may be, entry by entry. */
  readonly radius?: Exact;
  /** M, feature by feature, in place of the instance's; `facts` are then with these. */
  readonly weights?: readonly Exact[];
  /** L~ that one pattern reaches, and below which the other never is. */
  readonly reached?: Exact;
  readonly bound?: Exact;
  /** L~ at two points, and between them above the chord; absent where the region itself is not convex. */
  readonly ends?: Bounds;
  readonly between?: Exact;
  readonly chord?: Exact;
  /** Of the configuration that exists, or of what excludes every one. */
  readonly facts?: readonly Fact[];
}

/** The rule `by` has proved it or, with `truth` false, its negation. */
export type Judged = Stated & Evidence & { readonly truth: boolean; readonly by: string };

/** A relation of two numbers, as it turned out. */
export interface Order {
  readonly relation: 'order';
  readonly left: Quantity;
  readonly order: '<' | '=' | '>';
  readonly right: Quantity;
  /** The numbers that they were computed from. */
  readonly where?: readonly Quantity[];
}

/** That something has a property or, with `truth` false, has not, and of what that was seen. */
export interface Property {
  readonly relation: 'property';
  readonly property: string;
  readonly truth: boolean;
  readonly pattern?: Sets;
  readonly features?: Numbers;
  readonly neuron?: number;
  readonly values?: readonly Quantity[];
}

/** Settled by computing. */
export type Computed =
  | Order
  | Property
  | {
      readonly relation: 'activation';
      readonly kind: Activation['kind'];
      readonly among: readonly Activation['kind'][];
    }
  /** `kinks`: the terms at kinks counted too. `square`: |grad L~|^2, active sets as they are. */
  | { readonly relation: 'stationary'; readonly truth: boolean; readonly kinks: boolean; readonly square: Exact }
  /** L - L~ = c t + O(t^2), features active t times as often. */
  | { readonly relation: 'linear-term'; readonly c: Exact }
  /** The first feature that is not reconstructed, if one is not. */
  | { readonly relation: 'zero-loss'; readonly loss: Exact; readonly feature?: number; readonly weight?: Exact }
  | {
      readonly relation: 'dimension';
      readonly parameters: number;
      readonly rank: number;
      readonly rescalings: number;
      readonly equations: number;
    }
  | { readonly relation: 'split'; readonly neuron: number; readonly features: number }
  | { readonly relation: 'anchor-cost'; readonly cost: Exact }
  | { readonly relation: 'recovered'; readonly count: number; readonly of: number }
  /** Row v, that of a feature or another, in place of neuron's (or as one more) lowers L~ by this. */
  | {
      readonly relation: 'decrease';
      readonly by: Exact;
      readonly feature?: number;
      readonly row?: readonly Exact[];
      readonly neuron: number;
    }
  | {
      readonly relation: 'penalty';
      readonly after: Exact;
      readonly before: Exact;
      readonly expected: Quantity;
    }
  /** Reported figures, as printed, and what they need or allow. */
  | ({ readonly relation: 'mean-at-least' | 'mean-at-most' } & Texts<
      'recovery' | 'tau' | 'mean' | 'reported' | 'bound'
    >)
  | ({ readonly relation: 'share-too-large' } & Texts<'recovery' | 'tau' | 'low' | 'most'>)
  | {
      readonly relation: 'multiple';
      readonly recovery: string;
      readonly interval: Bounds;
      readonly of: number;
      readonly numerator?: Exact;
    }
  /** Of a latent, on where it is above 0, at an input; or at a sum of inputs, each so many times. */
  | {
      readonly relation: 'margin';
      readonly latent: string;
      readonly at: readonly string[];
      readonly times?: readonly Exact[];
      readonly margin: Exact;
    }
  /** The greatest margin at sums of at most `most` inputs, each from 0 to `strength` times. */
  | ({ readonly relation: 'greatest-margin'; readonly most: number } & Texts<'latent' | 'margin' | 'strength'>)
  /** Of the strength of a parent concept, what its carrier writes alone and beside the child, and what those write that come with it. */
  | ({ readonly relation: 'shares'; readonly times: Bounds } & Texts<
      'carrier' | 'of' | 'with' | 'alone' | 'beside' | 'others'
    >)
  /** What the figures, each times its factor, add up to at least and at most. */
  | { readonly relation: 'compared'; readonly sum: Bounds; readonly order: '>=' | '>' | '=' };

/** What a proof established: a judgement that a rule has proved, or what computing has settled. */
export type Fact = Judged | Computed;

export const numbered = (set: readonly number[]): Numbers => set.map((d) => d + 1);
export const setsOf = (pattern: Pattern): Sets => pattern.map(numbered);
export const entriesOf = (v: Vector): Exact[] => v.entries().map((x) => `${x}`);
export const exactly = (x: Rational): Bounds => [`${x}`, `${x}`];

const quantity = (name: string, value: Rational | number): Quantity => ({ name, value: `${value}` });

/** left = a <, = or > b = right; `right` is '' where b is a constant. */
export function order(
  left: string,
  a: Rational,
  right: string,
  b: Rational,
  where: Record<string, Rational> = {},
): Order {
  const found = Object.entries(where).map(([name, value]) => quantity(name, value));
  return {
    relation: 'order',
    left: quantity(left, a),
    order: (['<', '=', '>'] as const)[a.compare(b) + 1] as Order['order'],
    right: quantity(right, b),
    ...(found.length > 0 && { where: found }),
  };
}

type Of = Omit<Property, 'relation' | 'property' | 'truth' | 'values'>;
export const property = (
  name: string,
  truth: boolean,
  of: Of = {},
  values: Record<string, Rational | number> = {},
): Property => {
  const found = Object.entries(values).map(([symbol, value]) => quantity(symbol, value));
  return { relation: 'property', property: name, truth, ...of, ...(found.length > 0 && { values: found }) };
};
