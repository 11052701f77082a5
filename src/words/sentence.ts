/**
 * The one place where facts become sentences: nothing is decided here, and no sentence says more than its fact. A fact of a judgement
 * carries every condition of the goal that was proved, and each of them is said. Labels may hold control characters: who prints escapes them.
 */
import type { Decided } from '../kernel/certificate.ts';
import type { Instance } from '../kernel/model/instance.ts';
import type { Subject } from '../kernel/model/subject.ts';
import type { Computed, Definite, Evidence, Exact, Fact, Judged, Order, Quantity, Term } from '../kernel/proof/fact.ts';
import { counted, nameText, patternText, setText, symbolText } from './names.ts';
import { enclosure, equation, numberText, rootText } from './number.ts';
import { propertyText } from './property.ts';

/** What of an instance the words need. */
export type Named = Pick<Instance, 'features' | 'activation'>;

/** Reported figures and generated models have no features with names. */
export const namedOf = (m: Named | Subject): Named =>
  'activation' in m ? m : { features: [], activation: { kind: 'relu' } };

const MOST_TERMS = 6;
const MOST_FACTS = 12;

/** `T6 paper without partition`: a reading, and the hypothesis that was dropped. */
export function readingText({ claim, reading, dropped }: Pick<Decided, 'claim' | 'reading' | 'dropped'>): string {
  return `${claim} ${reading}${dropped === undefined ? '' : ` without ${dropped}`}`;
}

/** Why the verdict is what it is: `M = 0; L~ = 2 > 0 = c M^2, for any c`. */
export function reasonText({ fails, dropped, lacks = [], facts }: Decided, about: Named | Subject): string {
  const m = namedOf(about);
  const listed = facts.slice(0, MOST_FACTS).map((fact) => sentence(fact, m));
  if (facts.length > MOST_FACTS) listed.push(`... (${counted(facts.length, 'fact')}; --json has all)`);
  const said = listed.join('; ');
  if (fails !== undefined) return `${fails} fails: ${said}`;
  const lacking = lacks.map((fact) => sentence(fact, m)).join('; ');
  const unseen = unseenText(facts, m);
  return `${said}${dropped === undefined ? '' : ` (${dropped} fails: ${lacking})`}${unseen}`;
}

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

function speaksOfLoss(fact: Fact): boolean {
  switch (fact.relation) {
    case 'exists':
      return (fact.facts ?? []).some(speaksOfLoss);
    case 'order':
      return [fact.left.name, fact.right.name].some((name) => /L~/.test(name)) && fact.where === undefined;
    case 'zero-loss':
    case 'stationary':
    case 'anchor-cost':
    case 'partial-minimum':
    case 'critical':
    case 'strict-trap':
    case 'local-minimum':
    case 'global-minimum':
    case 'best-loss-at-most':
      return true;
    default:
      return false;
  }
}

export function sentence(fact: Fact, m: Named): string {
  return 'by' in fact && 'truth' in fact ? judged(fact, m) : computed(fact as Computed, m);
}

