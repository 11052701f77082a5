/**
 * The one place where facts become sentences: nothing is decided here, and no sentence says more than its fact. A fact of a judgement
 * carries every condition of the goal that was proved, and each of them is said. Labels may hold control characters: who prints escapes them.
 */
import type { Decided } from '../kernel/certificate.ts';
import type { Instance } from '../kernel/model/instance.ts';
import type { Comparison, Subject } from '../kernel/model/subject.ts';
import type { Computed, Fact } from '../kernel/proof/fact.ts';
import { beyondText } from './beyond.ts';
import { computedText } from './computed.ts';
import { judgedText } from './judged.ts';
import { counted, type Named, setText } from './names.ts';
import { decimalText } from './number.ts';

const MOST_FACTS = 12;

/** Reported figures and generated models have no features with names. */
export const namedOf = (m: Named | Subject): Named =>
  'activation' in m
    ? m
    : { features: [], activation: { kind: 'relu' }, ...('terms' in m && { figures: figuresText(m.terms) }) };

/** `84.7 - 86.1`, `-2 * 0.5 + 1` */
const figuresText = (terms: Comparison['terms']): string =>
  terms
    .map(({ times, printed }, k) => {
      const sign = times.sign() < 0 ? (k > 0 ? '- ' : '-') : k > 0 ? '+ ' : '';
      const size = `${times}`.replace('-', '');
      return `${sign}${size === '1' ? '' : `${decimalText(size)} * `}${printed.text}`;
    })
    .join(' ');

/** `T6 paper without partition`: a reading, and the hypothesis that was dropped. */
export function readingText({ claim, reading, dropped }: Pick<Decided, 'claim' | 'reading' | 'dropped'>): string {
  return `${claim} ${reading}${dropped === undefined ? '' : ` without ${dropped}`}`;
}

/** Why the verdict is what it is: `M = 0; L~ = 2 > 0 = c M^2, for any c`; of a model with biases, that it has them. */
export function reasonText(decided: Decided, about: Named | Subject): string {
  return withBeyond(reason(decided, about), about);
}

/** A sentence about an instance, after what the instance has beyond `dictum/instance@1`. */
export function withBeyond(says: string, about: Named | Subject): string {
  const also = 'format' in about ? beyondText(about) : undefined;
  return also === undefined ? says : `${also}: ${says}`;
}

function reason({ fails, dropped, lacks = [], facts }: Decided, about: Named | Subject): string {
  const m = namedOf(about);
  const sentences = sentencesOf(facts, m);
  const listed = sentences.slice(0, MOST_FACTS);
  if (sentences.length > MOST_FACTS) listed.push(`... (${counted(facts.length, 'fact')}; --json has all)`);
  const said = listed.join('; ');
  if (fails !== undefined) return `${fails} fails: ${said}`;
  const lacking = sentencesOf(lacks, m).join('; ');
  const unseen = unseenText(facts, m);
  return `${said}${dropped === undefined ? '' : ` (${dropped} fails: ${lacking})`}${unseen}`;
}

/** Each once: of two patterns that the same neuron excludes the sentence, which speaks of that neuron, is one. */
const sentencesOf = (facts: readonly Fact[], m: Named): string[] => [
  ...new Set(facts.map((fact) => sentence(fact, m))),
];

/** Features that L~ does not contain, or that ask for nothing: what is said of L~ does not speak of them. */
function unseenText(facts: readonly Fact[], { features }: Named): string {
  if (!facts.some(speaksOfLoss)) return '';
  const of = (test: (d: Instance['features'][number]) => boolean): number[] =>
    features.flatMap((f, d) => (test(f) ? [d + 1] : []));
  const weightless = of((f) => f.weight.sign() === 0);
  const aimless = of((f) => f.weight.sign() !== 0 && f.wr.isZero());
  return [
    ...(weightless.length === features.length
      ? ['; every weight is 0, so L~ is 0 everywhere']
      : weightless.length > 0
        ? [`; L~ does not contain ${setText(features, weightless)}, of weight 0`]
        : []),
    ...(aimless.length > 0 ? [`; the target of ${setText(features, aimless)} is 0`] : []),
  ].join('');
}

/** The quantities that L~ is part of, by the names that claims give them. */
const LOSSES: ReadonlySet<string> = new Set(['L~', 'L - L~', '|L - L~|']);

function speaksOfLoss(fact: Fact): boolean {
  switch (fact.relation) {
    case 'exists':
      return (fact.facts ?? []).some(speaksOfLoss);
    case 'order':
      return [fact.left.name, fact.right.name].some((name) => LOSSES.has(name)) && fact.where === undefined;
    case 'zero-loss':
    case 'stationary':
    case 'anchor-cost':
    case 'partial-minimum':
    case 'critical':
    case 'strict-trap':
    case 'valley-exit':
    case 'local-minimum':
    case 'global-minimum':
    case 'best-loss-at-most':
      return true;
    default:
      return false;
  }
}

export function sentence(fact: Fact, m: Named): string {
  if (!('by' in fact && 'truth' in fact)) return computedText(fact as Computed, m);
  return judgedText(
    fact,
    m,
    (fact.facts ?? []).map((part) => sentence(part, m)),
  );
}
