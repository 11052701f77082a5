/**
 * `cfg.json`, read strictly: each key that has a part in what a model computes has a type here, and a value that this reader carries
 * out. Keys that only tell how a model was trained or what it was trained on are passed over; all others are named to the user.
 */
import { TrainProblem } from '../../backend/problem.ts';

/** As parsed. */
export type ForeignSettings = Readonly<Record<string, unknown>>;

/** The keys that matter, with the types they have. */
export interface Settings {
  readonly architecture?: string;
  readonly k?: number;
  readonly activation_fn?: string;
  readonly activation_fn_kwargs?: { readonly k?: number };
  readonly apply_b_dec_to_input?: boolean;
  readonly rescale_acts_by_decoder_norm?: boolean;
  readonly transcode?: boolean;
  readonly skip_connection?: boolean;
  readonly d_in?: number;
  readonly d_out?: number;
  readonly d_sae?: number;
  readonly num_latents?: number;
  readonly dtype?: string;
}

export interface Read {
  readonly settings: Settings;
  /** Keys that were not looked at. */
  readonly passedOver: readonly string[];
}

/** What a key may hold, in words; undefined where the value is one of them. */
type Rule = (value: unknown) => string | undefined;

const when =
  (expected: string, test: (value: unknown) => boolean): Rule =>
  (value) =>
    test(value) ? undefined : expected;
const one = (...values: readonly unknown[]): Rule =>
  when(values.map((value) => JSON.stringify(value)).join(' or '), (value) => values.includes(value));
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const text = when('a string', (value) => typeof value === 'string');
const truth = when('true or false', (value) => typeof value === 'boolean');
const count = when('an integer from 1', isCount);
/** sparsify: 0 leaves it to expansion_factor. */
const countOrNone = when('an integer from 0', (value) => value === 0 || isCount(value));
const off = one(false, null);

/** Of both libraries: where one has a key that the other has not, a value that would change the function is refused all the same. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['architecture', text],
  ['k', count],
  ['activation_fn', one('relu', 'topk', null)],
  ['activation_fn_str', one('relu', 'topk', null)],
  ['activation_fn_kwargs', when('an object with the key k at most', isKwargs)],
  ['apply_b_dec_to_input', truth],
  ['normalize_activations', normalization],
  // Flattens heads before anything else: rows of a file are flat.
  ['reshape_activations', one('none', 'hook_z', null)],
  ['rescale_acts_by_decoder_norm', truth],
  ['finetuning_scaling_factor', off],
  ['d_in', count],
  ['d_out', count],
  ['d_sae', count],
  ['dtype', text],
  ['metadata', when('an object', isObject)],
  ['activation', one('topk')],
  ['transcode', truth],
  ['skip_connection', when('true or false', (value) => value === null || typeof value === 'boolean')],
  ['signed', off],
  ['multi_topk', truth],
  ['normalize_decoder', truth],
  ['num_latents', countOrNone],
  ['expansion_factor', when('a number above 0', (value) => typeof value === 'number' && value > 0)],
]);

function isKwargs(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value as object).every((key) => key === 'k'));
}

const FOLDABLE = ['expected_average_only_in', 'covariance_whitening', true];

/** What can be folded is linear in the input; layer_norm and constant_norm_rescale divide by a length of each input. */
function normalization(value: unknown): string | undefined {
  if (value === undefined || value === null || value === false || value === 'none') return undefined;
  return FOLDABLE.includes(value as string | boolean)
    ? '"none": fold it into the weights first (SAELens: fold_activation_norm_scaling_factor, fold_activation_whitening)'
    : '"none": no model that normalizes each input by itself is read, and no weights can stand for it';
}

/** How a model was made, and what for. */
const HARMLESS: ReadonlySet<string> = new Set(
  `device model_name model_class_name model_kwargs model_from_pretrained_kwargs hook_name hook_name_out hook_point hook_layer
  hook_layer_out hook_eval hook_head_index hook_head_index_out hook_point_layer hook_point_head_index hf_hook_name hf_hook_name_out
  dataset_path dataset_trust_remote_code streaming is_dataset_tokenized use_chat_formatting context_size prepend_bos
  exclude_special_tokens seqpos_slice sequence_separator_token disable_concat_sequences neuronpedia_id sae_lens_version
  sae_lens_training_version use_cached_activations cached_activations_path from_pretrained_path n_batches_in_buffer training_tokens
  store_batch_size_prompts activations_mixing_fraction llm_device act_store_device prefetch_llm_batches seed autocast autocast_lm
  compile_llm llm_compilation_mode compile_sae sae_compilation_mode train_batch_size_tokens adam_beta1 adam_beta2 lr lr_scheduler_name
  lr_warm_up_steps lr_end lr_decay_steps n_restart_cycles dead_feature_window feature_sampling_window dead_feature_threshold
  n_eval_batches eval_batch_size_prompts logger n_checkpoints checkpoint_path save_final_checkpoint output_path resume_from_checkpoint
  verbose n_batches_for_norm_estimate l1_coefficient lp_norm l1_warm_up_steps l0_coefficient l0_warm_up_steps decoder_init_norm
  use_sparse_activations aux_loss_coefficient topk_threshold_lr matryoshka_widths use_matryoshka_aux_loss jumprelu_init_threshold jumprelu_bandwidth
  jumprelu_sparsity_loss_mode jumprelu_tanh_scale jumprelu_ste_to_input pre_act_loss_coefficient target_l0 mse_loss_normalization
  use_ghost_grads normalize_sae_decoder scale_sparsity_penalty_by_decoder_norm init_encoder_as_decoder_transpose
  decoder_heuristic_init decoder_orthogonal_init b_dec_init_method d_head`.split(/\s+/),
);

/** `file` is that of cfg.json. */
export function readSettings(given: ForeignSettings, file: string): Read {
  const passedOver: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const rule = RULES.get(key);
    if (!rule && !HARMLESS.has(key)) passedOver.push(key);
    const expected = rule?.(value);
    if (expected !== undefined) refuse(`$.${key}`, expected, value, file);
  }
  const { activation_fn: first, activation_fn_str: other, activation_fn_kwargs: kwargs } = given;
  if (first !== undefined && other !== undefined && first !== other) {
    refuse('$.activation_fn_str', `what $.activation_fn says, ${JSON.stringify(first)}`, other, file);
  }
  const inner = (kwargs as { k?: unknown } | undefined | null)?.k;
  if (inner !== undefined && !isCount(inner)) refuse('$.activation_fn_kwargs.k', 'an integer from 1', inner, file);
  if (inner !== undefined && given.k !== undefined && inner !== given.k) {
    refuse('$.activation_fn_kwargs.k', `what $.k says, ${given.k}`, inner, file);
  }
  const { activation_fn_str: _, ...rest } = given;
  const named = first ?? other;
  const known = { ...rest, activation_fn: named ?? undefined, activation_fn_kwargs: kwargs ?? undefined };
  return { settings: known as Settings, passedOver };
}

function refuse(path: string, expected: string, found: unknown, file: string): never {
  throw new TrainProblem('not-read', path, expected, shortened(found), file);
}

function shortened(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'none';
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
