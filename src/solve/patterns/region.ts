/** What a node of the tree of patterns stands for: the points that show a prefix of it. */

/** How signs are read: `sets`, positive or not; `chambers`, positive or negative. */
export type Signs = 'sets' | 'chambers';

export interface Sides<T> {
  readonly minus: T;
  readonly plus: T;
}

export interface Region {
  /** The sides of the next vector that are wanted, where there are points on them. */
  split(wanted: Sides<boolean>): Partial<Sides<Region>>;
  /** The next vector positive and all after it not, in one step; only where that is the better way. */
  finish?(): Region | undefined;
  /** A point of the region, integer. */
  witness(): bigint[];
  /** Whether some point of the region lies on none of the hyperplanes so far. */
  open(): boolean;
}
