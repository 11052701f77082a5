/** What weights are called in checkpoint files. */
import type { WeightName } from './weights.ts';

/** SAELens' names; of a gated model the encoder's bias is the gate's. */
export function nameIn(name: WeightName, gated: boolean): string {
  const names = { we: 'W_enc', wd: 'W_dec', be: gated ? 'b_gate' : 'b_enc', bd: 'b_dec' } as const;
  if (name === 'theta') return 'threshold';
  if (name === 'magnitude') return 'r_mag';
  return name === 'magnitudeBias' ? 'b_mag' : names[name];
}
