/**
 * The Inspector over 100 candidates, all pairs: gaps between frames while its matrix fills, and what an action in it takes
 * of the thread that draws; then the analysis of all 9,900 decisions, in this process. Times are the script's and
 * the layout's until what was asked for is laid out; painting comes on top. No floor: they depend on what else the machine does.
 */
import { type JudgeReport, judgeReport, packDecisions } from '../src/analysis/judge-report.ts';
import { contradictoryJudge } from '../src/analysis/testing/judges.ts';
import { figures, inPages, medians, SECONDS, startTeacher, watch } from './frames.ts';
import { median } from './statistics.ts';

const CANDIDATES = 100;
const TIMES = 40;

export async function benchInspector(rounds: number) {
  const { results, browser } = await inPages(rounds, async (page, url) => {
    await startTeacher(page, url);
    await page.getByRole('button', { name: 'Inspect decisions' }).click();
    await page.getByRole('grid', { name: 'Decisions' }).waitFor();
    const filling = figures(await page.evaluate(watch, SECONDS * 1000));
    await page.goto(`${url}#/inspect`);
    await page.locator('.fact-button').first().waitFor();
    return { ...filling, ...(await page.evaluate(act, TIMES)) };
  });
  return {
    rounds: results,
    browser,
    seconds: SECONDS,
    ...medians(results),
    ...analysis(Math.max(5, rounds)),
  };
}

/** Runs in the page: milliseconds of an action until what it changed is laid out, the median and the longest of each kind. */
async function act(times: number): Promise<Record<string, number>> {
  const grid = document.querySelector<HTMLElement>('[role=grid]')!;
  const settled = async (change: () => void): Promise<number> => {
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    const began = performance.now();
    change();
    // React writes what a key or a press changed in a microtask.
    await Promise.resolve();
    await Promise.resolve();
    grid.getBoundingClientRect();
    return performance.now() - began;
  };
  const kinds: Record<string, (i: number) => void> = {
    arrow: (i) => {
      const key = i % 2 === 0 ? 'ArrowRight' : 'ArrowDown';
      const at = document.activeElement?.closest('[role=grid]') ? document.activeElement : grid;
      at?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    },
    scroll: (i) => {
      grid.scrollTop = (i % 20) * 60;
      grid.dispatchEvent(new Event('scroll'));
    },
    fact: () => document.querySelector<HTMLElement>('.fact-button')!.click(),
    order: (i) => document.querySelectorAll<HTMLElement>('.inspector-bar [role=radio]')[i % 3]!.click(),
  };
  const found: Record<string, number> = {};
  for (const [kind, change] of Object.entries(kinds)) {
    const taken: number[] = [];
    for (let i = 0; i < times; i++) taken.push(await settled(() => change(i)));
    taken.sort((a, b) => a - b);
    found[`${kind}Ms`] = taken[Math.floor(taken.length / 2)]!;
    found[`${kind}LongestMs`] = taken.at(-1)!;
  }
  return found;
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
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    report = judgeReport(request);
    taken.push(performance.now() - began);
  }
  return {
    decisions: report!.asked,
    firstAnalysisMs: taken[0]!,
    analysisMs: median(taken.slice(1)),
    fastestAnalysisMs: Math.min(...taken),
  };
}
