/**
 * What to do next about an error: the second line of its message. A table: the first rule of the error's code whose condition holds
 * says it. The codes are those of docs/certificate-format.md and of the command line.
 */
import { closest, listed } from './closest.ts';
import { formatAdvice } from './formats.ts';
import type { Problem } from './problemValue.ts';

interface Rule {
  readonly when?: (problem: Problem) => boolean;
  readonly says: string | ((problem: Problem) => string);
}

const found =
  (pattern: RegExp) =>
  (problem: Problem): boolean =>
    pattern.test(problem.found);
const at =
  (pattern: RegExp) =>
  (problem: Problem): boolean =>
    pattern.test(problem.path ?? '');
/** About an argument of the command, not about a file. */
const onCommandLine = ({ file = '', path }: Problem): boolean => path === undefined && /^(--|dictum( |$))/.test(file);

/** The word that was found, as it stands between quotes. */
const word = ({ found: text }: Problem): string => /^"(.*)"$/.exec(text)?.[1] ?? text;

const near = (problem: Problem): string | undefined => closest(word(problem), listed(problem.expected));
const DID_YOU_MEAN: Rule = {
  when: (problem) => near(problem) !== undefined,
  says: (problem) => `Did you mean ${near(problem)}?`,
};

const help = ({ file = '' }: Problem): string =>
  /^dictum [a-z]+$/.test(file)
    ? `${file} --help shows its arguments and examples.`
    : file === 'dictum'
      ? 'dictum --help lists the commands.'
      : 'The command with --help shows its arguments and examples.';

const PATTERN =
  'Give one: --pattern "1,2;3", or "pattern": [[1,2],[3]] in the instance: features 1 and 2 on neuron 1, 3 on neuron 2.';
const CONFIGURATION =
  'Add "we", a row of n_p numbers per neuron, and "wd", n_r rows of a number per neuron; "dictum metrics --instance FILE" writes those of a checkpoint.';
const DISTRIBUTION =
  'Add "distribution": {"independent": [[{"probability": "1/10", "value": "1"}], ...]}, a list per feature, or {"joint": [{"probability": "1/10", "x": ["1", "0", ...]}, ...]}.';
