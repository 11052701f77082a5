/** What a landing shows, in words: how far from the end weights a point of which class lies, and the gradient at the end weights. */
import type { Landed } from '../landing/check/landing.ts';
import { enclosure, numberText, rootText } from './number.ts';

export const LANDING_CLASSES: Readonly<Record<Landed['class'], string>> = {
  'zero-loss': 'a global minimum of L~, of loss 0',
  'local-minimum': 'a local minimum of L~',
  'face-minimum': 'a local minimum of L~ on a face (at kinks, each with a positive price)',
  saddle: 'a critical point that is no local minimum of L~',
};

/** Which run it was, the document says itself; its name comes last, as it may be long. */
export function landingText({ instance, apart, gradient, class: word, loss }: Landed): string {
  const found = word === 'zero-loss' ? '' : `, ${enclosure('L~', [`${loss.lower}`, `${loss.upper}`])}`;
  return [
    `${LANDING_CLASSES[word]}${found}, lies within ${numberText(`${apart}`)} in each coordinate of the end weights;`,
    `|grad L~| at these is ${rootText(`${gradient}`)}; named as the end of a run of ${instance.name}`,
  ].join(' ');
}
