/** The plots of `dictum landscape --out`: how many polysemantic patterns trap as the instance is varied. */
import { join } from 'node:path';
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
import { writeAtomically } from './files.ts';
import { survey } from './landscapeRun.ts';
import { progress } from './progress.ts';

export async function landscapePlots(m: Instance, folder: string, jobs: number | undefined): Promise<void> {
  const note = `${m.features.length > MOST_VARIED ? `the first ${MOST_VARIED} features of ` : ''}${m.name}; every count certified`;
  const draw = async (file: string, title: string, x: string, variations: readonly Variation[]): Promise<void> => {
    const counted: ({ at: number } & TrapCounts)[] = [];
    for (const { at, m: varied } of variations) {
      progress(`${file}: ${at}`);
      counted.push({ at, ...(await countTraps(varied, jobs)) });
    }
    const series = (['traps', 'saddles', 'without a critical point', 'undecided'] as const).map((name) => ({
      name,
      points: counted.map((point) => ({ x: point.at, y: point[name] })),
    }));
    const plot = linePlot({ title, x, y: 'polysemantic partition patterns', series, note });
    await writeAtomically(join(folder, file), plot);
  };
  await draw('interference.svg', 'Traps and interference', 'directions moved towards their mean', byInterference(m));
  await draw('superposition.svg', 'Traps and superposition', 'n / n_p', bySuperposition(m));
  await draw('weights.svg', 'Traps and weights', 'log2 of the factor on M_1', byWeight(m));
  progress('');
}

type TrapCounts = { [kind in 'traps' | 'saddles' | 'without a critical point' | 'undecided']: number };

/** Over the polysemantic partition patterns of n features on n neurons. */
async function countTraps(m: Instance, jobs: number | undefined): Promise<TrapCounts> {
  const counts: TrapCounts = { traps: 0, saddles: 0, 'without a critical point': 0, undecided: 0 };
  const patterns = [...partitionPatterns(m.features.length, m.neurons)].filter((p) => p.some((set) => set.length >= 2));
  await survey(m, patterns, {
    ...(jobs !== undefined && { jobs }),
    certificates: false,
    take: ({ entry }) => {
      counts[kindOf(entry)]++;
    },
  });
  return counts;
}

function kindOf({ verdict, class: kind }: Entry): keyof TrapCounts {
  if (verdict === 'undecided' || kind === 'degenerate') return 'undecided';
  if (kind === null) return 'without a critical point';
  return kind === 'saddle' ? 'saddles' : 'traps';
}
