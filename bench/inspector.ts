/**
 * The Inspector over 100 candidates, all pairs: gaps between frames while its matrix fills, and what an action in it takes
 * of the thread that draws; then the analysis of all 9,900 decisions, in this process. Actions are measured in processor
 * time, with all that they have the thread do (script, style, layout, paint): it is the same on a busy machine.
 */
import type { Page } from '@playwright/test';
import { type JudgeReport, judgeReport, packDecisions } from '../src/analysis/judge-report.ts';
import { contradictoryJudge } from '../src/analysis/testing/judges.ts';
import { figures, inPages, medians, SECONDS, startTeacher, watch } from './frames.ts';
import { taskCpuMs } from './replay.ts';
import { median } from './statistics.ts';

const CANDIDATES = 100;
const TIMES = 20;
/** What is left to do after an action is spread over so many. */
const FRAMES = 14;
const FRAME_MS = 1000 / 60;

export async function benchInspector(rounds: number) {
  const { results, browser } = await inPages(rounds, async (page, url) => {
    await startTeacher(page, url);
    const busy = await processorTime(page);
    const closed = await busy(() => page.evaluate(watch, (SECONDS * 1000) / 2));
    await page.getByRole('button', { name: 'Inspect decisions' }).click();
    await page.getByRole('grid', { name: 'Decisions' }).waitFor();
    const filling = await traced(page, () => busy(() => page.evaluate(watch, SECONDS * 1000)));
    const open = filling.result;
    await page.goto(`${url}#/inspect`);
    await page.locator('.fact-button').first().waitFor();
    // Nothing else is to be drawn or counted in what an action takes.
    await page.goto(`${url}#/`);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.goto(`${url}#/inspect`);
    await page.locator('.picture svg, .fact-button').first().waitFor();
    const taken: Record<string, number> = {};
    for (const kind of KINDS) {
      const { tasks } = await traced(page, () => page.evaluate(act, [kind, TIMES, FRAMES] as const));
      taken[`${kind}Ms`] = tasks.reduce((sum, ms) => sum + ms, 0) / TIMES;
      // About one long task an action: the frame in which it is seen.
      taken[`${kind}TaskMs`] = median(tasks.slice(0, TIMES));
      taken[`${kind}LongestTaskMs`] = tasks[0]!;
    }
    return {
      ...figures(open.result),
      fillingLongestTaskMs: filling.tasks[0]!,
      fillingTasksOverAFrame: filling.tasks.filter((ms) => ms > FRAME_MS).length,
      busyClosed: closed.ms / ((SECONDS * 1000) / 2),
      busyOpen: open.ms / (SECONDS * 1000),
      ...taken,
    };
  });
  return {
    rounds: results,
    browser,
    seconds: SECONDS,
    ...medians(results),
    ...analysis(Math.max(5, rounds)),
  };
}

/** What the tasks of the page's main thread take of the processor, in milliseconds: waiting for it is not counted. */
async function processorTime(page: Page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async (): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  return async <T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> => {
    const before = await now();
    const result = await work();
    return { result, ms: (await now()) - before };
  };
}

/** Processor milliseconds of each task of the page's main thread meanwhile, longest first. */
async function traced<T>(page: Page, work: () => Promise<T>) {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel'] });
  const result = await work();
  return { result, tasks: taskCpuMs(await browser.stopTracing()) };
}

const KINDS = ['nothing', 'arrow', 'scroll', 'fact', 'order'] as const;

/** Runs in the page: an action so many times, each drawn and what follows done before the next. */
async function act([kind, times, frames]: readonly [(typeof KINDS)[number], number, number]): Promise<void> {
  const grid = document.querySelector<HTMLElement>('[role=grid]')!;
  const actions: Record<(typeof KINDS)[number], (i: number) => void> = {
    nothing: () => {},
    arrow: (i) => {
      const key = i % 2 === 0 ? 'ArrowRight' : 'ArrowDown';
      const at = document.activeElement?.closest('[role=grid]') ? document.activeElement : grid;
      at?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    },
    scroll: (i) => {
      grid.scrollTop = (i % 20) * 60;
    },
    fact: () => document.querySelector<HTMLElement>('.fact-button')!.click(),
    order: (i) => document.querySelectorAll<HTMLElement>('.inspector-bar [role=radio]')[i % 3]!.click(),
  };
  for (let i = 0; i < times; i++) {
    actions[kind](i);
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
  }
}

/** The report on a made-up judge that contradicts itself on 30 % of its pairs: the first, as a worker makes it, and later ones. */
function analysis(rounds: number) {
  const pairs = contradictoryJudge(CANDIDATES, 0.3, 9);
  const order = Array.from({ length: CANDIDATES }, (_, i) => i);
  const scores = order.map((i) => CANDIDATES - i);
  const request = {
    decisions: packDecisions(
      CANDIDATES,
      [...pairs.asked()].map(([a, b]) => ({
        a,
        b,
        logitA: pairs.margin(a, b),
        logitB: 0,
        preference: pairs.table.get(a, b)!,
      })),
    ),
    orders: ['teacher', 'student', 'bm25'].map((name) => ({ name, order, scores })),
    grades: order.map((i) => i % 4),
  };
  const taken: number[] = [];
  let report: JudgeReport | undefined;
  // The first ones are compiled while they run: nine more are made before the later ones are looked at.
  for (let round = 0; round <= rounds + 10; round++) {
    const began = process.cpuUsage();
    report = judgeReport(request);
    const { user, system } = process.cpuUsage(began);
    taken.push((user + system) / 1000);
  }
  return {
    decisions: report!.asked,
    firstAnalysisCpuMs: taken[0]!,
    analysisCpuMs: median(taken.slice(10)),
    longestAnalysisCpuMs: Math.max(...taken.slice(10)),
  };
}
