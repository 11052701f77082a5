/**
 * Looks for an instance in a cell on which the conclusion is false. First every shape in the order of size, a few instances each,
 * so that the first failure is a small one; then shapes at random until enough instances were accepted. A failure ends the
 * search: more instances of its shape are drawn, each failure among them is shrunk, and the smallest is certified.
 */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import type { Claim } from '../../kernel/proof/claim.ts';
import type { Fact } from '../../kernel/proof/fact.ts';
import { certify } from '../decide/certify.ts';
import type { Proposals } from '../decide/decision.ts';
import { inFile } from './biased.ts';
import { type Cell, cellName, wantedOf } from './cell.ts';
import { Counts, type Coverage } from './coverage.ts';
import { asked, type Drawn, type Generator as InstanceGenerator, type Shape, type Wanted } from './draw.ts';
import { drawInstance } from './instances.ts';
import { samples, seedOf } from './samples.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { compareSizes, type Size } from './size.ts';
import { type Trial, tryOn } from './trial.ts';

export interface SearchOptions {
  /** Instances to accept before the search gives up. */
  readonly runs: number;
  readonly seed: number;
  readonly sha256: Digest;
  /** What the claim's witness proposes to the deciders. */
  readonly proposals: Proposals;
  /** The claim's own generator, where the general one does not serve. */
  readonly generator?: InstanceGenerator;
}

export interface Counterexample {
  readonly certificate: string;
  readonly id: string;
  readonly facts: readonly Fact[];
  readonly size: Size;
  /** Steps of shrinking. */
  readonly steps: number;
}

interface Standing {
  readonly drawn: number;
  readonly accepted: number;
}

export interface SearchResult {
  readonly drawn: number;
  readonly accepted: number;
  /** Accepted, but the conclusion could not be decided. */
  readonly undecided: number;
  /** How many instances each hypothesis turned away, and each refusal (`tie`). */
  readonly outside: Readonly<Record<string, number>>;
  readonly coverage: Coverage;
  /** Where the counts stood after the sweep through the shapes, or when the search ended in it. */
  readonly sweep: Standing;
  /** Nothing was drawn: the hypotheses on sigma, or those on n, n_p and n_q, exclude each other. */
  readonly empty: boolean;
  /** Instances on which a statement or a solver threw: bugs; with the first message. */
  readonly broken: number;
  readonly bug?: string;
  readonly counterexample?: Counterexample;
}

/** Yields how many instances it has accepted after each block, and ends there with what it has if the answer is true. */
export type Searching = Generator<number, SearchResult, boolean | undefined>;

/** Instances per shape in the sweep, per block afterwards, and at the shape of a failure. */
const SWEEP = 60;
const BLOCK = 100;
const AGAIN = 60;
/** Instances for each smaller shape, after a failure. */
const BELOW = 400;
/** Failures that are shrunk. */
const SHRINK = 6;
/** Ends a search that has accepted no instance, and one that could decide none of those it accepted. */
const HOPELESS_DRAWN = 20_000;
const HOPELESS_ACCEPTED = 1_000;
/** Draws per instance wanted, after which the search gives up. */
const PATIENCE = 20;

/** Hypotheses on the number of neurons, in pairs; a claim with one is asked about more neurons, in every reading. */
const PAIRS = ['enough-pairs', 'spare-pairs', 'room-to-cancel'];
const aboutPairs = ({ readings }: Claim): boolean =>
  Object.values(readings).some(({ hypotheses }) => hypotheses.some((h) => PAIRS.includes(h.name)));

/** Shapes in the order of size, without those that a hypothesis on n, n_p and n_q alone excludes. */
export function shapes(claim: Claim, wanted: Omit<Wanted, 'shape'>): Shape[] {
  const all: Shape[] = [];
  const most = aboutPairs(claim) ? 8 : 6;
  for (let n = 1; n <= 4; n++)
    for (let np = 1; np <= 3; np++) for (let nq = 1; nq <= most; nq++) all.push({ n, np, nq });
  const fits = (name: string, holds: (s: Shape) => boolean) => (shape: Shape) => {
    const truth = asked({ ...wanted, shape }, name);
    return truth === undefined || truth === holds(shape);
  };
  const tests = [fits('two-features', (s) => s.n >= 2), fits('enough-neurons', (s) => s.nq >= s.n)];
  // More neurons than twice the dimension and than the features plus one bring nothing new.
  return all.filter((s) => tests.every((test) => test(s)) && (most > 6 || s.nq <= Math.max(2 * s.np, s.n + 1)));
}

class Search {
  readonly #cell: Cell;
  readonly #options: SearchOptions;
  readonly #wanted: Omit<Wanted, 'shape'>;
  readonly #shapes: readonly Shape[];
  readonly #counts = new Counts();
  readonly #outside = new Map<string, number>();
  #drawn = 0;
  #accepted = 0;
  #undecided = 0;
  #broken = 0;
  #sweep: Standing | undefined;
  #bug: string | undefined;

  constructor(cell: Cell, options: SearchOptions) {
    this.#cell = cell;
    this.#options = options;
    this.#wanted = wantedOf(cell);
    this.#shapes = shapes(cell.claim, this.#wanted);
  }

