/**
 * The bound on what a command that looks for something may spend: without one a file of a few lines could keep it busy for years. Work
 * is counted as the checker counts it (src/kernel/numbers/work.ts), so that the same input ends in the same place on every machine.
 */
import type { Command } from 'commander';
import { boundThread } from '../kernel/numbers/work.ts';
import { countFrom } from './arguments.ts';

/** Units of a command, or of each of its threads: about half a minute. */
export const MOST_SEARCH = 15_000_000_000;

/** The option that raises the bound. */
export const withWorkOption = (command: Command): Command =>
  command.option('--work <times>', 'spend as many times the usual work before giving up', '1');

/** Bounds this process, by the option where the command has it; returns the units. */
export function boundCommand({ work = '1' }: { readonly work?: string } = {}): number {
  const units = countFrom(work, '--work', 1_000_000) * MOST_SEARCH;
  boundThread(units);
  return units;
}

/** Seconds after which an enumeration stops where nothing else is asked for. */
const SECONDS = '20';

/** The option of commands that enumerate: how long they go on. */
export const withSecondsOption = (command: Command): Command =>
  command.option('--seconds <n>', `stop after so many seconds, with what was found (default: ${SECONDS})`);

/** When an enumeration that begins now is to stop, by Date.now(). */
export const endOf = (seconds: string | undefined): number =>
  Date.now() + 1000 * countFrom(seconds ?? SECONDS, '--seconds', 9_999_999);

/** Whether the time of an enumeration that begins now is over. */
export function timeIsUp(seconds: string | undefined): () => boolean {
  const end = endOf(seconds);
  return () => Date.now() > end;
}
