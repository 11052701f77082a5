/** Random features and activations, leaning towards what the hypotheses ask for. */
import type { Activation, Feature } from '../../kernel/model/instance.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import { drawShort, drawUnit, unitDirections } from './directions.ts';
import { asked, chance, type Draw, pick, type Wanted } from './draw.ts';

const q = (num: number, den = 1): Rational => Rational.of(BigInt(num), BigInt(den));
const WEIGHTS = [q(2), q(3), q(1, 2), q(1, 3), q(3, 2), q(4), q(1, 10)];
const THRESHOLDS = [ZERO, q(1, 4), q(1, 2), ONE, q(3, 2), q(2)];
const SCALES = [q(2), q(3), q(1, 2), q(4)];

export const drawWeight = (draw: Draw): Rational => (chance(draw, 50) ? ONE : pick(draw, WEIGHTS));

function drawDirections(draw: Draw, wanted: Wanted): Vector[] {
  const { n, np } = wanted.shape;
  const orthogonal = asked(wanted, 'no-interference') === true || chance(draw, 15);
  // W_r is no T W_p where one direction has two targets.
  const copies = asked(wanted, 'distinct-directions') === false ? 60 : asked(wanted, 'factors') === false ? 25 : 8;
  const unit = asked(wanted, 'unit-norm') === true || (asked(wanted, 'unit-norm') === undefined && chance(draw, 50));
  const axes = unitDirections(np).slice(0, 2 * np);
  const directions: Vector[] = [];
  for (let d = 0; d < n; d++) {
    const earlier = d > 0 && chance(draw, 2 * copies) ? pick(draw, directions) : undefined;
    if (earlier) directions.push(chance(draw, 50) ? earlier : earlier.negated());
    else if (unit && orthogonal) directions.push(pick(draw, axes));
    else directions.push(unit ? drawUnit(draw, np) : drawShort(draw, np));
  }
  return directions;
}

/** r_d: of length at most 1 where that is asked for, longer ones where it has to fail, and at times where it does not matter. */
function drawTarget(draw: Draw, wanted: Wanted, nr: number): Vector {
  const within = asked(wanted, 'targets-within-unit');
  if (within === true || (within === undefined && chance(draw, 60))) {
    const unit = drawUnit(draw, nr);
    return chance(draw, 80) ? unit : unit.times(q(1, 2));
  }
  return chance(draw, 50) ? drawUnit(draw, nr).times(pick(draw, SCALES)) : drawShort(draw, nr);
}

export function drawFeatures(draw: Draw, wanted: Wanted): Feature[] {
  const directions = drawDirections(draw, wanted);
  const autoencoder =
    asked(wanted, 'targets-within-unit') !== false && asked(wanted, 'factors') !== false && chance(draw, 55);
  const scaled = asked(wanted, 'factors') !== false && chance(draw, 50) ? pick(draw, SCALES) : undefined;
  const nr = chance(draw, 60) ? wanted.shape.np : draw.int(1, 2);
  const scale = asked(wanted, 'targets-within-unit') === true ? undefined : scaled;
  const equal = chance(draw, 35) ? drawWeight(draw) : undefined;
  const positive = asked(wanted, 'positive-weights');
  const zeros = positive === true ? 0 : positive === false ? 50 : 8;
  return directions.map((wp, d) => ({
    label: `${d + 1}`,
    wp,
    wr: autoencoder ? wp : scale && nr === wanted.shape.np ? wp.times(scale) : drawTarget(draw, wanted, nr),
    weight: chance(draw, zeros) ? ZERO : (equal ?? drawWeight(draw)),
  }));
}

export function drawActivation(draw: Draw, wanted: Wanted): Activation {
  const kind = pick(draw, wanted.kinds);
  switch (kind) {
    case 'jumprelu': {
      const positive = asked(wanted, 'positive-threshold');
      const own = asked(wanted, 'own-neuron-active');
      if (positive === false) return { kind, theta: ZERO };
      const usable = THRESHOLDS.filter(
        (theta) => (positive !== true || theta.sign() > 0) && (own === undefined || theta.compare(ONE) >= 0 !== own),
      );
      return { kind, theta: pick(draw, usable) };
    }
    case 'topk':
    case 'topk-pure':
    case 'batchtopk':
      return { kind, k: chance(draw, 50) ? 1 : draw.int(2, 3) };
    case 'relu':
    case 'identity':
    case 'gated':
      return { kind };
  }
}
