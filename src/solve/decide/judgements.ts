/** One decider per judgement of the kernel: each returns a proof that the kernel's rules accept, or says undecided. */

import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { approximateLoss } from '../../kernel/model/model.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import { type Goal, type Judgement, not } from '../../kernel/proof/goal.ts';
import { noStrictTrapProof, spanningProof, strictlyDeadProof } from '../landscape/deadNeurons.ts';
import { Landscape } from '../landscape/decidePattern.ts';
import { definite } from '../linear/definite.ts';
import { isSeparate } from '../patterns/arrangement.ts';
import { countProof } from '../patterns/countProof.ts';
import { type Decision, undecided } from '../proofs/decision.ts';
import {
  configurationDocument,
  type Document,
  encoderDocument,
  matrixDocument,
  vectorDocument,
} from '../proofs/document.ts';
import { refusal } from '../proofs/replay.ts';
import { realize } from '../realize/realize.ts';
import { bestLosses } from './bestLoss.ts';
import { chords } from './convexityViolation.ts';
import type { Decider, Proposals } from './decision.ts';
import { descentCurves } from './descent.ts';
import { roundedStepsDown } from './floatSteps.ts';
import { independentCodes } from './independentCodes.ts';
import { leastLossProof } from './leastLoss.ts';
import { topEigenvalueProof } from './localMinimum.ts';
import { partialMinimumProofs } from './partialMinimum.ts';
import { rankBoundProof } from './rankBound.ts';
import { refutedNearProof } from './refutedNear.ts';
import { someWeightsProofs } from './someWeights.ts';
import { stepsDown } from './steps.ts';
import { strictMinima } from './strictMinimum.ts';
import { uniqueCodesProofs } from './uniqueCodes.ts';
import { untied } from './untied.ts';
import { exitToLess, exitToZero, nothingAtZero } from './valleyExit.ts';

type Of<P extends Judgement['predicate']> = Extract<Judgement, { predicate: P }>;

/** The first candidate that the kernel accepts for the goal or, failing that, for its negation. */
function firstAccepted(
  goal: Goal,
  m: Instance,
  candidates: { readonly for: Iterable<Document>; readonly against: Iterable<Document> },
  why: string,
): Decision {
  for (const proof of candidates.for) if (!refusal(goal, proof, m)) return { truth: true, proof };
  for (const proof of candidates.against) if (!refusal(not(goal), proof, m)) return { truth: false, proof };
  return undecided(why);
}

function decideRealizable(goal: Of<'realizable'>, m: Instance, proposals: Proposals): Decision {
  for (const encoder of proposals.encoders?.(m, goal.pattern) ?? []) {
    const proof = { rule: 'realizes', ...encoderDocument(encoder) };
    if (!refusal(goal, proof, m)) return { truth: true, proof };
  }
  const answer = realize({ ...m, neurons: goal.pattern.length }, goal.pattern);
  return answer.realizable
    ? { truth: true, proof: { rule: 'realizes', ...encoderDocument(answer.encoder) } }
    : { truth: false, proof: answer.refutation };
}

function decideExists(goal: Of<'exists'>, m: Instance, proposals: Proposals, decide: Decider): Decision {
  // First, as it is cheap, and where it holds every candidate is for nothing.
  const none = goal.unless && decide(goal.unless(), m, proposals);
  if (none?.truth === true) return { truth: false, proof: { rule: 'excluded', proof: none.proof } };
  for (const at of proposals.configurations?.(m) ?? []) {
    const such = untied(() => decide(goal.such(at), m, proposals));
    if (such?.truth === true) {
      const proof = { rule: 'configuration', ...configurationDocument(at, m.nr), proof: such.proof };
      return { truth: true, proof };
    }
  }
  return undecided(`no configuration found with ${goal.what}`);
}

function decideGlobalMinimum(goal: Of<'global-minimum'>, m: Instance, proposals: Proposals): Decision {
  const loss = approximateLoss(m, goal.at);
  function* lower(): Iterable<Document> {
    for (const at of proposals.configurations?.(m) ?? []) {
      yield { rule: 'lower-loss', ...configurationDocument(at, m.nr) };
    }
  }
  return firstAccepted(
    goal,
    m,
    { for: [{ rule: 'zero-loss' }], against: lower() },
    `L~ = ${loss} is not 0, and no configuration was found below it`,
  );
}

/** Opposite columns, with equal rows and then with opposite ones, paired greedily. */
function pairsProof({ at }: Of<'reconstructs'>): Document {
  const used = new Set<number>();
  const paired = (row: (e: Vector) => Vector): number[][] =>
    at.we.flatMap((e, i) => {
      if (used.has(i) || at.wd[i]?.isZero()) return [];
      const u = at.wd[i]?.negated();
      const j = at.we.findIndex((f, k) => k > i && !used.has(k) && f.equals(row(e)) && u && at.wd[k]?.equals(u));
      if (j < 0) return [];
      used.add(i).add(j);
      return [[i + 1, j + 1]];
    });
  const cancelling = paired((e) => e);
  const pairs = paired((e) => e.negated());
  return { rule: 'paired-rows', pairs, ...(cancelling.length > 0 && { cancelling }) };
}

