/** Whether b_dec is subtracted from the input. */
import { TrainProblem } from '../../backend/problem.ts';
import type { ModelWeights, Shape } from '../../model/weights.ts';
import { missing, refuse } from './layout.ts';
import type { Place, Told } from './place.ts';
import type { Settings } from './settings.ts';

export function subtractsFirst(at: Place, { bd }: ModelWeights, { np, nr }: Shape): boolean {
  const { layout, tensors, given, settings, told, file, cfg } = at;
  const { apply_b_dec_to_input: key, transcode } = settings;
  const said = key ?? told.subtracts;
  if (told.subtracts !== undefined && told.subtracts !== said) {
    refuse('$.apply_b_dec_to_input', `${told.subtracts}, as --subtract-b-dec says`, `${said}`, cfg);
  }
  const zero = bd.every((value) => value === 0);
  if (layout.subtracts !== undefined) {
    if (said !== undefined && said !== layout.subtracts && !zero) {
      refuse('$.apply_b_dec_to_input', `${layout.subtracts}, as ${layout.name} does`, `${said}`, cfg);
    }
    return layout.subtracts && !zero;
  }
  if (layout.from === 'sparsify') {
    // sparsify has cfg.json always: without it nothing tells an SAE from a transcoder.
    const asked = said ?? (given === undefined && !zero ? unsaid('$.transcode', file) : transcode !== true);
    if (transcode !== undefined && asked === transcode && !zero) {
      refuse('$.transcode', `${!asked}, as b_dec is ${asked ? '' : 'not '}subtracted`, `${transcode}`, cfg);
    }
    return asked && !zero;
  }
  const architecture = settings.architecture ?? told.architecture;
  const transcoder = architectureIsTranscoder(architecture);
  const no = 'no b_dec to subtract: $.apply_b_dec_to_input is false for a transcoder';
  if (transcoder && said === true) refuse('b_dec', no, 'apply_b_dec_to_input true', cfg);
  if (transcode === true && !transcoder) refuse('$.transcode', 'false, or the architecture "transcoder"', 'true', cfg);
  if (said === true && !tensors.has('b_dec'))
    missing('b_dec', 'the tensor that $.apply_b_dec_to_input subtracts', file);
  if (np !== nr && !transcoder) {
    const found = `${np} to ${nr} dimensions`;
    refuse(
      '$.architecture',
      'a transcoder, as the outputs have another size',
      architecture ?? found,
      given ? cfg : file,
    );
  }
  if (zero || transcoder) return false;
  return said ?? (architecture === undefined || given === undefined ? unsaid('$.apply_b_dec_to_input', file) : true);
}

const architectureIsTranscoder = (architecture: string | undefined): boolean =>
  architecture?.includes('transcoder') === true;

/** SAELens says so by the architecture, sparsify by `transcode`. */
export const isTranscoder = ({ architecture, transcode }: Settings, told: Told): boolean =>
  transcode === true || architectureIsTranscoder(architecture ?? told.architecture);

function unsaid(path: string, file: string): never {
  const expected = 'cfg.json beside the file with it, or --subtract-b-dec yes or no, as b_dec is not 0';
  throw new TrainProblem('missing-tensor', path, expected, 'none', file);
}
