/** `--select` and `--against` of `dictum import`: which labels become features, and in what order. */
import { didYouMean, readLists } from '../../terminal/featureLists.ts';
import { readText } from '../../terminal/files.ts';
import type { Labelled } from '../../terminal/labelled.ts';
import { fail } from '../../terminal/problem.ts';

const AGAINST = ['all', 'rest', 'none'] as const;

/** The labels selected, in their order; all of them are in the file, each once. */
export async function selection(
  option: string | undefined,
  all: readonly Labelled[],
  file: string,
): Promise<readonly string[]> {
  if (option === undefined) return [];
  const names = option.startsWith('@') ? await labelsIn(option.slice(1)) : listed(option);
  if (names.length === 0) fail('bad-arguments', { file: '--select' }, 'at least one label', 'none');
  const known = new Set(all.map(({ label }) => label));
  const seen = new Set<string>();
  for (const name of names) {
    if (!known.has(name))
      fail(
        'unknown-feature',
        { file: '--select' },
        `a label of ${file}`,
        JSON.stringify(name),
        didYouMean(name, known),
      );
    if (seen.has(name)) fail('duplicate-label', { file: '--select' }, 'each label once', JSON.stringify(name));
    seen.add(name);
  }
  return names;
}

/** One label a line. */
async function labelsIn(file: string): Promise<string[]> {
  return (await readText(file))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function listed(option: string): string[] {
  const [list = [], ...others] = readLists(option, '--select');
  if (others.length > 0) fail('bad-arguments', { file: '--select' }, 'one list of labels; --pattern has ";"', option);
  return list.map(({ text }) => text);
}

/** The features of the instance, by --against; in what order, says the help of `dictum import`. */
export function choose(all: readonly Labelled[], selected: readonly string[], option: string): readonly Labelled[] {
  const against = AGAINST.find((word) => word === option);
  if (against === undefined) fail('bad-arguments', { file: '--against' }, AGAINST.join(', '), JSON.stringify(option));
  if (against === 'all' || (against === 'rest' && selected.length === 0)) return all;
  if (selected.length === 0) fail('bad-arguments', { file: '--select' }, 'labels, with --against none', 'none');
  const byLabel = new Map(all.map((item) => [item.label, item]));
  const first = selected.flatMap((label) => byLabel.get(label) ?? []);
  const chosen = new Set(selected);
  return against === 'none' ? first : [...first, ...all.filter(({ label }) => !chosen.has(label))];
}
