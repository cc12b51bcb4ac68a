import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

// Long ones (processes that are killed, full disks, whole trainings) have a name of their own: `npm test -- --fast`.
const SLOW = '**/*.slow.test.ts';
const exclude = [...configDefaults.exclude, ...(process.env.RANKSCOPE_FAST ? [SLOW] : [])];

/**
 * Tests of the core that start onnxruntime-node: it has the processor take the tiniest numbers for zero from then on, in
 * the tests after it as well, so these have processes of their own.
 */
const onRuntime = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => `src/${file}`)
  .filter((file) =>
    /onnxruntime-node|trainer\/(node\/runtime|engine\/|testing\/)/.test(readFileSync(file, 'utf8')),
  );

export default defineConfig({
  test: {
    // onnxruntime-node sessions hold native threads: forks keep one test file from starving another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // A test that loads it by a way that is not looked for above fails always, not now and then one that comes after it.
        resolve: {
          alias: { 'onnxruntime-node': fileURLToPath(new URL('scripts/no-runtime.ts', import.meta.url)) },
        },
        test: {
          name: 'page',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude: [...exclude, ...onRuntime],
          // They change nothing outside of themselves: a process of its own for each took as long as the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          include: [
            ...onRuntime,
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
