/** The plots of `dictum landscape --out`: how many polysemantic patterns trap as the instance is varied. */
import type { Instance } from '../kernel/instance.ts';
import { linePlot } from '../report/linePlot.ts';
import type { Entry } from '../solve/landscape/entry.ts';
import { partitionPatterns } from '../solve/landscape/partitionPatterns.ts';
import {
  byInterference,
  bySuperposition,
  byWeight,
  MOST_VARIED,
  type Variation,
} from '../solve/landscape/variations.ts';
import { writeInside } from './folders.ts';
import { survey } from './landscapeRun.ts';
import { isTrap } from './landscapeText.ts';
import { progress } from './streams.ts';

export async function landscapePlots(m: Instance, folder: string, jobs: number | undefined): Promise<void> {
  const whose = `${m.features.length > MOST_VARIED ? `first ${MOST_VARIED} features of ` : ''}${short(m.name)}`;
  const draw = async (file: string, title: string, x: string, variations: readonly Variation[]): Promise<void> => {
    const counted: ({ at: number } & TrapCounts)[] = [];
    for (const { at, m: varied } of variations) {
      progress(`${file}: ${at}`);
      counted.push({ at, ...(await countTraps(varied, jobs)) });
    }
    // Most patterns carry no critical point; their number goes into the note, where it does not flatten the rest.
    const series = (['traps', 'saddles', 'undecided'] as const).map((name) => ({
      name,
      points: counted.map((point) => ({ x: point.at, y: point[name] })),
    }));
    const totals = [...new Set(counted.map(({ patterns }) => patterns))].join(', ');
    const note = `${whose}: certified counts of ${totals} patterns; the others carry no critical point`;
    const plot = linePlot({ title, x, y: 'polysemantic partition patterns', series, note });
    await writeInside(folder, file, plot);
  };
  await draw('interference.svg', 'Traps and interference', 'directions moved towards their mean', byInterference(m));
  await draw('superposition.svg', 'Traps and superposition', 'n / n_p', bySuperposition(m));
  await draw('weights.svg', 'Traps and weights', 'log2 of the factor on M_1', byWeight(m));
  progress('');
}

/** `undecided`: whether there is a critical point, or its class. */
type TrapCounts = { [kind in 'traps' | 'saddles' | 'none' | 'undecided' | 'patterns']: number };

const short = (name: string): string => (name.length > 30 ? `${name.slice(0, 27)}...` : name);

/** Over the polysemantic partition patterns of n features on n neurons. */
async function countTraps(m: Instance, jobs: number | undefined): Promise<TrapCounts> {
  const patterns = [...partitionPatterns(m.features.length, m.neurons)].filter((p) => p.some((set) => set.length >= 2));
  const counts: TrapCounts = { traps: 0, saddles: 0, none: 0, undecided: 0, patterns: patterns.length };
  await survey(m, patterns, {
    ...(jobs !== undefined && { jobs }),
    certificates: false,
    take: ({ entry }) => {
      counts[kindOf(entry)]++;
    },
  });
  return counts;
}

function kindOf(entry: Entry): keyof TrapCounts {
  const { verdict, class: kind } = entry;
  if (verdict === 'undecided' || kind === 'degenerate') return 'undecided';
  if (kind === null) return 'none';
  if (kind === 'saddle') return 'saddles';
  return isTrap(entry) ? 'traps' : 'none';
}
