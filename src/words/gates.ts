/** What the sets of a pattern are under each activation: said wherever sets are counted or called realizable. */
import type { Activation } from '../kernel/instance.ts';

/** Under gates the sets decided are those that gates are open on, and these are not all that a neuron can be active on. */
export const GATES_NOTE =
  'Decided are the sets that gates are open on: a gated neuron is active where its gate is open and z > 0, maybe on fewer features.';

/** `neuron 2 cannot be active on`: identity lets everything pass, so its sets are those of z > 0. */
export const respondsText = ({ kind }: Activation): string => (kind === 'identity' ? 'positive on' : 'active on');

/** `6 realizable sets`, `1 set that one gate can be open on` */
export function setsText(count: number | bigint, { kind }: Activation, which = ''): string {
  const plural = `${count}` === '1' ? '' : 's';
  return kind === 'gated'
    ? `${count} set${plural}${which} that one gate can be open on`
    : `${count} realizable set${plural}${which}`;
}
