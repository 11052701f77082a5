/** Workers for what may take seconds, one for each part of a view that asks. */
import { Desk } from './ask.ts';

export const longDesk = (): Desk =>
  new Desk(() => new Worker(new URL('./long.ts', import.meta.url), { type: 'module' }), false);

export const trainDesk = (): Desk =>
  new Desk(() => new Worker(new URL('./train.ts', import.meta.url), { type: 'module' }), false);

/** Patient: the worker keeps what it found, for the cards. */
export const modelDesk = (): Desk =>
  new Desk(() => new Worker(new URL('./model.ts', import.meta.url), { type: 'module' }), true);