const ANCHORS = 'Add "anchors": [1, 2], the numbers of the anchored features.';
const GATE = 'Add "gate", a row of n_p numbers per neuron, and "bias", a number per neuron.';
const SCHEMAS = 'schemas/ has a JSON Schema of each format.';
const ANEW =
  'The file was read, and it proves nothing: write it again with "dictum certify"; a proof of your own, docs/certificate-format.md.';

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  // Files.
  unreadable: [
    { when: found(/^no such file/), says: 'Check the spelling of the path, and the folder that you are in.' },
    { when: found(/^a folder/), says: 'Name a file in it.' },
    { when: found(/^no permission/), says: 'Read it as a user who may, or change its permissions.' },
    {
      when: found(/^a pipe, a device/),
      says: 'In a folder only regular files are read; name a pipe itself to wait for it.',
    },
    { when: found(/^a path that leads/), says: 'A part of the path before its last one is a file.' },
    { when: found(/^a loop of links/), says: 'Name the file that the links were to lead to.' },
    { says: 'Check the path and its permissions.' },
  ],
  'no-files': [
    { says: 'Name a certificate, or a folder with *.json files; "dictum audit" writes the folder certificates/.' },
  ],
  'not-utf-8': [
    {
      when: found(/NumPy|a zip|Parquet|safetensors/),
      says: 'Numbers in such files are read by "dictum train", "metrics" and "import"; "dictum import FILE --out instance.json" makes an instance of labelled vectors.',
    },
    { when: found(/gzip|pickle|HDF5/), says: 'Unpack it, or save it as JSON, .npy or .safetensors.' },
    { says: 'Save the file as UTF-8 without a byte order mark.' },
  ],
  'cannot-write': [
    {
      when: ({ file }) => file === 'standard output',
      says: 'What was printed is not complete. Make room, or send it elsewhere.',
    },
    {
      when: found(/full disk|quota|too large/),
      says: 'Make room, or choose another place; what was there before was left as it is.',
    },
    { when: found(/^no such file/), says: 'Make the folder first.' },
    { when: found(/^a folder$/), says: 'Name a file in it.' },
    { when: found(/^a read-only file/), says: 'Choose another name, or make the file writable.' },
    { when: found(/^no permission|read-only file system/), says: 'Choose a folder that you may write to.' },
    { when: found(/^a link/), says: 'Name the file itself, or remove the link.' },
    { when: found(/twice/), says: 'Give each output a name of its own.' },
    {
      when: found(/^another file/),
      says: 'Choose another folder, or move that file away: an audit writes a file of that name.',
    },
    { says: 'Choose another place; nothing was left half-written.' },
  ],
  'overwrites-input': [{ says: 'Choose another name; the input was left as it is.' }],
  refused: [{ says: 'The operating system refused; nothing is wrong with the command or its input.' }],
  'wrong-journal': [{ says: 'Give another file to --resume, or remove this one.' }],
  'wrong-checkpoint': [{ says: 'Choose another folder with --out, or leave out --resume to begin anew.' }],

  'wrong-plan': [{ says: 'An input or the sweep was changed since: submit it once more, which keeps what is done.' }],
  submitted: [{ says: 'Wait for it, or end it with "dictum sweep cancel".' }],
  'no-slurm': [{ says: "Slurm's commands have to be on the PATH, and its controller has to answer: try sinfo." }],

  // Arguments.
  'bad-arguments': [{ when: found(/Did you mean/), says: help }, DID_YOU_MEAN, { says: help }],
  'bad-pattern': [{ says: 'Separate neurons by ";" and features by ",": "1,2;3". An empty entry is a dead neuron.' }],
  ambiguous: [{ says: 'Give the option that says which it is.' }],
  'ambiguous-feature': [{ says: 'Write the label in double quotes.' }],
  'no-pattern': [{ says: PATTERN }],
  dependent: [{ says: 'Choose fewer features, or neurons that tell them apart.' }],
  rounded: [{ says: 'Choose neurons whose factors are rational, or whose sets the rounding leaves alone.' }],
  'not-separate': [
    { says: "There the neurons take part in each other's sets; dictum realize decides a pattern of them all." },
  ],
  'wrong-activation': [{ says: '"dictum realize" and "dictum certify" take every activation.' }],

  // Checkpoints.
  'not-read': [{ says: 'It would be another function: dictum metrics --help names what is read.' }],
  'missing-tensor': [{ says: 'Nothing is put in its place: add it, or save the model anew with its library.' }],
  'unknown-tensor': [{ says: 'What it does to the outputs is not known: cfg.json may name the wrong architecture.' }],
  'wrong-tensor': [{ says: 'Save the model anew with its library; the file may be damaged.' }],
  unsettled: [{ says: 'A guess would be another model.' }],
  'no-checkpoint': [{ says: 'Name the file itself.' }],
  'has-biases': [{ says: '--augment makes them a coordinate that is 1 for every feature.' }],
  'unlike-thresholds': [{ says: 'Choose neurons of one sort: --neurons or --component.' }],
  'wrong-data': [{ says: '--config or --features must be about the layer that the model was made for.' }],

  // Training.
  'not-finite': [{ says: 'Lower "optimizer"."rate"; the last checkpoint was kept.' }],
  'no-adapter': [{ says: 'Leave out --backend: the default runs anywhere.' }],
  'device-lost': [{ says: 'Run the same command with --resume, or on another --backend.' }],

  // Malformed.
  'not-json': [
    { when: found(/^(NaN|"-?(NaN|Infinity|nan|inf))/), says: 'NaN and Infinity are no JSON, and no quantities.' },
    { when: found(/lone surrogate/), says: 'Half a pair of \\ud800 to \\udfff is no character: write the whole one.' },
    { when: found(/end of the text/), says: 'The file is empty or cut off.' },
    { says: 'The file may be cut off or edited by hand; NaN, Infinity, comments and trailing commas are no JSON.' },
  ],
  'duplicate-key': [{ says: 'Keep one of the two.' }],
  'too-large': [{ says: 'Split the input, or take fewer features or coordinates (dictum import --select, --dims).' }],
  'too-deep': [{ says: 'No file of Dictum is nested that deep: this is not one.' }],
  'wrong-type': [{ says: SCHEMAS }],
  'wrong-size': [
    { when: at(/\.(pattern|we|gate|bias)$/), says: 'One entry per neuron: "neurons" says how many there are.' },
    { when: at(/\.(wp|wr)$/), says: 'Every "wp" has one length, and every "wr" has one.' },
    { when: at(/^\$/), says: SCHEMAS },
    { says: 'Compare the shapes of the two.' },
  ],
  'missing-key': [
    { when: at(/\.pattern$/), says: PATTERN },
    { when: at(/\.(we|wd)$/), says: CONFIGURATION },
    { when: at(/\.(gate|bias)$/), says: GATE },
    { when: at(/^\$\.format$/), says: (p) => formatAdvice('', [word({ ...p, found: p.expected })]) },
    { when: at(/\.k$/), says: 'k is how many neurons a Top-k model lets through: add it, or say --k.' },
    { when: at(/^\$/), says: `Add it; ${SCHEMAS}` },
    { when: onCommandLine, says: help },
    { says: 'Compare the names in the file with those that were expected.' },
  ],
  'unknown-key': [DID_YOU_MEAN, { says: 'Remove it: nothing reads it.' }],
  'unknown-word': [
    { when: at(/(^|\.)format$/), says: (p) => formatAdvice(word(p), listed(p.expected)) },
    DID_YOU_MEAN,
    { when: onCommandLine, says: help },
    {
      when: at(/^\$\.claim$|\.rule$/),
      says: 'A certificate of a newer dictum may use claims and rules that this one does not have: dictum --version.',
    },
    { says: 'Only the words listed are known here.' },
  ],
  'out-of-range': [
    { when: at(/pattern|hierarchy|anchors|features/), says: 'Features and neurons are numbered from 1.' },
    { says: 'Change it to one that is in the range.' },
  ],
  'not-a-number': [
    {
      when: (p) => p.path?.startsWith('$') !== true,
      says: 'NaN and Infinity are no numbers to decide on: look at how the file was made.',
    },
    { says: 'Write quantities as "3", "-12/13", "0.25" or "1.5e-3"; NaN and Infinity are none.' },
  ],
  float: [{ says: 'Write the quantity as a string: "1/4" or "0.25".' }],
  'zero-direction': [{ says: 'Remove the feature: no direction, no claim about it.' }],
  'duplicate-label': [{ says: 'Rename one of the two.' }],
  'unknown-feature': [
    {
      says: 'Labels are compared letter by letter, upper and lower case apart; features are numbered from 1.',
    },
  ],
  'not-increasing': [{ says: 'Sort the numbers, each once.' }],
  cycle: [{ says: 'A hierarchy is a tree: leave out one of the lines that lead round.' }],
  'wrong-name': [{ says: 'Put the rows of both files into one order.' }],
  'repeated-row': [{ says: 'Name each figure, row or neuron once.' }],

  // What an instance lacks for a claim.
  'missing-data': [
    { when: at(/\.distribution$/), says: DISTRIBUTION },
    { when: at(/\.we$/), says: CONFIGURATION },
    { when: at(/\.pattern$/), says: PATTERN },
    { when: at(/\.anchors$/), says: ANCHORS },
    { when: at(/\.format$/), says: (p) => formatAdvice(word(p), [/dictum\/[a-z]+@1/.exec(p.expected)?.[0] ?? '']) },
    {
      when: at(/\.activation$/),
      says: 'The claim is about other activations: change "activation", or choose another claim.',
    },
    { when: (p) => /^gates/.test(p.expected), says: GATE },
    { when: at(/\.witness/), says: ANEW },
    { says: 'The claim is about instances with it: docs/claims.md.' },
  ],
  tie: [
    {
      says: 'Top-k lets one of equal pre-activations through and does not say which: change the weights or k by a little.',
    },
  ],
  'too-much-work': [
    { says: 'The checker refuses what would take it too long: a smaller instance, or a shorter proof.' },
  ],

  // Invalid.
  'wrong-id': [
    {
      says: 'The certificate was changed after it was written: write it again with "dictum certify" or "dictum audit".',
    },
  ],
};

export function adviceFor(problem: Problem): string | undefined {
  if (problem.next !== undefined) return problem.next;
  const rule = RULES[problem.code]?.find(({ when }) => when === undefined || when(problem));
  if (rule) return typeof rule.says === 'string' ? rule.says : rule.says(problem);
  return problem.kind === 'invalid' ? ANEW : undefined;
}
