/**
 * What a certificate has to show, and how a proof of it is walked. A goal is recomputed from claim, reading and instance;
 * the certificate brings only the proof, a tree of the same shape: for `all` a list with a proof of each part, for `some` the
 * part chosen and its proof, for `computed` the word "compute", for a judgement a rule and the data that rule needs.
 */

import type { Node } from '../document/node.ts';
import type { Configuration, Instance, Pattern, Region } from '../model/instance.ts';
import type { GeneratedModel, Subject } from '../model/subject.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import type { Matrix } from '../numbers/vector.ts';
import { type Computed, type Definite, type Evidence, type Fact, type Stated, setsOf } from './fact.ts';

/** What computing alone cannot settle, true or false as `truth` says. */
export type Judgement = { readonly kind: 'judgement'; readonly truth: boolean } & (
  | { readonly predicate: 'realizable'; readonly pattern: Pattern }
  /** There is a configuration with `such`; `what` says it in words. There is none where `unless` holds. */
  | {
      readonly predicate: 'exists';
      readonly what: string;
      readonly such: (at: Configuration) => Goal;
      readonly unless?: () => Goal;
    }
  /** No configuration near `at` has a smaller L~. */
  | { readonly predicate: 'local-minimum'; readonly at: Configuration }
  | { readonly predicate: 'global-minimum'; readonly at: Configuration; readonly of?: 'ground-truth' }
  /** W_D sigma(W_E W_p x) = W_r x for every real x, so the true loss is 0 for every distribution. */
  | { readonly predicate: 'reconstructs'; readonly at: Configuration }
  /**
   * Some configuration shows the pattern, has L~ > 0, and is a partial minimum over R^(n_r x n_q) x Omega_P (Gorski et al.
   * 2007); with `stationary`, both of its gradients vanish, which leaves out partial minima on faces of Omega_P.
   */
  | { readonly predicate: 'partial-minimum'; readonly pattern: Pattern; readonly stationary: boolean }
  /**
   * Some configuration shows the pattern and is a partial minimum over R^(n_r x n_q) x Omega_P; as a `minimum`, L~ is nowhere near
   * it smaller; as a `saddle`, L~ is smaller at points as near to it as one likes.
   */
  | { readonly predicate: 'critical'; readonly pattern: Pattern; readonly as: 'any' | 'minimum' | 'saddle' }
  /** Some configuration shows the pattern, no pre-activation 0 except in dead neurons, and is a local minimum of L~. */
  | { readonly predicate: 'strict-trap'; readonly pattern: Pattern }
  /** Some encoder row is negative on every feature. */
  | { readonly predicate: 'strictly-dead' }
  /** The directions span R^n_p positively: the only row that is positive on no feature is 0. */
  | { readonly predicate: 'spanning' }
  /** How many sets of features one neuron can show; how many chambers, where no pre-activation is at its kink. */
  | { readonly predicate: 'counted'; readonly of: 'sets' | 'chambers' }
  | { readonly predicate: 'definite'; readonly matrix: Matrix; readonly what: Definite }
  /** The infimum of L~ over the encoders that show `left`, and all decoders, is at most that of `right`. */
  | { readonly predicate: 'best-loss-at-most'; readonly left: Pattern; readonly right: Pattern }
  /** No two codes with at most k entries other than 0, of either sign (`signed`) or >= 0, have one sum of the w_d. */
  | { readonly predicate: 'unique-codes'; readonly k: number; readonly signed: boolean }
  /** ReLU(W_E W_p) without the anchored rows has rank n. */
  | { readonly predicate: 'independent-codes'; readonly scale: GeneratedModel }
  /** Some path from `at`, along which L~ never rises, ends at L~ = 0 (`zero`), or at a smaller L~ than that of `at` (`lower`). */
  | { readonly predicate: 'valley-exit'; readonly at: Configuration; readonly to: 'zero' | 'lower' }
  /** With some weights M > 0 in place of the instance's, `partial-minimum` of the pattern, both gradients 0. */
  | { readonly predicate: 'some-weights'; readonly pattern: Pattern }
  /**
   * For every instance whose w_d, r_d and M_d differ from this one's by at most its radius in each entry, some encoder shows the pattern, and no configuration that
   * shows it is a partial minimum over R^(n_r x n_q) x Omega_P.
   */
  | { readonly predicate: 'refuted-near'; readonly pattern: Pattern }
  /** The infimum of L~ over all encoders and decoders is what the evidence says, or between its two ends. */
  | { readonly predicate: 'least-loss' }
  /** Omega_P is convex, and L~ convex in W_D for W_E in it, and convex in W_E over it for every W_D. */
  | { readonly predicate: 'biconvex'; readonly pattern: Pattern; readonly region: Region }
);

export type Goal =
  | { readonly kind: 'all' | 'some'; readonly of: readonly Goal[] }
  /** Settled by computing; `fact` is what was found, whichever of the goal and its negation that proves. */
  | { readonly kind: 'computed'; readonly holds: boolean; readonly fact: Computed }
  | Judgement;

type Parts = readonly (Goal | readonly Goal[])[];
/** Parts one by one, or in arrays: as arguments many would overflow the stack. */
export const all = (...of: Parts): Goal => ({ kind: 'all', of: of.flat() });
export const some = (...of: Parts): Goal => ({ kind: 'some', of: of.flat() });
type WithoutSign<J> = J extends Judgement ? Omit<J, 'kind' | 'truth'> : never;
export const judge = (judgement: WithoutSign<Judgement>): Goal => ({ ...judgement, kind: 'judgement', truth: true });
export const computed = (holds: boolean, fact: Computed): Goal => ({ kind: 'computed', holds, fact });

