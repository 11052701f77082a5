/**
 * What a generator of random instances is given and gives back. Nothing here knows where the choices come from, so a claim's
 * witness.ts may bring a generator of its own without loading fast-check.
 */
import type { Activation, Encoder, Instance } from '../../kernel/model/instance.ts';

/** A source of choices; the same seed gives the same choices. */
export interface Draw {
  /** An integer from `least` to `most`, both included. */
  int(least: number, most: number): number;
}

export const pick = <T>(draw: Draw, of: readonly T[]): T => of[draw.int(0, of.length - 1)] as T;

/** True in `percent` of 100 draws. */
export const chance = (draw: Draw, percent: number): boolean => draw.int(1, 100) <= percent;

/** n, n_p and n_q. */
export interface Shape {
  readonly n: number;
  readonly np: number;
  readonly nq: number;
}

/** What a claim can ask an instance for beyond features, activation and neurons: the words of its `missing-data`. */
export type Part = 'pattern' | 'configuration' | 'distribution' | 'anchors';

/** What the cell of the matrix asks for. A generator leans towards it; whether it got there is decided exactly. */
export interface Wanted {
  readonly shape: Shape;
  readonly parts: ReadonlySet<Part>;
  /** Names of the hypotheses that have to hold. */
  readonly required: ReadonlySet<string>;
  /** The name of the hypothesis that has to fail. */
  readonly failing?: string;
  /** Kinds of activation for which the hypotheses on sigma alone come out as wanted. */
  readonly kinds: readonly Activation['kind'][];
}

/** How a hypothesis has to come out: true, false, or as it likes. */
export function asked(wanted: Wanted, name: string): boolean | undefined {
  return wanted.required.has(name) ? true : wanted.failing === name ? false : undefined;
}

export interface Drawn {
  readonly instance: Instance;
  /** An encoder that shows the instance's pattern, where the pattern was read off one. */
  readonly shows?: Encoder;
}

export type Generator = (draw: Draw, wanted: Wanted) => Drawn;
