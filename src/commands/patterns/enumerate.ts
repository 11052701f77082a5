/** Answers a request of the library's on several threads: with progress, a journal, and the sets printed as they are found. */
import type { Instance } from '../../kernel/model/instance.ts';
import { type PatternCounts, type PatternsRequest, Tally, taskFor } from '../../library/patterns.ts';
import { countChambers } from '../../solve/patterns/countProof.ts';
import type { Part, Task } from '../../solve/patterns/part.ts';
import { countPartitions } from '../../solve/patterns/partitions.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { sha256 } from '../../terminal/digest.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { timeIsUp } from '../../terminal/limits.ts';
import { version } from '../../terminal/package.ts';
import { Undecided } from '../../terminal/problem.ts';
import { list, note, say } from '../../terminal/streams.ts';
import { counted } from '../../words/names.ts';
import { Journal } from './journal.ts';
import { Progress } from './progress.ts';
import { runTask } from './run.ts';

/** With more chambers than this it is said beforehand how many there are. */
const MANY = 200_000n;

export interface How {
  /** To print the sets: what stands for each feature, and whether they go into a JSON document. */
  readonly list?: { readonly names: readonly string[]; readonly json: boolean };
  /** Count partitions into the sets, too. */
  readonly partitions: boolean;
  /** The file of a journal. */
  readonly resume?: string;
  readonly jobs: number;
  readonly seconds?: string;
}

/** The counts, by numbers of neurons where partitions are asked for. */
export type Enumerated = PatternCounts & { readonly partitions?: readonly bigint[] };

export async function enumerate(m: Instance, request: PatternsRequest, how: How): Promise<Enumerated> {
  const { partitions, resume, jobs, seconds } = how;
  const [before, after] = how.list?.json ? ['[', ']'] : ['', ''];
  const task = taskFor(m, request, {
    ...(partitions && { sets: true }),
    ...(how.list && { list: { names: how.list.names, before, after } }),
  });
  const whole = request.maxSize === undefined && request.containing === undefined;
  const expected = whole ? countChambers(task.arrangement) : undefined;
  if (expected !== undefined && expected > MANY)
    note(`${expected} chambers; they are now found one by one, which --count leaves out\n`);
  const journal = resume === undefined ? undefined : new Journal(resume, identity(m, task));
  const tally = new Tally(m);
  const masks: number[] = [];
  const isOver = timeIsUp(seconds ?? (resume === undefined ? undefined : '9999999'));
  const progress = new Progress(expected, () => tally.counts);
  const out = how.list && new Lines(how.list.json);
  const interrupted = (): void => {
    progress.end();
    const kept = journal ? `The same command goes on from ${resume}.` : '--resume FILE keeps what was found.';
    note(`interrupted with ${counted(tally.counts.found, 'set')} found. ${kept}\n`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', interrupted);
  const take = async (part: Part): Promise<void> => {
    tally.add(part);
    for (const set of part.sets ?? []) masks.push(maskOf(set));
    progress.show();
    if (isOver() && part.rest.length > 0) {
      const more = journal ? `--resume ${resume} goes on from here` : '--seconds N goes on for longer';
      throw new Undecided(`stopped with ${counted(tally.counts.found, 'set')} found so far; ${more}`);
    }
    await out?.write(part.lines);
  };
  try {
    await runTask(task, { jobs, take, ...(journal && { journal }) });
  } finally {
    process.off('SIGINT', interrupted);
    progress.end();
    journal?.close();
  }
  const { counts } = tally;
  if (expected !== undefined && BigInt(counts.chambers) !== expected) {
    throw new Error(`${counts.chambers} chambers were found, and there are ${expected}`);
  }
  return { ...counts, ...(partitions && { partitions: countPartitions(counts.features, masks) }) };
}

/** What a journal belongs to. */
const identity = (m: Instance, { arrangement, list: names, sets, ...wish }: Task): string =>
  sha256(
    JSON.stringify([
      version(),
      instanceDocument(m),
      arrangement.features.map((d) => d ?? -1),
      arrangement.forced,
      `${wish.maxSize}`,
      wish.signs,
      names ?? null,
      ...(sets ? ['sets'] : []),
    ]),
  );

/** Features counted from 1 as bits. */
const maskOf = (set: readonly number[]): number => set.reduce((mask, d) => mask | (1 << (d - 1)), 0);

/** The list on standard output; waits where the reader is slower. */
class Lines {
  readonly #json: boolean;
  #first = true;

  constructor(json: boolean) {
    this.#json = json;
    if (json) say('{"sets":[');
  }

  async write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const text = this.#json ? `${this.#first ? '' : ','}${lines.join(',')}` : `${lines.join('\n')}\n`;
    this.#first = false;
    await list(text);
  }
}
