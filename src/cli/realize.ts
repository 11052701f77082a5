/**
 * `dictum realize`: is a pattern realizable? Prints an encoder that shows it, or a Farkas combination against it. Whatever the
 * solver answers is replayed through the kernel's rule first; an answer the kernel refuses is a bug.
 */
import { judge, not } from '../kernel/goal.ts';
import type { Instance, Pattern } from '../kernel/instance.ts';
import { Rational } from '../kernel/rational.ts';
import { encoderDocument } from '../solve/document.ts';
import { refusal } from '../solve/proof.ts';
import type { Realization, Refutation, WeightedFeature } from '../solve/realization.ts';
import { realize } from '../solve/realize.ts';
import { commandNamed, notes, parseArguments } from './arguments.ts';
import { readInstanceFile } from './door.ts';
import { EXIT } from './exitCodes.ts';
import { readPattern } from './featureLists.ts';
import { fail } from './problem.ts';
import { answerText } from './realizeText.ts';

const NOTES = notes(
  'PATTERN: one entry per neuron, separated by ";"; in it the features the neuron is active on, separated by ",": numbers from 1,',
  'or labels, in double quotes where a label is a number or has one of these signs. An empty entry is a dead neuron. The pattern',
  "tells how many neurons there are, whatever the instance says. Without --pattern it is the instance's own.",
  '',
  'Exit codes: 0 decided, either way; 2 bad input.',
  '',
  'Examples:',
  '  dictum realize features.json --pattern "1,2;3"',
  '  dictum realize family.json --pattern "father,mother,son" --json',
  '  dictum import words.json --select king,queen --against rest | dictum realize -',
);

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('realize', 'Decides whether some encoder shows a pattern, exactly.')
    .argument('<instance>', 'an instance file, dictum/instance@1; - for standard input')
    .option('-p, --pattern <pattern>', 'the pattern, as "1,2;3"')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const file = command.args[0] ?? '';
  const options = command.opts<{ pattern?: string; json?: boolean }>();

  const { instance } = await readInstanceFile(file);
  const pattern =
    options.pattern === undefined
      ? (instance.pattern ?? fail('no-pattern', { file, path: '$.pattern' }, 'a pattern, here or as --pattern', 'none'))
      : readPattern(options.pattern, instance.features, '--pattern');
  const { configuration: _, ...shape } = instance;
  const m: Instance = { ...shape, neurons: pattern.length, pattern };
  const answer = answerFor(m, pattern);
  process.stdout.write(
    options.json === true ? `${JSON.stringify(answerDocument(answer))}\n` : answerText(m, pattern, answer),
  );
  return EXIT.ok;
}

/** The solver's answer, accepted by the kernel. */
function answerFor(m: Instance, pattern: Pattern): Realization {
  const found = realize(m, pattern);
  const answer = found.realizable ? found : { ...found, refutation: legible(found.refutation) };
  const goal = judge({ predicate: 'realizable', pattern });
  const refused = answer.realizable
    ? refusal(goal, { rule: 'realizes', ...encoderDocument(answer.encoder) }, m)
    : refusal(not(goal), answer.refutation, m);
  if (refused) throw new Error(`the kernel refuses the solver's answer: ${refused}`);
  return answer;
}

/** Where one feature stands on the left, it stands there once: `w_1 = 169/119 w_2 + 120/119 w_3`. */
function legible(refutation: Refutation): Refutation {
  if (refutation.rule !== 'farkas' || refutation.on.length !== 1) return refutation;
  const divisor = rational(refutation.on[0]?.weight ?? '');
  const divided = (terms: readonly WeightedFeature[]): WeightedFeature[] =>
    terms.map(({ feature, weight }) => ({ feature, weight: `${rational(weight).over(divisor)}` }));
  return { ...refutation, on: divided(refutation.on), off: divided(refutation.off) };
}

function rational(text: string): Rational {
  const value = Rational.parse(text);
  if (!value) throw new Error(`not a rational: ${text}`);
  return value;
}

/** `dictum/realize@1`, schemas/realize.schema.json. */
function answerDocument(answer: Realization): object {
  const format = 'dictum/realize@1';
  if (answer.realizable) return { format, realizable: true, ...encoderDocument(answer.encoder) };
  const { refutation } = answer;
  switch (refutation.rule) {
    case 'farkas':
      return {
        format,
        realizable: false,
        neuron: refutation.neuron,
        farkas: { on: refutation.on, off: refutation.off },
      };
    case 'farkas-joint':
      return { format, realizable: false, farkas: { rows: refutation.rows } };
    case 'capacity':
      return { format, realizable: false, capacity: 'exceeded' };
  }
}
