/** What the symbols of an explanation mean: those that occur in it, and no others. */
import { TAU } from '../kernel/proof/recovery.ts';

export interface Meaning {
  /** As it stands in the lines, `w_d`. */
  readonly symbol: string;
  readonly says: string;
}

interface Entry extends Meaning {
  /** Where a line has it. */
  readonly in: RegExp;
  /** Only of these claims, as others use the letter for something else. */
  readonly of?: RegExp;
}

/** The letter by itself: not within a word, and with no index. */
const letter = (x: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}_~"])${x}(?![\\p{L}\\p{N}_~"'])`, 'u');
/** With an index, `w_d`, `w_12`, or of a feature by its label, `w(dog)`. */
const indexed = (x: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}_])${x}(?:_[a-z0-9]|\\()`, 'u');

const ENTRIES: readonly Entry[] = [
  { symbol: 'n', in: letter('n'), says: 'how many features there are' },
  { symbol: 'n_p, n_r', in: /\bn_[pr]\b/, says: 'dimensions of the directions, of the targets' },
  { symbol: 'n_q', in: /\bn_q\b/, says: 'how many neurons (latents) there are' },
  {
    symbol: 'd, c, i, j',
    in: /_[dcij]\b|_i,d\b|\b(?:every|any|feature|over) d\b/,
    says: 'd and c features, i a neuron; i and j also two features',
  },
  {
    symbol: 'w_d',
    in: indexed('w'),
    says: 'the direction of feature d: what it adds to the input; w(name) by its label',
  },
  { symbol: 'r_d', in: indexed('r'), says: 'the target of feature d: what the output should have' },
  { symbol: 'M_d', in: indexed('M'), says: 'the weight of feature d in L~' },
  {
    symbol: 'M',
    in: letter('M'),
    of: /^(?:T3|T6-weights|Chanin)/,
    says: 'with no index: the largest <w_i, w_j> of two features, the interference',
  },
  { symbol: 'W_p, W_r', in: /\bW_[pr]\b/, says: 'the matrices with columns w_d, and r_d' },
  {
    symbol: 'e_i, u_i',
    in: /(?<![\p{L}\p{N}_])[eu](?:_[ij0-9]|\b(?= [=+-]|,|>|\|))/u,
    says: 'the encoder row of neuron i, and its decoder column',
  },
  { symbol: 'b_i', in: /(?<![\p{L}\p{N}_])b_[i0-9]/u, says: 'the encoder bias of neuron i, the last entry of its row' },
  { symbol: 'W_E, W_D', in: /\bW_[ED]\b/, says: 'the matrices with rows e_i, and columns u_i' },
  { symbol: 'sigma', in: letter('sigma'), says: 'the activation function' },
  { symbol: 'g, b', in: /<g(?:_\d+)?,|\(g, b\)/, says: 'the row and the bias of a gate' },
  { symbol: 'theta', in: letter('theta'), says: 'the threshold of the activation' },
  {
    symbol: '<a, b>',
    in: /</,
    says: 'the scalar product; <e_i, w_d> is what neuron i makes of feature d, its pre-activation',
  },
  { symbol: 'z_i,d', in: /\bz(?:_\w|\b)/, says: 'the pre-activation <e_i, w_d>, where it passes' },
  {
    symbol: 'P',
    in: /(?<![\p{L}\p{N}_])P(?![\p{L}\p{N}_(])|\(\{[^}]*\}/u,
    says: 'a pattern: for each neuron the set of features that it is active on; ({1,2},{}) says neuron 1 on features 1 and 2, neuron 2 on none',
  },
  { symbol: 'F, F_i', in: /(?<![\p{L}\p{N}_])F(?:_i)?(?![\p{L}\p{N}])/u, says: 'the features of one neuron' },
  { symbol: 'Omega_P', in: /\bOmega_P\b/, says: 'the encoders that show the pattern P' },
  {
    symbol: 'L~',
    in: /L~/,
    says: 'the approximate loss: over features, each alone, the sum of M_d times the squared error',
  },
  { symbol: 'L', in: letter('L'), says: 'the true loss: the expected squared error over the inputs' },
  { symbol: 'rho_d', in: indexed('rho'), says: 'the residual: what of r_d is missing in the output on feature d' },
  {
    symbol: 'S',
    in: letter('S'),
    of: /^T1/,
    says: 'the sparsity: each feature is active with probability at most 1 - S',
  },
  { symbol: 'S', in: letter('S'), of: /^T3-sources/, says: 'how many source models there are' },
  { symbol: 'C', in: letter('C'), of: /^T1/, says: 'the largest squared error over the inputs' },
  {
    symbol: 'C, C_i',
    in: /(?<![\p{L}\p{N}_~"])C(?:_i)?(?![\p{L}\p{N}_~"'])/u,
    of: /^(?!T1$)/,
    says: 'of a neuron with features F: the matrix sum_F M_d r_d w_d^T',
  },
  { symbol: 'c', in: letter('c'), of: /^T3/, says: 'any constant' },
  { symbol: 'O(t^2)', in: /\bO\(/, says: 'no more than a constant times what is in brackets' },
  {
    symbol: 'x, x_d',
    in: /(?<![\p{L}\p{N}_])(?:x_[a-z0-9]|x\([^)]|x = \(|every x\b)/u,
    says: 'an input, and how strongly feature d is in it',
  },
  {
    symbol: 'E, Pr, Cov',
    in: /\bE(?:\[|\|)|\bPr\(|\bCov\(/,
    says: 'expectation, probability and covariance over the inputs',
  },
  { symbol: 'cos', in: /\bcos\b/, says: 'the cosine of the angle between two vectors' },
  {
    symbol: 'tau',
    in: letter('tau'),
    of: /^B1/,
    says: 'the cosine above which the report counts a feature as recovered',
  },
  {
    symbol: 'tau',
    in: letter('tau'),
    of: /^(?!B1)/,
    says: `${TAU}: a direction counts as recovered where a cosine is that large`,
  },
  { symbol: 'k', in: letter('k'), of: /^(?:A|T4-scale|T7|Hedging)/, says: 'how many anchors there are' },
  { symbol: 'k', in: /\bk\b/, of: /^HS/, says: 'how many entries of a code may differ from 0 (k-sparse)' },
  {
    symbol: 'M_GT, M_IP',
    in: /\bM_(?:GT|IP)\b/,
    says: 'the share of features that are recovered, and the mean of the best matches',
  },
  { symbol: 'j, N', in: /\bj\/|\bN\b/, says: 'j of N features, whole numbers' },
  { symbol: 'lambda, lambda_i', in: /\blambda(?:_i)?\b/, says: 'an eigenvalue: what a row takes off the loss' },
  { symbol: 'mu', in: /\bmu(?:_t)?\b/, says: 'a multiplier: how hard the gradient presses against a kink' },
  {
    symbol: 'A, B',
    in: letter('[AB]'),
    of: /^(?!B1|Probe)/,
    says: 'the matrices C^T C and sum_F M_d w_d w_d^T of a neuron with features F',
  },
  { symbol: 'I', in: letter('I'), says: 'the identity matrix' },
  { symbol: '^T', in: /\^T/, says: 'transposed' },
  { symbol: 't', in: letter('t'), says: 'how far along a curve, or at which kink' },
  { symbol: 'e_d', in: /x_d e_d/, says: 'the input that is 1 on feature d, and 0 on all others' },
  { symbol: 'eps', in: letter('eps'), says: 'a small number' },
  { symbol: 'f_d', in: indexed('f'), says: 'what the new row passes on feature d' },
  { symbol: 'Z', in: letter('Z'), says: 'the codes of all neurons: what each passes on each feature' },
  { symbol: 'K_d', in: /\bK_d\b/, says: 'how many neurons are active on feature d and pass something' },
  { symbol: 'k_i', in: /\bk_i\b/, says: 'how many sub-concepts neuron i has' },
  { symbol: 'k', in: letter('k'), of: /^(?:E5|T2|T6|R$|T8)/, says: 'how many neurons Top-k lets through' },
  { symbol: 'delta', in: letter('delta'), says: 'how far the absorption has gone, from 0 to 1' },
  { symbol: 'p_11, p_10', in: /\bp_1[01]\b/, says: 'the probabilities of parent with child, and of the parent alone' },
  { symbol: 'H_i', in: /\bH_/, says: 'the matrix sum_d M_d rho_d w_d^T over the features that neuron i is active on' },
];

/** In the order of the table. */
export function meaningsOf(lines: readonly string[], claim = ''): Meaning[] {
  return ENTRIES.filter(({ in: has, of }) => (of?.test(claim) ?? true) && lines.some((line) => has.test(line))).map(
    ({ symbol, says }) => ({ symbol, says }),
  );
}
