import { configDefaults, defineConfig } from 'vitest/config';

// Long ones (processes that are killed, full disks, whole trainings) have a name of their own: `npm test -- --fast`.
const SLOW = '**/*.slow.test.ts';
const exclude = [...configDefaults.exclude, ...(process.env.RANKSCOPE_FAST ? [SLOW] : [])];

export default defineConfig({
  test: {
    // onnxruntime-node sessions hold native threads: forks keep one test file from starving another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'page',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude,
          // They change nothing outside of themselves: a process of its own for each took as long as the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          include: [
            'workers/**/*.test.ts',
            'trainer/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude,
          globalSetup: 'trainer/testing/bundle-folder.ts',
        },
      },
    ],
  },
});
