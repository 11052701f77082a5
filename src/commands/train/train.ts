/** `dictum train`: trains one model as a configuration says, and measures it. */

import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { note, progress, say } from '../../terminal/streams.ts';
import type { StepRecord } from '../../train/run/training.ts';
import { BACKENDS, backendNamed } from './backendOption.ts';
import { TrainFolder } from './folder.ts';
import { readConfig } from './readConfig.ts';
import { runTraining } from './run.ts';
import { trainText } from './text.ts';

const NOTES = notes(
  'CONFIG: dictum/train@1, schemas/train.schema.json. Needed are "data", "method" and "neurons"; all defaults are in the result.',
  '  "data":   {"kind": "bench", "features": 100, "np": 76} | {"kind": "hierarchy", "parents": 10, "shares": [0.5, 0.3, 0.2], "np": 30}',
  '          | {"kind": "synth", "preset": "tenth", "seed": 1}, the generator of SynthSAEBench; "frozen": "decoder" is a random baseline',
  '          | {"kind": "activations", "inputs": "x.npy", "targets": ..., "labels": ...} | {"kind": "instance", "file": "features.json"}',
  '  "method": {"kind": "relu" or "gated", "l1": 0.5} | {"kind": "jumprelu", "l0": 0.1} | {"kind": "topk" or "batchtopk", "k": 8}',
  '          | {"kind": "matryoshka", "k": 8, "prefixes": [100, 1600]}',
  '',
  '"biases": true trains an encoder bias for each neuron and a decoder bias, from 0; {"encoder": true, "decoder": "none", "added" or',
  '"subtracted"} each apart, "subtracted": the encoder reads x - b_dec. Default: none, as in the paper.',
  '',
  'Backends: wasm (default) and plain run anywhere, wasm with the same bits everywhere; native has its products from the optional package',
  'onnxruntime-node: faster, the same bits on the same machine only; webgpu needs a GPU and the optional package webgpu.',
  '',
  'The folder gets log.jsonl, checkpoint.safetensors (SAELens names), result.json, metrics.csv and report.html. Ctrl-C stops after',
  'the step and writes a checkpoint; --resume goes on from it and ends with the same bits.',
  '',
  'Exit codes: 0 trained; 2 bad input, a loss that is not finite, or a device lost; 130 interrupted.',
  '',
  'Examples:',
  '  dictum train config.json --out run1',
  '  dictum train config.json --out run1 --resume',
);

interface Options {
  readonly out?: string;
  readonly resume?: boolean;
  readonly backend?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('train', 'Trains a model as a configuration says, and measures what it recovers.')
    .argument('<config>', 'a configuration, dictum/train@1; - for standard input')
    .option('-o, --out <folder>', 'the folder of the run (default: out/NAME, NAME from the configuration)')
    .option('--backend <name>', `${BACKENDS.join(', ')}, instead of the configuration's`)
    .option('--resume', 'go on from the checkpoint in the folder')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const [file = ''] = command.args;
  const options = command.opts<Options>();
  const read = await readConfig(file);
  const config = options.backend === undefined ? read : { ...read, backend: backendNamed(options.backend) };
  const out = options.out ?? `out/${config.name}`;
  const folder = await TrainFolder.open(out);
  const ended = await runTraining({
    config,
    file,
    folder,
    resume: options.resume === true,
    tell: teller(config.steps),
  });
  if ('stoppedAt' in ended) {
    const step = `interrupted after step ${ended.stoppedAt} of ${config.steps}`;
    note(`${step}; the checkpoint is in ${out}, and --resume goes on from it.\n`);
    return EXIT.interrupted;
  }
  say(options.json ? `${JSON.stringify(ended.result)}\n` : trainText(ended.result, out));
  return EXIT.ok;
}

/** One line overwritten on a terminal; else a JSON line at most every ten seconds. */
function teller(steps: number): (record: StepRecord, left: number) => void {
  let next = Date.now() + 10_000;
  return (record, left) => {
    const seconds = Math.ceil(left / 1000);
    progress(
      `step ${record.step} of ${steps}, loss ${record.loss.toPrecision(4)}, L0 ${record.l0.toFixed(1)}, ${seconds} s left`,
    );
    if (process.stderr.isTTY || Date.now() < next) return;
    next = Date.now() + 10_000;
    note(`${JSON.stringify({ progress: 'train', ...record, secondsLeft: seconds })}\n`);
  };
}
