/** What the sets of a pattern are under each activation: said wherever sets are counted or called realizable. */
import type { Activation } from '../kernel/model/instance.ts';

/** Under gates the sets decided are those that gates are open on: a neuron is active where its gate is open and z > 0. */
export const GATES_NOTE = '(of a gated model: the sets that gates are open on, not those that neurons are active on)';

/** `neuron 2 cannot be active on`: identity lets everything pass, so its sets are those of z > 0. */
export const respondsText = ({ kind }: Activation): string => (kind === 'identity' ? 'positive on' : 'active on');
