/** What the README shows is what comes out. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { picture } from '../../bench/counterexample.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { dictumProcess, folder } from '../commands/run.ts';
import { read, repository } from './markdown.ts';

const readme = read('README.md');

interface Shown {
  readonly command: string;
  /** The lines below it; `...` stands for any number of lines. */
  readonly lines: readonly string[];
}

/** The commands of the `console` blocks, in order. */
function shown(text: string): Shown[] {
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    (block as string)
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        return { command, lines };
      }),
  );
}

function matches([line, ...lines]: readonly string[], [got, ...rest]: readonly string[]): boolean {
  if (line === undefined) return got === undefined;
  if (line === '...')
    return (
      matches(lines, got === undefined ? [] : [got, ...rest]) || (got !== undefined && matches([line, ...lines], rest))
    );
  return line === got && matches(lines, rest);
}

test('`...` stands for any lines, and nothing else does', () => {
  expect(matches(['...'], [])).toBe(true);
  expect(matches(['a', '...', 'd'], ['a', 'b', 'c', 'd'])).toBe(true);
  expect(matches(['a', '...', 'd'], ['a', 'b', 'c'])).toBe(false);
  expect(matches(['a'], ['a', 'b'])).toBe(false);
  expect(matches(['a', 'b'], ['a'])).toBe(false);
});

test('the commands of the README print what it shows', () => {
  const cwd = folder();
  symlinkSync(join(repository, 'test'), join(cwd, 'test'));
  const [, three] = /^```json\n([\s\S]*?)^```/m.exec(readme) ?? [];
  writeFileSync(join(cwd, 'three.json'), three as string);
  const commands = shown(readme);
  expect(commands.length).toBeGreaterThan(5);
  for (const { command, lines } of commands) {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? (word as string));
    expect(args.splice(0, 2)).toEqual(['npx', 'dictum']);
    const { code, out, err } = dictumProcess(args, { cwd, env: { NO_COLOR: '1' } });
    expect(code, err).toBe(0);
    // What a command says about a file that it wrote goes to stderr, as stdout may be piped.
    const printed = `${err}${out}`.trimEnd().split('\n');
    if (!matches(lines, printed)) expect(printed, command).toEqual(lines);
  }
});

test('the picture is drawn from the certificate', () => {
  expect(read('docs/counterexample.svg')).toBe(picture());
});

test('the number of claims is right', () => {
  expect(readme).toContain(`Most of its ${CLAIMS.size} claims`);
});
