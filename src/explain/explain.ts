/**
 * A certificate for people: what the claim says, what was asked, and the argument step by step. Words are made only of what the checker has
 * accepted: the whole certificate first, then each step once more, for the fact that it establishes.
 */
import { Checked, check, type Decided } from '../kernel/certificate.ts';
import type { Digest } from '../kernel/document/canonical.ts';
import { parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import type { Instance } from '../kernel/model/instance.ts';
import type { Subject } from '../kernel/model/subject.ts';
import type { Rejection } from '../kernel/numbers/rejection.ts';
import { bounded } from '../kernel/numbers/work.ts';
import { type Claim, type Reading, rulesOf } from '../kernel/proof/claim.ts';
import type { Fact, Judged } from '../kernel/proof/fact.ts';
import { type Context, type Goal, not, prove } from '../kernel/proof/goal.ts';
import { checkLanding, isLanding } from '../landing/check/landing.ts';
import { namedOf, readingText, reasonText, sentence } from '../words/sentence.ts';
import { type Explanation, linesOf } from './explanation.ts';
import { computedLines } from './facts.ts';
import { groundTruthLines, soloLines, subjectLines } from './instance.ts';
import { explainLanding } from './landing.ts';
import { RULE_WORDS } from './rules.ts';
import type { Step } from './step.ts';
import { meaningsOf } from './symbols.ts';

type Given = Omit<Context<Subject>, 'facts'>;

export function explain(
  text: string,
  claims: ReadonlyMap<string, Claim<Subject>>,
  sha256: Digest,
): Explanation | Rejection {
  if (isLanding(text)) {
    const landed = checkLanding(text, sha256);
    return 'components' in landed ? explainLanding(text, landed) : landed;
  }
  const outcome = check(text, claims, sha256);
  if (!(outcome instanceof Checked)) return outcome;
  return bounded(() => explained(text, outcome, claims));
}

function explained(text: string, { accepted }: Checked, claims: ReadonlyMap<string, Claim<Subject>>): Explanation {
  const { instance, id, verdict } = accepted;
  const claim = claims.get(accepted.claim);
  const reading = claim?.readings[accepted.reading];
  if (!claim || !reading) throw new Error(`claim ${accepted.claim} vanished`);
  const witness = new Node(parseJson(text)).members().get('witness');
  if (!witness) throw new Error('an accepted certificate without a witness');
  const given = { instance, rules: rulesOf(claim) };
  const argument =
    verdict === 'not-applicable' ? failing(reading, witness, given) : decided(reading, accepted, witness, given);
  const asked = [
    ...subjectLines(instance),
    ...(claim.id.startsWith('T3') ? groundTruthLines(instance) : []),
    ...(claim.id === 'T1' ? soloLines(instance) : []),
  ];
  return {
    about: {
      claim: claim.id,
      title: claim.title,
      reading: accepted.reading,
      verdict,
      says: reading.says,
      supposes: reading.hypotheses.map(({ name, says }) => ({ name, says })),
      assumes: accepted.assumes,
    },
    asked,
    symbols: meaningsOf([reading.says, ...accepted.assumes, ...asked, ...linesOf(argument)], claim.id),
    sentence: `${readingText(accepted)} ${verdict}: ${reasonText(accepted, instance)}`,
    argument,
    instance: instance.name,
    id,
    subject: instance,
  };
}

const heading = (says: string, steps: readonly Step[]): Step => ({ says, lines: [], steps });

function decided(reading: Reading<Subject>, { verdict, dropped }: Decided, witness: Node, given: Given): Step[] {
  const { hypotheses, conclusion, dropped: lack } = witness.fields(['hypotheses', 'conclusion'], ['dropped']);
  const { instance } = given;
  const proofs = hypotheses.members();
  const supposed = reading.hypotheses.flatMap((h) => {
    const proof = proofs.get(h.name);
    return proof ? [named(h, stepsOf(h.goal(instance), proof, given))] : [];
  });
  const left = reading.hypotheses.find((h) => h.name === dropped);
  const goal = reading.conclusion(instance);
  return [
    ...(supposed.length > 0 ? [heading('What the reading supposes is so:', supposed)] : []),
    ...(left && lack
      ? [
          heading(
            `But for one, which is left out: ${left.name} (${left.says}).`,
            stepsOf(not(left.goal(instance)), lack, given),
          ),
        ]
      : []),
    heading(
      `${verdict === 'holds' ? 'What it says is so' : 'What it says is not so'}: ${reading.says}.`,
      stepsOf(verdict === 'holds' ? goal : not(goal), conclusion, given),
    ),
  ];
}

function failing(reading: Reading<Subject>, witness: Node, given: Given): Step[] {
  const { fails, proof } = witness.fields(['fails', 'proof']);
  const hypothesis = reading.hypotheses.find((h) => h.name === fails.text());
  if (!hypothesis) throw new Error(`hypothesis ${fails.text()} vanished`);
  const goal = not(hypothesis.goal(given.instance));
  return [
    heading(
      `The reading supposes ${hypothesis.name} (${hypothesis.says}), which is not so here; so it says nothing of this instance.`,
      stepsOf(goal, proof, given),
    ),
  ];
}

/** A hypothesis with what shows it; where that is one short step they are one. */
function named({ name, says }: { readonly name: string; readonly says: string }, steps: readonly Step[]): Step {
  const [only, ...more] = steps;
  if (only && more.length === 0)
    return { ...only, says: only.says === says ? `${name}: ${says}` : `${name} (${says}): ${only.says}` };
  return heading(`${name} (${says}):`, steps);
}

function stepsOf(goal: Goal, proof: Node, given: Given): readonly Step[] {
  switch (goal.kind) {
    case 'all': {
      const parts = proof.items(goal.of.length);
      return goal.of.flatMap((part, k) => stepsOf(part, parts[k] as Node, given));
    }
    case 'some': {
      const { choose, proof: chosen } = proof.fields(['choose', 'proof']);
      return stepsOf(goal.of[choose.index(1, goal.of.length) - 1] as Goal, chosen, given);
    }
    case 'computed':
      return [
        {
          says: sentence(goal.fact, namedOf(given.instance)),
          lines: computedLines(goal.fact, given.instance),
          steps: [],
          path: proof.path,
        },
      ];
    case 'judgement': {
      const facts: Fact[] = [];
      prove(goal, proof, { ...given, facts });
      const fact = facts[0];
      if (!fact || !('by' in fact && 'truth' in fact)) throw new Error('a judgement without a fact');
      const words = RULE_WORDS.get(fact.by);
      if (!words) throw new Error(`rule ${fact.by} has no words`);
      const m = given.instance as Instance;
      const steps = (inner: Goal, node: Node, other: Partial<Given> = {}): readonly Step[] =>
        stepsOf(inner, node, { ...given, ...other });
      const said = words({ judgement: goal, node: proof, m, fact: fact as Judged, steps });
      return [
        {
          says: sentence(fact, namedOf(m)),
          rule: fact.by,
          path: proof.path,
          lines: said.lines,
          steps: said.steps ?? [],
          fact: fact as Judged,
          ...(said.figure && { figure: said.figure }),
          ...(said.seen && { seen: said.seen }),
        },
      ];
    }
  }
}
