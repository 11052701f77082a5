/**
 * Dictum as a library: `import { check, certify, realize, patterns, landscape, land, inspect } from 'dictum-sdl'`.
 *
 * Functions take an instance (text or a plain object in the form of `dictum/instance@1`) and options, and return plain values: exact numbers
 * as strings, features and neurons counted from 1, and a `sentence` to print. Input that cannot be used is an {@link InputError}; a question
 * that stays open is the answer `undecided`. All but {@link land} run in a browser too.
 *
 * @module
 */
import type { InstanceInput } from './library/instance.ts';
import type { LandOptions, LandResult } from './library/land.ts';

export * from './browser.ts';
export type { Exits, LandedEnd, LandOptions, LandResult, OpenRun, WayOut } from './library/land.ts';

/**
 * Trains many small models from random starts, and proves for each run that it ended near a critical configuration, of which class. As
 * `dictum land` does, in Node only; loaded on the first call, or from `dictum-sdl/land`.
 * What a certificate of a landing proves: docs/certificate-format.md, "Landings".
 *
 * @param instance `dictum/instance@1`, as text or object, of relu, jumprelu, topk or identity with n, n_p, n_r, n_q up to 16
 * @throws InputError if the instance or an option cannot be read, or there is no training step for it
 * @example
 * ```ts
 * const { ends } = await land(instance, { runs: 100, certificates: true });
 * check(ends[0]?.certificate ?? '').accepted; // true
 * ```
 */
export async function land(instance: InstanceInput, options: LandOptions = {}): Promise<LandResult> {
  const library = await import('./library/land.ts');
  return library.land(instance, options);
}
