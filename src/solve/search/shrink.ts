/**
 * Makes a counterexample small, in the order of `size.ts`: n, n_p, n_q, then bits. Every step is decided exactly again; the
 * steps end where none of those tried is left that still fails.
 */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { unitVector } from '../../kernel/model/instance.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import type { Proposals } from '../decide/decision.ts';
import { inFile, withBias } from './biased.ts';
import type { Cell } from './cell.ts';
import { withoutInput } from './distributions.ts';
import { simpler } from './simpler.ts';
import { compareSizes, type Size, sizeOf } from './size.ts';
import { tryOn } from './trial.ts';

const without = <T>(list: readonly T[], k: number): T[] => list.filter((_, i) => i !== k);
const cutVector = (v: Vector, k: number): Vector => Vector.of(without(v.entries(), k));

function atAll(at: Configuration, change: (rows: readonly Vector[], of: 'in' | 'out') => Vector[]): Configuration {
  const gate = at.gate && { rows: change(at.gate.rows, 'in'), bias: at.gate.bias };
  return { we: change(at.we, 'in'), wd: change(at.wd, 'out'), ...(gate && { gate }) };
}

function withoutFeature(m: Instance, d: number): Instance {
  const pattern = m.pattern?.map((set) => set.flatMap((c) => (c === d ? [] : [c > d ? c - 1 : c])));
  const features = without(m.features, d).map((f, k) => ({ ...f, label: `${k + 1}` }));
  const anchors = m.anchors?.flatMap((c) => (c === d ? [] : [c > d ? c - 1 : c]));
  const distribution = m.distribution && withoutInput(m.distribution, d);
  return {
    ...m,
    features,
    hierarchy: [],
    ...(pattern && { pattern }),
    ...(anchors && { anchors }),
    ...(distribution && { distribution }),
  };
}

function withoutNeuron(m: Instance, i: number): Instance {
  const { pattern, configuration: at } = m;
  const gate = at?.gate && { rows: without(at.gate.rows, i), bias: cutVector(at.gate.bias, i) };
  const configuration = at && { we: without(at.we, i), wd: without(at.wd, i), ...(gate && { gate }) };
  return {
    ...m,
    neurons: m.neurons - 1,
    ...(pattern && { pattern: without(pattern, i) }),
    ...(configuration && { configuration }),
  };
}

/** The k-th coordinate goes: of the input directions, and of the targets where these are the same; undefined if one gets 0. */
function withoutCoordinate(m: Instance, k: number): Instance | undefined {
  const same = m.features.every((f) => f.wr.equals(f.wp));
  const features = m.features.map((f) => ({ ...f, wp: cutVector(f.wp, k), wr: same ? cutVector(f.wp, k) : f.wr }));
  if (features.some((f) => f.wp.isZero())) return undefined;
  const cut =
    m.configuration &&
    atAll(m.configuration, (rows, of) => rows.map((row) => (of === 'in' || same ? cutVector(row, k) : row)));
  return { ...m, features, np: m.np - 1, nr: same ? m.nr - 1 : m.nr, ...(cut && { configuration: cut }) };
}

function withoutTargetCoordinate(m: Instance, k: number): Instance {
  const features = m.features.map((f) => ({ ...f, wr: cutVector(f.wr, k) }));
  const cut =
    m.configuration &&
    atAll(m.configuration, (rows, of) => rows.map((row) => (of === 'out' ? cutVector(row, k) : row)));
  return { ...m, features, nr: m.nr - 1, ...(cut && { configuration: cut }) };
}

/** The directions turned into the first axes, one for each, so that a later step can drop the coordinates left. */
function onFewerAxes(m: Instance): Instance {
  const features = m.features.map((f, d) => {
    const wp = unitVector(m.np, d % Math.max(1, m.np - 1));
    return { ...f, wp, wr: f.wr.equals(f.wp) ? wp : f.wr };
  });
  return { ...m, features };
}

/** Of a model with biases, those of its file, with biases again. */
function* candidates(m: Instance): Generator<Instance> {
  if (m.lifted) for (const smaller of candidatesInFile(inFile(m))) yield withBias(smaller);
  else yield* candidatesInFile(m);
}

function* candidatesInFile(m: Instance): Generator<Instance> {
  if (m.features.length > 1) for (const d of m.features.keys()) yield withoutFeature(m, d);
  if (m.np > 1) {
    for (let k = 0; k < m.np; k++) {
      const cut = withoutCoordinate(m, k);
      if (cut) yield cut;
    }
    const turned = withoutCoordinate(onFewerAxes(m), m.np - 1);
    if (turned) yield turned;
  }
  // Anchors fix the first neurons, so there are at least as many.
  if (m.neurons > Math.max(1, m.anchors?.length ?? 0))
    for (let i = m.neurons - 1; i >= 0; i--) yield withoutNeuron(m, i);
  if (m.nr > 1) for (let k = 0; k < m.nr; k++) yield withoutTargetCoordinate(m, k);
  yield* simpler(m);
}

export interface Shrunk {
  readonly instance: Instance;
  readonly size: Size;
  readonly steps: number;
}

/** `start` fails in the cell; so does what is returned. */
export function shrink(cell: Cell, start: Instance, proposals: Proposals): Shrunk {
  let [instance, size, steps] = [start, sizeOf(start), 0];
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of candidates(instance)) {
      const smaller = sizeOf(candidate);
      if (compareSizes(smaller, size) >= 0) continue;
      if (tryOn(cell, { instance: candidate }, proposals).outcome !== 'failed') continue;
      [instance, size, steps, progress] = [candidate, smaller, steps + 1, true];
      break;
    }
  }
  return { instance, size, steps };
}
