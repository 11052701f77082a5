/** Rules for `realizable`: an encoder that shows the pattern, or a Farkas vector against every encoder (theory: Motzkin). */

import type { Node } from '../document/node.ts';
import { capacity } from '../model/activation.ts';
import { type Encoder, featureAt, type Instance, type Pattern, readEncoder } from '../model/instance.ts';
import { patternOfActive, patternShown, patternText, samePattern } from '../model/model.ts';
import { type Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import { combine, Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** The features on which each gate is open. */
const openGates = (m: Instance, { rows, bias }: NonNullable<Encoder['gate']>): Pattern =>
  patternOfActive(rows.map((row, i) => m.features.map((f) => row.dot(f.wp).plus(bias.at(i)).sign() > 0)));

/** Realizable: the encoder given shows just this pattern; of a gated model, its gates do. */
const realizes: Rule = (judgement, node, { instance }) => {
  const { pattern } = asked(judgement, 'realizable', true, node);
  const shape = { ...instance, neurons: pattern.length };
  const encoder = readEncoder(node.fields(['rule', 'we'], ['gate', 'bias']), shape);
  const shown = encoder.gate ? openGates(instance, encoder.gate) : patternShown(instance, encoder);
  if (!samePattern(shown, pattern))
    invalid('wrong-pattern', `${node.path}.we`, patternText(pattern), patternText(shown));
  return {};
};

export interface Term {
  readonly feature: number;
  readonly weight: Rational;
}

export function positive(node: Node): Rational {
  const value = node.rational();
  return value.sign() > 0 ? value : invalid('not-positive', node.path, 'a positive weight', `${value}`);
}

/** A list of {feature, weight}: increasing features, positive weights; the features in `set` or, with `inside` false, not in it. */
export function readTerms(node: Node, n: number, set?: readonly number[], inside = true): Term[] {
  let last = -1;
  return node.items().map((item) => {
    const { feature: number, weight } = item.fields(['feature', 'weight']);
    const feature = number.index(1, n) - 1;
    if (feature <= last) malformed('not-increasing', number.path, 'increasing feature numbers', `${feature + 1}`);
    if (set && set.includes(feature) !== inside) {
      invalid('wrong-side', number.path, `a feature ${inside ? 'of' : 'outside'} the neuron's set`, `${feature + 1}`);
    }
    last = feature;
    return { feature, weight: positive(weight) };
  });
}

const total = (terms: readonly Term[]): Rational => sum(terms.map((t) => t.weight));

export function combination(m: Instance, terms: readonly Term[]): Vector {
  return combine(
    terms.map((t) => t.weight),
    terms.map((t) => featureAt(m, t.feature).wp),
    m.np,
  );
}

/**
 * That no e is positive (above the threshold, open at the gate) on `on` and not so on `off`: sum_on weight w = sum_off weight w
 * with positive weights and `on` not empty. Each e would give a positive left side and a right side <= 0. With a threshold theta > 0
 * the left side exceeds theta sum_on and the right is at most theta sum_off: also needed, sum_off <= sum_on. With a gate's bias:
 * sum_off = sum_on. Where e has to be negative on `off` (`strict`), `off` alone will do.
 */
export function checkFarkas(
  instance: Instance,
  node: Node,
  terms: { on: readonly Term[]; off: readonly Term[] },
  strict = false,
): void {
  const { on, off } = terms;
  if (on.length === 0 && !(strict && off.length > 0)) {
    invalid('empty-farkas', `${node.path}.on`, 'at least one feature of the set', 'none');
  }
  const [left, right] = [combination(instance, on), combination(instance, off)];
  if (!left.equals(right)) invalid('farkas-unequal', node.path, `sum off = sum on = ${left}`, `${right}`);
  const { kind } = instance.activation;
  const excess = total(off).compare(total(on));
  if (kind === 'jumprelu' && instance.activation.theta.sign() > 0) {
    if (excess > 0)
      invalid('farkas-threshold', `${node.path}.off`, `weights of sum at most ${total(on)}`, `${total(off)}`);
  } else if (kind === 'gated') {
    if (excess !== 0) invalid('farkas-bias', `${node.path}.off`, `weights of sum ${total(on)}`, `${total(off)}`);
  } else if (kind !== 'relu' && kind !== 'identity' && kind !== 'jumprelu') {
    invalid('wrong-rule', `${node.path}.rule`, `farkas-joint or capacity, for kind "${kind}"`, 'farkas');
  }
}

/** Not realizable, by one neuron alone. */
const farkas: Rule = (judgement, node, { instance }) => {
  const { pattern } = asked(judgement, 'realizable', false, node);
  const parts = node.fields(['rule', 'neuron', 'on', 'off']);
  const neuron = parts.neuron.index(1, pattern.length) - 1;
  const set = pattern[neuron] ?? [];
  const on = readTerms(parts.on, instance.features.length, set, true);
  const off = readTerms(parts.off, instance.features.length, set, false);
  checkFarkas(instance, node, { on, off });
  const side = (terms: readonly Term[]) => terms.map((t) => ({ feature: t.feature + 1, weight: `${t.weight}` }));
  return { neuron: neuron + 1, on: side(on), off: side(off) };
};

/** How many neurons carry feature d. */
const load = (pattern: Pattern, d: number): number => pattern.filter((set) => set.includes(d)).length;

/** Not realizable, by counting: more active pairs than the activation lets through, or for topk-pure not just k. */
const overCapacity: Rule = (judgement, node, { instance }) => {
  const { pattern } = asked(judgement, 'realizable', false, node);
  node.fields(['rule']);
  const { activation, features } = instance;
  if (!('k' in activation))
    return invalid('wrong-rule', `${node.path}.rule`, `farkas, for kind "${activation.kind}"`, 'capacity');
  const room = capacity(activation, features.length);
  const loads = features.map((_, d) => load(pattern, d));
  const exact = Math.min(room, pattern.length);
  if (activation.kind === 'batchtopk') {
    const has = loads.reduce((a, b) => a + b, 0);
    if (has > room) return { lets: room, has };
  } else {
    const d = loads.findIndex((count) => (activation.kind === 'topk' ? count > room : count !== exact));
    if (d >= 0) return { lets: exact, has: loads[d] as number, feature: d + 1 };
  }
  return invalid('within-capacity', node.path, `a pattern that breaks the capacity ${room}`, patternText(pattern));
};

/**
 * Not realizable, by all neurons together (topk, topk-pure, batchtopk): positive multiples of valid inequalities, at least
 * one of them strict, add up to 0. Rows for neuron i and feature d, with A(d) the neurons that carry d:
 *   on:      z_id > 0, i in A(d).
 *   off:     z_id <= 0, i not in A(d); topk, only where A(d) has fewer than k members.
 *   compare: z_id > z_jd, i in A(d), j = over not in A(d); topk-pure, and topk where A(d) has k members.
 * For batchtopk with a full batch some t >= 0 has z_id > t on and z_id <= t off: then sum_off <= sum_on is needed too.
 */
const farkasJoint: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'realizable', false, node);
  const { activation } = m;
  if (!('k' in activation))
    return invalid('wrong-rule', `${node.path}.rule`, `farkas, for kind "${activation.kind}"`, 'farkas-joint');
  const sums = pattern.map(() => Vector.zero(m.np));
  const weight = { on: ZERO, off: ZERO, compare: ZERO };
  for (const row of node.fields(['rule', 'rows']).rows.items()) {
    const parts = row.fields(['kind', 'neuron', 'feature', 'weight'], ['over']);
    const kind = parts.kind.word(['on', 'off', 'compare'] as const);
    const i = parts.neuron.index(1, pattern.length) - 1;
    const d = parts.feature.index(1, m.features.length) - 1;
    const active = (neuron: number): boolean => pattern[neuron]?.includes(d) ?? false;
    const full = load(pattern, d) === activation.k;
    const over =
      kind === 'compare'
        ? row.fields(['kind', 'neuron', 'over', 'feature', 'weight']).over.index(1, pattern.length) - 1
        : undefined;
    if (over === undefined && parts.over)
      malformed('unknown-key', parts.over.path, '"over" only to compare', 'it here');
    const valid = {
      on: active(i) && activation.kind !== 'topk-pure',
      off:
        !active(i) &&
        (activation.kind === 'batchtopk' || (activation.kind === 'topk' && load(pattern, d) < activation.k)),
      compare: active(i) && over !== undefined && !active(over) && full && activation.kind !== 'batchtopk',
    };
    if (!valid[kind])
      invalid(
        'not-implied',
        row.path,
        'an inequality that the pattern implies',
        `${kind} for neuron ${i + 1}, feature ${d + 1}`,
      );
    const by = positive(parts.weight);
    weight[kind] = weight[kind].plus(by);
    const w = featureAt(m, d).wp.times(by);
    sums[i] = (sums[i] as Vector).plus(kind === 'off' ? w.negated() : w);
    if (over !== undefined) sums[over] = (sums[over] as Vector).minus(w);
  }
  if (weight.on.plus(weight.compare).sign() === 0)
    invalid('empty-farkas', node.path, 'at least one strict row', 'none');
  const left = sums.findIndex((v) => !v.isZero());
  if (left >= 0) invalid('farkas-unequal', node.path, 'rows that add up to 0', `${sums[left]} for neuron ${left + 1}`);
  const isFull = pattern.reduce((count, set) => count + set.length, 0) >= capacity(activation, m.features.length);
  if (activation.kind === 'batchtopk' && isFull && weight.off.compare(weight.on) > 0) {
    invalid('farkas-threshold', node.path, `off weights of sum at most ${weight.on}`, `${weight.off}`);
  }
  return {};
};

export const realizabilityRules: Pack = pack({ realizes, farkas, 'farkas-joint': farkasJoint, capacity: overCapacity });
