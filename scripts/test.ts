/**
 * `npm test`: types, lint, unit tests, end-to-end tests in a real browser. Every part runs even if
 * one before it failed; the last line counts all of them, and the exit code says whether any failed.
 * `npm test -- --fast` leaves out the slow unit tests (`*.slow.test.ts`) and runs the main job alone in the
 * browser: an answer in under two minutes on two cores. CI runs all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.ts';

const RESULTS = 'test-results';
const UNIT = `${RESULTS}/unit.json`;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

function run(title: string, args: string[], env: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n── ${title}\n`);
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
}

interface E2eReport {
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'skipped', number>>;
}

const single = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** Counts of a report; a tool that failed without a report (or after it) counts as one failure. */
function counted(ok: boolean, file: string, read: (json: never) => Count): Count {
  if (!existsSync(file)) return single(false);
  const count = read(JSON.parse(readFileSync(file, 'utf8')) as never);
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

function main(): void {
  const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } });
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS);
  const counts: Count[] = [];
  counts.push(single(run('types', ['tsc', '-b'])));
  counts.push(single(run('lint', ['biome', 'check', '--error-on-warnings', '.'])));
  const unit = run(
    'unit tests',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT}`],
    values.fast ? { RANKSCOPE_FAST: '1' } : {},
  );
  counts.push(
    counted(
      unit,
      UNIT,
      (json: { numPassedTests: number; numFailedTests: number; numPendingTests: number }) => ({
        passed: json.numPassedTests,
        failed: json.numFailedTests,
        skipped: json.numPendingTests,
      }),
    ),
  );
  const browser = ensureBrowser();
  const passes = values.fast
    ? [['--project=alone', 'job.spec.ts']]
    : [['--project=wasm'], ['--project=alone', '--project=webgpu', '--workers=1']];
  for (const [i, pass] of passes.entries()) {
    const report = `${RESULTS}/e2e-${i + 1}.json`;
    const ok = run(`end-to-end tests in ${browser}`, ['playwright', 'test', ...pass], {
      RANKSCOPE_BROWSER: browser,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    });
    counts.push(
      counted(ok, report, ({ stats }: E2eReport) => ({
        passed: stats.expected,
        failed: stats.unexpected,
        skipped: stats.skipped,
      })),
    );
  }
  const total = (key: keyof Count) => counts.reduce((sum, count) => sum + count[key], 0);
  const skipped = total('skipped');
  if (skipped > 0)
    process.stdout.write(`\n${skipped} skipped (their reference data is not on this machine)\n`);
  process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed\n`);
  process.exitCode = total('failed') > 0 ? 1 : 0;
}

main();
