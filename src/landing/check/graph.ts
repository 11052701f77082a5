/** The bipartite graph of neurons and features at a configuration, and that it is the same on a box around it. */

import type { Node } from '../../kernel/document/node.ts';
import { kinks } from '../../kernel/model/activation.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { encode, patternText } from '../../kernel/model/model.ts';
import { ZERO } from '../../kernel/numbers/rational.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import type { Sets } from './frame.ts';
import { enclose, type Interval, isNegative, isPositive, minus } from './interval.ts';
import type { Neighbourhood } from './neighbourhood.ts';

const LANDING_ACTIVATIONS = ['relu', 'jumprelu', 'topk'] as const;

export interface Graph {
  readonly active: Neighbourhood['active'];
  readonly sets: Sets;
}

/** Active sets at a configuration. Kinks are told for ReLU; under another activation there may be none. */
export function graphOf(m: Instance, at: Configuration, node: Node): Graph {
  const { z, active } = encode(m, [at]);
  if (!LANDING_ACTIVATIONS.some((kind) => kind === m.activation.kind)) {
    invalid('wrong-rule', node.path, LANDING_ACTIVATIONS.join(', '), m.activation.kind);
  }
  const cells = kinks(m.activation, z, active);
  const [first] = cells;
  if (first && m.activation.kind !== 'relu') {
    invalid('at-a-kink', node.path, 'no kink', `neuron ${first[0] + 1} at feature ${first[1] + 1}`);
  }
  const on = active.map((row) => row.flatMap((yes, d) => (yes ? [d] : [])));
  const sets = { on, kinks: on.map((_, i) => cells.flatMap(([j, d]) => (j === i ? [d] : []))) };
  return { active, sets };
}

/** Refuses unless on the whole box every pair that is not at a kink stays on its side. */
export function staysActive({ m, active, z }: Neighbourhood, sets: Sets, node: Node): void {
  const { activation } = m;
  const threshold = enclose('theta' in activation ? activation.theta : ZERO);
  m.features.forEach((_, d) => {
    const passing = active.flatMap((row, i) => (row[d] ? [z[i]?.[d] as Interval] : []));
    const full = activation.kind === 'topk' && passing.length === activation.k;
    active.forEach((row, i) => {
      const value = z[i]?.[d] as Interval;
      const above = minus(value, threshold);
      const held = full && passing.every((rival) => isPositive(minus(rival, value)));
      const stays = row[d] ? isPositive(above) : isNegative(above) || held || (sets.kinks[i] ?? []).includes(d);
      if (!stays) {
        const pattern = patternText(sets.on);
        invalid('too-wide', node.path, `the active sets of ${pattern} near it`, `neuron ${i + 1} at feature ${d + 1}`);
      }
    });
  });
}
