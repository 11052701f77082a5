/**
 * The cells of the load-bearing matrix. A cell takes the conclusion of one reading, hypotheses that hold and, but for the cells of
 * the whole, one hypothesis that fails; it asks for an instance with all that on which the conclusion is false. The hypotheses
 * are those of the reading and those that the repair adds.
 */

import { type Activation, INSTANCE, type Instance } from '../../kernel/model/instance.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import { ONE } from '../../kernel/numbers/rational.ts';
import { invalid, Rejection } from '../../kernel/numbers/rejection.ts';
import type { Claim, Hypothesis, Reading, ReadingName } from '../../kernel/proof/claim.ts';
import { property } from '../../kernel/proof/fact.ts';
import { computed } from '../../kernel/proof/goal.ts';
import { unitDirections } from './directions.ts';
import type { Part, Wanted } from './draw.ts';

export interface Cell {
  readonly claim: Claim;
  /** Readings of one text are one row; certificates name the first. */
  readonly readings: readonly [ReadingName, ...ReadingName[]];
  readonly reading: Reading;
  /** `as stated`: the reading's hypotheses hold; `as repaired`: the repair's, too; `supposing h`: and h; else the one that fails. */
  readonly column: string;
  readonly required: readonly Hypothesis[];
  readonly failing?: Hypothesis;
  /** The name of the hypothesis that is in neither the reading nor its repair, and holds too. */
  readonly supposed?: string;
  /** `failing`, if the reading itself has it, so that a certificate has to leave it out. */
  readonly dropped?: string;
}

/** The claim as it is asked of instances, the only subjects that are drawn: a claim about another misses there what it is about. */
export function askedOfInstances(claim: Claim<Subject>): Claim {
  if (isAboutInstances(claim)) return claim;
  const { about: _, ...rest } = claim;
  const missing = (): never => invalid('missing-data', '$.instance.format', claim.about?.name ?? '', 'an instance');
  const readings = Object.entries(claim.readings).map(([name, { hypotheses, ...reading }]) => {
    const asked = hypotheses.map((h) => ({ ...h, goal: missing }));
    return [name, { ...reading, hypotheses: asked, conclusion: missing }] as const;
  });
  return { ...rest, readings: Object.fromEntries(readings) };
}

const isAboutInstances = (claim: Claim<Subject>): claim is Claim => (claim.about ?? INSTANCE) === INSTANCE;

/** In the matrix only, for readings that lift: what they say of a model without biases they say of one with an encoder bias, too. */
export const NO_BIAS: Hypothesis = {
  name: 'no-encoder-bias',
  says: 'no neuron has a bias',
  goal: (m) => computed(!m.lifted, property('no-encoder-bias', !m.lifted)),
};

/** Parts that `dictum/instance@2` has not. */
const OF_FIRST: readonly Part[] = ['distribution', 'anchors'];

export const AS_STATED = 'as stated';
export const AS_REPAIRED = 'as repaired';

/** `T8/paper/distinct-directions`: names the cell, and seeds it. */
export const cellName = (cell: Cell): string =>
  `${cell.claim.id}/${cell.readings[0]}/${cell.column.replaceAll(' ', '-')}`;

const names = (hypotheses: readonly Hypothesis[]): string[] => hypotheses.map((h) => h.name);

/** The hypotheses that make the columns: the reading's own, and the repair's, where the repair is about the same things. */
function columns(claim: Claim, reading: Reading): readonly Hypothesis[] {
  const repaired = claim.readings.repaired;
  if (!repaired || !sameParts(parts(repaired), parts(reading))) return reading.hypotheses;
  const added = repaired.hypotheses.filter((h) => !names(reading.hypotheses).includes(h.name));
  return [...reading.hypotheses, ...added];
}

const sameParts = (a: ReadonlySet<Part>, b: ReadonlySet<Part>): boolean =>
  a.size === b.size && [...a].every((part) => b.has(part));

function sameReading(a: Reading, b: Reading): boolean {
  return a.conclusion === b.conclusion && names(a.hypotheses).join() === names(b.hypotheses).join();
}

/** The rows of a claim: its readings, those of one text together. */
function rows(claim: Claim): Pick<Cell, 'claim' | 'readings' | 'reading'>[] {
  const found: { claim: Claim; readings: [ReadingName, ...ReadingName[]]; reading: Reading }[] = [];
  for (const [name, reading] of Object.entries(claim.readings) as [ReadingName, Reading][]) {
    const same = found.find((row) => sameReading(row.reading, reading));
    if (same) same.readings.push(name);
    else found.push({ claim, readings: [name], reading });
  }
  return found;
}

