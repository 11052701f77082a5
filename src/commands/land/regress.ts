/** `dictum regress`: trains a committed suite again and compares where the runs end with what is expected. */
import { dirname, join } from 'node:path';
import { parseJson } from '../../kernel/document/json.ts';
import { beyond } from '../../kernel/proof/outside.ts';
import type { Landing } from '../../landing/match/landOn.ts';
import {
  around,
  type Comparison,
  compare,
  countOf,
  countsOf,
  expectationsOf,
  OUTCOMES,
  type Suite,
  type SuiteEntry,
  trapsOf,
} from '../../landing/match/regress.ts';
import { study } from '../../landing/match/study.ts';
import { openRuns } from '../../landing/match/studyResult.ts';
import { DEFAULTS } from '../../landing/runs/settings.ts';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { compareValue, plain, readModelFile, refusing } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, readText, writeAtomically } from '../../terminal/files.ts';
import { packageRoot } from '../../terminal/package.ts';
import { paint } from '../../terminal/paint.ts';
import { Failure, fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { contradictions } from './theory.ts';

const NOTES = notes(
  'A difference is a rate that leaves its interval, a class or an undecided run that is not expected, an end near a strict saddle,',
  'which no theory expects, or near a local minimum that shows a polysemantic partition where a certificate says that no strict one does',
  '(T6-spanning). The class is that of a configuration certified near the end weights. --update writes what was found into the suite;',
  'saddles stay unexpected.',
  '',
  'Exit codes: 0 as expected; 1 different; 2 bad input.',
  '',
  'Examples:',
  '  dictum regress',
  '  dictum regress --junit out/regress.xml --report out/regress.json',
  '  dictum regress regress/suite.json --update',
);

interface Options {
  readonly update?: boolean;
  readonly junit?: string;
  readonly report?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('regress', 'Compares where training ends with a committed suite.')
    .argument('[suite]', 'a suite, dictum/regress@1 (default: regress/suite.json of the package)')
    .option('--update', 'write the rates found as the expected ones')
    .option('--junit <file>', 'write a JUnit report there')
    .option('--report <file>', 'write the rates and every run without a certificate there: its weights, exact, and why')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const file = command.args[0] ?? join(packageRoot(), 'regress', 'suite.json');
  const suite = readSuite(await readText(file), file);
  await outputs(options.junit, options.report);
  const comparisons: Landed[] = [];
  for (const entry of suite.entries) {
    const comparison = await compareEntry(entry, dirname(file));
    comparisons.push(comparison);
    note(lineOf(comparison));
  }
  if (options.junit !== undefined) await writeAtomically(options.junit, junit(comparisons));
  if (options.report !== undefined) await writeAtomically(options.report, `${JSON.stringify(reportOf(comparisons))}\n`);
  if (options.update === true) {
    const entries = comparisons.map(({ entry, counts, traps }) => ({
      ...entry,
      expected: expectationsOf(counts, entry.runs),
      ...(entry.traps && { traps: around(traps, entry.runs) }),
    }));
    await writeAtomically(file, `${JSON.stringify({ ...suite, entries }, null, 2)}\n`, true);
  }
  const different = comparisons.filter(({ differences }) => differences.length > 0).length;
  const document = {
    format: 'dictum/regressed@1',
    entries: comparisons.map(({ entry, counts, traps, differences }) => ({
      instance: entry.instance,
      counts,
      traps,
      differences,
    })),
    different,
  };
  const summary = `${comparisons.length - different} as expected, ${different} different\n`;
  say(options.json === true ? `${JSON.stringify(document)}\n` : summary);
  const saddles = comparisons.some(({ counts }) => counts.saddle > 0);
  return (different > 0 && options.update !== true) || saddles ? EXIT.invalid : EXIT.ok;
}

interface Landed extends Comparison {
  readonly landing: Landing;
}

/** Trains one entry. */
export async function compareEntry(entry: SuiteEntry, folder: string): Promise<Landed> {
  const file = join(folder, entry.instance);
  const { instance } = await readModelFile(file);
  const { optimizer, rate, seed, anchors = 0, resample = 0 } = entry;
  const also = beyond(instance);
  if (anchors > 0 && also.length > 0)
    fail(
      'bad-arguments',
      { file },
      'a model without biases and thresholds, and single features, for anchors',
      also.join(', '),
    );
  const result = await study(
    instance,
    { ...DEFAULTS, optimizer, rate, seed, resample, anchors: Array.from({ length: anchors }, (_, d) => d) },
    entry.runs,
    sha256,
  );
  if (!result) return fail('out-of-range', { file }, 'an instance with a training step', instance.activation.kind);
  const traps = trapsOf(result, instance.features.length);
  const comparison = compare(entry, instance, countsOf(result), countOf(traps));
  const differences = [...comparison.differences, ...contradictions(instance, traps)];
  return { ...comparison, differences, landing: result.landing };
}

/** What became of all runs, those without a certificate one by one. */
function reportOf(comparisons: readonly Landed[]): object {
  return {
    format: 'dictum/regress-report@1',
    entries: comparisons.map(({ entry, counts, traps, differences, landing }) => ({
      instance: entry.instance,
      optimizer: entry.optimizer,
      seed: entry.seed,
      runs: landing.runs,
      converged: landing.converged,
      matched: landing.matched,
      counts,
      traps,
      differences,
      open: openRuns(landing),
    })),
  };
}

export function readSuite(text: string, file: string): Suite {
  const value = refusing(file, () => plain(parseJson(text)));
  const problem = compareValue(value, file, 'regress.schema.json');
  if (problem) throw new Failure(problem);
  return value as Suite;
}

function nameOf({ instance, optimizer, seed, anchors, resample }: SuiteEntry): string {
  const held = anchors === undefined ? '' : `, ${anchors} anchors`;
  return `${instance} ${optimizer} seed ${seed}${held}${resample === undefined ? '' : `, resampling every ${resample} steps`}`;
}

function lineOf({ entry, counts, traps, differences }: Comparison): string {
  const shares = OUTCOMES.flatMap((outcome) => (counts[outcome] > 0 ? [`${outcome} ${counts[outcome]}`] : []));
  if (traps > 0) shares.push(`of these local minima ${traps} on polysemantic partitions`);
  const verdict = differences.length === 0 ? paint('green', 'ok') : paint('red', 'DIFFERENT');
  const lines = [`${verdict} ${nameOf(entry)}: ${shares.join(', ')}`];
  return `${[...lines, ...differences.map((d) => `  ${d}`)].join('\n')}\n`;
}

function junit(comparisons: readonly Comparison[]): string {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const cases = comparisons.map(({ entry, differences }) => {
    const name = escaped(nameOf(entry));
    const failure = differences.length === 0 ? '' : `<failure>${escaped(differences.join('\n'))}</failure>`;
    return `  <testcase classname="regress" name="${name}">${failure}</testcase>`;
  });
  const failures = comparisons.filter(({ differences }) => differences.length > 0).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="dictum regress" tests="${comparisons.length}" failures="${failures}">\n${cases.join('\n')}\n</testsuite>\n`;
}