  #draw(shapesHere: readonly Shape[], part: string, count: number): Drawn[] {
    const generate = this.#options.generator ?? drawInstance;
    const seed = seedOf(this.#options.seed, `${cellName(this.#cell)}/${part}`);
    return samples(
      (draw) => {
        const shape = shapesHere[draw.int(0, shapesHere.length - 1)] as Shape;
        return generate(draw, { ...this.#wanted, shape });
      },
      seed,
      count,
    );
  }

  /** The first failure among the instances drawn. */
  #first(drawn: readonly Drawn[], most = Number.POSITIVE_INFINITY): Instance | undefined {
    for (const one of drawn) {
      if (this.#accepted >= most) return undefined;
      this.#drawn++;
      const trial = tryOn(this.#cell, one, this.#options.proposals);
      this.#count(trial, one.instance);
      if (trial.outcome === 'failed') return one.instance;
    }
    return undefined;
  }

  #count(trial: Trial, m: Instance): void {
    if (trial.outcome === 'outside' || trial.outcome === 'refused') {
      const why = trial.outcome === 'outside' ? trial.hypothesis : trial.code;
      this.#outside.set(why, (this.#outside.get(why) ?? 0) + 1);
      return;
    }
    if (trial.outcome === 'broken') {
      this.#broken++;
      this.#bug ??= trial.why;
      return;
    }
    this.#accepted++;
    this.#counts.add(inFile(m));
    if (trial.outcome === 'undecided') this.#undecided++;
  }

  /** The smallest that shrinking makes of the failure and of others of its shape. */
  #smallest(failure: Instance): Shrunk {
    const { proposals } = this.#options;
    const shape = { n: failure.features.length, np: inFile(failure).np, nq: failure.neurons };
    const more = this.#draw([shape], 'again', AGAIN).filter(
      (d) => tryOn(this.#cell, d, proposals).outcome === 'failed',
    );
    const best = [failure, ...more.slice(0, SHRINK - 1).map((d) => d.instance)]
      .map((instance) => shrink(this.#cell, instance, proposals))
      .reduce((a, b) => (compareSizes(b.size, a.size) < 0 ? b : a));
    return this.#below(best) ?? best;
  }

  /** A failure of a smaller shape, shrunk; the shapes are tried once more, in the order of size, with more instances each. */
  #below({ size }: Shrunk): Shrunk | undefined {
    for (const [k, shape] of this.#shapes.entries()) {
      if (compareSizes([shape.n, shape.np, shape.nq, 0], [size[0], size[1], size[2], 0]) >= 0) return undefined;
      for (const drawn of this.#draw([shape], `below ${k}`, BELOW)) {
        const { outcome } = tryOn(this.#cell, drawn, this.#options.proposals);
        if (outcome !== 'failed') continue;
        const found = shrink(this.#cell, drawn.instance, this.#options.proposals);
        // A claim's own generator need not keep to the shape.
        if (compareSizes(found.size, size) < 0) return found;
      }
    }
    return undefined;
  }

  #certified(failure: Instance): Counterexample {
    const { size, steps, instance } = this.#smallest(failure);
    const { claim, readings, dropped } = this.#cell;
    const { proposals, sha256 } = this.#options;
    const drop = dropped === undefined ? {} : { dropped };
    const outcome = certify({ claim, reading: readings[0], instance, proposals, ...drop }, sha256);
    if (outcome.verdict !== 'refuted') {
      throw new Error(`${cellName(this.#cell)}: found a failure, but certify says ${outcome.verdict}`);
    }
    const { id, facts } = outcome.checked.accepted;
    return { certificate: outcome.certificate, id, facts, size, steps };
  }

  #result(failure?: Instance): SearchResult {
    const standing = { drawn: this.#drawn, accepted: this.#accepted };
    return {
      sweep: this.#sweep ?? standing,
      drawn: this.#drawn,
      accepted: this.#accepted,
      undecided: this.#undecided,
      outside: Object.fromEntries([...this.#outside].sort(([a], [b]) => (a < b ? -1 : 1))),
      coverage: this.#counts.coverage(),
      empty: this.#empty,
      broken: this.#broken,
      ...(this.#bug !== undefined && { bug: this.#bug }),
      ...(failure && { counterexample: this.#certified(failure) }),
    };
  }

  /** More instances would tell nothing that the counts do not tell already. */
  get #hopeless(): boolean {
    const undecidable = this.#accepted >= HOPELESS_ACCEPTED && this.#undecided === this.#accepted;
    return undecidable || (this.#accepted === 0 && this.#drawn >= HOPELESS_DRAWN);
  }

  get #empty(): boolean {
    return this.#shapes.length === 0 || this.#wanted.kinds.length === 0;
  }

  *run(): Searching {
    if (this.#empty) return this.#result();
    for (const [k, shape] of this.#shapes.entries()) {
      const failure = this.#first(this.#draw([shape], `sweep ${k}`, SWEEP));
      if (failure) return this.#result(failure);
      if (yield this.#accepted) return this.#result();
    }
    this.#sweep = { drawn: this.#drawn, accepted: this.#accepted };
    const { runs } = this.#options;
    for (let block = 0; this.#accepted < runs && this.#drawn < PATIENCE * runs && !this.#hopeless; block++) {
      const failure = this.#first(this.#draw(this.#shapes, `block ${block}`, BLOCK), runs);
      if (failure) return this.#result(failure);
      if (yield this.#accepted) return this.#result();
    }
    return this.#result();
  }
}

/** Starts a search. */
export function searching(cell: Cell, options: SearchOptions): Searching {
  return new Search(cell, options).run();
}
