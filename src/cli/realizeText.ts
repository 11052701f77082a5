/** The answers of `dictum realize` in words, with the labels of the features. */
import { featureAt, type Instance, type Pattern } from '../kernel/instance.ts';
import { Rational } from '../kernel/rational.ts';
import type { Vector } from '../kernel/vector.ts';
import type { Realization, Refutation, WeightedFeature, WeightedRow } from '../solve/realization.ts';
import { labelText } from '../words/names.ts';
import { passText } from '../words/sentence.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';

const COORDINATES = 8;
const TERMS = 12;
const LONGEST = 24;

export function answerText(m: Instance, pattern: Pattern, answer: Realization): string {
  const lines = answer.realizable ? witnessLines(m, pattern, answer) : refutationLines(m, pattern, answer.refutation);
  const gates = m.activation.kind === 'gated';
  const verdict = answer.realizable ? paint('green', 'realizable') : paint('red', 'not realizable');
  const shown = answer.realizable ? `: ${gates ? 'gates that are open on' : 'an encoder that shows'} the pattern` : '';
  const about = gates
    ? '  (of a gated model: the sets that gates are open on, not those that neurons are active on)\n'
    : '';
  return `${[`${verdict}${shown}`, ...lines, ''].join('\n')}${about}`;
}

function witnessLines(
  m: Instance,
  pattern: Pattern,
  { encoder }: Extract<Realization, { realizable: true }>,
): string[] {
  return encoder.we.map((e, i) => {
    const gate = encoder.gate && `, gate ${rowText(encoder.gate.rows[i] ?? e)} bias ${encoder.gate.bias.at(i)}`;
    return `  neuron ${i + 1} ${setText(m, pattern[i] ?? [])}: ${rowText(e)}${gate ?? ''}`;
  });
}

function refutationLines(m: Instance, pattern: Pattern, refutation: Refutation): string[] {
  switch (refutation.rule) {
    case 'farkas': {
      const { neuron, on, off } = refutation;
      const scale = scaleOf(on, off);
      return [
        `  ${m.activation.kind === 'gated' ? `the gate of neuron ${neuron} cannot be open` : `neuron ${neuron} cannot be active`} on ${setText(m, pattern[neuron - 1] ?? [])} and on nothing else:`,
        `    ${sumText(m, on, scale)} = ${sumText(m, off, scale)}`,
        ...(scale ? ['  (largest weights first, rounded; --json prints all of them exactly)'] : []),
        `  ${contradiction(m)}`,
      ];
    }
    case 'farkas-joint': {
      const { rows } = refutation;
      return [
        `  ${rows.length} inequalities that the pattern needs add up to 0 > 0:`,
        ...rows.slice(0, TERMS).map((row) => `    ${rowOfFarkas(m, row)}`),
        ...(rows.length > TERMS ? [`    ... (${rows.length} in all; --json prints them)`] : []),
      ];
    }
    case 'capacity':
      return [`  ${capacityText(m, pattern)}`];
  }
}

/** Why an equation of directions with these signs excludes every encoder. */
function contradiction({ activation }: Instance): string {
  if (activation.kind === 'gated') return 'The gate would be open on the left side and closed on the right side.';
  return activation.kind === 'jumprelu' && activation.theta.sign() > 0
    ? 'The encoder row would be above the threshold on the left side, and not on the right side, which weighs no more.'
    : 'The encoder row would be positive on the left side and at most 0 on the right side.';
}

function capacityText({ activation, features }: Instance, pattern: Pattern): string {
  const k = 'k' in activation ? activation.k : 0;
  if (activation.kind === 'batchtopk') {
    const pairs = pattern.reduce((count, set) => count + set.length, 0);
    return `the pattern has ${pairs} active pairs; batchtopk lets ${k} x ${features.length} through`;
  }
  return passText(activation.kind, Math.min(k, pattern.length), pattern.length);
}

/** `2 x (z[1] on king > z[2] on king)` */
function rowOfFarkas(m: Instance, { kind, neuron, over, feature, weight }: WeightedRow): string {
  const on = (i: number): string => `z[${i}] on ${nameOf(m, feature)}`;
  const right = over === undefined ? `${kind === 'off' ? '<=' : '>'} 0` : `> ${on(over)}`;
  return `${weight === '1' ? '' : `${weight} x `}(${on(neuron)} ${right})`;
}

const nameOf = (m: Instance, number: number): string => printable(labelText(featureAt(m, number - 1).label));

/** `169/119 king + 120/119 queen`, or 0. */
function sumText(m: Instance, terms: readonly WeightedFeature[], scale: Rational | undefined): string {
  const shown = (scale ? byWeight(terms) : terms).slice(0, TERMS).map(({ feature, weight }) => {
    const factor = scale ? rounded(rational(weight).over(scale)) : weight;
    return `${factor === '1' ? '' : `${factor} `}${nameOf(m, feature)}`;
  });
  if (terms.length > TERMS) shown.push(`... (${terms.length} terms)`);
  return terms.length === 0 ? '0' : shown.join(' + ');
}

const byWeight = (terms: readonly WeightedFeature[]): WeightedFeature[] =>
  [...terms].sort((a, b) => rational(b.weight).compare(rational(a.weight)));

/** The largest weight on the left where weights are too long to be read: then they are shown in its parts, rounded. */
function scaleOf(on: readonly WeightedFeature[], off: readonly WeightedFeature[]): Rational | undefined {
  return [...on, ...off].some(({ weight }) => weight.length > LONGEST)
    ? rational(byWeight(on)[0]?.weight ?? '1')
    : undefined;
}

/** Three decimals, cut. */
function rounded(x: Rational): string {
  const thousandths = (x.num * 1000n) / x.den;
  const text = `${thousandths / 1000n}.${`${thousandths % 1000n}`.padStart(3, '0')}`;
  return thousandths === 0n ? '0.000..' : text.replace(/\.?0+$/, '');
}

function rational(text: string): Rational {
  const value = Rational.parse(text);
  if (!value) throw new Error(`not a rational: ${text}`);
  return value;
}

const shortened = (number: string): string =>
  number.length > LONGEST ? `(a number of ${number.length} characters)` : number;

function setText(m: Instance, set: readonly number[]): string {
  const shown = set.slice(0, TERMS).map((d) => nameOf(m, d + 1));
  return `{${[...shown, ...(set.length > TERMS ? [`... (${set.length})`] : [])].join(', ')}}`;
}

function rowText(v: Vector): string {
  const shown = Array.from({ length: Math.min(v.length, COORDINATES) }, (_, k) => shortened(`${v.at(k)}`));
  return `(${shown.join(', ')}${v.length > COORDINATES ? `, ... ${v.length} coordinates; --json prints them` : ''})`;
}
