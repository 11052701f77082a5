/** `dictum sweep`: one command over many instances, options and seeds, on this machine or as an array job of the user's Slurm. */
import { join } from 'node:path';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { note, progress, say } from '../../terminal/streams.ts';
import { counted } from '../../words/names.ts';
import { jobsFrom } from '../jobsOption.ts';
import { type Job, jobsOf, planOf } from './jobs.ts';
import { linesOf, type Row, rowsOf, timesOf } from './rows.ts';
import { runJobs } from './run.ts';
import { cancel, partsOf, submissionOf, submit, type TaskState, tasksOf } from './slurm.ts';
import { readSpec, type Spec } from './spec.ts';
import { openStore, type Store } from './store.ts';
import { countOf, countText, failuresText, tasksText } from './text.ts';

const NOTES = notes(
  'SPEC: dictum/sweep@1, schemas/sweep.schema.json. Options are values, lists of values, or ranges; the jobs are all combinations.',
  '  {"format": "dictum/sweep@1", "command": "land", "inputs": ["instances"],',
  '   "options": {"runs": 100, "optimizer": ["gd", "adam"], "seed": {"from": 1, "to": 10}}, "sample": {"jobs": 50, "seed": 1}}',
  '"inputs" are files, or folders of *.json, relative to the spec; of search, claims; bench has none. Of train, options are keys of the',
  'configuration. "seconds" ends a job after so long. Commands: land, landscape, realize, search, train, bench.',
  '',
  'A job is named by the SHA-256 of what it is. Its result is kept in the folder, and what is done is never done again: Ctrl-C keeps',
  'what finished, and the same command goes on. A job that fails is named, and stops no other; the next run tries it again.',
  'results.jsonl has a row a job, in order, without times; times.csv how long each took.',
  '',
  '--slurm submits one array job; "dictum sweep status SPEC" tells of the queue and the folder, "collect" writes the rows,',
  '"cancel" ends the array; --slurm once more submits what is left.',
  '',
  'Exit codes: 0 every job done, or submitted; 2 bad input, or no room to write; 3 some job failed, or not done yet; 130 interrupted.',
  '',
  'Examples:',
  '  dictum sweep sweep.json --results landings.parquet',
  '  dictum sweep sweep.json --slurm --sbatch --partition=long --sbatch --time=2:00:00',
  '  dictum sweep status sweep.json',
);

interface Options {
  readonly out?: string;
  readonly results?: string;
  readonly jobs?: string;
  readonly slurm?: boolean;
  readonly pack?: string;
  readonly sbatch?: readonly string[];
  readonly json?: boolean;
}

/** A sweep with its folder. */
interface Sweep {
  readonly file: string;
  readonly spec: Spec;
  readonly jobs: readonly Job[];
  readonly store: Store;
  readonly options: Options;
}

/** As many as an array of Slurm may have unless its administrator says more (MaxArraySize). */
const MOST_TASKS = 1000;
/** A task begins, reads the spec and starts a process: many short jobs share that. */
const PACK = 50;

const WORDS: ReadonlyMap<string, (args: readonly string[]) => Promise<number>> = new Map([
  ['status', (args) => about('status', args, status)],
  ['collect', (args) => about('collect', args, collect)],
  ['cancel', (args) => about('cancel', args, end)],
  ['task', runPart],
]);

export async function run(args: readonly string[]): Promise<number> {
  const word = WORDS.get(args[0] ?? '');
  if (word) return word(args.slice(1));
  const command = withFolder(
    commandNamed('sweep', 'Runs a command over many inputs and options; goes on where it stopped.'),
  )
    .argument('<spec>', 'a sweep, dictum/sweep@1; or status, collect or cancel, and then the sweep')
    .option('--results <file>', 'rows as JSON lines, or as Parquet by its name (default: results.jsonl in the folder)')
    .option('--jobs <count>', 'jobs at a time (default: as many as there are cores)')
    .option('--slurm', 'submit one array job to Slurm; nodes have to see the folder')
    .option('--pack <count>', `jobs in a task of the array (default: ${PACK}, or as many as make ${MOST_TASKS} tasks)`)
    .option('--sbatch <option>', 'a further option of sbatch, as --sbatch --time=1:00:00', oneMore)
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const workers = jobsFrom(options.jobs, Infinity);
  const pack = options.pack === undefined ? undefined : countFrom(options.pack, '--pack', 1_000_000);
  if (options.slurm !== true && (pack !== undefined || options.sbatch))
    fail('bad-arguments', { file: '--pack' }, '--slurm beside --pack and --sbatch', 'none');
  const sweep = await openSweep(command.args[0] ?? '', options);
  return options.slurm === true ? submitted(sweep, pack) : runHere(sweep, workers);
}

/** Not a list in one option, which would take the spec that follows for one more. */
const oneMore = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const withFolder = (command: ReturnType<typeof commandNamed>): ReturnType<typeof commandNamed> =>
  command.option('-o, --out <folder>', 'the folder of the sweep (default: out/sweep-NAME)');

