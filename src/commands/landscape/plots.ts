/** The plots of `dictum landscape --out`: how many polysemantic patterns trap as the instance is varied. */
import type { Instance } from '../../kernel/model/instance.ts';
import { type Outcome, outcomeOf } from '../../solve/landscape/outcome.ts';
import { partitionPatterns } from '../../solve/landscape/partitionPatterns.ts';
import {
  byInterference,
  bySuperposition,
  byWeight,
  MOST_VARIED,
  type Variation,
} from '../../solve/landscape/variations.ts';
import { writeInside } from '../../terminal/folders.ts';
import { linePlot } from '../../terminal/linePlot.ts';
import { progress } from '../../terminal/streams.ts';
import { survey } from './run.ts';

export async function landscapePlots(m: Instance, folder: string, jobs: number): Promise<void> {
  const whose = `${m.features.length > MOST_VARIED ? `first ${MOST_VARIED} features of ` : ''}${short(m.name)}`;
  const draw = async (file: string, title: string, x: string, variations: readonly Variation[]): Promise<void> => {
    const counted: ({ at: number } & TrapCounts)[] = [];
    for (const { at, m: varied } of variations) {
      progress(`${file}: ${at}`);
      counted.push({ at, ...(await countTraps(varied, jobs)) });
    }
    // Most patterns carry no critical point; their number goes into the note, where it does not flatten the rest.
    const series = (['trap', 'global-minimum', 'saddle', 'open'] as const).map((outcome) => ({
      name: NAMES[outcome],
      points: counted.map((point) => ({ x: point.at, y: point[outcome] })),
    }));
    const totals = [...new Set(counted.map(({ patterns }) => patterns))].join(', ');
    const note = `${whose}: by the point found, of ${totals} patterns; the others carry no critical point`;
    const plot = linePlot({ title, x, y: 'polysemantic partition patterns', series, note });
    await writeInside(folder, file, plot);
  };
  await draw('interference.svg', 'Traps and interference', 'directions moved towards their mean', byInterference(m));
  await draw('superposition.svg', 'Traps and superposition', 'n / n_p', bySuperposition(m));
  await draw('weights.svg', 'Traps and weights', 'log2 of the factor on M_1', byWeight(m));
  progress('');
}

const NAMES = {
  trap: 'traps',
  'global-minimum': 'global minima (loss 0)',
  saddle: 'saddles',
  open: 'undecided',
} as const;

type TrapCounts = { [kind in Outcome | 'patterns']: number };

const short = (name: string): string => (name.length > 30 ? `${name.slice(0, 27)}...` : name);

/** Over the polysemantic partition patterns of n features on n neurons. */
async function countTraps(m: Instance, jobs: number): Promise<TrapCounts> {
  const patterns = [...partitionPatterns(m.features.length, m.neurons)].filter((p) => p.some((set) => set.length >= 2));
  const counts: TrapCounts = {
    trap: 0,
    'global-minimum': 0,
    saddle: 0,
    none: 0,
    open: 0,
    patterns: patterns.length,
  };
  await survey(m, patterns, {
    jobs,
    certificates: false,
    take: ({ entry }) => {
      counts[outcomeOf(entry)]++;
    },
  });
  return counts;
}
