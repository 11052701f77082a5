/**
 * The checker: reads `dictum/certificate@1`, recomputes from claim, reading and instance what has to be shown, and walks the
 * proof. It never searches; what is missing is a rejection. Specification: docs/certificate-format.md.
 */
import { type Digest, documentId } from './canonical.ts';
import { type Claim, READINGS, type Reading, type ReadingName, VERDICTS, type Verdict } from './claim.ts';
import { type Context, not, prove } from './goal.ts';
import type { Instance } from './instance.ts';
import { parseJson, refuseFloats } from './json.ts';
import { Node } from './node.ts';
import { invalid, malformed, Rejection } from './rejection.ts';
import { RULES } from './rules.ts';
import { readSubject } from './subject.ts';
import { bounded } from './work.ts';

interface Accepted {
  readonly claim: string;
  readonly reading: ReadingName;
  /** The hypothesis left out, in a certificate that shows it to be needed. */
  readonly dropped?: string;
  readonly verdict: Verdict;
  readonly instance: Instance;
  readonly instanceId: string;
  readonly id: string;
  /** What was computed on the way, in words. */
  readonly facts: readonly string[];
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

function replay(text: string, claims: ReadonlyMap<string, Claim>, sha256: Digest): Checked {
  const document = parseJson(text);
  refuseFloats(document, '$');
  const root = new Node(document);
  // First, so that an instance, or a later version, is told apart from a broken certificate.
  root.members().get('format')?.word(['dictum/certificate@1']);
  const parts = root.fields(['format', 'claim', 'reading', 'instance', 'verdict', 'witness', 'id'], ['dropped']);
  const claim = claims.get(parts.claim.word([...claims.keys()]));
  const name = parts.reading.word(READINGS);
  const reading = claim?.readings[name];
  if (!claim || !reading) return malformed('unknown-word', parts.reading.path, `a reading of ${claim?.id}`, name);
  const instance = readSubject(parts.instance, claim.about ?? 'dictum/instance@1');
  const verdict = parts.verdict.word(VERDICTS);
  const id = documentId(document, sha256);
  if (parts.id.text() !== id) invalid('wrong-id', '$.id', id, parts.id.text());

  const hypotheses = reading.hypotheses.map((h) => h.name);
  const dropped = parts.dropped?.word(hypotheses);
  if (dropped !== undefined && verdict !== 'refuted') {
    invalid('wrong-verdict', '$.verdict', 'refuted, where a hypothesis is dropped', verdict);
  }
  const context: Context = { instance, rules: RULES, facts: [] };
  if (verdict === 'not-applicable') proveFailing(reading, parts.witness, context);
  else proveDecided(reading, verdict, dropped, parts.witness, context);
  return seal({
    claim: claim.id,
    reading: name,
    ...(dropped !== undefined && { dropped }),
    verdict,
    instance,
    instanceId: documentId(parts.instance.json, sha256),
    id,
    facts: Object.freeze(context.facts),
    assumes: reading.assumes ?? [],
  });
}

/** All hypotheses, the one dropped negated: it has to fail, or it was not needed. Then the conclusion or its negation. */
function proveDecided(
  reading: Reading,
  verdict: Verdict,
  dropped: string | undefined,
  witness: Node,
  context: Context,
): void {
  const named = ['hypotheses', 'conclusion'] as const;
  const { hypotheses, conclusion } = witness.fields(named, dropped === undefined ? [] : ['dropped']);
  const needed = reading.hypotheses.filter((h) => h.name !== dropped);
  for (const { goal } of reading.hypotheses.filter((h) => h.name === dropped)) {
    prove(not(goal(context.instance)), witness.fields([...named, 'dropped']).dropped, { ...context, facts: [] });
  }
  const proofs: Partial<Record<string, Node>> = hypotheses.fields(needed.map((h) => h.name));
  for (const hypothesis of needed) {
    const proof = proofs[hypothesis.name];
    if (!proof) throw new Error(`no proof of ${hypothesis.name}`);
    prove(hypothesis.goal(context.instance), proof, { ...context, facts: [] });
  }
  const goal = reading.conclusion(context.instance);
  prove(verdict === 'holds' ? goal : not(goal), conclusion, context);
}

/** One named hypothesis fails. */
function proveFailing(reading: Reading, witness: Node, context: Context): void {
  const { fails, proof } = witness.fields(['fails', 'proof']);
  const name = fails.word(reading.hypotheses.map((h) => h.name));
  const hypothesis = reading.hypotheses.find((h) => h.name === name);
  if (!hypothesis) throw new Error(`hypothesis ${name} vanished`);
  prove(not(hypothesis.goal(context.instance)), proof, context);
}

/** Replays the text of a certificate against the claims given: an acceptance, or why there is none. */
export function check(text: string, claims: ReadonlyMap<string, Claim>, sha256: Digest): Checked | Rejection {
  try {
    return bounded(() => replay(text, claims, sha256));
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown;
    throw thrown;
  }
}
