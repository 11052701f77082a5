/** In a worker: many small runs trained, and the end of each matched to a configuration that is certified near it. */
import { InputError, type InstanceDocument } from '../../src/browser.ts';
import { matchingHere } from '../../src/landing/match/chunks.ts';
import { LAND_DEFAULTS, landOn } from '../../src/landing/match/landOn.ts';
import { lossText, namesOf } from '../../src/landing/match/studyResult.ts';
import { wilson } from '../../src/landing/propose/wilson.ts';
import { sdlProblem } from '../../src/landing/runs/problem.ts';
import { DEFAULTS } from '../../src/landing/runs/settings.ts';
import { stepsHere } from '../../src/landing/runs/steps.ts';
import { trainOn } from '../../src/landing/runs/trainOn.ts';
import { sha256 } from '../../src/library/sha256.ts';
import type { Training } from '../state/state.ts';
import { readOf } from './read.ts';
import { serve } from './serve.ts';

export interface TrainQuestion {
  readonly instance: InstanceDocument;
  readonly training: Training;
}

export interface LandedEnd {
  /** Features from 1; sets in order, as neurons have no names. */
  readonly pattern: readonly (readonly number[])[];
  readonly class: 'zero-loss' | 'local-minimum' | 'face-minimum' | 'saddle';
  readonly loss: string;
  /** Which runs ended there, from 0. */
  readonly runs: readonly number[];
  /** Of the runs that converged, at 95% (Wilson). */
  readonly rate: { readonly lower: number; readonly upper: number };
  readonly certificate: string | undefined;
}

export interface Trained {
  readonly runs: number;
  readonly converged: number;
  /** The most frequent first. */
  readonly ends: readonly LandedEnd[];
  /** Runs without a certificate, and why. */
  readonly undecided: readonly { readonly run: number; readonly why: string }[];
  readonly notConverged: readonly { readonly run: number; readonly why: string }[];
  /** Milliseconds, for training and for matching. */
  readonly took: readonly [number, number];
}

async function trained({ instance, training }: TrainQuestion): Promise<Trained> {
  const m = readOf(instance);
  const p = sdlProblem(m);
  if (!p) throw new InputError('out-of-range', '$.features', 'at most 16 features, dimensions and neurons', 'more');
  const { runs, optimizer, seed } = training;
  const settings = { ...DEFAULTS, optimizer, seed, rate: Number(training.rate) };
  const began = performance.now();
  const found = await trainOn(p, settings, runs, { workers: stepsHere });
  const between = performance.now();
  const matching = (): ReturnType<typeof matchingHere> => matchingHere(m, p, LAND_DEFAULTS, sha256);
  const landing = await landOn(p, found, namesOf(settings, found), matching, { each: true });
  const named = ({ run, why }: { run: number; why: string }): { run: number; why: string } => ({ run, why });
  return {
    runs,
    converged: landing.converged,
    ends: landing.ends.map((end) => ({
      pattern: end.pattern.map((set) => set.map((d) => d + 1)),
      class: end.class,
      loss: lossText(end),
      runs: end.runs,
      rate: wilson(end.count, landing.converged),
      certificate: end.certificate,
    })),
    undecided: landing.unmatched.map(named),
    notConverged: landing.unconverged.map(named),
    took: [between - began, performance.now() - between],
  };
}

serve({ train: trained });
