/** Random encoders, and patterns: read off one, so that they are realizable, or drawn freely. */
import type { Encoder, Instance, Pattern } from '../../kernel/model/instance.ts';
import { patternShown } from '../../kernel/model/model.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { drawShort } from './directions.ts';
import { asked, chance, type Draw, pick, type Wanted } from './draw.ts';

/** A family of disjoint sets with every feature in one, for as many neurons; some may be empty. */
export function drawPartition(draw: Draw, n: number, neurons: number): number[][] {
  const sets: number[][] = Array.from({ length: neurons }, () => []);
  const few = draw.int(1, neurons);
  for (let d = 0; d < n; d++) sets[draw.int(0, few - 1)]?.push(d);
  return sets;
}

function drawSets(draw: Draw, n: number, neurons: number): number[][] {
  const density = pick(draw, [25, 50, 75]);
  const features = Array.from({ length: n }, (_, d) => d);
  return Array.from({ length: neurons }, () => features.filter(() => chance(draw, density)));
}

/** A row that tends to be positive on the set and not elsewhere. */
function drawRow(draw: Draw, m: Instance, set: readonly number[]): Vector {
  if (chance(draw, 30)) return drawShort(draw, m.np);
  let row = Vector.zero(m.np);
  m.features.forEach((f, d) => {
    const weight = set.includes(d) ? draw.int(1, 2) : -draw.int(0, 2);
    row = row.plus(f.wp.times(Rational.of(BigInt(weight))));
  });
  return row.times(Rational.of(BigInt(draw.int(1, 3)), BigInt(draw.int(1, 2))));
}

/** An encoder that tends to show the sets. */
export function drawEncoder(draw: Draw, m: Instance, sets: Pattern): Encoder {
  const we = sets.map((set) => drawRow(draw, m, set));
  if (m.activation.kind !== 'gated') return { we };
  const bias = Vector.ints(sets.map(() => BigInt(draw.int(-1, 1))));
  const rows = chance(draw, 50) ? we : sets.map((set) => drawRow(draw, m, set));
  return { we, gate: { rows, bias } };
}

/** The pattern an encoder shows; undefined where it has a tie. */
export function shownBy(m: Instance, encoder: Encoder): Pattern | undefined {
  try {
    return patternShown(m, encoder);
  } catch (thrown) {
    if (thrown instanceof Rejection) return undefined;
    throw thrown;
  }
}

const isPartition = (pattern: Pattern, n: number): boolean =>
  pattern.flat().length === n && new Set(pattern.flat()).size === n;

export function drawPattern(draw: Draw, wanted: Wanted, m: Instance): { pattern: Pattern; shows?: Encoder } {
  const n = m.features.length;
  const partition = asked(wanted, 'partition') === true;
  const free = (): Pattern => (partition ? drawPartition : drawSets)(draw, n, m.neurons);
  if (asked(wanted, 'realizable') === false || chance(draw, 10)) return { pattern: free() };
  for (let attempt = 0; attempt < 6; attempt++) {
    const shows = drawEncoder(draw, m, free());
    const pattern = shownBy(m, shows);
    if (pattern && (!partition || isPartition(pattern, n))) return { pattern, shows };
  }
  return { pattern: free() };
}
