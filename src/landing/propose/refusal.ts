/** Why a run has no certificate: a tag that code may go by, and the numbers of the sentence that people read. */

export type Refusal =
  | { readonly refused: 'not-critical' | 'singular' | 'indefinite' | 'few-coordinates' | 'zero-row' }
  | { readonly refused: 'dependent-equations' | 'no-own-neuron' | 'diverged' }
  | { readonly refused: 'immovable'; readonly directions: number }
  | { readonly refused: 'flat'; readonly directions: number; readonly of: number }
  | { readonly refused: 'too-far'; readonly apart: number }
  /** Weights at which Top-k does not say who passes: L~ is not defined there. */
  | { readonly refused: 'tie'; readonly found: string }
  /** What the checker said. */
  | { readonly refused: 'by-check'; readonly code: string; readonly said: string };

export const isRefused = (found: object): found is Refusal => 'refused' in found;

export function reasonOf(refusal: Refusal): string {
  switch (refusal.refused) {
    case 'not-critical':
      return 'Newton steps find no critical point near';
    case 'diverged':
      return 'Newton steps that leave the numbers';
    case 'immovable':
      return `${refusal.directions} directions that no weights can move in`;
    case 'flat':
      return `flat beyond the gauge: ${refusal.directions} of ${refusal.of} directions across it`;
    case 'singular':
      return 'second derivatives that cannot be inverted';
    case 'indefinite':
      return 'second derivatives of both signs';
    case 'few-coordinates':
      return 'more equations than coordinates for zero loss';
    case 'zero-row':
      return 'a row that is 0 where it is at its kinks';
    case 'dependent-equations':
      return 'equations for zero loss that depend on each other';
    case 'no-own-neuron':
      return 'no neuron of its own for a feature without loss';
    case 'too-far':
      return `the nearest critical configuration found is ${refusal.apart.toExponential(2)} away`;
    case 'tie':
      return refusal.found;
    case 'by-check':
      return refusal.said;
  }
}
