/** Instances of the same shape with simpler numbers: what `shrink.ts` tries when nothing can be left out any more. */
import type { Activation, Configuration, Feature, Instance } from '../../kernel/model/instance.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { unitDirections } from './directions.ts';
import { simplerDistributions } from './distributions.ts';

const q = (num: bigint, den = 1n): Rational => Rational.of(num, den);
/** Weights and thresholds to try, from the shortest. */
const NUMBERS = [ZERO, ONE, q(2n), q(3n), q(1n, 2n), q(1n, 3n), q(3n, 2n)];

function* activations(activation: Activation): Generator<Activation> {
  if (activation.kind !== 'relu') yield { kind: 'relu' };
  if (activation.kind === 'jumprelu') for (const theta of NUMBERS) yield { kind: 'jumprelu', theta };
  if ('k' in activation) for (let k = 1; k < activation.k; k++) yield { ...activation, k };
  if (activation.kind === 'gated' || activation.kind === 'topk-pure') yield { kind: 'identity' };
}

const replaced = <T>(list: readonly T[], k: number, by: T): T[] => list.map((x, i) => (i === k ? by : x));

/** Short vectors: 0, then +-1, +-2, +-3 times an axis, then all small integer vectors in at most two dimensions. */
function shortVectors(length: number): Vector[] {
  const axes = Array.from({ length }, (_, k) => k).flatMap((k) =>
    [1n, -1n, 2n, -2n, 3n].map((s) => Vector.ints(Array.from({ length }, (_, i) => (i === k ? s : 0n)))),
  );
  const square = [1n, -1n, 2n, -2n].flatMap((x) => [1n, -1n, 2n, -2n].map((y) => Vector.ints([x, y])));
  return [Vector.zero(length), ...axes, ...(length === 2 ? square : [])];
}

function* features(m: Instance): Generator<Feature[]> {
  const list = m.features;
  const all = (change: (f: Feature) => Partial<Feature>): Feature[] => list.map((f) => ({ ...f, ...change(f) }));
  if (m.nr === m.np) yield all((f) => ({ wr: f.wp }));
  yield all(() => ({ weight: ONE }));
  for (const [d, f] of list.entries()) {
    const same = f.wr.equals(f.wp);
    for (const weight of NUMBERS) yield replaced(list, d, { ...f, weight });
    for (const wp of [...unitDirections(m.np), ...shortVectors(m.np).slice(1)]) {
      yield replaced(list, d, { ...f, wp, ...(same && { wr: wp }) });
      if (!same && m.nr === m.np) yield replaced(list, d, { ...f, wp, wr: wp });
    }
    if (!same) for (const wr of [...shortVectors(m.nr), ...unitDirections(m.nr)]) yield replaced(list, d, { ...f, wr });
  }
  // Pairs of weights, which often have to change together.
  for (const weight of NUMBERS) yield all(() => ({ weight }));
}

function* configurations(m: Instance, at: Configuration): Generator<Configuration> {
  for (const [i] of at.we.entries()) {
    for (const row of shortVectors(m.np)) {
      yield { ...at, we: replaced(at.we, i, row) };
      if (at.gate) yield { ...at, gate: { ...at.gate, rows: replaced(at.gate.rows, i, row) } };
    }
    for (const column of shortVectors(m.nr)) yield { ...at, wd: replaced(at.wd, i, column) };
    yield {
      ...at,
      we: replaced(at.we, i, Vector.zero(m.np)),
      wd: replaced(at.wd, i, Vector.zero(m.nr)),
    };
  }
  if (at.gate) yield { ...at, gate: { rows: at.we, bias: Vector.zero(m.neurons) } };
}

/** Only a gated model has gates. */
function ungated(m: Instance): Instance {
  if (!m.configuration?.gate || m.activation.kind === 'gated') return m;
  const { we, wd } = m.configuration;
  return { ...m, configuration: { we, wd } };
}

export function* simpler(m: Instance): Generator<Instance> {
  for (const activation of activations(m.activation)) yield ungated({ ...m, activation });
  for (const list of features(m)) yield { ...m, features: list };
  for (const [i, set] of m.pattern?.entries() ?? []) {
    for (const d of set) {
      yield {
        ...m,
        pattern: replaced(
          m.pattern ?? [],
          i,
          set.filter((c) => c !== d),
        ),
      };
    }
  }
  for (const d of m.anchors ?? []) yield { ...m, anchors: (m.anchors ?? []).filter((c) => c !== d) };
  for (const distribution of m.distribution ? simplerDistributions(m.distribution) : []) yield { ...m, distribution };
  if (!m.configuration) return;
  for (const configuration of configurations(m, m.configuration)) yield { ...m, configuration };
}