async function openSweep(file: string, options: Options): Promise<Sweep> {
  const spec = await readSpec(file);
  const jobs = await jobsOf(spec);
  const folder = options.out ?? join('out', `sweep-${spec.name}`);
  return { file, spec, jobs, store: await openStore(folder), options };
}

async function runHere(sweep: Sweep, workers: number): Promise<number> {
  const { spec, jobs, store } = sweep;
  await outputs(resultsFile(sweep));
  await refuseSubmitted(sweep);
  for (const { id } of jobs) await store.forget(id);
  const ran = await runJobs(spec, jobs, store, workers, tell);
  const rows = await rowsOf(jobs, store);
  if (ran.interrupted) {
    note(
      `${failuresText(rows)}interrupted: ${countText(countOf(jobs, rows))}; the same command goes on from ${store.folder}.\n`,
    );
    return EXIT.interrupted;
  }
  await store.tidy();
  const spent = { before: ran.before, workers, seconds: ran.seconds, jobSeconds: ran.jobSeconds };
  return printed(sweep, rows, spent);
}

/** Writes the rows there are and says what they are; what ran just now is `spent`. */
async function printed(sweep: Sweep, rows: readonly Row[], spent?: Spent): Promise<number> {
  const { jobs, store, options } = sweep;
  const results = resultsFile(sweep);
  await writeAtomically(results, await rowsFile(results, rows));
  await writeAtomically(join(store.folder, 'times.csv'), timesOf(rows));
  const count = countOf(jobs, rows);
  const failures = rows.flatMap((row) =>
    'failed' in row ? [{ job: row.job.id, input: row.job.input, reason: row.failed.reason }] : [],
  );
  const document = { format: 'dictum/swept@1', ...count, ...spent, results, failures };
  const text = `${failuresText(rows)}${countText(count)}${spent ? spentText(spent, count) : ''}\n${results}\n`;
  say(options.json === true ? `${JSON.stringify(document)}\n` : text);
  return count.done === count.jobs ? EXIT.ok : EXIT.undecided;
}

interface Spent {
  /** Jobs that were done before. */
  readonly before: number;
  readonly workers: number;
  readonly seconds: number;
  /** Of the jobs themselves, together. */
  readonly jobSeconds: number;
}

function spentText(
  { before, seconds, jobSeconds, workers }: Spent,
  { done, failed }: { done: number; failed: number },
): string {
  const fresh = done + failed - before;
  if (fresh === 0) return '; nothing was left to do';
  const kept = before > 0 ? `, ${before} of them before` : '';
  return `${kept}; ${seconds.toFixed(1)} s with ${counted(workers, 'job')} at a time, ${(jobSeconds / fresh).toFixed(3)} s a job`;
}

const resultsFile = ({ options, store }: Sweep): string => options.results ?? join(store.folder, 'results.jsonl');

async function rowsFile(file: string, rows: readonly Row[]): Promise<string | Uint8Array> {
  if (!file.endsWith('.parquet')) return linesOf(rows);
  const { parquetOf } = await import('./parquet.ts');
  return parquetOf(rows);
}

/** One line overwritten on a terminal; else a JSON line at most every two seconds. */
let told = 0;
function tell(done: number, of: number, failed: number, secondsLeft: number): void {
  progress(`${done} of ${counted(of, 'job')}, ${failed} failed, ${secondsLeft} s left`);
  if (process.stderr.isTTY || Date.now() - told < 2000) return;
  told = Date.now();
  note(`${JSON.stringify({ progress: 'sweep', done, of, failed, secondsLeft })}\n`);
}

async function submitted(sweep: Sweep, pack: number | undefined): Promise<number> {
  const { file, spec, jobs, store, options } = sweep;
  await refuseSubmitted(sweep);
  const left: Job[] = [];
  for (const job of jobs) if (!(await store.done(job.id))) left.push(job);
  const before = countText({ jobs: jobs.length, done: jobs.length - left.length, failed: 0 });
  if (left.length === 0) return printed(sweep, await rowsOf(jobs, store));
  for (const { id } of left) await store.forget(id);
  const size = pack ?? Math.max(PACK, Math.ceil(jobs.length / MOST_TASKS));
  const open = new Set(left);
  const parts = partsOf(jobs, Math.ceil(jobs.length / size)).map((part) => part.filter((job) => open.has(job)));
  const ask = { name: spec.name, spec: file, folder: store.folder, plan: planOf(jobs), parts };
  const submission = await submit({ ...ask, options: options.sbatch ?? [] });
  const tasks = parts.filter((part) => part.length > 0).length;
  const text = `${before}\nSlurm job ${submission.job}: ${counted(tasks, 'task')}; dictum sweep status ${file}\n`;
  const document = {
    format: 'dictum/swept@1',
    jobs: jobs.length,
    done: jobs.length - left.length,
    slurm: submission.job,
    tasks,
  };
  say(options.json === true ? `${JSON.stringify(document)}\n` : text);
  return EXIT.ok;
}

