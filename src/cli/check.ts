/**
 * `dictum check`: replays certificates. All the modules it loads are the kernel, the statements, Node's own and the few
 * files of this folder imported here, none of which has a dependency; test/cli/checkLoads.test.ts lists them.
 */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLAIMS } from '../../theorems/statements.ts';
import { Checked, check } from '../kernel/certificate.ts';
import { checkLanding, isLanding, type Landed } from '../kernel/landing/landing.ts';
import { sha256 } from './digest.ts';
import { EXIT } from './exitCodes.ts';
import { readText, unreadable } from './files.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';
import { exitCodeOf, Failure, fail, type Problem, problemOf, problemText } from './problem.ts';

const HELP = `Usage: dictum check PATH... [--assumptions] [--json]

Replays certificates: recomputes from claim, reading and instance what has to be shown, and checks the proof.
PATH is a file (- for standard input) or a folder, searched for *.json to any depth; links to folders are not followed.

Options:
  --assumptions  list under each certificate what its claim takes for granted; TRUST.md has what all do
  --json         print one JSON document, dictum/check@1, on stdout
  -h, --help     show this help

Exit codes: 0 all accepted; 1 some invalid: read, and no proof; 2 some malformed, unreadable, or nothing to check.

Examples:
  dictum check certificates
  dictum check certificates/T6 --assumptions
  dictum certify T8 features.json | dictum check -
`;

type Result = { readonly file: string } & (
  | { readonly checked: Checked }
  | { readonly landed: Landed }
  /** `replayed` is false where there was no text to give to the checker. */
  | { readonly problem: Problem; readonly replayed: boolean }
);

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  if (positionals.length === 0) fail('bad-arguments', { file: 'dictum check' }, 'a file or a folder', 'none');
  const results: Result[] = [];
  const seen = new Set<string>();
  for (const path of positionals) {
    for await (const result of replayAll(path, seen)) {
      results.push(result);
      if (!values.json) process.stdout.write(lineOf(result, values.assumptions));
    }
  }
  const replayed = results.filter((r) => !('problem' in r) || r.replayed).length;
  const rejected = results.filter((r) => 'problem' in r).length;
  if (values.json) {
    const document = { format: 'dictum/check@1', replayed, rejected, results: results.map(entryOf) };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else process.stdout.write(`${replayed} certificates replayed, ${rejected} rejected\n`);
  const codes = results.map((r): number => ('problem' in r ? exitCodeOf(r.problem) : EXIT.ok));
  return codes.reduce((most, code) => (code > most ? code : most), EXIT.ok);
}

interface Arguments {
  readonly values: { readonly json: boolean; readonly assumptions: boolean; readonly help: boolean };
  readonly positionals: readonly string[];
}

function readArguments(args: readonly string[]): Arguments {
  const flag = { type: 'boolean', default: false } as const;
  const options = { json: flag, assumptions: flag, help: { ...flag, short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (thrown) {
    const says = thrown instanceof Error ? thrown.message : String(thrown);
    return fail('bad-arguments', { file: 'dictum check' }, 'PATH... [--assumptions] [--json]', says);
  }
}

/** Every certificate at a path, replayed; a file named twice is replayed once. */
async function* replayAll(path: string, seen: Set<string>): AsyncGenerator<Result> {
  let files: readonly string[];
  try {
    files = await filesAt(path);
  } catch (thrown) {
    yield failed(path, thrown);
    return;
  }
  for (const file of files) {
    if (seen.has(resolve(file))) continue;
    seen.add(resolve(file));
    yield await replay(file);
  }
}

async function replay(file: string): Promise<Result> {
  let text: string;
  try {
    text = await readText(file);
  } catch (thrown) {
    return failed(file, thrown);
  }
  if (isLanding(text)) {
    const landed = checkLanding(text, sha256);
    return 'components' in landed ? { file, landed } : { file, problem: problemOf(landed, file), replayed: true };
  }
  const outcome = check(text, CLAIMS, sha256);
  return outcome instanceof Checked
    ? { file, checked: outcome }
    : { file, problem: problemOf(outcome, file), replayed: true };
}

function failed(file: string, thrown: unknown): Result {
  if (thrown instanceof Failure) return { file, problem: thrown.problem, replayed: false };
  throw thrown;
}

/** The file itself, or the *.json files below the folder in the order of their names. */
async function filesAt(path: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files = (await jsonBelow(path)).sort();
    return files.length > 0
      ? files
      : fail('no-files', { file: path }, 'certificates (*.json) below the folder', 'none');
  } catch (thrown) {
    return unreadable(thrown, path);
  }
}

/** Not readdir's own recursion: on some versions of Node that follows links, and a link may lead in a circle. */
async function jsonBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const file of await jsonBelow(path)) files.push(file);
    else if (entry.name.endsWith('.json')) files.push(path);
  }
  return files;
}

function lineOf(result: Result, assumptions: boolean): string {
  if ('problem' in result) return `${paint('red', problemText(result.problem))}\n`;
  if ('landed' in result) {
    const about = printable(`a run of ${result.landed.instance.name} ended at a ${result.landed.class}`);
    const assumed = assumptions ? '  assumes that the run named is the one that ended at these weights\n' : '';
    return `${printable(result.file)}: ${paint('green', 'accepted')}: ${about}\n${assumed}`;
  }
  const { claim, reading, dropped, verdict, facts, assumes } = result.checked.accepted;
  const without = dropped === undefined ? '' : ` without ${dropped}`;
  const fact = facts[0] === undefined ? '' : `: ${facts[0]}`;
  const about = printable(`${claim} ${reading}${without} ${verdict}${fact}`);
  const listed = assumptions
    ? assumes.length > 0
      ? assumes
      : ['nothing but the arithmetic and the theorems its rules rest on']
    : [];
  return [
    `${printable(result.file)}: ${paint('green', 'accepted')}: ${about}`,
    ...listed.map((a) => `  assumes ${printable(a)}`),
    '',
  ].join('\n');
}

function entryOf(result: Result): object {
  if ('problem' in result) {
    const { file, ...problem } = result.problem;
    return { file: result.file, accepted: false, ...problem };
  }
  if ('landed' in result) {
    const { id, instance, class: word, loss, gradient, distance } = result.landed;
    const quantities = { lower: `${loss.lower}`, upper: `${loss.upper}` };
    const about = { class: word, loss: quantities, gradient: `${gradient}`, distance: `${distance}` };
    return { file: result.file, accepted: true, landing: about, instance: { name: instance.name }, id };
  }
  const { instance, instanceId, ...accepted } = result.checked.accepted;
  return { file: result.file, accepted: true, ...accepted, instance: { name: instance.name, id: instanceId } };
}
