/** `dictum import`: an instance from labelled vectors, exactly as their numbers are written. */

import { MAX_LENGTH, parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Instance, readInstance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { LARGEST_ANGLE, unitDirection } from '../../solve/realize/unitDirection.ts';
import { activationFrom } from '../../terminal/activationOption.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { refusing } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import type { Labelled } from '../../terminal/labelled.ts';
import { boundCommand } from '../../terminal/limits.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { choose, selection } from './selection.ts';
import { type Reading, readVectors, TEXT_FORMATS, type Vectors } from './vectorFile.ts';
import { printableWithin, withinReach } from './withinReach.ts';

const NOTES = notes(
  'FILE, by its first bytes, its ending, or --format:',
  '  JSON        {"label": [numbers], ...} or {"labels": [...], "vectors": [[numbers], ...]}; other keys of the second form are ignored',
  '  CSV, .tsv   a label and its numbers a row, perhaps below a row of names',
  '  text        a word and its numbers a line: word2vec or fastText (first line: words, dimensions), GloVe (none)',
  '  .npy, .npz  each row a vector; FILE.npz#NAME is one of several arrays',
  '  .safetensors  the same, FILE#NAME; of W_enc and decoder.weight each column (SAELens, PyTorch)',
  'Numbers are exact: a decimal is the fraction it says, a float the binary fraction it is.',
  'Rows without labels are numbered from 1, or labelled by --labels FILE, one a line. "--labels first": in text and CSV the first field is',
  'the label, though it is a number; "--labels none": it is a number like the others.',
  '',
  'LABELS: "a,b,c", or @FILE with one label a line. With --against they say which features there are:',
  '  rest  the selected ones, numbered first, then all others in the order of the file (the default)',
  '  all   all of the file in its order; feature numbers are positions in the file',
  '  none  the selected ones alone',
  "Unless --pattern is given, the first neuron's set is the selection and the others are dead; without --select there is no",
  'pattern. --pattern names features of the new instance, as "1,2;3" or by labels.',
  '--unit: each direction becomes a rational one of length exactly 1, turned by at most the angle. The default, 1/100000, is about',
  'what six decimals are worth; smaller angles make longer numbers. A direction of rational length is only divided by it.',
  '',
  'Without --out the instance is printed on stdout.',
  '',
  'Exit codes: 0 made; 2 bad input.',
  '',
  'Examples:',
  '  dictum import words.json --select father,mother,son --out family.json',
  '  dictum import glove.txt --select @family.txt --against rest --dims 40 --unit --out family-40.json',
  '  dictum import sae_weights.safetensors#W_dec --select 17,4 --out latents.json',
  '  dictum import acts.npy --labels words.txt --out acts.json',
  '  dictum import words.json --select king,queen,man --against none --pattern "king,queen;man" | dictum realize -',
);

const DEFAULT_ANGLE = '1/100000';

interface Options extends Reading {
  readonly select?: string;
  readonly against: string;
  readonly dims?: string;
  readonly unit?: boolean;
  readonly angle?: string;
  readonly neurons?: string;
  readonly pattern?: string;
  readonly activation: string;
  readonly name?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('import', 'Makes an instance, dictum/instance@1, from labelled vectors.')
    .argument('<file>', 'vectors: JSON, CSV, text, .npy, .npz or .safetensors; - for standard input')
    .option('-s, --select <labels>', 'the features the first neuron carries: "a,b,c" or @FILE')
    .option('-a, --against <which>', 'the other features: all, rest or none', 'rest')
    .option('-d, --dims <count>', 'keep the first coordinates only')
    .option('-u, --unit', 'make every direction exactly unit')
    .option('--angle <radians>', `the most that --unit may turn a direction (default: ${DEFAULT_ANGLE})`)
    .option('--labels <file>', 'labels of rows that have none, one a line; or "first", or "none"')
    .option('--format <name>', `of a text: ${TEXT_FORMATS.join(', ')}`)
    .option('--header', 'the first row of the CSV holds names')
    .option('--no-header', 'the first row of the CSV holds numbers')
    .option('-n, --neurons <count>', 'how many neurons, if more than the pattern has')
    .option('-p, --pattern <pattern>', 'the pattern, as "1,2;3"')
    .option('--activation <kind>', 'relu, identity, gated, jumprelu:THETA, topk:K, topk-pure:K, batchtopk:K', 'relu')
    .option('--name <name>', 'name of the instance (default: the file and the selection)')
    .option('-o, --out <file>', 'write the instance there')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand();
  const file = command.args[0] ?? '';
  const options = command.opts<Options>();

  const angle = angleFrom(options);
  const vectors = await readVectors(file, options);
  const { text, instance } = await makeInstance(vectors, file, angle, options);
  await deliver(text, instance, angle, { ...options, ...(vectors.note !== undefined && { note: vectors.note }) });
  return EXIT.ok;
}

/** The instance, and the text that was read back as one. */
export async function makeInstance(
  { all }: Vectors,
  file: string,
  angle: Rational | undefined,
  options: Options,
): Promise<{ readonly text: string; readonly instance: Instance }> {
  const selected = await selection(options.select, all, file);
  await outputs(options.out);
  const chosen = choose(all, selected, options.against);
  const instance = instanceFrom(directions(chosen, options.dims, angle, file), selected, options, file);
  const text = instanceText(instance);
  if (text.length > MAX_LENGTH) {
    const next = 'Take fewer features or coordinates: --select with --against none, --dims.';
    fail('too-large', { file, next }, `an instance of at most ${MAX_LENGTH} characters`, `${text.length}`);
  }
  // The new file through the reader that every command uses.
  refusing(options.out ?? file, () => readInstance(new Node(parseJson(text))));
  return { text, instance };
}

function angleFrom({ unit, angle: text }: Options): Rational | undefined {
  if (unit !== true) {
    return text === undefined ? undefined : fail('bad-arguments', { file: '--angle' }, '--unit beside it', 'none');
  }
  const angle = Rational.parse(text ?? DEFAULT_ANGLE);
  return angle && angle.sign() > 0 && angle.compare(LARGEST_ANGLE) <= 0
    ? angle
    : fail('bad-arguments', { file: '--angle' }, `a rational above 0 and at most ${LARGEST_ANGLE}`, `${text}`);
}

interface Directed extends Pick<Labelled, 'label'> {
  readonly vector: Vector;
}

/** The vectors cut to the first coordinates, and made unit where an angle is given. */
function directions(
  chosen: readonly Labelled[],
  dims: string | undefined,
  angle: Rational | undefined,
  file: string,
): readonly Directed[] {
  const length = chosen[0]?.entries().length ?? 0;
  const keep = dims === undefined ? length : countFrom(dims, '--dims', length);
  const [read, written] = [{ spent: 0 }, { spent: 0 }];
  return chosen.map(({ label, entries, path }) => {
    const all = entries();
    const cut = withinReach(keep === length ? all : all.slice(0, keep), read, { file, path });
    if (cut.isZero()) {
      const coordinates =
        keep === length ? 'every coordinate' : keep === 1 ? 'the first coordinate' : `the first ${keep} coordinates`;
      const which = `${JSON.stringify(label)}, zero in ${coordinates}`;
      fail('zero-direction', { file, path, next: ZERO }, 'a direction that is not zero', which);
    }
    if (!angle) return { label, vector: cut };
    return { label, vector: printableWithin(unitDirection(cut, angle), written, { file, path }) };
  });
}

const ZERO = 'Leave it out: --select the others, with --against none.';

function instanceFrom(
  features: readonly Directed[],
  selected: readonly string[],
  options: Options,
  file: string,
): Instance {
  const numbers = new Map(features.map(({ label }, d) => [label, d]));
  const own = selected.flatMap((label) => numbers.get(label) ?? []).sort((a, b) => a - b);
  const given =
    options.pattern === undefined ? selected.length > 0 && [own] : readPattern(options.pattern, features, '--pattern');
  const sets = given === false ? [] : given;
  const neurons =
    options.neurons === undefined ? Math.max(1, sets.length) : countFrom(options.neurons, '--neurons', 1_000_000);
  if (neurons < sets.length) {
    fail('bad-arguments', { file: '--neurons' }, `at least ${sets.length}, the sets of the pattern`, `${neurons}`);
  }
  const pattern = [...sets, ...Array.from({ length: neurons - sets.length }, () => [])];
  const name = options.name ?? [file.split(/[\\/]/).at(-1), ...selected.slice(0, 10)].join(' ');
  return {
    format: 'dictum/instance@1',
    name,
    features: features.map(({ label, vector }) => ({ label, wp: vector, wr: vector, weight: Rational.of(1n) })),
    activation: activationFrom(options.activation),
    neurons,
    np: features[0]?.vector.length ?? 0,
    nr: features[0]?.vector.length ?? 0,
    hierarchy: [],
    ...(given !== false && { pattern }),
  };
}

/** One feature a line, so that the file can be read and compared. */
function instanceText(instance: Instance): string {
  const { features, ...rest } = instanceDocument(instance) as { features: readonly object[]; [key: string]: unknown };
  const lines = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const list = features.map((feature) => `    ${JSON.stringify(feature)}`).join(',\n');
  return `{\n${lines.slice(0, 2).join(',\n')},\n  "features": [\n${list}\n  ],\n${lines.slice(2).join(',\n')}\n}\n`;
}

async function deliver(
  text: string,
  instance: Instance,
  angle: Rational | undefined,
  options: Options & { readonly note?: string },
): Promise<void> {
  const { features, np, neurons, pattern } = instance;
  const about = `${features.length} features in ${np} dimensions, ${neurons} ${neurons === 1 ? 'neuron' : 'neurons'}`;
  const within = angle ? `, every direction exactly unit, turned by at most ${angle} rad` : '';
  if (options.note !== undefined) note(`${options.note}\n`);
  if (options.out === undefined) {
    say(text);
    note(`${about}${within}\n`);
    return;
  }
  await writeAtomically(options.out, text);
  const document = {
    format: 'dictum/import@1',
    out: options.out,
    features: features.length,
    dimensions: np,
    neurons,
    ...(pattern && { pattern: pattern.map((set) => set.map((d) => d + 1)) }),
    ...(angle && { unit: { angle: `${angle}` } }),
    ...(options.note !== undefined && { note: options.note }),
  };
  say(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : `${options.out}: ${about}${within}\n`);
}
