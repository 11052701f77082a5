/** The certificate of a landing for people: where a run ended, group by group. */
import { parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import { bounded } from '../kernel/numbers/work.ts';
import { numbered } from '../kernel/proof/fact.ts';
import type { Landed } from '../landing/check/landing.ts';
import { LANDING_CLASSES, landingText } from '../words/landing.ts';
import { counted, setText } from '../words/names.ts';
import { enclosure, rootText } from '../words/number.ts';
import { type Explanation, linesOf } from './explanation.ts';
import { subjectLines } from './instance.ts';
import { exact, type Step } from './step.ts';
import { meaningsOf } from './symbols.ts';

/** What each rule of a group shows, and how. */
const RULES: ReadonlyMap<string, string> = new Map([
  ['zero-loss', 'At the point given every residual of these features is 0, exactly.'],
  [
    'lossless',
    `Residuals and their derivatives, enclosed in intervals on a box about the point, show that a step of Newton's method keeps the box and contracts it (Krawczyk): in the box there is a point at which every residual of these features is 0.`,
  ],
  [
    'top-eigenvalue',
    'The column is the best for its row, and lambda B - A = l diag(D) l^T with D >= 0, so lambda is the largest eigenvalue: no row nearby takes more off the loss.',
  ],
  [
    'eckart-young',
    'What the neurons reconstruct leaves just the smallest eigenvalues of sum_d M_d r_d r_d^T over, and no outputs of this rank leave less (Eckart and Young).',
  ],
  [
    'newton',
    `The gradient and its derivatives, enclosed in intervals on a box about the point, show that a step of Newton's method keeps the box and contracts it (Krawczyk): in the box both gradients are 0. The second derivatives on the box decide the class.`,
  ],
]);

export function explainLanding(text: string, landed: Landed): Explanation {
  const { instance: m, components, uncovered, dead, gradient, distance, apart, loss, id } = landed;
  const rules = bounded(() =>
    (new Node(parseJson(text)).members().get('components')?.items() ?? []).map((group) =>
      group.members().get('proof')?.members().get('rule')?.text(),
    ),
  );
  const set = (of: readonly number[]): string => setText(m.features, numbered(of));
  const groups = components.map((group, k): Step => {
    const rule = rules[k] ?? '';
    const words = RULES.get(rule);
    if (words === undefined) throw new Error(`rule ${rule} of landings has no words`);
    const who = `${group.neurons.length === 1 ? 'neuron' : 'neurons'} ${numbered(group.neurons).join(', ')}`;
    const says = `${who} on ${set(group.features)}: as far as these features go, ${LANDING_CLASSES[group.class]}`;
    return { says, rule: `landing ${rule}`, path: `$.components[${k}]`, lines: [words], steps: [] };
  });
  const { configuration: _, ...bare } = m;
  const asked = [
    ...subjectLines(bare),
    `the end weights of a training run with this instance, exactly: there |grad L~| is ${rootText(`${gradient}`)}`,
  ];
  const argument: Step[] = [
    {
      says: 'Features that some neuron is active on together make a group, and each group is proved by itself:',
      lines: [],
      steps: groups,
    },
    {
      says: `All of this is within ${exact(apart)} of the end weights in each coordinate, which is at most the ${exact(distance)} stated; ${enclosure('L~', [`${loss.lower}`, `${loss.upper}`])} there`,
      lines: [
        ...(uncovered.length > 0 ? [`no neuron is active on ${set(uncovered)}, so all of their weight is lost`] : []),
        ...(dead.length > 0
          ? [`${counted(dead.length, 'neuron')} (${numbered(dead).slice(0, 12).join(', ')}) active on no feature`]
          : []),
        'The class is that of a point so near, and not of the end weights themselves.',
      ],
      steps: [],
    },
  ];
  return {
    asked,
    symbols: meaningsOf([...asked, ...linesOf(argument)]),
    sentence: landingText(landed),
    argument,
    instance: m.name,
    id,
    subject: bare,
  };
}
