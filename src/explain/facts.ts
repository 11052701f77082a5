/** What stands behind a fact that computing settles, where its sentence has a number that it does not explain. */
import type { Instance } from '../kernel/model/instance.ts';
import { evaluate } from '../kernel/model/model.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { sum, ZERO } from '../kernel/numbers/rational.ts';
import { combine, type Vector } from '../kernel/numbers/vector.ts';
import type { Computed, Fact } from '../kernel/proof/fact.ts';
import { TAU } from '../kernel/proof/recovery.ts';
import { decimalText, sixDigits } from '../words/number.ts';
import { exact, named, rowOf, stated } from './step.ts';

type Of<R extends Computed['relation']> = Extract<Computed, { relation: R }>;

const RECOVERED = `${exact(TAU.times(TAU))} is the square of ${exact(TAU)}: a direction counts as recovered where some cosine is at least ${exact(TAU)} in size`;

export function computedLines(fact: Computed, m: Subject): string[] {
  switch (fact.relation) {
    case 'order':
      if (fact.left.name.startsWith('max cos(')) return [RECOVERED];
      if (fact.left.name.startsWith('least cos')) return neighbouringLines(fact);
      if (fact.right.name === 'opposite pairs')
        return ['of each two opposite directions one is taken: these are independent if their rank is their number'];
      return [];
    case 'multiple':
      return sharesBeside(fact);
    case 'decrease':
      return m.format === 'dictum/instance@1' ? decreaseLines(fact, m) : [];
    default:
      return [];
  }
}

/** Lines of the plane, sorted by angle. */
const neighbouringLines = ({ order }: Of<'order'>): string[] => [
  `The vectors with a cosine of ${exact(TAU)} or more in size with a direction make up a double cone about its line. The cones of neighbouring lines meet if the cosine between the lines is at least 2 (${exact(TAU)})^2 - 1 = 31/50, whose square is 961/2500; cos |cos| is the square of the cosine with its sign.`,
  order === '<'
    ? 'So two neighbouring lines leave room between them.'
    : 'So the cones cover the plane: every vector but 0 recovers a direction.',
];

/** The shares of N nearest to the figure. */
function sharesBeside({ interval, of, numerator }: Of<'multiple'>): string[] {
  if (numerator !== undefined) return [];
  const [num = 0n, den = 1n] = interval[0].split('/').map(BigInt);
  const below = (num * BigInt(of)) / (100n * den);
  const share = (j: bigint): string => stated(`${j}/${of}`, percent(j, BigInt(of)));
  return [`the shares of ${of} next to it are ${share(below)} and ${share(below + 1n)}`];
}

function percent(j: bigint, of: bigint): string {
  const exactly = reducedText(100n * j, of);
  const text = decimalText(exactly);
  return text.includes('/') ? `≈${sixDigits(exactly)}%` : `${text}%`;
}

function reducedText(num: bigint, den: bigint): string {
  let [a, b] = [num, den];
  while (b !== 0n) [a, b] = [b, a % b];
  return den / a === 1n ? `${num / a}` : `${num / a}/${den / a}`;
}

/** What a row of its own and its best column take off the loss. */
function decreaseLines({ feature }: Of<'decrease'>, m: Instance): string[] {
  const at = m.configuration;
  const v = feature === undefined ? undefined : m.features[feature - 1]?.wp;
  if (!at || !v || m.activation.kind !== 'relu') return [];
  const { residuals } = evaluate(m, [at]);
  const f = m.features.map(({ wp }) => {
    const z = v.dot(wp);
    return z.sign() > 0 ? z : ZERO;
  });
  const phi = combine(
    m.features.map(({ weight }, d) => weight.times(f[d] ?? ZERO)),
    residuals.map((rho) => rho[0] as Vector),
    m.nr,
  );
  const size = sum(m.features.map(({ weight }, d) => weight.times(f[d] ?? ZERO).times(f[d] ?? ZERO)));
  return [
    `with f_d = max(<v, w_d>, 0), ${rowOf('phi = sum_d M_d f_d rho_d', phi)}, and ${named('sum_d M_d f_d^2', size)}: the best column for the row v is phi / sum_d M_d f_d^2, and takes |phi|^2 / sum_d M_d f_d^2 off L~`,
  ];
}

/** Why facts of these names exclude every configuration that is asked for; the proofs stand above the rules of the checker. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:least cos|room-for)/,
    'If every row but 0 recovers a feature, a configuration that recovers none has rows 0, so its outputs are 0; so they are if every column but 0 does. But some target is not 0.',
  ],
  [
    /^max cos/,
    'The rows and columns of the anchors are in every such configuration, and they recover another feature.',
  ],
  [
    /^n_q(?: - k)?; max cos\(u_i/,
    'One neuron is left: all that is missing is a multiple of its column, which so recovers what this does.',
  ],
  [
    /^most active neurons/,
    'At most one neuron is active on a feature, so its target is a multiple of the column of this neuron, which recovers it.',
  ],
  [/one-output/, 'Two features with one direction have one output, so one of their targets is missed.'],
  [/^distinct-directions/, 'Two features with one direction have one code, so the codes have a rank below n.'],
  [
    /^n_q(?: - k)?\b.*2 rank of the targets/,
    'On the span of the directions the output is linear, and ReLU has a kink: neurons whose rows there agree up to a factor come in twos or more, whose kinks cancel, and add a matrix of rank 1 at most. So it takes 2 rank W_r of them.',
  ],
  [
    /^n_q - k\b.*rank of what is left/,
    'What the neurons beside the anchors have to add lies in the span of their columns, which are too few.',
  ],
  [
    /^rank of W_p and W_r/,
    'Some input x has W_p x = 0 and W_r x not 0: it looks like the input 0 and needs another output.',
  ],
  [
    /^n\b n_q;/,
    'Where k-sparse codes are unique, n columns that code every k-sparse combination of the n directions are these directions, up to scale and order.',
  ],
  [/^k\b/, 'With k = 1 each direction is coded by one column alone, and so is a multiple of it.'],
  [/\bbest-codes/, 'With this W_D no code >= 0 does better on any feature, whatever the encoder.'],
  [
    /^partial-minimum/,
    'What neither half can improve among all encoders, it can improve even less among those that show the pattern: it would be a partial minimum there.',
  ],
  [/^dead-neuron|^L~/, 'Without a dead neuron, or with L~ = 0, nothing can be resampled so that L~ falls.'],
];

const nameOf = (fact: Fact): string =>
  fact.relation === 'order'
    ? `${fact.left.name} ${fact.right.name}`.trim()
    : fact.relation === 'property'
      ? fact.property
      : fact.relation;

export function exclusionReasons(facts: readonly Fact[]): string[] {
  const names = facts.map(nameOf).join('; ');
  return REASONS.flatMap(([of, words]) => (of.test(names) ? [words] : []));
}
