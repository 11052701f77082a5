/** Whose checkpoint it is: by tensors that only one has, then by the settings beside them. */
import { crosscoder, isCrosscoder } from './crosscoder.ts';
import { dictionaryLearning, isConfig } from './dictionaryLearning.ts';
import { type Given, type Layout, refuse, saelens, sparsifyIn } from './layout.ts';
import { gemmaScope, gemmaScope2, isGemma, isHyperparams, isOpenaiValue, llamaScope, openai } from './scopes.ts';

export function layoutOf(given: Given): Layout {
  const { file, beside, values } = given;
  const layout = found(given);
  const other = [...values.keys()].find((name) => layout.from !== 'openai' || !isOpenaiValue(name));
  if (other !== undefined) {
    refuse(other, `tensors alone, as ${layout.name} has them`, `the key ${other}, which is none`, file);
  }
  if (!beside || isConfig(beside) || isGemma(beside) || isHyperparams(beside)) return layout;
  const note = `${beside.file} is none of dictionary_learning, Gemma Scope or Llama Scope, and was not looked at`;
  return { ...layout, notes: [...(layout.notes ?? []), note] };
}

function found(given: Given): Layout {
  const { tensors, file, beside } = given;
  if (file.endsWith('.npz')) return gemmaScope(given);
  if (tensors.has('w_enc')) return gemmaScope2(given);
  if (tensors.has('pre_bias') || tensors.has('latent_bias')) return openai(given);
  if (isCrosscoder(tensors)) return crosscoder(given);
  if (beside && isConfig(beside)) return dictionaryLearning(given);
  if (tensors.has('log_jumprelu_threshold')) {
    const found = 'log_jumprelu_threshold, whose exponentials are irrational';
    refuse('tensors', 'thresholds as numbers', found, file);
  }
  if (beside && isHyperparams(beside)) return llamaScope(given);
  if (tensors.has('group_sizes')) return dictionaryLearning(given);
  if (!tensors.has('encoder.weight')) return saelens;
  return tensors.has('decoder.weight') ? dictionaryLearning(given) : sparsifyIn(given);
}
