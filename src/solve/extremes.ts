/** The largest and the smallest of a list of any length: as arguments of Math.max a long one would overflow the stack. */

/** `least`, if all are smaller or there are none. */
export function largestOf(values: Iterable<number>, least: number = -Infinity): number {
  let most = least;
  // As Math.max has it, of what is no number there is no largest.
  for (const x of values) if (x > most || Number.isNaN(x)) most = x;
  return most;
}

/** `most`, if all are larger or there are none. */
export function smallestOf(values: Iterable<number>, most: number = Infinity): number {
  let least = most;
  for (const x of values) if (x < least || Number.isNaN(x)) least = x;
  return least;
}
