/** Which step a rejection speaks of: the innermost whose proof stands where the rejection points to. */
import type { ShownStep } from '../worker/explained.ts';

export type Mark = 'kept' | 'broken' | 'within' | 'unlooked';

export interface Marked {
  readonly marks: ReadonlyMap<ShownStep, Mark>;
  /** The step itself; none where the rejection is about what stands around the proof. */
  readonly broken: ShownStep | undefined;
}

const isWithin = (path: string, outer: string): boolean =>
  path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));

function innermost(steps: readonly ShownStep[], path: string): readonly ShownStep[] {
  let best: readonly ShownStep[] = [];
  for (const step of steps) {
    const inner = innermost(step.steps, path);
    const own =
      inner.length > 0 ? [step, ...inner] : step.path !== undefined && isWithin(path, step.path) ? [step] : [];
    const length = own.at(-1)?.path?.length ?? 0;
    if (length > (best.at(-1)?.path?.length ?? 0)) best = own;
  }
  return best;
}

/** The order in which the checker goes, which looks at what was dropped first. */
const rankOf = (path: string): number =>
  path.startsWith('$.witness.dropped') ? 0 : path.startsWith('$.witness.hypotheses') ? 1 : 2;

const inOrder = (steps: readonly ShownStep[]): readonly ShownStep[] =>
  steps.flatMap((step) => [step, ...inOrder(step.steps)]);

export function marked(steps: readonly ShownStep[], path: string): Marked {
  const way = innermost(steps, path);
  const broken = way.at(-1);
  const all = inOrder(steps);
  const at = broken ? all.indexOf(broken) : -1;
  const rank = broken?.path === undefined ? -1 : rankOf(broken.path);
  const before = (step: ShownStep, k: number): boolean => {
    const own = step.path ?? inOrder([step]).find((inner) => inner.path !== undefined)?.path;
    if (own === undefined) return k < at;
    return rankOf(own) === rank ? k < at : rankOf(own) < rank;
  };
  const marks = new Map(
    all.map((step, k): [ShownStep, Mark] => [
      step,
      step === broken ? 'broken' : way.includes(step) ? 'within' : broken && before(step, k) ? 'kept' : 'unlooked',
    ]),
  );
  return { marks, broken };
}
