/** The margin LP of every realizability question in a proof, by glpk.js in doubles: by how much a row of entries within [-1, 1] can be on the right sides. */
import type { GLPK, LP } from 'glpk.js/node';
import { float, floats, type Step } from '../../../explain/step.ts';
import { thresholdOf } from '../../../kernel/model/activation.ts';
import type { Instance } from '../../../kernel/model/instance.ts';
import type { Sets } from '../../../kernel/proof/fact.ts';
import { counted, patternText } from '../../../words/names.ts';
import { approximately, type Look, optional, together } from './look.ts';

/** Below this a margin is none, as the solver's own tolerance is 1e-7. */
const NONE = 1e-9;
const CLEAR = 1e-7;

interface Row {
  /** Coefficients of the variables, and of the margin t. */
  readonly vars: ReadonlyMap<string, number>;
  readonly margin: boolean;
}

const unit = (w: readonly number[]): number[] => {
  const size = Math.hypot(...w);
  return w.map((x) => x / size);
};

/**
 * Rows >= 0, or >= t; undefined where this look has no linear program. Directions have length 1 here, and thresholds and biases are variables like any
 * other, so that nothing but the directions sets the scale.
 */
function rowsOf(m: Instance, pattern: Sets): Row[] | undefined {
  const { activation } = m;
  const theta = float(thresholdOf(m));
  const term = (i: number, d: number, factor: number): [string, number][] => {
    const w = floats(m.features[d]?.wp as Instance['features'][number]['wp']);
    const terms = unit(w).map((x, k): [string, number] => [`e_${i}_${k}`, factor * x]);
    if (activation.kind === 'gated') terms.push([`b_${i}`, factor / Math.hypot(...w)]);
    if (theta > 0) terms.push(['s', (-factor * theta) / Math.hypot(...w)]);
    return terms;
  };
  const on = (i: number, d: number): Row => ({ vars: new Map(term(i, d, 1)), margin: true });
  const off = (i: number, d: number): Row => ({ vars: new Map(term(i, d, -1)), margin: false });
  const scale: Row[] = theta > 0 ? [{ vars: new Map([['s', 1]]), margin: true }] : [];
  const features = m.features.map((_, d) => d);
  if (activation.kind === 'batchtopk') return undefined;
  if (activation.kind !== 'topk' && activation.kind !== 'topk-pure') {
    return [
      ...scale,
      ...pattern.flatMap((set, i) => features.map((d) => (set.includes(d + 1) ? on(i, d) : off(i, d)))),
    ];
  }
  const { k, kind } = activation;
  return features.flatMap((d) => {
    const inside = pattern.flatMap((set, i) => (set.includes(d + 1) ? [i] : []));
    const outside = pattern.flatMap((set, i) => (set.includes(d + 1) ? [] : [i]));
    const rivals = inside.length >= k || kind === 'topk-pure';
    return [
      ...(kind === 'topk' ? inside.map((i) => on(i, d)) : []),
      ...outside.flatMap((j) =>
        rivals
          ? inside.map((i) => ({ vars: new Map([...term(i, d, 1), ...term(j, d, -1)]), margin: true }))
          : [off(j, d)],
      ),
    ];
  });
}

function margin(glpk: GLPK, rows: readonly Row[]): number {
  const names = [...new Set(rows.flatMap(({ vars }) => [...vars.keys()]))];
  const lp: LP = {
    name: 'margin',
    objective: { direction: glpk.GLP_MAX, name: 't', vars: [{ name: 't', coef: 1 }] },
    subjectTo: rows.map(({ vars, margin: with_ }, k) => ({
      name: `r${k}`,
      vars: [...[...vars].map(([name, coef]) => ({ name, coef })), ...(with_ ? [{ name: 't', coef: -1 }] : [])],
      bnds: { type: glpk.GLP_LO, lb: 0, ub: 0 },
    })),
    bounds: [
      ...names.map((name) => ({ name, type: glpk.GLP_DB, lb: name === 's' ? 0 : -1, ub: 1 })),
      { name: 't', type: glpk.GLP_DB, lb: -1, ub: 1 },
    ],
  };
  // With presolving glpk.js calls infeasible programs undefined.
  return glpk.solve(lp, { msglev: glpk.GLP_MSG_OFF, presol: false }).result.z;
}

interface Question {
  readonly pattern: Sets;
  readonly truth: boolean;
}

/** Of all judgements in the proof, hypotheses and all; each once. */
function questions(steps: readonly Step[], found = new Map<string, Question>()): Question[] {
  for (const { fact, steps: inner } of steps) {
    if (fact?.relation === 'realizable')
      found.set(JSON.stringify(fact.pattern), { pattern: fact.pattern, truth: fact.truth });
    questions(inner, found);
  }
  return [...found.values()];
}

function answer(glpk: GLPK, m: Instance, { pattern, truth }: Question): { outcome: Look['outcome']; line: string } {
  const name = patternText(m.features, pattern);
  const exactly = truth ? 'realizable' : 'not realizable';
  const { activation } = m;
  if ('k' in activation && activation.kind !== 'batchtopk') {
    const over = m.features.some((_, d) => {
      const load = pattern.filter((set) => set.includes(d + 1)).length;
      return activation.kind === 'topk' ? load > activation.k : load !== Math.min(activation.k, pattern.length);
    });
    if (over) return { outcome: 'agrees', line: `${name}: counting decides it, without a linear program` };
  }
  const rows = rowsOf(m, pattern);
  if (!rows) return { outcome: 'nothing to ask', line: `${name}: no linear program here for ${activation.kind}` };
  if (!rows.some((row) => row.margin))
    return { outcome: truth ? 'agrees' : 'differs', line: `${name}: a row of 0 shows it` };
  const t = margin(glpk, rows);
  const said = `${name}: margin ${approximately(Math.abs(t) < 1e-15 ? 0 : t)}, proved ${exactly}`;
  if (t > CLEAR) return { outcome: truth ? 'agrees' : 'differs', line: said };
  if (!truth && t <= NONE) return { outcome: 'agrees', line: said };
  const why = truth
    ? 'the cone of such rows is too thin for doubles'
    : 'the directions nearly leave room for such a row';
  return {
    outcome: 'too close to tell',
    line: `${said}; a margin below 1e-7 is within the solver's own tolerance: ${why}`,
  };
}

export async function lpLook(m: Instance | undefined, steps: readonly Step[]): Promise<Look> {
  const look = 'LP in floats';
  const asked = m ? questions(steps) : [];
  if (!m || asked.length === 0) {
    return { look, outcome: 'nothing to ask', says: 'no realizability is in question', lines: [] };
  }
  const load = await optional(() => import('glpk.js/node'));
  if (!load) return { look, outcome: 'not installed', says: 'npm install glpk.js (GPL-3) for this look', lines: [] };
  const glpk = await load.default();
  const answers = asked.map((question) => answer(glpk, m, question));
  const outcome = together(answers.map((a) => a.outcome));
  const told = answers.filter((a) => a.outcome === outcome).length;
  const of = counted(answers.length, 'question');
  const says = outcome === 'agrees' ? `agrees in ${of}` : `${outcome} in ${told} of ${of}`;
  return { look, outcome, says, lines: answers.map(({ line }) => line) };
}
