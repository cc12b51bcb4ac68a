/** What the end of `npm test` says of what failed. */
import { describe, expect, it } from 'vitest';
import { e2eFailures, lastLines, lintFailures, typeFailures, unitFailures } from './failures.ts';

describe('unit tests', () => {
  const test = (title: string, status: string, ...failureMessages: string[]) => ({
    ancestorTitles: ['', 'a group'],
    title,
    status,
    failureMessages,
  });
  const report = (testResults: Parameters<typeof unitFailures>[0]['testResults']) => ({
    numPassedTests: 0,
    numPendingTests: 0,
    testResults,
  });

  it('each failed test has its file, its groups, its title, and the first line of its error', () => {
    const one = {
      name: '/r/src/a.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        test('works', 'passed'),
        test('fails', 'failed', '\x1b[31mAssertionError: expected 1 to be 2\x1b[0m\n    at a.ts:1'),
        test('fails too', 'failed'),
        test('waits', 'skipped'),
      ],
    };
    expect(unitFailures(report([one]), '/r')).toEqual([
      { where: 'src/a.test.ts › a group › fails', what: 'AssertionError: expected 1 to be 2' },
      { where: 'src/a.test.ts › a group › fails too', what: 'no reason was given' },
    ]);
  });

  it('a file that cannot be loaded, or fails beside its tests, is named as well', () => {
    const broken = {
      name: '/r/b.test.ts',
      status: 'failed',
      message: 'Cannot find module\nx',
      assertionResults: [],
    };
    const fine = {
      name: '/r/c.test.ts',
      status: 'passed',
      message: '',
      assertionResults: [test('works', 'passed')],
    };
    const after = {
      ...fine,
      name: '/r/d.test.ts',
      status: 'failed',
      message: 'afterAll: the folder is gone',
    };
    expect(unitFailures(report([broken, fine, after]), '/r')).toEqual([
      { where: 'b.test.ts', what: 'Cannot find module' },
      { where: 'd.test.ts', what: 'afterAll: the folder is gone' },
    ]);
  });
});

it('end-to-end tests have project, file, line and titles; what is expected of whom is told with the error', () => {
  const message = [
    'Error: \x1b[2mexpect(\x1b[22mlocator).toHaveAttribute(expected) failed',
    '',
    "Locator: getByRole('region')",
    'Expected: "0"',
    'Timeout: 15000ms',
    'Error: element(s) not found',
    '',
    'Call log:',
    '  - waiting for it',
  ].join('\n');
  const spec = (title: string, status: string) => ({
    title,
    line: 37,
    tests: [{ projectName: 'wasm', status, results: [{ errors: [{ message }] }] }],
  });
  const suite = {
    title: 'learn.spec.ts',
    file: 'learn.spec.ts',
    specs: [spec('opens', 'expected'), spec('closes', 'unexpected')],
    suites: [{ title: 'dark, 390 px', file: 'learn.spec.ts', specs: [spec('fits', 'unexpected')] }],
  };
  const stats = { expected: 1, unexpected: 2, skipped: 0 };
  const what =
    'Error: expect(locator).toHaveAttribute(expected) failed · Locator: getByRole(\'region\') · Expected: "0" · ' +
    'Timeout: 15000ms · Error: element(s) not found';
  const errors = [{ message: 'Error: Process from config.webServer was not able to start. Exit code: 1' }];
  expect(e2eFailures({ stats, suites: [suite], errors })).toEqual([
    { where: '[wasm] learn.spec.ts:37 › closes', what },
    { where: '[wasm] learn.spec.ts:37 › dark, 390 px › fits', what },
    {
      where: 'outside the tests',
      what: 'Error: Process from config.webServer was not able to start. Exit code: 1',
    },
  ]);
});

it('types: each error with its place; lint: errors and warnings, hints not', () => {
  expect(
    typeFailures(
      "src/a.ts(1,5): error TS2322: Type 'string' is not assignable.\n  Further words.\nerror TS5083: Cannot read file.\n",
    ),
  ).toEqual([
    { where: 'src/a.ts(1,5)', what: "error TS2322: Type 'string' is not assignable." },
    { where: 'tsc', what: 'error TS5083: Cannot read file.' },
  ]);
  const rule = '━'.repeat(30);
  const output = [
    `src/a.ts:2:30 lint/style/useNodejsImportProtocol  FIXABLE  ${rule}`,
    '',
    '  i A module of Node.',
    '',
    `src/a.ts:1:5 lint/correctness/noUnusedVariables  FIXABLE  ${rule}`,
    '',
    '  ! This variable a is unused.',
    '',
    '  > 1 │ var a: number = "x";',
    `src/a.ts format ${rule}`,
    '',
    '  × Formatter would have printed the following content:',
    `check ${rule}`,
    '',
    '  × Some errors were emitted while running checks.',
  ].join('\n');
  expect(lintFailures(output)).toEqual([
    { where: 'src/a.ts:1:5', what: 'lint/correctness/noUnusedVariables: This variable a is unused.' },
    { where: 'src/a.ts', what: 'format: Formatter would have printed the following content:' },
  ]);
});

it('a tool that says nothing of the kind is quoted by its last lines, and no quotation is long', () => {
  expect(lastLines('one\ntwo\n\nthree\nKilled\n')).toBe('two · three · Killed');
  expect(lastLines('x'.repeat(1000)).length).toBeLessThan(310);
});
