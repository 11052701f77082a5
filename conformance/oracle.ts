/** The documents of the oracle: what is asked of each model, and the values. */
import { ONE, ZERO } from '../src/kernel/numbers/rational.ts';
import { constant, type Dual, mean, minus, one, over, plus, times, total, whole } from './dual.ts';
import * as f from './formulas.ts';
import * as models from './models.ts';

type Value = string | readonly Value[] | { readonly [name: string]: Value };

export interface Quantity {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  readonly value: Value;
}

export interface Conformance {
  readonly format: 'dictum/conformance@1';
  readonly name: string;
  readonly description: string;
  readonly model: models.Model;
  readonly quantities: readonly Quantity[];
}

const BRICKEN = 'Bricken et al. 2023, Towards Monosemanticity';
const APRIL = 'Conerly et al., Circuits Updates April 2024';
const GAO = 'Gao et al. 2024, arXiv 2406.04093';
const GATED = 'Rajamanoharan et al. 2024, arXiv 2404.16014';
const JUMP = 'Rajamanoharan et al. 2024, arXiv 2407.14435';
const BATCH = 'Bussmann et al. 2024, arXiv 2412.06410';
const SYNTH = 'Chanin and Garriga-Alonso 2026, arXiv 2602.14687, as SAELens documents it';
const NESTED = 'Bussmann et al. 2025, arXiv 2503.17547';
const GHOST = 'Jermyn and Templeton, Circuits Updates January 2024';
const COMMON = 'as in all of them';

type Parameter = Exclude<keyof models.Weights, never>;
const parametersOf = (weights: models.Weights): Parameter[] => Object.keys(weights) as Parameter[];

/** A model in dual numbers; entry (row, column) of one parameter moves, or none. */
function read(m: models.Model, moves?: { of: Parameter; row: number; column: number }): f.At {
  const row = (list: readonly string[], of?: Parameter, r = 0): Dual[] =>
    list.map((text, column) => {
      const moving = moves !== undefined && moves.of === of && moves.row === r && moves.column === column;
      return { v: f.given(text).v, d: moving ? ONE : ZERO };
    });
  const { we, be, wd, bd, theta = [], r_mag = [], b_mag = [] } = m.weights;
  return {
    we: we.map((list, r) => row(list, 'we', r)),
    be: row(be, 'be'),
    wd: wd.map((list, r) => row(list, 'wd', r)),
    bd: row(bd, 'bd'),
    theta: row(theta, 'theta'),
    r_mag: row(r_mag, 'r_mag'),
    b_mag: row(b_mag, 'b_mag'),
    x: m.inputs.map((list) => row(list)),
    subtracts: m.subtracts,
    truth: { directions: (m.truth?.directions ?? []).map((list) => row(list)), active: m.truth?.active ?? [] },
    settings: m.settings,
  };
}

const text = ({ v }: Dual): string => v.toString();
const list = (row: f.Row): string[] => row.map(text);
const table = (rows: f.Table): string[][] => rows.map(list);

/** Of every parameter, entry by entry. */
function gradient(m: models.Model, loss: (at: f.At) => Dual): Value {
  const entry = (of: Parameter, row: number, column: number): string => loss(read(m, { of, row, column })).d.toString();
  return Object.fromEntries(
    parametersOf(m.weights).map((of) => [
      of,
      of === 'we' || of === 'wd'
        ? m.weights[of].map((row, r) => row.map((_, column) => entry(of, r, column)))
        : (m.weights[of] ?? []).map((_, column) => entry(of, 0, column)),
    ]),
  );
}

type Asked = (m: models.Model) => Quantity[];

const value =
  (name: string, formula: string, source: string, of: (at: f.At) => Value): Asked =>
  (m) => [{ name, formula, source, value: of(read(m)) }];
const scalar = (name: string, formula: string, source: string, of: (at: f.At) => Dual): Asked =>
  value(name, formula, source, (at) => text(of(at)));
/** A loss and its gradient. */
const loss =
  (name: string, formula: string, source: string, of: (at: f.At) => Dual): Asked =>
  (m) => [
    ...scalar(name, formula, source, of)(m),
    { name: `gradient of ${name}`, formula: `d ${name} / d parameter`, source, value: gradient(m, of) },
  ];