/** Two that write into one folder would do the same work twice. */
async function refuseSubmitted({ store, file }: Sweep): Promise<void> {
  const submission = await submissionOf(store.folder);
  if (!submission) return;
  // Without Slurm here nothing of it runs here; whether it does elsewhere is not known, and harms nothing.
  const tasks = await tasksOf(submission).catch((): TaskState[] => []);
  if (tasks.length === 0) return;
  const next = `"dictum sweep status ${file}" tells how far it is, "dictum sweep cancel ${file}" ends it.`;
  fail('submitted', { file: store.folder, next }, 'a sweep that is not in the queue', `Slurm job ${submission.job}`);
}

/** A word about a sweep that was submitted. */
async function about(word: string, args: readonly string[], act: (sweep: Sweep) => Promise<number>): Promise<number> {
  const command = withFolder(commandNamed(`sweep ${word}`, ABOUT[word] ?? ''))
    .argument('<spec>', 'the sweep, dictum/sweep@1')
    .option('--results <file>', 'where collect writes the rows (default: results.jsonl in the folder)')
    .addHelpText('after', notes('Examples:', `  dictum sweep ${word} sweep.json`));
  if (!parseArguments(command, args)) return EXIT.ok;
  return act(await openSweep(command.args[0] ?? '', command.opts<Options>()));
}

const ABOUT: Readonly<Record<string, string>> = {
  status: 'Tells how many jobs are done, what failed, and what Slurm says of the tasks. Exit codes: 0 all done; 3 not.',
  collect: 'Writes the rows of the jobs that are done or failed. Exit codes: 0 all done; 3 not.',
  cancel: 'Ends the array job; what is done stays.',
};

async function status({ jobs, store, options }: Sweep): Promise<number> {
  const rows = await rowsOf(jobs, store);
  const count = countOf(jobs, rows);
  const submission = await submissionOf(store.folder);
  const tasks = submission && (await tasksOf(submission));
  const queue = submission && tasks ? tasksText(submission, tasks) : '';
  const document = { format: 'dictum/swept@1', ...count, ...(submission && { slurm: submission.job, tasks }) };
  say(options.json === true ? `${JSON.stringify(document)}\n` : `${failuresText(rows)}${countText(count)}\n${queue}`);
  return count.done === count.jobs ? EXIT.ok : EXIT.undecided;
}

async function collect(sweep: Sweep): Promise<number> {
  await outputs(resultsFile(sweep));
  return printed(sweep, await rowsOf(sweep.jobs, sweep.store));
}

async function end({ store, options }: Sweep): Promise<number> {
  const submission = await submissionOf(store.folder);
  if (!submission)
    return fail('no-files', { file: store.folder, next: NOT_SUBMITTED }, 'a sweep that was submitted', 'none');
  await cancel(submission);
  const document = { format: 'dictum/swept@1', slurm: submission.job, cancelled: true };
  say(
    options.json === true
      ? `${JSON.stringify(document)}\n`
      : `Slurm job ${submission.job} cancelled; what is done stays.\n`,
  );
  return EXIT.ok;
}

const NOT_SUBMITTED = '"dictum sweep SPEC --slurm" submits one; --out names its folder.';

interface PartOptions extends Options {
  readonly part: string;
  readonly of: string;
  readonly plan: string;
}

/** What a task of the array runs. What failed in it before is left: a task whose node is lost begins again. */
async function runPart(args: readonly string[]): Promise<number> {
  const command = withFolder(
    commandNamed('sweep task', 'What a task of the array job runs: every N-th job of a sweep.'),
  )
    .argument('<spec>', 'the sweep, dictum/sweep@1')
    .requiredOption('--part <k>', 'which, from 0')
    .requiredOption('--of <n>', 'of how many')
    .requiredOption('--plan <sha256>', 'of the jobs as they were submitted')
    .option('--jobs <count>', 'jobs at a time', '1')
    .addHelpText('after', notes('Examples:', '  "dictum sweep SPEC --slurm" writes slurm/script.sh, which has one.'));
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<PartOptions>();
  const { jobs, spec, store, file } = await openSweep(command.args[0] ?? '', options);
  if (planOf(jobs) !== options.plan) fail('wrong-plan', { file }, 'the jobs that were submitted', 'others');
  const of = countFrom(options.of, '--of', 1_000_000);
  const part = options.part === '0' ? 0 : countFrom(options.part, '--part', of - 1);
  const mine: Job[] = [];
  for (const job of partsOf(jobs, of)[part] ?? []) if (!(await store.failed(job.id))) mine.push(job);
  const ran = await runJobs(spec, mine, store, jobsFrom(options.jobs), () => undefined);
  note(`part ${part} of ${of}: ${mine.length} jobs, ${ran.before} done before, ${ran.seconds.toFixed(1)} s\n`);
  return ran.interrupted ? EXIT.interrupted : EXIT.ok;
}
