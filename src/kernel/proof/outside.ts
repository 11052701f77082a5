/**
 * Which readings are about instances of `dictum/instance@2`. A reading that `lifts` means the same of the instance that the document is brought into
 * (../model/lifted.ts): all that it speaks of are pre-activations, L~ and the parameters, biases among them. Any other may speak of what a bias
 * changes: that outputs scale with inputs, that a row points along a direction. So it supposes that there is none, and is not applicable for that
 * reason alone, as its other hypotheses were not made for such an instance either. Inputs have no unit length to suppose.
 */
import type { Lifted } from '../model/lifted.ts';
import type { Subject } from '../model/subject.ts';
import type { Hypothesis, Reading } from './claim.ts';
import { property } from './fact.ts';
import { computed } from './goal.ts';

/** What an instance has beyond `dictum/instance@1`. */
export type Beyond = 'encoder-bias' | 'input-bias' | 'decoder-bias' | 'thresholds' | 'inputs';

const HAS: Readonly<Record<Beyond, (of: Lifted) => boolean>> = {
  'encoder-bias': (of) => of.encoderBias,
  'input-bias': (of) => of.inputBias !== undefined,
  'decoder-bias': (of) => of.decoderBias !== undefined,
  thresholds: (of) => of.thresholds !== undefined,
  inputs: (of) => of.inputs,
};

export function beyond(m: Subject): readonly Beyond[] {
  const lifted = 'lifted' in m ? m.lifted : undefined;
  return lifted === undefined ? [] : (Object.keys(HAS) as Beyond[]).filter((what) => HAS[what](lifted));
}

/** What the reading cannot be asked with on this instance, as hypotheses that fail: `no-encoder-bias`. */
export function outside({ lifts, hypotheses }: Reading<Subject>, m: Subject): readonly Hypothesis<Subject>[] {
  const unit = hypotheses.some(({ name }) => name === 'unit-norm');
  return beyond(m)
    .filter((what) => !lifts || (what === 'inputs' && unit))
    .map((what) => ({
      name: `no-${what}`,
      says: `there is no ${what}`,
      goal: () => computed(false, property(`no-${what}`, false)),
    }));
}
