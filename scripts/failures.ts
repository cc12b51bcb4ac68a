/**
 * What failed in a part of `npm test`, read from the reports and outputs of its tools: the log of a whole run is long, and
 * who reads it often has only its end.
 */
import { relative } from 'node:path';

export interface Failure {
  /** File › title, or file and line. */
  readonly where: string;
  /** What was said first. */
  readonly what: string;
}

/** As much of vitest's JSON report as is read. */
export interface UnitReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Of a file that could not be loaded. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface E2eSuite {
  readonly title: string;
  readonly file: string;
  readonly suites?: readonly E2eSuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly line: number;
    readonly tests: readonly {
      readonly projectName: string;
      readonly status: string;
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

/** As much of Playwright's JSON report as is read. */
export interface E2eReport {
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'skipped', number>>;
  readonly suites: readonly E2eSuite[];
  /** Outside all tests: a server that does not start, a file that cannot be loaded. */
  readonly errors: readonly { readonly message?: string }[];
}

const LONGEST = 300;
/** Lines of Playwright that say more than its first, which is only the name of the expectation. */
const TELLING = /^(Locator|Expected|Received|Timeout|Error: )/;

// Colours, as terminals are told of them.
const plain = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, '');
const linesOf = (text: string): string[] =>
  plain(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);

const firstLine = (text: string | undefined): string => cut(linesOf(text ?? '')[0] ?? 'no reason was given');

function firstOfPlaywright(text: string | undefined): string {
  const [first = 'no reason was given', ...rest] = linesOf(text ?? '');
  return cut([first, ...rest.filter((line) => TELLING.test(line)).slice(0, 4)].join(' · '));
}

/** Tests that failed, and files that could not be loaded. @param root what names are relative to */
export function unitFailures({ testResults }: UnitReport, root = process.cwd()): Failure[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ ancestorTitles, title, failureMessages }) => ({
        where: [file, ...ancestorTitles.filter((one) => one !== ''), title].join(' › '),
        what: firstLine(failureMessages[0]),
      }));
    // A file also fails by what is done before and after its tests.
    if (status === 'failed' && (failed.length === 0 || message !== ''))
      failed.push({ where: file, what: firstLine(message) });
    return failed;
  });
}

function inSuite(suite: E2eSuite, above: readonly string[]): Failure[] {
  // A file's own suite is named by the file.
  const titles = suite.title === suite.file ? above : [...above, suite.title];
  const own = suite.specs.flatMap(({ title, line, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ projectName, results }) => ({
        where: [`[${projectName}] ${suite.file}:${line}`, ...titles, title].join(' › '),
        what: firstOfPlaywright(results.at(-1)?.errors[0]?.message),
      })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => inSuite(inner, titles))];
}

/** Tests that failed, and what went wrong outside of them. */
export function e2eFailures({ suites, errors }: E2eReport): Failure[] {
  return [
    ...suites.flatMap((suite) => inSuite(suite, [])),
    ...errors.map(({ message }) => ({ where: 'outside the tests', what: firstOfPlaywright(message) })),
  ];
}

/** `src/a.ts(3,7): error TS2322: …`, as `tsc` writes where it is not at a terminal. */
export function typeFailures(output: string): Failure[] {
  return linesOf(output).flatMap((line) => {
    const [, where, what] = /^(.+?\(\d+,\d+\)): (error TS\d+: .*)$/.exec(line) ?? [];
    if (where && what) return [{ where, what: cut(what) }];
    return /^error TS\d+: /.test(line) ? [{ where: 'tsc', what: cut(line) }] : [];
  });
}

/** Biome's headings `src/a.ts:3:7 lint/style/useConst ━━━`, each with the sentence below it; hints are no failures. */
export function lintFailures(output: string): Failure[] {
  const lines = linesOf(output);
  return lines.flatMap((line, i) => {
    const [, where, rule] = /^(\S+) ([^\s━]+)(?: .*)? ━{3,}$/.exec(line) ?? [];
    const said = lines[i + 1] ?? '';
    if (!where || !rule || said.startsWith('i ')) return [];
    return [{ where, what: cut(`${rule}: ${said.replace(/^[×!] /, '')}`) }];
  });
}

/** The last lines of an output: all there is to say of a tool that ended without a word on what was wrong. */
export const lastLines = (output: string): string => cut(linesOf(output).slice(-3).join(' · '));
