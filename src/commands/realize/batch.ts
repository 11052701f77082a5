/** Decides patterns one after the other; the answers depend on the batch alone, not on batches before. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import type { Realization } from '../../solve/realize/answer.ts';
import { Realizer } from '../../solve/realize/manySets.ts';
import { realize } from '../../solve/realize/realize.ts';
import { answerDocument, checked } from './answer.ts';

export interface Answer {
  readonly realizable: boolean;
  /** `dictum/realize@1` */
  readonly document: object;
}

export function decider(m: Instance): (batch: readonly Pattern[]) => Answer[] {
  const { kind } = m.activation;
  const realizer = kind === 'relu' || kind === 'identity' ? new Realizer(m) : undefined;
  const { configuration: _, ...rest } = m;
  return (batch) => {
    realizer?.forget();
    return batch.map((pattern) => {
      const shape: Instance = { ...rest, neurons: pattern.length, pattern };
      const answer = checked(shape, pattern, realizer ? bySets(realizer, pattern) : realize(shape, pattern));
      return { realizable: answer.realizable, document: answerDocument(m, answer) };
    });
  };
}

function bySets(realizer: Realizer, pattern: Pattern): Realization {
  const rows: Vector[] = [];
  for (const [i, set] of pattern.entries()) {
    const answer = realizer.realize(set);
    if (!answer.realizable) {
      return { realizable: false, refutation: { rule: 'farkas', neuron: i + 1, on: answer.on, off: answer.off } };
    }
    rows.push(answer.e);
  }
  return { realizable: true, encoder: { we: rows } };
}
