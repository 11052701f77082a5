/** The methods by name. What a method leaves open in its paper is a setting here, so that a result records it. */
import type { Objective, Work } from '../model/work.ts';
import { gatedObjective } from './gated.ts';
import { jumpReluObjective } from './jumprelu.ts';
import { matryoshkaObjective } from './matryoshka.ts';
import { reluObjective } from './relu.ts';
import { topKObjective } from './topk.ts';

export type Method =
  | { readonly kind: 'relu' | 'gated'; readonly l1: number }
  | { readonly kind: 'jumprelu'; readonly l0: number; readonly bandwidth: number; readonly threshold: number }
  | {
      readonly kind: 'topk';
      readonly k: number;
      /** `deadAfter`: a latent is dead after that many inputs without activity. */
      readonly auxiliary?: { readonly k: number; readonly weight: number; readonly deadAfter: number };
    }
  | { readonly kind: 'batchtopk'; readonly k: number }
  | { readonly kind: 'matryoshka'; readonly k: number; readonly prefixes: readonly number[] };

export function objectiveOf(w: Work, method: Method): Objective {
  switch (method.kind) {
    case 'relu':
      return reluObjective(w, method);
    case 'jumprelu':
      return jumpReluObjective(w, method);
    case 'topk':
      return topKObjective(w, method);
    case 'batchtopk':
      return matryoshkaObjective(w, { k: method.k, prefixes: [w.shape.nq] });
    case 'matryoshka':
      return matryoshkaObjective(w, method);
    case 'gated':
      return gatedObjective(w, method);
  }
}
