/** One instance in one cell: is it one the cell asks for, and what becomes of the conclusion on it. Decided exactly. */

import type { Instance } from '../../kernel/model/instance.ts';
import { samePattern } from '../../kernel/model/model.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import type { Hypothesis } from '../../kernel/proof/claim.ts';
import type { Goal } from '../../kernel/proof/goal.ts';
import { decide } from '../decide/decide.ts';
import type { Proposals } from '../decide/decision.ts';
import type { Cell } from './cell.ts';
import type { Drawn } from './draw.ts';
import { shownBy } from './patterns.ts';

export type Trial =
  /** A hypothesis does not come out as the cell wants it; named. */
  | { readonly outcome: 'outside'; readonly hypothesis: string }
  /** Two pre-activations tie, or the instance lacks what the claim is about. */
  | { readonly outcome: 'refused'; readonly code: string }
  | { readonly outcome: 'undecided'; readonly why: string }
  | { readonly outcome: 'held' | 'failed' }
  /** A statement or a solver threw: a bug, on this instance. */
  | { readonly outcome: 'broken'; readonly why: string };

/** Realizable by the encoder at hand, if it is; else undefined. */
function shownAtHand(goal: Goal, { instance, shows }: Drawn): true | undefined {
  if (!shows || goal.kind !== 'judgement' || goal.predicate !== 'realizable' || !goal.truth) return undefined;
  const shown = goal.pattern.length === instance.neurons ? shownBy(instance, shows) : undefined;
  return shown && samePattern(shown, goal.pattern) ? true : undefined;
}

function settled(goal: Goal, drawn: Drawn, proposals: Proposals): boolean | 'undecided' {
  if (goal.kind === 'computed') return goal.holds;
  return shownAtHand(goal, drawn) ?? decide(goal, drawn.instance, proposals).truth;
}

function tried(cell: Cell, drawn: Drawn, proposals: Proposals): Trial {
  const m: Instance = drawn.instance;
  const later: [Hypothesis, Goal, boolean][] = [];
  const wanted: [Hypothesis, boolean][] = cell.required.map((h) => [h, true]);
  // First what computing settles; what needs a linear program waits.
  for (const [h, truth] of cell.failing ? [[cell.failing, false] as [Hypothesis, boolean], ...wanted] : wanted) {
    const goal = h.goal(m);
    if (goal.kind !== 'computed') later.push([h, goal, truth]);
    else if (goal.holds !== truth) return { outcome: 'outside', hypothesis: h.name };
  }
  for (const [h, goal, truth] of later) {
    const found = settled(goal, drawn, proposals);
    if (found === 'undecided') return { outcome: 'undecided', why: h.name };
    if (found !== truth) return { outcome: 'outside', hypothesis: h.name };
  }
  const conclusion = decide(cell.reading.conclusion(m), m, proposals);
  if (conclusion.truth === 'undecided') return { outcome: 'undecided', why: conclusion.why };
  return { outcome: conclusion.truth ? 'held' : 'failed' };
}

export function tryOn(cell: Cell, drawn: Drawn, proposals: Proposals): Trial {
  try {
    return tried(cell, drawn, proposals);
  } catch (thrown) {
    if (thrown instanceof Rejection) return { outcome: 'refused', code: thrown.code };
    // Not swallowed: the search counts and reports it, and goes on to what it was asked for.
    return { outcome: 'broken', why: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) };
  }
}
