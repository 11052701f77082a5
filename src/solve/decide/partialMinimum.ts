/** Candidates for and against `partial-minimum`: the instance's own configuration, then critical rows of each set (docs/claims.md, T6). */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { criticalRows, deadRow, lossOf, pointDocument } from '../landscape/criticalPoints.ts';
import { combinations } from '../landscape/decidePattern.ts';
import { analyseSet, facesDocument } from '../landscape/faces.ts';
import { configurationDocument, type Document } from '../proofs/document.ts';

interface Candidates {
  readonly for: readonly Document[];
  readonly against: readonly Document[];
}

/** Critical points of positive loss and, with `stationary`, both gradients 0; or that there are none. */
export function partialMinimumProofs(m: Instance, pattern: Pattern, stationary: boolean): Candidates {
  const own = m.configuration ? [{ rule: 'partial-minimum', ...configurationDocument(m.configuration, m.nr) }] : [];
  // Under Top-1 rows have to be ranked as well: ./landscape/ranked.ts.
  const { activation } = m;
  const apart = ['relu', 'jumprelu'].includes(activation.kind) || (activation.kind === 'topk' && activation.k > 1);
  if (!apart || new Set(pattern.flat()).size < pattern.flat().length) return { for: own, against: [] };
  const sets = pattern.map((set) => (set.length === 0 ? undefined : analyseSet(m, set, stationary)));
  const rows = sets.flatMap((analysis) => (analysis ? [criticalRows(analysis)] : []));
  const dead = deadRow(m);
  const points = combinations(rows, 8).flatMap((live) => {
    const point = { m, pattern, live, dead: dead.e, deadKinks: dead.kinks };
    return lossOf(point)[1].sign() > 0 ? [{ rule: 'critical-point', ...pointDocument(point, Vector.zero(m.nr)) }] : [];
  });
  const neurons = sets.flatMap((analysis, i) => {
    const faces = analysis && facesDocument(analysis, true);
    return faces ? [{ neuron: i + 1, ...faces }] : [];
  });
  const excluded = neurons.find(({ spared }) => !spared);
  const listed = (excluded ? [excluded] : neurons).map(({ neuron, faces }) => ({ neuron, faces }));
  return {
    for: [...own, ...points],
    against: listed.length > 0 ? [{ rule: 'no-critical-point', neurons: listed }] : [],
  };
}
