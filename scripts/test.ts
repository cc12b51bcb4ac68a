/**
 * `npm test`: types, lint, unit tests, end-to-end tests in a real browser. Every part runs even if
 * one before it failed. What failed is named at the end; the last line counts all parts, and the exit code says
 * whether any failed. `npm test -- --fast` leaves out the slow unit tests (`*.slow.test.ts`) and runs the main job
 * alone in the browser: an answer in under two minutes on two cores. CI runs all.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.ts';
import {
  type E2eReport,
  e2eFailures,
  type Failure,
  lastLines,
  lintFailures,
  typeFailures,
  type UnitReport,
  unitFailures,
} from './failures.ts';

const RESULTS = 'test-results';

interface Result {
  readonly title: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

interface Ended {
  readonly ok: boolean;
  /** All that was written, which was shown as well. */
  readonly output: string;
}

function run(title: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  process.stdout.write(`\n── ${title}\n`);
  const started = performance.now();
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn('npx', args, {
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...process.env, ...colours, ...env },
  });
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.setEncoding('utf8');
    from.on('data', (text: string) => {
      output += text;
      to.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(`── ${title}: ${Math.round((performance.now() - started) / 1000)} s\n`);
      resolve({ ok: code === 0, output });
    });
  });
}

/** A tool that failed and named nothing (or failed after its report) counts as one failure. */
function named({ ok, output }: Ended, failures: readonly Failure[]): readonly Failure[] {
  if (ok || failures.length > 0) return failures;
  return [{ where: 'no part of it was named', what: lastLines(output) }];
}

/** Types and lint: one check that passes, or a failure for each complaint. */
async function check(title: string, args: string[], read: (output: string) => Failure[]): Promise<Result> {
  const ended = await run(title, args);
  const failures = ended.ok ? [] : named(ended, read(ended.output));
  return { title, passed: ended.ok ? 1 : 0, skipped: 0, failures };
}

function reported<T>(ended: Ended, file: string, read: (report: T) => Omit<Result, 'title'>) {
  if (!existsSync(file)) return { passed: 0, skipped: 0, failures: named({ ...ended, ok: false }, []) };
  const result = read(JSON.parse(readFileSync(file, 'utf8')) as T);
  return { ...result, failures: named(ended, result.failures) };
}

async function unit(fast: boolean): Promise<Result> {
  const file = `${RESULTS}/unit.json`;
  const ended = await run(
    'unit tests',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    fast ? { RANKSCOPE_FAST: '1' } : {},
  );
  const result = reported<UnitReport>(ended, file, (report) => ({
    passed: report.numPassedTests,
    skipped: report.numPendingTests,
    failures: unitFailures(report),
  }));
  return { title: 'unit tests', ...result };
}

async function e2e(pass: readonly string[], file: string): Promise<Result> {
  const browser = ensureBrowser();
  const ended = await run(`end-to-end tests in ${browser}`, ['playwright', 'test', ...pass], {
    RANKSCOPE_BROWSER: browser,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  const result = reported<E2eReport>(ended, file, (report) => ({
    passed: report.stats.expected,
    skipped: report.stats.skipped,
    failures: e2eFailures(report),
  }));
  return { title: 'end-to-end', ...result };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } });
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS);
  const results = [
    await check('types', ['tsc', '-b', '--pretty', 'false'], typeFailures),
    await check(
      'lint',
      ['biome', 'check', '--error-on-warnings', '--max-diagnostics=200', '.'],
      lintFailures,
    ),
    await unit(values.fast),
  ];
  const passes = values.fast
    ? [['--project=alone', 'job.spec.ts']]
    : [['--project=wasm'], ['--project=alone', '--project=webgpu', '--workers=1']];
  for (const [i, pass] of passes.entries()) results.push(await e2e(pass, `${RESULTS}/e2e-${i + 1}.json`));

  const total = (count: (result: Result) => number) => results.reduce((sum, one) => sum + count(one), 0);
  const skipped = total((one) => one.skipped);
  if (skipped > 0)
    process.stdout.write(`\n${skipped} skipped (their reference data is not on this machine)\n`);
  const failed = total((one) => one.failures.length);
  if (failed > 0) {
    process.stdout.write('\nFailed:\n');
    for (const { title, failures } of results)
      for (const { where, what } of failures) process.stdout.write(`  ${title} › ${where}\n      ${what}\n`);
  }
  process.stdout.write(`\n${total((one) => one.passed)} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
