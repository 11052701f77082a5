/** What the commands that use commander have in common: `--json`, help with examples, and usage errors as Failures. */
import { Command, CommanderError } from 'commander';
import { fail } from './problem.ts';

/** A command with `--json` and `--help`; the caller adds its arguments, options and `examples`. */
export function commandNamed(name: string, description: string): Command {
  return new Command(`dictum ${name}`)
    .description(description)
    .option('--json', 'print one JSON document on stdout')
    .helpOption('-h, --help', 'show this help')
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ helpWidth: 110 })
    .exitOverride();
}

/** False if the arguments asked for help, which was printed then. */
export function parseArguments(command: Command, args: readonly string[]): boolean {
  try {
    command.parse([...args], { from: 'user' });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return false;
    return fail(
      'bad-arguments',
      { file: command.name() },
      command.usage(),
      thrown.message.replace(/^error: /, '').replaceAll('\n', ' '),
    );
  }
}

/** `Examples:` and the notes that stand below the options. */
export const notes = (...lines: readonly string[]): string => `\n${lines.join('\n')}\n`;

/** A positive integer given as an option. */
export function countFrom(text: string, option: string, most: number): number {
  const value = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most
    ? value
    : fail('bad-arguments', { file: option }, `an integer from 1 to ${most}`, JSON.stringify(text));
}
