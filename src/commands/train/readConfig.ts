/** A configuration of `dictum train` on its way in: the strict reader, ajv, then what no schema says. */
import { parseJson } from '../../kernel/document/json.ts';
import { compareValue, plain, refusing } from '../../terminal/door.ts';
import { readText } from '../../terminal/files.ts';
import { Failure, fail } from '../../terminal/problem.ts';
import { TrainProblem } from '../../train/backend/problem.ts';
import { checkConfig, type TrainConfig } from '../../train/config/config.ts';
import { complete, type GivenConfig, type Scaling } from '../../train/config/defaults.ts';

export async function readConfig(file: string, scaling?: Scaling): Promise<TrainConfig> {
  return enterConfig(await readText(file), file, scaling);
}

export function enterConfig(text: string, file: string, scaling?: Scaling): TrainConfig {
  const value = refusing(file, () => plain(parseJson(text)));
  const problem = compareValue(value, file, 'train.schema.json');
  if (problem) throw new Failure(problem);
  const config = complete(value as GivenConfig, scaling);
  refusingTraining(file, () => checkConfig(config));
  return config;
}

/** Runs what may find a problem in configuration, data or training; `file` is the configuration's, where none is named. */
export function refusingTraining<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw failureOf(thrown, file);
  }
}

export function failureOf(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof TrainProblem)) return thrown;
  try {
    const { path, next } = thrown;
    return fail(thrown.code, { file: thrown.file ?? file, path, next }, thrown.expected, thrown.found);
  } catch (failure) {
    return failure;
  }
}
