import { type Property, property } from '../../src/kernel/proof/fact.ts';

/** A fact of a test's own claims. */
export const said = (what: string): Property => property(what, true);
