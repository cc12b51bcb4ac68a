import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'src/**/*.test.tsx',
      'workers/**/*.test.ts',
      'trainer/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // Long ones (processes that are killed, full disks, whole trainings) have a name of their own: `npm test -- --fast`.
    exclude: [...configDefaults.exclude, ...(process.env.RANKSCOPE_FAST ? ['**/*.slow.test.ts'] : [])],
    globalSetup: 'trainer/testing/bundle-folder.ts',
    // onnxruntime-node sessions hold native threads: forks keep one test file from starving another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
