import { defineConfig } from 'vitest/config';

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
    // onnxruntime-node sessions hold native threads: forks keep one test file from starving another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
