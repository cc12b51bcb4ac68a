/**
 * How smoothly a recording of 100 candidates, all pairs (9,900 decisions), replays at × 10: tasks of the main thread over
 * 50 ms and gaps between frames, in the production build. The recording is made up (a random judge, batches of 8, 2 ms a
 * call): what is drawn does not depend on what was decided. Headless, so it paints in software.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/browser.ts';
import { build, DIST, isBuilt } from '../scripts/build.ts';
import { serve } from '../scripts/server.ts';
import { writeRecordingLine } from '../src/formats/recording/write.ts';
import type { LogEvent } from '../src/ranking/progress/progress.ts';
import type { Candidate, Passage } from '../src/types.ts';

const N = 100;
const BATCH = 8;
const CALL_MS = 2;
const SERVED = process.env.RANKSCOPE_URL;

export async function benchReplay() {
  if (!SERVED && !isBuilt()) build();
  const here = SERVED ? undefined : await serve(DIST, 0);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
    await page.goto(SERVED ?? here!.url);
    const packed = gzipSync(madeUp());
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open recording', exact: true }).click(),
    ]);
    await chooser.setFiles({ name: 'n100.rankscope.json.gz', mimeType: 'application/gzip', buffer: packed });
    await page.locator('section[aria-label="Teacher"][data-state="done"]').waitFor();
    // Models load meanwhile on the same cores: not what is measured.
    await page.locator('.expect-state', { hasText: 'ready' }).nth(1).waitFor({ timeout: 120_000 });
    await page.getByRole('combobox', { name: 'Speed', exact: true }).selectOption('× 10');
    await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    const watched = await page.evaluate(async () => {
      const tasks: number[] = [];
      const starts: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          tasks.push(entry.duration);
          starts.push(Math.round(entry.startTime - began));
        }
      });
      const began = performance.now();
      observer.observe({ type: 'longtask' });
      const gaps: number[] = [];
      let before = began;
      const teacher = document.querySelector('section[aria-label="Teacher"]')!;
      while (teacher.getAttribute('data-state') !== 'done') {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        gaps.push(performance.now() - before);
        before = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      observer.disconnect();
      return { tasks, starts, gaps, ms: before - began };
    });
    const trace = await browser.stopTracing();
    if (process.env.TRACE) (await import('node:fs')).writeFileSync(process.env.TRACE, trace);
    const cpu = taskCpuMs(trace);
    const gaps = watched.gaps.toSorted((a, b) => a - b);
    return {
      browser: `${browser.version()}, headless, software rendering`,
      bytesPacked: packed.length,
      decisions: N * (N - 1),
      seconds: watched.ms / 1000,
      frames: gaps.length,
      medianGapMs: gaps[gaps.length >> 1],
      longestGapMs: gaps.at(-1),
      longTasks: watched.tasks.length,
      longestTaskMs: Math.max(0, ...watched.tasks),
      /** Processor time, which a busy machine leaves as it is. */
      tasksOver50CpuMs: cpu.filter((ms) => ms > 50).length,
      longestTaskCpuMs: cpu[0],
      tasks: watched.tasks.map((ms, i) => `${Math.round(ms)} ms at ${watched.starts[i]}`).join(', '),
    };
  } finally {
    await browser.close();
    here?.server.close();
  }
}

/** Processor milliseconds of the tasks of the page's main thread, longest first. */
export function taskCpuMs(trace: Buffer): number[] {
  interface TraceEvent {
    readonly name: string;
    readonly pid: number;
    readonly tid: number;
    readonly tdur?: number;
    readonly args?: { readonly name?: string };
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const main = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}/${tid}`);
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.includes(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}

export function madeUp(): string {
  const { passages } = JSON.parse(
    readFileSync(new URL('../public/samples/town.json', import.meta.url), 'utf8'),
  ) as { readonly passages: readonly Passage[] };
  const candidates = passages
    .slice(0, N)
    .map((passage, i): Candidate => ({ passage, rank: i + 1, score: (N - i) / 10 }));
  const pairs = candidates.flatMap((_, a) =>
    candidates.flatMap((__, b) => (a === b ? [] : [[a, b] as const])),
  );
  const wins = new Float64Array(N);
  const events: LogEvent[] = [{ type: 'planned', calls: pairs.length, upperBound: false, at: 0 }];
  // xorshift: the same recording every time.
  let seed = 1;
  const random = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < pairs.length; i += BATCH) {
    const items = pairs.slice(i, i + BATCH).map(([a, b]) => {
      const logitA = Math.fround(random() * 8 - 4 + (b - a) / 20);
      wins[logitA > 0 ? a : b]!++;
      const preference = logitA > 0 ? (1 as const) : (0 as const);
      return { a, b, logitA, logitB: 0, preference, tokens: 150, ms: CALL_MS, cached: false, cuts: [] };
    });
    const at = (i + items.length) * CALL_MS;
    const order = candidates.map((_, at) => at).sort((x, y) => wins[y]! - wins[x]! || x - y);
    events.push({ type: 'decided', items, at });
    events.push({ type: 'ranking', order, scores: order.map((at) => wins[at]!), at });
  }
  return writeRecordingLine({
    query: { id: 'q', text: 'how do I get rid of an old mattress' },
    state: 'done',
    candidates,
    grades: new Map(),
    runs: [
      {
        column: 'teacher',
        kind: 'comparing',
        method: 'prp-allpair',
        template: null,
        checkpoint: null,
        state: 'done',
        timed: true,
        events,
      },
    ],
  });
}
