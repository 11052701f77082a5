/** The formats of Dictum's files: what each is, and which command takes it. */

interface Format {
  /** With its article. */
  readonly is: string;
  readonly taken: string;
  /** Where one comes from; undefined of what no command asks for. */
  readonly made?: string;
}

const printedBy = (command: string): Format => ({
  is: `what "dictum ${command}" printed`,
  taken: 'no command reads it',
});

const FORMATS: ReadonlyMap<string, Format> = new Map([
  [
    'dictum/instance',
    {
      is: 'an instance',
      taken: '"dictum realize", "patterns", "landscape" and "land" take it, and "dictum certify CLAIM FILE"',
      made: 'An instance has features, an activation and neurons: schemas/instance.schema.json; "dictum import" makes one of labelled vectors.',
    },
  ],
  [
    'dictum/certificate',
    {
      is: 'a certificate',
      taken: '"dictum check" replays it, and its "instance" is what "dictum certify" takes',
      made: '"dictum certify CLAIM INSTANCE" writes a certificate.',
    },
  ],
  ['dictum/landing', { is: 'a certificate of a landing', taken: '"dictum check" replays it' }],
  ['dictum/manifest', { is: 'a list of certificates', taken: '"dictum check" takes the folder that it is in' }],
  [
    'dictum/report',
    {
      is: 'a report of one row of a table',
      taken: 'of the claims only B1-mean, B1-unit and B1-count are about it: "dictum certify B1-mean FILE"',
      made: 'A report has the figures of one row of a table: schemas/report.schema.json. "dictum tables" audits whole tables.',
    },
  ],
  [
    'dictum/scale',
    {
      is: 'an instance at scale, by seeds',
      taken: 'of the claims only T4-scale is about it: "dictum certify T4-scale FILE"',
      made: 'An instance at scale is given by seeds: schemas/scale.schema.json.',
    },
  ],
  [
    'dictum/train',
    {
      is: 'a configuration of a training',
      taken: '"dictum train" takes it',
      made: 'A configuration has data, a method and neurons: schemas/train.schema.json.',
    },
  ],
  [
    'dictum/regress',
    {
      is: 'a suite of studies',
      taken: '"dictum regress" takes it',
      made: 'A suite is regress/suite.json, or one of your own: schemas/regress.schema.json.',
    },
  ],
  [
    'dictum/sweep',
    {
      is: 'a sweep',
      taken: '"dictum sweep" takes it',
      made: 'A sweep has a command, inputs and options: schemas/sweep.schema.json.',
    },
  ],
  ['dictum/job', { is: 'what a job of a sweep found', taken: '"dictum sweep" keeps it in its folder' }],
  ['dictum/failed-job', { is: 'why a job of a sweep failed', taken: '"dictum sweep" keeps it in its folder' }],
  ['dictum/submission', { is: 'what of a sweep Slurm was given', taken: '"dictum sweep" keeps it in its folder' }],
  ['dictum/patterns-journal', { is: 'a journal', taken: '"dictum patterns INSTANCE --resume FILE" takes it' }],
  ['dictum/matrix', { is: 'the load-bearing matrix', taken: '"dictum audit" keeps it beside the certificates' }],
  ...(
    [
      ['audit', 'audit'],
      ['check', 'check'],
      ['certify', 'certify'],
      ['search', 'search'],
      ['realization', 'realize'],
      ['realizations', 'realize'],
      ['realize', 'realize'],
      ['patterns', 'patterns'],
      ['neighbours', 'patterns'],
      ['landscape', 'landscape'],
      ['land', 'land'],
      ['landings', 'land'],
      ['import', 'import'],
      ['metrics', 'metrics'],
      ['pairwise', 'metrics'],
      ['tables', 'tables'],
      ['train-result', 'train'],
      ['bench-result', 'bench'],
      ['regressed', 'regress'],
      ['regress-report', 'regress'],
      ['swept', 'sweep'],
      ['error', 'COMMAND --json'],
    ] as const
  ).map(([name, command]) => [`dictum/${name}`, printedBy(command)] as const),
]);

/** `dictum/instance@2` taken apart. */
const parts = (format: string): readonly [string, string] => {
  const at = format.lastIndexOf('@');
  return at < 0 ? [format, ''] : [format.slice(0, at), format.slice(at + 1)];
};

/** What to say of a file of the format found where another was expected; both as they stand in "format". */
export function formatAdvice(found: string, expected: readonly string[]): string {
  const [name, version] = parts(found);
  const same = expected.find((one) => parts(one)[0] === name);
  if (same !== undefined && parts(same)[1] !== version) {
    return /^[0-9]+$/.test(version) && Number(version) > Number(parts(same)[1])
      ? 'A newer dictum may know this version of the format: dictum --version shows which one this is.'
      : `Write "format": "${same}".`;
  }
  const made = FORMATS.get(parts(expected[0] ?? '')[0])?.made;
  const known = FORMATS.get(name);
  if (known) return `This is ${known.is}: ${known.taken}.${made === undefined ? '' : ` ${made}`}`;
  return made ?? 'schemas/ has a JSON Schema of each format.';
}
