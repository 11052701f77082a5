/** Facts that computing settles, as sentences. */
import type { Computed, Order, Quantity } from '../kernel/proof/fact.ts';
import { counted, labelText, latentText, type Named, symbolText } from './names.ts';
import { decimalText, equation, numberText, rootText, rowText } from './number.ts';
import { propertyText } from './property.ts';

export function computedText(fact: Computed, m: Named): string {
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
      return `${fact.recovery}% above ${decimalText(fact.tau)} needs a mean of at least ${decimalText(fact.bound)}, reported ${fact.mean}, at most ${decimalText(fact.reported)}`;
    case 'mean-at-most':
      return `${fact.recovery}% above ${decimalText(fact.tau)} allows unit rows a mean of at most ${decimalText(fact.bound)}, reported ${fact.mean}, at least ${decimalText(fact.reported)}`;
    case 'share-too-large':
      return fact.most === '0'
        ? `${fact.recovery}%, at least ${decimalText(fact.low)}, cannot be above ${decimalText(fact.tau)}: no cosine of unit rows is above 1`
        : `${fact.recovery}% is more than all`;
    case 'multiple': {
      const within = `in [${fact.interval.map(decimalText).join(', ')}]`;
      return `${fact.recovery}%, ${within}, is ${fact.numerator === undefined ? `no j/${fact.of}` : `${fact.numerator}/${fact.of}`}`;
    }
    case 'margin': {
      const where = fact.at.map((label, k) => timesText(fact.times?.[k], label)).join(' with ');
      const is = fact.margin !== '0' && !fact.margin.startsWith('-') ? 'on' : 'off';
      return `${latentText(fact.latent)} is ${is} at ${where}, with margin ${numberText(fact.margin)}`;
    }
    case 'greatest-margin': {
      const on = fact.margin !== '0' && !fact.margin.startsWith('-');
      const sums = `sums of at most ${counted(fact.most, 'input')}, with strengths from 0 to ${numberText(fact.strength)}`;
      return `${latentText(fact.latent)} is ${on ? 'on at one of the' : 'off at all'} ${sums}: its margin there is at most ${numberText(fact.margin)}${on ? ', which is reached' : ''}`;
    }
    case 'shares': {
      const of = timesText(fact.times[0], fact.of);
      const beside = timesText(fact.times[1], fact.with);
      return `of the strength of ${of} ${latentText(fact.carrier)} writes ${numberText(fact.alone)} where it is alone and ${numberText(fact.beside)} beside ${beside}; the latents that come with ${beside} write ${numberText(fact.others)}`;
    }
    case 'compared': {
      const [least, most] = fact.sum.map(decimalText);
      return `${m.figures ?? 'the sum of the figures'} can be from ${least} to ${most}, as the figures are rounded; that it is ${fact.order} 0 is what is said`;
    }
  }
}

/** `dog`, `3/2 dog` */
const timesText = (times: string | undefined, label: string): string =>
  `${times === undefined || times === '1' ? '' : `${numberText(times)} `}${labelText(label)}`;

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