/** What was proved of a judgement, from the goal; then the numbers, from the rule. */
function judged(fact: Judged, m: Named): string {
  const shown = (pattern: readonly (readonly number[])[]): string => patternText(m.features, pattern);
  const { truth } = fact;
  switch (fact.relation) {
    case 'realizable':
      return truth
        ? fact.gates
          ? `some gates are open on just ${shown(fact.pattern)}`
          : `${shown(fact.pattern)} is realizable`
        : unrealizable(fact, m);
    case 'exists':
      return `some configuration has: ${(fact.facts ?? []).map((part) => sentence(part, m)).join(', ')}`;
    case 'local-minimum':
      return truth
        ? `the configuration is a local minimum of L~: ${numbers(fact)}`
        : `the configuration is no local minimum of L~: on a curve from it L~ = ${curveText(fact.curve ?? [])} for small t > 0`;
    case 'global-minimum': {
      const which = fact.of === 'ground-truth' ? 'the ground-truth configuration' : 'the configuration';
      return truth
        ? `${which} is a global minimum of L~: ${numbers(fact)}`
        : `${which} is no global minimum of L~: ${numbers(fact)}, and another has ${equation('L~', fact.lower ?? '')}`;
    }
    case 'reconstructs':
      return 'W_D sigma(W_E W_p x) = W_r x for every x, so the true loss is 0 for every distribution';
    case 'partial-minimum':
      return partialMinimum(fact, shown(fact.pattern));
    case 'critical':
      return critical(fact, shown(fact.pattern));
    case 'strict-trap':
      return `no local minimum of L~ that shows ${shown(fact.pattern)} is strict (at no kink but those of dead neurons)${by(fact)}`;
    case 'strictly-dead':
      return truth
        ? `the row ${rowText(fact.row)} is negative on every feature`
        : 'no row is negative on every feature: 0 is in the convex hull of the directions';
    case 'spanning':
      return truth
        ? 'no row but 0 is positive on no feature: the directions span positively'
        : `the row ${rowText(fact.row)}, not 0, is positive on no feature`;
    case 'counted':
      return countText(fact);
    case 'definite':
      return truth
        ? `${matrixText(fact.what)} is positive semidefinite`
        : `${matrixText(fact.what)} is not positive semidefinite: x = ${rowText(fact.row)} gives ${numberText(fact.value ?? '')}`;
    case 'best-loss-at-most': {
      const [left, right] = [shown(fact.left), shown(fact.right)];
      const [reached, bound] = [equation('L~', fact.reached ?? ''), numberText(fact.bound ?? '')];
      return truth
        ? `the best loss on ${left} is no larger than on ${right}: one reaches ${reached}, the other never less than ${bound}`
        : `the best loss on ${left} is larger than on ${right}: one is never less than ${bound}, the other reaches ${reached}`;
    }
    case 'independent-codes':
      return [
        `the codes of ${counted(fact.features, 'feature')} are independent (modulo ${fact.modulo}), so some decoder`,
        ...(fact.anchors > 0 ? [`with the ${counted(fact.anchors, 'anchored column')} as fixed`] : []),
        'has L~ = 0',
      ].join(' ');
    case 'biconvex':
      return biconvex(fact, shown(fact.pattern));
  }
}

type Of<R extends Judged['relation']> = Extract<Judged, { relation: R }>;

function unrealizable(fact: Of<'realizable'>, m: Named): string {
  const { gates, pattern, on, off, neuron } = fact;
  const whole = patternText(m.features, pattern);
  if (on && off && neuron !== undefined) {
    const set = setText(m.features, pattern[neuron - 1] ?? []);
    const equality = `${sumText(on, m)} = ${sumText(off, m)}`;
    return gates ? `no gate is open on just ${set}: ${equality}` : `${set} is not realizable: ${equality}`;
  }
  const head = gates ? `no gates are open on just ${whole}` : `${whole} is not realizable`;
  const capacity = capacityText(fact, pattern.length, m);
  return `${head}: ${capacity ?? 'inequalities that it needs add up to 0 > 0'}`;
}

/** Of a fact by rule `capacity`: `topk-pure lets both neurons through for each feature, and the pattern has 1 on dog`. */
export function capacityText({ lets, has, feature }: Evidence, neurons: number, m: Named): string | undefined {
  if (lets === undefined || has === undefined) return undefined;
  const { kind } = m.activation;
  if (feature === undefined) return `${kind} lets ${counted(lets, 'active pair')} through, and the pattern has ${has}`;
  const name = nameText(m.features, feature);
  const where = name === `${feature}` ? `feature ${name}` : name;
  return `${passText(kind, lets, neurons)}, and the pattern has ${has} on ${where}`;
}

/** `topk-pure lets both neurons through for each feature` */
function passText(kind: string, lets: number, neurons: number): string {
  const all = neurons === 1 ? 'the one neuron' : neurons === 2 ? 'both neurons' : `all ${neurons} neurons`;
  const few = `${kind === 'topk' ? 'at most' : 'just'} ${counted(lets, 'neuron')}`;
  return `${kind} lets ${lets >= neurons ? all : few} through for each feature`;
}

function partialMinimum(fact: Of<'partial-minimum'>, pattern: string): string {
  const { stationary, truth, face } = fact;
  const what = stationary ? 'point with both gradients 0 and L~ > 0' : 'partial minimum of positive loss';
  if (!truth) return `${pattern} carries no ${what}${by(fact)}`;
  return `${pattern} carries a ${what}${face ? ', on a face, where its gradient is not 0' : ''}: ${numbers(fact)}`;
}