const forward = (a: (at: f.At) => f.Table, formula: string, source: string): Asked[] => [
  value('activations', formula, source, (at) => table(a(at))),
  value('reconstruction', 'x^ = b_d + sum_i a_i u_i', COMMON, (at) => table(f.decode(at, a(at)))),
];

const MSE = 'mean_b |x_b - x^_b|^2';
const reluAt = (at: f.At): Dual => f.mse(at, f.relu(at));
const kOf = (at: f.At): number => at.settings.k ?? 0;
const topK = (at: f.At): f.Table => f.topK(at, kOf(at));
const settingTimes = (text: string | undefined, of: Dual): Dual => times(f.given(text), of);

const measured: Asked[] = [
  ...forward(f.relu, 'a = ReLU(W_E (x - b_d) + b_e)', COMMON),
  scalar('mse', MSE, COMMON, reluAt),
  scalar('fvu', 'mean_b |x_b - x^_b|^2 / mean_b |x_b - mean x|^2', 'SAEBench #61, SAELens #443', (at) =>
    f.fvu(at, f.relu(at)),
  ),
  scalar('explained_variance', '1 - fvu', 'SAEBench #61, SAELens #443', (at) => minus(one, f.fvu(at, f.relu(at)))),
  scalar(
    'explained_variance_legacy',
    'mean_b (1 - |x_b - x^_b|^2 / |x_b - mean x|^2)',
    'what SAELens and SAEBench had before, and keep under this name',
    (at) => f.explainedLegacy(at, f.relu(at)),
  ),
  scalar(
    'explained_variance_centred',
    '1 - mean_b |e_b - mean e|^2 / mean_b |x_b - mean x|^2, e = x - x^',
    'frac_variance_explained of dictionary_learning: blind to a constant error',
    (at) => minus(one, f.unexplainedCentred(at, f.relu(at))),
  ),
  scalar('l0', 'mean_b #{i : a_i > 0}', COMMON, (at) => f.l0(f.relu(at))),
  scalar('l1', 'mean_b sum_i a_i', COMMON, (at) => f.l1(f.relu(at))),
  scalar('dead', 'share of latents never active', COMMON, (at) => {
    const times = f.active(f.relu(at));
    return over(whole(times.filter((n) => n === 0).length), whole(times.length));
  }),
  value('density', 'share of inputs on which a latent is active', COMMON, (at) =>
    f.active(f.relu(at)).map((n) => text(over(whole(n), whole(at.x.length)))),
  ),
  scalar('mean_error_length', 'mean_b |x_b - x^_b|', 'l2_loss of dictionary_learning', (at) =>
    f.meanLength(f.errors(at, f.relu(at))),
  ),
  scalar('cosine', 'mean_b <x_b, x^_b> / (|x_b| |x^_b|)', COMMON, (at) => f.meanCosine(at.x, f.decode(at, f.relu(at)))),
  scalar('l2_ratio', 'mean_b |x^_b| / |x_b|', COMMON, (at) => f.meanRatio(at.x, f.decode(at, f.relu(at)))),
  scalar('relative_reconstruction_bias', 'mean_b |x^_b|^2 / mean_b <x_b, x^_b>', `${GATED}, equation 10`, (at) =>
    f.reconstructionBias(at.x, f.decode(at, f.relu(at))),
  ),
];

const gatedLoss = (at: f.At): Dual => {
  const { a, gate } = f.gated(at);
  return total([f.mse(at, a), settingTimes(at.settings.l1, f.l1(gate)), f.gateError(at, gate)]);
};
const stepsOf = (at: f.At): Dual => mean(f.jump(at).steps.map(total));

