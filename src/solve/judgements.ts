/** One decider per judgement of the kernel: each returns a proof that the kernel's rules accept, or says undecided. */
import { type Goal, type Judgement, not } from '../kernel/goal.ts';
import type { Instance } from '../kernel/instance.ts';
import { approximateLoss } from '../kernel/model.ts';
import { type Decider, type Decision, type Proposals, undecided } from './decision.ts';
import { definite } from './definite.ts';
import { descentCurves } from './descent.ts';
import { configurationDocument, type Document, encoderDocument, matrixDocument, vectorDocument } from './document.ts';
import { topEigenvalueProof } from './localMinimum.ts';
import { partialMinimumProofs, skewMultiplierProofs } from './partialMinimum.ts';
import { refusal } from './proof.ts';
import { realize } from './realize.ts';

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
  for (const at of proposals.configurations?.(m) ?? []) {
    const such = decide(goal.such(at), m, proposals);
    if (such.truth === true) {
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

/** Opposite rows with opposite columns, paired greedily. */
function pairsProof({ at }: Of<'reconstructs'>): Document {
  const pairs: number[][] = [];
  const used = new Set<number>();
  at.we.forEach((e, i) => {
    if (used.has(i) || at.wd[i]?.isZero()) return;
    const j = at.we.findIndex(
      (f, k) => k > i && !used.has(k) && f.equals(e.negated()) && at.wd[k]?.equals(at.wd[i]?.negated() ?? e),
    );
    if (j < 0) return;
    used.add(i).add(j);
    pairs.push([i + 1, j + 1]);
  });
  return { rule: 'paired-rows', pairs };
}

/** Decides whether the judgement, taken as it stands, is true. */
export function decideJudgement(goal: Judgement, m: Instance, proposals: Proposals, decide: Decider): Decision {
  switch (goal.predicate) {
    case 'realizable':
      return decideRealizable(goal, m, proposals);
    case 'exists':
      return decideExists(goal, m, proposals, decide);
    case 'global-minimum':
      return decideGlobalMinimum(goal, m, proposals);
    case 'local-minimum': {
      const top = topEigenvalueProof(m, goal.at);
      const candidates = { for: top ? [top] : [], against: descentCurves(m, goal.at) };
      return firstAccepted(goal, m, candidates, 'neither a largest eigenvalue nor a descent curve settles it');
    }
    case 'reconstructs':
      return firstAccepted(goal, m, { for: [pairsProof(goal)], against: [] }, 'the rows do not come in opposite pairs');
    case 'partial-minimum': {
      const candidates = {
        for: partialMinimumProofs(m, goal.pattern),
        against: skewMultiplierProofs(m, goal.pattern, goal.stationary),
      };
      return firstAccepted(goal, m, candidates, `no critical point found on the pattern, and none excluded`);
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
