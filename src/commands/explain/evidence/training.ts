/** Runs on the instance, and how many of them end in the configuration that the certificate is about. */
import { float, type Step } from '../../../explain/step.ts';
import type { Instance } from '../../../kernel/model/instance.ts';
import { approximateLoss } from '../../../kernel/model/model.ts';
import { Rejection } from '../../../kernel/numbers/rejection.ts';
import type { Judged } from '../../../kernel/proof/fact.ts';
import { study } from '../../../landing/match/study.ts';
import { type StudyEnd, studyResult } from '../../../landing/match/studyResult.ts';
import { wilson } from '../../../landing/propose/wilson.ts';
import { DEFAULTS, type Settings } from '../../../landing/runs/settings.ts';
import { sha256 } from '../../../terminal/digest.ts';
import { counted, patternText } from '../../../words/names.ts';
import type { Look } from './look.ts';

export interface Training {
  readonly runs: number;
  readonly backend?: 'webgpu';
}

const judgements = (steps: readonly Step[]): Judged[] =>
  steps.flatMap(({ fact, steps: inner }) => [...(fact ? [fact] : []), ...judgements(inner)]);

/** The same sets in some order. */
const key = (sets: readonly (readonly number[])[]): string =>
  sets
    .map((set) => set.join())
    .sort()
    .join(';');

const MINIMA: ReadonlySet<string> = new Set(['zero-loss', 'local-minimum', 'face-minimum']);

const percent = (x: number): string => `${(100 * x).toFixed(1)}%`;

/** What the proof says of ends at this pattern, where it says something: that there is no minimum, or that there is one. */
function proved(facts: readonly Judged[], pattern: string): 'no minimum' | 'minimum' | 'saddle' | undefined {
  for (const fact of facts) {
    if (fact.relation !== 'critical' && fact.relation !== 'partial-minimum') continue;
    if (key(fact.pattern) !== pattern) continue;
    if (!fact.truth && (fact.relation === 'partial-minimum' ? !fact.stationary : fact.as !== 'saddle'))
      return 'no minimum';
    if (fact.truth && fact.relation === 'critical' && fact.as === 'minimum') return 'minimum';
    if (fact.truth && fact.relation === 'critical' && fact.as === 'saddle') return 'saddle';
  }
  return undefined;
}

export async function trainingLook(
  m: Instance | undefined,
  steps: readonly Step[],
  { runs, backend }: Training,
): Promise<Look> {
  const look = 'training';
  const none = (says: string): Look => ({ look, outcome: 'nothing to ask', says, lines: [] });
  if (!m) return none('nothing here can be trained');
  const facts = judgements(steps);
  const wanted = m.pattern ?? sets(m);
  if (!wanted) return none('neither a pattern nor a configuration is in question');
  const settings: Settings = { ...DEFAULTS, ...(backend && { backend }) };
  const { configuration: _, ...bare } = m;
  const found = await study(bare, settings, runs, sha256, {});
  if (!found) return none(`no training step for ${m.activation.kind}, or more than 16 features, dimensions or neurons`);
  const { ends, converged } = studyResult(bare, found);
  if (converged === 0) return none(`none of ${counted(runs, 'run')} converged`);
  const pattern = key(wanted.map((set) => set.map((d) => d + 1)));
  const here = ends.filter((end) => key(end.pattern) === pattern && (m.pattern || nearLoss(m, end)));
  const atMinima = here.filter((end) => MINIMA.has(end.class)).reduce((sum, end) => sum + end.count, 0);
  const all = here.reduce((sum, end) => sum + end.count, 0);
  const rate = wilson(all, converged);
  const name = patternText(
    m.features,
    wanted.map((set) => set.map((d) => d + 1)),
  );
  const where = m.pattern
    ? `near a critical point that shows ${name}`
    : `near a critical point with the sets ${name} and the loss of the configuration`;
  const lines = [
    `${counted(runs, 'run')} of gradient descent (rate ${settings.rate}, seed ${settings.seed}), ${converged} converged; neurons in any order`,
    `${all} of them end ${where}: ${percent(rate.lower)} to ${percent(rate.upper)} (95%)`,
    ...here.map((end) => `  ${end.count} at a ${end.class}, L~ ≈ ${end.loss}`),
    ...mostFrequent(m, ends),
  ];
  const said = proved(facts, pattern);
  const traps = here
    .filter((end) => end.class !== 'zero-loss' && MINIMA.has(end.class))
    .reduce((sum, end) => sum + end.count, 0);
  if (said === 'no minimum') {
    const contradicts = m.activation.kind === 'relu' ? traps : 0;
    return contradicts > 0
      ? {
          look,
          outcome: 'differs',
          says: `${contradicts} of ${runs} end near a minimum that the proof excludes`,
          lines: [
            ...lines,
            'An end is within a distance of such a point, and need not be on its side of every kink: a minimum of a neighbouring pattern is counted here if it shows this one.',
          ],
        }
      : { look, outcome: 'agrees', says: `no run of ${runs} ends near such a minimum`, lines };
  }
  const share = `${all} of ${converged} end there`;
  if (said === 'minimum')
    return { look, outcome: 'agrees', says: atMinima > 0 ? share : `${share}: a minimum need not draw runs`, lines };
  if (said === 'saddle')
    return { look, outcome: 'agrees', says: all > 0 ? share : `${share}: descent leaves saddles`, lines };
  return { look, outcome: 'nothing to ask', says: share, lines };
}

function sets(m: Instance): Instance['pattern'] {
  return m.configuration?.we.map((row) => m.features.flatMap(({ wp }, d) => (row.dot(wp).sign() > 0 ? [d] : [])));
}

/** To the six digits that ends are told apart by. */
function nearLoss(m: Instance, { loss }: StudyEnd): boolean {
  if (!m.configuration) return true;
  try {
    const own = float(approximateLoss(m, m.configuration));
    return Math.abs(own - Number(loss)) <= 1e-5 * Math.max(1, own);
  } catch (thrown) {
    if (thrown instanceof Rejection) return false;
    throw thrown;
  }
}

const mostFrequent = (m: Instance, ends: readonly StudyEnd[]): string[] => {
  const [first] = ends;
  return first
    ? [`most frequent: ${first.count} at ${patternText(m.features, first.pattern)}, ${first.class}, L~ ≈ ${first.loss}`]
    : [];
};
