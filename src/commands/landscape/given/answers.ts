/**
 * What can be proved about a configuration as it stands, each with its certificate: the most telling first. What is too large to try is told by its bound, at
 * once; what was tried and not decided, by the reason.
 */
import { CLAIMS } from '../../../../theorems/statements.ts';
import { type Configuration, configurationOf, type Instance } from '../../../kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../kernel/model/model.ts';
import { type Rational, sum } from '../../../kernel/numbers/rational.ts';
import { Rejection } from '../../../kernel/numbers/rejection.ts';
import { bounded, isTooMuch } from '../../../kernel/numbers/work.ts';
import type { Bounds, Exact, Fact } from '../../../kernel/proof/fact.ts';
import type { LandingClass } from '../../../landing/check/landing.ts';
import { landNear } from '../../../landing/match/given.ts';
import { certify } from '../../../solve/decide/certify.ts';
import { sha256 } from '../../../terminal/digest.ts';

/** In the order of what they say; the last two do not settle anything alone. */
export const KINDS = [
  'least',
  'minimum',
  'path-to-zero',
  'near',
  'saddle',
  'path-to-less',
  'no-minimum',
  'bound',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Answer {
  readonly kind: Kind;
  /** The claim of the certificate; none of a landing. */
  readonly claim?: string;
  /** L~ where a path leads, of the point near, or a bound below it. */
  readonly loss?: Bounds;
  /** `near`: the class of that point, and how far it is at most, in each coordinate. */
  readonly class?: LandingClass;
  readonly apart?: Exact;
  readonly certificate: string;
}

export interface Answered {
  /** Of the configuration; none where it has a tie. */
  readonly loss?: Exact;
  /** |grad L~|^2. */
  readonly gradient?: Exact;
  readonly answers: readonly Answer[];
  /** Why what was not answered was not. */
  readonly open: readonly string[];
}

export interface Asking {
  /** Units for each attempt. */
  readonly work: number;
  /** How far, in each coordinate, a point may be that is called near; relative to the largest weight. */
  readonly within: number;
  /** Paths only: what is near, or least, is asked of the components. */
  readonly pathsOnly: boolean;
}

/** Products of coordinates in a path, or in L~. */
const MOST_PRODUCTS = 4_000_000;
/** The side of a matrix that is factored exactly. */
const MOST_SIDE = 48;

const tells = ({ kind }: Answer): boolean => kind !== 'bound';
export const isAnswered = ({ answers }: Answered): boolean => answers.some(tells);

export function answersFor(m: Instance, asking: Asking): Answered {
  const products = m.neurons * m.features.length * (m.np + m.nr);
  if (products > MOST_PRODUCTS) {
    const why = `${m.neurons} neurons times ${m.features.length} features of ${m.np + m.nr} coordinates in and out are ${products} products, at most ${MOST_PRODUCTS} are taken`;
    return { answers: [], open: [why] };
  }
  const at = configurationOf(m);
  try {
    const { loss, square } = bounded(() => {
      const { we, wd } = gradients(m, at);
      return { loss: approximateLoss(m, at), square: sum([...we, ...wd].map((row) => row.dot(row))) };
    }, asking.work);
    return answered(m, at, loss, square, asking);
  } catch (thrown) {
    if (!(thrown instanceof Rejection)) throw thrown;
    const why = isTooMuch(thrown) ? `it takes more than the limit, ${thrown.expected}` : `${thrown.found}`;
    return { answers: [], open: [why] };
  }
}

function answered(
  m: Instance,
  at: Configuration,
  loss: Rational,
  gradient: Rational,
  { work, within, pathsOnly }: Asking,
): Answered {
  const answers: Answer[] = [];
  const open: string[] = [];
  const ask = (
    claim: string,
    make: (verdict: string, fact: Fact) => Omit<Answer, 'claim' | 'certificate'> | undefined,
  ) => {
    const found = attempted(m, claim, work);
    if ('why' in found) {
      open.push(`${claim}: ${found.why}`);
      return false;
    }
    const answer = make(found.verdict, found.fact);
    if (answer) answers.push({ ...answer, claim, certificate: found.certificate });
    return answer !== undefined;
  };
  const done = (): Answered => ({
    loss: `${loss}`,
    gradient: `${gradient}`,
    answers: answers.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
    open,
  });
  const still = gradient.sign() === 0;
  const stands = (verdict: string): Omit<Answer, 'claim' | 'certificate'> | undefined =>
    verdict === 'holds'
      ? { kind: loss.sign() === 0 ? 'least' : 'minimum' }
      : verdict === 'refuted'
        ? { kind: still ? 'saddle' : 'no-minimum' }
        : undefined;
  if (loss.sign() === 0) {
    ask('T6-here', stands);
    return done();
  }
  if (!pathsOnly) {
    least(m, at, ask, open);
    if (still) ask('T6-here', stands);
  }
  const byRows = m.activation.kind === 'relu' || m.activation.kind === 'jumprelu';
  const toZero =
    byRows &&
    m.neurons >= m.features.length &&
    ask('T6-valley', (verdict) => (verdict === 'holds' ? { kind: 'path-to-zero' } : undefined));
  if (byRows && !toZero) {
    ask('T6-path', (verdict, fact) =>
      verdict === 'holds' && 'lower' in fact && fact.lower !== undefined
        ? { kind: 'path-to-less', loss: [fact.lower, fact.lower] }
        : undefined,
    );
  }
  if (!byRows) open.push(`paths: under ${m.activation.kind} a row in motion can hold others down`);
  if (pathsOnly) return done();
  if (!answers.some(({ kind }) => kind === 'least' || kind === 'minimum' || kind === 'saddle'))
    near(m, at, within, answers, open);
  if (!answers.some(tells) && !still) ask('T6-here', stands);
  return done();
}

/** By the rank of the outputs, where that says anything. */
function least(m: Instance, at: Configuration, ask: Ask, open: string[]): void {
  if (m.neurons >= m.nr || m.neurons >= m.features.length) return;
  if (m.nr > MOST_SIDE) {
    open.push(`the least L~: matrices of ${m.nr} rows, at most ${MOST_SIDE} are factored exactly`);
    return;
  }
  const loss = `${approximateLoss(m, at)}`;
  ask('G2', (verdict, fact) => {
    if (verdict !== 'holds' || !('loss' in fact) || fact.loss === undefined || fact.loss[0] === '0') return undefined;
    // The bound above is that of a decoder of 0 where that is less.
    return { kind: fact.loss[0] === loss ? 'least' : 'bound', loss: [fact.loss[0], loss] };
  });
}

type Ask = (
  claim: string,
  make: (verdict: string, fact: Fact) => Omit<Answer, 'claim' | 'certificate'> | undefined,
) => boolean;

function near(m: Instance, at: Configuration, within: number, answers: Answer[], open: string[]): void {
  const radius = within * largestWeight(at);
  if (!(radius > 0)) return;
  const found = landNear(m, radius, sha256);
  if ('why' in found) {
    open.push(`near: ${found.why}`);
    return;
  }
  const { landed, text } = found;
  answers.push({
    kind: 'near',
    class: landed.class,
    loss: [`${landed.loss.lower}`, `${landed.loss.upper}`],
    apart: `${landed.apart}`,
    certificate: text,
  });
}

/** In floats. */
export function largestWeight({ we, wd }: Configuration): number {
  let most = 0;
  for (const row of [...we, ...wd]) {
    for (const x of row.entries()) most = Math.max(most, Math.abs(Number((x.num * 2n ** 40n) / x.den) / 2 ** 40));
  }
  return most;
}

type Found = { readonly verdict: string; readonly fact: Fact; readonly certificate: string } | { readonly why: string };

function attempted(m: Instance, id: string, work: number): Found {
  const claim = CLAIMS.get(id);
  if (!claim) throw new Error(`no claim ${id}`);
  const reading = 'repaired' in claim.readings ? 'repaired' : 'ours';
  try {
    const outcome = bounded(() => certify({ claim, reading, instance: m, proposals: {} }, sha256), work);
    if (outcome.verdict === 'undecided') return { why: outcome.why };
    const { accepted } = outcome.checked;
    if (outcome.verdict === 'not-applicable') return { why: `${accepted.fails} fails` };
    return { verdict: outcome.verdict, fact: accepted.facts.at(-1) as Fact, certificate: outcome.certificate };
  } catch (thrown) {
    if (!isTooMuch(thrown)) throw thrown;
    return { why: `more than the limit, ${(thrown as Rejection).expected}` };
  }
}
