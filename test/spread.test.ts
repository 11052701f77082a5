/** An array given as arguments lies on the stack: a long one, as an input may ask for, ends in "Maximum call stack size exceeded". */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where it is something else than an array's, or a list whose length the code decides. */
const ALLOWED: readonly string[] = [
  // The tensors of a model, a handful, go to a device.
  'backend.push(...all)',
];

const NAMES = new Set(['push', 'unshift', 'fromCharCode', 'fromCodePoint', 'max', 'min']);

/** Calls of these names with a list spread as arguments. */
function spreads(text: string, name = 'x.ts'): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments.some(ts.isSpreadElement)) {
      const { expression: of } = node;
      const called = ts.isPropertyAccessExpression(of) ? of.name.text : of.getText(file);
      if (NAMES.has(called)) found.push(node.getText(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test.each(['src', 'theorems'])('no list of %s becomes the arguments of push, Math.max or their like', (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  const found = files.flatMap((file) =>
    spreads(readFileSync(join(root, folder, file), 'utf8'), file)
      .filter((call) => !ALLOWED.includes(call))
      .map((call) => `${folder}/${file.replaceAll('\\', '/')}: ${call}`),
  );
  expect(found).toEqual([]);
});

test('the search finds what it is for', () => {
  for (const call of ['q.push(...rest)', 'Math.max(...xs.map(f), 0)', 'Math.min(0, ...ys)', 'x?.unshift(...[1])'])
    expect(spreads(`const a = b(${call});`)).toEqual([call]);
  for (const call of ['q.push([...rest])', 'Math.max(a, b)', 'all(...parts)', 'q.push({ ...a })', 'f("...")'])
    expect(spreads(call)).toEqual([]);
});