/** The best critical point of the pattern decides first; for another kind all of them are gone through. */
function decideCritical({ pattern, as }: Of<'critical'>, m: Instance): Decision {
  const landscape = new Landscape(m);
  const answer = landscape.decide(pattern);
  if (answer.is === 'undecided') return undecided(answer.why);
  if (answer.is === 'none') return { truth: false, proof: answer.proof };
  const fits = { any: true, minimum: answer.class.endsWith('minimum'), saddle: answer.class === 'saddle' };
  if (as === 'any' || fits[as]) return { truth: true, proof: answer.proof };
  const settled = landscape.settle(pattern, as);
  switch (settled.is) {
    case 'with':
      return { truth: true, proof: settled.answer.proof };
    case 'without':
      return { truth: false, proof: settled.proof };
    case 'open':
      return undecided(`no ${as} was found, and none excluded: ${settled.why}`);
  }
}

/** Exact steps make numbers many times as long: of trained weights they are soon too long for a certificate. */
const MOST_DIGITS = 6;
const isLong = ({ we, wd }: Configuration): boolean =>
  [...we, ...wd].some((v) => [v.den, ...v.num].some((x) => `${x < 0n ? -x : x}`.length > MOST_DIGITS));

function* ways(m: Instance, { at, to }: Of<'valley-exit'>): Iterable<Document> {
  const steps = isLong(at) ? [roundedStepsDown] : [stepsDown, roundedStepsDown];
  for (const find of [to === 'zero' ? exitToZero : exitToLess, ...steps]) {
    const proof = find(m, at);
    if (proof) yield proof;
  }
}

/** Decides whether the judgement, taken as it stands, is true. */
export function decideJudgement(goal: Judgement, about: Subject, proposals: Proposals, decide: Decider): Decision {
  if (goal.predicate === 'independent-codes') {
    const proof = independentCodes(goal.scale);
    return proof ? { truth: true, proof } : undecided('the rows tried do not reach rank n modulo the prime');
  }
  if (about.format !== 'dictum/instance@1') throw new RangeError(`${goal.predicate} is not about ${about.format}`);
  return decideAboutInstance(goal, about, proposals, decide);
}

function decideAboutInstance(
  goal: Exclude<Judgement, { predicate: 'independent-codes' }>,
  m: Instance,
  proposals: Proposals,
  decide: Decider,
): Decision {
  switch (goal.predicate) {
    case 'realizable':
      return decideRealizable(goal, m, proposals);
    case 'exists':
      return decideExists(goal, m, proposals, decide);
    case 'global-minimum':
      return decideGlobalMinimum(goal, m, proposals);
    case 'local-minimum': {
      const top = topEigenvalueProof(m, goal.at);
      const candidates = {
        for: [...(top ? [top] : []), { rule: 'no-loss' }],
        against: descentCurves(m, goal.at),
      };
      return firstAccepted(goal, m, candidates, 'neither a largest eigenvalue nor a descent curve settles it');
    }
    case 'reconstructs':
      return firstAccepted(goal, m, { for: [pairsProof(goal)], against: [] }, 'the rows do not come in opposite pairs');
    case 'partial-minimum': {
      const candidates = partialMinimumProofs(m, goal.pattern, goal.stationary);
      return firstAccepted(goal, m, candidates, `no critical point found on the pattern, and none excluded`);
    }
    case 'some-weights': {
      const why = 'no weights found with a point of positive loss, and none excluded';
      return firstAccepted(goal, m, someWeightsProofs(m, goal.pattern), why);
    }
    case 'refuted-near': {
      const proof = m.radius && refutedNearProof(m, goal.pattern, m.radius);
      return proof ? { truth: true, proof } : undecided('no cover by cells was found for this radius');
    }
    case 'least-loss': {
      const proof = leastLossProof(m) ?? rankBoundProof(m);
      return proof ? { truth: true, proof } : undecided('no tree of cases was found');
    }
    case 'critical':
      return decideCritical(goal, m);
    case 'strict-trap': {
      const none = noStrictTrapProof(m, goal.pattern);
      if (none && !refusal(not(goal), none, m)) return { truth: false, proof: none };
      const candidates = { for: strictMinima(m, goal.pattern), against: [] };
      return firstAccepted(goal, m, candidates, 'no strict local minimum was found, and none excluded');
    }
    case 'valley-exit': {
      const zero = goal.to === 'zero';
      const candidates = { for: ways(m, goal), against: zero ? nothingAtZero(m) : [] };
      return firstAccepted(goal, m, candidates, 'no path out of it was found');
    }
    case 'strictly-dead':
      return strictlyDeadProof(m);
    case 'spanning':
      return spanningProof(m);
    case 'counted': {
      if (!isSeparate(m))
        return undecided(
          `under ${m.activation.kind} what a neuron shows depends on the others: no count is of one alone`,
        );
      const found = countProof(m, goal.of);
      return 'why' in found ? undecided(found.why) : { truth: true, proof: found.proof };
    }
    case 'best-loss-at-most': {
      const candidates = { for: bestLosses(m, goal.left, goal.right), against: bestLosses(m, goal.right, goal.left) };
      return firstAccepted(goal, m, candidates, 'no point of one pattern lies below a bound found for the other');
    }
    case 'biconvex': {
      const candidates = { for: [{ rule: 'fixed-active-sets' }], against: chords(m, goal.region) };
      return firstAccepted(goal, m, candidates, 'the region does not fix the active sets, and no chord lies below L~');
    }
    case 'unique-codes': {
      const why = 'there are too many sets of columns to go through';
      return firstAccepted(goal, m, uniqueCodesProofs(m, goal.k, goal.signed), why);
    }
    case 'definite': {
      const answer = definite(goal.matrix);
      return 'd' in answer
        ? {
            truth: true,
            proof: { rule: 'ldl', definite: { l: matrixDocument(answer.l), d: vectorDocument(answer.d) } },
          }
        : { truth: false, proof: { rule: 'negative-direction', x: vectorDocument(answer.x) } };
    }
  }
}
