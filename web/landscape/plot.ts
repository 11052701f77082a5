/** Patterns by the loss of the point found, in a lane for each kind: where marks would hide each other they are stacked. */
import type { LandscapeEntry } from '../../src/browser.ts';
import { isTrap, type Kind, kindOf } from '../parts/entry.ts';
import { toFloat } from '../state/scene.ts';

export type Lane = 'loss 0' | 'trap' | 'trap on a face' | 'saddle' | 'kind open';
export const LANES: readonly Lane[] = ['loss 0', 'trap', 'trap on a face', 'saddle', 'kind open'];

const OF_KIND: Readonly<Partial<Record<Kind, Lane>>> = { 'global-minimum': 'loss 0', saddle: 'saddle' };

export function laneOf(entry: LandscapeEntry): Lane | undefined {
  if (entry.verdict !== 'critical') return undefined;
  if (isTrap(entry)) return entry.class === 'face-minimum' ? 'trap on a face' : 'trap';
  return OF_KIND[kindOf(entry)] ?? 'kind open';
}

/** For the picture. */
export function lossOf({ loss }: LandscapeEntry): number {
  if (!loss) return 0;
  return 'exact' in loss ? toFloat(loss.exact) : (Number(loss.lower) + Number(loss.upper)) / 2;
}

export interface Mark {
  readonly entry: LandscapeEntry;
  readonly lane: Lane;
  readonly x: number;
  readonly y: number;
}

export const PLOT = { width: 760, left: 110, right: 24, lane: 62, top: 12 } as const;
const RADIUS = 6;

export function marksOf(entries: readonly LandscapeEntry[], most: number): readonly Mark[] {
  const taken = new Map<string, number>();
  const scale = (PLOT.width - PLOT.left - PLOT.right) / (most || 1);
  return entries.flatMap((entry): Mark[] => {
    const lane = laneOf(entry);
    if (lane === undefined) return [];
    const x = PLOT.left + scale * lossOf(entry);
    const at = `${lane} ${Math.round(x / (2 * RADIUS))}`;
    const stacked = taken.get(at) ?? 0;
    taken.set(at, stacked + 1);
    // Upwards from the lane's line, and no higher than the lane.
    const y = PLOT.top + PLOT.lane * (LANES.indexOf(lane) + 1) - 12 - Math.min(stacked * 2 * RADIUS, PLOT.lane - 24);
    return [{ entry, lane, x, y }];
  });
}
