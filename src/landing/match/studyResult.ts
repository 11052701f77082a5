/** What a study found, written down as `dictum/land@1`. */
import type { Instance } from '../../kernel/model/instance.ts';
import { type Beyond, beyond } from '../../kernel/proof/outside.ts';
import type { RunName } from '../propose/document.ts';
import { wilson } from '../propose/wilson.ts';
import type { Settings } from '../runs/settings.ts';
import type { TrainedRuns } from '../runs/trainOn.ts';
import type { End, Landing, Open } from './landOn.ts';

export interface Study {
  readonly trained: TrainedRuns;
  readonly landing: Landing;
  readonly settings: Settings;
}

/** The hyperparameters as certificates and results record them. */
function settingsDocument({ seed: _, ...settings }: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, `${value}`]));
}

/** How a certificate names each run. */
export function namesOf(settings: Settings, trained: TrainedRuns): (run: number) => RunName {
  const words = settingsDocument(settings);
  return (index) => ({
    seed: settings.seed,
    index,
    steps: trained.steps[index] as number,
    settings: { ...words, finished: `${trained.finished[index] === 1}` },
  });
}

/** Whether the theory expects training to stop there: at every minimum, at no strict saddle. */
export const isPredicted = ({ class: word }: End): boolean => word !== 'saddle';

/** What the loss of an end is: exact 0, or to six digits. */
export const lossText = ({ class: word, loss }: End): string => (word === 'zero-loss' ? '0' : loss.toPrecision(6));

/** A kind of end as results list it, its features counted from 1. */
export interface StudyEnd extends Pick<End, 'class' | 'count' | 'apart' | 'gradient'> {
  readonly pattern: readonly (readonly number[])[];
  readonly loss: string;
  readonly rate: { readonly lower: number; readonly upper: number };
  readonly predicted: boolean;
}

/** A run without a certificate, and which of the two kinds. */
export interface OpenRun extends Open {
  readonly kind: 'undecided' | 'not-converged';
}

/** `dictum/land@1` but for its format. */
export interface StudyResult extends Pick<Landing, 'runs' | 'converged' | 'finished' | 'matched'> {
  readonly instance: string;
  /** What the instance has beyond `dictum/instance@1`, if anything, and of inputs what their loss is beyond L~. */
  readonly with?: readonly Beyond[];
  readonly constant?: string;
  readonly undecided: number;
  readonly seed: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly ends: readonly StudyEnd[];
  readonly open: readonly OpenRun[];
}

export function studyResult(m: Instance, { landing, settings }: Omit<Study, 'trained'>): StudyResult {
  const { runs, converged, finished, matched, ends, unmatched } = landing;
  const also = beyond(m);
  return {
    instance: m.name,
    ...(also.length > 0 && { with: also }),
    ...(m.lifted?.inputs && { constant: `${m.lifted.constant}` }),
    runs,
    converged,
    finished,
    matched,
    undecided: unmatched.length,
    seed: settings.seed,
    settings: settingsDocument(settings),
    ends: ends.map((end) => ({
      pattern: end.pattern.map((set) => set.map((d) => d + 1)),
      class: end.class,
      loss: lossText(end),
      count: end.count,
      rate: wilson(end.count, converged),
      predicted: isPredicted(end),
      apart: end.apart,
      gradient: end.gradient,
    })),
    open: openRuns(landing),
  };
}

/** Every run without a certificate: its weights, exactly, and why there is none. */
export const openRuns = ({ unmatched, unconverged }: Landing): OpenRun[] => [
  ...unmatched.map((run) => ({ ...run, kind: 'undecided' as const })),
  ...unconverged.map((run) => ({ ...run, kind: 'not-converged' as const })),
];