/** `supposing`: more hypotheses, each put beside all others in a column of its own, to look past the first counterexamples. */
export function cellsOf(claim: Claim, supposing: readonly Hypothesis[] = []): Cell[] {
  return rows(claim).flatMap((row) => {
    const own = row.reading.hypotheses;
    const all = columns(claim, row.reading);
    const without = all.map((failing): Cell => {
      const dropped = names(own).includes(failing.name) ? { dropped: failing.name } : {};
      return { ...row, column: failing.name, required: all.filter((h) => h !== failing), failing, ...dropped };
    });
    const repaired: Cell[] = all.length > own.length ? [{ ...row, column: AS_REPAIRED, required: all }] : [];
    const more = row.reading === claim.readings.repaired ? [] : supposing;
    const lifts = row.reading.lifts && (all.length === own.length || claim.readings.repaired?.lifts);
    const asked = lifts ? parts({ ...row.reading, hypotheses: all }) : new Set(OF_FIRST);
    const biased: Cell[] = OF_FIRST.some((part) => asked.has(part))
      ? []
      : [{ ...row, column: NO_BIAS.name, required: all, failing: NO_BIAS }];
    return [
      { ...row, column: AS_STATED, required: own },
      ...repaired,
      ...more.map((h): Cell => ({ ...row, column: `supposing ${h.name}`, required: [...all, h], supposed: h.name })),
      ...without,
      ...biased,
    ];
  });
}

const KINDS: readonly Activation['kind'][] = [
  'relu',
  'jumprelu',
  'topk',
  'batchtopk',
  'topk-pure',
  'gated',
  'identity',
];

/** Hypotheses that look at sigma alone, so that the kinds can be asked beforehand. */
const ON_SIGMA = ['activation', 'positive-threshold'];

function probe(kind: Activation['kind']): Instance {
  const activation: Activation =
    kind === 'jumprelu'
      ? { kind, theta: ONE }
      : kind === 'topk' || kind === 'topk-pure' || kind === 'batchtopk'
        ? { kind, k: 1 }
        : { kind };
  const features = unitDirections(1)
    .slice(0, 1)
    .map((w) => ({ label: '1', wp: w, wr: w, weight: ONE }));
  return { format: 'dictum/instance@1', name: 'probe', features, activation, neurons: 1, np: 1, nr: 1, hierarchy: [] };
}

/** The kinds of sigma with which all hypotheses on sigma alone can come out as wanted. */
export function kindsOf(cell: Cell): readonly Activation['kind'][] {
  const holds = (h: Hypothesis, kind: Activation['kind']): boolean => {
    const goal = h.goal(probe(kind));
    return goal.kind === 'computed' && goal.holds;
  };
  const required = cell.required.filter((h) => ON_SIGMA.includes(h.name));
  return KINDS.filter(
    (kind) =>
      required.every((h) => holds(h, kind)) &&
      (cell.failing?.name !== 'activation' || !holds(cell.failing, kind)) &&
      (cell.failing !== NO_BIAS || kind !== 'gated'),
  );
}

/** What a reading's goals ask an instance for: each is tried on one that lacks it. */
function parts({ hypotheses, conclusion }: Pick<Reading, 'hypotheses' | 'conclusion'>): ReadonlySet<Part> {
  const bare = probe('relu');
  const found = new Set<Part>();
  for (const goal of [...hypotheses.map((h) => h.goal), conclusion]) {
    for (let missing = true; missing; ) {
      const part = missingPart(goal, completed(bare, found));
      missing = part !== undefined && !found.has(part);
      if (part) found.add(part);
    }
  }
  return found;
}

function completed(m: Instance, parts: ReadonlySet<Part>): Instance {
  const w = m.features.map((f) => f.wp);
  return {
    ...m,
    ...(parts.has('pattern') && { pattern: [[0]] }),
    ...(parts.has('configuration') && { configuration: { we: w, wd: w } }),
    ...(parts.has('distribution') && { distribution: { kind: 'independent', magnitudes: [[]] } }),
    ...(parts.has('anchors') && { anchors: [0] }),
  };
}

const PARTS: ReadonlyMap<string, Part> = new Map([
  ['$.instance.pattern', 'pattern'],
  ['$.instance.we', 'configuration'],
  ['$.instance.distribution', 'distribution'],
  ['$.instance.anchors', 'anchors'],
]);

/** Undefined too where the missing thing is none that a generator makes. */
function missingPart(goal: (m: Instance) => unknown, m: Instance): Part | undefined {
  try {
    goal(m);
    return undefined;
  } catch (thrown) {
    // A bug shows on the instances drawn, where it is counted.
    return thrown instanceof Rejection && thrown.code === 'missing-data' ? PARTS.get(thrown.path) : undefined;
  }
}

/** What the claim is about beyond what generators make: `$.instance.table`; undefined where there is nothing. */
export function unknownPart(claim: Claim): string | undefined {
  for (const reading of Object.values(claim.readings)) {
    const m = completed(probe('relu'), parts(reading));
    for (const goal of [...reading.hypotheses.map((h) => h.goal), reading.conclusion]) {
      try {
        goal(m);
      } catch (thrown) {
        if (thrown instanceof Rejection && thrown.code === 'missing-data') return thrown.path;
      }
    }
  }
  return undefined;
}

/** All that a generator is told, but the shape. */
export function wantedOf(cell: Cell): Omit<Wanted, 'shape'> {
  return {
    parts: parts({
      hypotheses: [...cell.required, ...(cell.failing ? [cell.failing] : [])],
      conclusion: cell.reading.conclusion,
    }),
    required: new Set(names(cell.required)),
    ...(cell.failing && { failing: cell.failing.name }),
    kinds: kindsOf(cell),
  };
}
