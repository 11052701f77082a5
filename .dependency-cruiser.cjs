// The arrows of the house. A rule's name is what CI prints; test/arrows.test.ts breaks each of them on purpose.
// Type-only imports count too: a trusted file may not even name an untrusted type.
const { builtinModules } = require('node:module');

const builtin = `^(node:)?(${builtinModules.map((name) => name.replace(/^node:/, '')).join('|')})$`;

// Inside a claim's folder only files called witness* are untrusted; statement.ts and what it is split into are trusted.
const trustedClaimFile = '^theorems/[^/]+/(?!witness)[^/]+';
const ours = '^(src|theorems|web|bench|test|conformance)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle hides which of two files is the lower one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'What cannot be resolved cannot be checked by the other rules.',
      severity: 'error',
      from: {},
      // Made by web/vite.config.ts.
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
    {
      name: 'no-dev-dependency',
      comment: 'What is shipped must run without the development packages.',
      severity: 'error',
      // The page is bundled: what it is made of and made with is not loaded by whoever installs the package.
      from: { path: '^(src|theorems)/' },
      to: { dependencyTypes: ['npm-dev'], path: 'node_modules', pathNot: 'node_modules/@types/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'test/ and bench/ are at the top: only they import themselves.',
      severity: 'error',
      from: { path: '^(src|theorems|web|conformance)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'oracle-imports-only-numbers',
      comment: 'What the methods of src/train are compared with knows nothing of them.',
      severity: 'error',
      from: { path: '^conformance/' },
      to: { path: ours, pathNot: '^(conformance|src/kernel/numbers)/' },
    },
    {
      name: 'kernel-imports-only-kernel',
      comment: 'The trusted kernel: no npm package, no Node built-in, nothing outside src/kernel.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { pathNot: '^src/kernel/' },
    },
    {
      name: 'statement-imports-only-kernel',
      comment: 'A statement may use the kernel and the non-witness files of its own folder.',
      severity: 'error',
      from: { path: '^theorems/([^/]+)/(?!witness)[^/]+' },
      to: { pathNot: '^(src/kernel/|theorems/$1/(?!witness))' },
    },
    {
      name: 'statements-registry-imports-only-statements',
      comment: 'theorems/statements.ts lists the statements for the checker; witnesses have their own list.',
      severity: 'error',
      from: { path: '^theorems/statements\\.ts$' },
      to: { pathNot: `^src/kernel/|${trustedClaimFile}` },
    },
    {
      name: 'witness-imports-only-solve-and-statement',
      comment: 'A witness may use src/solve, src/kernel and its own folder.',
      severity: 'error',
      from: { path: '^theorems/([^/]+)/witness' },
      to: { pathNot: '^(src/(kernel|solve)/|theorems/$1/)' },
    },
    {
      name: 'theorems-stay-below-the-application',
      comment: 'The lists in theorems/ know statements, witnesses, kernel and solve, nothing above.',
      severity: 'error',
      from: { path: '^theorems/[^/]+$' },
      to: { pathNot: '^(src/(kernel|solve)/|theorems/)' },
    },
    {
      name: 'solve-imports-only-kernel-and-npm',
      comment: 'Solvers run in the browser as well, so no Node built-in.',
      severity: 'error',
      from: { path: '^src/solve/' },
      to: { pathNot: '^(src/(kernel|solve)/|node_modules/)' },
    },
    {
      name: 'train-imports-only-kernel-and-solve',
      comment: 'Training knows no claim, no landing and no command.',
      severity: 'error',
      from: { path: '^src/train/' },
      to: { path: ours, pathNot: '^src/(kernel|solve|train)/' },
    },
    {
      name: 'inspect-stays-below-the-commands',
      comment:
        'Latents are decided from kernel, solvers and the numbers of checkpoints; it knows no file and no command.',
      severity: 'error',
      from: { path: '^src/inspect/' },
      to: { path: `${ours}|${builtin}`, pathNot: '^src/(kernel|solve|train|inspect)/' },
    },
    {
      name: 'latents-stay-below-the-commands',
      comment:
        'What is read for latents and said of them serves the command and the page: it knows no command, and page-reaches-no-node keeps files out.',
      severity: 'error',
      from: { path: '^src/latents/' },
      to: { path: `${ours}|${builtin}`, pathNot: '^src/(kernel|words|solve|train|inspect|terminal|latents)/' },
    },
    {
      name: 'landing-check-imports-only-kernel',
      comment:
        'The checker of landings is trusted, as the kernel is, and stands beside it: nothing above, nothing outside.',
      severity: 'error',
      from: { path: '^src/landing/check/' },
      to: { pathNot: '^src/(kernel|landing/check)/' },
    },
    {
      name: 'landing-stays-below-the-commands',
      comment: 'Landings know kernel, solvers, trainers and threads, no claim and no command.',
      severity: 'error',
      from: { path: '^src/landing/' },
      to: { path: ours, pathNot: '^src/(kernel|solve|threads|train|landing)/' },
    },
    {
      name: 'threads-import-nothing-of-ours',
      comment: 'How worker threads are started says nothing of what they do.',
      severity: 'error',
      from: { path: '^src/threads/' },
      to: { path: ours, pathNot: '^src/threads/' },
    },
    {
      name: 'words-import-only-trusted-code',
      comment:
        'Sentences are made of what the checkers established, and of nothing else; they serve the command and run in the browser.',
      severity: 'error',
      from: { path: '^src/words/' },
      to: { pathNot: '^src/(kernel|landing/check|words)/' },
    },
    {
      name: 'explain-imports-only-checkers-words-and-solvers',
      comment:
        'Explanations are made of what the checkers accepted, in words; solvers give candidates that a refuted proof speaks of. They run in the browser as well.',
      severity: 'error',
      from: { path: '^src/explain/' },
      to: { pathNot: '^src/(kernel|landing/check|words|solve|explain)/' },
    },
    {
      name: 'terminal-imports-only-kernel-and-words',
      comment:
        'What every command shares: arguments, files, tables. It knows the values of the kernel, and no command.',
      severity: 'error',
      from: { path: '^src/terminal/' },
      to: { path: ours, pathNot: '^src/(kernel|words|terminal)/' },
    },
    {
      name: 'no-circular-folders',
      comment: 'Two folders that point at each other are one room with a wall through it.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'check-reaches-only-trusted-code',
      comment:
        'dictum check loads the kernel, the checker of landings, the statements, their list, Node built-ins, and of the rest only what makes sentences, prints, and reads files.',
      severity: 'error',
      from: { path: '^src/commands/check\\.ts$' },
      to: {
        reachable: true,
        pathNot: `^src/kernel/|^src/landing/check/|^theorems/statements\\.ts$|${trustedClaimFile}|^src/(terminal|words)/|^src/commands/check\\.ts$|${builtin}`,
      },
    },
    {
      name: 'library-stays-below-the-commands',
      comment:
        'The public functions stand on kernel, claims, words, solvers and landings; commands may use them, not the reverse.',
      severity: 'error',
      from: { path: '^src/(library/|index\\.ts$|browser\\.ts$)' },
      to: { path: ours, pathNot: '^(src/(kernel|words|solve|landing|library)/|src/browser\\.ts$|theorems/)' },
    },
    {
      name: 'browser-entry-reaches-no-node',
      comment: 'What a bundler for browsers takes of the library has no Node built-in in it.',
      severity: 'error',
      from: { path: '^src/browser\\.ts$' },
      to: { reachable: true, path: builtin },
    },
    {
      name: 'check-of-the-library-reaches-only-trusted-code',
      comment:
        'dictum-sdl/check loads the kernel, the checker of landings, the statements, their list, what makes sentences, SHA-256, and nothing else.',
      severity: 'error',
      from: { path: '^src/library/check\\.ts$' },
      to: {
        reachable: true,
        pathNot: `^src/kernel/|^src/landing/check/|^theorems/statements\\.ts$|${trustedClaimFile}|^src/words/|^src/library/(check|error|names|sha256|text)\\.ts$|node_modules/@noble/hashes/`,
      },
    },
    {
      name: 'page-stands-on-what-runs-in-a-browser',
      comment:
        'The explorer decides by the entry for browsers and by what it is made of; only what builds it may use commands, files and Node.',
      severity: 'error',
      from: { path: '^web/', pathNot: '^web/(build/|vite\\.config\\.ts$)' },
      to: {
        path: `${ours}|${builtin}`,
        pathNot:
          '^(src/(browser\\.ts$|kernel/|words/|explain/|solve/|landing/|library/|train/(backend/problem|checkpoint/|data/)|inspect/|latents/|terminal/(markdown|typeset|problem|refusing)\\.ts$)|theorems/(statements\\.ts$|[^/]+/(?!witness))|web/(?!build/|vite\\.config))',
      },
    },
    {
      name: 'page-reaches-no-node',
      comment: 'Nothing that the explorer is bundled of knows Node.',
      severity: 'error',
      from: { path: '^web/', pathNot: '^web/(build/|vite\\.config\\.ts$)' },
      to: { reachable: true, path: builtin },
    },
    {
      name: 'glpk-stays-out-of-kernel-and-web',
      comment: 'glpk.js is GPL-3: it may not end up in the kernel, in explanations or in the web bundle.',
      severity: 'error',
      from: { path: '^(src/(kernel|explain|browser\\.ts)|web/)' },
      to: { reachable: true, path: '(^|node_modules/)glpk\\.js(/|$)' },
    },
    {
      name: 'only-evidence-imports-optional-solvers',
      comment:
        'glpk.js (GPL-3) and mathjs (size) are optional: dictum explain --evidence loads them when they are there, nothing else of what is shipped.',
      severity: 'error',
      from: { path: '^(src|theorems|web)/', pathNot: '^src/commands/explain/evidence/' },
      to: { path: '(^|node_modules/)(glpk\\.js|mathjs)(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules(/|$)' },
    exclude: { path: '^((web/)?dist|out|coverage|\\.git)(/|$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