export function not(goal: Goal): Goal {
  switch (goal.kind) {
    case 'all':
      return { kind: 'some', of: goal.of.map(not) };
    case 'some':
      return { kind: 'all', of: goal.of.map(not) };
    case 'computed':
      return { ...goal, holds: !goal.holds };
    case 'judgement':
      return { ...goal, truth: !goal.truth };
  }
}

/** What a rule is given beside its judgement. */
export interface Context<S extends Subject = Instance> {
  /** What the claim is about. */
  readonly instance: S;
  /** Those of the claim: no other proves anything here. */
  readonly rules: Pack;
  /** What was established so far. */
  readonly facts: Fact[];
}

/**
 * Accepts the judgement on the data of `node`, or refuses. The data of a proof step are the keys beside "rule". Tells by what numbers.
 * The type of a method, so that rules about different subjects can stand in one pack list; a claim names those about its own.
 */
export type Rule<S extends Subject = Instance> = {
  by(judgement: Judgement, node: Node, context: Context<S>): Evidence;
}['by'];

/** Rules by the names that certificates call them by. Each file of ../rules has one such pack; a claim names those that its proofs may use. */
export type Pack = ReadonlyMap<string, Rule<Subject>>;
export const pack = (rules: Readonly<Record<string, Rule>>): Pack => new Map(Object.entries(rules));

/** Every name that the format has for a rule: another is malformed, while one that the claim has not proves nothing of it. */
export const RULE_NAMES: readonly string[] = [
  'realizes farkas farkas-joint capacity deletion-restriction pattern-tree configuration excluded zero-loss lower-loss top-eigenvalue descent-curve',
  'ldl negative-direction fixed-active-sets convexity-violation paired-rows partial-minimum critical-point no-critical-point minimum saddle',
  'no-minimum no-saddle blocks enclosed-minimum no-strict-trap valley-exit steps no-zero-loss weights no-weights negative-row hull-relation spanning-relation half-space-row',
  'rank-mod-p best-losses cells two-codes independent-columns separating-rows least-loss strict-minimum no-loss rank-bound',
].flatMap((names) => names.split(' '));

/** Walks a proof; returns if it proves the goal, refuses if it does not. */
export function prove(goal: Goal, proof: Node, context: Context<Subject>): void {
  switch (goal.kind) {
    case 'all': {
      const parts = proof.items(goal.of.length);
      for (const [k, part] of goal.of.entries()) prove(part, parts[k] as Node, context);
      return;
    }
    case 'some': {
      const { choose, proof: chosen } = proof.fields(['choose', 'proof']);
      prove(goal.of[choose.index(1, goal.of.length) - 1] as Goal, chosen, context);
      return;
    }
    case 'computed':
      proof.word(['compute']);
      if (!goal.holds) invalid('does-not-hold', proof.path, 'the opposite', JSON.stringify(goal.fact));
      context.facts.push(goal.fact);
      return;
    case 'judgement': {
      const name =
        proof.members().get('rule') ?? malformed('missing-key', `${proof.path}.rule`, 'the key "rule"', 'none');
      const by = name.word(RULE_NAMES);
      const rule =
        context.rules.get(by) ?? invalid('wrong-rule', name.path, ruleFor(goal), `one of another claim, "${by}"`);
      const evidence = rule(goal, proof, context);
      context.facts.push({ ...stated(goal, context.instance), truth: goal.truth, by, ...evidence });
    }
  }
}

/** The judgement as a value, every condition of it included. */
function stated(judgement: Judgement, m: Subject): Stated {
  const gates = m.format === 'dictum/instance@1' && m.activation.kind === 'gated';
  const { predicate: relation } = judgement;
  switch (relation) {
    case 'realizable':
      return { relation, pattern: setsOf(judgement.pattern), gates };
    case 'partial-minimum':
      return { relation, pattern: setsOf(judgement.pattern), stationary: judgement.stationary };
    case 'critical':
      return { relation, pattern: setsOf(judgement.pattern), as: judgement.as };
    case 'biconvex':
      return { relation, pattern: setsOf(judgement.pattern), region: judgement.region, gates };
    case 'global-minimum':
      return { relation, of: judgement.of ?? 'instance' };
    case 'counted':
      return { relation, of: judgement.of, gates };
    case 'definite':
      return { relation, what: judgement.what };
    case 'unique-codes':
      return { relation, k: judgement.k, signed: judgement.signed };
    case 'valley-exit':
      return { relation, to: judgement.to };
    case 'best-loss-at-most':
      return { relation, left: setsOf(judgement.left), right: setsOf(judgement.right) };
    case 'independent-codes':
      return { relation, features: judgement.scale.features, anchors: judgement.scale.anchors };
    default:
      return 'pattern' in judgement
        ? { relation: judgement.predicate, pattern: setsOf(judgement.pattern) }
        : { relation: judgement.predicate };
  }
}

const named = ({ predicate, truth }: Pick<Judgement, 'predicate' | 'truth'>): string =>
  truth ? predicate : `not ${predicate}`;
const ruleFor = (judgement: Judgement): string => `a rule for ${named(judgement)}`;

type Of<P extends Judgement['predicate']> = Extract<Judgement, { predicate: P }>;

/** The judgement as one of `predicate` with `truth`: all that the calling rule can prove. */
export function asked<P extends Judgement['predicate']>(
  judgement: Judgement,
  predicate: P,
  truth: boolean,
  at: Node,
): Of<P> {
  if (judgement.predicate !== predicate || judgement.truth !== truth) {
    invalid('wrong-rule', `${at.path}.rule`, ruleFor(judgement), `one for ${named({ predicate, truth })}`);
  }
  return judgement as Of<P>;
}
