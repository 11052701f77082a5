/** `dictum landscape --given` of an instance with weights: what can be proved about them as they stand, component by component. */
import type { Configuration, Instance } from '../../../kernel/model/instance.ts';
import { patternShown } from '../../../kernel/model/model.ts';
import { untied } from '../../../solve/decide/untied.ts';
import { instanceDocument } from '../../../solve/proofs/document.ts';
import { writeInside } from '../../../terminal/folders.ts';
import { progress } from '../../../terminal/streams.ts';
import { poolOf, workerBeside } from '../../../threads/pool.ts';
import { counted } from '../../../words/names.ts';
import { type Answered, type Asking, answersFor } from './answers.ts';
import { type Part, type Parts, partsOf } from './parts.ts';
import type { GivenTask } from './worker.ts';

export interface GivenOptions {
  readonly jobs: number;
  /** Units for each attempt. */
  readonly work: number;
  /** Of each component. */
  readonly seconds: number;
  readonly within: number;
  readonly certificates?: string;
}

export interface Told extends Answered {
  readonly part: Part;
  /** Files of the certificates, in the order of the answers. */
  readonly files: readonly string[];
}

export interface Given extends Parts {
  /** The whole first, where it is more than one component. */
  readonly told: readonly Told[];
}

/** Products of coordinates of all components up to which no thread is started. */
const SMALL = 2_000;

const STOPPED = 'stopped';

export async function givenAnswers(
  m: Instance & { readonly configuration: Configuration },
  options: GivenOptions,
): Promise<Given> {
  const parts = partsOf(
    m,
    untied(() => patternShown(m, m.configuration)),
  );
  const list = [...(parts.whole ? [parts.whole] : []), ...parts.parts];
  const told: Told[] = [];
  const started = Date.now();
  const tasks = list.map((part): Task => {
    const asking = { work: options.work, within: options.within, pathsOnly: part === parts.whole };
    return { m: part.m, asking };
  });
  for await (const found of answersOf(tasks, options)) {
    const part = list[told.length] as Part;
    const why = `it took more than ${counted(options.seconds, 'second')}; --seconds N goes on for longer`;
    const answered = found === STOPPED ? { answers: [], open: [why] } : found;
    const files: string[] = [];
    for (const { kind, certificate } of options.certificates === undefined ? [] : answered.answers) {
      const name =
        part === parts.whole ? 'all' : `${told.length + (parts.whole ? 0 : 1)}`.padStart(`${list.length}`.length, '0');
      files.push(`component-${name}-${kind}.json`);
      await writeInside(options.certificates as string, files.at(-1) as string, certificate);
    }
    told.push({ ...answered, part, files });
    progress(`${told.length} of ${counted(list.length, 'component')}, ${Math.round((Date.now() - started) / 1000)} s`);
  }
  progress('');
  return { ...parts, told };
}

interface Task {
  readonly m: Instance;
  readonly asking: Asking;
}

/** In the order of the tasks; what takes longer than its time is left behind. */
async function* answersOf(
  tasks: readonly Task[],
  { jobs, seconds }: GivenOptions,
): AsyncGenerator<Answered | typeof STOPPED> {
  const products = tasks.reduce((all, { m }) => all + m.neurons * m.features.length * (m.np + m.nr), 0);
  if (products <= SMALL) {
    for (const { m, asking } of tasks) yield answersFor(m, asking);
    return;
  }
  const given = tasks.map(({ m, asking }): GivenTask => ({ instance: JSON.stringify(instanceDocument(m)), asking }));
  for (let k = 0; k < tasks.length; ) {
    const pool = poolOf<GivenTask, Answered>(workerBeside(import.meta.url, 'worker'), Math.min(jobs, tasks.length));
    try {
      const results = pool.inOrder(given.slice(k), jobs);
      for (; k < tasks.length; k++) {
        const next = await withinTime(results.next(), seconds);
        yield next === STOPPED || next.done ? STOPPED : next.value;
        // Its thread does not listen: it ends with the others, which begin anew.
        if (next === STOPPED) break;
      }
      if (k < tasks.length) k++;
    } finally {
      await pool.close();
    }
  }
}

async function withinTime<T>(result: Promise<T>, seconds: number): Promise<T | typeof STOPPED> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof STOPPED>((resolve) => {
    timer = setTimeout(() => resolve(STOPPED), Math.min(1000 * seconds, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([result, over]);
  } finally {
    clearTimeout(timer);
  }
}
