#!/usr/bin/env node
/**
 * The command `dictum`. It loads the file of the command named and nothing else: `dictum check` must run on the kernel, the
 * statements and Node alone. What users got wrong arrives here as a Failure; any other exception is a bug of ours.
 */
import { ended } from '../terminal/ended.ts';
import { EXIT } from '../terminal/exitCodes.ts';
import { forgetInputs } from '../terminal/inputs.ts';
import { Failure } from '../terminal/problem.ts';
import { exitAfter, note, say, watchStreams } from '../terminal/streams.ts';

/** What a command's file exports: it takes the arguments after the command's name and returns the exit code. */
interface Command {
  run(args: readonly string[]): Promise<number>;
}

const COMMANDS: ReadonlyMap<string, { readonly says: string; readonly load: () => Promise<Command> }> = new Map([
  ['audit', { says: 'decide every claim, write certificates/, replay them', load: () => import('./audit/audit.ts') }],
  ['check', { says: 'replay certificates with the small checker', load: () => import('./check.ts') }],
  ['certify', { says: 'decide one claim on your instance', load: () => import('./certify.ts') }],
  ['explain', { says: 'explain a certificate step by step', load: () => import('./explain/explain.ts') }],
  ['explore', { says: 'open the explorer in a browser', load: () => import('./explore/explore.ts') }],
  ['report', { says: 'write what is decided as one HTML page', load: () => import('./audit/report.ts') }],
  ['search', { says: 'look for a counterexample, with a hypothesis dropped', load: () => import('./audit/search.ts') }],
  ['realize', { says: 'decide whether a pattern is realizable', load: () => import('./realize/realize.ts') }],
  ['patterns', { says: 'enumerate and count the realizable sets', load: () => import('./patterns/patterns.ts') }],
  ['landscape', { says: 'which partition patterns trap, exactly', load: () => import('./landscape/landscape.ts') }],
  ['train', { says: 'train a model and measure what it recovers', load: () => import('./train/train.ts') }],
  ['land', { says: 'train many runs and certify where they end', load: () => import('./land/land.ts') }],
  ['regress', { says: 'compare where training ends with a committed suite', load: () => import('./land/regress.ts') }],
  ['bench', { says: 'train the methods on the bench of the paper', load: () => import('./bench/bench.ts') }],
  ['sweep', { says: 'run a command over many inputs, here or on Slurm', load: () => import('./sweep/sweep.ts') }],
  ['metrics', { says: 'measure a checkpoint in every convention', load: () => import('./metrics/metrics.ts') }],
  [
    'inspect',
    { says: 'what each latent of a trained model does, exactly', load: () => import('./inspect/inspect.ts') },
  ],
  ['tables', { says: 'audit tables of reported recovery', load: () => import('./tables/tables.ts') }],
  ['import', { says: 'make an instance from labelled vectors', load: () => import('./import/import.ts') }],
]);

const HELP = `dictum decides claims about sparse dictionary learning exactly, with certificates.

Usage: dictum COMMAND ... [--json]

Commands:
${[...COMMANDS].map(([name, { says }]) => `  ${name.padEnd(11)}${says}`).join('\n')}

  dictum COMMAND --help   arguments and examples of a command
  dictum --version        the version

--json prints one JSON document on stdout; everything else goes to stderr. NO_COLOR switches colours off.
Exit codes: 0 decided, accepted or written; 1 a certificate is invalid, or a result not as committed; 2 bad input; 3 undecided,
or jobs of a sweep not done; 130 interrupted; 70 a bug of Dictum.

Examples:
  dictum audit
  dictum check certificates
  dictum explain certificates/T8/paper--four-directions.json
  dictum certify T8 features.json --reading paper
  dictum realize features.json --pattern "1,2;3"
  dictum import words.json --select father,mother --dims 40 --unit --out family.json
`;

async function dispatch(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-V') {
    const { version } = await import('../terminal/package.ts');
    say(`${version()}\n`);
    return EXIT.ok;
  }
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest[0] === undefined)) {
    (first === undefined ? note : say)(HELP);
    return first === undefined ? EXIT.malformed : EXIT.ok;
  }
  const [name, rests] = first === 'help' ? [rest[0] ?? '', ['--help']] : [first, rest];
  const command = COMMANDS.get(name);
  if (!command) {
    throw new Failure({
      kind: 'malformed',
      code: 'bad-arguments',
      file: 'dictum',
      expected: `a command: ${[...COMMANDS.keys()].join(', ')}`,
      found: JSON.stringify(name),
    });
  }
  return (await command.load()).run(rests);
}

watchStreams();
forgetInputs();
process.on('uncaughtException', (thrown) => process.exit(ended(thrown, process.argv.includes('--json'))));

const args = process.argv.slice(2);
try {
  process.exitCode = exitAfter(await dispatch(args));
} catch (thrown) {
  process.exitCode = exitAfter(ended(thrown, args.includes('--json')));
}