const CASES: readonly { name: string; description: string; model: models.Model; asked: readonly Asked[] }[] = [
  {
    name: 'metrics',
    description:
      'a ReLU model with a dead latent, measured on 8 inputs; nothing depends on how they are split into batches',
    model: models.MEASURED,
    asked: measured,
  },
  {
    name: 'l1',
    description: 'ReLU with an L1 penalty; decoder directions have lengths 2, 1/2 and 1',
    model: models.PENALIZED,
    asked: [
      ...forward(f.relu, 'a = ReLU(W_E (x - b_d) + b_e)', BRICKEN),
      loss('loss', `${MSE} + l1 mean_b sum_i a_i`, BRICKEN, (at) =>
        plus(reluAt(at), settingTimes(at.settings.l1, f.l1(f.relu(at)))),
      ),
      loss('loss_weighted', `${MSE} + l1 mean_b sum_i a_i |u_i|`, APRIL, (at) =>
        plus(reluAt(at), settingTimes(at.settings.l1, f.l1Weighted(at, f.relu(at)))),
      ),
    ],
  },
  {
    name: 'topk',
    description: 'Top-k after ReLU; on one input fewer than k latents are positive',
    model: models.TOPK,
    asked: [
      ...forward(topK, 'a = the k largest of ReLU(W_E (x - b_d) + b_e)', GAO),
      scalar('l0', 'mean_b #{i : a_i > 0}', COMMON, (at) => f.l0(topK(at))),
      loss('loss', MSE, GAO, (at) => f.mse(at, topK(at))),
      loss('fvu', 'mean_b |x_b - x^_b|^2 / mean_b |x_b - mean x|^2', 'the loss of sparsify', (at) =>
        f.fvu(at, topK(at)),
      ),
    ],
  },
  {
    name: 'topk-fired',
    description: 'Top-k where fewer than k latents are ever positive: to be chosen is not to be active',
    model: models.NEVER,
    asked: [
      value('fired', '1 for each latent with a_i > 0 on some input', GAO, (at) =>
        f.active(topK(at)).map((n) => (n > 0 ? '1' : '0')),
      ),
    ],
  },
  {
    name: 'auxk',
    description:
      'the auxiliary loss of Top-k: the k_aux largest of the dead latents reconstruct the error, which is a constant',
    model: models.AUXILIARY,
    asked: [
      loss(
        'auxk',
        'mean_b |e_b - sum_i a_i u_i|^2, i among the k_aux largest of ReLU(z) of the dead; no b_d',
        `${GAO}, A.2`,
        (at) => f.auxK(at),
      ),
      loss('auxk_signed', 'the same without ReLU', `${GAO}, A.2, where Top-k stands without ReLU`, (at) =>
        f.auxK(at, true),
      ),
      loss(
        'auxk_over_error_variance',
        'auxk / mean_b |e_b - mean e|^2',
        'sparse_autoencoder of OpenAI, normalized_mean_squared_error; dictionary_learning',
        (at) => over(f.auxK(at), f.errorVariance(at)),
      ),
      loss('auxk_over_variance', 'auxk / mean_b |x_b - mean x|^2', 'sparsify', (at) =>
        over(f.auxK(at), f.variance(at.x)),
      ),
      loss('loss', `${MSE} + alpha auxk`, `${GAO}, A.2`, (at) =>
        plus(f.mse(at, topK(at)), settingTimes(at.settings.alpha, f.auxK(at))),
      ),
      loss('loss_over_error_variance', `${MSE} + alpha auxk_over_error_variance`, 'dictionary_learning', (at) =>
        plus(f.mse(at, topK(at)), settingTimes(at.settings.alpha, over(f.auxK(at), f.errorVariance(at)))),
      ),
    ],
  },
  {
    name: 'auxk-one-dead',
    description: 'the same with fewer dead latents than k_aux: the formula has no factor for that',
    model: models.ONE_DEAD,
    asked: [
      scalar(
        'auxk',
        'mean_b |e_b - sum_i a_i u_i|^2, i among the k_aux largest of ReLU(z) of the dead; no b_d',
        `${GAO}, A.2`,
        (at) => f.auxK(at),
      ),
      scalar('auxk_signed', 'the same without ReLU', `${GAO}, A.2, where Top-k stands without ReLU`, (at) =>
        f.auxK(at, true),
      ),
      scalar('auxk_over_error_variance', 'auxk / mean_b |e_b - mean e|^2', 'dictionary_learning', (at) =>
        over(f.auxK(at), f.errorVariance(at)),
      ),
      scalar('auxk_over_variance', 'auxk / mean_b |x_b - mean x|^2', 'sparsify', (at) =>
        over(f.auxK(at), f.variance(at.x)),
      ),
    ],
  },
  {
    name: 'multi-topk',
    description:
      'Top-k at two k, of the same latents: Multi-TopK, and equation 9 of the theory, where all latents take part at every k_i',
    model: models.MULTI,
    asked: [
      loss('fvu', 'fvu at k, where k latents are positive on every input', 'the loss of sparsify', (at) =>
        f.fvu(at, topK(at)),
      ),
      loss('equation_9', 'sum over k_i in {k, k_more} of mean_b |x_b - x^_b|^2 at k_i', 'equation 9', (at) =>
        plus(f.mse(at, topK(at)), f.mse(at, f.topK(at, at.settings.k_more ?? 0))),
      ),
      loss('multi_topk_fvu', 'fvu at k_more', `${GAO}, A.4; sparsify`, (at) =>
        f.fvu(at, f.topK(at, at.settings.k_more ?? 0)),
      ),
    ],
  },
  {
    name: 'batchtopk',
    description: 'the k B largest of a batch, after ReLU, and the threshold that replaces them afterwards',
    model: models.BATCH,
    asked: [
      ...forward(f.batchTopK, 'a = the k B largest of ReLU(z) of the batch', BATCH),
      loss('loss', MSE, BATCH, (at) => f.mse(at, f.batchTopK(at))),
      scalar('threshold', 'the least positive activation, of this one batch', BATCH, (at) => least(f.batchTopK(at))),
      value('activations_at_threshold', 'a = z where z > threshold', BATCH, (at) => {
        const bound = least(f.batchTopK(at));
        return table(f.relu(at).map((row) => row.map((a) => (a.v.compare(bound.v) > 0 ? a : constant(ZERO)))));
      }),
    ],
  },
  {
    name: 'matryoshka',
    description: 'prefixes of the latents, each of which reconstructs, on BatchTopK',
    model: models.NESTED,
    asked: [
      value('activations', 'a = the k B largest of ReLU(z) of the batch', NESTED, (at) => table(f.batchTopK(at))),
      loss('loss', 'sum_m mean_b |x_b - b_d - sum_{i < m} a_i u_i|^2', NESTED, f.nested),
      loss('loss_mean', 'loss / number of prefixes', 'a mean in place of the sum', (at) =>
        over(f.nested(at), whole(at.settings.prefixes?.length ?? 0)),
      ),
    ],
  },
  {
    name: 'gated',
    description: 'a gated model with r_mag = 0; decoder and b_d are constants in the auxiliary term',
    model: models.GATES,
    asked: [
      ...forward(
        (at) => f.gated(at).a,
        'a = [pi > 0] ReLU(exp(r_mag) W_E (x - b_d) + b_mag), pi = W_E (x - b_d) + b_gate',
        GATED,
      ),
      scalar('mse', MSE, GATED, (at) => f.mse(at, f.gated(at).a)),
      scalar('sparsity', 'mean_b sum_i ReLU(pi_i)', GATED, (at) => f.l1(f.gated(at).gate)),
      scalar('auxiliary', 'mean_b |x_b - b_d - sum_i ReLU(pi_i) u_i|^2', GATED, (at) =>
        f.gateError(at, f.gated(at).gate),
      ),
      loss('loss', 'mse + l1 sparsity + auxiliary', `${GATED}, equation 8`, gatedLoss),
    ],
  },
  {
    name: 'jumprelu',
    description: 'JumpReLU with an L0 penalty, and pseudo-derivatives with respect to the thresholds',
    model: models.JUMPS,
    asked: [
      ...forward((at) => f.jump(at).a, 'a = z where z > theta', JUMP),
      scalar('l0', 'mean_b #{i : z_i > theta_i}', JUMP, stepsOf),
      loss('loss', `${MSE} + l0 mean_b #{i : z_i > theta_i}`, `${JUMP}, equations 9, 11, 12`, (at) =>
        plus(f.mse(at, f.jump(at).a), settingTimes(at.settings.l0, stepsOf(at))),
      ),
      loss(
        'loss_target',
        `${MSE} + l0 (mean_b #{i : z_i > theta_i} / target - 1)^2`,
        `${JUMP}, appendix; dictionary_learning`,
        (at) => {
          const off = minus(over(stepsOf(at), f.given(at.settings.target_l0)), one);
          return plus(f.mse(at, f.jump(at).a), settingTimes(at.settings.l0, times(off, off)));
        },
      ),
    ],
  },
  {
    name: 'resampling',
    description: 'what a dead latent becomes',
    model: models.RESAMPLED,
    asked: [
      value('chances', 'of input b: |e_b|^4 / sum |e|^4', BRICKEN, (at) => list(f.resamplingChances(at))),
      value('directions', 'from input b: x_b / |x_b|', BRICKEN, (at) => table(f.resampled(at).directions)),
      value('encoder_rows', 'from input b: 0.2 (mean of |e_i| over living i) x_b / |x_b|', BRICKEN, (at) =>
        table(f.resampled(at).rows),
      ),
      value('bias', 'b_e = 0', BRICKEN, () => '0'),
    ],
  },
  {
    name: 'detection',
    description: 'latents as detectors of known features: each of that whose direction is nearest, by |cosine|',
    model: models.DETECTORS,
    asked: [
      scalar('precision', 'mean over latents of TP / (TP + FP), 0 for 0 / 0', SYNTH, (at) =>
        mean(f.detectors(at).precision),
      ),
      scalar('recall', 'mean over latents of TP / (TP + FN), 0 for 0 / 0', SYNTH, (at) => mean(f.detectors(at).recall)),
      scalar('f1', 'mean over latents of 2 P R / (P + R), 0 for 0 / 0', SYNTH, (at) => mean(f.detectors(at).f1)),
      scalar('mcc', 'the largest mean |cosine| of latents matched with features one-to-one', SYNTH, f.mcc),
      scalar('uniqueness', 'different nearest features / latents', SYNTH, (at) =>
        over(whole(new Set(f.nearest(at)).size), whole(at.wd.length)),
      ),
      scalar('shrinkage', 'mean_b |x^_b| / |x_b|', SYNTH, (at) => f.meanRatio(at.x, f.decode(at, f.relu(at)))),
      scalar('true_l0', 'features of an input', SYNTH, (at) =>
        over(whole(at.truth.active.flat().length), whole(at.truth.active.length)),
      ),
    ],
  },
  {
    name: 'ghost',
    description: 'ghost gradients: the dead latents, with exp for ReLU, reconstruct the error at half its length',
    model: models.GHOSTS,
    asked: [
      value('ghost_output', 'g = sum over dead i of exp(z_i) u_i', GHOST, (at) => table(f.ghostOutput(at))),
      loss(
        'ghost_loss',
        'mean_b |e_b - s_b g_b|^2, s = |e| / (2 |g|); e and s constant; before it is rescaled',
        GHOST,
        f.ghostError,
      ),
      loss('ghost_loss_rescaled', 'mse ghost_loss / ghost_loss, the first two constant', GHOST, (at) => {
        const ghost = f.ghostError(at);
        return over(times(constant(reluAt(at).v), ghost), constant(ghost.v));
      }),
    ],
  },
];

function least(a: f.Table): Dual {
  const positive = a.flat().filter(({ v }) => v.sign() > 0);
  return positive.reduce((x, y) => (y.v.compare(x.v) < 0 ? y : x));
}

export const documents: () => Conformance[] = () =>
  CASES.map(({ name, description, model, asked }) => ({
    format: 'dictum/conformance@1',
    name,
    description,
    model,
    quantities: asked.flatMap((ask) => ask(model)),
  }));

/** As a file: a list of numbers on one line. */
export const written = (document: Conformance): string =>
  `${JSON.stringify(document, null, 2).replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, row: string) => `[${row.replace(/\s+/g, ' ')}]`)}\n`;
