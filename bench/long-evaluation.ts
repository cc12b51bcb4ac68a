/**
 * Many queries × 100 passages in the student's row of the Evaluate screen: how long the page's own thread is held, and how
 * much memory page and workers have as the table fills. The production build in a real Chromium. No floor: what it takes
 * depends on what else the machine does; memory and the longest task are what to look at.
 *
 *   npx tsx bench/long-evaluation.ts [QUERIES = 1000] [DEPTH = 100]
 *
 * Questions and sentences are those of ../shared/data/squad-nqg (short passages, so that the page has much to do for each
 * second of the model's).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { inPages } from './frames.ts';

const DATA = new URL('../../shared/data/squad-nqg/', import.meta.url);
const [QUERIES = 1000, DEPTH = 100] = process.argv.slice(2).map(Number);
/** Shares of the calls at which memory is looked at. */
const MARKS = [0.05, 0.25, 0.5, 0.75];

interface Memory {
  readonly share: number;
  readonly seconds: number;
  /** Megabytes after a collection: of the page's thread, of page and workers together (null: the browser does not say). */
  readonly page: number;
  readonly all: number | null;
}

/** The first questions of the test part, with the sentences of that part. */
function writeData(folder: string): string[] {
  const lines = (name: string): string[] => readFileSync(new URL(name, DATA), 'utf8').trim().split('\n');
  const idOf = (line: string): string => (JSON.parse(line) as { _id: string })._id;
  const [head, ...judgments] = lines('qrels/test.tsv');
  const queries = lines('queries.jsonl')
    .filter((line) => idOf(line).startsWith('test-'))
    .slice(0, QUERIES);
  const ids = new Set(queries.map(idOf));
  const files: Readonly<Record<string, readonly string[]>> = {
    'corpus.jsonl': lines('corpus.jsonl').filter((line) => idOf(line).startsWith('test-')),
    'queries.jsonl': queries,
    'test.tsv': [head!, ...judgments.filter((line) => ids.has(line.split('\t')[0]!))],
  };
  return Object.entries(files).map(([name, all]) => {
    const path = join(folder, name);
    writeFileSync(path, `${all.join('\n')}\n`);
    return path;
  });
}

async function megabytes(page: Page, cdp: CDPSession): Promise<Pick<Memory, 'page' | 'all'>> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const all = await page.evaluate(async () => {
    const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
      measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
    };
    return measure ? (await measure.call(performance)).bytes : null;
  });
  return { page: usedSize / 1e6, all: all === null ? null : all / 1e6 };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own time: what others take from it is not in it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** A trace of a whole evaluation is too large to be read. */
const TRACED_MS = 15_000;

/** Milliseconds of processor time of the longest tasks of the page's thread, while it is looked at for a while. */
async function longestTasks(page: Page): Promise<number[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(TRACED_MS);
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const named = traceEvents.filter(({ name }) => name === 'thread_name');
  const mains = named.filter(({ args }) => args?.name === 'CrRendererMain');
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && name.endsWith('RunTask') && mains.some((main) => main.pid === pid && main.tid === tid),
  );
  return tasks
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a)
    .slice(0, 10);
}

async function run(page: Page, url: string, files: readonly string[]) {
  const cdp = await page.context().newCDPSession(page);
  await page.goto(`${url}#/evaluate`);
  await page
    .locator('input[type=file][multiple]')
    .first()
    .setInputFiles([...files]);
  await page.locator('.evaluate-opened').waitFor({ timeout: 120_000 });
  const remove = page.getByRole('button', { name: /^Remove (?!Pointwise)/ });
  while ((await remove.count()) > 0) await remove.first().click();
  await page.getByRole('spinbutton', { name: 'Depth' }).fill(String(DEPTH));
  const memory: Memory[] = [{ share: 0, seconds: 0, ...(await megabytes(page, cdp)) }];
  await page.evaluate(() => {
    const tasks: number[] = [];
    (globalThis as unknown as { tasks: number[] }).tasks = tasks;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const anyway = page.getByRole('button', { name: 'Run anyway' });
  await anyway.click({ timeout: 2000 }).catch(() => {});
  const began = performance.now();
  const region = page.getByRole('region', { name: 'Evaluation', exact: true });
  const marks = [...MARKS];
  const cpu: number[][] = [];
  let ranking = 0;
  for (;;) {
    await page.waitForTimeout(1000);
    const state = await region.getAttribute('data-state');
    const seconds = (performance.now() - began) / 1000;
    if (state !== 'running') break;
    const bar = region.getByRole('progressbar');
    const value = Number((await bar.getAttribute('aria-valuenow').catch(() => null)) ?? 0) / 100;
    if (value > 0 && ranking === 0) ranking = seconds;
    if (marks.length > 0 && value >= marks[0]!) {
      memory.push({ share: marks.shift()!, seconds, ...(await megabytes(page, cdp)) });
      cpu.push(await longestTasks(page));
      console.error(memory.at(-1));
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const status = await page.locator('.evaluate-status').innerText();
  await page.getByText('Holm-corrected over all pairs').waitFor({ timeout: 120_000 });
  memory.push({ share: 1, seconds, ...(await megabytes(page, cdp)) });
  const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
  tasks.sort((a, b) => b - a);
  return {
    queries: QUERIES,
    depth: DEPTH,
    status,
    seconds,
    secondsUntilRanking: ranking,
    /** Of the processor, in a while behind each mark. */
    longestTasksCpuMs: cpu,
    /** On the clock, others' work on the same cores included. */
    longestTasksMs: tasks.slice(0, 10),
    tasksOver50ms: tasks.length,
    blockedMs: tasks.reduce((sum, ms) => sum + Math.max(0, ms - 50), 0),
    memory,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'rankscope-evaluate-'));
try {
  const files = writeData(folder);
  const { results, browser } = await inPages(1, (page, url) => run(page, url, files));
  console.log(JSON.stringify({ browser, ...results[0] }, null, 1));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
