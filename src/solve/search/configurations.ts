/** Random configurations: the ground truth and what lies near it, opposite pairs, zeros, small integers. */
import type { Configuration, Encoder, Instance } from '../../kernel/model/instance.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { oppositePairs } from '../decide/pairedRows.ts';
import { drawShort } from './directions.ts';
import { chance, type Draw, pick } from './draw.ts';
import { drawEncoder } from './patterns.ts';

/** Gates that are open exactly where the magnitude is positive; a gated model needs some. */
export function gated(m: Instance, we: readonly Vector[]): Encoder {
  return m.activation.kind === 'gated' ? { we, gate: { rows: we, bias: Vector.zero(we.length) } } : { we };
}

const neurons = <T>(m: Instance, make: (i: number) => T): T[] => Array.from({ length: m.neurons }, (_, i) => make(i));

/** [W_p^T; 0] with [W_r, 0]; each neuron beyond loses its row with some chance. */
function nearGroundTruth(draw: Draw, m: Instance): Configuration {
  const keep = neurons(m, () => chance(draw, 85));
  const we = neurons(m, (i) => (keep[i] && m.features[i]?.wp) || Vector.zero(m.np));
  const wd = neurons(m, (i) => (keep[i] && m.features[i]?.wr) || Vector.zero(m.nr));
  return { ...gated(m, we), wd };
}

export function drawConfiguration(draw: Draw, m: Instance): Configuration {
  const pairs = chance(draw, 15) ? oppositePairs(m) : undefined;
  if (pairs) return { ...pairs, ...gated(m, pairs.we) };
  if (chance(draw, 40)) return nearGroundTruth(draw, m);
  if (chance(draw, 10)) {
    return {
      ...gated(
        m,
        neurons(m, () => Vector.zero(m.np)),
      ),
      wd: neurons(m, () => Vector.zero(m.nr)),
    };
  }
  const density = pick(draw, [0, 40, 80]);
  const sets = neurons(m, () => m.features.flatMap((_, d) => (chance(draw, density) ? [d] : [])));
  return { ...drawEncoder(draw, m, sets), wd: neurons(m, () => drawShort(draw, m.nr)) };
}