const CRITICAL = {
  any: 'critical point (partial minimum)',
  minimum: 'local minimum of L~',
  saddle: 'critical point that is no local minimum of L~',
} as const;

function critical(fact: Of<'critical'>, pattern: string): string {
  if (!fact.truth) return `${pattern} carries no ${CRITICAL[fact.as]}${by(fact)}`;
  const face = fact.face ? ', on a face, where its gradient is not 0' : '';
  const down = fact.neuron === undefined || fact.as !== 'saddle' ? '' : `, down by neuron ${fact.neuron}`;
  const least = fact.loss?.[1] === '0' && fact.as !== 'saddle' ? ', the least there is' : '';
  return `${pattern} carries a ${CRITICAL[fact.as]}${face}: ${numbers(fact)}${least}${down}`;
}

function countText({ of, gates, count = '0' }: Of<'counted'>): string {
  const sets = `just ${counted(count, 'set')} of features`;
  const what = gates ? `one gate can be open on ${sets}` : `one neuron can show ${sets}`;
  return of === 'sets' ? what : `${what} with no feature at its kink: there are just ${counted(count, 'chamber')}`;
}

const REGIONS: Readonly<Record<string, string>> = {
  threshold: 'the same pre-activations exceed the threshold',
  positive: 'the same sigma(W_E w_d)_i are positive',
  active: 'sigma lets the same neurons pass',
};

function biconvex(fact: Of<'biconvex'>, pattern: string): string {
  const { truth, region, gates, ends, between, chord } = fact;
  const where = `where, as in ${pattern}, ${REGIONS[region]}${gates ? ' (gates as they are)' : ''}`;
  if (truth) return `L~ is convex in W_D, and in W_E, ${where}`;
  if (!ends || between === undefined || chord === undefined) return `the set of encoders ${where} is not convex`;
  const [a, b] = ends.map(numberText);
  return `L~ is not convex in W_E ${where}: ${`L~ = ${a} and ${b}, between them ${numberText(between)} > ${numberText(chord)}`}`;
}

/** `, by neuron 1` */
const by = ({ neuron, neurons = neuron === undefined ? [] : [neuron] }: Evidence): string =>
  neurons.length === 0 ? '' : `, by ${neurons.length === 1 ? 'neuron' : 'neurons'} ${neurons.join(', ')}`;

/** `L~ = 2/5, lambda = 1, 2` */
const numbers = ({ loss, lambdas = [] }: Evidence): string =>
  [
    ...(loss ? [enclosure('L~', loss)] : []),
    ...(lambdas.length > 0 ? [`lambda = ${lambdas.map(numberText).join(', ')}`] : []),
  ].join(', ');

function matrixText(what: Definite): string {
  if (what.matrix === 'hessian') return `the Hessian of L~ in ${what.block}`;
  return `lambda B - A of neuron ${what.neuron} (${equation('lambda', what.lambda)})`;
}

/** `(1, -2)` */
const rowText = (row: readonly Exact[] = []): string => {
  const most = 8;
  const shown = row.slice(0, most).map(numberText);
  return `(${[...shown, ...(row.length > most ? [`... ${row.length} coordinates`] : [])].join(', ')})`;
};

/** `5 w_1 + 5 w(dog)`, or 0 */
function sumText(terms: readonly Term[], { features }: Named): string {
  if (terms.length === 0) return '0';
  const shown = terms.slice(0, MOST_TERMS).map(({ feature, weight }) => {
    const w = symbolText('w', features, feature);
    return weight === '1' ? w : `${numberText(weight)} ${w}`;
  });
  return [...shown, ...(terms.length > MOST_TERMS ? [`... (${terms.length} terms)`] : [])].join(' + ');
}

/** `1 - 2 t^2 + 2 t^4` */
function curveText(curve: readonly Exact[]): string {
  const terms = curve.flatMap((c, k) =>
    c === '0' ? [] : [k === 0 ? numberText(c) : `${numberText(c)} t${k === 1 ? '' : `^${k}`}`],
  );
  return terms.length === 0 ? '0' : terms.join(' + ').replaceAll('+ -', '- ');
}

