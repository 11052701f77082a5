/** Chanin: for the search, instances near the statement's own. Computing on an instance's own configuration settles the claim. */
import type { Instance } from '../../src/kernel/model/instance.ts';
import { ONE, Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import { asked, chance, type Draw, type Drawn, pick, type Wanted } from '../../src/solve/search/draw.ts';
import { drawInstance } from '../../src/solve/search/instances.ts';

const q = (num: bigint, den = 1n): Rational => Rational.of(num, den);
const DELTAS = [ONE, q(1n, 2n), q(1n, 3n), q(2n, 3n)];
const PROBABILITIES = [q(1n, 2n), q(1n, 4n), q(1n, 10n)];

/** Inputs (x_1, x_2): the parent with the child, and the parent alone; a child alone, or other magnitudes, where asked to fail. */
function drawAtoms(draw: Draw, wanted: Wanted) {
  const magnitude = (): Rational =>
    asked(wanted, 'binary') === true ? ONE : pick(draw, [ONE, q(2n), q(1n, 2n), q(3n)]);
  const inputs = [
    [magnitude(), magnitude()],
    ...(chance(draw, 70) ? [[magnitude(), ZERO]] : []),
    ...(chance(draw, asked(wanted, 'hierarchical') === false ? 80 : 5) ? [[ZERO, magnitude()]] : []),
  ];
  return inputs.map((x) => ({ probability: pick(draw, PROBABILITIES.slice(1)), x: Vector.of(x) }));
}

/** The statement's configuration for some delta on directions that tend to be orthogonal; one weight of it spoiled at times. */
export function generator(draw: Draw, wanted: Wanted): Drawn {
  // The statement has two features and two neurons, whatever shape is asked for.
  const { instance } = drawInstance(draw, { ...wanted, shape: { n: 2, np: wanted.shape.np, nq: 2 } });
  const [parent, child] = instance.features;
  if (!parent || !child) return { instance };
  const delta = chance(draw, 90) ? pick(draw, DELTAS) : q(2n);
  const spoiled = chance(draw, asked(wanted, 'absorbing') === false ? 70 : 5);
  const we = [parent.wp.minus(child.wp.times(delta)), child.wp];
  const wd = [parent.wr, child.wr.plus(parent.wr.times(spoiled ? q(2n) : delta))];
  const gate = instance.activation.kind === 'gated' ? { gate: { rows: we, bias: Vector.zero(2) } } : {};
  const moved: Instance = {
    ...instance,
    configuration: { we, wd, ...gate },
    distribution: { kind: 'joint', atoms: drawAtoms(draw, wanted) },
  };
  return { instance: moved };
}
