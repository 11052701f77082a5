/** `--jobs` of the commands that use worker threads: how many. */
import { countFrom } from '../terminal/arguments.ts';
import { threadsUpTo } from '../threads/pool.ts';

/** Without the option as many as there are cores, at most `most`. */
export const jobsFrom = (text: string | undefined, most = 8): number =>
  text === undefined ? threadsUpTo(most) : countFrom(text, '--jobs', 64);
