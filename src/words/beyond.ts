/** What an instance has beyond `dictum/instance@1`: said with everything that is said of it. */
import type { Subject } from '../kernel/model/subject.ts';
import { beyond } from '../kernel/proof/outside.ts';
import { counted } from './names.ts';
import { numberText } from './number.ts';

/** `with an encoder bias (rows are (e_i, b_i), directions (w_d, 1)), each feature of strength 1`, or nothing. */
export function beyondText(m: Subject): string | undefined {
  const lifted = 'lifted' in m ? m.lifted : undefined;
  if (!('activation' in m) || !lifted) return undefined;
  const has = new Set(beyond(m));
  const letter = lifted.inputs ? 'x' : 'w';
  const biased = has.has('encoder-bias') || has.has('input-bias') || has.has('decoder-bias');
  const { given, features, constant } = lifted;
  const parts = [
    ...(has.has('encoder-bias') ? [`with an encoder bias (rows (e_i, b_i), directions (${letter}_d, 1))`] : []),
    ...(has.has('input-bias') ? [`with inputBias subtracted before the encoder (${letter}_d less it)`] : []),
    ...(has.has('decoder-bias') ? ['with decoderBias added to the output (r_d less it)'] : []),
    ...(has.has('thresholds')
      ? ['with a threshold for each neuron (rows are e_i / theta_i, columns theta_i u_i)']
      : []),
    ...(has.has('inputs')
      ? [
          `on ${counted(given.length, 'input')}${features.length === given.length ? '' : `, as ${counted(features.length, 'feature')}`}: ${constant.sign() === 0 ? 'L~ is their loss' : `their loss is L~ + ${numberText(`${constant}`)}`}`,
        ]
      : biased
        ? ['each feature alone at strength 1']
        : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
