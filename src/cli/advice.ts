/** What to do next, for each code of docs/certificate-format.md and for those of the command line. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  // files and arguments
  ['unreadable', 'Check the path and its permissions.'],
  ['no-files', 'Name a certificate, or a folder with *.json files; "dictum audit" writes the folder certificates/.'],
  ['not-utf-8', 'Save the file as UTF-8 without a byte order mark.'],
  ['cannot-write', 'Choose another place with --out; nothing was left half-written.'],
  ['bad-arguments', 'The command with --help shows its arguments and examples.'],
  ['bad-pattern', 'Separate neurons by ";" and features by ",": "1,2;3". An empty entry is a dead neuron.'],
  ['ambiguous-feature', 'Write the label in double quotes.'],
  ['wrong-journal', 'Give another file to --resume, or remove this one.'],
  ['wrong-checkpoint', 'Choose another folder with --out, or leave out --resume to begin anew.'],
  ['not-finite', 'Lower "optimizer"."rate"; the last checkpoint was kept.'],
  ['not-separate', "There the neurons take part in each other's sets; dictum realize decides a pattern of them all."],
  ['no-pattern', 'Give one: --pattern "1,2;3".'],
  // checkpoints
  ['not-read', 'It would be another function: dictum metrics --help names what is read.'],
  ['missing-tensor', 'Nothing is put in its place: add it, or save the model anew with its library.'],
  ['unknown-tensor', 'What it does to the outputs is not known: cfg.json may name the wrong architecture.'],
  ['wrong-tensor', 'Save the model anew with its library; the file may be damaged.'],
  ['unsettled', 'A guess would be another model.'],
  ['no-checkpoint', 'Name the file itself.'],
  ['has-biases', '--augment makes them a coordinate that is 1 for every feature.'],
  ['unlike-thresholds', 'Choose neurons of one sort: --neurons or --component.'],
  ['wrong-data', '--config or --features must be about the layer that the model was made for.'],
  // malformed
  ['not-json', 'The file may be cut off or edited by hand; NaN, Infinity, comments and trailing commas are no JSON.'],
  ['duplicate-key', 'Keep one of the two.'],
  ['too-large', 'Split the input, or take fewer features or coordinates (dictum import --select, --dims).'],
  ['too-deep', 'No file of Dictum is nested that deep: this is not one.'],
  ['wrong-type', 'schemas/ has a JSON Schema of each format.'],
  ['wrong-size', 'Every "wp" has one length, every "wr" has one, and a pattern has one entry per neuron.'],
  ['missing-key', 'Add it; schemas/ has a JSON Schema of each format.'],
  ['unknown-key', 'Remove it, or look for a typing error in it.'],
  ['unknown-word', 'A format this version does not know may need a newer one: dictum --version.'],
  ['out-of-range', 'Features and neurons are numbered from 1.'],
  ['not-a-number', 'Write quantities as "3", "-12/13", "0.25" or "1.5e-3"; NaN and Infinity are none.'],
  ['float', 'Write the quantity as a string: "1/4" or "0.25".'],
  ['zero-direction', 'Remove the feature: no direction, no claim about it.'],
  ['duplicate-label', 'Rename one of the two.'],
  [
    'unknown-feature',
    'Labels are compared letter by letter, upper and lower case apart; features are numbered from 1.',
  ],
  ['not-increasing', 'Sort the feature numbers, each once.'],
  // invalid
  [
    'wrong-id',
    'The certificate was changed after it was written: write it again with "dictum certify" or "dictum audit".',
  ],
]);

export const adviceFor = (code: string): string | undefined => ADVICE.get(code);
