/** What a reader has to trust, per claim: the files that its checking reaches by imports, those of types included, and their lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));
export const source = (file: string): string => readFileSync(join(repository, file), 'utf8');

/** The TypeScript files below a folder of the repository, by their paths in it. */
export const under = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
    .sort();

export const importsOf = (file: string): string[] =>
  ts.preProcessFile(source(file), true, true).importedFiles.map(({ fileName }) => fileName);

/** As .dependency-cruiser.cjs has it: in theorems/ only files called witness* are untrusted. */
const inTheorems = under('theorems').filter((file) => !/(?:^|[/\\])witness[^/\\]*$/.test(file));
export const kernel: readonly string[] = under('src/kernel');
export const landing: readonly string[] = under('src/landing/check');
export const trusted: readonly string[] = [...kernel, ...landing, ...inTheorems];

/** The files given, and all that they reach. */
export function reached(...entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    open.push(...importsOf(file).map((path) => join(file, '..', path)));
  }
  return found;
}

/** Lines that are neither blank nor comment only. */
export function codeLines(file: string): number {
  let inComment = false;
  return source(file)
    .split('\n')
    .filter((raw) => {
      const line = raw.trim();
      if (inComment) {
        inComment = !line.endsWith('*/');
        return false;
      }
      inComment = line.startsWith('/*') && !line.includes('*/');
      return !(inComment || line === '' || line.startsWith('//') || (line.startsWith('/*') && line.endsWith('*/')));
    }).length;
}

export const linesOf = (files: Iterable<string>): number =>
  [...files].reduce((total, file) => total + codeLines(file), 0);

const CHECKER = 'src/kernel/certificate.ts';
const LANDINGS = 'src/landing/check/landing.ts';

/** Claims by the file that states them. */
export const stated: ReadonlyMap<string, readonly string[]> = new Map(
  inTheorems.flatMap((file) => {
    const ids = [...source(file).matchAll(/: Claim(?:<\w+>)? = \{\s*id: '([^']+)'/g)].map(([, id]) => id as string);
    return ids.length > 0 ? [[file, ids]] : [];
  }),
);

/** All that stands behind a claim: the checker, what states the claim, and the rules that it names. */
export function closureOf(claim: string): Set<string> {
  const [file] = [...stated].find(([, ids]) => ids.includes(claim)) ?? [];
  if (!file) throw new Error(`no file in theorems/ states ${claim}`);
  return reached(CHECKER, file);
}

/** The parts that TRUST.md gives reasons for, and their lines. */
export const parts: Readonly<Record<string, number>> = {
  'src/kernel`, without rules': linesOf(kernel.filter((file) => !file.startsWith('src/kernel/rules/'))),
  'src/kernel/rules`': linesOf(kernel.filter((file) => file.startsWith('src/kernel/rules/'))),
  'src/landing/check`': linesOf(landing),
  'theorems`': linesOf(inTheorems),
};

/**
 * Lines that the claims of a file needed while one table of rules served all of them: the same count, at the last commit with that table.
 * A claim added since has none.
 */
const BEFORE: Readonly<Record<string, number>> = {
  absorption: 4248,
  'absorption-penalty': 4284,
  anchoring: 4281,
  biconvexity: 4092,
  'critical-patterns': 4143,
  'dead-neurons': 4145,
  dimension: 4234,
  'example-3-5': 4165,
  'ground-truth': 4232,
  'loss-approximation': 4274,
  'non-identifiability': 4185,
  'paper-scale': 4067,
  'pattern-count': 4153,
  'pattern-minima': 4143,
  'pattern-saddles': 4143,
  'perron-frobenius': 4161,
  'positive-spanning': 4167,
  realizability: 4043,
  'reported-tables': 4216,
  resampling: 4247,
  'spurious-minima': 4180,
  'strict-critical-points': 4189,
  'zero-loss': 4158,
};

const grouped = (n: number): string => `${n}`.replace(/\B(?=(?:\d{3})+$)/g, ',');
const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)).join(' | ')} |`;

/** In the order of theorems/statements.ts: T1 first. */
function inOrder(): readonly (readonly [file: string, ids: readonly string[]])[] {
  const imports = source('theorems/statements.ts');
  const list = imports.slice(imports.indexOf('new Map('));
  const position = (file: string): number => {
    const names = [...source(file).matchAll(/export const (\w+): Claim/g)].map(([, name]) =>
      list.search(`\\b${name},`),
    );
    return Math.min(...names);
  };
  return [...stated].sort(([a], [b]) => position(a) - position(b));
}

/** The table of TRUST.md. */
export function trustTable(): string {
  const core = reached(CHECKER);
  const all = (files: Iterable<string>, folder: string): string[] => [...files].filter((f) => f.startsWith(folder));
  const rows = inOrder().map(([file, ids]) => {
    const files = reached(CHECKER, file);
    const [statements, rules] = [all(files, 'theorems/'), all(files, 'src/kernel/rules/')];
    const rest = [...files].filter((f) => ![...core, ...statements, ...rules].includes(f));
    const before = BEFORE[file.split('/')[1] as string];
    const parts = [core, rest, rules, statements].map(linesOf);
    return row(ids.join(', '), ...parts, linesOf(files), before ?? '');
  });
  const landings = reached(LANDINGS);
  const own = all(landings, 'src/landing/');
  const shared = [...landings].filter((f) => core.has(f));
  const others = [...landings].filter((f) => !shared.includes(f) && !own.includes(f) && !f.includes('/rules/'));
  return [
    row('claim', 'checker', 'model, numbers', 'rules', 'statement', '**lines**', 'before'),
    '|---|---|---|---|---|---|---|',
    ...rows,
    row('landings', ...[shared, others, all(landings, 'src/kernel/rules/'), own].map(linesOf), linesOf(landings), ''),
    row('everything but landings', '', '', '', '', linesOf([...kernel, ...inTheorems]), 5648),
    row('everything', '', '', '', '', linesOf(trusted), 6681),
  ].join('\n');
}

const MARKS = ['<!-- written by "npm run trust" -->', '<!-- end of what it writes -->'] as const;

/** The text with the table as it is now between its marks. */
export function withTable(text: string): string {
  const [start, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error(`TRUST.md: no place for the table, ${MARKS.join(' .. ')}`);
  return `${text.slice(0, start)}${MARKS[0]}\n\n${trustTable()}\n\n${text.slice(end)}`;
}
