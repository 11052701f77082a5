/** The words of results: those of the kernel, which the compiler compares where one becomes the other. */

/** How a claim is read: as the paper's walkthrough says it, as its full text does, as neither does (`ours`), or so that it is true (`repaired`). */
export type ReadingName = 'walkthrough' | 'paper' | 'ours' | 'repaired';

/** What was proved of a reading; `not-applicable`: one of its hypotheses fails. */
export type Verdict = 'holds' | 'refuted' | 'not-applicable';

/** What a run ended near: a point of loss 0, a local minimum of L~, one on a face (at kinks), or a critical point that is none of these. */
export type LandingClass = 'zero-loss' | 'local-minimum' | 'face-minimum' | 'saddle';
