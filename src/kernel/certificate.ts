/**
 * The checker: reads `dictum/certificate@1`, recomputes from claim, reading and instance what has to be shown, and walks the
 * proof. It never searches; what is missing is a rejection. Specification: docs/certificate-format.md.
 */
import { type Digest, documentId } from './document/canonical.ts';
import { parseJson, refuseFloats } from './document/json.ts';
import { Node } from './document/node.ts';
import { INSTANCE } from './model/instance.ts';
import type { Subject } from './model/subject.ts';
import { invalid, malformed, Rejection } from './numbers/rejection.ts';
import { bounded } from './numbers/work.ts';
import {
  type Claim,
  READINGS,
  type Reading,
  type ReadingName,
  rulesOf,
  VERDICTS,
  type Verdict,
} from './proof/claim.ts';
import type { Exact, Fact } from './proof/fact.ts';
import { type Context, type Goal, not, prove } from './proof/goal.ts';
import { type Beyond, beyond, outside } from './proof/outside.ts';

/** What a certificate decides, as a value: the second checker returns the same one. */
export interface Decided {
  readonly claim: string;
  readonly reading: ReadingName;
  readonly verdict: Verdict;
  /** What the instance has beyond `dictum/instance@1`, if anything: the verdict is with it. */
  readonly with?: readonly Beyond[];
  /** Of inputs: what their loss is beyond L~, whatever the weights. */
  readonly constant?: Exact;
  /** The hypothesis that fails, of a claim that is not applicable. */
  readonly fails?: string;
  /**
   * The hypothesis left out: the conclusion fails on an instance where it fails, too, and all others hold. So it cannot just be left out of a
   * reading that is true; of one that is false with it as well, this says nothing.
   */
  readonly dropped?: string;
  /** That the one left out fails. */
  readonly lacks?: readonly Fact[];
  readonly facts: readonly Fact[];
}

export const decidedOf = (decided: Decided): Decided => {
  const { claim, reading, verdict, with: also, constant, fails, dropped, lacks, facts } = decided;
  return {
    claim,
    reading,
    verdict,
    ...(also && { with: also }),
    ...(constant !== undefined && { constant }),
    ...(fails !== undefined && { fails }),
    ...(dropped !== undefined && { dropped }),
    ...(lacks && { lacks }),
    facts,
  };
};

interface Accepted extends Decided {
  readonly instance: Subject;
  readonly instanceId: string;
  readonly id: string;
  readonly assumes: readonly string[];
}

let seal: (accepted: Accepted) => Checked;
/** TypeScript's `private` ends with the compiler: `Reflect.construct` needs this key, which no other module has. */
const key = Symbol('check');

/** A certificate that was replayed and accepted. Only `check` makes one. */
export class Checked {
  readonly #accepted: Accepted;

  private constructor(accepted: Accepted, by: symbol) {
    if (by !== key) throw new TypeError('only check() makes a Checked');
    this.#accepted = Object.freeze(accepted);
  }

  static {
    seal = (accepted) => new Checked(accepted, key);
  }

  get accepted(): Accepted {
    return this.#accepted;
  }
}

