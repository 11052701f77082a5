/** What a landing shows, in words: how far from the end weights a point of which class lies, and the gradient at the end weights. */
import { numbered } from '../kernel/proof/fact.ts';
import { type Beyond, beyond } from '../kernel/proof/outside.ts';
import type { Landed, LandingClass } from '../landing/check/landing.ts';
import { enclosure, numberText, rootText } from './number.ts';
import { withBeyond } from './sentence.ts';

export const LANDING_CLASSES: Readonly<Record<Landed['class'], string>> = {
  'zero-loss': 'a global minimum of L~, of loss 0',
  'local-minimum': 'a local minimum of L~',
  'face-minimum': 'a local minimum of L~ on a face (at kinks, each with a positive price)',
  saddle: 'a critical point that is no local minimum of L~',
};

/** First what the instance has beyond `dictum/instance@1`. Which run it was, the document says itself; its name comes last, as it may be long. */
export function landingText({ instance, apart, gradient, class: word, loss, given }: Landed): string {
  const found = word === 'zero-loss' ? '' : `, ${enclosure('L~', [`${loss.lower}`, `${loss.upper}`])}`;
  const says = [
    `${LANDING_CLASSES[word]}${found}, lies within ${numberText(`${apart}`)} in each coordinate of ${given ? 'the weights given (of that point this speaks, not of them)' : 'the end weights'};`,
    `|grad L~| at these is ${rootText(`${gradient}`)}; ${given ? 'weights of' : 'named as the end of a run of'} ${instance.name}`,
  ].join(' ');
  return withBeyond(says, instance);
}

/** A landing as `--json` and the library give it. All numbers are exact fractions. */
export interface LandingDocument {
  /** Of the configuration certified, which lies within `apart` of the end weights in each coordinate. */
  readonly class: LandingClass;
  /** L~ there lies between these. */
  readonly loss: { readonly lower: string; readonly upper: string };
  /** |grad L~|^2 at the end weights. */
  readonly gradient: string;
  readonly apart: string;
  /** The bound on `apart` that the certificate states. */
  readonly distance: string;
  /** Groups of neurons with the features they are active on, counted from 1. */
  readonly components: readonly {
    readonly neurons: readonly number[];
    readonly features: readonly number[];
    readonly class: LandingClass;
  }[];
  /** Features that no neuron is active on, and neurons that are active on none; counted from 1. */
  readonly uncovered: readonly number[];
  readonly dead: readonly number[];
  /** Said where the weights are the end of no run. */
  readonly given?: true;
  /** What the instance has beyond `dictum/instance@1`, if anything, and of inputs what their loss is beyond L~. */
  readonly with?: readonly Beyond[];
  readonly constant?: string;
}

export function landingDocument(landed: Landed): LandingDocument {
  const { loss, gradient, apart, distance, components, uncovered, dead, given, class: word } = landed;
  const also = beyond(landed.instance);
  const { lifted } = landed.instance;
  return {
    class: word,
    loss: { lower: `${loss.lower}`, upper: `${loss.upper}` },
    gradient: `${gradient}`,
    apart: `${apart}`,
    distance: `${distance}`,
    components: components.map((c) => ({
      neurons: numbered(c.neurons),
      features: numbered(c.features),
      class: c.class,
    })),
    uncovered: numbered(uncovered),
    dead: numbered(dead),
    ...(given && { given }),
    ...(also.length > 0 && { with: also }),
    ...(lifted?.inputs && { constant: `${lifted.constant}` }),
  };
}
