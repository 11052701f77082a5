/** Facts of judgements, which a rule has proved, as sentences. */
import type { Definite, Evidence, Exact, Judged, Term } from '../kernel/proof/fact.ts';
import { counted, featureText, type Named, patternText, setText, symbolText } from './names.ts';
import { enclosure, equation, numberText, rowText } from './number.ts';
import { parsed, sidesOf, type Weighted } from './parts.ts';

const MOST_TERMS = 6;

/** What was proved, from the goal; then the numbers, from the rule. `parts`: the sentences of the facts in it. */
export function judgedText(fact: Judged, m: Named, parts: readonly string[]): string {
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
      return truth
        ? `some configuration has: ${parts.join(', ')}`
        : `no configuration has all that is asked for, since ${parts.join(', ')}`;
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
      return truth
        ? `a strict local minimum of L~ (at no kink but those of dead neurons) shows ${shown(fact.pattern)}: ${parts.join(', ')}`
        : `no local minimum of L~ that shows ${shown(fact.pattern)} is strict (at no kink but those of dead neurons)${by(fact)}`;
    case 'some-weights':
      return truth
        ? `with the weights M = ${rowText(fact.weights)} ${parts.join(', ')}`
        : `with no weights M > 0 does ${shown(fact.pattern)} carry a point with both gradients 0${by(fact)}`;
    case 'valley-exit':
      return valleyExit(fact, m);
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
    case 'unique-codes':
      return uniqueText(fact, m);
    case 'definite':
      return truth
        ? `${matrixText(fact.what)} is positive semidefinite`
        : `${matrixText(fact.what)} is not positive semidefinite: x = ${rowText(fact.row)} gives ${numberText(fact.value ?? '')}`;
    case 'refuted-near': {
      const radius = numberText(fact.radius ?? '');
      const where = `within ${radius} of this one, in each entry of its directions, targets and weights,`;
      const how = `${shown(fact.pattern)} is realizable and carries no partial minimum`;
      return `every instance ${where} refutes T6: ${how}${by(fact)}, in ${counted(fact.count ?? '', 'cell')}`;
    }
    case 'least-loss':
      return fact.by === 'rank-bound' ? bracket(fact) : leastLoss(fact, m);
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
    const equality = equalityText(on, off, m);
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
  const where = featureText(m.features, feature);
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

function valleyExit(fact: Of<'valley-exit'>, m: Named): string {
  const { truth, to, loss = ['', ''], lower = '', neurons = [], neuron = 0, row, modulo, on, off, count = '0' } = fact;
  if (!truth) {
    const why =
      on && off ? `${equalityText(off, on, m)}, and their targets are not so` : `the targets have rank ${count}`;
    return `no path leads from the configuration to L~ = 0, which no configuration has: ${why}`;
  }
  const start = `from the configuration, ${enclosure('L~', loss)}, a path along which L~ never rises leads to`;
  if (fact.by === 'steps') return `${start} ${equation('L~', lower)}, in ${counted(count, 'step')}`;
  if (to === 'lower') {
    return `${start} ${equation('L~', lower)}: neuron ${neuron} gives its column up and takes the row ${rowText(row)}`;
  }
  const [first] = neurons;
  const moved =
    neurons.length > 1
      ? `${counted(neurons.length, 'neuron')} give their columns up and take new rows, then `
      : first === undefined
        ? ''
        : `neuron ${first} gives its column up and takes a new row, then `;
  const rank = m.features.filter(({ weight }) => weight.sign() > 0).length;
  return `${start} L~ = 0: ${moved}the codes have rank ${rank} (modulo ${modulo}), so some decoder has L~ = 0`;
}

function leastLoss({ loss = ['', ''], row, column, count = '0' }: Evidence, { lifted }: Named): string {
  const where = row && column ? `, at e = ${rowText(row)}, u = ${rowText(column)}` : '';
  const how = `in ${counted(count, 'case')}, over all encoder rows and decoder columns of one neuron (ReLU, ${lifted?.encoderBias ? 'with a bias' : 'no bias'})`;
  return `the least L~ there is, ${how}: ${enclosure('L~', loss)}${where}`;
}

function bracket({ loss: [least, most] = ['', ''] }: Evidence): string {
  const reached = `a configuration reaches ${equation('L~', most)}`;
  return least === most
    ? `${reached}, and none has less: it is a global minimum`
    : `${reached}, and none has less than ${numberText(least)}, over all encoders and decoders`;
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
  const reach = region === 'everywhere' ? 'over all encoders' : `where, as in ${pattern}, ${REGIONS[region]}`;
  const where = `${reach}${gates ? ' (gates as they are)' : ''}`;
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

/** `no two 2-sparse codes >= 0 have one point` */
function uniqueText(fact: Extract<Judged, { relation: 'unique-codes' }>, m: Named): string {
  const codes = `${fact.k}-sparse codes${fact.signed ? '' : ' >= 0'}`;
  const count = fact.count ?? '';
  if (!fact.truth) return `two ${codes} have one point: ${equalityText(fact.on ?? [], fact.off ?? [], m)}`;
  const how = { 'separating-rows': `${counted(count, 'row')} separate what two of them can use` }[fact.by];
  return `no two ${codes} have one point: ${how ?? `any ${count} directions are independent`}`;
}

function matrixText(what: Definite): string {
  if (what.matrix === 'hessian') return `the Hessian of L~ in ${what.block}`;
  if (what.matrix === 'moment')
    return `lambda I - E[y y^T], y = W_r x, lambda = E|y|^2 - L = ${numberText(what.lambda)}`;
  return `lambda B - A of neuron ${what.neuron} (${equation('lambda', what.lambda)})`;
}

/** `5 w_1 + 5 w(dog) = w_2` */
function equalityText(left: readonly Term[], right: readonly Term[], m: Named): string {
  const { on, off } = sidesOf(parsed(left), parsed(right));
  return `${sumText(on, m)} = ${sumText(off, m)}`;
}

/** `5 w_1 + 5 w(dog)`, or 0 */
function sumText(terms: readonly Weighted[], { features }: Named): string {
  if (terms.length === 0) return '0';
  const shown = terms.slice(0, MOST_TERMS).map(({ feature, weight }) => {
    const w = symbolText('w', features, feature);
    return `${weight}` === '1' ? w : `${numberText(`${weight}`)} ${w}`;
  });
  return [...shown, ...(terms.length > MOST_TERMS ? [`... (${terms.length} terms)`] : [])].join(' + ');
}

/** `1 - 2 t^2 + 2 t^4` */
function curveText(curve: readonly Exact[]): string {
  const terms = curve.flatMap((c, k) =>
    c === '0'
      ? []
      : [
          k === 0
            ? numberText(c)
            : `${c === '1' || c === '-1' ? c.replace('1', '') : `${numberText(c)} `}t${k === 1 ? '' : `^${k}`}`,
        ],
  );
  return terms.length === 0 ? '0' : terms.join(' + ').replaceAll('+ -', '- ');
}