function replay(text: string, claims: ReadonlyMap<string, Claim<Subject>>, sha256: Digest): Checked {
  const document = parseJson(text);
  refuseFloats(document, '$');
  const root = new Node(document);
  // First, so that an instance, or a later version, is told apart from a broken certificate.
  root.members().get('format')?.word(['dictum/certificate@1']);
  const parts = root.fields(['format', 'claim', 'reading', 'instance', 'verdict', 'witness', 'id'], ['dropped']);
  const claim = claims.get(parts.claim.word([...claims.keys()]));
  const name = parts.reading.word(READINGS);
  const stated = claim?.readings[name];
  if (!claim || !stated) return malformed('unknown-word', parts.reading.path, `a reading of ${claim?.id}`, name);
  const instance = (claim.about ?? INSTANCE).read(parts.instance);
  const verdict = parts.verdict.word(VERDICTS);
  const id = documentId(document, sha256);
  if (parts.id.text() !== id) invalid('wrong-id', '$.id', id, parts.id.text());

  const given: Given = { instance, rules: rulesOf(claim) };
  const unfit = outside(stated, instance);
  if (unfit.length > 0 && verdict !== 'not-applicable')
    invalid('wrong-verdict', '$.verdict', `not-applicable, as ${unfit[0]?.name} fails`, verdict);
  const reading = unfit.length > 0 ? { ...stated, hypotheses: unfit } : stated;
  const hypotheses = reading.hypotheses.map((h) => h.name);
  const dropped = parts.dropped?.word(hypotheses);
  if (dropped !== undefined && verdict !== 'refuted') {
    invalid('wrong-verdict', '$.verdict', 'refuted, where a hypothesis is dropped', verdict);
  }
  const found =
    verdict === 'not-applicable'
      ? proveFailing(reading, parts.witness, given)
      : proveDecided(reading, verdict, dropped, parts.witness, given);
  return seal({
    claim: claim.id,
    reading: name,
    verdict,
    ...beyondOf(instance),
    ...found,
    instance,
    instanceId: documentId(parts.instance.json, sha256),
    id,
    assumes: reading.assumes ?? [],
  });
}

/** What a verdict on it is with. */
function beyondOf(m: Subject): Pick<Decided, 'with' | 'constant'> {
  const also = beyond(m);
  const lifted = 'lifted' in m ? m.lifted : undefined;
  return { ...(also.length > 0 && { with: also }), ...(lifted?.inputs && { constant: `${lifted.constant}` }) };
}

/** What every proof of a certificate is given: the rules are those of its claim and no others. */
type Given = Omit<Context<Subject>, 'facts'>;

/** All hypotheses, the one dropped negated: it has to fail, or it was not needed. Then the conclusion or its negation. */
function proveDecided(
  reading: Reading<Subject>,
  verdict: Verdict,
  dropped: string | undefined,
  witness: Node,
  given: Given,
): Pick<Decided, 'dropped' | 'lacks' | 'facts'> {
  const { instance } = given;
  const named = ['hypotheses', 'conclusion'] as const;
  const { hypotheses, conclusion } = witness.fields(named, dropped === undefined ? [] : ['dropped']);
  const needed = reading.hypotheses.filter((h) => h.name !== dropped);
  const lacks = reading.hypotheses
    .filter((h) => h.name === dropped)
    .flatMap(({ goal }) => shown(not(goal(instance)), witness.fields([...named, 'dropped']).dropped, given));
  const proofs: Partial<Record<string, Node>> = hypotheses.fields(needed.map((h) => h.name));
  for (const hypothesis of needed) {
    const proof = proofs[hypothesis.name];
    if (!proof) throw new Error(`no proof of ${hypothesis.name}`);
    shown(hypothesis.goal(instance), proof, given);
  }
  const goal = reading.conclusion(instance);
  const facts = shown(verdict === 'holds' ? goal : not(goal), conclusion, given);
  return dropped === undefined ? { facts } : { dropped, lacks, facts };
}

/** Walks the proof of a goal; the facts that it establishes. */
function shown(goal: Goal, proof: Node, given: Given): readonly Fact[] {
  const facts: Fact[] = [];
  prove(goal, proof, { ...given, facts });
  return Object.freeze(facts);
}

/** One named hypothesis fails. */
function proveFailing(reading: Reading<Subject>, witness: Node, given: Given): Pick<Decided, 'fails' | 'facts'> {
  const { fails, proof } = witness.fields(['fails', 'proof']);
  const name = fails.word(reading.hypotheses.map((h) => h.name));
  const hypothesis = reading.hypotheses.find((h) => h.name === name);
  if (!hypothesis) throw new Error(`hypothesis ${name} vanished`);
  return { fails: name, facts: shown(not(hypothesis.goal(given.instance)), proof, given) };
}

/** Replays the text of a certificate against the claims given: an acceptance, or why there is none. */
export function check(text: string, claims: ReadonlyMap<string, Claim<Subject>>, sha256: Digest): Checked | Rejection {
  try {
    return bounded(() => replay(text, claims, sha256));
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown;
    throw thrown;
  }
}
