/**
 * Runs an enumeration part by part, on several threads where there is enough to do, and hands the parts on in the order of
 * the walk. Parts are dispatched in that order too, and no further ahead than AHEAD, so memory does not grow with the result.
 */
import type { Prefix } from '../../solve/patterns/lpRegion.ts';
import { firstNode, type Part, runPart, type Task } from '../../solve/patterns/part.ts';
import { poolOf, workerBeside } from '../../threads/pool.ts';
import type { Journal } from './journal.ts';

/** Parts that may be finished or under way ahead of the one to be handed on next. */
const AHEAD = 64;

export interface Running {
  readonly jobs: number;
  readonly journal?: Journal;
  /** Takes each part; what it returns is waited for. */
  readonly take: (part: Part) => Promise<void>;
}

/** A node of the walk that is not handed on yet, with its part once that is there. */
interface Open {
  readonly from: Prefix;
  part?: Promise<Part>;
}

export async function runTask(task: Task, { jobs, journal, take }: Running): Promise<void> {
  /** The next one last. */
  const queue: Open[] = [{ from: firstNode(task) }];
  const pool = poolOf<Prefix, Part>(workerBeside(import.meta.url, 'worker'), jobs, task);
  let parallel = false;
  let first = true;
  let held = 0;
  const start = (from: Prefix): Promise<Part> => {
    held++;
    const before = journal?.read(from);
    if (before) return Promise.resolve(before);
    // Small enumerations end before a thread would have started.
    const here = first || jobs === 1;
    first = false;
    parallel ||= !here;
    const part = here ? Promise.resolve(runPart(task, from)) : pool.run(from);
    return part.then((done) => {
      journal?.write(done);
      return done;
    });
  };
  try {
    for (let next = queue.at(-1); next; next = queue.at(-1)) {
      next.part ??= start(next.from);
      for (let k = queue.length - 2; parallel && k >= 0 && held < AHEAD; k--) {
        const open = queue[k] as Open;
        open.part ??= start(open.from);
        // A rejection is met when its turn comes.
        open.part.catch(() => undefined);
      }
      const part = await next.part;
      held--;
      queue.pop();
      for (const from of [...part.rest].reverse()) queue.push({ from });
      await take(part);
      // Lets an interruption through where all parts come from the journal or this thread.
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    await pool.close();
  }
}
