import { Rejection } from '../../kernel/numbers/rejection.ts';

/** What `make` makes of a proposed configuration; undefined where its pre-activations tie: the tie is the proposal's, not the instance's. */
export function untied<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Rejection && thrown.code === 'tie') return undefined;
    throw thrown;
  }
}
