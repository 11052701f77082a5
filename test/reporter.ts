import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/**
 * Prints `N passed, N failed` (`, N skipped` when there are some) as the last line of a run, so that a program
 * can read the outcome without knowing vitest. Counted as failed: tests that failed or never finished, and one
 * for each file or suite that broke outside its tests (it could not load, a hook threw) and for each unhandled
 * error. Hence `0 failed` goes with exit code 0 and the reverse, but for a run that found no test at all.
 */
export default class PlainCount implements Reporter {
  #line: string | undefined;

  onInit(): void {
    // On exit, and not at the end of the run, because vitest may still warn after that.
    process.once('exit', () => {
      if (this.#line !== undefined) process.stdout.write(`${this.#line}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    for (const module of modules) {
      failed += brokenOutsideTests(module);
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'skipped') skipped += 1;
        else failed += 1;
      }
    }
    this.#line = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  }
}

function brokenOutsideTests(module: TestModule): number {
  let broken = module.errors().length > 0 ? 1 : 0;
  for (const suite of module.children.allSuites() as Iterable<TestSuite>) {
    if (suite.errors().length > 0) broken += 1;
  }
  return broken;
}