function computed(fact: Computed, m: Named): string {
  switch (fact.relation) {
    case 'order':
      return orderText(fact);
    case 'property':
      return propertyText(fact, m);
    case 'activation':
      return `sigma is ${fact.kind}${fact.among.includes(fact.kind) ? '' : `, not ${fact.among.join(' or ')}`}`;
    case 'stationary': {
      const across = fact.kinks ? ', on each side of the kinks too' : '';
      if (fact.truth) return `both gradients are 0${across}`;
      return fact.square === '0'
        ? 'both gradients are 0, but not on each side of the kinks'
        : `the gradients are not 0: |grad L~| ${fact.square.length > 0 ? sized(rootText(fact.square)) : ''}`;
    }
    case 'linear-term':
      return `L - L~ = ${numberText(fact.c)} t + O(t^2), features active t times as often`;
    case 'zero-loss':
      return fact.feature === undefined
        ? `${equation('L~', fact.loss)}, and r_d = W_D sigma(W_E w_d) for every d`
        : `${equation('L~', fact.loss)}, and ${symbolText('r', m.features, fact.feature)} is not W_D sigma(W_E ${symbolText('w', m.features, fact.feature)})`;
    case 'dimension': {
      const { parameters, rank, rescalings, equations } = fact;
      const left = parameters - rank - rescalings;
      return `near the configuration the solutions have dimension ${parameters - rank} (${parameters} parameters, rank ${rank}; n n_r = ${equations}), ${left} beyond the ${counted(rescalings, 'rescaling')}`;
    }
    case 'split':
      return `parent ${fact.neuron} has ${counted(fact.features, 'sub-concept')}, ${fact.features - 1} after the split`;
    case 'anchor-cost':
      return `anchored neurons cost ${numberText(fact.cost)} on other features`;
    case 'recovered':
      return `${fact.count} of ${counted(fact.of, 'feature')} recovered by the encoder`;
    case 'decrease': {
      const v = fact.feature === undefined ? rowText(fact.row) : symbolText('w', m.features, fact.feature);
      const where = fact.neuron === 0 ? ' as a further neuron' : '';
      return fact.by === '0'
        ? `v = ${v}${where} does not lower L~`
        : `v = ${v}${where} lowers L~ by ${numberText(fact.by)}`;
    }
    case 'penalty': {
      const { after, before, expected } = fact;
      const equal = after === expected.value ? ' =' : `, not ${numberText(expected.value)} =`;
      return `the penalty is ${numberText(after)}${equal} ${expected.name}, and ${numberText(before)} at delta = 0`;
    }
    case 'mean-at-least':
      return `${fact.recovery}% above ${fact.tau} needs a mean of at least ${numberText(fact.bound)}, reported ${fact.mean}, at most ${numberText(fact.reported)}`;
    case 'mean-at-most':
      return `${fact.recovery}% above ${fact.tau} allows unit rows a mean of at most ${numberText(fact.bound)}, reported ${fact.mean}, at least ${numberText(fact.reported)}`;
    case 'share-too-large':
      return fact.most === '0'
        ? `${fact.recovery}%, at least ${numberText(fact.low)}, cannot be above ${fact.tau}: no cosine of unit rows is above 1`
        : `${fact.recovery}% is more than all`;
    case 'multiple': {
      const within = `in [${fact.interval.map(numberText).join(', ')}]`;
      return `${fact.recovery}%, ${within}, is ${fact.numerator === undefined ? `no j/${fact.of}` : `${fact.numerator}/${fact.of}`}`;
    }
  }
}

const sized = (text: string): string => (text.startsWith('≈') ? `≈ ${text.slice(1)}` : `= ${text}`);

/** `L~ = 2 > 0 = c M^2`, `n_q = 3 = n` */
function orderText({ left, order, right, where = [] }: Order): string {
  const given =
    where.length === 0 ? '' : ` (${where.map(({ name, value }: Quantity) => equation(name, value)).join(', ')})`;
  const first = equation(left.name, left.value);
  const value = numberText(right.value);
  const named = right.name === '' ? '' : ` ${value.startsWith('≈') ? '≈' : '='} ${right.name}`;
  if (order === '=') return `${first}${named === '' ? '' : ` = ${right.name}`}${given}`;
  return `${first} ${order} ${value}${named}${given}`;
}
