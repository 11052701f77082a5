/** In a worker: is the pattern realizable? What a drag waits for, and nothing else. */
import { type InstanceDocument, type RealizeDecided, type RealizeResult, realize } from '../../src/browser.ts';
import { type Drawing, drawing } from '../../src/explain/drawing.ts';
import { chainFigure } from '../../src/explain/step.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { readOf } from './read.ts';
import { serve } from './serve.ts';

export interface Decided {
  readonly result: RealizeResult;
  /** Each neuron by itself, where neurons do not compete. */
  readonly alone?: readonly boolean[];
  /** Of a Farkas combination, tip to tail. */
  readonly chain?: Drawing;
  /** What deciding it took here, in milliseconds. */
  readonly took: number;
}

export interface DecideQuestion {
  readonly instance: InstanceDocument;
  readonly drawn: InstanceDocument;
}

/** A drag goes on meanwhile: what takes longer than this is said to be undecided. About two seconds. */
const WORK = 1_000_000_000;

serve({
  /** `drawn`: the directions of the picture, where those that are decided are longer. */
  decide: ({ instance, drawn }: DecideQuestion): Decided => {
    const began = performance.now();
    const result = realize(instance, { work: WORK });
    const alone =
      instance.activation.kind === 'topk' ? undefined : instance.pattern?.map((set) => shows(instance, set));
    const took = performance.now() - began;
    const chain =
      'farkas' in result && result.farkas && 'on' in result.farkas ? chainOf(drawn, result.farkas) : undefined;
    return { result, took, ...(alone && { alone }), ...(chain && { chain }) };
  },
});

const shows = (instance: InstanceDocument, set: readonly number[]): boolean =>
  realize(instance, { pattern: [set], work: WORK }).verdict === 'realizable';

type Farkas = Extract<NonNullable<Extract<RealizeDecided, { realizable: false }>['farkas']>, { on: unknown }>;

function chainOf(instance: InstanceDocument, { on, off }: Farkas): Drawing | undefined {
  const weighted = (sign: bigint) => (of: Farkas['on'][number]) => ({
    feature: of.feature - 1,
    weight: (Rational.parse(of.weight) ?? Rational.of(0n)).times(Rational.of(sign)),
  });
  return drawing(readOf(instance), chainFigure([...on.map(weighted(1n)), ...off.map(weighted(-1n))]));
}
