/** The answers of `dictum realize` in words, with the labels of the features. */
import { featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { overCapacity } from '../../solve/proofs/replay.ts';
import type { Realization, Refutation, WeightedRow } from '../../solve/realize/answer.ts';
import { paint } from '../../terminal/paint.ts';
import { printable } from '../../terminal/printable.ts';
import { beyondText } from '../../words/beyond.ts';
import { GATES_NOTE, respondsText } from '../../words/gates.ts';
import { capacityText } from '../../words/judged.ts';
import { labelText } from '../../words/names.ts';
import { numberText } from '../../words/number.ts';
import { parsed, sidesOf, type Weighted } from '../../words/parts.ts';

const COORDINATES = 8;
const TERMS = 12;

export function answerText(m: Instance, pattern: Pattern, answer: Realization): string {
  const isGated = m.activation.kind === 'gated';
  const lines = answer.realizable ? witnessLines(m, pattern, answer) : refutationLines(m, pattern, answer.refutation);
  const verdict = answer.realizable ? paint('green', 'realizable') : paint('red', 'not realizable');
  const shown = answer.realizable
    ? `: ${isGated ? 'gates that are open on' : 'an encoder that shows'} the pattern`
    : '';
  const also = beyondText(m);
  return [
    `${verdict}${shown}${also === undefined ? '' : `, ${also}`}`,
    ...lines,
    ...(isGated ? [`  ${GATES_NOTE}`] : []),
    '',
  ].join('\n');
}

function witnessLines(
  m: Instance,
  pattern: Pattern,
  { encoder: { we, gate } }: Extract<Realization, { realizable: true }>,
): string[] {
  return pattern.map((set, i) => {
    // Nothing is asked of the rows of W_E where gates decide.
    const [whose, row] = gate ? ['gate of neuron', gate.rows[i]] : ['neuron', we[i]];
    const [shown, bias] = m.lifted?.encoderBias ? apart(row as Vector) : [row as Vector, gate?.bias.at(i)];
    return `  ${whose} ${i + 1} ${setText(m, set)}: ${rowText(shown)}${bias ? ` bias ${numberText(`${bias}`)}` : ''}`;
  });
}

/** (e, b) as e and b. */
const apart = (row: Vector): [Vector, Rational] => [Vector.ints(row.num.slice(0, -1), row.den), row.at(row.length - 1)];

function refutationLines(m: Instance, pattern: Pattern, refutation: Refutation): string[] {
  switch (refutation.rule) {
    case 'farkas': {
      const { neuron, on, off } = refutation;
      const set = setText(m, pattern[neuron - 1] ?? []);
      const sides = sidesOf(parsed(on), parsed(off));
      return [
        m.activation.kind === 'gated'
          ? `  the gate of neuron ${neuron} cannot be open on ${set} and on nothing else:`
          : `  neuron ${neuron} cannot be ${respondsText(m.activation)} ${set} and on nothing else:`,
        `    ${sumText(m, sides.on)} = ${sumText(m, sides.off)}`,
        ...(sides.inParts
          ? ['  (largest weights first, in parts of the largest on the left; --json prints all of them exactly)']
          : []),
        `  ${contradiction(m, off.length === 0)}`,
      ];
    }
    case 'farkas-joint': {
      const { rows } = refutation;
      const level = levelOf(m, pattern);
      const many = rows.length === 1 ? 'an inequality' : `${rows.length} inequalities`;
      return [
        level === '0'
          ? `  ${many} that the pattern needs ${rows.length === 1 ? 'comes' : 'add up'} to 0 > 0:`
          : `  ${many} that the pattern needs, for some t >= 0, add up to 0 > c t with c >= 0:`,
        ...rows.slice(0, TERMS).map((row) => `    ${rowOfFarkas(m, row, level)}`),
        ...(rows.length > TERMS ? [`    ... (${rows.length} in all; --json prints them)`] : []),
      ];
    }
    case 'capacity':
      return [`  ${printable(capacityText(overCapacity(m, pattern), pattern.length, m) ?? '')}`];
  }
}

/** Why an equation of directions with these signs excludes every encoder. `alone`: its right side is empty. */
function contradiction({ activation }: Instance, alone: boolean): string {
  if (activation.kind === 'gated') return 'The gate would be open on the left side and closed on the right side.';
  if (activation.kind === 'jumprelu' && activation.theta.sign() > 0) {
    return alone
      ? 'The encoder row would be above the threshold on the left side, which is 0.'
      : 'The encoder row would be above the threshold on the left side, and not on the right side, which weighs no more.';
  }
  return alone
    ? 'The encoder row would be positive on the left side, which is 0.'
    : 'The encoder row would be positive on the left side and at most 0 on the right side.';
}

/** What lies between active and inactive pre-activations: 0, but in a full batch of batchtopk the least that passes. */
function levelOf({ activation, features }: Instance, pattern: Pattern): '0' | 't' {
  const pairs = pattern.reduce((count, set) => count + set.length, 0);
  return activation.kind === 'batchtopk' && pairs >= activation.k * features.length ? 't' : '0';
}

/** `2 x (z[1] on king > z[2] on king)` */
function rowOfFarkas(m: Instance, { kind, neuron, over, feature, weight }: WeightedRow, level: string): string {
  const on = (i: number): string => `z[${i}] on ${nameOf(m, feature)}`;
  const right = over === undefined ? `${kind === 'off' ? '<=' : '>'} ${level}` : `> ${on(over)}`;
  return `${weight === '1' ? '' : `${numberText(weight)} x `}(${on(neuron)} ${right})`;
}

const nameOf = (m: Instance, number: number): string => printable(labelText(featureAt(m, number - 1).label));

/** `169/119 king + 120/119 queen`, or 0. */
function sumText(m: Instance, terms: readonly Weighted[]): string {
  const shown = terms.slice(0, TERMS).map(({ feature, weight }) => {
    const factor = `${weight}`;
    return `${factor === '1' ? '' : `${numberText(factor)} `}${nameOf(m, feature)}`;
  });
  if (terms.length > TERMS) shown.push(`... (${terms.length} terms)`);
  return terms.length === 0 ? '0' : shown.join(' + ');
}

function setText(m: Instance, set: readonly number[]): string {
  const shown = set.slice(0, TERMS).map((d) => nameOf(m, d + 1));
  return `{${[...shown, ...(set.length > TERMS ? [`... (${set.length})`] : [])].join(', ')}}`;
}

function rowText(v: Vector): string {
  const shown = Array.from({ length: Math.min(v.length, COORDINATES) }, (_, k) => numberText(`${v.at(k)}`));
  const more = v.length > COORDINATES ? `, ... ${v.length} coordinates; --json prints them` : '';
  return `(${shown.join(', ')}${more})`;
}
