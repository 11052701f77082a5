/** `--bias` of the commands that decide about a model: whether its neurons may have biases. */
import type { Command } from 'commander';
import type { Instance } from '../kernel/model/instance.ts';
import { InputError } from '../library/error.ts';
import { withBias } from '../library/instance.ts';
import { fail } from '../terminal/problem.ts';

export const withBiasOption = (command: Command): Command =>
  command.option('--bias <which>', 'free: each neuron may have a bias; none (default: as the instance says)');

/** The instance asked about. */
export function biased(m: Instance, bias: string | undefined, file: string): Instance {
  if (bias !== undefined && bias !== 'none' && bias !== 'free')
    fail('bad-arguments', { file: '--bias' }, 'none or free', bias);
  try {
    return withBias(m, bias);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    const { code, path, expected, found } = thrown;
    return fail(code, { file, path }, expected, found);
  }
}
