/**
 * `dictum check`: replays certificates. All the modules it loads are the kernel, the statements, Node's own and the few
 * files of this folder imported here, none of which has a dependency; test/commands/checkLoads.test.ts lists them.
 */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLAIMS } from '../../theorems/statements.ts';
import { Checked, check, decidedOf } from '../kernel/certificate.ts';
import { checkLanding, isLanding, type Landed } from '../landing/check/landing.ts';
import { certificateFiles, noneBelow } from '../terminal/certificateFiles.ts';
import { closest } from '../terminal/closest.ts';
import { sha256 } from '../terminal/digest.ts';
import { EXIT } from '../terminal/exitCodes.ts';
import { readText } from '../terminal/files.ts';
import { MANIFEST, readManifest } from '../terminal/manifest.ts';
import { paint } from '../terminal/paint.ts';
import { printable, printableVerdict } from '../terminal/printable.ts';
import { exitCodeOf, Failure, fail, type Problem, problemOf, problemText } from '../terminal/problem.ts';
import { flow, say } from '../terminal/streams.ts';
import { landingDocument, landingText } from '../words/landing.ts';
import { counted } from '../words/names.ts';
import { readingText, reasonText } from '../words/sentence.ts';

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
    say(HELP);
    return EXIT.ok;
  }
  if (positionals.length === 0) fail('bad-arguments', { file: 'dictum check' }, 'a file or a folder', 'none');
  const seen = new Set<string>();
  let [replayed, rejected, code]: [number, number, number] = [0, 0, EXIT.ok];
  if (values.json) say('{\n  "format": "dictum/check@1",\n  "results": [');
  for (const path of positionals) {
    for await (const result of replayAll(path, seen)) {
      // Nobody reads on: the exit code is still that of all of them.
      await flow(values.json ? entryText(result, replayed + rejected === 0) : lineOf(result, values.assumptions));
      if (!('problem' in result) || result.replayed) replayed++;
      if (!('problem' in result)) continue;
      rejected++;
      code = Math.max(code, exitCodeOf(result.problem));
    }
  }
  if (values.json) say(`\n  ],\n  "replayed": ${replayed},\n  "rejected": ${rejected}\n}\n`);
  else say(`${counted(replayed, 'certificate')} replayed, ${rejected} rejected\n`);
  return code;
}

/** One at a time: a folder may hold more of them than fit into memory. */
const entryText = (result: Result, first: boolean): string =>
  `${first ? '' : ','}\n    ${JSON.stringify(entryOf(result), null, 2).replaceAll('\n', '\n    ')}`;

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
    const unknown = /^Unknown option '(--?[^']*)'/.exec(says)?.[1];
    const near = unknown === undefined ? undefined : closest(unknown, ['--assumptions', '--json', '--help']);
    const next = near === undefined ? undefined : `Did you mean ${near}?`;
    return fail('bad-arguments', { file: 'dictum check' }, 'PATH... [--assumptions] [--json]', says, next);
  }
}

/** Every certificate at a path, replayed; a file named twice is replayed once. */
async function* replayAll(path: string, seen: Set<string>): AsyncGenerator<Result> {
  let any = false;
  for await (const at of certificateFiles(path)) {
    const { file } = at;
    if (seen.has(resolve(file))) {
      any = true;
      continue;
    }
    seen.add(resolve(file));
    const result = 'problem' in at ? { file, problem: at.problem, replayed: false } : await replay(file, at.found);
    if (!result) continue;
    any = true;
    yield result;
  }
  if (!any) yield { file: path, problem: noneBelow(path), replayed: false };
}

/** Undefined where there is nothing to replay: the manifest that an audit left in a folder. */
async function replay(file: string, found: boolean): Promise<Result | undefined> {
  let text: string;
  try {
    text = await readText(file, { found });
  } catch (thrown) {
    return failed(file, thrown);
  }
  if (found && basename(file) === MANIFEST && readManifest(text)) return undefined;
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

function lineOf(result: Result, assumptions: boolean): string {
  if ('problem' in result) return `${paint('red', problemText(result.problem))}\n`;
  if ('landed' in result) {
    const about = printableVerdict(landingText(result.landed));
    const assumed =
      assumptions && !result.landed.given
        ? '  assumes that the run named is the one that ended at these weights\n'
        : '';
    return `${printable(result.file)}: ${paint('green', 'accepted')}: ${about}\n${assumed}`;
  }
  const { accepted } = result.checked;
  const { verdict, assumes, instance: m } = accepted;
  const about = printableVerdict(`${readingText(accepted)} ${verdict}: ${reasonText(accepted, m)}`);
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
    const { id, instance } = result.landed;
    return {
      file: result.file,
      accepted: true,
      landing: landingDocument(result.landed),
      instance: { name: instance.name },
      id,
    };
  }
  const { accepted } = result.checked;
  const { instance, instanceId, assumes, id } = accepted;
  const about = { name: instance.name, id: instanceId };
  return { file: result.file, accepted: true, ...decidedOf(accepted), assumes, instance: about, id };
}
