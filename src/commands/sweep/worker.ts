/**
 * A process that runs jobs of a sweep, one after the other, for the one that started it. What a job prints is its answer. A process
 * and no thread: a job that runs out of memory, or ends its process, ends no other.
 */
import { Readable } from 'node:stream';
import { boundThread } from '../../kernel/numbers/work.ts';
import { ended } from '../../terminal/ended.ts';
import { forgetInputs } from '../../terminal/inputs.ts';
import { keepOutput } from '../../terminal/streams.ts';
import type { SweptCommand } from './swept.ts';

export interface Task {
  readonly command: SweptCommand;
  readonly args: readonly string[];
  /** Where it is run. */
  readonly folder: string;
  /** On standard input. */
  readonly text: string;
}

export interface Answer {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

type Run = (args: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<SweptCommand, () => Promise<{ readonly run: Run }>>> = {
  land: () => import('../land/land.ts'),
  landscape: () => import('../landscape/landscape.ts'),
  realize: () => import('../realize/realize.ts'),
  search: () => import('../audit/search.ts'),
  train: () => import('../train/train.ts'),
  bench: () => import('../bench/bench.ts'),
};

let begun = { at: 0, cpu: process.cpuUsage() };
const printed = keepOutput();

function answer(exit: number, then: () => void = () => undefined): void {
  const { user, system } = process.cpuUsage(begun.cpu);
  const done: Answer = {
    exit,
    ...printed(),
    seconds: (performance.now() - begun.at) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
  process.send?.(done, then);
}

async function perform({ command, args, folder, text }: Task): Promise<number> {
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(text)]), configurable: true });
  // What an earlier job read or allowed itself is not this one's.
  forgetInputs();
  boundThread();
  try {
    process.chdir(folder);
    return await (await COMMANDS[command]()).run([...args, '--json']);
  } catch (thrown) {
    return ended(thrown, true);
  }
}

// On a terminal Ctrl-C reaches this process too, but when a job ends the starter says.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', (thrown) => {
  const exit = ended(thrown, true);
  answer(exit, () => process.exit(exit));
});
process.on('disconnect', () => process.exit());
process.on('message', async (task: Task) => {
  printed();
  // Loading it is no part of what the first job costs.
  await COMMANDS[task.command]();
  begun = { at: performance.now(), cpu: process.cpuUsage() };
  answer(await perform(task));
});
