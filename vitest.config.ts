import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    // Two workers: the tests are CPU-bound and the smallest machine they have to pass on has two cores.
    pool: 'forks',
    maxWorkers: 2,
    // A worker loads the sources once, not once a file; what a file leaves behind in them is put back by test/fresh.ts.
    isolate: false,
    setupFiles: ['./test/fresh.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'exact',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/cluster/**', 'test/**/*.mocked.test.ts'],
        },
      },
      // Modules are mocked there: these have to be loaded anew.
      { extends: true, test: { name: 'mocked', include: ['test/**/*.mocked.test.ts'], isolate: true } },
      // Needs Slurm and root: a stage of .ci/run, which installs it.
      ...(process.env.DICTUM_SLURM === '1'
        ? [
            {
              extends: true as const,
              test: { name: 'cluster', include: ['test/cluster/**/*.test.ts'], testTimeout: 600_000 },
            },
          ]
        : []),
      // Last and one by one: a browser has processes of its own.
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

export default config;
