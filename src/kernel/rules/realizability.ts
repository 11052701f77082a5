/** Rules for `realizable`: an encoder that shows the pattern, or a Farkas vector against every encoder (theory: Motzkin). */

import type { Node } from '../document/node.ts';
import { capacity, thresholdOf } from '../model/activation.ts';
import { type Encoder, featureAt, type Instance, type Pattern, readEncoder } from '../model/instance.ts';
import { carriers, patternOfActive, patternShown, patternText, samePattern } from '../model/model.ts';
import { ONE, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { absurd, type Inequality } from '../numbers/system.ts';
import { Vector } from '../numbers/vector.ts';
import { keep } from '../numbers/work.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { positive, readTerms, type Term } from '../proof/terms.ts';

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

/**
 * What a row e of a neuron satisfies on feature d: above the threshold (open at the gate) where it is active, and not so elsewhere; `relation` is '<' where
 * it has to be less. Of a gate, x is (e, bias).
 */
export function inequality(m: Instance, d: number, relation: Inequality['relation']): Inequality {
  const { wp } = featureAt(m, d);
  const normal = m.activation.kind === 'gated' ? Vector.ints([...wp.num, wp.den], wp.den) : wp;
  return { normal, relation, bound: thresholdOf(m) };
}

/** That no row is active on `on` and not so, or (`strict`) less, on `off`: sum_on weight w = sum_off weight w, and sum_off <= sum_on with a threshold. */
export function checkFarkas(
  m: Instance,
  node: Node,
  { on, off }: { readonly on: readonly Term[]; readonly off: readonly Term[] },
  strict = false,
): void {
  const { kind } = m.activation;
  if ('k' in m.activation) {
    invalid('wrong-rule', `${node.path}.rule`, `farkas-joint or capacity, for kind "${kind}"`, 'farkas');
  }
  const system = [
    ...on.map(({ feature }) => inequality(m, feature, '>')),
    ...off.map(({ feature }) => inequality(m, feature, strict ? '<' : '<=')),
  ];
  absurd(system, [Vector.of([...on.map((t) => t.weight), ...off.map((t) => t.weight.negated())])], node);
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

/** Not realizable, by counting: more active pairs than the activation lets through, or for topk-pure not just k. */
const overCapacity: Rule = (judgement, node, { instance }) => {
  const { pattern } = asked(judgement, 'realizable', false, node);
  node.fields(['rule']);
  const { activation, features } = instance;
  if (!('k' in activation))
    return invalid('wrong-rule', `${node.path}.rule`, `farkas, for kind "${activation.kind}"`, 'capacity');
  const room = capacity(activation, features.length);
  const loads = carriers(pattern, features.length);
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
 * Not realizable, by all neurons together (topk, topk-pure, batchtopk). With A(d) the neurons that carry d, the pattern implies
 *   on:      z_id > 0, i in A(d).
 *   off:     z_id <= 0, i not in A(d); topk, only where A(d) has fewer than k members.
 *   compare: z_id > z_jd, i in A(d), j = over not in A(d); topk-pure, and topk where A(d) has k members.
 * For batchtopk with a full batch some t >= 0 has z_id > t on and z_id <= t off. The bounds are written for t = 1: what adds up to 0 or more does so for each t.
 */
const farkasJoint: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'realizable', false, node);
  const { activation } = m;
  if (!('k' in activation))
    return invalid('wrong-rule', `${node.path}.rule`, `farkas, for kind "${activation.kind}"`, 'farkas-joint');
  const loads = carriers(pattern, m.features.length);
  const carried = pattern.reduce((count, set) => count + set.length, 0);
  const full = activation.kind === 'batchtopk' && carried >= capacity(activation, m.features.length);
  const system: Inequality[] = [];
  const rows = node.fields(['rule', 'rows']).rows.items();
  // A row for all neurons, of which a short pattern may have a hundred thousand.
  keep(rows.length * pattern.length * m.np);
  const multipliers = rows.map((row) => {
    const kind = row
      .fields(['kind', 'neuron', 'feature', 'weight'], ['over'])
      .kind.word(['on', 'off', 'compare'] as const);
    const keys = ['kind', 'neuron', 'feature', 'weight', ...(kind === 'compare' ? (['over'] as const) : [])] as const;
    const parts = row.fields(keys);
    const of = parts.neuron.index(1, pattern.length) - 1;
    const d = parts.feature.index(1, m.features.length) - 1;
    const over = kind === 'compare' ? parts.over.index(1, pattern.length) - 1 : undefined;
    const active = (neuron: number): boolean => pattern[neuron]?.includes(d) ?? false;
    const filled = loads[d] === activation.k;
    const implied = {
      on: active(of) && activation.kind !== 'topk-pure',
      off:
        !active(of) &&
        (activation.kind === 'batchtopk' || (activation.kind === 'topk' && (loads[d] ?? 0) < activation.k)),
      compare: active(of) && over !== undefined && !active(over) && filled && activation.kind !== 'batchtopk',
    };
    if (!implied[kind]) {
      const what = `${kind} for neuron ${of + 1}, feature ${d + 1}`;
      invalid('not-implied', row.path, 'an inequality that the pattern implies', what);
    }
    const { num, den } = featureAt(m, d).wp;
    system.push({
      normal: Vector.ints(
        pattern.flatMap((_, j) => num.map((x) => (j === of ? x : j === over ? -x : 0n))),
        den,
      ),
      relation: kind === 'off' ? '<=' : '>',
      bound: full && kind !== 'compare' ? ONE : ZERO,
    });
    const weight = positive(parts.weight);
    return kind === 'off' ? weight.negated() : weight;
  });
  absurd(system, [Vector.of(multipliers)], node);
  return {};
};

export const realizabilityRules: Pack = pack({ realizes, farkas, 'farkas-joint': farkasJoint, capacity: overCapacity });
